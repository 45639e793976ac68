"""Do these words want the floor? What a probe of overlapping sound was transcribed as, judged by one ordered table.

    "Okay, hold on!"   ──normalise──>  okay hold on   ──RULES, the first that applies──>  stop (stop_word)
    "Mm-hmm. Right."                   mhm right                                          carry on (backchannel)
    "you"                              you                                                carry on (noise)
    "(coughs)"                         –                                                  carry on (noise)

A few words win at once, for every persona. What somebody says to show that they listen stops nobody. Between the two a
persona's own manners decide. Nothing here knows the time or hears the sound: how loud it was comes with the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from functools import cache
from typing import Final, Literal, NamedTuple

from ai_agent.barge_in_words import LANGUAGES, WordLists
from ai_agent.persona_behaviors import BargeInPolicy
from ai_agent.written_words import Phrases, Words, is_passage, normalise

__all__ = [
    "NO_TALK_REASONS",
    "RULES",
    "Decision",
    "Overlap",
    "ProbeWords",
    "Verdict",
    "Vocabulary",
    "asks_for_time",
    "judge",
    "likeliest",
    "normalise",
    "vocabulary_of",
]

Decision = Literal["stop", "carry_on", "look_again"]

NO_SPEECH_PROBABILITY: Final = 0.6
NO_SPEECH_LOGPROB: Final = -0.8
"""Words that are less certain than this, and more probably no speech than that, are noise."""
NOISE_LOGPROB: Final = -1.3
"""Words less certain than this were made up."""
STOP_WORD_LOGPROB: Final = -2.2
STOP_WORD_NO_SPEECH: Final = 0.7
"""A stop word that stands alone was made up only where it is less certain than this, or more probably no speech: no
recogniser is certain of one short word. Of a faint voice it is: in a crowd nearby somebody is always sorry."""
CLEAR_LOGPROB: Final = -0.8
CLEAR_NO_SPEECH: Final = 0.3
"""What recognisers make of noise was said where they are as certain as this."""

UNSURE_LOGPROB: Final = -1.1
UNSURE_NO_SPEECH: Final = 0.5
UNSURE_WORDS: Final = 2
"""So few words, less certain than this, are believed only where a list knows them. More words want another look."""

ECHO_SHARE: Final = 0.7
"""So many of the words, in their order, are what the agent says: its echo,"""
ECHO_MARGIN_DB: Final = 12.0
"""unless they are this much louder than the echo can be."""
ECHO_NOW_WORDS: Final = 12
"""One word alone is the echo only of what the agent says at this moment: the last so many of its words."""

ECHO_SURE_WORDS: Final = 5
ECHO_SURE_SHARE: Final = 0.8
"""Of so many words so many are not what the agent says at this moment by chance, however loud they are."""

AT_ONCE_LETTERS: Final = 5
AT_ONCE_SHARE: Final = 0.7
"""So many letters in a row, and so much of all that was heard, are what the agent says at that moment: its echo."""

ECHO_DOUBTED_WORDS: Final = 3
"""So few words may be its own, misheard, where it can be heard at all."""

SOMEBODY_ELSE_DB: Final = 13.0
"""A voice this much under the caller's is somebody else's."""
FAINT_DB: Final = 9.0
"""From this much under the caller's on, only stop words count."""

BACKCHANNEL_WORDS: Final = 3
"""A backchannel with another word in it has at most so many, and more than half of them are cues."""
QUESTION_WORDS: Final = 2
"""A question has at least so many; one word alone is an exclamation."""
REACTION_WORDS: Final = 4
"""An answer, or an exclamation, has at most so many."""
ALL_COUNT_WORDS: Final = 3
"""Of so many words that are certain each one counts; of others those that mean something alone."""
MOST_CHARACTERS: Final = 600
"""No probe's clip holds more; what a recogniser writes beyond that is a loop."""

NOT_THE_CALLERS: Final = frozenset({"noise", "echo", "somebody_else"})
"""Why words are nobody's, or somebody else's."""
NO_TALK_REASONS: Final = NOT_THE_CALLERS | {"unsure"}
"""Why the agent carries on where the caller did not talk to it at all."""


@dataclass(frozen=True, slots=True)
class ProbeWords:
    """What a recogniser made of a clip."""

    text: str
    avg_logprob: float | None = None
    """How certain it was: 0 is the most. None: it does not say."""
    no_speech_probability: float | None = None
    is_doubtful: bool = False
    """It had reasons of its own not to believe it."""
    alternatives: tuple[str, ...] = ()
    """What it may have been as well, all but as likely."""

    @property
    def certainty(self) -> float:
        return 0.0 if self.avg_logprob is None else self.avg_logprob

    @property
    def no_speech(self) -> float:
        return self.no_speech_probability or 0.0


@dataclass(frozen=True, slots=True)
class Overlap:
    """The circumstances of the clip."""

    level_dbfs: float
    echo_dbfs: float
    """How loud the agent's echo may have been."""
    caller_dbfs: float | None
    """How loud this caller usually is; None: not heard yet."""
    agent_words: tuple[str, ...] = ()
    """The agent's last words before the playhead and its next few, as they are written."""
    is_over: bool = True
    """The burst is over; False: the user still speaks."""
    closes_question: bool = False
    """It began in the last second of a question of the agent's, or after it."""
    words_meanwhile: tuple[str, ...] = ()
    """Those of them that it said while the clip was spoken, as far as they may have come back by then."""
    is_echo_audible: bool = False
    """The agent's echo may have been louder than the room."""

    @property
    def is_clear_of_echo(self) -> bool:
        return self.level_dbfs >= self.echo_dbfs + ECHO_MARGIN_DB

    @property
    def under_caller_db(self) -> float:
        return 0.0 if self.caller_dbfs is None else self.caller_dbfs - self.level_dbfs


@dataclass(frozen=True, slots=True)
class Verdict:
    decision: Decision
    reason: str
    """The row of `RULES` that applied first."""


# ── whose words ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A language's lists with the persona's own words, ready for comparison. `WordLists` says what each is."""

    stop: Phrases
    no_stop: Phrases
    misheard_stop: Phrases
    backchannels: Phrases
    fillers: Phrases
    starters: Phrases
    leads: Phrases
    corrections: Phrases
    questions: Phrases
    exclamations: Phrases
    asking: Phrases
    answers: Phrases
    light: Phrases
    for_time: Phrases
    for_time_alone: Phrases
    after_for_time: Phrases
    invented: Phrases
    never_said: Phrases


def vocabulary_of(policy: BargeInPolicy) -> Vocabulary:
    """The lists of the persona's language, and its own words on top. No stop word of a list can be taken away."""
    usual = _vocabulary_in(policy.language)
    own = Phrases.of(*policy.stop_words)
    return replace(
        usual,
        stop=usual.stop | own,
        no_stop=usual.no_stop - own,
        backchannels=usual.backchannels | Phrases.of(*policy.backchannels),
    )


def _vocabulary_in(language: str) -> Vocabulary:
    known = (name for name in (language, language.partition("-")[0]) if name in LANGUAGES)
    return _read_lists(next(known, "en"))


@cache
def _read_lists(language: str) -> Vocabulary:
    written = {field.name: [getattr(one, field.name) for one in LANGUAGES[language]] for field in fields(WordLists)}
    return Vocabulary(**{name: Phrases.of(*",".join(texts).split(",")) for name, texts in written.items()})


# ── the case ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Case:
    """One look at one candidate: all that a rule may ask about."""

    words: Words
    heard: ProbeWords
    overlap: Overlap
    policy: BargeInPolicy
    vocabulary: Vocabulary

    @property
    def said(self) -> Words:
        """The words without those that say nothing."""
        return self.vocabulary.fillers.without(self.words)


def _is_noise(case: Case) -> bool:
    heard, listed = case.heard, case.vocabulary
    if _is_stop_word_alone(case) and not _is_faint(case):
        return heard.certainty < STOP_WORD_LOGPROB or heard.no_speech > STOP_WORD_NO_SPEECH
    is_no_speech = heard.no_speech > NO_SPEECH_PROBABILITY and heard.certainty < NO_SPEECH_LOGPROB
    is_clear = heard.certainty >= CLEAR_LOGPROB and heard.no_speech <= CLEAR_NO_SPEECH
    invented = listed.never_said if is_clear else listed.invented | listed.never_said
    is_made_up = heard.certainty < NOISE_LOGPROB or invented.cover(case.words)
    return not case.words or is_no_speech or is_made_up


def _is_stop_word_alone(case: Case) -> bool:
    listed = case.vocabulary
    is_nothing_else = (listed.stop | listed.backchannels | listed.light).cover(case.said)
    return case.words in listed.misheard_stop or (is_nothing_else and bool(_stop_words(case)))


def _is_echo(case: Case) -> bool:
    """Whether the agent hears itself. A stop word that it did not say is nobody's echo."""
    agent = normalise(" ".join(case.overlap.agent_words))
    if any(not Phrases.just(stop).within(agent) for stop in _stop_words(case)):
        return False
    if _is_said_at_once(case):
        return True
    is_long = len(case.words) >= ECHO_SURE_WORDS
    if is_long and is_passage(case.words, agent[-ECHO_NOW_WORDS:], share=ECHO_SURE_SHARE):
        return True
    if case.overlap.is_clear_of_echo or not agent:
        return False
    if len(case.words) == 1:
        return case.words[0] in agent[-ECHO_NOW_WORDS:]
    return is_passage(case.words, agent, share=ECHO_SHARE)


def _is_said_at_once(case: Case) -> bool:
    """Whether the agent says it at this very moment, give or take a misheard letter: nobody repeats so soon."""
    said = "".join(case.words)
    meanwhile = "".join(normalise(" ".join(case.overlap.words_meanwhile)))
    match = SequenceMatcher(a=said, b=meanwhile, autojunk=False).find_longest_match()
    return match.size >= max(AT_ONCE_LETTERS, AT_ONCE_SHARE * len(said))


def _may_be_echo(case: Case) -> bool:
    """A few words that are not the agent's as they are written, where it may be heard: its beginning, misheard."""
    overlap = case.overlap
    is_heard = overlap.is_echo_audible and not overlap.is_clear_of_echo and bool(overlap.agent_words)
    return is_heard and len(case.words) <= ECHO_DOUBTED_WORDS


def _is_somebody_else(case: Case) -> bool:
    return case.overlap.under_caller_db > SOMEBODY_ELSE_DB


def _stop_words(case: Case) -> list[Words]:
    """The stop words among the words, those left out that are a part of something harmless."""
    harmless = {position for span in case.vocabulary.no_stop.spans(case.words) for position in span}
    spans = [span for span in case.vocabulary.stop.spans(case.words) if not harmless.issuperset(span)]
    return [case.words[span.start : span.stop] for span in spans]


def _has_stop_word(case: Case) -> bool:
    return bool(_stop_words(case)) or case.words in case.vocabulary.misheard_stop


def _is_faint(case: Case) -> bool:
    return case.overlap.under_caller_db > FAINT_DB


def _is_answer(case: Case) -> bool:
    is_short = 0 < len(case.said) <= REACTION_WORDS
    return case.overlap.closes_question and is_short and case.vocabulary.answers.cover(case.said)


def _is_awaited_answer(case: Case) -> bool:
    return case.policy.closing_answer == "is_the_answer" and _is_answer(case)


def _is_backchannel(case: Case) -> bool:
    listed, said = case.vocabulary, case.said
    cues = len(said) - len(listed.backchannels.without(said))
    if cues == len(said):
        return bool(said) or not listed.corrections.within(case.words)
    is_start = (listed.starters | listed.leads).begin(said)
    says_something = is_start or _is_correction(case) or listed.questions.within(said)
    return len(said) <= BACKCHANNEL_WORDS and 2 * cues > len(said) and not says_something


def _is_early_backchannel(case: Case) -> bool:
    return not case.overlap.is_over and _is_backchannel(case)


def _is_uncertain(case: Case) -> bool:
    return case.heard.certainty < UNSURE_LOGPROB or case.heard.no_speech > UNSURE_NO_SPEECH


def _is_unsure(case: Case) -> bool:
    return len(case.words) <= UNSURE_WORDS and _is_uncertain(case)


def _is_doubtful(case: Case) -> bool:
    return case.heard.is_doubtful and (case.heard.avg_logprob is None or _is_uncertain(case))


def _is_exclamation(case: Case) -> bool:
    listed = case.vocabulary
    if len(case.said) > REACTION_WORDS or not (listed.exclamations | listed.asking).within(case.said):
        return False
    return (listed.exclamations | listed.asking | listed.backchannels).cover(case.said)


def _is_stopping_exclamation(case: Case) -> bool:
    if not _is_exclamation(case):
        return False
    is_asking = case.vocabulary.asking.within(case.said)
    return case.policy.exclamations == "stops" or (case.policy.exclamations == "asking_words_stop" and is_asking)


def _only_stop_words_count(case: Case) -> bool:
    return case.policy.content_words is None


def _is_correction(case: Case) -> bool:
    """A word that says nothing may be part of one: "matlab" is a filler, "mera matlab" takes something back."""
    corrections = case.vocabulary.corrections
    return corrections.within(case.said) or corrections.within(case.words)


def _is_question(case: Case) -> bool:
    """Whether a question word comes first, or right after words that only lead to it."""
    listed, said = case.vocabulary, case.said
    while said and not listed.questions.begin(said):
        lead = listed.backchannels.begin(said) or listed.leads.begin(said)
        if not lead:
            return False
        said = said[lead:]
    return len(said) >= QUESTION_WORDS


def _has_content(case: Case) -> bool:
    return case.policy.content_words is not None and _content_count(case) >= case.policy.content_words


def _content_count(case: Case) -> int:
    """How many different words mean something. Of a whole sentence that is certain, every word does."""
    listed = case.vocabulary
    rest = listed.backchannels.without(case.said)
    is_certain = case.heard.certainty >= CLEAR_LOGPROB and case.heard.no_speech <= UNSURE_NO_SPEECH
    if is_certain and len(case.said) >= ALL_COUNT_WORDS:
        return len(rest)
    return len({word for word in listed.light.without(rest) if len(word) > 1 or not word.isascii()})


def _always(_: Case) -> bool:
    return True


# ── the rules ─────────────────────────────────────────────────────────────────────────────────────


class Rule(NamedTuple):
    reason: str
    applies: Callable[[Case], bool]
    decision: Decision


RULES: Final = (
    Rule("noise", _is_noise, "carry_on"),
    Rule("echo", _is_echo, "carry_on"),
    Rule("somebody_else", _is_somebody_else, "carry_on"),
    Rule("stop_word", _has_stop_word, "stop"),
    Rule("somebody_else", _is_faint, "carry_on"),
    Rule("answer", _is_awaited_answer, "stop"),
    Rule("answer", _is_answer, "carry_on"),
    Rule("backchannel", _is_early_backchannel, "look_again"),
    Rule("backchannel", _is_backchannel, "carry_on"),
    Rule("unsure", _is_unsure, "carry_on"),
    Rule("doubtful", _is_doubtful, "look_again"),
    Rule("exclamation", _is_stopping_exclamation, "stop"),
    Rule("exclamation", _is_exclamation, "carry_on"),
    Rule("stop_words_only", _only_stop_words_count, "carry_on"),
    Rule("correction", _is_correction, "stop"),
    Rule("question", _is_question, "stop"),
    Rule("doubtful", _may_be_echo, "look_again"),
    Rule("content_words", _has_content, "stop"),
    Rule("few_words", _always, "carry_on"),
)
"""The first row that applies decides. Nobody's words come first, then the words that always win, then manners."""


def likeliest(words: ProbeWords, overlap: Overlap, *, policy: BargeInPolicy, vocabulary: Vocabulary) -> ProbeWords:
    """The words that count: of few that are doubtful, a stop word that is all but as likely. It is what people say over
    somebody who speaks, and a recogniser does not know where they are. Noise and what is not the caller's stay so."""
    if judge(words, overlap, policy=policy, vocabulary=vocabulary).reason in {"stop_word", *NOT_THE_CALLERS}:
        return words
    others = (replace(words, text=text) for text in words.alternatives)
    stopping = (
        heard for heard in others if judge(heard, overlap, policy=policy, vocabulary=vocabulary).reason == "stop_word"
    )
    return next(stopping, words)


def judge(words: ProbeWords, overlap: Overlap, *, policy: BargeInPolicy, vocabulary: Vocabulary) -> Verdict:
    """What the words of one look at a candidate say about the floor."""
    case = Case(normalise(words.text[:MOST_CHARACTERS]), words, overlap, policy, vocabulary)
    rule = next(rule for rule in RULES if rule.applies(case))
    return Verdict(rule.decision, rule.reason)


# ── a moment to think ─────────────────────────────────────────────────────────────────────────────

_CLAUSE_END: Final = re.compile(r"[.,;:!?…।—–]+")


def asks_for_time(text: str, language: str) -> bool:
    """Whether somebody's last words ask for a moment to think: the silence after them is no end of a turn.

    >>> [asks_for_time(said, "en") for said in ("Hmm, let me think.", "Let me think about dogs.", "Hold on, please!")]
    [True, False, True]
    >>> asks_for_time("Give me a second to think about it.", "en"), asks_for_time("It takes just a second.", "en")
    (True, False)
    """
    listed = _vocabulary_in(language)
    after = listed.after_for_time | listed.fillers
    for clause in reversed(_CLAUSE_END.split(text[-MOST_CHARACTERS:])):
        words = normalise(clause)
        while words:
            if listed.for_time.end(words) or _without_lead(words, listed) in listed.for_time_alone:
                return True
            if not (size := after.end(words)):
                return False
            words = words[:-size]
    return False


def _without_lead(words: Words, listed: Vocabulary) -> Words:
    """Without the words at the beginning that only lead to something."""
    while lead := (listed.fillers | listed.backchannels | listed.leads).begin(words):
        words = words[lead:]
    return words
