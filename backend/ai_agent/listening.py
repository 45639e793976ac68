"""What does the user say, from the first sound of it to the utterance that is transcribed?

    frame ──▶ Endpointer ──▶ bound ids ─ started ─ silence … ─ ended ──▶ OpenTurn, TranscribeTurn
                  └─ keeps the sound at hand while the work is pending, should the user go on

An utterance has its id from the moment its capture starts, through recognition and reply.
"""

from __future__ import annotations

from ai_agent.call_state import UnansweredTurn
from ai_agent.capture import Capture, MicrophoneRing
from ai_agent.commands import (
    CancelTranscription,
    Command,
    Notify,
    OpenTurn,
    PredictEndOfTurn,
    ReportStaleResult,
    SpeakingChanged,
    TranscribeTurn,
)
from ai_agent.conversation import ConversationEvent, ConversationPhase
from ai_agent.endpointing import (
    Endpointer,
    EndpointEvent,
    EndReason,
    EndWanted,
    SilenceBegan,
    SpeechResumed,
    UtteranceDropped,
    UtteranceEnded,
    UtteranceOpened,
    UtteranceStarted,
)
from ai_agent.exchange import Utterance
from ai_agent.floor import Floor
from ai_agent.owed import Owed
from ai_agent.persona_behaviors import TurnPolicy
from ai_agent.voice_activity import CallerLevel, VoiceFrame


class Listening:
    """The user's side of one call."""

    def __init__(
        self,
        policy: TurnPolicy,
        *,
        ring: MicrophoneRing,
        caller: CallerLevel,
        floor: Floor,
        owed: Owed,
    ) -> None:
        self.endpointer = Endpointer(policy, ring=ring, caller=caller)
        self.utterance: Utterance | None = None
        """The last one that was bound: speech that goes on while work is pending goes on from it."""
        self.is_key_held = False
        """The talk key is pressed: until it is let go, no silence ends the turn."""
        self._floor = floor
        self._owed = owed

    # ── sound ─────────────────────────────────────────────────────────────────────────────────────

    def process(self, frame: bytes, voice: VoiceFrame, *, now: float) -> list[Command]:
        """One frame of the user's move."""
        is_thinking = self._floor.thinking.is_on or self.is_key_held
        return self._on_endpoint(self.endpointer.process(frame, voice, is_thinking=is_thinking, now=now), now=now)

    def end_now(self, *, now: float) -> list[Command]:
        """The user says "I'm done"."""
        thought = self._floor.thinking.end(now=now)
        ended = self.endpointer.end_now()
        if ended is None:
            return [*thought, Notify("nothing_said", "Nothing has been said yet.")]
        return [*thought, *self._on_endpoint(ended, now=now)]

    def on_predicted(self, utterance_id: str, probability: float, *, now: float) -> list[Command]:
        """How likely the utterance sounded finished when somebody was asked; only this silence may end by it."""
        active_id = self._floor.active_utterance_id
        is_asked = self._floor.phase is ConversationPhase.WAIT_FOR_USER and utterance_id == active_id
        if not is_asked or not self.endpointer.take_prediction(probability):
            return [ReportStaleResult("prediction", utterance_id, active_id)]
        return self._on_endpoint(self.endpointer.end_early(), now=now)

    def end_spoken(self, *, now: float) -> list[Command]:
        """The user lets go of the key: what was said is over, if anything was."""
        ended = self.endpointer.end_now()
        return self._on_endpoint(ended, now=now) if ended else []

    def adopt(self, capture: Capture | None, *, utterance_id: str | None = None, now: float) -> list[Command]:
        """Speech that is under way becomes the user's, with its beginning.

        `utterance_id` is bound already where it is certain that it is speech, whether or not it still sounds.
        """
        if capture is None:
            return []
        self._bind(utterance_id=utterance_id)
        return self._on_endpoint(self.endpointer.adopt(capture, is_speech=utterance_id is not None, now=now), now=now)

    def _on_endpoint(self, event: EndpointEvent | None, *, now: float) -> list[Command]:
        match event:
            case UtteranceOpened():
                self._bind()
            case UtteranceDropped():
                self.release()
            case UtteranceStarted(at=at) | SpeechResumed(at=at):
                self._floor.idle.note_activity(now=now)
                return [*self._floor.thinking.end(now=now), SpeakingChanged("user", speaking=True, at=at)]
            case SilenceBegan(at=at):
                return [SpeakingChanged("user", speaking=False, at=at)]
            case EndWanted(audio=audio):
                return [PredictEndOfTurn(self._floor.active_utterance_id or "", audio)]
            case UtteranceEnded(reason=reason):
                return self.end(reason, in_gap=reason == "max_turn", now=now)
            case None:
                pass
        return []

    def end(self, reason: EndReason, *, now: float, in_gap: bool = False) -> list[Command]:
        """The utterance is over: all of it is transcribed.

        `in_gap`: it is over because it is too long, and ends in its last gap between two words.
        """
        utterance, capture = self.utterance, self.endpointer.capture
        if utterance is None or capture is None:
            raise AssertionError("an utterance that ends was bound when its capture started")
        was_speaking = not self.endpointer.is_silent
        utterance.started_at, utterance.certain_at = capture.started_at, capture.certain_at
        utterance.speech_ended_at, utterance.ended_at = capture.speech_ended_at, now
        utterance.sound = capture.measured.sound
        audio = self.endpointer.close(in_gap=in_gap)
        self._floor.await_transcript(audio, now=now)
        return [
            *([SpeakingChanged("user", speaking=False, at=capture.speech_ended_at)] if was_speaking else []),
            *self._floor.move(ConversationEvent.UTTERANCE_ENDED, reason=reason, now=now),
            *self._open_turn(utterance),
            TranscribeTurn(utterance.utterance_id, utterance.turn_id, audio),
        ]

    def _open_turn(self, utterance: Utterance) -> list[Command]:
        times = (utterance.started_at, utterance.ended_at)
        row = OpenTurn(utterance.turn_id, utterance.utterance_id, *times, utterance.sound)
        self._owed.join(utterance)
        return [row, *utterance.supersede()]

    # ── time to think ─────────────────────────────────────────────────────────────────────────────

    def think(self, *, seconds: float, now: float) -> list[Command]:
        """The user asks for time to think, with or without having begun to speak."""
        thinking = self._floor.thinking
        if not thinking.longest_seconds:
            return [Notify("no_time_to_think", "This persona gives no time to think.")]
        granted = thinking.begin(seconds, now=now)
        if granted:
            self._floor.idle.note_activity(now=now)
        return granted

    def give_time(self, utterance: Utterance, *, now: float) -> list[Command]:
        """The user asked for it with these words: the floor is the user's again, and nobody answers."""
        moved = self._floor.move(ConversationEvent.TIME_ASKED, now=now)
        granted = self.think(seconds=self._floor.thinking.longest_seconds, now=now)
        return [utterance.report(), *moved, *granted, *self.resume(now=now)]

    def end_thinking_time(self, *, now: float) -> list[Command]:
        """The time is up: the silence of a turn that is open goes on being counted from where it stood."""
        if self.endpointer.is_speech:
            self._floor.idle.note_activity(now=now)
        self._floor.idle.note_thought(now=now)
        return self._floor.thinking.end(now=now)

    # ── ids ───────────────────────────────────────────────────────────────────────────────────────

    def _bind(self, *, utterance_id: str | None = None, replaces: Utterance | None = None) -> Utterance:
        new_id = self._floor.new_id
        self.utterance = Utterance(utterance_id=utterance_id or new_id(), turn_id=new_id(), replaces=replaces)
        self._floor.bind(self.utterance.turn_id, utterance_id=self.utterance.utterance_id)
        return self.utterance

    def release(self) -> None:
        """There is no utterance."""
        self.utterance = None
        self._floor.release()

    def awaited(self, utterance_id: str) -> Utterance | None:
        """The utterance of this id, where its transcript is waited for."""
        is_validating = self._floor.phase is ConversationPhase.VALIDATING_UTTERANCE
        return self.utterance if is_validating and utterance_id == self._floor.active_utterance_id else None

    def write(self, transcript: str, *, now: float) -> tuple[Utterance, list[Command]]:
        """The user typed this: an utterance that is whole at once."""
        utterance = self._bind()
        utterance.is_typed, utterance.transcript = True, transcript
        utterance.started_at = utterance.certain_at = utterance.speech_ended_at = utterance.ended_at = now
        return utterance, self._open_turn(utterance)

    def recall(self, unanswered: UnansweredTurn, *, now: float) -> Utterance:
        """What was accepted before is the turn again, and counted from now on."""
        self.utterance = Utterance(
            utterance_id=unanswered.utterance_id,
            turn_id=unanswered.turn_id,
            transcript=unanswered.transcript,
            speech_ended_at=now,
            ended_at=now,
        )
        self._floor.bind(unanswered.turn_id, utterance_id=unanswered.utterance_id)
        return self.utterance

    # ── the user's move, again and no longer ──────────────────────────────────────────────────────

    def go_on(self, *, joins: bool = False, now: float) -> list[Command]:
        """The user's move again, who is speaking; `joins`: on from the last utterance, and in place of it."""
        before = self.utterance
        self._bind(replaces=before if joins else None).follows = None if joins else before
        self._floor.idle.note_activity(now=now)
        return self._floor.move(ConversationEvent.SPEECH_CONTINUED, now=now)

    def resume(self, *, now: float) -> list[Command]:
        """The user's move: an utterance that goes on since the longest turn, or what sounds just now, or nothing."""
        if self.endpointer.is_speech:
            self._bind()
            return []
        self.release()
        return self.adopt(self.endpointer.hand_over(), now=now)

    def stop(self, *, now: float) -> list[Command]:
        """Nothing of what is captured counts."""
        was_speaking = not self.endpointer.is_silent
        self.endpointer.drop()
        self.release()
        return [SpeakingChanged("user", speaking=False, at=now)] if was_speaking else []

    def cancel_transcription(self) -> list[Command]:
        """Nobody waits any more for the transcript."""
        utterance_id = self._floor.active_utterance_id
        return [CancelTranscription(utterance_id)] if utterance_id else []

    def waits_until(self, *, is_open: bool) -> float:
        """When the user's move, or the time to think, has lasted too long. `is_open`: whether the user is heard now."""
        if self._floor.idle.is_over:
            return self._floor.idle.ends_at
        if self._floor.thinking.until is not None:
            return self._floor.thinking.until
        if self.endpointer.is_speech:
            return self._floor.longest_turn_ends_at
        return self._floor.idle.deadline(may_prompt=is_open and not self.endpointer.capture)
