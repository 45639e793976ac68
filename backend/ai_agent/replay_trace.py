"""What does a replay look like? One line for each thing that mattered; two runs side by side, in columns by time.

    12.340  barge-in    suspected: near_end, after 60 ms   │    12.340  barge-in    suspected: near_end, after 60 ms
    12.340  duck        -12 dB                             │    12.340  duck        -12 dB
    12.760  hold        within 20 ms                       │
                                                           │ ~  13.180  hold        within 20 ms

Nothing here depends on anything but the call: the same run gives the same bytes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from ai_agent import commands
from ai_agent.audio_format import duration_ms
from ai_agent.replay import Step

COLUMN_CHARACTERS: Final = 66
KIND_CHARACTERS: Final = 10
DIVIDER: Final = " │ "
SAME_SECONDS: Final = 0.1
"""Where two runs do the same within this time, it stands on one row."""

OTHERWISE_MARK: Final = "~"
"""In front of what would have been."""
ANEW_MARK: Final = "*"
"""Behind the words and the predictions that were made for this replay."""

Said = tuple[str, str]
"""The kind of a line, and its words."""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One thing that happened, or would have."""

    at: float
    """Seconds of the call."""
    kind: str
    words: str
    is_otherwise: bool = False
    """It would have been so, and was not."""

    def rows(self, *, characters: int) -> list[str]:
        """As text, at most so wide.

        >>> for row in TraceLine(1.5, "reply", "heard “One two three.”").rows(characters=40):
        ...     print(row)
              1.500  reply      heard “One two
                                three.”
        """
        mark = OTHERWISE_MARK if self.is_otherwise else " "
        start = f"{mark}{self.at:>10.3f}  {self.kind:<{KIND_CHARACTERS}} "
        wrapped = textwrap.wrap(self.words, max(16, characters - len(start))) or [""]
        return [start + wrapped[0], *(" " * len(start) + more for more in wrapped[1:])]

    def __str__(self) -> str:
        return self.rows(characters=100_000)[0].rstrip()


class Tracer:
    """Steps of one run → lines. It remembers when a probe was asked for, to say how long its answer took."""

    def __init__(self) -> None:
        self._probes: dict[tuple[str, int], float] = {}

    def lines(self, step: Step, *, is_otherwise: bool = False, is_anew: bool = False) -> Iterator[TraceLine]:
        """`is_anew`: what this step's fact says is not the journal's."""
        said = [self._say_fact(step, is_anew=is_anew), *(_say_command(command) for command in step.commands)]
        for command in step.commands:
            if isinstance(command, commands.TranscribeProbe):
                self._probes[command.candidate_id, command.look] = step.now
        for kind, words in filter(None, said):
            yield TraceLine(step.now, kind, words, is_otherwise)

    def _say_fact(self, step: Step, *, is_anew: bool) -> Said | None:
        if step.fact not in {"on_probe_transcribed", "on_probe_failed"}:
            say = _FACTS.get(step.fact)
            said = say(step.arguments) if say else None
            return (said[0], said[1] + ANEW_MARK) if said and is_anew else said
        look = step.arguments["look"]
        asked_at = self._probes.get((step.arguments["candidate_id"], look))
        took = "" if asked_at is None else f", {_ms(step.now - asked_at)} after it was asked"
        return "probe", f"look {look}: {_say_answer(step.arguments)}{took}{ANEW_MARK if is_anew else ''}"


def side_by_side(recorded: Sequence[TraceLine], otherwise: Sequence[TraceLine]) -> Iterator[str]:
    """Two runs in columns by time: what was on the left, what would have been on the right."""
    for left, right in _paired(recorded, otherwise):
        cells = (line.rows(characters=COLUMN_CHARACTERS) if line else [] for line in (left, right))
        for one, other in zip_longest(*cells, fillvalue=""):
            yield f"{one:<{COLUMN_CHARACTERS}}{DIVIDER}{other}".rstrip()


def _paired(
    left: Sequence[TraceLine], right: Sequence[TraceLine]
) -> Iterator[tuple[TraceLine | None, TraceLine | None]]:
    """Both in order of time; the same thing at nearly the same time is one pair."""
    place = 0
    for line in left:
        same = _same_as(line, right, since=place)
        until = same if same is not None else _first_after(line.at, right, since=place)
        yield from ((None, other) for other in right[place:until])
        place = until
        yield line, None if same is None else right[same]
        place += same is not None
    yield from ((None, other) for other in right[place:])


def _same_as(line: TraceLine, others: Sequence[TraceLine], *, since: int) -> int | None:
    for index in range(since, len(others)):
        other = others[index]
        if other.at > line.at + SAME_SECONDS:
            return None
        if (other.kind, other.words) == (line.kind, line.words) and other.at >= line.at - SAME_SECONDS:
            return index
    return None


def _first_after(at: float, others: Sequence[TraceLine], *, since: int) -> int:
    return next((index for index in range(since, len(others)) if others[index].at >= at), len(others))


# ── words ─────────────────────────────────────────────────────────────────────────────────────────


def quoted(words: str) -> str:
    """On one line, as every terminal can show it.

    >>> quoted(" Hold \\n on ")
    '“Hold on”'
    """
    return f"“{' '.join(''.join(letter if letter.isprintable() else ' ' for letter in words).split())}”"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _say_answer(arguments: Mapping[str, Any]) -> str:
    """What came of a probe."""
    if "reason" in arguments:
        return f"failed ({arguments['reason']})"
    logprob, no_speech = arguments.get("avg_logprob"), arguments.get("no_speech_probability")
    measured = [] if logprob is None else [f"logprob {logprob:.2f}"]
    measured += [] if no_speech is None else [f"no speech {no_speech:.2f}"]
    measured += ["doubtful"] if arguments.get("is_doubtful") else []
    words = " or ".join(map(quoted, (arguments["transcript"], *arguments.get("alternatives", ()))))
    return words + (f" ({', '.join(measured)})" if measured else "")


def _say_settings(arguments: Mapping[str, Any]) -> Said:
    pushed = "push to talk, " if arguments.get("push_to_talk") else ""
    return "microphone", pushed + ("muted" if arguments["muted"] else "open")


_FACTS: Final[Mapping[str, Callable[[Mapping[str, Any]], Said | None]]] = {
    "on_media_connected": lambda _: ("line", "is up"),
    "on_media_settings": _say_settings,
    "process_user_utterance": lambda said: None if said["transcript"].strip() else ("words", "none were made out"),
    "on_transcription_failed": lambda said: ("words", f"could not be recognised ({said['reason']})"),
    "on_end_of_turn_predicted": lambda said: ("prediction", f"finished with {said['probability']:.2f}"),
    "on_answer_evaluated": lambda said: ("interview", f"the answer is {said['evaluation'].get('label')}"),
    "on_evaluation_failed": lambda said: ("interview", f"the answer could not be judged ({said['reason']})"),
    "on_reply_failed": lambda said: ("reply", f"broke off ({said['reason']})"),
    "on_user_text": lambda _: ("user", "types"),
    "on_thinking": lambda _: ("user", "asks for time"),
    "end_turn": lambda _: ("user", "is done"),
    "cancel_tts": lambda _: ("stop", "is asked for"),
    "end_call": lambda said: ("call", f"its end is asked for ({said['reason']})"),
}
"""What is said of a fact; of the others only what follows from them is told."""


def _say_command(command: commands.Command) -> Said | None:
    say = _COMMANDS.get(type(command))
    return say(command) if say else None


def _say_phase(command: commands.PhaseChanged) -> Said:
    came_from = "" if command.phase == command.previous else f"{command.previous} → "
    return "phase", f"{came_from}{command.phase} ({command.reason})"


def _say_speaking(command: commands.SpeakingChanged) -> Said | None:
    """The agent's speaking is its phase."""
    if command.speaker == "agent":
        return None
    return "user", f"{'speaks' if command.speaking else 'is silent'} since {command.at:.3f}"


def _say_turn(command: commands.OpenTurn) -> Said:
    if command.sound is None:
        return "utterance", "typed"
    return "utterance", f"from {command.started_at:.3f}, over at {command.ended_at:.3f}"


def _say_barge_in(command: commands.ReportBargeIn) -> Said:
    said = f"{command.decision}: {command.reason}, {command.reaction_ms:.0f} ms after its onset"
    if (record := command.record) is None:
        return "barge-in", said
    levels = f"{record.level_dbfs:.1f} dBFS, room {record.noise_floor_dbfs:.1f}, echo {record.echo_dbfs:.1f}"
    return "barge-in", f"{said}; {record.voiced_ms} ms voiced, {levels}"


def _say_reply(command: commands.CloseReply) -> Said:
    heard = f"heard {quoted(command.heard_text)}"
    return "reply", f"{heard} of {quoted(command.planned_text)}, interrupted" if command.interrupted else heard


def _say_restore(command: commands.RestorePlayback) -> Said:
    back = f", after a hold back by at most {command.rewind_ms} ms" if command.rewind_ms else ""
    return "restore", f"within {command.fade_ms} ms{back}"


def _say_question(command: commands.InterviewChanged) -> Said:
    points = "" if command.score is None else f", {command.score} points"
    return "interview", f"question {command.index} of {command.total}: {command.status}{points}"


def _say_thinking(command: commands.ThinkingChanged) -> Said:
    return "silence", "counts again" if command.until is None else f"does not count until {command.until:.3f}"


_COMMANDS: Final[Mapping[type, Callable[[Any], Said | None]]] = {
    commands.PhaseChanged: _say_phase,
    commands.SpeakingChanged: _say_speaking,
    commands.ThinkingChanged: _say_thinking,
    commands.OpenTurn: _say_turn,
    commands.SupersedeUtterance: lambda _: ("utterance", "takes the place of the one before"),
    commands.TranscribeTurn: lambda asked: ("words", f"asked for, of {duration_ms(asked.audio):.0f} ms of sound"),
    commands.CancelTranscription: lambda _: ("words", "are not waited for any more"),
    commands.PredictEndOfTurn: lambda _: ("prediction", "asked for: is the turn over?"),
    commands.AcceptTranscript: lambda accepted: ("words", quoted(accepted.transcript)),
    commands.GenerateReply: lambda _: ("reply", "asked for"),
    commands.SpeakLine: lambda asked: ("reply", f"the persona's own line asked for: {asked.line}"),
    commands.SpeakWords: lambda _: ("reply", "the interviewer's own words asked for"),
    commands.EvaluateAnswer: lambda asked: ("interview", f"an answer is to be judged: {asked.question_id}"),
    commands.InterviewChanged: _say_question,
    commands.CancelReply: lambda _: ("reply", "is not worked on any more"),
    commands.CancelPlayback: lambda _: ("playback", "silent, and nothing queued any more"),
    commands.CloseReply: _say_reply,
    commands.TranscribeProbe: lambda asked: (
        "probe",
        f"look {asked.look}: asked for, {duration_ms(asked.audio):.0f} ms of sound",
    ),
    commands.CancelProbe: lambda _: ("probe", "not waited for any more"),
    commands.ReportBargeIn: _say_barge_in,
    commands.DuckPlayback: lambda ducked: ("duck", f"{ducked.gain_db:g} dB"),
    commands.HoldPlayback: lambda held: ("hold", f"within {held.fade_ms} ms"),
    commands.RestorePlayback: _say_restore,
    commands.ReportStaleResult: lambda late: ("late", f"{late.kind}, dropped"),
    commands.Notify: lambda told: ("notice", told.code),
    commands.EndCall: lambda ended: ("call", f"ends ({ended.reason})"),
}
