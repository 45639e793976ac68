"""Is this an answer at all? What a candidate may say instead: a request, "I don't know", nothing.

    "could you say that again please"   ──> repeat
    "you skip half of the array"        ──> answer: what is left beside "skip" says something
    "I don't know what a stack is"      ──> don't know: what is left are words of the question
    "They don't know about each other"  ──> answer: it is said of something else
    "Okay, got it."                     ──> silence: who listens has said nothing yet

A request is one only when nothing of weight is said beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from ai_agent.interviewer.clauses import FILLERS, STOP_WORDS, Word, pieces_of, sentences_of, stems_of, words_of
from ai_agent.interviewer.stems import stem


class Intent(StrEnum):
    ANSWER = "answer"
    SILENCE = "silence"
    DONT_KNOW = "dont_know"
    HINT = "hint"
    REPEAT = "repeat"
    CLARIFY = "clarify"
    WAIT = "wait"
    SKIP = "skip"
    END = "end"


LONGEST_REQUEST: Final = 40
"""Words: nobody needs more to ask for something."""

EMPTY: Final = frozenset("so well okay ok alright like right then now and but yeah thanks thank you hello hi".split())
"""Alone, these say nothing. "Yes" and "no" are answers."""

_PRAISED: Final = (
    r"(?:thats |that is |what )?(?:an? )?(?:(?:very|really|pretty|quite) )*"
    r"(?:good|great|nice|fair|interesting|excellent|tough|hard|tricky|difficult|easy) (?:question|point|one)"
)
_ACKNOWLEDGED: Final = (
    rf"i see|(?:i |ive |i have )?got (?:it|that|you)|gotcha|(?:i )?understood|i understand(?: (?:it|that|now))*|{_PRAISED}|"
    r"(?:that |it )?makes sense|fair enough|no problem|no worries|sounds good|sure(?: thing)?|of course|go (?:on|ahead)|cool|great|nice|perfect|interesting|"
    r"(?:thank you|thanks)(?: (?:very much|so much|a lot))?|(?:hello|hi|hey)(?: (?:there|again|mira))*"
)
_ON_THE_CALL: Final = (
    r"(?:i|i think i|my (?:mic|mike|microphone)) (?:was|am|is)(?: (?:still|just|probably|on))* (?:muted?|off)|"
    r"i had (?:myself (?:on )?muted?|muted myself|my (?:mic|mike|microphone) off)|(?:im|i am) (?:back|here|still here|muted|on mute)"
)
_HOW_IT_WENT: Final = (
    r"(?:was|is) (?:that|this|it|my answer)(?: even| all)? (?:right|correct|wrong|okay|ok|fine|good|good enough|enough)|"
    r"(?:am|was) i (?:right|correct|wrong)|did i (?:get|say) (?:it|that|this)(?: (?:right|wrong|correctly))?|"
    r"does (?:that|this|it) make sense|how (?:was that|did i do)"
)
_SAYS_NOTHING: Final = re.compile(
    rf"(?:(?:{'|'.join(sorted(EMPTY))}|yes|sorry|wait|ah|no) )*(?:{_ACKNOWLEDGED}|{_ON_THE_CALL}|{_HOW_IT_WENT})"
    r"(?: (?:now|then|okay|ok|right|so|there|thanks|thank you|sorry|yes|yeah|mira))*"
)
"""Between two stops, these say nothing either: they are about the call, or show that one listens."""

BESIDE: Final = frozenset(
    stem(word)
    for word in (
        "sorry please thanks thank question questions answer answers interview honestly honest frankly sure afraid "
        "unfortunately sir madam maam mira moment bit little quick quickly hello hey hi guess think thinking believe "
        "maybe perhaps probably say said tell ask asked asking know knew topic subject completely exactly totally "
        "absolutely moment now today time right good fine alright hear apologies pardon excuse mind feel want like "
        "need try trying wait yet still first next nothing idea clue anything everything "
        "enough bad real truth give part piece nope damn gosh god oops sadly hard difficult tough tricky great wow nice try"
    ).split()
)
"""Words beside a request that say nothing of the matter."""

_ASK = r"(?:can|could|would|will|may|might|shall|should)"
_WISH = (
    rf"(?:(?:i|we) (?:want|wish|need|prefer) to|(?:id|i would|we would|wed) (?:like|love|rather|prefer)(?: to)?|"
    rf"{_ASK} (?:we|i|you)(?: please| just| maybe)*|lets|let us|let me|please|ill|i will|i think (?:i will|ill)|"
    r"im going to|i am going to|do you mind if (?:i|we)|is it okay (?:if (?:i|we)|to)|mind if (?:i|we))"
)
_THIS = r"(?: (?:to|on|over|with|this|that|it|the|one|current|question|topic|please|for|now|rest|whole|entire|here))*"
_AMOUNT = r"(?:(?:a|an|some|another|one|two|more|any|the|just|few|little|small|tiny|bit|of|couple|quick|my|extra) ?)*"
_NUMBER = r"(?:two|three|four|five|ten|fifteen|twenty|thirty|sixty|\d{1,2})"
_TIME = r"(?:seconds?|secs?|moments?|minutes?|mins?|time|while|bit)"

_NO_CLUE = (
    r"(?:not|havent(?: got)?|have not(?: got)?|dont have|do not have|without)"
    r"(?: (?:a|any|the|single|slightest|faintest|foggiest|real))+ (?:clues?|ideas?)"
)

PATTERNS: Final[tuple[tuple[Intent, str], ...]] = (
    # ── the end of it all
    (
        Intent.END,
        rf"(?:{_WISH} )?(?:stop|end|quit|finish|terminate|cancel|abort|leave|exit|conclude)(?: (?:this|the|our|my))? "
        r"(?:interview|call|session|conversation)(?: (?:right )?(?:here|now|please|early|today))*",
    ),
    (Intent.END, rf"{_WISH} (?:stop|end|quit|finish|leave)(?: (?:it|this|that|everything))?(?: (?:right )?(?:here|now|please|for today|there))*$"),
    (Intent.END, r"^(?:please )?(?:stop|quit)(?: it| this| now| here)?(?: please)?$"),
    (Intent.END, r"(?:im|i am|we are|were) (?:done|finished|through) (?:with )?(?:the|this) (?:interview|call|session)(?: (?:here|now))?"),
    (Intent.END, r"i (?:have|need|got|want) to (?:go|leave|hang up)(?! (?:to|on|over|back|ahead|with|through)\b)(?: now)?|i (?:cant|cannot|dont want to) (?:continue|go on|do this)(?: (?:any ?more|any longer|with (?:this|the)|the|this|interview))*"),
    (Intent.END, r"^(?:good ?bye|bye(?: bye)?)$|no more questions"),
    (Intent.END, r"i think (?:we|i) (?:should|could|can|have to|must|will|would)(?: just)? (?:end|stop|finish|quit|wrap)(?: (?:it|this|that|up|here|now|for today))*$|(?:wrap|finish) (?:it|this|things) up(?: here| now)?$|call it a day|^no more(?: please)?$"),
    # ── another question
    (Intent.SKIP, rf"(?:{_WISH} )?(?!(?<=\ba )skip list)(?:skip|pass)(?: on)?(?: (?:this|that|it|the))?(?: (?:current|one|question|topic))*(?: please)?(?= |$)(?! by| an| a| half)"),
    (Intent.SKIP, rf"(?:{_WISH} )?(?:move|go|jump|proceed|continue|carry|do|have|take|try)(?: (?:on|ahead|over|straight|along))*(?: (?:to|with))?(?: (?:the|a|another))? (?:next|following|another|other|different|new)(?: (?:question|one|topic))*"),
    (Intent.SKIP, rf"(?:{_WISH} )(?:move on|go on|leave (?:this|that|it)(?: one)?(?: out)?)(?: from (?:this|that|it|here))?(?: (?:one|question))*"),
    (Intent.SKIP, r"(?:the )?next (?:question|one)(?: please)?|^next(?: please)?$|^move on(?: please)?$|^skip$"),
    (Intent.SKIP, r"(?:ask|give)(?: me)? (?:a|an|the|some)?(?:other|nother| another| different| next| new) (?:question|one)"),
    (Intent.SKIP, rf"(?:{_WISH} )?(?:come|get|go|return) back to (?:this|that|it)(?: (?:one|question))*(?: (?:later|afterwards|at the end))?|^(?:ill |i will )?past(?: please| on (?:this|that)(?: one)?)?$|^(?:a )?(?:different|another|new) (?:question|one|topic)(?: please)?$|(?:ask|give|try)(?: me)? (?:something|anything) (?:else|different)"),
    # ── help
    (Intent.HINT, rf"(?:{_WISH} |do you have |is there |got |i need |i want |{_ASK} you )?(?:please )?(?:give|get|have|offer|provide|use|take|need|want|like|with|tell|drop|spare)?(?: ?me| us)? ?{_AMOUNT}(?<!no )(?<!type )(?:hints?|clues?|tips?)(?: (?:on|about|for|with|to) (?:this|that|it|the|me|us)(?: (?:one|question|answer))*)?(?: please)?$"),
    (Intent.HINT, rf"(?:give|offer|tell)(?: me| us) {_AMOUNT}(?:hints?|clues?|tips?|help|nudge|pointers?)|{_WISH} (?:please )?(?:have|get|use|need|take) {_AMOUNT}(?:hints?|clues?|tips?|help|nudge)"),
    (Intent.HINT, rf"{_ASK} you (?:please )?help(?: me)?(?: out)?|^(?:please )?help(?: me)?(?: out)?(?: please)?$|(?:i|id) (?:need|could use|would like|like) {_AMOUNT}(?:hints?|help|clues?)|help me (?:out|here|with)"),
    (Intent.HINT, r"point me in the right direction|(?:any|a) (?:hint|hints|clue|clues)(?: please)?$|(?:what|where) (?:should|do) i start|nudge me"),
    (Intent.HINT, r"(?<!no )(?<!the )(?<!type )(?:hints?|nudge)(?: (?:here|please|for this|for that))*(?: (?:would|could|might) .*| (?:possible|allowed|available))?|(?:i|we) (?:could|can) do with (?:a|some|any)(?: (?:bit|little) of)? (?:help|hints?|clues?|tips?)|(?:a )?(?:push |shove |pointer )?in the right direction|(?:give|show)(?: me)? (?:some|a|any) (?:direction|guidance|pointers?|support|assistance)|(?:a|some|any) (?:\S+ )?(?:clues?|tips?) (?:would|could|might) .*|(?:give|tell) me (?:something|anything) to (?:start|begin|go) (?:with|on)|^(?:(?:maybe|perhaps|any|some|a little|a bit of) )*help(?: (?:here|please|with (?:this|that|it)))*(?: (?:would|could|might) be .*)?$|(?:have|get|need|use|give me|lend me) (?:a|some) hand(?: (?:here|please|with (?:this|that|it)(?: one)?))*|point me (?:somewhere|to something|in (?:the|a|some) (?:\S+ )?direction)"),
    (Intent.HINT, r"^(?:can|could|may) i (?:please )?(?:have|get) (?:it|int|hint|in)(?: please)?$"),  # a hint, as it may be heard
    # ── once more
    (Intent.REPEAT, rf"(?:{_ASK} you |{_WISH} |please |do you mind )?(?:please |just |kindly )*(?:repeat|repeating|re ?read|re ?state)(?: (?:me|the|that|this|it|your|last|whole|question|please|again|for|once|more|one|time|sentence|part|bit|first|second|half|beginning|end|of|word|words))*$"),
    (Intent.REPEAT, rf"(?!.*(?:simpler|simple|other|different|plain|easier) (?:words|terms|english))(?:{_ASK} you |please |do you mind )(?:please |just |kindly )*(?:repeat|repeating|say|saying|read|ask|tell)(?: (?:me|the|that|this|it|what|you|said|your|last|whole|question|please|for|to))*(?: (?:again|once more|one more time|slowly|louder|slower|a second time))*"),
    (Intent.REPEAT, r"(?:say|ask|read|repeat|come)(?: (?:that|it|this|the question))? (?:again|once more|one more time)|one more time(?: please)?|once (?:more|again)(?: please)?|^again(?: please)?$"),
    (Intent.REPEAT, r"(?:what|which) (?:was|is|were)(?: (?:the|your|that|my))+ (?:last )?question(?: again)?|what (?:did|do) you (?:just )?(?:say|ask)(?: me)?(?: again)?|what was that(?: again)?|whats the question(?: again)?|what were you (?:saying|asking)"),
    (Intent.REPEAT, r"i (?!(?:dont|do not)(?: (?:quite|really|fully))* (?:follow|get|understand))(?:did not|didnt|could not|couldnt|cant|cannot|can not|dont|do not|have not|havent|missed|barely|hardly)(?: (?:quite|really|fully|even|properly|clearly))*(?: (?:hear|heard|catch|caught|get|got|follow))?(?: (?:you|that|what|the|your|this|it|last|part|whole|all|of|question|said|were|saying|asked|asking|clearly|properly|correctly|well|word|was))*(?=$| (?:can|could|please|what|would|sorry|repeat|say|come|one|because| \|))(?<!didnt)(?<!dont)(?<!not)"),
    (Intent.REPEAT, r"^(?:sorry|pardon|excuse me|what|huh|come again|sorry what|pardon me|beg your pardon|i beg your pardon|say what)$|(?:i beg your )?pardon(?: me)?$|^(?:pardon|come again)"),
    (Intent.REPEAT, r"(?:you (?:are|were)|youre|your (?:voice|audio|sound|connection|line)(?: is| was)?) (?:breaking|cutting|cut|broke|broken|lagging|choppy|too quiet|not clear|very quiet)(?: (?:up|out|off|there|away))*|(?:can|do) you hear me|are you (?:still )?there|(?:speak|talk) (?:up|louder|slower|more slowly)|the (?:sound|audio|line|connection) (?:is|was|broke|dropped|cut)(?: (?:bad|out|off|away))*"),
    (Intent.REPEAT, rf"(?:i )?(?:didnt|did not|couldnt|could not|cant|cannot)(?: (?:quite|really))* (?:hear|catch)(?: (?:you|that|it|this|anything|the|last|question|part|what|said|end|beginning|start|first|second|half|middle|of|bit))+|i (?:have )?(?:just )?missed(?: (?:the|that|your|it|last|first|second|question|part|beginning|end|start|half|middle|of|bit|what|you|said|asked|all))+|there (?:was|is)(?: (?:a|some|lots of|so much|too much))* (?:noise|lag|delay|echo)|you (?:just )?(?:cut|broke|dropped|froze|faded|went)(?: (?:out|off|up|away|silent|quiet|there|for|a|moment|second|bit|sec|little))*|(?:run|go) (?:that|it|this|the question) (?:by|past|over) me(?: (?:again|once more|one more time))?|{_ASK} i (?:please )?(?:hear|have|get) (?:the|that|your) question(?: (?:again|once more|one more time|please))*|(?:go|play) (?:over )?(?:that|it) again|i (?:was|got|am)(?: \S+)? (?:distracted|interrupted|not listening)|i zoned out|(?:my|the) (?:connection|internet|line|audio|sound|headset|network|wifi)(?: just)? (?:dropped|froze|cut|cut out|broke|broke up|failed|lagged)(?: out)?|(?:speak|talk)(?: (?:a|bit|little|please))* (?:slower|louder|up|more (?:slowly|loudly|clearly))"),
    # ── in other words
    (Intent.CLARIFY, rf"(?:{_ASK} you |please |{_WISH} )(?:please |just |maybe )*(?:rephrase|re ?word|clarify|elaborate|specify|explain|simplify|paraphrase|be (?:a (?:bit|little) )?more (?:specific|precise|concrete|clear)|put (?:it|that) (?:differently|in other words|another way|in simpler words)|say (?:it|that) (?:differently|in other words|another way)|ask (?:it|that) (?:differently|in other words|another way)|narrow)(?: (?:the|that|this|it|your|what|you|mean|meant|want|are|asking|question|on|a|bit|little|please|more|again|for|me|to|by|in|other|words|down|simpler|terms|differently|way|another|looking))*"),
    (Intent.CLARIFY, r"what (?:exactly |precisely |specifically )?(?:do|did|are|would) you (?:exactly |actually )?(?:mean(?:ing)?|want(?:ing)?|ask(?:ing)?|look(?:ing)?|expect(?:ing)?|like)\b.*|i (?:dont|do not)(?: (?:quite|really|fully))* (?:follow|get|understand)(?: (?:the|your|this|that|question|you|it))*|what (?:is|does) (?:that|this|the question|it) (?:mean|about|asking|supposed to mean)\b.*|meaning what|how do you mean\b.*|in (?:what|which) (?:sense|context|way|language)\b.*"),
    (Intent.CLARIFY, r"(?:^|(?<= ))(?:so |sorry |and |wait |okay )*(?:do|did|are|would) you (?:mean|meant|asking|talking|referring|want|wanted|looking|interested|thinking|saying|expect|like|speaking)\b.*"),
    (Intent.CLARIFY, r"^(?:so |sorry |and |wait |okay |you )*(?:you mean|should i|shall i|am i supposed to|do i have to|do i need to|are we talking|is (?:this|that|it) (?:about|in|for|the question|a question|specific)|does (?:this|that|it|the question) (?:refer|mean|include|relate)|is the question|which (?:one|kind|type|language|version|part|of (?:them|these|those))|(?:in|for|about) which|by .{2,40} (?:do you mean|you mean))\b.*"),
    (Intent.CLARIFY, r"(?:i|im|i am) (?:do not|dont|did not|didnt|cannot|cant|not sure i|not sure if i|not sure that i|fail to)(?: (?:quite|really|fully))* (?:understand|get|follow|understood)(?: (?:what|you|the|your|this|that|question|mean|meant|are|asking|want|wanted|is|being|asked|it|part|fully|completely|well|really))+|(?:the|your|that) question (?:is|was|isnt|is not|wasnt) (?:not |very |quite |a bit |too )*(?:clear|unclear|confusing|vague|ambiguous|broad)(?: to me)?|im not sure what you(?:re| are)? (?:mean|asking|want)(?: from me)?|(?:the question )?(?:is )?(?:unclear|not clear) to me|more (?:context|specific)(?: please)?"),
    (Intent.CLARIFY, rf"^(?:so |sorry |and |wait |okay )*(?:what|which) (?:kind|sort|type)s? of|^how (?:detailed|deep|long|broad|specific|technical|much detail|far|exact)(?: (?:and|or) \S+)? (?:should|shall|do|must|would|does|is|are)\b.*|in (?:simpler|simple|other|different|plain|easier) (?:words|terms|english)(?: please)?|{_ASK} you (?:please )?(?:give|show)(?: me)? an example(?: (?:of|for) (?:what you (?:mean|want|expect)|that|this|it))?"),
    # ── not known
    (Intent.DONT_KNOW, r"(?:i )?(?:(?:really|honestly|just|still|actually|simply) )*(?:dont|do not|didnt|did not|wouldnt|would not)(?: (?:really|actually|even|honestly|exactly|quite))* (?:know|remember|recall|have (?:an|any|the|a) (?:answer|idea|clue)|know (?:the|an|any) answer)(?: (?:that|this|it|the|one|about|anything|much|what|how|why|when|answer|to|is|are|does|do|of|off|hand|on|so|at|all|either|yet|exactly|a|an|sorry|works?|means?|difference|between|and))*"),
    (Intent.DONT_KNOW, r"(?:i )?(?:(?:have|got|ve|absolutely|really|honestly|ive) )*(?:no|not (?:a|any|the (?:slightest|faintest|foggiest)))(?: (?:real|earthly|good))? (?:idea|clue|answer|answers|knowledge|memory)(?: (?:about|of|on|what|how|why|to|for|that|this|it|is|are|one|the|at|all))*"),
    (Intent.DONT_KNOW, r"(?:im|i am|i|am|are|its)?(?: (?:really|honestly|afraid|so|sorry|totally|just|but))* ?(?:not|never)(?: (?:so|very|really|quite|entirely|completely|too|at all|totally|exactly|even|that|a hundred percent|100 percent))* (?:sure|certain|familiar(?: with)?|aware(?: of)?|confident)(?: (?:about|of|what|how|why|to|with|that|this|it|is|are|one|the|at|all|on|here|answer|if|means?|works?))*"),
    (Intent.DONT_KNOW, r"(?:i )?(?:(?:really|just|honestly|simply) )*(?:cant|cannot|can not|couldnt|could not|am unable to|unable to)(?: (?:really|quite|even|actually))* (?:remember|recall|answer|say|tell|think of|come up with|explain|figure)(?: (?:that|this|it|the|one|about|anything|what|how|answer|right|now|is|to|question|out|of|any|you|works?|do|does|goes|called))*"),
    (Intent.DONT_KNOW, r"(?:i(?:ve| have)? )?(?:(?:totally|completely|just|have|kind of) )*(?:forgot|forgotten|forget)(?: (?:that|this|it|the|about|what|how|answer|is|one|all))*|(?:i(?:ve| have)? )?(?:never|not|havent|have not)(?: (?:yet|really|actually|ever))* (?:heard|learned|learnt|studied|used|seen|worked|read|encountered|covered|come across|looked|touched|done|dealt)(?: (?:that|this|it|of|with|about|before|into|the|at|school|one|yet|them|any|such|thing|things|term|across|anything|much))*"),
    (Intent.DONT_KNOW, r"i (?:dont|do not) think i (?:know|can answer|remember)(?: (?:this|that|it|one|the|answer|to))*|(?:i )?give up|beats me|(?:it )?(?:doesnt|does not) ring (?:a|any) bells?|(?:nothing|no answer) (?:comes|is coming|springs|pops)(?: (?:to|into))?(?: (?:my|mind))*|my mind (?:is|went|has gone) blank|(?:im|i am|i) (?:drawing|drew|draw) a blank|(?:thats|that is)(?: (?:all|everything))(?: i (?:know|have|can say|remember|got))?|(?:im|i am) (?:totally |completely |really )?(?:stuck|lost|clueless)|you got me|it escapes me|(?:its|it is|thats|that is|this is) (?:not )?(?:on the tip of my tongue|beyond me)|dunno|no idea|i wish i knew|i have nothing|(?:out of|outside)(?: of)? my (?:area|field|knowledge|expertise)|(?:i have )?no experience (?:with|in)(?: (?:it|that|this))?|i (?:should|used to) know (?:this|that|it)"),
    (Intent.DONT_KNOW, rf"^(?:(?:sorry|no|honestly|well) )*i(?: (?:really|honestly|just))* (?:dont|do not)(?: sorry)?$|(?:honestly )?idk|{_NO_CLUE}|^(?:i )?(?:wouldnt|couldnt) know$"),
    # ── time to think
    (Intent.WAIT, rf"(?:(?:give|allow|grant) me|{_WISH}(?: have| take)?|i need|ill need|i could use)(?: (?:just|maybe|about|another))* {_NUMBER}(?: more)? {_TIME}(?: please| more| to think)*"),
    (Intent.WAIT, rf"(?:{_WISH} |{_ASK} you )?(?:please )?(?:(?:give|allow|grant|need|have|get|take|want|just|hold|hang|wait)(?: me| us| on| for)* )?{_AMOUNT}(?<=[a-z] ){_TIME}(?: (?:to|so|and|while|about|for|i|can|could|please|think|thinking|consider|gather|collect|my|thoughts|it|that|this|through|over|answer|remember|process|recall))*(?= |$)"),
    (Intent.WAIT, r"(?:hold|hang) on(?: (?:please|a|one|second|moment|minute|sec))*|^(?:please )?wait(?: (?:please|wait|a|one|for|me|on|up|second|moment|minute|sec))*$|just (?:a )?(?:second|moment|minute|sec)|bear with me"),
    (Intent.WAIT, r"(?:let me|ill|i will|i need to|i have to|i want to|im|i am|im still|still|let us|lets|i am still|i must)(?: (?:just|quickly|first|really|still))* (?:think|thinking|see|consider|gather|collect|ponder|recall|remember|reflect)(?: (?:about|that|this|it|on|for|my|thoughts|a|second|moment|minute|bit|please|first|through|over|here|how|what|to|say|put|sec|carefully|while|i|can|the|answer))*"),
    (Intent.WAIT, rf"{_ASK} (?:i|we)(?: (?:please|just|maybe|first|quickly))* think(?! of)(?: (?:about|that|this|it|for|a|second|moment|minute|bit|please|first|through|over|here))*"),
)  # fmt: skip
"""Searched in this order in the words without punctuation; the first intent that explains all that was said wins."""

_COMPILED: Final = tuple((intent, re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")) for intent, pattern in PATTERNS)


_NAMED: Final = re.compile(r"\b(?:pass|skip|next|stop|wait)-\w", re.IGNORECASE)
"""A thing with a name: "pass-by-reference"."""

_UH_HUH: Final = re.compile(r"\b(?:uh|mm|hm)[\s,]+huh\b(?!\s*\?)", re.IGNORECASE)
"""As recognisers may write it: a sound of listening, and no "huh?"."""

_KNOWS_NOTHING: Final = re.compile(_NO_CLUE)
"""A clue that nobody asks for."""

_IN_PASSING = r"(?: (?:really|also|still|just|simply|then|always|often|even|only|actually|usually|both|ever))*"
_NO_SUCH = r"no(?: (?:real|extra|additional|more|own))* (?:idea|clue|answers?|knowledge|memory)"

_OF_SOMETHING_ELSE: Final = re.compile(
    r"(?<!\S)(?:"
    + "|".join(
        (
            rf"(?:they|it|he|she|you){_IN_PASSING} (?:dont|do not|cant|cannot|can not|couldnt|could not){_IN_PASSING} (?:know|remember|recall|tell)",
            r"\S+ (?:dont|do not|cannot|cant) know (?:anything )?(?:about |of )(?:each other|one another)",
            rf"(?:they|it|he|she|you){_IN_PASSING} (?:has|have|had|uses?|needs?|takes?|costs?|keeps?|gets?|gives?) {_NO_SUCH}",
            rf"\S+ (?:has|uses|needs|takes|costs|keeps|gets|gives) {_NO_SUCH}",
            rf"(?!we )\S+ (?:is|are) (?:never|not){_IN_PASSING} (?:used|read|touched|aware of)",
            rf"(?:they|it) (?:was|were) (?:never|not){_IN_PASSING} (?:used|read|touched|aware of)",
            rf"(?:they|you){_IN_PASSING} forget|(?:they|it) (?:is|are|was|were){_IN_PASSING} forgotten",
            rf"they(?: (?:can|could|may|might|will|would|must|should))?{_IN_PASSING} (?:skip|pass|move|go|jump|continue|take|repeat|say|ask|wait|hold|stop|end|quit|finish)",
            r"(?:\S+ are (?:(?:only|just|merely|simply|mere) )+|(?:they|these|those) are )(?:hints|clues|tips)$",
            r"(?:it is|its|this is|that is|thats) (?:(?:only|just|merely|simply) )+an? (?:hint|clue|tip)$",
        )
    )
    + r")(?!\S)"
)  # fmt: skip
"""What is said of a thing is no request, though a word of one is in it."""

_FOR_ONESELF: Final = re.compile(r"\b(?:me|my|mine|myself|please|again|question)\b")
"""Who says one of these speaks of himself, or to the interviewer."""

_WHAT_IS_NOT_KNOWN: Final = re.compile(
    r"\b(know|idea|clue|sure|certain|remember|recall|tell|say|explain|forgot|forgotten|understand|wonder|hear|catch)"
    r"(?: \S+)? (?:why|how|what|whether|if|when|where|who|which|that)\b.*"
)
"""A question inside a sentence: "I don't know why it is never used"."""

_ORDER: Final = (
    Intent.END,
    Intent.SKIP,
    Intent.HINT,
    Intent.REPEAT,
    Intent.CLARIFY,
    Intent.DONT_KNOW,
    Intent.WAIT,
)


def classify_intent(text: str, question: str) -> Intent:
    """What an utterance after a question is.

    >>> classify_intent("Pass-by-reference", "How are lists passed?"), classify_intent("Pass.", "")
    (<Intent.ANSWER: 'answer'>, <Intent.SKIP: 'skip'>)
    """
    words = [word for word in words_of(_UH_HUH.sub("uh-huh", text)) if word.text not in FILLERS]
    if len(words) > LONGEST_REQUEST or _NAMED.search(text):
        return Intent.ANSWER
    sentences = [_without_empty_pieces(sentence) for sentence in sentences_of(words)]
    if all(word.text in EMPTY for sentence in sentences for word in sentence):
        return Intent.SILENCE
    known = stems_of(question) | BESIDE
    found: set[Intent] = set()
    for sentence in sentences:
        requests, says_more = _requests_in(_spaced(sentence), known)
        if says_more:
            return Intent.ANSWER
        found |= requests
    return next((intent for intent in _ORDER if intent in found), Intent.ANSWER)


def _without_empty_pieces(sentence: Sequence[Word]) -> tuple[Word, ...]:
    """A sentence without what says nothing between two stops.

    >>> _spaced(_without_empty_pieces(words_of("Good question, can I have a hint?")))
    'can i have a hint'
    """
    if _SAYS_NOTHING.fullmatch(_spaced(sentence)):
        return ()
    return tuple(word for piece in pieces_of(sentence) for word in piece if not _SAYS_NOTHING.fullmatch(_spaced(piece)))


def _spaced(words: Sequence[Word]) -> str:
    return " ".join(word.text.replace("-", " ") for word in words)


def _requests_in(said: str, known: frozenset[str]) -> tuple[set[Intent], bool]:
    """What a sentence asks for, and whether it says anything beside that."""
    found: set[Intent] = set()
    left = said
    for intent, pattern in _COMPILED:
        if intent is Intent.HINT and _KNOWS_NOTHING.search(said):
            continue
        if pattern.search(said):
            found.add(intent)
        left = pattern.sub(" | ", left)
    if Intent.CLARIFY not in found and _is_of_something_else(said):
        return found, True
    beside = [word for word in left.split() if word != "|" and word not in STOP_WORDS and word not in EMPTY]
    return found, any(stem(word) not in known for word in beside)


def _is_of_something_else(said: str) -> bool:
    """
    >>> _is_of_something_else("it is never used"), _is_of_something_else("i dont know why it is never used")
    (True, False)
    """
    own = _WHAT_IS_NOT_KNOWN.sub(r"\1", said)
    return not _FOR_ONESELF.search(said) and _OF_SOMETHING_ELSE.search(own) is not None
