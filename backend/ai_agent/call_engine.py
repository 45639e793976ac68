"""What happens in one call, without its wires? Facts in, commands out.

    on_audio_frame(frame, now) ─┐
    process_user_utterance(…)  ─┼─▶ CallEngine ─▶ [TranscribeTurn(…), PhaseChanged(…), …]
    handle_timer(now)          ─┘

The engine decides who is told of a fact. `Hearing` knows the microphone, `Listening` the user's side, `Speaking` the
agent's, `Floor` whose move it is, and `Owed` what the persona still has to say.

It never waits, reads no clock and starts nothing. Every input is one of `FACTS`, so a recorded call can be played
through it again. `now` is seconds since the call began. Sound is counted in frames; deadlines compare with `now`.
Whatever is waited for has a deadline in `get_timer`, and a way out that the user hears or sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import require_frame
from ai_agent.call_facts import FACTS
from ai_agent.call_state import CallState, SnapshotRefused, UnansweredTurn, parse_state
from ai_agent.commands import CancelTranscription, Command, EndCall, Notify, ReportStaleResult, SpeakingChanged
from ai_agent.conversation import PENDING, ConversationEvent, ConversationPhase
from ai_agent.endpointing import SpeechContinued
from ai_agent.exchange import Reply, Utterance
from ai_agent.floor import Floor
from ai_agent.hearing import Hearing
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.interviewer.steps import SILENCE_STEPS
from ai_agent.leading import Leading
from ai_agent.levels import SILENCE_DBFS
from ai_agent.listening import Listening
from ai_agent.owed import Owed
from ai_agent.persona_behaviors import BargeInPolicy, TurnPolicy
from ai_agent.room_verdict import why_unclear
from ai_agent.speaking import Speaking
from ai_agent.spoken_pauses import Pause
from ai_agent.stop_word_interruption import ProbeWords, asks_for_time
from ai_agent.voice_activity import SpeechModel, VoiceFrame

__all__ = ["FACTS", "CallEngine"]

Phase = ConversationPhase
Event = ConversationEvent


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
        interview: InterviewPlan | None = None,
    ) -> None:
        """`interview`: it is led by this, and no language model is asked."""
        self.is_ended = False
        self._now = 0.0
        self._frames_received = 0
        self._hearing = Hearing(
            speech_model,
            snr_db=turn_policy.snr_db,
            check_seconds=turn_policy.microphone_check_seconds,
            conditioner=conditioner,
        )
        ring, caller = self._hearing.ring, self._hearing.caller
        self._language = barge_in_policy.language
        lead = None if interview is None else Leading(interview)
        self._floor = floor = Floor(turn_policy, new_id=new_id, silence_steps=SILENCE_STEPS if lead else ())
        self._owed = owed = Owed(greeting=has_greeting, opens=lead is not None)
        self._listening = Listening(turn_policy, ring=ring, caller=caller, floor=floor, owed=owed)
        self._speaking = Speaking(
            barge_in_policy, hearing=self._hearing, floor=floor, owed=owed, listening=self._listening, lead=lead
        )
        if snapshot is not None:
            self._go_on_from(parse_state(snapshot))

    @property
    def phase(self) -> ConversationPhase:
        """Whose move it is."""
        return self._floor.phase

    @property
    def active_utterance_id(self) -> str | None:
        """The utterance that is captured, transcribed or answered now."""
        return self._floor.active_utterance_id

    @property
    def conditioned(self) -> bytes:
        """The last frame after all steps of conditioning; its sound is `conditioning_latency_samples` late."""
        return self._hearing.conditioned

    @property
    def conditioning_latency_samples(self) -> int:
        return self._hearing.latency_samples

    def flush_conditioned(self) -> bytes:
        """The last `conditioning_latency_samples` of the conditioned sound. No frame comes after this."""
        return self._hearing.flush()

    @property
    def turn_id(self) -> str | None:
        return self._floor.turn_id

    @property
    def noise_profile(self) -> Mapping[str, object] | None:
        """What the room has taught, for its next call; None while that is too little."""
        return self._hearing.noise_profile

    # ── media ─────────────────────────────────────────────────────────────────────────────────────

    def on_media_connected(self, now: float) -> list[Command]:
        """Sound can flow, for the first time or again."""
        if not self._hear_of(now):
            return []
        self._hearing.connect(now=now)
        self._floor.idle.note_activity(now=now)
        if self.phase is not Phase.WAIT_FOR_USER or self._listening.endpointer.capture:
            return self._speaking.announce(now=now)
        if self._owed.unanswered is not None:
            return self._answer_again(self._owed.unanswered, now=now)
        line = self._owed.next_line
        return self._speaking.begin_line(line, now=now) if line else self._speaking.announce(now=now)

    def take_in(self, frame: bytes) -> None:
        """Condition the frame that `on_audio_frame` brings next, which then takes half as long.

        For a loop that must not be held up for long: no other fact comes between the two.

        Raises:
            ValueError: it is not 1,920 bytes; nothing has changed.
        """
        self._hearing.take_in(frame, agent_speaking=self.phase is Phase.AI_SPEAKING)

    def on_audio_frame(
        self, frame: bytes, now: float, *, agent_dbfs: float = SILENCE_DBFS, samples_sent: int | None = None
    ) -> list[Command]:
        """20 ms of the microphone. `agent_dbfs` is the level of the agent's frame that was sent at the same tick.

        `samples_sent` of the reply that is spoken have left for the listener; None: by the time since the first.

        Raises:
            ValueError: it is not 1,920 bytes; nothing has changed.
        """
        require_frame(frame)
        if not self._hear_of(now):
            return []
        self._frames_received += 1
        heard = self._hearing.process(frame, agent_dbfs=agent_dbfs, agent_speaking=self.phase is Phase.AI_SPEAKING)
        noticed = [heard.notice] if heard.notice else []
        return [*noticed, *self._listen(heard.sound, heard.voice, samples_sent=samples_sent, now=now)]

    def on_media_settings(
        self,
        *,
        muted: bool,
        noise_suppression: bool = False,
        auto_gain_control: bool = False,
        push_to_talk: bool = False,
        now: float,
    ) -> list[Command]:
        """What the browser really does with the microphone.

        `push_to_talk`: it is open only while a key is pressed. The press takes the floor, the release ends the turn.
        """
        if not self._hear_of(now):
            return []
        was_muted = self._hearing.is_muted
        self._hearing.set_muted(muted, now=now)
        self._hearing.set_browser_processing(noise_suppression=noise_suppression, auto_gain_control=auto_gain_control)
        self._listening.is_key_held = push_to_talk and not muted
        if not push_to_talk or muted == was_muted:
            return []
        if muted:
            return self._listening.end_spoken(now=now) if self.phase is Phase.WAIT_FOR_USER else []
        return self._speaking.interrupt(now=now) if self.phase is Phase.AI_SPEAKING else []

    def on_playout_delay(self, *, delay_ms: float, now: float) -> list[Command]:
        """How long the browser keeps a sample before the ear gets it."""
        if self._hear_of(now):
            self._speaking.playout_delay_ms = max(0.0, delay_ms)
        return []

    def _listen(self, frame: bytes, voice: VoiceFrame, *, samples_sent: int | None, now: float) -> list[Command]:
        """Exactly one listener gets each frame: who, is a matter of whose move it is."""
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._listening.process(frame, voice, now=now)
            case Phase.VALIDATING_UTTERANCE | Phase.PROCESSING_USER:
                continued = self._listening.endpointer.watch(frame, voice, now=now)
                return self._on_continued(continued, now=now) if continued else []
            case Phase.AI_SPEAKING:
                return self._speaking.overhear(frame, voice, samples_sent=samples_sent, now=now)

    def _on_continued(self, continued: SpeechContinued, *, now: float) -> list[Command]:
        """The user went on before the first reply frame left: drop the pending work, listen again.

        Where the turn was too long to be joined, its words are waited for: they would be lost otherwise.
        """
        speaks = SpeakingChanged("user", speaking=True, at=continued.at)
        if self.phase is Phase.VALIDATING_UTTERANCE and not continued.joins:
            return [speaks]
        return [*self._cancel_pending(), *self._listening.go_on(joins=continued.joins, now=now), speaks]

    # ── what was said over the agent ──────────────────────────────────────────────────────────────

    def on_probe_transcribed(
        self,
        *,
        candidate_id: str,
        look: int,
        transcript: str,
        avg_logprob: float | None = None,
        no_speech_probability: float | None = None,
        is_doubtful: bool = False,
        alternatives: Sequence[str] = (),
        now: float,
    ) -> list[Command]:
        """The words of a barge-in candidate: they decide the interruption and nothing else."""
        if not self._hear_of(now):
            return []
        words = ProbeWords(transcript, avg_logprob, no_speech_probability, is_doubtful, tuple(alternatives))
        return self._speaking.on_probe_transcribed(candidate_id=candidate_id, look=look, words=words, now=now)

    def on_probe_failed(self, *, candidate_id: str, look: int, reason: str, now: float) -> list[Command]:
        """A candidate's words cannot be had: the rule without them decides. `reason` is for the journal."""
        if not self._hear_of(now):
            return []
        return self._speaking.on_probe_failed(candidate_id=candidate_id, look=look, now=now)

    # ── what was said ─────────────────────────────────────────────────────────────────────────────

    def process_user_utterance(
        self, *, utterance_id: str, transcript: str, is_doubtful: bool = False, now: float
    ) -> list[Command]:
        """The transcript of one utterance; `is_doubtful`: the recogniser does not believe it."""
        if not self._hear_of(now):
            return []
        utterance = self._listening.awaited(utterance_id)
        if utterance is None:
            return self._stale_transcript(utterance_id)
        words = transcript.strip()
        if not words:
            return self._answer_nothing(utterance, now=now)
        utterance.transcript, utterance.transcribed_at, utterance.is_doubtful = words, now, is_doubtful
        self._listening.endpointer.learn_caller()
        if self._asks_for_time(words):
            return [self._owed.note(utterance), *self._listening.give_time(utterance, now=now)]
        accepted = self._owed.accept(utterance)
        if self._listening.endpointer.is_speech:  # since the longest turn: these words stand, and wait for the rest
            return [accepted, *self._listening.go_on(now=now)]
        return [accepted, *self._speaking.answer(utterance, Event.TRANSCRIPT_ACCEPTED, now=now)]

    def on_transcription_failed(self, *, utterance_id: str, reason: str, now: float) -> list[Command]:
        """There will be no transcript: the persona says so."""
        if not self._hear_of(now):
            return []
        utterance = self._listening.awaited(utterance_id)
        if utterance is None:
            return self._stale_transcript(utterance_id)
        notice = Notify("transcription_failed", f"What you said could not be recognised: {reason}.")
        told: list[Command] = [utterance.report(), notice]
        if self._listening.endpointer.is_speech:
            return [*told, *self._listening.go_on(now=now)]
        if self._owed.unanswered is not None:
            return [*told, *self._answer_before(self._owed.unanswered, now=now)]
        return [*told, *self._speaking.begin_line("apology", event=Event.TRANSCRIPTION_FAILED, now=now)]

    def on_user_text(self, *, transcript: str, now: float) -> list[Command]:
        """A typed utterance takes the floor, whoever has it."""
        words = transcript.strip()
        if not words or not self._hear_of(now):
            return []
        taken = self._take_over(now=now)
        self._floor.idle.note_activity(now=now)
        self._owed.greeting = False
        utterance, opened = self._listening.write(words, now=now)
        accepted = self._owed.accept(utterance)
        return [*taken, *opened, accepted, *self._speaking.answer(utterance, Event.TEXT_TYPED, now=now)]

    def end_turn(self, *, now: float) -> list[Command]:
        """ "I'm done": the turn is over now."""
        if not self._hear_of(now) or self.phase is not Phase.WAIT_FOR_USER:
            return []
        return self._listening.end_now(now=now)

    def on_thinking(self, *, seconds: float, now: float) -> list[Command]:
        """ "Let me think": for so long, at most, the silence does not count; speech and "I'm done" end it sooner."""
        if not self._hear_of(now) or self.phase is not Phase.WAIT_FOR_USER:
            return []
        return self._listening.think(seconds=seconds, now=now)

    def on_end_of_turn_predicted(self, *, utterance_id: str, probability: float, now: float) -> list[Command]:
        """How likely what was asked about sounded like the end of a turn."""
        if not self._hear_of(now):
            return []
        return self._listening.on_predicted(utterance_id, probability, now=now)

    def _asks_for_time(self, words: str) -> bool:
        """Whether they end with that, nothing that was said before is owed an answer, and this persona gives time."""
        is_free = self._owed.unanswered is None and not self._listening.endpointer.is_speech
        return is_free and self._floor.thinking.longest_seconds > 0 and asks_for_time(words, self._language)

    def _answer_nothing(self, utterance: Utterance, *, now: float) -> list[Command]:
        """There were no words. What was said before them, and not answered, is answered now.

        Where the sound tells why, the persona asks again; where noise goes on to sound like speech, only the page does.
        """
        utterance.transcribed_at = now
        report = utterance.report()
        is_speech = self._listening.endpointer.is_speech
        if self._owed.unanswered is not None and not is_speech:
            return [report, *self._answer_before(self._owed.unanswered, now=now)]
        reason = why_unclear(utterance.sound)
        notice = reason or Notify("not_understood", "I could not make out any words.")
        is_asked = reason is not None or self._speaking.is_led
        if is_asked and not is_speech and (asked := self._speaking.begin_not_caught(utterance, now=now)):
            return [report, notice, *asked]
        moved = self._floor.move(Event.TRANSCRIPT_EMPTY, now=now)
        self._floor.idle.note_activity(now=now)
        return [report, *moved, notice, *self._listening.resume(now=now)]

    def _answer_before(self, unanswered: UnansweredTurn, *, now: float) -> list[Command]:
        """What followed gave no words: what was said before it is answered without it."""
        self._listening.endpointer.forget_closed()
        return self._answer_again(unanswered, now=now)

    def _answer_again(self, unanswered: UnansweredTurn, *, now: float) -> list[Command]:
        """The reply to what was accepted before: the connection was lost, or nothing intelligible followed it."""
        utterance = self._listening.recall(unanswered, now=self._now)
        return self._speaking.answer(utterance, Event.REPLY_RESUMED, now=now)

    def _stale_transcript(self, utterance_id: str) -> list[Command]:
        return [ReportStaleResult("transcript", utterance_id, self.active_utterance_id)]

    # ── the reply ─────────────────────────────────────────────────────────────────────────────────

    def on_answer_evaluated(
        self, *, turn_id: str, utterance_id: str, evaluation: Mapping[str, object], now: float
    ) -> list[Command]:
        """What an answer in an interview covers: the reply follows."""

        def take(reply: Reply) -> list[Command]:
            return self._speaking.take_evaluation(reply, utterance_id, evaluation, now=now)

        return self._on_reply(turn_id, take, now=now)

    def on_evaluation_failed(self, *, turn_id: str, utterance_id: str, reason: str, now: float) -> list[Command]:
        """An answer in an interview could not be judged. `reason` is for the journal."""
        return self._on_reply(turn_id, lambda reply: self._speaking.judge_again(reply, utterance_id, now=now), now=now)

    def on_first_token(self, *, turn_id: str, now: float) -> list[Command]:
        """The language model has begun."""
        return self._on_reply(turn_id, lambda reply: reply.note_first_token(now=now), now=now)

    def on_sentence_started(self, *, turn_id: str, sentence: str, now: float) -> list[Command]:
        """The voice begins this sentence: the sound that is queued from here on is its."""
        return self._on_reply(turn_id, lambda reply: reply.begin_sentence(sentence, now=now), now=now)

    def on_sound_queued(self, *, turn_id: str, samples: int, now: float) -> list[Command]:
        """The next piece of the sentence was handed to the speaker."""
        return self._on_reply(turn_id, lambda reply: reply.add_sound(samples=samples, now=now), now=now)

    def on_sentence_queued(
        self, *, turn_id: str, sentence: str, samples: int, pauses: Iterable[Pause] = (), now: float
    ) -> list[Command]:
        """All of a sentence's sound was handed to the speaker: so many samples, the pieces told before included.

        In `pauses` of it, (first sample, first one after it), the voice is silent.
        """

        def add(reply: Reply) -> None:
            reply.add_sentence(sentence, samples=samples, pauses=pauses, now=now)

        return self._on_reply(turn_id, add, now=now)

    def on_reply_started(self, *, turn_id: str, now: float) -> list[Command]:
        """The first frame of the reply has left: from here on the agent has the floor, unless the talk key is held."""
        started = self._on_reply(turn_id, lambda reply: self._speaking.start(reply, now=now), now=now)
        is_taken = self._listening.is_key_held and self.phase is Phase.AI_SPEAKING
        return [*started, *self._speaking.interrupt(now=now)] if is_taken else started

    def on_reply_complete(self, *, turn_id: str, now: float) -> list[Command]:
        """Nothing more will be queued for this turn."""
        return self._on_reply(turn_id, lambda reply: self._speaking.complete(reply, now=now), now=now)

    def on_reply_failed(self, *, turn_id: str, reason: str, now: float) -> list[Command]:
        """The reply broke off. What is queued is still played; the shell finishes the queue as after a whole reply."""
        return self._on_reply(turn_id, lambda reply: self._speaking.break_off(reply, reason=reason, now=now), now=now)

    def on_playback_finished(self, *, turn_id: str, samples_sent: int, now: float) -> list[Command]:
        """The queue is empty, and nothing more will come. All of it was heard, so `samples_sent` is for the journal."""
        return self._on_reply(turn_id, lambda reply: self._speaking.finish(reply, now=now), now=now)

    def cancel_tts(self, *, samples_sent: int, now: float) -> list[Command]:
        """The stop button: silence, and nothing that is pending is answered. The user has the floor.

        `samples_sent` of the reply that is spoken have left for the listener.
        """
        if not self._hear_of(now):
            return []
        self._floor.idle.note_activity(now=now)
        if self.phase is Phase.AI_SPEAKING:
            return self._speaking.interrupt(samples_sent=samples_sent, now=now)
        if self.phase in PENDING:
            return self._drop_pending(now=now)
        return []

    def _on_reply(self, turn_id: str, do: Callable[[Reply], list[Command] | None], *, now: float) -> list[Command]:
        """A fact about a reply is about the active one, or about none that counts any more."""
        if not self._hear_of(now):
            return []
        reply = self._speaking.reply
        if reply is None or reply.turn_id != turn_id:
            return [ReportStaleResult("reply", turn_id, reply.turn_id if reply else None)]
        return do(reply) or []

    # ── taking over, ending ───────────────────────────────────────────────────────────────────────

    def _take_over(self, *, now: float) -> list[Command]:
        """The user has something else to say: whatever is under way is dropped."""
        if self.phase in PENDING:
            return [*self._drop_pending(now=now), *self._listening.stop(now=now)]
        return self._cut_off(now=now)

    def _drop_pending(self, *, now: float) -> list[Command]:
        dropped = [*self._cancel_pending(), *self._floor.move(Event.USER_TOOK_OVER, now=now)]
        self._owed.forgive_answer()
        return [*dropped, *self._listening.resume(now=now)]

    def _cancel_pending(self) -> list[Command]:
        """Nobody waits any more for the transcript, or for the reply."""
        self._floor.stop_waiting()
        return self._speaking.cancel() if self._speaking.reply else self._listening.cancel_transcription()

    def _cut_off(self, *, now: float) -> list[Command]:
        """Whoever speaks is silenced."""
        spoken = self._speaking.interrupt(now=now) if self.phase is Phase.AI_SPEAKING else []
        return [*spoken, *self._listening.stop(now=now)]

    def end_call(self, *, reason: str, now: float) -> list[Command]:
        """Somebody hangs up."""
        if not self._hear_of(now):
            return []
        commands = self._cancel_pending() if self.phase in PENDING else self._cut_off(now=now)
        self.is_ended = True
        return [*commands, EndCall(reason)]

    # ── time ──────────────────────────────────────────────────────────────────────────────────────

    def get_timer(self) -> float | None:
        """When `handle_timer` wants to be called; None after the end."""
        if self.is_ended:
            return None
        due, sound_due = self._phase_deadline(), self._hearing.sound_due
        return due if sound_due is None else min(due, sound_due)

    def handle_timer(self, *, now: float) -> list[Command]:
        """Do what is due by now."""
        if not self._hear_of(now):
            return []
        noticed = self._hearing.miss_sound(now=now)
        return [*noticed, *(self._on_deadline(now=now) if now >= self._phase_deadline() else [])]

    def _phase_deadline(self) -> float:
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._listening.waits_until(is_open=self._hearing.is_open)
            case Phase.VALIDATING_UTTERANCE | Phase.PROCESSING_USER:
                return self._floor.pending_until
            case Phase.AI_SPEAKING:
                return self._speaking.stalls_at

    def _on_deadline(self, *, now: float) -> list[Command]:
        match self.phase:
            case Phase.WAIT_FOR_USER:
                return self._on_waited(now=now)
            case Phase.VALIDATING_UTTERANCE:
                utterance_id = self.active_utterance_id or ""
                failed = self.on_transcription_failed(utterance_id=utterance_id, reason="it took too long", now=now)
                return [CancelTranscription(utterance_id), *failed]
            case Phase.PROCESSING_USER:
                reply = self._speaking.reply
                return self._speaking.fail(reply, reason="it took too long", now=now) if reply else []
            case Phase.AI_SPEAKING:
                return self._speaking.stall(now=now)

    def _on_waited(self, *, now: float) -> list[Command]:
        if self._floor.idle.is_over:
            return self.end_call(reason=self._floor.idle.end_reason, now=now)
        if self._floor.thinking.is_on:
            return self._listening.end_thinking_time(now=now)
        if self._listening.endpointer.is_speech:
            return self._listening.end("max_turn", now=now)
        if now >= self._floor.idle.ends_at:
            return self.end_call(reason=self._floor.idle.end_reason, now=now)
        self._floor.idle.note_prompt()
        return self._speaking.begin_line("still_there", now=now)

    def _hear_of(self, now: float) -> bool:
        """Every fact begins here. After the end of the call nothing happens any more."""
        self._now = max(self._now, now)
        return not self.is_ended

    # ── what outlives the process ─────────────────────────────────────────────────────────────────

    def snapshot(self) -> dict[str, object]:
        """What another process needs to go on: JSON, and small."""
        return CallState(
            phase=self.phase.value,
            turn_id=self.turn_id,
            utterance_id=self.active_utterance_id,
            now=self._now,
            active_at=self._floor.idle.active_at,
            has_prompted=self._floor.idle.has_prompted,
            greets=self._owed.greeting or self._speaking.is_pending("greeting"),
            frames_received=self._frames_received,
            playout_delay_ms=self._speaking.playout_delay_ms,
            unanswered=self._owed.unanswered,
            is_unfinished=self._is_unfinished(),
            hearing=self._hearing.snapshot(),
            thinking_until=self._floor.thinking.until,
            pauses_ms=tuple(self._listening.endpointer.pauses.lasted_ms),
        ).to_json()

    def _is_unfinished(self) -> bool:
        """Whether something that the user said would be lost, and not mentioned, if the call went on elsewhere."""
        is_heard = self._listening.endpointer.is_speech or self.phase is Phase.VALIDATING_UTTERANCE
        is_told_of = self._speaking.is_pending("apology", "did_not_catch")
        return is_heard or self._owed.has_missed_something or is_told_of

    def _go_on_from(self, state: CallState) -> None:
        """The user's move, with what was learned before."""
        self._now, self._frames_received = state.now, state.frames_received
        self._floor.idle.recall(state.active_at, has_prompted=state.has_prompted)
        self._speaking.playout_delay_ms = state.playout_delay_ms
        self._floor.thinking.until = state.thinking_until
        self._listening.endpointer.pauses.recall(state.pauses_ms)
        self._owed.greeting = self._owed.greeting and state.greets
        self._owed.unanswered, self._owed.has_missed_something = state.unanswered, state.is_unfinished
        try:
            self._hearing.restore(state.hearing)
        except (KeyError, TypeError, ValueError) as error:
            raise SnapshotRefused(f"these are no levels of a call: {error!r}") from error
