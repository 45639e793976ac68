"""In which words does the report say it? The table, the bands, the reasons, one or two sentences about the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from ai_agent.interviewer.question_bank import Stage
from ai_agent.interviewer.scoring import AFTER_HINT, FLOOR, MOST, SECOND
from ai_agent.interviewer.state import Doubt
from ai_agent.interviewer.verdicts import CORRECT_FROM, PARTIAL_FROM

BandName = Literal["strong", "good", "getting_there", "early"]


@dataclass(frozen=True, slots=True)
class Band:
    """What a share of the points is called."""

    name: BandName
    title: str
    from_percent: int


BANDS: Final = (
    Band("strong", "Strong", 80),
    Band("good", "Good", 60),
    Band("getting_there", "Getting there", 40),
    Band("early", "Early", 0),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    points: int
    when: str


@dataclass(frozen=True, slots=True)
class How:
    """How the points come about."""

    rules: tuple[Rule, ...]
    notes: tuple[str, ...]


RULES: Final = (
    Rule(MOST, "correct at once"),
    Rule(AFTER_HINT, "partly correct, then correct; or correct after a hint that was asked for"),
    Rule(SECOND["partial", "partial"], "partly correct, and not correct after the hint"),
    Rule(SECOND["incorrect", "correct"], "incorrect or “I don't know”, then correct after the hint"),
    Rule(FLOOR, "not correct in both; or skipped; or no answer"),
    Rule(0, "never asked"),
)

NOTES: Final = (
    f"An answer is correct from {CORRECT_FROM:.0%} of its key points on, partly correct from {PARTIAL_FROM:.0%} on.",
    "A second attempt counts together with the first: what was said once was said.",
    "A statement that is the other way round asks for the second attempt; alone it fails no answer.",
    "What could not be heard or judged is left out of the maximum.",
    "Points come from this table alone. No language model gives any.",
)

_DOUBTS: Final[Mapping[Doubt, str]] = {
    "low_snr": "It was too loud around you for your words to be made out.",
    "clipping": "It was too loud for the microphone, so the sound was cut off.",
    "doubtful_transcript": "The recogniser was not sure of your words.",
    "recogniser_failed": "The speech recogniser failed.",
    "evaluator_failed": "The evaluation failed.",
    "no_words": "No words could be made out.",
    "reviewer": "A reviewer has set this question aside.",
}

_EVALUATORS: Final[Mapping[str | None, str]] = {
    "minilm": "Answers were compared with the key points by their meaning and their words.",
    "lexical": "Answers were compared with the key points by their words alone: the model that compares meanings was "
    "not there.",
    "mixed": "Some answers were compared by their meaning and their words, others by their words alone: the model that "
    "compares meanings was not always there.",
    None: "",
}
_CHECKED: Final = "A language model then looked for words that show a point; only what was said counted."


class StageResult(Protocol):
    """A level of difficulty and what was reached in it."""

    @property
    def stage(self) -> Stage: ...
    @property
    def points(self) -> int: ...
    @property
    def maximum(self) -> int: ...


def how_it_is_computed() -> How:
    return How(RULES, NOTES)


def doubt_words(doubt: Doubt | None) -> str:
    """Why something could not be made out or judged; empty where nothing was wrong."""
    return _DOUBTS[doubt] if doubt else ""


def evaluator_words(evaluator: str | None, *, is_checked: bool) -> str:
    """Who compared. `is_checked`: a language model looked for quotes in some of the answers."""
    return " ".join([_EVALUATORS[evaluator], *([_CHECKED] if is_checked else [])])


def sentence(words: str) -> str:
    """
    >>> sentence("correct at once: 9 points")
    'Correct at once: 9 points.'
    """
    return f"{words[:1].upper()}{words[1:]}."


def summary_of(
    *,
    status: str,
    next_question: int | None,
    total: int,
    points: int,
    maximum: int,
    band: Band | None,
    not_scorable: int,
    best: StageResult | None,
    missed: Sequence[str],
) -> str:
    """The whole in a few sentences."""
    if status in {"active", "paused"}:
        return f"Not finished: question {next_question} of {total} comes next."
    said = []
    if status == "abandoned":
        said.append(f"Not finished: nobody came back within a day for question {next_question} of {total}.")
    if band is None:
        said.append("Nothing could be scored.")
        return " ".join(said)
    said.append(f"{band.title}: {points} of {maximum} points.")
    if not_scorable:
        which = "One question" if not_scorable == 1 else f"{not_scorable} questions"
        said.append(f"{which} could not be scored, so the maximum is {maximum}.")
    if best is not None:
        said.append(f"Strongest in {best.stage} questions, {best.points} of {best.maximum}.")
    if missed:
        said.append(f"Worth another look: {'; '.join(missed[:3])}.")
    return " ".join(said)
