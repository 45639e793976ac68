"""How does a report read outside the page? As Markdown, and what was said as WebVTT."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ai_agent.interviewer.report_shapes import Report, ReportedAttempt, ReportedPoint, ReportedQuestion
from ai_agent.interviewer.scoring import MOST

WORDS_A_SECOND: Final = 2.5
"""How fast a persona speaks, about: nobody has written when its reply ended."""
SHORTEST_CUE: Final = 0.5
"""Seconds."""

MARKS: Final = {"covered": "✓", "missed": "✗", "contradicted": "≠"}
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")
_NOT_IN_CUES: Final = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a report."""

    candidate: str
    persona: str
    held_on: str


@dataclass(frozen=True, slots=True)
class SaidTurn:
    """One exchange, with times in seconds from the first call's beginning."""

    started_at: float
    ended_at: float | None
    transcript: str
    reply: str
    """What of it was heard."""
    reply_at: float | None = None
    """When its first sound left; None: it ended at `started_at`, the candidate had said nothing."""


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────


def markdown_of(report: Report, heading: Heading) -> str:
    """The whole report, to be read."""
    return "\n".join(_lines(report, heading)).rstrip() + "\n"


def _lines(report: Report, heading: Heading) -> Iterator[str]:
    score = report.score
    yield f"# Interview: {plain(heading.candidate)} with {plain(heading.persona)}"
    yield from ("", f"{heading.held_on}", "")
    yield f"**{score.points} of {score.out_of} points.** {plain(report.summary)}"
    if score.is_corrected:
        yield from ("", f"Answers were looked at again. As heard: {score.points_as_heard} of {score.maximum_as_heard}.")
    yield from (
        "",
        f"Of what was asked: {score.points} of {score.asked_maximum}. {score.scored} of {score.total} scored.",
    )
    yield from ("", "| difficulty | points | of |", "| --- | --- | --- |")
    yield from (f"| {stage.stage} | {stage.points} | {stage.maximum} |" for stage in report.stages)
    yield from _speech_lines(report)
    for question in report.questions:
        yield from _question_lines(question)
    yield from ("", "## How the points come about", "", "| points | when |", "| --- | --- |")
    yield from (f"| {rule.points} | {rule.when} |" for rule in report.how.rules)
    yield ""
    yield from (f"- {note}" for note in [*report.how.notes, report.evaluator_words] if note)


def _speech_lines(report: Report) -> Iterator[str]:
    speech = report.speech
    if speech.words_a_minute is None:
        return
    pauses = "" if speech.pauses is None else f", {speech.pauses} pauses of a second or more"
    yield from ("", f"Spoken: {speech.words_a_minute:g} words a minute{pauses}, {speech.fillers} fillers.")


def _question_lines(question: ReportedQuestion) -> Iterator[str]:
    text = plain(question.text) if question.is_shown else "(not asked yet)"
    yield from ("", f"## {question.number}. {text}", "")
    points = "not scored" if question.points is None else f"{question.points} / {MOST}"
    yield f"{question.stage} · **{points}** · {plain(question.why)}"
    if question.as_heard is not None:
        yield from ("", f"As heard: {plain(question.as_heard.why)}")
    if question.unscorable_words:
        yield from ("", plain(question.unscorable_words))
    yield from _hint_lines(question, after=0)
    for attempt in question.attempts:
        yield from _attempt_lines(attempt)
        yield from _hint_lines(question, after=attempt.number)
    if question.key_points:
        yield ""
        yield from (_point_line(point, question) for point in question.key_points)
    if question.model_answer:
        yield from ("", f"Model answer: {plain(question.model_answer)}")


def _hint_lines(question: ReportedQuestion, *, after: int) -> Iterator[str]:
    for hint in question.hints:
        if hint.after == after:
            yield from ("", f"Hint{', which was asked for' if hint.asked else ''}: {plain(hint.text)}")


def _attempt_lines(attempt: ReportedAttempt) -> Iterator[str]:
    result = f" ({attempt.outcome.replace('_', ' ')})" if attempt.outcome else ""
    yield from ("", f"Attempt {attempt.number}{result}:", "")
    yield f"> {plain(attempt.transcript) or '(nothing was said)'}"
    if attempt.corrected_transcript is not None:
        yield from ("", "Corrected by the candidate:", "", f"> {plain(attempt.corrected_transcript)}")


def _point_line(point: ReportedPoint, question: ReportedQuestion) -> str:
    quote = f" – “{plain(point.quote.text)}”" if point.quote else ""
    if point.quote and question.attempts[point.quote.attempt - 1].corrected_transcript is not None:
        quote += " (corrected)"
    return f"- {MARKS[point.status]} {point.status}: {plain(point.wording)}{quote}"


def plain(words: str) -> str:
    """Words that mean nothing to Markdown, in one line.

    >>> print(plain("a *list*  of <b>"))
    a \\*list\\* of \\<b\\>
    """
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))


# ── WebVTT ────────────────────────────────────────────────────────────────────────────────────────


def webvtt_of(turns: Sequence[SaidTurn], heading: Heading) -> str:
    """What was said, in cues."""
    candidate, persona = _name(heading.candidate), _name(heading.persona)
    written = ["WEBVTT", "", "NOTE", "The words as they were heard. When the interviewer's words end is an estimate."]
    for start, end, is_candidate, words in _cues(turns):
        who = candidate if is_candidate else persona
        written += ["", f"{_clock(start)} --> {_clock(end)}", f"<v {who}>{_cue_text(words)}"]
    return "\n".join(written) + "\n"


def _cues(turns: Sequence[SaidTurn]) -> Iterable[tuple[float, float, bool, str]]:
    """From, until, whether it is the candidate, and the words; in order."""
    cues = []
    for turn in turns:
        lasts = max(SHORTEST_CUE, len(turn.reply.split()) / WORDS_A_SECOND)
        if turn.transcript.strip():
            until = max(turn.ended_at or 0.0, turn.started_at + SHORTEST_CUE)
            cues.append((turn.started_at, until, True, turn.transcript))
        if turn.reply.strip() and turn.reply_at is not None:
            cues.append((turn.reply_at, turn.reply_at + lasts, False, turn.reply))
        elif turn.reply.strip():
            cues.append((max(0.0, turn.started_at - lasts), max(SHORTEST_CUE, turn.started_at), False, turn.reply))
    return sorted(cues)


def _cue_text(words: str) -> str:
    """
    >>> _cue_text("a < b && c --> d")
    'a &lt; b &amp;&amp; c --&gt; d'
    """
    spaced = " ".join(_NOT_IN_CUES.sub(" ", words).split())
    return spaced.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _name(name: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f<>&]+", " ", name).split()) or "Somebody"


def _clock(seconds: float) -> str:
    """
    >>> _clock(3_725.25)
    '01:02:05.250'
    """
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
