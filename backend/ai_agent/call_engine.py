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
from dataclasses import astuple
from typing import Final

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import SAMPLE_RATE_HZ, duration_ms, require_frame
from ai_agent.barge_in_state_machine import BargeinStateMachine
from ai_agent.call_state import CallState, SnapshotRefused, UnansweredTurn, parse_state
from ai_agent.capture import Capture
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
from ai_agent.conversation import PENDING, ConversationEvent, ConversationPhase, next_phase
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
from ai_agent.heard_cursor import HeardCursor, SpeakingRate
from ai_agent.hearing import Hearing
from ai_agent.idle_clock import IdleClock
from ai_agent.levels import SILENCE_DBFS
from ai_agent.persona_behaviors import BargeInPolicy, TurnPolicy
from ai_agent.voice_activity import SpeechModel, VoiceFrame

Phase = ConversationPhase
Event = ConversationEvent

FACTS: Final = frozenset(
    {
        "on_media_connected",
        "on_audio_frame",
        "process_user_utterance",
        "on_transcription_failed",
        "on_first_token",
        "on_sentence_started",
        "on_sound_queued",
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
        self._hearing = Hearing(
            speech_model,
            snr_db=turn_policy.snr_db,
            check_seconds=turn_policy.microphone_check_seconds,
            conditioner=conditioner,
        )
        self._endpointer = Endpointer(turn_policy, ring=self._hearing.ring, caller=self._hearing.caller)
        self._barge_in = BargeinStateMachine(barge_in_policy, ring=self._hearing.ring)
        self._utterance: Utterance | None = None
        self._reply: Reply | None = None
        self._rate = SpeakingRate()
        """The voice's pace, learned from its sentences."""
        self._deadline: float | None = None
        """When the pending transcript, or the first frame of the pending reply, is no longer waited for."""
        self._now = 0.0
        self._greets = has_greeting
        self._idle = IdleClock(turn_policy)
        self._playout_delay_ms = INITIAL_PLAYOUT_DELAY_MS
        self._frames_received = 0
        self._unanswered: UnansweredTurn | None = None
        """The last transcript that was accepted, until a reply begins: answered later, or after a lost connection."""
        self._has_missed_something = False
        """The user was not heard to the end before the connection was lost, and has not been told."""
        if snapshot is not None:
            self._go_on_from(parse_state(snapshot))

    # ── media ─────────────────────────────────────────────────────────────────────────────────────

    def on_media_connected(self, now: float) -> list[Command]:
        """Sound can flow, for the first time or again."""
        if not self._hear_of(now):
            return []
        self._hearing.connect(now=now)
        self._idle.note_activity(now=now)
        if self.phase is not Phase.WAIT_FOR_USER or self._endpointer.capture:
            return self._announce(now=now)
        if self._unanswered is not None:
            return self._answer_again(self._unanswered, now=now)
        if self._has_missed_something:
            return self._begin_line("did_not_catch", now=now)
        if self._greets:
            return self._begin_line("greeting", now=now)
        return self._announce(now=now)

    def on_audio_frame(self, frame: bytes, now: float, *, agent_dbfs: float = SILENCE_DBFS) -> list[Command]:
        """20 ms of the microphone. `agent_dbfs` is the level of the agent's frame that was sent at the same tick.

        Raises:
            ValueError: it is not 1,920 bytes; nothing has changed.
        """
        require_frame(frame)
        if not self._hear_of(now):
            return []
        self._frames_received += 1
        heard = self._hearing.process(frame, agent_dbfs=agent_dbfs, agent_speaking=self.phase is Phase.AI_SPEAKING)
        return self._listen(heard.sound, heard.voice, now=now)

    def on_media_settings(self, *, muted: bool, now: float) -> list[Command]:
        """What the browser really does with the microphone."""
        if self._hear_of(now):
            self._hearing.set_muted(muted, now=now)
        return []

    def on_playout_delay(self, *, delay_ms: float, now: float) -> list[Command]:
        """How long the browser keeps a sample before the ear gets it."""
        if self._hear_of(now):
            self._playout_delay_ms = max(0.0, delay_ms)
        return []

    # ── the user's sound ──────────────────────────────────────────────────────────────────────────

    def _listen(self, frame: bytes, voice: VoiceFrame, *, now: float) -> list[Command]:
        """Exactly one listener gets each frame: who, is a matter of whose move it is."""
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._on_endpoint(self._endpointer.process(frame, voice, now=now), now=now)
            case Phase.VALIDATING_UTTERANCE | Phase.PROCESSING_USER:
                continued = self._endpointer.watch(frame, voice, now=now)
                return self._on_continued(continued, now=now) if continued else []
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
                self._idle.note_activity(now=now)
                return [SpeakingChanged("user", speaking=True, at=at)]
            case SilenceBegan(at=at):
                return [SpeakingChanged("user", speaking=False, at=at)]
            case UtteranceEnded(reason=reason):
                return self._end_utterance(reason, in_gap=reason == "max_turn", now=now)
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

    def _end_utterance(self, reason: EndReason, *, now: float, in_gap: bool = False) -> list[Command]:
        utterance, capture = self._utterance, self._endpointer.capture
        if utterance is None or capture is None:
            raise AssertionError("an utterance that ends was bound when its capture started")
        was_speaking = not self._endpointer.is_silent
        utterance.started_at, utterance.speech_ended_at = capture.started_at, capture.speech_ended_at
        utterance.ended_at = now
        utterance.snr_db, utterance.clipping_percent = capture.measured.snr_db, capture.measured.clipping_percent
        audio = self._endpointer.close(in_gap=in_gap)
        self._deadline = now + self._stt_patience(audio)
        return [
            *([SpeakingChanged("user", speaking=False, at=capture.speech_ended_at)] if was_speaking else []),
            *self._move(Event.UTTERANCE_ENDED, reason=reason, now=now),
            *self._open_turn(utterance),
            TranscribeTurn(utterance.utterance_id, utterance.turn_id, audio),
        ]

    def _open_turn(self, utterance: Utterance) -> list[Command]:
        row = OpenTurn(utterance.turn_id, utterance.utterance_id, utterance.started_at, utterance.ended_at)
        before = utterance.replaces
        if before and self._unanswered and self._unanswered.utterance_id == before.utterance_id:
            self._unanswered = None
        return [row, *utterance.supersede()]

    def _stt_patience(self, audio: bytes) -> float:
        seconds = duration_ms(audio) / 1000
        return self._policy.stt_deadline_seconds + self._policy.stt_seconds_per_audio_second * seconds

    def _on_continued(self, continued: SpeechContinued, *, now: float) -> list[Command]:
        """The user went on before the first reply frame left: drop the pending work, listen again.

        Where the turn was too long to be joined, its words are waited for: they would be lost otherwise.
        """
        speaks = SpeakingChanged("user", speaking=True, at=continued.at)
        if self.phase is Phase.VALIDATING_UTTERANCE and not continued.joins:
            return [speaks]
        cancelled = self._cancel_pending()
        return [*cancelled, *self._go_on(replaces=self._utterance if continued.joins else None, now=now), speaks]

    def _go_on(self, *, replaces: Utterance | None = None, now: float) -> list[Command]:
        """The user's move again, who is speaking."""
        self._bind_utterance(replaces=replaces)
        self._idle.note_activity(now=now)
        return self._move(Event.SPEECH_CONTINUED, now=now)

    # ── what was said ─────────────────────────────────────────────────────────────────────────────

    def process_user_utterance(self, *, utterance_id: str, transcript: str, now: float) -> list[Command]:
        """The transcript of one utterance."""
        if not self._hear_of(now):
            return []
        utterance = self._awaited_utterance(utterance_id)
        if utterance is None:
            return self._stale_transcript(utterance_id)
        words = transcript.strip()
        if not words:
            return self._answer_nothing(now=now)
        utterance.transcript, utterance.transcribed_at = words, now
        self._endpointer.learn_caller()
        if self._endpointer.is_speech:
            return self._answer_later(utterance, now=now)
        return self._answer(utterance, Event.TRANSCRIPT_ACCEPTED, accepted=True, now=now)

    def on_transcription_failed(self, *, utterance_id: str, reason: str, now: float) -> list[Command]:
        """There will be no transcript: the persona says so."""
        if not self._hear_of(now):
            return []
        if self._awaited_utterance(utterance_id) is None:
            return self._stale_transcript(utterance_id)
        notice = Notify("transcription_failed", f"What you said could not be recognised: {reason}.")
        if self._endpointer.is_speech:
            return [notice, *self._go_on(now=now)]
        if self._unanswered is not None:
            return [notice, *self._answer_before(self._unanswered, now=now)]
        return [notice, *self._begin_line("apology", event=Event.TRANSCRIPTION_FAILED, now=now)]

    def on_user_text(self, *, transcript: str, now: float) -> list[Command]:
        """A typed utterance takes the floor, whoever has it."""
        words = transcript.strip()
        if not words or not self._hear_of(now):
            return []
        taken = self._take_over(now=now)
        self._idle.note_activity(now=now)
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
        self._reply = Reply(utterance.turn_id, requested_at=now, utterance=utterance, cursor=HeardCursor(self._rate))
        self._unanswered = UnansweredTurn(utterance.turn_id, utterance.utterance_id, utterance.transcript)
        self._has_missed_something = False
        self._deadline = now + self._policy.reply_deadline_seconds
        ids = (utterance.turn_id, utterance.utterance_id, utterance.transcript)
        return [
            *([AcceptTranscript(*ids)] if accepted else []),
            *self._move(event, now=now),
            GenerateReply(*ids),
        ]

    def _answer_later(self, utterance: Utterance, *, now: float) -> list[Command]:
        """The user speaks on after the longest turn: these words stand, and what follows is answered with them."""
        self._unanswered = UnansweredTurn(utterance.turn_id, utterance.utterance_id, utterance.transcript)
        return [AcceptTranscript(*astuple(self._unanswered)), *self._go_on(now=now)]

    def _answer_nothing(self, *, now: float) -> list[Command]:
        """There were no words. What was said before them, and not answered, is answered now."""
        if self._unanswered is not None and not self._endpointer.is_speech:
            return self._answer_before(self._unanswered, now=now)
        notice = Notify("not_understood", "I could not make out any words.")
        return self._give_up_turn(Event.TRANSCRIPT_EMPTY, notice, now=now)

    def _answer_before(self, unanswered: UnansweredTurn, *, now: float) -> list[Command]:
        """What followed gave no words: what was said before it is answered without it."""
        self._endpointer.forget_closed()
        return self._answer_again(unanswered, now=now)

    def _answer_again(self, unanswered: UnansweredTurn, *, now: float) -> list[Command]:
        """The reply to what was accepted before: the connection was lost, or nothing intelligible followed it."""
        self._utterance = Utterance(
            utterance_id=unanswered.utterance_id,
            turn_id=unanswered.turn_id,
            transcript=unanswered.transcript,
            speech_ended_at=self._now,
            ended_at=self._now,
        )
        self.active_utterance_id, self.turn_id = unanswered.utterance_id, unanswered.turn_id
        return self._answer(self._utterance, Event.REPLY_RESUMED, accepted=False, now=now)

    def _give_up_turn(self, event: Event, notice: Notify, *, now: float) -> list[Command]:
        """Nothing follows from this turn: the user's move again, and a word about why."""
        moved = self._move(event, now=now)
        if not self._is_pending("still_there"):
            self._idle.note_activity(now=now)
        self._reply = None
        if event is Event.REPLY_FAILED:
            self._unanswered = None
        return [*moved, notice, *self._listen_on(now=now)]

    def _listen_on(self, *, now: float) -> list[Command]:
        """The user's move: an utterance that goes on since the longest turn, or what sounds just now, or nothing."""
        if self._endpointer.is_speech:
            self._bind_utterance()
            return []
        self._release_utterance()
        return self._adopt(self._endpointer.hand_over(), now=now)

    # ── the reply ─────────────────────────────────────────────────────────────────────────────────

    def on_first_token(self, *, turn_id: str, now: float) -> list[Command]:
        """The language model has begun."""
        return self._on_reply(turn_id, lambda reply: reply.note_first_token(now=now), now=now)

    def on_sentence_started(self, *, turn_id: str, sentence: str, now: float) -> list[Command]:
        """The voice begins this sentence: the sound that is queued from here on is its."""
        return self._on_reply(turn_id, lambda reply: reply.begin_sentence(sentence, now=now), now=now)

    def on_sound_queued(self, *, turn_id: str, samples: int, now: float) -> list[Command]:
        """The next piece of the sentence was handed to the speaker."""
        return self._on_reply(turn_id, lambda reply: reply.add_sound(samples=samples, now=now), now=now)

    def on_sentence_queued(self, *, turn_id: str, sentence: str, samples: int, now: float) -> list[Command]:
        """All of a sentence's sound was handed to the speaker: so many samples, the pieces told before included."""
        return self._on_reply(turn_id, lambda reply: reply.add_sentence(sentence, samples=samples, now=now), now=now)

    def on_reply_started(self, *, turn_id: str, now: float) -> list[Command]:
        """The first frame of the reply has left: from here on the agent has the floor."""
        return self._on_reply(turn_id, lambda reply: self._start_reply(reply, now=now), now=now)

    def on_reply_complete(self, *, turn_id: str, now: float) -> list[Command]:
        """Nothing more will be queued for this turn."""
        return self._on_reply(turn_id, lambda reply: self._complete_reply(reply, now=now), now=now)

    def on_reply_failed(self, *, turn_id: str, reason: str, now: float) -> list[Command]:
        """The reply broke off. What is queued is still played; the shell finishes the queue as after a whole reply."""
        return self._on_reply(turn_id, lambda reply: self._break_off(reply, reason=reason, now=now), now=now)

    def on_playback_finished(self, *, turn_id: str, samples_sent: int, now: float) -> list[Command]:
        """The queue is empty, and nothing more will come. All of it was heard, so `samples_sent` is for the journal."""
        return self._on_reply(turn_id, lambda reply: self._finish_reply(reply, now=now), now=now)

    def cancel_tts(self, *, samples_sent: int, now: float) -> list[Command]:
        """The stop button: silence, and nothing that is pending is answered. The user has the floor.

        `samples_sent` of the reply that is spoken have left for the listener.
        """
        if not self._hear_of(now):
            return []
        self._idle.note_activity(now=now)
        if self.phase is Phase.AI_SPEAKING:
            return self._interrupt(Event.USER_TOOK_OVER, samples_sent=samples_sent, now=now)
        if self.phase in PENDING:
            return self._drop_pending(now=now)
        return []

    def _on_reply(self, turn_id: str, do: Callable[[Reply], list[Command] | None], *, now: float) -> list[Command]:
        """A fact about a reply is about the active one, or about none that counts any more."""
        if not self._hear_of(now):
            return []
        reply = self._reply
        if reply is None or reply.turn_id != turn_id:
            return [ReportStaleResult("reply", turn_id, reply.turn_id if reply else None)]
        return do(reply) or []

    def _start_reply(self, reply: Reply, *, now: float) -> list[Command]:
        if self.phase is Phase.AI_SPEAKING:
            return [ReportStaleResult("reply", reply.turn_id, reply.turn_id)]
        reply.start(now=now)
        self._unanswered = None
        sounding = self._endpointer.hand_over()
        moved = self._move(Event.REPLY_STARTED, now=now)
        self._barge_in.arm(sounding)
        return [*moved, SpeakingChanged("agent", speaking=True, at=now)]

    def _complete_reply(self, reply: Reply, *, now: float) -> list[Command]:
        if self.phase is Phase.PROCESSING_USER and reply.cursor.planned_samples == 0:
            return self._fail_reply(reply, reason="it was empty", now=now)
        return []

    def _break_off(self, reply: Reply, *, reason: str, now: float) -> list[Command]:
        if self.phase is Phase.PROCESSING_USER:
            return self._fail_reply(reply, reason=reason, now=now)
        reply.has_failed = True
        return []

    def _finish_reply(self, reply: Reply, *, now: float) -> list[Command]:
        if self.phase is Phase.PROCESSING_USER:
            return self._fail_reply(reply, reason="it had no sound", now=now)
        if reply.has_failed:
            closed = self._close_reply(reply, Event.REPLY_FAILED, samples_heard=None, now=now)
            return [*closed, Notify("reply_broke_off", "The answer broke off.")]
        return self._close_reply(reply, Event.PLAYBACK_FINISHED, samples_heard=None, now=now)

    def _begin_line(self, line: LineName, *, event: Event = Event.LINE_BEGUN, now: float) -> list[Command]:
        """The persona says one of its own lines."""
        moved = self._move(event, now=now, turn_id=self._expect_line(line, now=now))
        return [*moved, *self._speak_expected_line()]

    def _expect_line(self, line: LineName, *, now: float) -> str:
        turn_id = self._new_id()
        self._reply = Reply(turn_id, requested_at=now, line=line, cursor=HeardCursor(self._rate))
        self._deadline = now + self._policy.reply_deadline_seconds
        self.active_utterance_id, self.turn_id = None, turn_id
        self._has_missed_something = False
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
            self._idle.note_activity(now=now)
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
        self._unanswered = None
        return [*dropped, *self._listen_on(now=now)]

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
        if self._hearing.sound_due is not None:
            due.append(self._hearing.sound_due)
        return min(due)

    def handle_timer(self, *, now: float) -> list[Command]:
        """Do what is due by now."""
        if not self._hear_of(now):
            return []
        commands: list[Command] = []
        if self._hearing.sound_due is not None and now >= self._hearing.sound_due:
            self._hearing.sound_due = None
            commands.append(Notify("no_microphone_sound", "Your microphone gives no sound. Is it the right one?"))
        if now >= self._phase_deadline():
            commands.extend(self._on_deadline(now=now))
        return commands

    def _phase_deadline(self) -> float:
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._waiting_deadline()
            case Phase.VALIDATING_UTTERANCE | Phase.PROCESSING_USER:
                if self._deadline is None:
                    raise AssertionError("what is pending has a deadline")
                return self._deadline
            case Phase.AI_SPEAKING:
                if self._reply is None:
                    raise AssertionError("somebody speaks while the agent speaks")
                return self._reply.stalls_at(self._policy.stall_seconds)

    def _waiting_deadline(self) -> float:
        if self._endpointer.is_speech:
            longest = self._policy.max_turn_seconds + self._policy.silence_duration_ms / 1000
            return self._idle.active_at + longest
        may_prompt = self._hearing.is_open and not self._endpointer.capture
        return self._idle.deadline(may_prompt=may_prompt)

    def _on_deadline(self, *, now: float) -> list[Command]:
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._on_waited(now=now)
            case Phase.VALIDATING_UTTERANCE:
                utterance_id = self.active_utterance_id or ""
                failed = self.on_transcription_failed(utterance_id=utterance_id, reason="it took too long", now=now)
                return [CancelTranscription(utterance_id), *failed]
            case Phase.PROCESSING_USER:
                return self._fail_reply(self._reply, reason="it took too long", now=now) if self._reply else []
            case Phase.AI_SPEAKING:
                return self._on_stall(now=now)

    def _on_waited(self, *, now: float) -> list[Command]:
        if self._endpointer.is_speech:
            return self._end_utterance("max_turn", now=now)
        if now >= self._idle.ends_at:
            return self.end_call(reason="idle", now=now)
        self._idle.note_prompt()
        return self._begin_line("still_there", now=now)

    def _on_stall(self, *, now: float) -> list[Command]:
        """All that was queued has been heard long ago, and nothing followed."""
        reply = self._reply
        if reply is None:
            raise AssertionError("somebody speaks while the agent speaks")
        return [
            CancelPlayback(reply.turn_id),
            CancelReply(reply.turn_id),
            *self._close_reply(reply, Event.REPLY_FAILED, samples_heard=None, now=now),
            Notify("reply_broke_off", "The answer broke off."),
        ]

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

    def _stale_transcript(self, utterance_id: str) -> list[Command]:
        return [ReportStaleResult("transcript", utterance_id, self.active_utterance_id)]

    # ── what outlives the process ─────────────────────────────────────────────────────────────────

    def snapshot(self) -> dict[str, object]:
        """What another process needs to go on: JSON, and small."""
        return CallState(
            phase=self.phase.value,
            turn_id=self.turn_id,
            utterance_id=self.active_utterance_id,
            now=self._now,
            active_at=self._idle.active_at,
            has_prompted=self._idle.has_prompted,
            greets=self._greets or self._is_pending("greeting"),
            frames_received=self._frames_received,
            playout_delay_ms=self._playout_delay_ms,
            unanswered=self._unanswered,
            is_unfinished=self._is_unfinished(),
            hearing=self._hearing.snapshot(),
        ).to_json()

    def _is_pending(self, *lines: LineName) -> bool:
        return self._reply is not None and self._reply.line in lines and self._reply.started_at is None

    def _is_unfinished(self) -> bool:
        """Whether something that the user said would be lost, and not mentioned, if the call went on elsewhere."""
        is_heard = self._endpointer.is_speech or self.phase is Phase.VALIDATING_UTTERANCE
        return is_heard or self._has_missed_something or self._is_pending("apology", "did_not_catch")

    def _go_on_from(self, state: CallState) -> None:
        """The user's move, with what was learned before."""
        self._now = state.now
        self._idle = IdleClock(self._policy, active_at=state.active_at, has_prompted=state.has_prompted)
        self._greets = self._greets and state.greets
        self._frames_received = state.frames_received
        self._playout_delay_ms = state.playout_delay_ms
        self._unanswered, self._has_missed_something = state.unanswered, state.is_unfinished
        try:
            self._hearing.restore(state.hearing)
        except (KeyError, TypeError, ValueError) as error:
            raise SnapshotRefused(f"these are no levels of a call: {error!r}") from error
