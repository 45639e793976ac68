"""Any order of phrases, results and waits: what must always hold, does.

The rules are phrases ("a word", "a pause", "a cough"), never random frames, which hardly ever reach an end of turn.
Every result may come late, twice or never.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ai_agent.barge_in_state_machine import BargeinState
from ai_agent.commands import (
    CloseReply,
    Command,
    EndCall,
    GenerateReply,
    OpenTurn,
    PhaseChanged,
    SpeakLine,
    SupersedeUtterance,
    TranscribeTurn,
)
from ai_agent.conversation import PENDING, TRANSITIONS, ConversationEvent, ConversationPhase
from ai_agent.persona_behaviors import TurnPolicy
from tests.timeline import Timeline

PHRASES = st.sampled_from(
    [
        "ssssssss",
        "sssssss" + "." * 26,
        "ssss..........ssss" + "." * 26,
        "...sssss",
        "s..........",
        ".c....k...",
        "." * 12,
        "z" * 12,
    ]
)
WORDS = st.sampled_from(["What is a rope?", "  ", "Yes."])
LATE_IDS = st.sampled_from(["id-1", "id-2", "id-3", "never-made"])
POLICY = TurnPolicy(idle_end_seconds=60, max_turn_seconds=10)

Row = tuple[ConversationPhase, ConversationEvent]


class CallMachine(RuleBasedStateMachine):
    """One call with a microphone, a recogniser, a language model and a voice that may do anything at any time."""

    reached: ClassVar[set[Row]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.checked = 0
        self.phase = ConversationPhase.WAIT_FOR_USER

    @initialize(greets=st.booleans())
    def connect(self, greets: bool) -> None:
        self.call = Timeline(policy=POLICY, has_greeting=greets)
        self.call.connect()

    def take(self, commands: Sequence[Command]) -> None:
        self.call.take(commands)

    @property
    def turn_id(self) -> str:
        return self.call.engine.turn_id or "none"

    # ── the user ──────────────────────────────────────────────────────────────────────────────────

    @rule(phrase=PHRASES)
    def the_microphone_hears(self, phrase: str) -> None:
        self.call.hear(phrase)

    @rule()
    def the_user_presses_done(self) -> None:
        self.take(self.call.engine.end_turn(now=self.call.now))

    @rule(samples=st.sampled_from([0, 20_000, 200_000]))
    def the_user_presses_stop(self, samples: int) -> None:
        self.take(self.call.engine.cancel_tts(samples_sent=samples, now=self.call.now))

    @rule(words=WORDS)
    def the_user_types(self, words: str) -> None:
        self.take(self.call.engine.on_user_text(transcript=words, now=self.call.now))

    @rule(muted=st.booleans())
    def the_microphone_is_switched(self, muted: bool) -> None:
        self.take(self.call.engine.on_media_settings(muted=muted, now=self.call.now))

    # ── the providers ─────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.phase is ConversationPhase.VALIDATING_UTTERANCE)
    @rule(words=WORDS)
    def the_recogniser_answers(self, words: str) -> None:
        self.call.transcribe(words)

    @precondition(lambda self: self.phase is ConversationPhase.VALIDATING_UTTERANCE)
    @rule()
    def the_recogniser_fails(self) -> None:
        utterance_id = self.call.engine.active_utterance_id or ""
        failed = self.call.engine.on_transcription_failed(
            utterance_id=utterance_id, reason="it is down", now=self.call.now
        )
        self.take(failed)

    @precondition(lambda self: self.phase is ConversationPhase.PROCESSING_USER)
    @rule(completes=st.booleans())
    def the_reply_starts(self, completes: bool) -> None:
        self.call.start_reply("One two three.", "Four.", completes=completes)

    @precondition(lambda self: self.phase in (ConversationPhase.PROCESSING_USER, ConversationPhase.AI_SPEAKING))
    @rule()
    def the_reply_fails(self) -> None:
        self.take(self.call.engine.on_reply_failed(turn_id=self.turn_id, reason="it is down", now=self.call.now))

    @precondition(lambda self: self.phase in (ConversationPhase.PROCESSING_USER, ConversationPhase.AI_SPEAKING))
    @rule()
    def the_reply_is_complete(self) -> None:
        self.take(self.call.engine.on_reply_complete(turn_id=self.turn_id, now=self.call.now))

    @precondition(lambda self: self.phase is ConversationPhase.AI_SPEAKING)
    @rule()
    def the_reply_is_over(self) -> None:
        self.call.finish_reply()

    @rule(dead_id=LATE_IDS, words=WORDS)
    def something_comes_late(self, dead_id: str, words: str) -> None:
        engine, now = self.call.engine, self.call.now
        if dead_id not in (engine.active_utterance_id, engine.turn_id):
            self.take(engine.process_user_utterance(utterance_id=dead_id, transcript=words, now=now))
            self.take(engine.on_reply_started(turn_id=dead_id, now=now))
            self.take(engine.on_playback_finished(turn_id=dead_id, samples_sent=1, now=now))

    # ── the line ──────────────────────────────────────────────────────────────────────────────────

    @rule(seconds=st.sampled_from([4.0, 16.0, 31.0]))
    def nothing_comes(self, seconds: float) -> None:
        self.call.wait(seconds)

    @rule()
    def the_browser_connects_again(self) -> None:
        self.call.connect()

    @rule()
    def another_process_goes_on(self) -> None:
        if not self.call.engine.is_ended:
            known = self.call
            self.call = Timeline(policy=POLICY, snapshot=known.engine.snapshot(), start_at=known.now + 2)
            self.call.engine._new_id = known.engine._new_id
            self.checked, self.phase = 0, ConversationPhase.WAIT_FOR_USER
            self.call.connect()

    # ── what always holds ─────────────────────────────────────────────────────────────────────────

    @invariant()
    def every_move_has_a_row_and_begins_where_the_last_one_ended(self) -> None:
        for command in self.call.commands[self.checked :]:
            if isinstance(command, PhaseChanged) and command.phase != command.previous:
                assert command.previous == self.phase
                rows = {row for row, to in TRANSITIONS.items() if row[0] == self.phase and to == command.phase}
                assert rows
                reasons = {row for row in rows if row[1].value == command.reason}
                type(self).reached.update(reasons or {row for row in rows if row[1] == "utterance_ended"})
                self.phase = ConversationPhase(command.phase)
        self.checked = len(self.call.commands)
        assert self.phase is self.call.engine.phase

    @invariant()
    def an_utterance_is_transcribed_once_and_its_row_comes_first(self) -> None:
        turns = Counter(turn.utterance_id for turn in self.call.asked(TranscribeTurn))
        assert not turns or max(turns.values()) == 1
        rows = Counter(row.utterance_id for row in self.call.asked(OpenTurn))
        assert not rows or max(rows.values()) == 1
        assert turns.keys() <= rows.keys()
        for superseded in self.call.asked(SupersedeUtterance):
            assert superseded.superseded_by in rows

    @invariant()
    def a_turn_is_answered_once_and_closed_once(self) -> None:
        begun = Counter(c.turn_id for c in self.call.commands if isinstance(c, GenerateReply | SpeakLine))
        closed = Counter(c.turn_id for c in self.call.asked(CloseReply))
        assert not begun or max(begun.values()) == 1
        assert not closed or max(closed.values()) == 1
        assert closed.keys() <= begun.keys()

    @invariant()
    def what_was_heard_is_a_beginning_of_what_was_planned(self) -> None:
        for closed in self.call.asked(CloseReply):
            assert closed.planned_text.startswith(closed.heard_text)
            assert closed.interrupted or closed.heard_text == closed.planned_text

    @invariant()
    def barge_in_is_armed_exactly_while_the_agent_speaks(self) -> None:
        armed = self.call.engine._barge_in.state is BargeinState.ARMED
        assert armed is (self.call.engine.phase is ConversationPhase.AI_SPEAKING)

    @invariant()
    def whoever_waits_has_a_deadline(self) -> None:
        due = self.call.engine.get_timer()
        if self.call.asked(EndCall):
            assert due is None
            assert isinstance(self.call.commands[-1], EndCall)
        else:
            assert due is not None and self.call.now < due < self.call.now + 120

    @invariant()
    def what_is_pending_has_an_id_that_a_result_can_name(self) -> None:
        engine = self.call.engine
        if engine.phase is ConversationPhase.VALIDATING_UTTERANCE:
            assert engine.active_utterance_id is not None
        if engine.phase in PENDING or engine.phase is ConversationPhase.AI_SPEAKING:
            assert engine.turn_id is not None


def test_every_promise_holds_and_every_row_of_the_table_is_reached() -> None:
    CallMachine.reached.clear()
    run_state_machine_as_test(
        CallMachine,
        settings=settings(
            max_examples=120,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(TRANSITIONS) - CallMachine.reached == set()
