"""What would have been decided in a recorded call with other settings? An engine in that call's world.

    recorded    ─ the same ─┬─ accepted ─ the user's turn ─ its answer ─┬─ the user's move ─▶
    otherwise   ─ the same ─┼─ rejected ─ the reply goes on ─ (unknown) ┴─ taken up again ─▶
                            └ the first decision that differs

Until then both engines get the journal's facts. From there on the other one has a world of its own: the same microphone
and the same buttons at the same time; recorded answers where the same was asked, as long after it was asked as they
came then; a modelled speaker; probes and predictions that the journal does not answer made now.

What nobody knows is not made up. Where the run needs the words or the answer of a turn that never was, or where the
user was listening to something else than is said here, nothing is told until the recorded call waits for a silent
user: there it is taken up again.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from ai_agent import commands
from ai_agent.call_engine import CallEngine
from ai_agent.conversation import PENDING, ConversationPhase
from ai_agent.modelled_speaker import ModelledSpeaker, PlaybackFinished, ReplyStarted
from ai_agent.recorded_answers import REPLY_ENDS, Question, RecordedAnswers
from ai_agent.replay import Step, tell
from ai_agent.replay_trace import TraceLine, Tracer

Phase = ConversationPhase

RULE: Final = (
    "On the left what was decided, on the right what would have been (~ from the first decision that differs). From "
    "there on the right has the same microphone, with the echo of what was really played; recorded answers where the "
    "same was asked; a modelled playhead; probes and predictions that the journal does not answer made now (*). The "
    "words and answers of turns that never were are not made up, nor what a user does who hears something else: there "
    "it says “unknown”, until the recorded call waits for a silent user."
)

APART_SECONDS: Final = 0.2
"""So long the user may hear something else in the recorded call, or still hear the same."""

A_MOMENT_SECONDS: Final = 0.001
"""What was dropped was dropped by something: that comes first."""

LINE: Final = frozenset({"on_media_connected", "on_media_settings", "on_playout_delay"})
"""Facts that are true whatever was decided."""
BUTTONS: Final = frozenset({"end_turn", "on_user_text", "on_thinking", "end_call"})
"""What somebody did by hand: they may not have, had it gone otherwise; nobody knows, so they have."""

Facts = Mapping[str, Any]
Look = commands.TranscribeProbe | commands.PredictEndOfTurn
AskNow = Callable[[Look], Facts | None]
"""What a provider says of this sound now, as its fact has it without the ids; None: nothing.

Of a probe that is `transcript` and what goes with it, or the `reason` why there is none; else the `probability`.
"""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What came of it."""

    lines: tuple[TraceLine, ...]
    differs_at: float | None
    """When the first decision was another one; None: none was."""
    asked_now: int
    """So many probes and predictions were made for it."""


def what_if(
    engine: CallEngine,
    recorded: Sequence[Step],
    frames: Iterable[bytes],
    *,
    ask_now: AskNow,
    hears_anew: bool = False,
) -> WhatIf:
    """Play a recorded call through an engine with other settings. `recorded` is what `play` gave for these frames.

    `hears_anew`: the words of its probes were recognised in another language, and are asked for again.
    """
    run = _Run(engine, RecordedAnswers(recorded), ask_now, hears_anew=hears_anew)
    sound = iter(frames)
    for step in recorded:
        run.take(step, next(sound) if step.fact == "on_audio_frame" else None)
    return WhatIf(tuple(run.lines), run.differs_at, run.asked_now)


@dataclass(frozen=True, slots=True, order=True)
class _Coming:
    """A fact that will come, or the end of what is known."""

    at: float
    number: int
    fact: str = field(compare=False)
    arguments: Facts = field(compare=False)
    look: Look | None = field(default=None, compare=False)
    """What is asked for when this is due."""


_UNKNOWN: Final = "unknown"
"""In place of a fact: nothing more is known of what was asked."""


class _Run:
    """One engine on its way through a recorded call."""

    def __init__(self, engine: CallEngine, known: RecordedAnswers, ask_now: AskNow, *, hears_anew: bool) -> None:
        self._hears_anew = hears_anew
        self.lines: list[TraceLine] = []
        self.differs_at: float | None = None
        self.asked_now = 0
        self._engine = engine
        self._known = known
        self._ask_now = ask_now
        self._tracer = Tracer()
        self._speaker = ModelledSpeaker()
        self._reply_turn = ""
        """The turn whose reply was asked for last."""
        self._reply: Question | None = None
        """Which of the recorded ones that reply is; None: none."""
        self._coming: list[_Coming] = []
        self._numbers = count()
        self._started_at: dict[str, float] = {}
        """When the speech of each utterance began."""
        self._unknown: dict[str, str] = {}
        """Utterance or turn → what of it nobody knows."""
        self._is_lost = False
        """Nothing is told until the recorded call waits for a silent user."""
        self._recorded_turn = ""
        """The turn whose reply the recorded call spoke last."""
        self._apart_since: float | None = None
        self._recorded_due: float | None = None
        """When the recorded engine wanted to be woken."""

    def take(self, step: Step, frame: bytes | None) -> None:
        """One step of the recorded call."""
        if self._engine.is_ended:
            return
        if step.fact == "on_reply_started":
            self._recorded_turn = step.arguments["turn_id"]
        if self._is_lost:
            self._wait(step, frame)
        elif self.differs_at is None:
            self._go_along(step, frame)
        else:
            self._go_on(step, frame)
        self._recorded_due = step.due

    # ── as it was ─────────────────────────────────────────────────────────────────────────────────

    def _go_along(self, step: Step, frame: bytes | None) -> None:
        """So far every fact of the journal is true here too."""
        due = self._engine.get_timer()
        if due is not None and due <= step.now and (self._recorded_due is None or due < self._recorded_due):
            self._wake(due)
            if self.differs_at is not None:
                self._go_on(step, frame)
                return
        self._follow(step)
        mine = tell(self._engine, step.fact, step.now, step.arguments, frame=frame)
        if mine.commands != step.commands:
            self.differs_at = step.now
        self._do(mine)

    def _follow(self, step: Step) -> None:
        """What came of a question has come; what the speaker did, the modelled one does."""
        came = next((item for item in self._coming if (item.fact, item.arguments) == (step.fact, step.arguments)), None)
        self._coming = [item for item in self._coming if item is not came and (item.look is None or item.at > step.now)]
        match step.fact:
            case "on_reply_started":
                self._speaker.follow(ReplyStarted(step.arguments["turn_id"]))
            case "on_playback_finished":
                self._speaker.follow(PlaybackFinished(step.arguments["turn_id"], step.arguments["samples_sent"]))
            case "on_audio_frame":
                self._speaker.follow_frame(step.arguments.get("samples_sent"))

    # ── otherwise ─────────────────────────────────────────────────────────────────────────────────

    def _go_on(self, step: Step, frame: bytes | None) -> None:
        """Of the journal only what answers nothing is true here."""
        self._come_to(step.now)
        if self._engine.is_ended:
            return
        if self._is_lost:
            self._wait(step, frame)
            return
        match step.fact:
            case "on_audio_frame":
                self._play_frame(step.now)
                sent = {"samples_sent": self._samples_sent} if "samples_sent" in step.arguments else {}
                self._tell(step.fact, step.now, {**step.arguments, **sent}, frame=frame)
            case "cancel_tts":
                self._tell(step.fact, step.now, {"samples_sent": self._samples_sent})
            case fact if fact in LINE | BUTTONS:
                self._tell(fact, step.now, step.arguments)
        self._meet_unknown(step.now)
        self._listen_in(step)

    @property
    def _samples_sent(self) -> int:
        return self._speaker.samples_sent(self._reply_turn)

    def _come_to(self, now: float) -> None:
        """What comes and what is due until then, in its order."""
        while not (self._is_lost or self._engine.is_ended):
            due = self._engine.get_timer()
            if self._coming and self._coming[0].at <= min(now, now if due is None else due):
                self._arrive(self._coming.pop(0))
            elif due is not None and due <= now:
                self._wake(due)
            else:
                return

    def _arrive(self, item: _Coming) -> None:
        if item.fact == _UNKNOWN:
            self._unknown[item.arguments["of"]] = item.arguments["what"]
        elif item.look is None:
            self._tell(item.fact, item.at, item.arguments)
        elif (answer := self._ask_now(item.look)) is not None:
            self.asked_now += 1
            fact = "on_probe_failed" if "reason" in answer else item.fact
            self._tell(fact, item.at, {**item.arguments, **answer}, is_anew=True)
        self._meet_unknown(item.at)

    def _wake(self, due: float) -> None:
        step = tell(self._engine, "handle_timer", due, {})
        if step.commands and self.differs_at is None:
            self.differs_at = due
        self._do(step)

    def _play_frame(self, now: float) -> None:
        for event in self._speaker.tick():
            match event:
                case ReplyStarted(turn_id=turn_id):
                    self._tell("on_reply_started", now, {"turn_id": turn_id})
                case PlaybackFinished(turn_id=turn_id, samples_sent=samples_sent):
                    self._tell("on_playback_finished", now, {"turn_id": turn_id, "samples_sent": samples_sent})

    def _tell(
        self, fact: str, now: float, arguments: Facts, *, frame: bytes | None = None, is_anew: bool = False
    ) -> None:
        self._do(tell(self._engine, fact, now, arguments, frame=frame), is_anew=is_anew)

    # ── what it asks for ──────────────────────────────────────────────────────────────────────────

    def _do(self, step: Step, *, is_anew: bool = False) -> None:
        is_otherwise = self.differs_at is not None
        self.lines += self._tracer.lines(step, is_otherwise=is_otherwise, is_anew=is_anew)
        if step.fact == "on_sound_queued":
            self._speaker.enqueue(step.arguments["turn_id"], step.arguments["samples"])
        elif step.fact in REPLY_ENDS:
            self._speaker.finish(step.arguments["turn_id"])
        for command in step.commands:
            self._perform(command, now=step.now)

    def _perform(self, command: commands.Command, *, now: float) -> None:
        ids: Facts
        match command:
            case commands.OpenTurn():
                self._started_at[command.utterance_id] = command.started_at
            case commands.TranscribeTurn(utterance_id=utterance_id):
                question = self._known.of_turn(command, started_at=self._started_at[utterance_id], now=now)
                self._expect(question, {"utterance_id": utterance_id}, what="the words of this turn", now=now)
            case commands.EvaluateAnswer(turn_id=turn_id, utterance_id=utterance_id):
                ids = {"utterance_id": utterance_id, "turn_id": turn_id}
                judged = self._known.of_evaluation(command, now=now)
                self._expect(judged, ids, what="how this answer is judged", now=now)
            case (
                commands.GenerateReply(turn_id=turn_id)
                | commands.SpeakLine(turn_id=turn_id)
                | commands.SpeakWords(turn_id=turn_id)
            ):
                self._reply_turn, self._reply = turn_id, self._known.of_reply(command, now=now)
                self._expect(self._reply, {"turn_id": turn_id}, what="how this answer goes on", now=now)
            case commands.TranscribeProbe(candidate_id=candidate_id, look=look):
                ids = {"candidate_id": candidate_id, "look": look}
                self._expect_look(command, "on_probe_transcribed", ids, now=now)
            case commands.PredictEndOfTurn(utterance_id=utterance_id):
                self._expect_look(command, "on_end_of_turn_predicted", {"utterance_id": utterance_id}, now=now)
            case commands.CancelTranscription(utterance_id=given_up):
                self._forget("utterance_id", given_up)
            case commands.CancelReply(turn_id=given_up):
                self._forget("turn_id", given_up)
            case commands.CancelProbe(candidate_id=given_up):
                self._forget("candidate_id", given_up)
            case commands.CancelPlayback():
                self._speaker.cancel()
            case commands.HoldPlayback(fade_ms=fade_ms):
                self._speaker.hold(fade_ms)
            case commands.RestorePlayback(rewind_ms=rewind_ms):
                self._speaker.restore(rewind_ms)

    def _expect(self, question: Question | None, ids: Facts, *, what: str, now: float) -> None:
        """What came of the same question comes again, as long after it; then nothing is known any more."""
        if question is None:
            self._add(now, _UNKNOWN, {"of": next(iter(ids.values())), "what": what, **ids})
            return
        for answer in question.answers:
            self._add(_moved(answer.at, question, now), answer.fact, {**ids, **answer.arguments})
        if question.dropped_at is not None and what:
            unknown = {"of": next(iter(ids.values())), "what": what, **ids}
            self._add(_moved(question.dropped_at, question, now) + A_MOMENT_SECONDS, _UNKNOWN, unknown)

    def _expect_look(self, command: Look, fact: str, ids: Facts, *, now: float) -> None:
        is_other_language = self._hears_anew and isinstance(command, commands.TranscribeProbe)
        question = None if is_other_language else self._known.of_look(command)
        if question is not None and question.is_answered:
            self._expect(question, ids, what="", now=now)
        else:
            self._add(now + self._known.usual_seconds(command), fact, ids, look=command)

    def _add(self, at: float, fact: str, arguments: Facts, *, look: Look | None = None) -> None:
        insort(self._coming, _Coming(at, next(self._numbers), fact, arguments, look))

    def _forget(self, kind: str, given_up: str) -> None:
        self._coming = [item for item in self._coming if item.arguments.get(kind) != given_up]

    # ── what nobody knows ─────────────────────────────────────────────────────────────────────────

    def _meet_unknown(self, now: float) -> None:
        """Does the run stand and wait for something that nobody knows?"""
        waits_for = self._engine.active_utterance_id if self._engine.phase is Phase.VALIDATING_UTTERANCE else None
        if self._engine.phase in {Phase.PROCESSING_USER, Phase.AI_SPEAKING}:
            is_due = any(item.arguments.get("turn_id") == self._reply_turn for item in self._coming)
            waits_for = None if is_due or not self._speaker.is_dry(self._reply_turn) else self._reply_turn
        if waits_for in self._unknown:
            self._lose_track(self._unknown[waits_for], now=now)

    def _listen_in(self, step: Step) -> None:
        """Who hears something else, or still hears what is over here, would have done something else."""
        what = None if self._is_lost else self._what_else_is_heard(step)
        if what is None:
            self._apart_since = None
            return
        self._apart_since = step.now if self._apart_since is None else self._apart_since
        if step.now - self._apart_since >= APART_SECONDS:
            self._lose_track(what, now=step.now)

    def _what_else_is_heard(self, step: Step) -> str | None:
        if self._engine.phase is Phase.AI_SPEAKING and step.phase is Phase.AI_SPEAKING:
            is_same = self._known.in_turn(self._recorded_turn) is self._reply
            return None if is_same else "what the user does now: the recorded call says something else"
        is_idle = self._engine.phase is Phase.WAIT_FOR_USER and self._engine.active_utterance_id is None
        if is_idle and step.phase is not Phase.WAIT_FOR_USER:
            return "what the user does now: the recorded call is not waiting for them"
        return None

    def _lose_track(self, what: str, *, now: float) -> None:
        self.lines.append(TraceLine(now, "unknown", what, is_otherwise=True))
        self._is_lost = True
        self._apart_since = None
        self._coming.clear()
        self._speaker.cancel()
        self._give_up(now)

    def _wait(self, step: Step, frame: bytes | None) -> None:
        """The ear goes on learning; what is decided does not count."""
        if step.fact == "end_call":
            self._tell(step.fact, step.now, step.arguments)
        elif step.fact in LINE or frame is not None:
            tell(self._engine, step.fact, step.now, step.arguments, frame=frame)
        if step.is_idle and not self._engine.is_ended:
            self._is_lost = False
            self._give_up(step.now)
            self.lines.append(TraceLine(step.now, "known", "again: the recorded call waits for the user", True))

    def _give_up(self, now: float) -> None:
        """Whatever is under way is dropped, and it is the user's move."""
        if self._engine.phase is Phase.WAIT_FOR_USER:
            tell(self._engine, "end_turn", now, {})
        if self._engine.phase in PENDING or self._engine.phase is Phase.AI_SPEAKING:
            tell(self._engine, "cancel_tts", now, {"samples_sent": self._samples_sent})
        tell(self._engine, "cancel_tts", now, {"samples_sent": 0})


def _moved(at: float, question: Question, now: float) -> float:
    """When this comes, where the question was asked now; the very moment, where it is the same question."""
    return at if question.at == now else now + (at - question.at)
