"""What did the providers of a recorded call answer, to which question, and after how long?

    asked   TranscribeTurn(3.1 to 6.8 s)          GenerateReply("What is a rope?")
    came            └─ 0.4 s ─▶ "What is a rope?"          └─ 0.6 s ─▶ first token … 1.1 s ─▶ sound, sound, complete

A question is known again by what it is about, never by its id: a run that decides otherwise binds other ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final, TypeVar

from ai_agent import commands
from ai_agent.audio_format import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from ai_agent.replay import Step

Q = TypeVar("Q")
Spoken = commands.GenerateReply | commands.SpeakLine | commands.SpeakWords
"""What asks for a reply."""

USUAL_LOOK_SECONDS: Final = 0.15
"""How long a probe or a prediction takes in a call that had none."""
SAME_SPEECH_SECONDS: Final = 0.1
"""Utterances whose beginning and length differ by no more than this are the same words."""
JUST_NOW_SECONDS: Final = 0.001

IDS: Final = frozenset({"utterance_id", "turn_id", "candidate_id", "look"})
"""The arguments of an answer that say to what it is one."""

REPLY_FACTS: Final = frozenset(
    {
        "on_first_token",
        "on_sentence_started",
        "on_sound_queued",
        "on_sentence_queued",
        "on_reply_complete",
        "on_reply_failed",
    }
)
"""What comes of a reply's making. What the speaker tells of it is another matter."""
REPLY_ENDS: Final = frozenset({"on_reply_complete", "on_reply_failed"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One fact that came of a question."""

    at: float
    fact: str
    arguments: Mapping[str, Any]
    """Without the ids."""


@dataclass(slots=True)
class Question:
    """Something that was asked of a provider, and all that came of it, in order."""

    at: float
    is_reply: bool = False
    answers: list[Answer] = field(default_factory=list)
    dropped_at: float | None = None
    """When nobody waited for it any more: what would have come after is not known."""

    @property
    def is_answered(self) -> bool:
        """Whether all came that was to come."""
        return any(answer.fact in REPLY_ENDS for answer in self.answers) if self.is_reply else bool(self.answers)


@dataclass(frozen=True, slots=True)
class _Utterance:
    started_at: float
    seconds: float

    def is_same_as(self, other: _Utterance) -> bool:
        gaps = (self.started_at - other.started_at, self.seconds - other.seconds)
        return all(abs(gap) <= SAME_SPEECH_SECONDS for gap in gaps)


class RecordedAnswers:
    """Every question of a recorded call, with its answers."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._utterances: list[tuple[_Utterance, Question]] = []
        self._replies: list[tuple[str, Question]] = []
        self._evaluations: list[tuple[tuple[str, str], Question]] = []
        self._sounds: dict[tuple[str, bytes], Question] = {}
        """Of probes and predictions: which of the two, and the sound that it was about."""
        self._waiting: dict[tuple[object, ...], Question] = {}
        """By kind and ids."""
        self._started_at: dict[str, float] = {}
        now = 0.0
        for step in steps:
            now = step.now
            self._note_answer(step)
            for command in step.commands:
                self._note_command(command, now=now)
        for key in self._waiting:
            self._drop(*key, now=now)

    # ── what is known ─────────────────────────────────────────────────────────────────────────────

    def of_turn(self, command: commands.TranscribeTurn, *, started_at: float, now: float) -> Question | None:
        """The same speech; None where the call never had it as one turn."""
        wanted = _utterance(command, started_at=started_at)
        return _nearest(self._utterances, wanted.is_same_as, now=now)

    def of_evaluation(self, command: commands.EvaluateAnswer, *, now: float) -> Question | None:
        """How the same words were judged as an answer to the same question; None where they never were."""
        wanted = (command.question_id, command.transcript)
        return _nearest(self._evaluations, lambda about: about == wanted, now=now)

    def of_reply(self, command: Spoken, *, now: float) -> Question | None:
        """The reply to the same words, or the same ones of the persona's; None where it was never asked for."""
        wanted = _reply_name(command)
        return _nearest(self._replies, lambda name: name == wanted, now=now)

    def of_look(self, command: commands.TranscribeProbe | commands.PredictEndOfTurn) -> Question | None:
        """A probe or a prediction of exactly this sound."""
        return self._sounds.get((type(command).__name__, command.audio))

    def in_turn(self, turn_id: str) -> Question | None:
        """The reply that was asked for in this turn of the recorded call."""
        return self._waiting.get(("reply", turn_id))

    def usual_seconds(self, command: commands.TranscribeProbe | commands.PredictEndOfTurn) -> float:
        """How long one of this kind usually took."""
        took = [
            answer.at - question.at
            for (kind, _), question in self._sounds.items()
            for answer in question.answers
            if kind == type(command).__name__ and answer.fact != "on_probe_failed"
        ]
        return median(took) if took else USUAL_LOOK_SECONDS

    # ── reading a call ────────────────────────────────────────────────────────────────────────────

    def _note_answer(self, step: Step) -> None:
        ids = step.arguments
        match step.fact:
            case "process_user_utterance" | "on_transcription_failed":
                key: tuple[object, ...] = ("words", ids["utterance_id"])
            case "on_probe_transcribed" | "on_probe_failed":
                key = ("probe", ids["candidate_id"], ids["look"])
            case "on_answer_evaluated" | "on_evaluation_failed":
                key = ("evaluation", ids["turn_id"], ids["utterance_id"])
            case "on_end_of_turn_predicted":
                key = ("prediction", ids["utterance_id"])
            case fact if fact in REPLY_FACTS:
                key = ("reply", ids["turn_id"])
            case _:
                return
        if (question := self._waiting.get(key)) is not None:
            told = {name: value for name, value in step.arguments.items() if name not in IDS}
            question.answers.append(Answer(step.now, step.fact, told))

    def _note_command(self, command: commands.Command, *, now: float) -> None:
        match command:
            case commands.OpenTurn():
                self._started_at[command.utterance_id] = command.started_at
            case commands.TranscribeTurn():
                utterance = _utterance(command, started_at=self._started_at[command.utterance_id])
                self._utterances.append((utterance, self._ask("words", command.utterance_id, now=now)))
            case commands.EvaluateAnswer():
                question = self._ask("evaluation", command.turn_id, command.utterance_id, now=now)
                self._evaluations.append(((command.question_id, command.transcript), question))
            case commands.GenerateReply() | commands.SpeakLine() | commands.SpeakWords():
                question = self._ask("reply", command.turn_id, now=now)
                question.is_reply = True
                self._replies.append((_reply_name(command), question))
            case commands.TranscribeProbe():
                question = self._ask("probe", command.candidate_id, command.look, now=now)
                self._sounds["TranscribeProbe", command.audio] = question
            case commands.PredictEndOfTurn():
                question = self._ask("prediction", command.utterance_id, now=now)
                self._sounds["PredictEndOfTurn", command.audio] = question
            case commands.CancelTranscription():
                self._drop("words", command.utterance_id, now=now)
            case commands.CancelReply():
                self._drop("reply", command.turn_id, now=now)

    def _ask(self, *key: object, now: float) -> Question:
        question = self._waiting[key] = Question(now)
        return question

    def _drop(self, *key: object, now: float) -> None:
        question = self._waiting.get(key)
        if question is not None and question.dropped_at is None and not question.is_answered:
            question.dropped_at = now


def _utterance(command: commands.TranscribeTurn, *, started_at: float) -> _Utterance:
    return _Utterance(started_at, len(command.audio) / BYTES_PER_SAMPLE / SAMPLE_RATE_HZ)


def _reply_name(command: Spoken) -> str:
    """What a reply is one to: the persona's own lines have names that nobody says."""
    match command:
        case commands.GenerateReply(transcript=transcript):
            return f"“{transcript}”"
        case commands.SpeakLine(line=line):
            return line
        case commands.SpeakWords(words=words):
            return f"»{words}«"


def _nearest(known: list[tuple[Q, Question]], is_wanted: Callable[[Q], bool], *, now: float) -> Question | None:
    """Of those that are the same, the one that was asked just now; else the nearest, sooner one with an answer."""

    def rank(question: Question) -> tuple[bool, bool, float]:
        gap = abs(question.at - now)
        return gap > JUST_NOW_SECONDS, not question.is_answered, gap

    return min((question for about, question in known if is_wanted(about)), key=rank, default=None)
