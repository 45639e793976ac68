"""What does the agent say, and how does it end? One reply at a time, from its request to its last word that was heard.

    asked ──▶ queued ──▶ first frame left ──▶ finished | interrupted | broke off | stalled ──▶ the user's move
      └───────────┴──▶ failed ──▶ an apology, and where even that fails, the user's move

While the agent speaks, the barge-in machine listens; what it has heard when the reply is over is the user's.
"""

from __future__ import annotations

from typing import Final

from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.barge_in_state_machine import BargeinStateMachine
from ai_agent.capture import MicrophoneRing
from ai_agent.commands import (
    CancelPlayback,
    CancelReply,
    Command,
    GenerateReply,
    LineName,
    Notify,
    ReportStaleResult,
    SpeakingChanged,
    SpeakLine,
)
from ai_agent.conversation import ConversationEvent, ConversationPhase
from ai_agent.exchange import INITIAL_PLAYOUT_DELAY_MS, Reply, Utterance
from ai_agent.floor import Floor
from ai_agent.heard_cursor import HeardCursor, SpeakingRate
from ai_agent.listening import Listening
from ai_agent.owed import Owed
from ai_agent.persona_behaviors import BargeInPolicy

Phase = ConversationPhase
Event = ConversationEvent

NOT_CAUGHT_AGAIN_SECONDS: Final = 60.0
"""The persona does not say twice within this time that it did not catch something: noise would talk with it."""


class Speaking:
    """The agent's side of one call."""

    def __init__(
        self,
        policy: BargeInPolicy,
        *,
        ring: MicrophoneRing,
        floor: Floor,
        owed: Owed,
        listening: Listening,
    ) -> None:
        """`listening` gives up its sound when the agent begins, and gets it back when the agent is done."""
        self.reply: Reply | None = None
        self.barge_in = BargeinStateMachine(policy, ring=ring)
        self.playout_delay_ms = INITIAL_PLAYOUT_DELAY_MS
        self._rate = SpeakingRate()
        """The voice's pace, learned from its sentences."""
        self._not_caught_at: float | None = None
        """When the persona last said that it did not catch something."""
        self._floor = floor
        self._owed = owed
        self._listening = listening

    # ── asking for it ─────────────────────────────────────────────────────────────────────────────

    def answer(self, utterance: Utterance, event: Event, *, now: float) -> list[Command]:
        """Ask for the reply to what was said and accepted."""
        turn_id = utterance.turn_id
        self.reply = Reply(turn_id, requested_at=now, utterance=utterance, cursor=HeardCursor(self._rate))
        self._owed.has_missed_something = False
        self._floor.await_reply(now=now)
        moved = self._floor.move(event, now=now)
        return [*moved, GenerateReply(turn_id, utterance.utterance_id, utterance.transcript)]

    def begin_line(self, line: LineName, *, event: Event = Event.LINE_BEGUN, now: float) -> list[Command]:
        """The persona says one of its own lines."""
        turn_id = self._expect_line(line, now=now)
        return [*self._floor.move(event, now=now, turn_id=turn_id), SpeakLine(turn_id, line)]

    def begin_not_caught(self, *, now: float) -> list[Command]:
        """The persona did not catch the words; nothing where it said so a moment ago."""
        if self._not_caught_at is not None and now - self._not_caught_at < NOT_CAUGHT_AGAIN_SECONDS:
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
        return [CancelPlayback(reply.turn_id), CancelReply(reply.turn_id)] if reply else []

    # ── how it goes ───────────────────────────────────────────────────────────────────────────────

    def start(self, reply: Reply, *, now: float) -> list[Command]:
        """The first frame of it has left."""
        if self._floor.phase is Phase.AI_SPEAKING:
            return [ReportStaleResult("reply", reply.turn_id, reply.turn_id)]
        reply.start(now=now)
        self._owed.forgive_answer()
        sounding = self._listening.endpointer.hand_over()
        moved = self._floor.move(Event.REPLY_STARTED, now=now)
        self.barge_in.arm(sounding)
        return [*moved, SpeakingChanged("agent", speaking=True, at=now)]

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

    # ── how it ends ───────────────────────────────────────────────────────────────────────────────

    def fail(self, reply: Reply, *, reason: str, now: float) -> list[Command]:
        """No frame of it has left. A failed answer is apologised for; a failed line is not, or it would loop."""
        cancelled: list[Command] = [CancelPlayback(reply.turn_id), CancelReply(reply.turn_id)]
        if reply.line is not None:
            notice = Notify("voice_failed", f"The voice could not speak: {reason}.")
            return [*cancelled, *self._give_up(notice, now=now)]
        apology = SpeakLine(self._expect_line("apology", now=now), "apology")
        return [*cancelled, Notify("reply_failed", f"There is no answer to this: {reason}."), apology]

    def _give_up(self, notice: Notify, *, now: float) -> list[Command]:
        """Nothing can be said: the user's move again, and a word about why."""
        moved = self._floor.move(Event.REPLY_FAILED, now=now)
        if not self.is_pending("still_there"):
            self._floor.idle.note_activity(now=now)
        self.reply = None
        self._owed.forgive_answer()
        return [*moved, notice, *self._listening.resume(now=now)]

    def interrupt(self, *, samples_sent: int | None = None, now: float) -> list[Command]:
        """The user takes over. `samples_sent` have left for the listener; None: by the time since the first of them."""
        reply = self._spoken()
        sent = reply.samples_played(now=now) if samples_sent is None else samples_sent
        delay = round(self.playout_delay_ms * SAMPLE_RATE_HZ / 1000)
        return [
            CancelPlayback(reply.turn_id),
            CancelReply(reply.turn_id),
            *self._close(reply, Event.USER_TOOK_OVER, samples_heard=max(0, sent - delay), now=now),
        ]

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
        candidate = self.barge_in.disarm()
        self.reply = None
        if reply.line != "still_there":
            self._floor.idle.note_activity(now=now)
        self._listening.release()
        return [
            *self._floor.move(event, now=now, turn_id=reply.turn_id),
            SpeakingChanged("agent", speaking=False, at=now),
            reply.close(samples_heard=samples_heard, now=now),
            *reply.report(),
            *self._listening.adopt(candidate, now=now),
        ]
