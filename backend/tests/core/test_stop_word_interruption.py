"""Which words stop the agent, which let it carry on, and for whom?"""

from __future__ import annotations

import doctest
import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_agent import stop_word_interruption, written_words
from ai_agent.barge_in_words import ENGLISH, HINDI, LANGUAGES
from ai_agent.persona_behaviors import MANNERS, Manner, read_behavior
from ai_agent.stop_word_interruption import (
    NO_TALK_REASONS,
    RULES,
    Overlap,
    ProbeWords,
    Verdict,
    asks_for_time,
    judge,
    likeliest,
    normalise,
    vocabulary_of,
)
from tests.core.probed import EXPECTED, LOUD_AND_OVER, POLICIES, Probed, misses, read_recognised

STILL_SPEAKING = replace(LOUD_AND_OVER, is_over=False)
AFTER_A_QUESTION = replace(LOUD_AND_OVER, closes_question=True)
ONLY_STOP_WORDS = MANNERS["stop-words-only"]
GUIDE = (Path(__file__).parents[3] / "STOP_WORD_IMPLEMENTATION_COMPLETE.md").read_text(encoding="utf-8")


def verdict(
    text: str,
    preset_id: str = "technical-expert",
    *,
    overlap: Overlap = LOUD_AND_OVER,
    logprob: float | None = -0.5,
    no_speech: float | None = 0.1,
    is_doubtful: bool = False,
    **changes: object,
) -> Verdict:
    policy = replace(POLICIES[preset_id], **changes)  # type: ignore[arg-type]
    words = ProbeWords(text, logprob, no_speech, is_doubtful)
    return judge(words, overlap, policy=policy, vocabulary=vocabulary_of(policy))


def counted(text: str, *alternatives: str, overlap: Overlap = LOUD_AND_OVER) -> str:
    """The words of a doubtful look that count."""
    policy = POLICIES["technical-expert"]
    words = ProbeWords(text, -0.5, 0.1, is_doubtful=True, alternatives=alternatives)
    return likeliest(words, overlap, policy=policy, vocabulary=vocabulary_of(policy)).text


def decision(text: str, preset_id: str = "technical-expert", **circumstances: object) -> str:
    return verdict(text, preset_id, **circumstances).decision  # type: ignore[arg-type]


def decisions(text: str, **circumstances: object) -> list[str]:
    """Of the four presets, from the quickest to yield to the most patient."""
    return [decision(text, preset_id, **circumstances) for preset_id in POLICIES]


@pytest.mark.parametrize("module", [stop_word_interruption, written_words])
def test_the_examples_in_the_modules_are_true(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


# ── what recognisers write ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Stop!", "stop"),
        ("  WAIT... ", "wait"),
        ("That’s enough.", "thats enough"),
        ("that's enough", "thats enough"),
        ("Mm-hmm.", "mhm"),
        ("mhm", "mhm"),
        ("M-hm", "mhm"),
        ("Mm hm.", "mhm"),
        ("MMHMM!", "mhm"),
        ("Uh-huh.", "mhm"),
        ("uh huh", "mhm"),
        ("Aha", "mhm"),
        ("Hmmmm...", "hmm"),
        ("Mm.", "hmm"),
        ("Huh?", "huh"),
        ("Hahaha!", "haha"),
        ("1 second.", "one second"),
        ("between 9 and 12", "between nine and twelve"),
        ("१ मिनट", "one मिनट"),
        ("32", "thirty two"),
        ("in 123456", "in 123456"),
        ("Stooooop", "stop"),
        ("Nooo, waaait", "no wait"),
        ("Coooool", "cool"),
        ("Okay… and", "okay and"),
        ("Never mind. Never mind. Never mind", "never mind"),
        ("Stop, stop.", "stop stop"),
        ("[BLANK_AUDIO]", ""),
        ("(laughs) yes *coughs* <noise>", "yes"),
        ("♪ we are the champions ♪ Okay", "okay"),
        ("...", ""),
        (".", ""),
        ("non-stop", "nonstop"),
        ("Shut-up", "shut up"),
        ("ＷＡＩＴ", "wait"),
        ("रुको।", "रुको"),
        ("हाँ, हां", "हां हां"),
        ("माफ़ कीजिए", "माफ कीजिए"),
        ("🙂 okay 👍", "okay"),
    ],
)
def test_words_are_compared_however_they_are_written(written: str, words: str) -> None:
    assert normalise(written) == tuple(words.split())


def test_normal_words_stay_as_they_are() -> None:
    for lists in (ENGLISH, HINDI):
        for phrase in lists.stop.split(","):
            words = normalise(phrase)
            assert words
            assert normalise(" ".join(words)) == words


# ── stop words ────────────────────────────────────────────────────────────────────────────────────

STOP_WORDS = (
    "stop", "wait", "hold on", "hang on", "pause", "excuse me", "sorry", "enough", "one moment", "never mind", "cancel",
    "listen", "shut up", "be quiet", "wait a minute", "just a second", "that's enough", "stop it", "please stop",
    "hold on, hold on", "1 moment", "hold them",
)  # fmt: skip


@pytest.mark.parametrize("said", STOP_WORDS)
def test_a_stop_word_stops_every_persona(said: str) -> None:
    assert decisions(said) == ["stop"] * 4
    assert verdict(said, content_words=None) == Verdict("stop", "stop_word")


def test_a_stop_word_that_is_all_but_as_likely_counts() -> None:
    assert counted("Okay, start.", "Okay, stuff.", "Okay, stop.") == "Okay, stop."
    assert counted("One set.", "One second.") == "One second."


def test_a_stop_word_that_was_taken_down_stands() -> None:
    assert counted("Stop.", "Wait.") == "Stop."


def test_no_other_words_take_the_place_of_those_that_were_taken_down() -> None:
    assert counted("Okay, start.", "Why not?", "Yeah.") == "Okay, start."


def test_what_is_noise_or_the_agents_own_stays_so() -> None:
    echo = replace(LOUD_AND_OVER, echo_dbfs=LOUD_AND_OVER.level_dbfs - 3.0, agent_words=("go", "to", "the", "shop"))
    assert counted("Shop.", "Stop.", overlap=echo) == "Shop."
    assert counted("", "Stop.") == ""


def test_a_stop_word_that_the_agent_says_itself_takes_no_place() -> None:
    echo = replace(LOUD_AND_OVER, echo_dbfs=LOUD_AND_OVER.level_dbfs - 3.0, agent_words=("please", "wait", "for", "it"))
    assert counted("Great.", "Wait.", overlap=echo) == "Great."


@pytest.mark.parametrize("said", STOP_WORDS)
def test_a_stop_word_is_believed_though_no_recogniser_is_sure_of_it(said: str) -> None:
    assert decisions(said, logprob=-1.5, no_speech=0.3, is_doubtful=True) == ["stop"] * 4


@pytest.mark.parametrize(
    "said",
    ["Okay, stop.", "Yeah, but wait.", "No no, hold on", "I think that is enough now", "Could you please stop it",
     "Mm-hmm, stop."],
)  # fmt: skip
def test_a_stop_word_wins_wherever_it_stands(said: str) -> None:
    assert verdict(said, content_words=None) == Verdict("stop", "stop_word")
    assert verdict(said, overlap=STILL_SPEAKING).decision == "stop"


@pytest.mark.parametrize(
    "said",
    ["Fair enough.", "Oh, fair enough, yeah.", "Good enough.", "We work non-stop", "the bus stop", "I can't wait"],
)
def test_a_word_that_only_looks_like_a_stop_word_does_not_stop(said: str) -> None:
    assert decision(said, "empathetic-coach", content_words=None) == "carry_on"


def test_a_stop_word_beside_such_a_word_still_stops() -> None:
    assert decision("fair enough, but stop") == "stop"


@pytest.mark.parametrize("text", ["I'm sorry.", "Stop."])
def test_a_stop_word_that_was_made_of_noise_stops_nobody(text: str) -> None:
    assert verdict(text, logprob=-1.85, no_speech=0.81) == Verdict("carry_on", "noise")


@pytest.mark.parametrize(
    "said",
    [
        "रुको", "रुकिए!", "रुक जाओ", "बस", "बस, बस", "सुनो", "एक मिनट", "1 मिनट", "माफ़ कीजिए", "स्टॉप", "अच्छा, रुको।",
        "ruko", "ruk jao", "bas", "suno", "ek minute", "Accha, ruko", "stop", "1 min",
    ],
)  # fmt: skip
def test_hindi_stop_words_stop_in_both_scripts(said: str) -> None:
    assert decision(said, "empathetic-coach", language="hi", content_words=None) == "stop"
    assert decision(said, "empathetic-coach", language="en-IN", content_words=None) == "stop"


@pytest.mark.parametrize(
    "said", ["हाँ", "हां जी", "अच्छा", "ठीक है", "हम्म", "haan", "accha accha", "theek hai", "Hmm", "ओके", "okay"]
)
def test_hindi_backchannels_let_it_carry_on_in_both_scripts(said: str) -> None:
    assert decisions(said, language="hi") == ["carry_on"] * 4


@pytest.mark.parametrize("said", ["नहीं, ऐसा नहीं", "nahi nahi", "क्या कहा आपने", "kya matlab hai", "मैंने कल सुबह कहा था"])
def test_hindi_corrections_questions_and_content_stop(said: str) -> None:
    assert decision(said, language="hi") == "stop"


@pytest.mark.parametrize("language", ["en-GB", "fr", "de", "xx-YY"])
def test_a_language_without_lists_has_the_english_ones(language: str) -> None:
    assert decision("Stop!", content_words=None, language=language) == "stop"


# ── noise, echo, somebody else ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["", ".", "you", "You.", "Thank you.", "Thanks for watching!", "the", "[BLANK_AUDIO]", "♪"]
)
def test_what_recognisers_make_of_noise_is_noise(text: str) -> None:
    assert {verdict(text, preset_id, logprob=-1.1, no_speech=0.4).reason for preset_id in POLICIES} == {"noise"}


def test_unlikely_speech_is_noise_and_so_is_what_nobody_could_be_sure_of() -> None:
    assert verdict("I'm gonna go ahead", logprob=-0.9, no_speech=0.7).reason == "noise"
    assert verdict("I'm gonna go ahead", logprob=-1.4, no_speech=0.1).reason == "noise"
    assert decision("I want the red one", logprob=-0.5, no_speech=0.7) == "stop"


def test_thanks_that_were_clearly_said_are_a_backchannel() -> None:
    assert {verdict("Thank you.", preset_id, logprob=-0.6, no_speech=0.1).reason for preset_id in POLICIES} == {
        "backchannel"
    }


def test_a_recogniser_that_says_nothing_about_itself_is_believed() -> None:
    assert decision("I want the red one", logprob=None, no_speech=None) == "stop"
    assert decision("Okay.", logprob=None, no_speech=None) == "carry_on"


AGENT = (
    "Good.", "I", "have", "two", "slots", "left,", "between", "nine", "and", "one", "on", "Monday.",
    "Please", "wait", "until", "I", "have", "the", "list.",
)  # fmt: skip
WITH_ECHO = replace(LOUD_AND_OVER, level_dbfs=-30.0, echo_dbfs=-36.0, caller_dbfs=-28.0, agent_words=AGENT)


@pytest.mark.parametrize(
    "text", ["between 9 and 1", "two slots left between mine and one", "have the list", "wait until I", "wait"]
)
def test_the_agents_own_words_are_its_echo(text: str) -> None:
    assert verdict(text, overlap=WITH_ECHO) == Verdict("carry_on", "echo")


@pytest.mark.parametrize("text", ["between 9 and 1?", "wait"])
def test_a_caller_who_repeats_the_agents_words_is_louder_than_the_echo(text: str) -> None:
    louder = replace(WITH_ECHO, level_dbfs=-24.0)
    assert decision(text, overlap=louder) == "stop"


def test_a_stop_word_over_the_echo_is_heard() -> None:
    assert verdict("nine and one on Monday stop", overlap=WITH_ECHO).reason == "stop_word"
    assert verdict("hold on", overlap=replace(WITH_ECHO, agent_words=("hold", "that", "on"))).reason == "stop_word"


def test_one_word_is_an_echo_only_while_the_agent_says_it() -> None:
    long_ago = replace(WITH_ECHO, agent_words=("wait", *AGENT[:12]))
    assert decision("wait", overlap=long_ago) == "stop"


def test_words_from_all_over_what_the_agent_said_are_no_echo() -> None:
    assert verdict("I want Monday", overlap=WITH_ECHO).reason != "echo"


def test_a_voice_far_under_the_callers_is_somebody_else() -> None:
    far = replace(LOUD_AND_OVER, level_dbfs=-40.0, caller_dbfs=-26.0)
    assert verdict("Stop that at once!", overlap=far) == Verdict("carry_on", "somebody_else")
    assert decision("Stop that at once!", overlap=replace(far, caller_dbfs=None)) == "stop"


def test_of_a_faint_voice_only_stop_words_count() -> None:
    faint = replace(LOUD_AND_OVER, level_dbfs=-36.0, caller_dbfs=-26.0)
    assert decision("Stop.", overlap=faint) == "stop"
    assert verdict("I want to ask something", overlap=faint) == Verdict("carry_on", "somebody_else")


def test_a_stop_word_alone_that_is_faint_has_to_be_certain() -> None:
    faint = replace(LOUD_AND_OVER, level_dbfs=-36.0, caller_dbfs=-26.0)
    assert decision("I'm sorry.", overlap=faint, logprob=-1.2) == "stop"
    assert verdict("I'm sorry.", overlap=faint, logprob=-1.6) == Verdict("carry_on", "noise")
    assert decision("I'm sorry.", overlap=LOUD_AND_OVER, logprob=-1.6) == "stop"


def test_reasons_of_no_talk_are_reasons_to_carry_on() -> None:
    assert {rule.decision for rule in RULES if rule.reason in NO_TALK_REASONS} == {"carry_on"}
    assert {rule.reason for rule in RULES} >= NO_TALK_REASONS


# ── doubt ─────────────────────────────────────────────────────────────────────────────────────────


def test_one_or_two_doubtful_words_that_no_list_knows_are_not_believed() -> None:
    assert verdict("Emma Schman", "helpful-assistant", logprob=-1.26) == Verdict("carry_on", "unsure")
    assert verdict("No.", logprob=-1.28) == Verdict("carry_on", "unsure")
    assert verdict("Okay.", logprob=-1.28) == Verdict("carry_on", "backchannel")


def test_more_doubtful_words_want_another_look() -> None:
    assert verdict("and then they come", logprob=-1.2, is_doubtful=True) == Verdict("look_again", "doubtful")
    assert decision("and then they come here today", logprob=-0.6) == "stop"


def test_a_doubt_alone_does_not_matter_where_the_words_are_likely() -> None:
    """The recogniser's own reasons to doubt apply to nearly everything that is one word long."""
    assert verdict("Yeah.", logprob=-0.98, is_doubtful=True) == Verdict("carry_on", "backchannel")
    assert verdict("What do you mean?", logprob=-0.4, is_doubtful=True) == Verdict("stop", "question")


# ── backchannels, corrections, questions, content ─────────────────────────────────────────────────

BACKCHANNELS = (
    "Mm-hmm.", "mhm", "Uh-huh", "Yeah.", "Yep", "Right.", "Okay.", "OK", "I see.", "Got it.", "Go on.", "Of course.",
    "Sure.", "Oh, okay.", "Yeah, yeah.", "Hmm.", "Ah.", "Oh.", "Exactly.", "Makes sense.", "Wow.", "Cool.", "Alright.",
    "All right.", "Interesting.", "True.", "Oh, I see.", "Yeah, sure.", "Ah, okay.", "Yes.", "Uh", "Um...",
    "That's great.", "Sounds good.", "Good point.", "I understand.", "No problem.", "OIC.", "yeah that's right",
    "Okay, Peter, okay.", "Thank you so much.", "Hahaha", "I'm okay.", "Well...",
    "Make sense. Make sense. Make sense",
)  # fmt: skip


@pytest.mark.parametrize("said", BACKCHANNELS)
def test_a_backchannel_stops_nobody(said: str) -> None:
    assert decisions(said) == ["carry_on"] * 4


def test_a_backchannel_is_not_one_yet_while_the_user_speaks() -> None:
    assert verdict("Okay,", overlap=STILL_SPEAKING) == Verdict("look_again", "backchannel")


@pytest.mark.parametrize(
    "said", ["No.", "No no.", "No, not that.", "Actually, Tuesday.", "That's wrong.", "But I said Monday.", "Nope",
             "I don't think so.", "Yeah but", "okay, no", "I meant the other one"],
)  # fmt: skip
def test_a_negation_or_correction_stops_every_preset(said: str) -> None:
    assert decisions(said) == ["stop"] * 4
    assert {verdict(said, preset_id).reason for preset_id in POLICIES} == {"correction"}


@pytest.mark.parametrize(
    "said",
    [
        "What do you mean?",
        "How does that work?",
        "Which one?",
        "Can you repeat?",
        "So, why is that?",
        "Yeah, what about May?",
    ],
)
def test_a_question_stops_every_preset(said: str) -> None:
    assert {verdict(said, preset_id) for preset_id in POLICIES} == {Verdict("stop", "question")}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Wow, really?", "stop carry_on carry_on carry_on"),
        ("Really?", "stop carry_on carry_on carry_on"),
        ("No way!", "stop carry_on carry_on carry_on"),
        ("What?", "stop stop carry_on carry_on"),
        ("Huh?", "stop stop carry_on carry_on"),
        ("Oh, why?", "stop stop carry_on carry_on"),
        ("Tomorrow.", "stop carry_on carry_on carry_on"),
        ("Pizza tonight.", "stop stop carry_on carry_on"),
        ("I feel sad.", "stop stop stop stop"),
        ("The red one.", "stop stop stop stop"),
        ("My name is Peter.", "stop stop stop stop"),
        ("between nine and one", "stop stop stop stop"),
        ("And then", "carry_on carry_on carry_on carry_on"),
        ("It has.", "carry_on carry_on carry_on carry_on"),
    ],
)
def test_each_preset_has_its_manners(said: str, expected: str) -> None:
    assert decisions(said) == expected.split()


@pytest.mark.parametrize(
    "said", ["Yes.", "Yeah, sure.", "No.", "Okay.", "No, thank you.", "I don't know.", "Yes, please."]
)
def test_a_short_answer_over_the_end_of_a_question_is_the_answer(said: str) -> None:
    answered = [verdict(said, preset_id, overlap=AFTER_A_QUESTION) for preset_id in POLICIES]
    assert answered == [Verdict("stop", "answer")] * 3 + [Verdict("carry_on", "answer")]


def test_a_longer_answer_is_judged_by_its_words() -> None:
    assert verdict("between nine and one", overlap=AFTER_A_QUESTION).reason == "content_words"
    assert verdict("Hmm.", overlap=AFTER_A_QUESTION).reason == "backchannel"


@pytest.mark.parametrize(
    "said", ["What do you mean?", "No, that's wrong.", "Tell me about dogs instead, they are nicer.", "Okay."]
)
def test_nothing_but_a_stop_word_stops_a_protected_passage(said: str) -> None:
    for policy in POLICIES.values():
        protected = policy.in_protected_passage
        judged = [
            judge(
                ProbeWords(text, -0.4, 0.1), LOUD_AND_OVER, policy=protected, vocabulary=vocabulary_of(protected)
            ).decision
            for text in (said, "stop")
        ]
        assert judged == ["carry_on", "stop"]


# ── a persona's own words ─────────────────────────────────────────────────────────────────────────


def test_a_persona_may_add_stop_words() -> None:
    assert decision("Let me breathe.", "empathetic-coach", content_words=None) == "stop"
    assert decision("Let me breathe.", "helpful-assistant", content_words=None) == "carry_on"
    assert decision("Red light!", content_words=None, stop_words=("red light",)) == "stop"
    assert decision("Okay.", stop_words=("okay",)) == "stop"
    assert decision("At the bus stop.", content_words=None, stop_words=("bus stop",)) == "stop"


def test_a_persona_may_add_backchannels_and_cannot_take_a_stop_word_away() -> None:
    assert verdict("Roger that.", backchannels=("roger that",)).reason == "backchannel"
    assert decision("Stop.", backchannels=("stop",)) == "stop"


@pytest.mark.parametrize("word", ["...", "", " ", "(laughs)"])
def test_a_persona_word_that_is_no_word_means_nothing(word: str) -> None:
    assert decision("Okay.", stop_words=(word,)) == "carry_on"
    assert verdict("between nine and one", backchannels=(word,)).reason == "content_words"


# ── a moment to think ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "said",
    ["Let me think.", "Hmm, let me think about it...", "Good question. Let me see.", "Give me a second, please.",
     "One moment.", "Give me a minute to think about that", "Okay, wait.", "Hold on, please.", "I need a moment",
     "um just a sec", "Let me think, okay?"],
)  # fmt: skip
def test_a_request_for_a_moment_is_understood(said: str) -> None:
    assert asks_for_time(said, "en")


@pytest.mark.parametrize(
    "said",
    ["", "Stop.", "Let me think about dogs.", "It takes just a second.", "Give me a second example.", "I cannot wait.",
     "Hold on to your hat", "Let me think. A list is ordered.", "One second is a thousand milliseconds."],
)  # fmt: skip
def test_what_is_no_request_for_a_moment_is_not_taken_for_one(said: str) -> None:
    assert not asks_for_time(said, "en")


@pytest.mark.parametrize("said", ["मुझे सोचने दो।", "एक मिनट", "Mujhe sochne do", "ek minute", "Let me think."])
def test_a_request_for_a_moment_is_understood_in_hindi(said: str) -> None:
    assert asks_for_time(said, "hi")
    assert asks_for_time(said, "en-IN")


# ── what was really recognised ────────────────────────────────────────────────────────────────────

RECOGNISED = read_recognised()
KNOWN_MISSES = {("helpful-assistant", "Uh-huh.", "It hurts.")}
"""Who is taken in by what: a hum in noise that comes back as a sentence with a meaning."""


@pytest.mark.parametrize("preset_id", POLICIES)
def test_what_a_recogniser_wrote_is_judged_as_it_was_meant(preset_id: str) -> None:
    wrong = {(preset_id, one.said, one.text) for one, _ in misses(RECOGNISED, preset_id)}
    assert wrong <= KNOWN_MISSES


def test_the_recognised_clips_are_of_every_kind() -> None:
    assert len(RECOGNISED) > 300
    assert {one.kind for one in RECOGNISED} >= {"stop word", "backchannel", "hum", "noise", "question", "sentence"}


def test_the_guide_counts_what_was_recognised() -> None:
    counts = Counter(one.kind for one in RECOGNISED)
    wrong = Counter((one.kind, preset_id) for preset_id in POLICIES for one, _ in misses(RECOGNISED, preset_id))
    for kind in EXPECTED:
        right = [str(counts[kind] - wrong[kind, preset_id]) for preset_id in POLICIES]
        assert f"| {kind} | {counts[kind]} | {' | '.join(right)} |" in GUIDE


@pytest.mark.parametrize("one", [one for one in RECOGNISED if one.kind == "noise"], ids=lambda one: one.said)
def test_no_noise_stops_anybody_and_at_most_it_sounds_like_a_hum(one: Probed) -> None:
    assert {one.judged_by(preset_id).reason for preset_id in POLICIES} <= {"noise", "unsure", "backchannel"}


def test_who_repeats_five_words_of_the_agents_as_it_says_them_is_its_echo_however_loud() -> None:
    agent_words = ("a", "hash", "table", "keeps", "its", "entries", "in", "an", "array")
    loud = replace(LOUD_AND_OVER, agent_words=agent_words)
    assert verdict("A hash table keeps its entry.", overlap=loud).reason == "echo"
    assert verdict("A hash table keeps?", overlap=loud).reason != "echo"
    assert verdict("A hash table keeps its entries, stop.", overlap=loud).reason == "stop_word"


AUDIBLE = replace(WITH_ECHO, is_echo_audible=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I asked.", Verdict("look_again", "doubtful")),
        ("It is the wrong one.", Verdict("stop", "correction")),
        ("Why is that?", Verdict("stop", "question")),
        ("Stop.", Verdict("stop", "stop_word")),
        ("My brother owns three old boats.", Verdict("stop", "content_words")),
    ],
)
def test_a_few_words_near_an_audible_echo_may_be_the_agents_own_misheard(text: str, expected: Verdict) -> None:
    inaudible, far_over = replace(AUDIBLE, is_echo_audible=False), replace(AUDIBLE, level_dbfs=-20.0)
    assert verdict(text, "helpful-assistant", overlap=AUDIBLE) == expected
    assert verdict(text, "helpful-assistant", overlap=inaudible).decision == "stop"
    assert verdict(text, "helpful-assistant", overlap=far_over).decision == "stop"


@pytest.mark.parametrize(
    ("text", "is_echo"),
    [
        ("A hashtag.", True),
        ("A hash table keeps.", True),
        ("I asked.", False),
        ("What is that table?", False),
        ("Keep.", False),
        ("A hash table, stop.", False),
    ],
)
def test_what_the_agent_says_at_the_same_moment_is_its_echo_however_loud(text: str, is_echo: bool) -> None:
    """A hundredth of a second after it, nobody repeats it."""
    agent = ("a", "hash", "table", "keeps", "its", "entries")
    overlap = replace(LOUD_AND_OVER, agent_words=agent, words_meanwhile=agent[:4])
    assert (verdict(text, "helpful-assistant", overlap=overlap).reason == "echo") == is_echo
    assert verdict(text, "helpful-assistant", overlap=replace(overlap, words_meanwhile=())).reason != "echo"


# ── the guide ─────────────────────────────────────────────────────────────────────────────────────


def test_the_guide_shows_the_rules_in_their_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .* \| \**(stop|carry on|look again)\** \|$", GUIDE, re.MULTILINE)
    assert rows == [(rule.reason, rule.decision.replace("_", " ")) for rule in RULES]


def test_the_guide_says_what_each_preset_does() -> None:
    rows = re.findall(r'^\| "(.+)" \| (.*) \|$', GUIDE.partition("## How")[0], re.MULTILINE)
    assert rows
    for said, does in rows:
        assert [{"stops": "stop", "carries on": "carry_on"}[one] for one in does.split(" | ")] == decisions(said)


# ── anything at all ───────────────────────────────────────────────────────────────────────────────

OTHER_LANGUAGES = (
    "Könntest du das bitte noch einmal erklären", "Je voudrais parler d'autre chose", "¿Puedes repetirlo más despacio?",
    "もう一度言ってください", "请再说一遍好吗", "Можно помедленнее", "다시 말씀해 주세요", "هل يمكنك أن تعيد ذلك",
    "ขอโทษครับ", "Vill du säga det igen",
)  # fmt: skip


@pytest.mark.parametrize("said", OTHER_LANGUAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_other_languages_never_stop_where_only_stop_words_do(said: str, language: str) -> None:
    policy = replace(ONLY_STOP_WORDS, language=language)
    assert (
        judge(ProbeWords(said), LOUD_AND_OVER, policy=policy, vocabulary=vocabulary_of(policy)).decision == "carry_on"
    )


@given(text=st.text(st.characters(exclude_categories=("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc")), max_size=200))
def test_what_has_no_letters_never_stops_where_only_stop_words_do(text: str) -> None:
    vocabulary = vocabulary_of(ONLY_STOP_WORDS)
    assert judge(ProbeWords(text), LOUD_AND_OVER, policy=ONLY_STOP_WORDS, vocabulary=vocabulary).decision == "carry_on"


PIECES = ("stop", "okay", "no", "but", "what", "wait", "mm-hmm", "1", "…", "(", "♪", "'", "-", "रुको", "हाँ", "ﷺ")


@settings(deadline=None, max_examples=200)
@given(
    text=st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    logprob=st.none() | st.floats(-5, 0),
    no_speech=st.none() | st.floats(0, 1),
    is_doubtful=st.booleans(),
    agent_words=st.lists(st.text(max_size=12), max_size=28).map(tuple),
    is_over=st.booleans(),
    closes_question=st.booleans(),
    preset_id=st.sampled_from(list(POLICIES)),
)
def test_any_words_in_any_circumstances_have_a_verdict_of_the_table(  # noqa: PLR0917
    text: str, logprob: float | None, no_speech: float | None, is_doubtful: bool, agent_words: tuple[str, ...],
    is_over: bool, closes_question: bool, preset_id: str,
) -> None:  # fmt: skip
    overlap = Overlap(-30.0, -36.0, -26.0, agent_words, is_over, closes_question, agent_words[:4], is_over)
    judged = verdict(text, preset_id, overlap=overlap, logprob=logprob, no_speech=no_speech, is_doubtful=is_doubtful)
    assert any((rule.decision, rule.reason) == (judged.decision, judged.reason) for rule in RULES)
    assert normalise(text) == normalise(text.swapcase() if text.isascii() else text)


LONG_PIECES = (
    "a", "no ", "[", "♪", "m", "mh", "ha", "1", "9 ", "stop-", "'", "\u0301", "ﷺ", "( ", "*", "रु ", "wait no ",
)  # fmt: skip


@pytest.mark.parametrize("text", [piece * (10_000 // len(piece)) for piece in LONG_PIECES], ids=map(ascii, LONG_PIECES))
def test_ten_thousand_characters_take_little_time(text: str) -> None:
    overlap = replace(WITH_ECHO, agent_words=AGENT * 2)
    verdict(text, overlap=overlap)
    started = time.thread_time()
    verdict(text, overlap=overlap)
    asks_for_time(text, "en")
    assert time.thread_time() - started < 0.1
    normalise(text)
    assert time.thread_time() - started < 2.0


def test_a_persona_as_it_is_written_reaches_the_verdict() -> None:
    written = {"metadata": {"language": "hi"}, "barge_in": {"manner": "stop-words-only", "stop_words": ["Red light!"]}}
    policy = read_behavior(written).barge_in_policy()
    vocabulary = vocabulary_of(policy)
    judged = [
        judge(ProbeWords(text), LOUD_AND_OVER, policy=policy, vocabulary=vocabulary).decision
        for text in ("red light", "रुको", "stop", "मुझे कुछ पूछना है")
    ]
    assert judged == ["stop", "stop", "stop", "carry_on"]


@pytest.mark.parametrize(
    "text", ["Thanks for watching.", "Music", "Please subscribe to my channel", "[Applause] Applause"]
)
@pytest.mark.parametrize("manner", ["eager", "balanced", "patient"])
def test_what_nobody_says_to_an_agent_is_noise_however_clearly_it_is_heard(text: str, manner: Manner) -> None:
    policy = MANNERS[manner]
    verdict = judge(ProbeWords(text, -0.2, 0.02), LOUD_AND_OVER, policy=policy, vocabulary=vocabulary_of(policy))
    assert (verdict.decision, verdict.reason) == ("carry_on", "noise")


@pytest.mark.parametrize(
    "text",
    [
        "Thank you very much.", "Thanks so much", "Thank you for that", "That is amazing.", "How wonderful",
        "Great job", "Many thanks", "Ha ha", "Can't wait", "Sorry to hear that",
    ],
)  # fmt: skip
@pytest.mark.parametrize("manner", ["eager", "balanced", "patient", "stop-words-only"])
def test_thanks_praise_and_sayings_stop_nobody(text: str, manner: Manner) -> None:
    policy = MANNERS[manner]
    verdict = judge(ProbeWords(text, -0.2, 0.02), LOUD_AND_OVER, policy=policy, vocabulary=vocabulary_of(policy))
    assert verdict.decision == "carry_on"


@pytest.mark.parametrize(
    "pair",
    [
        "ठहरिए thehriye", "ठहरिए thahariye", "रुकिएगा rukiyega", "रहने_दीजिए rahne_dijiye", "बंद_कीजिए band_kijiye",
        "ठहर_जाइए theher_jaiye", "मेरा_मतलब_सोमवार mera_matlab_somvaar", "समझ_गई samajh_gai",
        "अरे_वाह are_wah", "हांजी haanji",
    ],
)  # fmt: skip
def test_hindi_means_the_same_in_both_scripts(pair: str) -> None:
    policy = replace(MANNERS["eager"], language="hi")
    devanagari, latin = (
        judge(
            ProbeWords(one.replace("_", " "), -0.2, 0.02),
            LOUD_AND_OVER,
            policy=policy,
            vocabulary=vocabulary_of(policy),
        )
        for one in pair.split()
    )
    assert (devanagari.decision, devanagari.reason) == (latin.decision, latin.reason)
    assert devanagari.reason in {"stop_word", "correction", "backchannel"}
