"""Who attaches the wires? One `CallSession` drives one `CallEngine` with real sound, time, providers and rows.

Facts go in one at a time, on the event loop, and each fact's commands are done before the next fact. Nothing here
waits for a command: what takes time runs in the call's own task group and comes back as a fact.

    socket, media, providers ──▶ facts ──▶ CallEngine ──▶ commands ──▶ speaker, providers, rows, socket
                 ▲                                                         │
                 └─────────────────────────────────────────────────────────┘
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from ai_agent import commands, log_markers, signaling
from ai_agent.ai_orchestrator import AIOrchestrator, Timeouts
from ai_agent.audio_conditioning import ConditioningConfig
from ai_agent.call_chronicle import CallChronicle
from ai_agent.call_clock import CallClock
from ai_agent.call_ending import CallEnding, Ending, EndKind
from ai_agent.call_engine import CallEngine
from ai_agent.call_log import CallLog
from ai_agent.call_media import CallMedia, MediaSettings
from ai_agent.call_outbox import CallOutbox, at_ms
from ai_agent.call_records import OpenedCall
from ai_agent.call_rows import CallRows
from ai_agent.call_start import exchanges, known_room, setup_of, start_engine
from ai_agent.call_tape import CallTape, OpenRecording
from ai_agent.call_timer import CallTimer
from ai_agent.call_wishes import CallWishes
from ai_agent.call_work import CallWork
from ai_agent.conversation import ConversationPhase
from ai_agent.interview_calls import InterviewCall
from ai_agent.noise_profile import NoiseProfile
from ai_agent.persona_script import PersonaScript
from ai_agent.providers import ProviderError, Providers
from ai_agent.replay import EngineSetup
from ai_agent.voice_activity import SpeechModel
from ai_agent.webrtc import PeerConnection, SdpRefused, SpeakerTrack

logger = logging.getLogger(__name__)

WARNING_SECONDS: Final = 60.0
"""The user hears this long before the longest call ends."""


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """What the process says to each of its calls."""

    media: MediaSettings
    idle_call_seconds: float
    """Nobody speaks for so long: the call ends."""
    max_call_seconds: float
    log_transcripts: bool = False
    conditioning: ConditioningConfig = field(default_factory=ConditioningConfig)
    timeouts: Timeouts = field(default_factory=Timeouts)


@dataclass(frozen=True, slots=True)
class Socket:
    """The two things that a session does to its WebSocket."""

    send: Callable[[str], Awaitable[None]]
    close: Callable[[int], Awaitable[None]]


class _TakenIn(NamedTuple):
    """A frame that was conditioned, and that the engine is still to be told of."""

    frame: bytes
    now: float
    beside: dict[str, Any]


class _CallOver(Exception):
    """Raised in the task group to end its other tasks."""


class CallSession:
    """One call while this process holds it. Construct on the event loop, `start()`, then tell it what happened."""

    def __init__(
        self,
        opened: OpenedCall,
        *,
        script: PersonaScript,
        providers: Providers,
        speech_model: SpeechModel,
        settings: SessionSettings,
        silence_duration_ms: int,
        socket: Socket,
        interview: InterviewCall | None = None,
        laid_line: PeerConnection | None = None,
        open_recording: OpenRecording | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.opened = opened
        self._settings = settings
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._log = CallLog(logger, opened.call_id, with_transcripts=settings.log_transcripts)
        self._clock = CallClock(base=opened.max_at, clock=clock)
        self._tasks = asyncio.TaskGroup()
        self._outbox = CallOutbox(socket.send)
        self._tape = CallTape(open_recording, on_ended=self._on_recording_ended)
        self._rows = CallRows(opened.call_id, opened.epoch, on_lease_lost=lambda: self.end("taken_over", "taken_over"))
        setup = setup_of(
            opened,
            silence_duration_ms=silence_duration_ms,
            idle_end_seconds=settings.idle_call_seconds,
            has_greeting=bool(script.lines["greeting"]),
            conditioning=settings.conditioning,
            predicts_end=providers.end_of_turn is not None,
            probe_warm_up_seconds=providers.stt.probe_warm_up_seconds,
            room=self._known_room(),
            interview=interview.plan if interview else None,
        )
        self._engine = self._start_engine(setup, speech_model)
        self._orchestrator = AIOrchestrator(
            script=script,
            stt=providers.stt,
            llm=providers.llm,
            tts=providers.tts,
            end_of_turn=providers.end_of_turn,
            timeouts=settings.timeouts,
            history=exchanges(opened.history),
        )
        self.speaker = SpeakerTrack(
            on_started=self._on_reply_started, on_finished=self._on_playback_finished, on_frame=self._on_agent_frame
        )
        self._media = CallMedia(
            self.speaker, settings=settings.media, listener=self, spawn=self._tasks.create_task, laid_line=laid_line
        )
        self._work = CallWork(
            self._orchestrator,
            self.speaker,
            self._outbox,
            listener=self,
            spawn=self._tasks.create_task,
            until_written=self._rows.written,
            clock=self._clock.now,
            interview=interview,
        )
        self._chronicle = CallChronicle(
            self._engine,
            clock=self._clock,
            log=self._log,
            outbox=self._outbox,
            rows=self._rows,
            orchestrator=self._orchestrator,
        )
        self._ending = CallEnding()
        self._has_begun = asyncio.Event()
        self._taken_in: _TakenIn | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer = CallTimer(self._clock, on_due=lambda: self.on_fact("handle_timer"))
        self._wishes = CallWishes(
            self._media,
            self._log,
            tell=self.on_fact,
            samples_sent=self._samples_sent,
            is_agent_speaking=lambda: self.phase == ConversationPhase.AI_SPEAKING,
        )
        self._performers: dict[type, Callable[[Any], None]] = {
            **self._chronicle.performers,
            commands.TranscribeTurn: self._transcribe,
            commands.CancelTranscription: self._work.cancel_transcription,
            commands.PredictEndOfTurn: self._work.predict_end,
            commands.TranscribeProbe: self._work.probe,
            commands.CancelProbe: self._work.cancel_probe,
            commands.GenerateReply: self._work.generate_reply,
            commands.SpeakLine: self._work.speak_line,
            commands.SpeakWords: self._work.speak_words,
            commands.EvaluateAnswer: self._work.evaluate,
            commands.CancelReply: self._work.cancel_reply,
            commands.CancelPlayback: self._cancel_playback,
            commands.DuckPlayback: lambda command: self.speaker.duck(command.gain_db),
            commands.HoldPlayback: lambda command: self.speaker.hold(command.fade_ms),
            commands.RestorePlayback: lambda command: self.speaker.restore(command.fade_ms, command.rewind_ms),
            commands.CloseReply: self._close_reply,
            commands.EndCall: lambda command: self.end("ended", command.reason),
        }

    def _known_room(self) -> NoiseProfile | None:
        try:
            return known_room(self.opened.noise_profile, self._settings.conditioning)
        except ValueError as refusal:
            line = "the noise profile of room %s is not used: %s"
            self._log.write(log_markers.FAILURE, line, self.opened.room_id, refusal)
            return None

    def _start_engine(self, setup: EngineSetup, speech_model: SpeechModel) -> CallEngine:
        started = start_engine(setup, speech_model=speech_model, has_history=bool(self.opened.history))
        if started.refusal is not None:
            self._log.write(log_markers.FAILURE, "its stored state is not used: %s", started.refusal)
        self._tape.write_setup(started.setup)
        return started.engine

    @property
    def phase(self) -> ConversationPhase:
        return self._engine.phase

    @property
    def active_utterance_id(self) -> str | None:
        return self._engine.active_utterance_id

    # ── life ──────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> asyncio.Task[None]:
        """Begin; the task ends when everything of this call has been written, said and closed."""
        self._task = self._loop.create_task(self._run(), name=f"call {self.opened.call_id}")
        await self._has_begun.wait()
        return self._task

    def end(self, kind: EndKind, reason: str) -> None:
        """The session is over; the first reason counts."""
        self._finish_frame()
        self._ending.set(kind, reason)

    @property
    def has_ended_call(self) -> bool:
        """Whether the call itself is over: nobody will resume it."""
        return self._ending.has_come and self._ending.get().kind == "ended"

    def notify(self, code: str, message: str) -> None:
        """Tell the user something that did not come from the core."""
        self._outbox.notify(code, message)

    async def finished(self) -> None:
        """Wait until the session's last row is written and its line is closed."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        sender = self._loop.create_task(self._outbox.run())
        writer = self._loop.create_task(self._rows.run())
        try:
            await self._run_tasks()
        except* _CallOver:
            pass
        except* Exception:
            logger.exception("%s call %s failed", log_markers.FAILURE, self.opened.call_id)
            self._ending.set("failed", "internal_error")
        ending = self._ending.get()
        try:
            self._close_engine(ending)
        finally:
            await self._close_wires(ending, sender, writer)

    async def _close_wires(self, ending: Ending, sender: asyncio.Task[None], writer: asyncio.Task[None]) -> None:
        self._rows.close()
        await writer
        await self._media.close()
        if ending.kind == "ended":
            self._outbox.post(signaling.CallEnded(reason=ending.reason, call_id=str(self.opened.call_id)))
        self._outbox.close()
        await sender
        with contextlib.suppress(Exception):  # the socket may have gone first
            await self._socket.close(ending.close_code)
        self._log.write(log_markers.STOP, "over: %s (%s)", ending.kind, ending.reason)

    async def _run_tasks(self) -> None:
        async with self._tasks as tasks:
            tasks.create_task(self._limit_length())
            self._media.expect()
            self._has_begun.set()
            await self._ending.wait()
            raise _CallOver

    async def _limit_length(self) -> None:
        """Nobody talks for ever: a word a minute before, then the end. Counted over every session of the call."""
        longest = self._settings.max_call_seconds
        await self._timer.until(longest - WARNING_SECONDS)
        self._outbox.notify("about_to_end", "This call ends within a minute.")
        await self._timer.until(longest)
        self.on_fact("end_call", reason="longest_call")

    def _close_engine(self, ending: Ending) -> None:
        """Stop the sound, keep what was heard, write the last rows.

        A session that was taken over tries too: in this process the newer one waits for it, elsewhere its epoch is
        old already and the store refuses.
        """
        self.speaker.pause(unheard_seconds=self._media.absent_seconds)
        if self._engine.phase == ConversationPhase.AI_SPEAKING:
            self._tell_engine("cancel_tts", samples_sent=self._samples_sent())
        self._clock.pause()
        self._arm_timer()
        self._chronicle.save_state()
        if (profile := self._engine.noise_profile) is not None:
            self._rows.save_noise_profile(profile)
        if ending.kind == "ended":
            self._rows.end(ending.reason)
        else:
            self._rows.mark_lost()
        self._tape.write_conditioned_rest(self._engine.flush_conditioned())
        self._tape.close()

    # ── facts ─────────────────────────────────────────────────────────────────────────────────────

    async def process_user_utterance(self, *, utterance_id: str, transcript: str, is_doubtful: bool = False) -> None:
        """The recogniser's answer. One for an utterance that is no longer active is dropped and logged."""
        self._log.write_transcript("heard", transcript)
        doubt = {"is_doubtful": True} if is_doubtful else {}
        self.on_fact("process_user_utterance", utterance_id=utterance_id, transcript=transcript, **doubt)

    def on_fact(self, fact: str, **arguments: object) -> None:
        """One fact in, its commands done. After the end nothing changes any more."""
        if not self._ending.has_come:
            self._tell_engine(fact, **arguments)

    def _tell_engine(self, fact: str, **arguments: object) -> None:
        self._finish_frame()
        now = self._clock.now()
        self._tape.write_fact(fact, now=now, arguments=arguments)
        self._perform(getattr(self._engine, fact)(now=now, **arguments))

    def _perform(self, wanted: list[commands.Command]) -> None:
        for wish in wanted:
            command = self._completed(wish)
            self._tape.write_command(command, now=self._clock.now())
            self._performers[type(command)](command)
        self._arm_timer()

    def _completed(self, command: commands.Command) -> commands.Command:
        """With what only the speaker knows of a bid that was rejected: it has gone on by now."""
        if not isinstance(command, commands.ReportBargeIn) or command.record is None or command.decision != "rejected":
            return command
        return replace(command, record=replace(command.record, lost_ms=self.speaker.lost_ms))

    def _arm_timer(self) -> None:
        self._timer.set(self._engine.get_timer())

    def on_provider_failed(self, error: ProviderError) -> None:
        self._log.write(log_markers.FAILURE, "%s", error)

    def on_late_reply(self, turn_id: str) -> None:
        self._log.write_stale_result(commands.ReportStaleResult("reply", turn_id, self._engine.turn_id))

    def _on_reply_started(self, turn_id: str) -> None:
        self.on_fact("on_reply_started", turn_id=turn_id)

    def _on_agent_frame(self, frame: bytes) -> None:
        if self._clock.is_running:
            self._tape.write_agent_frame(frame, now=self._clock.now() - self.speaker.late_seconds)

    def _on_playback_finished(self, turn_id: str, samples_sent: int) -> None:
        self.on_fact("on_playback_finished", turn_id=turn_id, samples_sent=samples_sent)

    # ── the browser's wishes ──────────────────────────────────────────────────────────────────────

    def take(self, message: signaling.ClientMessage) -> None:
        """Do what one message of a running call asks for; the door's own kinds have been seen to."""
        if not self._ending.has_come:
            self._wishes.take(message)

    def now_ms(self) -> float:
        return at_ms(self._clock.now())

    # ── the line ──────────────────────────────────────────────────────────────────────────────────

    def on_media_answer(self, sdp: str) -> None:
        self._outbox.post(signaling.Answer(sdp=sdp))

    def on_media_connected(self) -> None:
        self._clock.start()
        self.speaker.resume()
        self._log.write(log_markers.SUCCESS, "media connected")
        self.on_fact("on_media_connected")

    def on_media_frame(self, frame: bytes) -> None:
        """Half of a frame's work now, half in the loop's next round, or before the next fact: neither takes 5 ms."""
        self._finish_frame()
        if self._ending.has_come:
            return
        beside = {"agent_dbfs": round(self.speaker.level_dbfs, 1), "samples_sent": self._samples_sent()}
        self._taken_in = _TakenIn(frame, self._clock.now(), beside)
        self._engine.take_in(frame)
        self._loop.call_soon(self._finish_frame)

    def _finish_frame(self) -> None:
        taken_in, self._taken_in = self._taken_in, None
        if taken_in is None or self._ending.has_come:
            return
        frame, now, beside = taken_in
        self._tape.write_frame(frame, now=now, arguments=beside)
        wanted = self._engine.on_audio_frame(frame, now, **beside)
        self._tape.write_conditioned(
            self._engine.conditioned, latency_samples=self._engine.conditioning_latency_samples
        )
        self._perform(wanted)

    def on_media_quiet(self, absent_seconds: float) -> None:
        """Nobody hears what leaves now, and what nobody sends is no silence of the user's: time stands still."""
        self._clock.pause()
        self._tape.end_line()
        self._arm_timer()
        self.speaker.pause(unheard_seconds=absent_seconds)

    def on_media_back(self) -> None:
        self._clock.start()
        self._arm_timer()
        self.speaker.resume()

    def on_media_lost(self) -> None:
        """The speaker keeps its sound until the browser has dialled again."""
        self.on_media_quiet(self._media.absent_seconds)
        self._outbox.notify("line_lost", "The line was lost. Your call is kept while the browser dials again.")

    def on_media_refused(self, refusal: SdpRefused) -> None:
        self._outbox.refuse(refusal.code, str(refusal))

    def on_media_given_up(self) -> None:
        self.end("ended", "connection_lost")

    # ── commands: the providers' work, the speaker ────────────────────────────────────────────────

    def _transcribe(self, command: commands.TranscribeTurn) -> None:
        self._tape.write_utterance(command.utterance_id, command.audio)
        self._log.write_turn_over(command)
        self._chronicle.save_state()
        self._work.transcribe(command)

    def _cancel_playback(self, command: commands.CancelPlayback) -> None:
        self._log.write(log_markers.STOP, "playback stopped, turn %s", command.turn_id)
        self.speaker.stop_now()

    def _samples_sent(self) -> int:
        turn_id = self._engine.turn_id
        return self.speaker.samples_sent(turn_id) if turn_id is not None else 0

    def _close_reply(self, command: commands.CloseReply) -> None:
        self._chronicle.close_reply(command)
        if not self._ending.has_come:
            self._work.read_ahead(question_number=self._chronicle.question_number)

    def _on_recording_ended(self, reason: str) -> None:
        self._outbox.notify("recording_ended", f"The recording of this call has ended: {reason}. The call goes on.")
