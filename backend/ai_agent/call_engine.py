"""What happens in one call, without its wires? Facts in, commands out.

    on_audio_frame(frame, now) ─┐
    process_user_utterance(…)  ─┼─▶ CallEngine ─▶ [TranscribeTurn(…), PhaseChanged(…), …]
    handle_timer(now)          ─┘

It never waits, reads no clock and starts nothing. Every input is one of `FACTS`, so a recorded call can be played
through it again. `now` is seconds since the call began. Sound is counted in frames; deadlines compare with `now`.
Whatever is waited for has a deadline in `get_timer`, and a way out that the user hears or sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import SAMPLE_RATE_HZ, SILENT_FRAME, duration_ms, require_frame
from ai_agent.barge_in_state_machine import BargeinStateMachine
from ai_agent.capture import Capture, MicrophoneRing
from ai_agent.commands import (
    AcceptTranscript,
    CancelPlayback,
    CancelReply,
    CancelTranscription,
    Command,
    EndCall,
    GenerateReply,
    LineName,
    Notify,
    OpenTurn,
    PhaseChanged,
    ReportStaleResult,
    SpeakingChanged,
    SpeakLine,
    TranscribeTurn,
)
from ai_agent.conversation import ConversationEvent, ConversationPhase, next_phase
from ai_agent.endpointing import (
    Endpointer,
    EndpointEvent,
    EndReason,
    SilenceBegan,
    SpeechContinued,
    SpeechResumed,
    UtteranceDropped,
    UtteranceEnded,
    UtteranceOpened,
    UtteranceStarted,
)
from ai_agent.exchange import INITIAL_PLAYOUT_DELAY_MS, Reply, Utterance
from ai_agent.levels import SILENCE_DBFS
from ai_agent.persona_behaviors import BargeInPolicy, TurnPolicy
from ai_agent.voice_activity import CallerLevel, SpeechModel, VoiceActivityDetector, VoiceFrame

Phase = ConversationPhase
Event = ConversationEvent

SNAPSHOT_VERSION: Final = 1

MICROPHONE_SOUND_DBFS: Final = -80.0
"""A microphone that never gets louder than this is closed, broken or the wrong one."""

FACTS: Final = frozenset(
    {
        "on_media_connected",
        "on_audio_frame",
        "process_user_utterance",
        "on_transcription_failed",
        "on_first_token",
        "on_first_audio",
        "on_sentence_queued",
        "on_reply_started",
        "on_reply_complete",
        "on_reply_failed",
        "on_playback_finished",
        "cancel_tts",
        "end_turn",
        "on_user_text",
        "on_playout_delay",
        "on_media_settings",
        "end_call",
        "handle_timer",
    }
)
"""The names of all facts. A journal records them, and a replay calls them by name."""


class SnapshotRefused(ValueError):
    """The stored state is not one that this engine can go on from."""


class CallEngine:
    """One call without its wires."""

    def __init__(
        self,
        *,
        turn_policy: TurnPolicy,
        barge_in_policy: BargeInPolicy,
        speech_model: SpeechModel,
        new_id: Callable[[], str],
        has_greeting: bool = True,
        conditioner: AudioConditioner | None = None,
        snapshot: Mapping[str, object] | None = None,
    ) -> None:
        self.phase = Phase.WAIT_FOR_USER
        self.active_utterance_id: str | None = None
        """The utterance that is captured, transcribed or answered now."""
        self.turn_id: str | None = None
        self.is_ended = False
        self._policy = turn_policy
        self._new_id = new_id
        self._conditioner = conditioner or AudioConditioner()
        self._detector = VoiceActivityDetector(speech_model, snr_db=turn_policy.snr_db)
        self._caller = CallerLevel()
        self._ring = MicrophoneRing()
        self._endpointer = Endpointer(turn_policy, ring=self._ring, caller=self._caller)
        self._barge_in = BargeinStateMachine(barge_in_policy, ring=self._ring)
        self._utterance: Utterance | None = None
        self._reply: Reply | None = None
        self._deadline: float | None = None
        """When the pending transcript, or the first frame of the pending reply, is no longer waited for."""
        self._now = 0.0
        self._greets = has_greeting
        self._is_connected = False
        self._is_muted = False
        self._microphone_due: float | None = None
        self._active_at = 0.0
        """When somebody last had something to say: idle time counts from here."""
        self._has_prompted = False
        self._playout_delay_ms = INITIAL_PLAYOUT_DELAY_MS
        self._frames_received = 0
        self._unanswered: Utterance | None = None
        """A transcript that was accepted before the connection was lost, and not answered."""
        if snapshot is not None:
            self._restore(snapshot)

    # ── media ─────────────────────────────────────────────────────────────────────────────────────

    def on_media_connected(self, now: float) -> list[Command]:
        """Sound can flow, for the first time or again."""
        if not self._hear_of(now):
            return []
        self._is_connected = True
        self._active_at = now
        self._expect_sound(now=now)
        if self.phase is not Phase.WAIT_FOR_USER or self._endpointer.capture:
            return self._announce(now=now)
        if self._unanswered is not None:
            return self._answer_again(self._unanswered, now=now)
        if self._greets:
            return self._begin_line("greeting", now=now)
        return self._announce(now=now)

    def on_audio_frame(self, frame: bytes, now: float, *, agent_dbfs: float = SILENCE_DBFS) -> list[Command]:
        """20 ms of the microphone. `agent_dbfs` is the level of the agent's frame that was sent at the same tick.

        Raises:
            ValueError: it is not 1,920 bytes; nothing has changed.
        """
        heard = require_frame(frame)
        if not self._hear_of(now):
            return []
        self._frames_received += 1
        conditioned = self._conditioner.condition(
            SILENT_FRAME if self._is_muted else heard,
            speech_probability=self._detector.probability,
            agent_speaking=self.phase is Phase.AI_SPEAKING,
        )
        voice = self._detector.process(conditioned, agent_dbfs=agent_dbfs)
        if conditioned.metrics.energy_dbfs > MICROPHONE_SOUND_DBFS:
            self._microphone_due = None
        kept = conditioned.tap(self._conditioner.config.stt_tap)
        self._ring.append(kept)
        return self._listen(kept, voice, now=now)

    def on_media_settings(self, *, muted: bool, now: float) -> list[Command]:
        """What the browser really does with the microphone."""
        if not self._hear_of(now) or muted == self._is_muted:
            return []
        self._is_muted = muted
        self._expect_sound(now=now)
        return []

    def on_playout_delay(self, *, delay_ms: float, now: float) -> list[Command]:
        """How long the browser keeps a sample before the ear gets it."""
        if self._hear_of(now):
            self._playout_delay_ms = max(0.0, delay_ms)
        return []

    def _expect_sound(self, *, now: float) -> None:
        waits = self._is_connected and not self._is_muted
        self._microphone_due = now + self._policy.microphone_check_seconds if waits else None

    # ── the user's sound ──────────────────────────────────────────────────────────────────────────

    def _listen(self, frame: bytes, voice: VoiceFrame, *, now: float) -> list[Command]:
        """Exactly one listener gets each frame: who, is a matter of whose move it is."""
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._on_endpoint(self._endpointer.process(frame, voice, now=now), now=now)
            case Phase.VALIDATING_UTTERANCE | Phase.PROCESSING_USER:
                continued = self._endpointer.watch(frame, voice, now=now)
                return self._reopen(continued, now=now) if continued else []
            case Phase.AI_SPEAKING:
                self._barge_in.process(frame, voice, now=now)
                return []

    def _on_endpoint(self, event: EndpointEvent | None, *, now: float) -> list[Command]:
        match event:
            case UtteranceOpened():
                self._bind_utterance()
            case UtteranceDropped():
                self._release_utterance()
            case UtteranceStarted(at=at) | SpeechResumed(at=at):
                self._note_activity(now=now)
                return [SpeakingChanged("user", speaking=True, at=at)]
            case SilenceBegan(at=at):
                return [SpeakingChanged("user", speaking=False, at=at)]
            case UtteranceEnded(reason=reason):
                return self._end_utterance(reason, now=now)
            case None:
                pass
        return []

    def _bind_utterance(self, *, replaces: Utterance | None = None) -> None:
        """Capture starts: from here on the utterance has its id, through recognition and reply."""
        self._utterance = Utterance(utterance_id=self._new_id(), turn_id=self._new_id(), replaces=replaces)
        self.active_utterance_id = self._utterance.utterance_id
        self.turn_id = self._utterance.turn_id

    def _release_utterance(self) -> None:
        self._utterance = None
        self.active_utterance_id = None
        self.turn_id = None

    def _adopt(self, capture: Capture | None, *, now: float) -> list[Command]:
        """Speech that is under way becomes the user's, with its beginning."""
        if capture is None:
            return []
        self._bind_utterance()
        return self._on_endpoint(self._endpointer.adopt(capture, now=now), now=now)

    def _end_utterance(self, reason: EndReason, *, now: float) -> list[Command]:
        utterance, capture = self._utterance, self._endpointer.capture
        if utterance is None or capture is None:
            raise AssertionError("an utterance that ends was bound when its capture started")
        was_speaking = not self._endpointer.is_silent
        utterance.started_at, utterance.speech_ended_at = capture.started_at, capture.speech_ended_at
        utterance.ended_at = now
        utterance.snr_db, utterance.clipping_percent = capture.measured.snr_db, capture.measured.clipping_percent
        if capture.measured.level_dbfs is not None:
            self._caller.add_turn(capture.measured.level_dbfs)
        audio = self._endpointer.close()
        self._deadline = now + self._stt_patience(audio)
        return [
            *([SpeakingChanged("user", speaking=False, at=capture.speech_ended_at)] if was_speaking else []),
            *self._move(Event.UTTERANCE_ENDED, reason=reason, now=now),
            *self._open_turn(utterance),
            TranscribeTurn(utterance.utterance_id, utterance.turn_id, audio),
        ]

    def _open_turn(self, utterance: Utterance) -> list[Command]:
        row = OpenTurn(utterance.turn_id, utterance.utterance_id, utterance.started_at, utterance.ended_at)
        return [row, *utterance.supersede()]

    def _stt_patience(self, audio: bytes) -> float:
        seconds = duration_ms(audio) / 1000
        return self._policy.stt_deadline_seconds + self._policy.stt_seconds_per_audio_second * seconds

    def _reopen(self, continued: SpeechContinued, *, now: float) -> list[Command]:
        """The user went on before the first reply frame left: drop the pending work, listen again."""
        cancelled = self._cancel_pending()
        self._bind_utterance(replaces=self._utterance if continued.joins else None)
        self._note_activity(now=now)
        return [
            *cancelled,
            *self._move(Event.SPEECH_CONTINUED, now=now),
            SpeakingChanged("user", speaking=True, at=continued.at),
        ]

    # ── what was said ─────────────────────────────────────────────────────────────────────────────

    def process_user_utterance(self, *, utterance_id: str, transcript: str, now: float) -> list[Command]:
        """The transcript of one utterance."""
        if not self._hear_of(now):
            return []
        utterance = self._awaited_utterance(utterance_id)
        if utterance is None:
            return self._stale("transcript", utterance_id)
        words = transcript.strip()
        if not words:
            return self._give_up_turn(
                Event.TRANSCRIPT_EMPTY, Notify("not_understood", "I could not make out any words."), now=now
            )
        utterance.transcript, utterance.transcribed_at = words, now
        return self._answer(utterance, Event.TRANSCRIPT_ACCEPTED, accepted=True, now=now)

    def on_transcription_failed(self, *, utterance_id: str, reason: str, now: float) -> list[Command]:
        """There will be no transcript: the persona says so."""
        if not self._hear_of(now):
            return []
        if self._awaited_utterance(utterance_id) is None:
            return self._stale("transcript", utterance_id)
        notice = Notify("transcription_failed", f"What you said could not be recognised: {reason}.")
        return [notice, *self._begin_line("apology", event=Event.TRANSCRIPTION_FAILED, now=now)]

    def on_user_text(self, *, transcript: str, now: float) -> list[Command]:
        """A typed utterance takes the floor, whoever has it."""
        words = transcript.strip()
        if not words or not self._hear_of(now):
            return []
        taken = self._take_over(now=now)
        self._note_activity(now=now)
        self._bind_utterance()
        utterance = self._utterance
        if utterance is None:
            raise AssertionError("it was bound on the line above")
        utterance.is_typed, utterance.transcript = True, words
        utterance.started_at = utterance.speech_ended_at = utterance.ended_at = now
        self._greets = False
        commands = self._answer(utterance, Event.TEXT_TYPED, accepted=True, now=now)
        return [*taken, *self._open_turn(utterance), *commands]

    def end_turn(self, *, now: float) -> list[Command]:
        """ "I'm done": the turn is over now."""
        if not self._hear_of(now) or self.phase is not Phase.WAIT_FOR_USER:
            return []
        ended = self._endpointer.end_now()
        if ended is None:
            return [Notify("nothing_said", "Nothing has been said yet.")]
        return self._on_endpoint(ended, now=now)

    def _awaited_utterance(self, utterance_id: str) -> Utterance | None:
        awaited = self.phase is Phase.VALIDATING_UTTERANCE and utterance_id == self.active_utterance_id
        return self._utterance if awaited else None

    def _answer(self, utterance: Utterance, event: Event, *, accepted: bool, now: float) -> list[Command]:
        """Ask for the reply to what was said."""
        self._reply = Reply(utterance.turn_id, requested_at=now, utterance=utterance)
        self._unanswered = None
        self._deadline = now + self._policy.reply_deadline_seconds
        ids = (utterance.turn_id, utterance.utterance_id, utterance.transcript)
        return [
            *([AcceptTranscript(*ids)] if accepted else []),
            *self._move(event, now=now),
            GenerateReply(*ids),
        ]

    def _answer_again(self, utterance: Utterance, *, now: float) -> list[Command]:
        """The reply that was pending when the connection was lost."""
        self._utterance = utterance
        self.active_utterance_id, self.turn_id = utterance.utterance_id, utterance.turn_id
        return self._answer(utterance, Event.REPLY_RESUMED, accepted=False, now=now)

    def _give_up_turn(self, event: Event, notice: Notify, *, now: float) -> list[Command]:
        """Nothing follows from this turn: the user's move again, and a word about why."""
        moved = self._move(event, now=now)
        self._reply = None
        self._release_utterance()
        return [*moved, notice, *self._adopt(self._endpointer.hand_over(), now=now)]

    # ── the reply ─────────────────────────────────────────────────────────────────────────────────

    def on_first_token(self, *, turn_id: str, now: float) -> list[Command]:
        """The language model has begun."""
        if not self._hear_of(now):
            return []
        reply = self._awaited_reply(turn_id)
        if reply is None:
            return self._stale("reply", turn_id)
        reply.first_token_at = reply.first_token_at if reply.first_token_at is not None else now
        return []

    def on_first_audio(self, *, turn_id: str, now: float) -> list[Command]:
        """The voice has begun."""
        if not self._hear_of(now):
            return []
        reply = self._awaited_reply(turn_id)
        if reply is None:
            return self._stale("reply", turn_id)
        reply.first_audio_at = reply.first_audio_at if reply.first_audio_at is not None else now
        return []

    def on_sentence_queued(self, *, turn_id: str, sentence: str, samples: int, now: float) -> list[Command]:
        """All of a sentence's sound was handed to the speaker."""
        if not self._hear_of(now):
            return []
        reply = self._awaited_reply(turn_id)
        if reply is None:
            return self._stale("reply", turn_id)
        reply.add_sentence(sentence, samples=samples, now=now)
        return []

    def on_reply_started(self, *, turn_id: str, now: float) -> list[Command]:
        """The first frame of the reply has left: from here on the agent has the floor."""
        if not self._hear_of(now):
            return []
        reply = self._awaited_reply(turn_id)
        if reply is None or self.phase is not Phase.PROCESSING_USER:
            return self._stale("reply", turn_id)
        reply.start(now=now)
        self._deadline = None
        sounding = self._endpointer.hand_over()
        moved = self._move(Event.REPLY_STARTED, now=now)
        self._barge_in.arm(sounding)
        return [*moved, SpeakingChanged("agent", speaking=True, at=now)]

    def on_reply_complete(self, *, turn_id: str, now: float) -> list[Command]:
        """Nothing more will be queued for this turn."""
        if not self._hear_of(now):
            return []
        reply = self._awaited_reply(turn_id)
        if reply is None:
            return self._stale("reply", turn_id)
        reply.is_complete = True
        if self.phase is Phase.PROCESSING_USER and reply.cursor.planned_samples == 0:
            return self._fail_reply(reply, reason="it was empty", now=now)
        return []

    def on_reply_failed(self, *, turn_id: str, reason: str, now: float) -> list[Command]:
        """The reply broke off. What is queued is still played; the shell finishes the queue as after a whole reply."""
        if not self._hear_of(now):
            return []
        reply = self._awaited_reply(turn_id)
        if reply is None:
            return self._stale("reply", turn_id)
        if self.phase is Phase.AI_SPEAKING:
            reply.has_failed = reply.is_complete = True
            return []
        return self._fail_reply(reply, reason=reason, now=now)

    def on_playback_finished(self, *, turn_id: str, samples_sent: int, now: float) -> list[Command]:
        """The queue is empty, and nothing more will come."""
        if not self._hear_of(now):
            return []
        reply = self._awaited_reply(turn_id)
        if reply is None:
            return self._stale("reply", turn_id)
        if self.phase is Phase.PROCESSING_USER:
            return self._fail_reply(reply, reason="it had no sound", now=now)
        event = Event.REPLY_FAILED if reply.has_failed else Event.PLAYBACK_FINISHED
        notice = [Notify("reply_broke_off", "The answer broke off.")] if reply.has_failed else []
        return [*self._close_reply(reply, event, samples_heard=None, now=now), *notice]

    def cancel_tts(self, *, samples_sent: int, now: float) -> list[Command]:
        """The stop button. `samples_sent` of the reply that is spoken have left for the listener."""
        if not self._hear_of(now):
            return []
        self._note_activity(now=now)
        if self.phase is Phase.AI_SPEAKING:
            return self._interrupt(Event.USER_TOOK_OVER, samples_sent=samples_sent, now=now)
        if self.phase is Phase.PROCESSING_USER:
            return self._drop_pending(now=now)
        return []

    def _awaited_reply(self, turn_id: str) -> Reply | None:
        reply = self._reply
        return reply if reply is not None and reply.turn_id == turn_id else None

    def _begin_line(self, line: LineName, *, event: Event = Event.LINE_BEGUN, now: float) -> list[Command]:
        """The persona says one of its own lines."""
        moved = self._move(event, now=now, turn_id=self._expect_line(line, now=now))
        return [*moved, *self._speak_expected_line()]

    def _expect_line(self, line: LineName, *, now: float) -> str:
        turn_id = self._new_id()
        self._reply = Reply(turn_id, requested_at=now, line=line)
        self._deadline = now + self._policy.reply_deadline_seconds
        self.active_utterance_id, self.turn_id = None, turn_id
        if line == "greeting":
            self._greets = False
        return turn_id

    def _speak_expected_line(self) -> list[Command]:
        reply = self._reply
        return [SpeakLine(reply.turn_id, reply.line)] if reply and reply.line else []

    def _fail_reply(self, reply: Reply, *, reason: str, now: float) -> list[Command]:
        """No frame of it has left. A failed answer is apologised for; a failed line is not, or it would loop."""
        cancelled: list[Command] = [CancelPlayback(reply.turn_id), CancelReply(reply.turn_id)]
        if reply.line is not None:
            notice = Notify("voice_failed", f"The voice could not speak: {reason}.")
            return [*cancelled, *self._give_up_turn(Event.REPLY_FAILED, notice, now=now)]
        self._expect_line("apology", now=now)
        notice = Notify("reply_failed", f"There is no answer to this: {reason}.")
        return [*cancelled, notice, *self._speak_expected_line()]

    def _interrupt(self, event: Event, *, samples_sent: int, now: float) -> list[Command]:
        reply = self._reply
        if reply is None:
            raise AssertionError("somebody speaks while the agent speaks")
        delay = round(self._playout_delay_ms * SAMPLE_RATE_HZ / 1000)
        return [
            CancelPlayback(reply.turn_id),
            CancelReply(reply.turn_id),
            *self._close_reply(reply, event, samples_heard=max(0, samples_sent - delay), now=now),
        ]

    def _close_reply(self, reply: Reply, event: Event, *, samples_heard: int | None, now: float) -> list[Command]:
        """The agent's move is over; speech that is under way goes on as the user's."""
        candidate = self._barge_in.disarm()
        self._reply = None
        if reply.line != "still_there":
            self._note_activity(now=now)
        self._release_utterance()
        return [
            *self._move(event, now=now, turn_id=reply.turn_id),
            SpeakingChanged("agent", speaking=False, at=now),
            reply.close(samples_heard=samples_heard, now=now),
            *reply.report(),
            *self._adopt(candidate, now=now),
        ]

    # ── taking over, giving up, ending ────────────────────────────────────────────────────────────

    def _take_over(self, *, now: float) -> list[Command]:
        """The user has something else to say: whatever is under way is dropped."""
        match self.phase:
            case Phase.WAIT_FOR_USER:
                taken = self._stop_capture(now=now)
            case Phase.VALIDATING_UTTERANCE | Phase.PROCESSING_USER:
                taken = self._drop_pending(now=now)
            case Phase.AI_SPEAKING:
                samples = self._reply.samples_played(now=now) if self._reply else 0
                taken = self._interrupt(Event.USER_TOOK_OVER, samples_sent=samples, now=now)
        return [*taken, *self._stop_capture(now=now)] if self._endpointer.capture else taken

    def _stop_capture(self, *, now: float) -> list[Command]:
        was_speaking = not self._endpointer.is_silent
        self._endpointer.drop()
        self._release_utterance()
        return [SpeakingChanged("user", speaking=False, at=now)] if was_speaking else []

    def _drop_pending(self, *, now: float) -> list[Command]:
        dropped = [*self._cancel_pending(), *self._move(Event.USER_TOOK_OVER, now=now)]
        self._release_utterance()
        return [*dropped, *self._adopt(self._endpointer.hand_over(), now=now)]

    def _cancel_pending(self) -> list[Command]:
        """Nobody waits any more for the transcript, or for the reply."""
        reply, self._reply = self._reply, None
        self._deadline = None
        if reply is not None:
            return [CancelPlayback(reply.turn_id), CancelReply(reply.turn_id)]
        return [CancelTranscription(self.active_utterance_id)] if self.active_utterance_id else []

    def end_call(self, *, reason: str, now: float) -> list[Command]:
        """Somebody hangs up."""
        if not self._hear_of(now):
            return []
        commands = self._abandon(now=now)
        self.is_ended = True
        return [*commands, EndCall(reason)]

    def _abandon(self, *, now: float) -> list[Command]:
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._stop_capture(now=now)
            case Phase.VALIDATING_UTTERANCE | Phase.PROCESSING_USER:
                return self._cancel_pending()
            case Phase.AI_SPEAKING:
                samples = self._reply.samples_played(now=now) if self._reply else 0
                commands = self._interrupt(Event.USER_TOOK_OVER, samples_sent=samples, now=now)
                return [*commands, *self._stop_capture(now=now)]

    # ── time ──────────────────────────────────────────────────────────────────────────────────────

    def get_timer(self) -> float | None:
        """When `handle_timer` wants to be called; None after the end."""
        if self.is_ended:
            return None
        due = [self._phase_deadline()]
        if self._microphone_due is not None:
            due.append(self._microphone_due)
        return min(due)

    def handle_timer(self, *, now: float) -> list[Command]:
        """Do what is due by now."""
        if not self._hear_of(now):
            return []
        commands: list[Command] = []
        if self._microphone_due is not None and now >= self._microphone_due:
            self._microphone_due = None
            commands.append(Notify("no_microphone_sound", "Your microphone gives no sound. Is it the right one?"))
        if now >= self._phase_deadline():
            commands.extend(self._on_deadline(now=now))
        return commands

    def _phase_deadline(self) -> float:
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._idle_deadline()
            case Phase.VALIDATING_UTTERANCE | Phase.PROCESSING_USER:
                if self._deadline is None:
                    raise AssertionError("what is pending has a deadline")
                return self._deadline
            case Phase.AI_SPEAKING:
                if self._reply is None:
                    raise AssertionError("somebody speaks while the agent speaks")
                return self._reply.stalls_at(self._policy.stall_seconds)

    def _idle_deadline(self) -> float:
        if self._endpointer.is_speech:
            return self._active_at + self._policy.max_turn_seconds + self._policy.silence_duration_ms / 1000
        ends_at = self._active_at + self._policy.idle_end_seconds
        if self._may_prompt():
            return min(ends_at, self._active_at + self._policy.idle_prompt_seconds)
        return ends_at

    def _may_prompt(self) -> bool:
        return self._is_connected and not self._has_prompted and not self._is_muted and not self._endpointer.capture

    def _on_deadline(self, *, now: float) -> list[Command]:
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._on_idle(now=now)
            case Phase.VALIDATING_UTTERANCE:
                utterance_id = self.active_utterance_id or ""
                failed = self.on_transcription_failed(utterance_id=utterance_id, reason="it took too long", now=now)
                return [CancelTranscription(utterance_id), *failed]
            case Phase.PROCESSING_USER:
                return self._fail_reply(self._reply, reason="it took too long", now=now) if self._reply else []
            case Phase.AI_SPEAKING:
                return self._on_stall(now=now)

    def _on_idle(self, *, now: float) -> list[Command]:
        if self._endpointer.is_speech:
            return self._end_utterance("max_turn", now=now)
        if now >= self._active_at + self._policy.idle_end_seconds:
            return self.end_call(reason="idle", now=now)
        self._has_prompted = True
        return self._begin_line("still_there", now=now)

    def _on_stall(self, *, now: float) -> list[Command]:
        samples = self._reply.samples_played(now=now) if self._reply else 0
        commands = self._interrupt(Event.REPLY_FAILED, samples_sent=samples, now=now)
        return [*commands, Notify("reply_broke_off", "The answer broke off.")]

    def _note_activity(self, *, now: float) -> None:
        self._active_at = now
        self._has_prompted = False

    # ── shared by all facts ───────────────────────────────────────────────────────────────────────

    def _hear_of(self, now: float) -> bool:
        """Every fact begins here. After the end of the call nothing happens any more."""
        self._now = max(self._now, now)
        return not self.is_ended

    def _move(
        self, event: Event, *, now: float, reason: str | None = None, turn_id: str | None = None
    ) -> list[Command]:
        previous, self.phase = self.phase, next_phase(self.phase, event)
        if self.phase in (Phase.WAIT_FOR_USER, Phase.AI_SPEAKING):
            self._deadline = None
        return [PhaseChanged(self.phase, previous, turn_id or self.turn_id, reason or event.value, now)]

    def _announce(self, *, now: float) -> list[Command]:
        return [PhaseChanged(self.phase, self.phase, self.turn_id, "connected", now)]

    def _stale(self, kind: str, dead_id: str) -> list[Command]:
        if kind == "transcript":
            return [ReportStaleResult("transcript", dead_id, self.active_utterance_id)]
        return [ReportStaleResult("reply", dead_id, self._reply.turn_id if self._reply else None)]

    # ── what outlives the process ─────────────────────────────────────────────────────────────────

    def snapshot(self) -> dict[str, object]:
        """What another process needs to go on: JSON, and small."""
        return {
            "schema_version": SNAPSHOT_VERSION,
            "phase": self.phase.value,
            "turn_id": self.turn_id,
            "utterance_id": self.active_utterance_id,
            "now": self._now,
            "active_at": self._active_at,
            "has_prompted": self._has_prompted,
            "greets": self._greets or self._is_greeting_unheard(),
            "frames_received": self._frames_received,
            "playout_delay_ms": self._playout_delay_ms,
            "unanswered": self._unanswered_now(),
            "levels": {
                "conditioner": self._conditioner.snapshot(),
                "detector": self._detector.snapshot(),
                "caller_turns_dbfs": self._caller.turns_dbfs,
            },
        }

    def _is_greeting_unheard(self) -> bool:
        return self._reply is not None and self._reply.line == "greeting" and self._reply.started_at is None

    def _unanswered_now(self) -> dict[str, str] | None:
        pending = self._unanswered
        if self._reply is not None and self._reply.utterance is not None and self._reply.started_at is None:
            pending = self._reply.utterance
        if pending is None:
            return None
        return {
            "turn_id": pending.turn_id,
            "utterance_id": pending.utterance_id,
            "transcript": pending.transcript,
        }

    def _restore(self, snapshot: Mapping[str, object]) -> None:
        """Go on from a snapshot: the user's move, with what was learned."""
        try:
            self._read_snapshot(snapshot)
        except (KeyError, TypeError, ValueError) as error:
            raise SnapshotRefused(f"this is no state of a call: {error!r}") from error

    def _read_snapshot(self, snapshot: Mapping[str, object]) -> None:
        if snapshot["schema_version"] != SNAPSHOT_VERSION:
            raise ValueError(f"schema version {snapshot['schema_version']}")
        self._now = _number(snapshot["now"])
        self._active_at = _number(snapshot["active_at"])
        self._has_prompted = bool(snapshot["has_prompted"])
        self._greets = self._greets and bool(snapshot["greets"])
        self._frames_received = int(_number(snapshot["frames_received"]))
        self._playout_delay_ms = _number(snapshot["playout_delay_ms"])
        if snapshot["unanswered"] is not None:
            self._unanswered = _read_utterance(_mapping(snapshot["unanswered"]), now=self._now)
        levels = _mapping(snapshot["levels"])
        self._conditioner.restore(_mapping(levels["conditioner"]))
        self._detector.restore(_mapping(levels["detector"]))
        for level in levels["caller_turns_dbfs"] if isinstance(levels["caller_turns_dbfs"], list) else []:
            self._caller.add_turn(_number(level))


def _read_utterance(stored: Mapping[str, object], *, now: float) -> Utterance:
    return Utterance(
        utterance_id=str(stored["utterance_id"]),
        turn_id=str(stored["turn_id"]),
        transcript=str(stored["transcript"]),
        ended_at=now,
        speech_ended_at=now,
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"an object was expected, not {type(value).__name__}")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"a number was expected, not {type(value).__name__}")
    return float(value)
