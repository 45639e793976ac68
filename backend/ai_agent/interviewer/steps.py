"""What does the interviewer hear, and what can it do next? Something that was said in; words, or an evaluation, out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ai_agent.interviewer.clauses import stems_of, words_of
from ai_agent.interviewer.intent import BESIDE
from ai_agent.interviewer.question_bank import Question
from ai_agent.interviewer.state import Attempt, Doubt, InterviewState

NUDGE_SECONDS: Final = 10.0
OFFER_SECONDS: Final = 25.0
NO_ANSWER_SECONDS: Final = 60.0
SILENCE_STEPS: Final = (NUDGE_SECONDS, OFFER_SECONDS, NO_ANSWER_SECONDS)
"""After so much silence a word is said; after the last of them the question is over."""

MOST_CLARIFICATIONS: Final = 2
MOST_UNCLEAR: Final = 2
"""So often something could not be made out: the question cannot be scored."""
MOST_SILENT: Final = 2
"""So many questions in a row without an answer: the candidate has gone, and the interview waits."""

ASKED_SHARE: Final = 0.7
"""A question of which so many words were heard was asked."""
ANSWERABLE_SHARE: Final = 0.3
"""Who comes in on a question before that has not heard what is asked, unless it is plainly an answer to it."""
FEWEST_WORDS_EARLY: Final = 4
"""So many words that say something,"""
FEWEST_SHARED_EARLY: Final = 3
"""and so many of them words of the question's points, have to be in such an answer."""

EndReason = Literal["interview_finished", "interview_paused"]
"""Why the call ends, once the last words were spoken."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the candidate said."""

    utterance_id: str
    transcript: str
    doubt: Doubt | None = None
    """Why it may not be what was said."""
    goes_on_from: frozenset[str] = frozenset()
    """Earlier utterances whose words are in it too: the candidate had gone on speaking."""


@dataclass(frozen=True, slots=True)
class Say:
    """Say this; once its first frame has left, the interview stands there."""

    words: str
    after: InterviewState
    question: str = ""
    """The part of it that asks: how much of it is heard says whether the question was asked."""
    ends: EndReason | None = None
    """The call is over when it was said."""
    is_prompt: bool = False
    """A word into the silence: the silence goes on being counted."""
    gives_time: bool = False
    """When it was said, the candidate has time to think."""


@dataclass(frozen=True, slots=True)
class Evaluate:
    """The answer is stored: judge it, then go on by that."""

    question: Question
    attempt: Attempt


Step = Say | Evaluate


# ── a short answer to "shall we stop here?" ───────────────────────────────────────────────────────

_YES: Final = frozenset("yes yeah yep sure okay ok please stop here do let us lets let's".split())
_NO: Final = frozenset("no nope nah not dont don't go on continue let us lets let's please stop".split())


def says_yes(text: str) -> bool:
    """
    >>> says_yes("Yes, please."), says_yes("Yes, because a list can be changed."), says_yes("")
    (True, False, False)
    """
    return _is_only(text, _YES)


def says_no(text: str) -> bool:
    """
    >>> says_no("No, let's go on."), says_no("No, a tuple can not be changed.")
    (True, False)
    """
    return _is_only(text, _NO)


def _is_only(text: str, known: frozenset[str]) -> bool:
    words = {word.text.lower() for word in words_of(text)}
    return bool(words) and words <= known


# ── an answer to a question of which hardly anything was heard ────────────────────────────────────


def is_plainly_about(transcript: str, question: Question, before: Question | None) -> bool:
    """Whether it answers this question, and does not add to the answer to the question before."""
    said = stems_of(transcript) - BESIDE
    shared = _shared(said, question)
    return (
        "?" not in transcript
        and len(said) >= FEWEST_WORDS_EARLY
        and shared >= FEWEST_SHARED_EARLY
        and (before is None or shared > _shared(said, before))
    )


def _shared(said: frozenset[str], question: Question) -> int:
    """How many of these stems the key points have."""
    return len(said & {stem for point in question.points for wording in point.wordings for stem in stems_of(wording)})
