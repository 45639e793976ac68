"""Which words mean what, when somebody speaks into the agent's speech? Lists of them; nothing is decided here.

A list is phrases between commas, written as people write them: `written_words.normalise` makes them comparable, so that
"That's enough" and "thats enough", "Mm-hmm" and "mhm", "1 moment" and "one moment" need one entry. Hindi is written in
both its scripts, and with the English words that are said in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class WordLists:
    """One language's words."""

    stop: str
    """Win at once, wherever they stand, for every persona."""
    no_stop: str = ""
    """Hold a stop word and ask for nothing."""
    misheard_stop: str = ""
    """What recognisers write for a stop word that is said alone. Nobody says these alone and means them."""
    backchannels: str = ""
    """Only say "I am listening", or what one thinks of it."""
    fillers: str = ""
    """Say nothing at all."""
    starters: str = ""
    """First words of somebody who has something to say."""
    leads: str = ""
    """The same; a question may follow them."""
    corrections: str = ""
    """Negations, and what takes something back."""
    questions: str = ""
    """First words of a question."""
    exclamations: str = ""
    """Half a backchannel, half a question."""
    asking: str = ""
    """Exclamations that want the last words again."""
    answers: str = ""
    """Answer a question that can be answered with yes or no."""
    light: str = ""
    """Mean nothing alone: in a doubtful result they do not count."""
    for_time: str = ""
    """At the end of what was said: a request for a moment to think."""
    for_time_alone: str = ""
    """The same where nothing else was said."""
    after_for_time: str = ""
    """May follow such a request."""
    invented: str = ""
    """What recognisers make of noise. Who is heard clearly may mean it."""
    never_said: str = ""
    """The same, and nobody says it to an agent, however clearly it seems to be heard."""


ENGLISH: Final = WordLists(
    stop=(
        "stop, stop it, stop that, stop talking, please stop, stop please, wait, wait a minute, wait a second, "
        "wait a sec, wait a moment, please wait, wait please, that's enough, that is enough, hold on, hold up, "
        "hold it, hold your horses, hang on, hang about, pause, excuse me, sorry, enough, one moment, just a moment, "
        "a moment please, one second, one sec, just a second, just a sec, a second please, one minute, "
        "just a minute, give me a second, give me a sec, give me a moment, give me a minute, never mind, nevermind, "
        "forget it, forget about it, cancel, abort, listen, shut up, be quiet, quiet, hush, shush, shh, "
        "silence please, time out, timeout, cut it out, knock it off, pardon, i beg your pardon, whoa whoa, "
        "let me finish, let me speak, let me talk, let me think, let me say something, can i say something, "
        "can i interrupt, may i interrupt, i have a question, i've got a question, slow down, speak up, go back, "
        "start over, skip this, skip that, skip it, next question, say that again, say it again, repeat that, "
        "come again"
    ),
    no_stop=(
        "fair enough, good enough, close enough, sure enough, strangely enough, funnily enough, oddly enough, "
        "can't wait, cannot wait, can't stop, cannot stop, wait and see, non stop, bus stop, full stop, "
        "sorry to hear that"
    ),
    misheard_stop=(
        "stopp, weight, pies, pires, paws, pice, pise, p eyes, old on, cold on, told on, dold on, hand on, hands on, "
        "way, lesson, hold and, hold them, hold him, hold em, hold um, hold, hang in, excuse, inough, enuf, "
        "one movement, just a movement, just a move, never mine, nevermine, council, console, counsel, cancels, "
        "canceled, cancelled, shout up, start bit"
    ),
    backchannels=(
        "mhm, hmm, haha, well, yeah, yes, yep, yup, yah, ya, yea, okay, ok, o k, okey, oke, right, alright, "
        "all right, sure, ah, oh, ooh, o, aha, i see, oic, i see it, got it, i got it, gotcha, go on, go ahead, "
        "carry on, keep going, continue, of course, wow, whoa, oh my, oh my god, oh my goodness, gosh, exactly, "
        "absolutely, totally, definitely, certainly, precisely, indeed, correct, true, agreed, perfect, great, nice, "
        "cool, good, fine, lovely, wonderful, brilliant, awesome, amazing, excellent, fantastic, interesting, fair, "
        "fair enough, good enough, close enough, sure enough, very good, very nice, very true, very interesting, "
        "so true, well said, good point, good to know, good idea, nice one, not bad, how interesting, how nice, "
        "how cool, how lovely, that's right, that's true, that's great, that's good, that's nice, that's cool, "
        "that's fair, that's fine, that's interesting, that's amazing, that's awesome, that's wonderful, "
        "that's correct, that's a good point, that's a good idea, that is right, that is true, that is great, "
        "that is good, that is nice, that is interesting, makes sense, make sense, it makes sense, that makes sense, "
        "sounds good, sound good, sound is good, sounds great, sounds right, that sounds good, that sounds great, "
        "you're right, you are right, i know, i know right, i understand, i agree, i get it, i get that, i hear you, "
        "i think so, it is, it does, i do, i did, i think so too, i suppose, i guess, i guess so, i'm with you, "
        "i'm listening, me too, same here, for sure, no problem, no worries, no doubt, no kidding, my pleasure, "
        "sure thing, will do, okay then, there you go, thank you, thanks, thank you so much, thanks so much, "
        "thank you very much, thanks very much, thanks a lot, many thanks, thank you for that, thanks for that, "
        "great job, good job, nice job, well done, that is amazing, that is awesome, that is wonderful, that is fair, "
        "that is fine, that is cool, that is correct, that is lovely, that's lovely, how wonderful, how amazing, "
        "how great, can't wait, cannot wait, sorry to hear that, ha ha, bye, "
        "mama, momma, hama, homa, emmon, are okay, and course, on course"
    ),
    fillers="uh, um, uhm, er, erm, eh, em, ugh",
    starters=(
        "i, i'm, i've, i'd, i'll, that, this, it, it's, we, we're, you, you're, he, she, they, there, if, my, the, "
        "a, let, let's, maybe"
    ),
    leads="and, but, or, so, then, because, hey, please, sorry",
    corrections=(
        "no, nope, nah, not, never, wrong, incorrect, actually, but, i meant, i mean, i said, i was saying, rather, "
        "instead, don't, doesn't, didn't, isn't, aren't, wasn't, weren't, won't, wouldn't, can't, cannot, couldn't, "
        "shouldn't, haven't, hasn't, hadn't, ain't"
    ),
    questions=(
        "what, what's, why, how, how's, when, when's, where, where's, who, who's, which, whose, can, could, would, "
        "will, should, do, does, did, is, are, was, were, may, have you, has, shall, tell me, repeat, explain"
    ),
    exclamations=(
        "really, oh really, seriously, for real, are you serious, are you kidding, you're kidding, no way, "
        "you don't say, what on earth, my god, oh no"
    ),
    asking="what, huh, why, who, when, where, which, how, again, repeat",
    answers=(
        "yes, yeah, yep, yup, yah, ya, yea, no, nope, nah, okay, ok, right, alright, all right, sure, "
        "of course, exactly, absolutely, definitely, certainly, correct, true, maybe, perhaps, probably, possibly, "
        "not really, not yet, not at all, not sure, i'm not sure, i don't know, i do, i don't, i did, i didn't, "
        "i am, i have, i haven't, i can, i can't, i will, i would, i think so, it is, it does, i don't think so, "
        "i guess, i guess so, i suppose, please, please do, no thanks, no thank you, thank you, thanks, i'm good, "
        "go ahead, go on, fine, good, great, sounds good, perfect, that's right, that's fine, never, always, "
        "sometimes, of course not, i agree"
    ),
    light=(
        "a, an, the, and, or, so, then, to, of, in, on, at, by, for, from, with, as, up, out, off, over, i, i'm, me, "
        "you, you're, he, she, it, it's, its, we, they, them, him, her, us, this, that, that's, these, those, there, "
        "is, are, was, were, be, been, am, has, have, had, do, does, did, will, would, can, could, come, came, go, "
        "goes, going, get, got, gonna, let, make, made, just, too, very, now, here, if, because, god, done, "
        "you know, el, elle"
    ),
    for_time=(
        "let me think, let me think about it, let me think about that, let me see, let me check, let me look, "
        "let me remember, let me concentrate, i need to think, i have to think, i'm thinking, i am thinking, "
        "i need a moment, i need a second, i need a minute, i need a sec, i need some time, i need time, "
        "i need more time, give me a second, give me a sec, give me a moment, give me a minute, give me one second, "
        "give me one moment, give me one minute, give me some time, give me time, give me a bit, "
        "give me a little time, can i have a second, can i have a moment, can i have a minute, bear with me"
    ),
    for_time_alone=(
        "wait, wait a second, wait a sec, wait a minute, wait a moment, hold on, hold on a second, hold on a sec, "
        "hold on a minute, hold on a moment, hang on, hang on a second, hang on a sec, hang on a minute, one moment, "
        "one second, one sec, one minute, just one moment, just one second, just one minute, just a moment, "
        "just a second, just a sec, just a minute, a moment, a second, a minute, still thinking, thinking"
    ),
    after_for_time=(
        "please, okay, ok, yeah, alright, right, hmm, mhm, so, to think, about it, about that, about this, "
        "for a moment, for a second, for a minute, for a bit, here, now, first, again, thanks, thank you, "
        "if you don't mind, if that's okay, sorry"
    ),
    invented=(
        "you, the, i, i'm, so, thank you, thanks, thank you very much, thank you so much, bye, bye bye, see you, "
        "see you later, see you next time, copyright, silence, silent, noise, foreign, beep, cough, click"
    ),
    never_said=(
        "thank you for watching, thanks for watching, thank you for listening, thanks for listening, "
        "see you in the next video, i'll see you in the next video, please subscribe, please subscribe to my channel, "
        "like and subscribe, don't forget to subscribe, subtitles by the amara.org community, subtitles by, "
        "transcription by, music, applause, laughter, blank audio, inaudible, background noise"
    ),
)

HINDI: Final = WordLists(
    stop=(
        "रुको, रुकिए, रुकिये, रुकिएगा, रुकियेगा, रुक, रुक जाओ, रुक जाइए, रुक जा, ठहरो, ठहरिए, ठहरिये, ठहर जाओ, "
        "ठहर जाइए, बस, बस करो, बस कीजिए, बंद करो, बंद कीजिए, "
        "सुनो, सुनिए, सुनिये, एक मिनट, 1 मिनट, 1 min, 1 minute, एक सेकंड, एक सेकेंड, 1 सेकंड, एक पल, ज़रा रुको, चुप, "
        "चुप रहो, चुप हो जाओ, माफ़ कीजिए, माफ कीजिए, माफ़ करना, रहने दो, रहने दीजिए, छोड़ो, जाने दो, मेरी बात सुनो, "
        "मुझे बोलने दो, स्टॉप, स्टाप, वेट, वेट करो, होल्ड ऑन, सॉरी, एक्सक्यूज़ मी, कैंसल, ruko, rukiye, rukiyega, "
        "ruk, ruk jao, ruk jaiye, ruk ja, thehro, thahro, thehriye, thahriye, thahariye, theher jao, thahar jao, "
        "theher jaiye, thahar jaiye, band kijiye, rahne dijiye, bas, bas karo, bas kijiye, band karo, suno, "
        "suniye, ek minute, ek minat, ek min, ek second, ek sec, ek pal, zara ruko, chup, chup raho, chup ho jao, "
        "maaf kijiye, maaf karna, rehne do, rahne do, rehne dijiye, chodo, chhodo, jaane do, jane do, "
        "meri baat suno, mujhe bolne do"
    ),
    no_stop="बस स्टॉप, बस से, बस में, बस इतना ही, bas stop, bus stop, bus se, bus mein, bas itna hi",
    misheard_stop="रूको, रोको, रुको ना, रोकिए, रुकीए, सूनो, सुन, रुक्को, rukho, roko, bus",
    backchannels=(
        "हाँ, हा, हाँ जी, हांजी, जी, जी हाँ, अच्छा, ठीक, ठीक है, सही, सही है, बिल्कुल, बिलकुल, समझ गया, समझ गयी, समझ गई, "
        "समझा, हम्म, हम्, हूँ, हुँ, ओके, ओह, आह, अरे वाह, वाह, बढ़िया, बहुत अच्छा, बहुत बढ़िया, सच है, और बताओ, "
        "बोलो, बोलिए, आगे, कोई बात नहीं, हाँ हाँ, राइट, यस, haan, han, haa, haan ji, haanji, hanji, "
        "ji, ji haan, jee, accha, acha, achha, achchha, theek, thik, theek hai, thik hai, sahi, sahi hai, bilkul, "
        "samajh gaya, samajh gayi, samajh gai, samjha, samjhi, hmm, hoon, oke, oh, ah, arre wah, arey wah, are wah, "
        "wah, badhiya, bahut accha, bahut badhiya, sach hai, aur batao, bolo, boliye, koi baat nahi, koi baat nahin"
    ),
    fillers="अं, उम, मतलब, वो, तो, ना, यार, matlab, woh, na, yaar, arey, arre, अरे",
    starters="मैं, मुझे, मेरा, मेरी, हम, तुम, आप, यह, ये, main, mujhe, mera, meri, hum, tum, aap, yeh, ye",
    leads="और, पर, लेकिन, मगर, तो, अरे, सुनो, aur, par, lekin, magar, to, arey, arre",
    corrections=(
        "नहीं, नही, ना ना, मत, गलत, ग़लत, लेकिन, मगर, पर, असल में, दरअसल, मेरा मतलब, ऐसा नहीं, nahi, nahin, "
        "nahi nahi, galat, lekin, magar, asal mein, darasal, mera matlab, aisa nahi"
    ),
    questions=(
        "क्या, क्यों, क्यूँ, कैसे, कैसा, कब, कहाँ, कौन, किस, किसने, कितना, कितने, कौनसा, kya, kyon, kyun, kyu, "
        "kaise, kaisa, kab, kahan, kaun, kis, kisne, kitna, kitne, kaunsa"
    ),
    exclamations=(
        "सच, सच में, सचमुच, सच्ची, अरे, क्या बात है, अरे नहीं, sach, sach mein, sachmuch, sacchi, kya baat hai, arre nahi"
    ),
    asking=(
        "क्या, क्यों, कैसे, कब, कहाँ, कौन, हैं, फिर से, दोबारा, फिर से बोलो, फिर से बोलिए, क्या कहा, kya, kyon, "
        "kyun, kaise, kab, kahan, kaun, phir se, dobara, phir se bolo, phir se boliye, kya kaha"
    ),
    answers=(
        "हाँ, हाँ जी, जी, जी हाँ, नहीं, नही, जी नहीं, अच्छा, ठीक है, ठीक, सही, बिल्कुल, बिलकुल, शायद, पता नहीं, ओके, "
        "haan, han, haan ji, ji, ji haan, nahi, nahin, ji nahi, accha, acha, theek hai, thik hai, theek, sahi, "
        "bilkul, shayad, pata nahi, pata nahin"
    ),
    light=(
        "का, की, के, को, से, में, पर, है, हैं, हो, था, थी, थे, और, तो, भी, ही, यह, ये, वह, वो, मैं, तुम, आप, ka, ki, "
        "ke, ko, se, mein, par, hai, hain, ho, tha, thi, the, aur, to, bhi, hi, yeh, ye, woh, wo, main, tum, aap"
    ),
    for_time=(
        "सोचने दो, सोचने दीजिए, मुझे सोचने दो, मुझे सोचने दीजिए, सोच रहा हूँ, सोच रही हूँ, सोचता हूँ, सोचती हूँ, "
        "एक मिनट दो, एक मिनट दीजिए, थोड़ा समय दो, थोड़ा समय दीजिए, थोड़ा वक़्त दीजिए, थोड़ा रुको, थोड़ा रुकिए, "
        "sochne do, sochne dijiye, mujhe sochne do, mujhe sochne dijiye, soch raha hoon, soch rahi hoon, "
        "soch raha hun, sochta hoon, sochti hoon, ek minute do, ek minute dijiye, thoda samay do, "
        "thoda samay dijiye, thoda ruko, thoda rukiye"
    ),
    for_time_alone=(
        "रुको, रुकिए, एक मिनट, एक सेकंड, एक पल, 1 मिनट, ruko, rukiye, ek minute, ek second, ek pal, zara ruko, ज़रा रुको"
    ),
    after_for_time="ज़रा, प्लीज़, प्लीज, हम्म, ठीक है, ना, हाँ, zara, please, hmm, theek hai, na, haan",
    invented="धन्यवाद, शुक्रिया, आपका धन्यवाद, बहुत धन्यवाद, dhanyavaad, dhanyavad, shukriya",
    never_said="देखने के लिए धन्यवाद, सब्सक्राइब करें, संगीत",
)

LANGUAGES: Final[Mapping[str, tuple[WordLists, ...]]] = {
    "en": (ENGLISH,),
    "en-IN": (ENGLISH, HINDI),
    "hi": (HINDI, ENGLISH),
}
"""A persona's `metadata.language` → its lists. Another region has its language's, an unknown language English."""
