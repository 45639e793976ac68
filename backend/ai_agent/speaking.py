"""What does the agent say, and how does it end? One reply at a time, from its request to its last word that was heard.

    asked ──▶ queued ──▶ first frame left ──▶ finished | interrupted | broke off | stalled ──▶ the user's move
      └───────────┴──▶ failed ──▶ an apology, and where even that fails, the user's move

While the agent speaks, the barge-in machine listens: it lowers the agent, silences it, gives it back or takes the
floor from it. What it has heard when the reply is over is the user's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ai_agent.audio_format import samples_in
from ai_agent.barge_in_state_machine import BargeinState, BargeinStateMachine
from ai_agent.commands import (
    CancelPlayback,
    CancelReply,
    CloseReply,
    Command,
    GenerateReply,
    HoldPlayback,
    LineName,
    Notify,
    ReportStaleResult,
    RestorePlayback,
    SpeakingChanged,
    SpeakLine,
)
from ai_agent.conversation import ConversationEvent, ConversationPhase
from ai_agent.exchange import INITIAL_PLAYOUT_DELAY_MS, Reply, Utterance
from ai_agent.floor import Floor
from ai_agent.heard_cursor import HeardCursor, SpeakingRate
from ai_agent.hearing import Hearing
from ai_agent.leading import Leading, was_meant
from ai_agent.listening import Listening
from ai_agent.owed import Owed
from ai_agent.persona_behaviors import BargeInPolicy
from ai_agent.stop_word_interruption import ProbeWords
from ai_agent.voice_activity import VoiceFrame

Phase = ConversationPhase
Event = ConversationEvent

LAST_SOUND_MS: Final = 70
"""Who has heard all but so much of a word has heard it: what is left of it is dying away."""

NOT_CAUGHT_AGAIN_SECONDS: Final = 60.0
"""The persona does not say twice within this time that it did not catch something: noise would talk with it."""


class Speaking:
    """The agent's side of one call."""

    def __init__(
        self,
        policy: BargeInPolicy,
        *,
        hearing: Hearing,
        floor: Floor,
        owed: Owed,
        listening: Listening,
        lead: Leading | None = None,
    ) -> None:
        """`listening` gives up its sound when the agent begins, and gets it back when the agent is done.

        `lead` decides what is said, in the place of a language model and of the persona's fixed lines.
        """
        self.reply: Reply | None = None
        self.barge_in = BargeinStateMachine(
            policy, ring=hearing.ring, caller=hearing.caller, echo=hearing.echo, new_id=floor.new_id
        )
        self.playout_delay_ms = INITIAL_PLAYOUT_DELAY_MS
        self._rate = SpeakingRate()
        """The voice's pace, learned from its sentences."""
        self._not_caught_at: float | None = None
        """When the persona last said that it did not catch something."""
        self._not_caught: Utterance | None = None
        """What it did not catch."""
        self._floor = floor
        self._owed = owed
        self._listening = listening
        self._lead = lead

    @property
    def is_led(self) -> bool:
        return self._lead is not None

    def announce(self, *, now: float) -> list[Command]:
        """Where the call stands, for a browser that has just connected."""
        return [*self._floor.announce(now=now), *(self._lead.tell() if self._lead else [])]

    # ── asking for it ─────────────────────────────────────────────────────────────────────────────

    def answer(self, utterance: Utterance, event: Event, *, now: float) -> list[Command]:
        """Ask for the reply to what was said and accepted."""
        turn_id = utterance.turn_id
        self.reply = Reply(turn_id, requested_at=now, utterance=utterance, cursor=HeardCursor(self._rate))
        self._owed.has_missed_something = False
        self._floor.await_reply(now=now)
        moved = self._floor.move(event, now=now)
        if self._lead is not None:
            return [*moved, *self._lead.answer(utterance)]
        return [*moved, GenerateReply(turn_id, utterance.utterance_id, utterance.transcript)]

    def begin_line(self, line: LineName, *, event: Event = Event.LINE_BEGUN, now: float) -> list[Command]:
        """The persona says one of its own lines."""
        turn_id = self._expect_line(line, now=now)
        return [*self._floor.move(event, now=now, turn_id=turn_id), *self._say_line(line, event, turn_id)]

    def _say_line(self, line: LineName, event: Event, turn_id: str) -> list[Command]:
        """The line itself; who leads has words of its own for what it is said about."""
        if self._lead is None:
            return [SpeakLine(turn_id, line)]
        match event, line:
            case Event.LINE_BEGUN, "still_there":
                return self._lead.meet_silence(turn_id, prompts=self._floor.idle.prompts - 1)
            case Event.LINE_BEGUN, _:
                return self._lead.begin(turn_id, missed=line == "did_not_catch")
            case _:
                return self._lead.miss(turn_id, self._not_caught if line == "did_not_catch" else None)

    def begin_not_caught(self, utterance: Utterance, *, now: float) -> list[Command]:
        """The persona did not catch these words; nothing where it said so a moment ago, and they may be noise."""
        self._not_caught = utterance
        is_again = self._not_caught_at is not None and now - self._not_caught_at < NOT_CAUGHT_AGAIN_SECONDS
        if is_again and not (self._lead and was_meant(utterance)):
            return []
        return self.begin_line("did_not_catch", event=Event.WORDS_NOT_CAUGHT, now=now)

    def _expect_line(self, line: LineName, *, now: float) -> str:
        if line == "did_not_catch":
            self._not_caught_at = now
        turn_id = self._floor.new_id()
        self.reply = Reply(turn_id, requested_at=now, line=line, cursor=HeardCursor(self._rate))
        self._floor.await_reply(now=now)
        self._floor.bind(turn_id, utterance_id=None)
        self._owed.pay(line)
        return turn_id

    def is_pending(self, *lines: LineName) -> bool:
        """Whether one of these is asked for, and none of it has left."""
        return self.reply is not None and self.reply.line in lines and self.reply.started_at is None

    def cancel(self) -> list[Command]:
        """Nobody waits any more for the reply."""
        reply, self.reply = self.reply, None
        if self._lead is not None:
            self._lead.cancelled()
        return [CancelPlayback(reply.turn_id), CancelReply(reply.turn_id)] if reply else []

    # ── an answer in an interview ─────────────────────────────────────────────────────────────────

    def take_evaluation(
        self, reply: Reply, utterance_id: str, evaluation: Mapping[str, object], *, now: float
    ) -> list[Command]:
        """What the answer covers: that decides what is said."""
        led = self._lead.take_evaluation(reply.turn_id, utterance_id, evaluation) if self._lead else None
        return self._await_led(led, utterance_id, now=now)

    def judge_again(self, reply: Reply, utterance_id: str, *, now: float) -> list[Command]:
        """The evaluation failed."""
        led = self._lead.judge_again(reply.turn_id, utterance_id) if self._lead else None
        return self._await_led(led, utterance_id, now=now)

    def _await_led(self, led: list[Command] | None, utterance_id: str, *, now: float) -> list[Command]:
        if led is None:
            return [ReportStaleResult("evaluation", utterance_id, self._floor.active_utterance_id)]
        self._floor.await_reply(now=now)
        return led

    # ── how it goes ───────────────────────────────────────────────────────────────────────────────

    def start(self, reply: Reply, *, now: float) -> list[Command]:
        """The first frame of it has left."""
        if self._floor.phase is Phase.AI_SPEAKING:
            return [ReportStaleResult("reply", reply.turn_id, reply.turn_id)]
        reply.start(now=now)
        self._owed.forgive_answer()
        sounding = self._listening.endpointer.hand_over()
        moved = self._floor.move(Event.REPLY_STARTED, now=now)
        self.barge_in.arm(reply, sounding=sounding)
        led = self._lead.started() if self._lead else []
        return [*moved, SpeakingChanged("agent", speaking=True, at=now), *led]

    def complete(self, reply: Reply, *, now: float) -> list[Command]:
        """Nothing more will be queued."""
        if self._floor.phase is Phase.PROCESSING_USER and reply.cursor.planned_samples == 0:
            return self.fail(reply, reason="it was empty", now=now)
        return []

    def break_off(self, reply: Reply, *, reason: str, now: float) -> list[Command]:
        """Nothing more will come, and not all of it came."""
        if self._floor.phase is Phase.PROCESSING_USER:
            return self.fail(reply, reason=reason, now=now)
        reply.has_failed = True
        return []

    def finish(self, reply: Reply, *, now: float) -> list[Command]:
        """The queue is empty, and nothing more will come."""
        if self._floor.phase is Phase.PROCESSING_USER:
            return self.fail(reply, reason="it had no sound", now=now)
        if reply.has_failed:
            closed = self._close(reply, Event.REPLY_FAILED, samples_heard=None, now=now)
            return [*closed, Notify("reply_broke_off", "The answer broke off.")]
        return self._close(reply, Event.PLAYBACK_FINISHED, samples_heard=None, now=now)

    # ── somebody speaks over it ───────────────────────────────────────────────────────────────────

    def overhear(self, frame: bytes, voice: VoiceFrame, *, samples_sent: int | None, now: float) -> list[Command]:
        """One frame of the agent's move. `samples_sent` of the reply have left; None: by the time since the first."""
        sent = self._spoken().samples_played(now=now) if samples_sent is None else samples_sent
        return self._follow(self.barge_in.process(frame, voice, now=now, samples_sent=sent), sent, now=now)

    def on_probe_transcribed(self, *, candidate_id: str, look: int, words: ProbeWords, now: float) -> list[Command]:
        """What was said over the agent."""
        wanted = self.barge_in.on_probe_transcribed(candidate_id=candidate_id, look=look, words=words, now=now)
        return self._follow(wanted, self.barge_in.samples_sent, now=now)

    def on_probe_failed(self, *, candidate_id: str, look: int, now: float) -> list[Command]:
        """There are no words."""
        wanted = self.barge_in.on_probe_failed(candidate_id=candidate_id, look=look, now=now)
        return self._follow(wanted, self.barge_in.samples_sent, now=now)

    def _follow(self, wanted: list[Command], samples_sent: int, *, now: float) -> list[Command]:
        """What the barge-in machine wants is done; where the user has won, the reply is over."""
        for command in wanted:
            if isinstance(command, HoldPlayback):
                self._spoken().hold(now=now)
            elif isinstance(command, RestorePlayback):
                self._spoken().go_on(rewind_ms=command.rewind_ms, now=now)
        if self.barge_in.state is not BargeinState.ACCEPTED:
            return wanted
        return [*wanted, *self._yield_floor(samples_sent, now=now)]

    # ── how it ends ───────────────────────────────────────────────────────────────────────────────

    def fail(self, reply: Reply, *, reason: str, now: float) -> list[Command]:
        """No frame of it has left. A failed answer is apologised for; a failed line is not, or it would loop."""
        cancelled: list[Command] = [CancelPlayback(reply.turn_id), CancelReply(reply.turn_id)]
        if self._lead is not None and (led := self._try_led_again(self._lead, reply, now=now)):
            return [*cancelled, *led]
        if reply.line is not None or self._lead is not None:
            notice = Notify("voice_failed", f"The voice could not speak: {reason}.")
            return [*cancelled, *self._give_up(notice, now=now)]
        apology = SpeakLine(self._expect_line("apology", now=now), "apology")
        return [*cancelled, Notify("reply_failed", f"There is no answer to this: {reason}."), apology]

    def _try_led_again(self, lead: Leading, reply: Reply, *, now: float) -> list[Command]:
        """What was to be said is known: it is said once more. An evaluation that does not come is done without."""
        led = lead.judge_locally(reply.turn_id) if lead.is_evaluating else lead.try_again(reply.turn_id)
        if led:
            self.reply = replace(reply, requested_at=now, cursor=HeardCursor(self._rate))
            self._floor.await_reply(now=now)
        return led

    def _give_up(self, notice: Notify, *, now: float) -> list[Command]:
        """Nothing can be said: the user's move again, and a word about why."""
        moved = self._floor.move(Event.REPLY_FAILED, now=now)
        if not self.is_pending("still_there"):
            self._floor.idle.note_activity(now=now)
        self.cancel()
        self._owed.forgive_answer()
        return [*moved, notice, *self._listening.resume(now=now)]

    def interrupt(self, *, samples_sent: int | None = None, now: float) -> list[Command]:
        """The user takes over. `samples_sent` have left for the listener; None: as many as at the last frame."""
        reply = self._spoken()
        sent = self.barge_in.samples_sent or reply.samples_played(now=now) if samples_sent is None else samples_sent
        return [CancelPlayback(reply.turn_id), *self._yield_floor(sent, now=now)]

    def _yield_floor(self, samples_sent: int, *, now: float) -> list[Command]:
        reply = self._spoken()
        delay = samples_in(self.playout_delay_ms)
        heard = samples_sent - delay + samples_in(LAST_SOUND_MS) if samples_sent > delay else 0
        closed = self._close(reply, Event.USER_TOOK_OVER, samples_heard=heard, now=now)
        return [CancelReply(reply.turn_id), *closed]

    def stall(self, *, now: float) -> list[Command]:
        """All that was queued has been heard long ago, and nothing followed."""
        reply = self._spoken()
        return [
            CancelPlayback(reply.turn_id),
            CancelReply(reply.turn_id),
            *self._close(reply, Event.REPLY_FAILED, samples_heard=None, now=now),
            Notify("reply_broke_off", "The answer broke off."),
        ]

    @property
    def stalls_at(self) -> float:
        """When nothing will have come for too long after all that was queued has been played."""
        return self._spoken().stalls_at(self._floor.policy.stall_seconds)

    def _spoken(self) -> Reply:
        if self.reply is None:
            raise AssertionError("somebody speaks while the agent speaks")
        return self.reply

    def _close(self, reply: Reply, event: Event, *, samples_heard: int | None, now: float) -> list[Command]:
        """The agent's move is over; speech that is under way goes on as the user's."""
        ended_by = "user_took_over" if event is Event.USER_TOOK_OVER else "agent_finished"
        overlapping = self.barge_in.disarm(now=now, reason=ended_by)
        self.reply = None
        if not self._is_prompt(reply):
            self._floor.idle.note_turn_over(now=now)
        self._listening.release()
        closed = reply.close(samples_heard=samples_heard, now=now)
        return [
            *overlapping.commands,
            *self._floor.move(event, now=now, turn_id=reply.turn_id),
            SpeakingChanged("agent", speaking=False, at=now),
            closed,
            *reply.report(),
            *(self._close_led(self._lead, closed, now=now) if self._lead else []),
            *self._listening.adopt(overlapping.capture, utterance_id=overlapping.utterance_id, now=now),
        ]

    def _is_prompt(self, reply: Reply) -> bool:
        """Whether it was a word into a silence that goes on."""
        return self._lead.is_prompt if self._lead else reply.line == "still_there"

    def _close_led(self, lead: Leading, closed: CloseReply, *, now: float) -> list[Command]:
        """What follows from what was said: time to think, or the end of the call."""
        led, said = lead.closed(closed)
        if said is not None and said.ends is not None and not closed.interrupted:
            self._floor.idle.end(said.ends)
        if said is None or not said.gives_time or not self._floor.thinking.longest_seconds:
            return led
        return [*led, *self._listening.think(seconds=self._floor.thinking.longest_seconds, now=now)]
