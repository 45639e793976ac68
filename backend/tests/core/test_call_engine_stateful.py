"""Any order of phrases, results and waits: what must always hold, does.

The rules are phrases ("a word", "a pause", "a cough"), never random frames, which hardly ever reach an end of turn.
Every result may come late, twice or never.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import ClassVar

import pytest
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

from ai_agent.audio_format import duration_ms
from ai_agent.barge_in_state_machine import BargeinState
from ai_agent.capture import PRE_ROLL_MS
from ai_agent.commands import (
    AcceptTranscript,
    CancelPlayback,
    CancelReply,
    CloseReply,
    Command,
    DuckPlayback,
    EndCall,
    GenerateReply,
    HoldPlayback,
    OpenTurn,
    PhaseChanged,
    PredictEndOfTurn,
    ReportBargeIn,
    ReportStaleResult,
    RestorePlayback,
    SpeakLine,
    SupersedeUtterance,
    ThinkingChanged,
    TranscribeProbe,
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
        "..qqqqqq...tttttt" + "." * 26,
        "...sssss",
        "s..........",
        ".c....k...",
        "." * 12,
        "z" * 12,
        "nnnnnvvvvvvv" + "n" * 26,
    ]
)
LONG = "." + "ssssssss.." * 7
"""Longer than a turn may be."""
WORDS = st.sampled_from(["What is a rope?", "  ", "Yes.", "", "Let me think."])
PRESSES = ["done", "stop", "type", "mute", "think"]
LATE_IDS = st.sampled_from(["id-1", "id-2", "id-3", "never-made"])
POLICY = TurnPolicy(idle_end_seconds=60, max_turn_seconds=6, turn_detection="adaptive")

Row = tuple[ConversationPhase, ConversationEvent]


class CallMachine(RuleBasedStateMachine):
    """One call with a microphone, a recogniser, a language model and a voice that may do anything at any time."""

    reached: ClassVar[set[Row]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.checked = 0
        self.began_here = True
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

    @precondition(lambda self: self.phase is ConversationPhase.WAIT_FOR_USER)
    @rule()
    def the_user_has_a_turn(self) -> None:
        self.call.hear("sssssss" + "." * 26)

    @precondition(lambda self: self.phase is ConversationPhase.WAIT_FOR_USER)
    @rule(words=WORDS, answers_after=st.sampled_from([60, 63, 66, 71]))
    def the_user_speaks_longer_than_a_turn_may_be(self, words: str, answers_after: int) -> None:
        self.call.hear(LONG[:answers_after])
        if self.call.engine.phase is ConversationPhase.VALIDATING_UTTERANCE:
            self.call.transcribe(words)
        self.call.hear(LONG[answers_after:])

    @precondition(lambda self: self.phase in PENDING)
    @rule(phrase=st.sampled_from(["ssss", "...sssss", "ss........"]))
    def the_user_goes_on(self, phrase: str) -> None:
        self.call.hear(phrase)

    @rule(
        words=WORDS,
        samples=st.sampled_from([0, 20_000, 200_000]),
        what=st.sampled_from(PRESSES),
    )
    def the_user_presses_something(self, what: str, words: str, samples: int) -> None:
        engine, now = self.call.engine, self.call.now
        match what:
            case "done":
                self.take(engine.end_turn(now=now))
            case "stop":
                self.take(engine.cancel_tts(samples_sent=samples, now=now))
            case "type":
                self.take(engine.on_user_text(transcript=words, now=now))
            case "think":
                self.take(engine.on_thinking(seconds=12, now=now))
            case "mute":
                self.take(engine.on_media_settings(muted=True, now=now))
                self.call.hear("sssss")
                self.take(engine.on_media_settings(muted=False, noise_suppression=True, now=self.call.now))

    @precondition(lambda self: self.phase is ConversationPhase.AI_SPEAKING)
    @rule(phrase=st.sampled_from(["ssssss....", "ss...", "sssssssssssss", "sss...sss....", "ssssssss.ssssssss....."]))
    def the_user_cuts_in(self, phrase: str) -> None:
        self.call.hear(phrase)

    @rule(probability=st.sampled_from([0.1, 0.99, float("nan")]), twice=st.booleans())
    def what_was_asked_about_sounds_finished_or_not(self, probability: float, twice: bool) -> None:
        for asked in self.call.asked(PredictEndOfTurn)[-1:] * (1 + twice):
            answer = {"utterance_id": asked.utterance_id, "probability": probability}
            self.take(self.call.engine.on_end_of_turn_predicted(**answer, now=self.call.now))

    # ── the providers ─────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.phase is ConversationPhase.VALIDATING_UTTERANCE)
    @rule(words=WORDS, twice=st.booleans())
    def the_recogniser_answers(self, words: str, twice: bool) -> None:
        utterance_id = self.call.engine.active_utterance_id or ""
        self.call.transcribe(words)
        if twice:
            again = self.call.engine.process_user_utterance(
                utterance_id=utterance_id, transcript=words, now=self.call.now
            )
            assert [type(command) for command in again] == [ReportStaleResult]

    @precondition(lambda self: self.call.asked(TranscribeProbe))
    @rule(words=st.sampled_from(["Stop.", "Mm-hm.", "", "and then there is the other thing", "x" * 10_000]))
    def the_probe_is_answered(self, words: str) -> None:
        """Now, late, twice, or for a candidate that is decided."""
        self.call.probe(words)

    @precondition(lambda self: self.call.asked(TranscribeProbe))
    @rule()
    def the_probe_fails(self) -> None:
        asked = self.call.asked(TranscribeProbe)[-1]
        failed = self.call.engine.on_probe_failed(
            candidate_id=asked.candidate_id, look=asked.look, reason="it is down", now=self.call.now
        )
        self.take(failed)

    @precondition(lambda self: self.phase is ConversationPhase.VALIDATING_UTTERANCE)
    @rule()
    def the_persona_answers(self) -> None:
        self.call.transcribe("What is a rope?")
        self.call.start_reply("One two three.", "Four.")

    @precondition(lambda self: self.phase is ConversationPhase.PROCESSING_USER)
    @rule(completes=st.booleans())
    def the_reply_starts(self, completes: bool) -> None:
        self.call.start_reply("One two three.", "Four.", completes=completes)
        if not completes:
            self.call.begin_sentence("Five six seven eight.", seconds=1.0)

    @precondition(lambda self: self.phase is not ConversationPhase.WAIT_FOR_USER)
    @rule(empty=st.booleans())
    def something_fails(self, empty: bool) -> None:
        engine, now = self.call.engine, self.call.now
        if self.phase is ConversationPhase.VALIDATING_UTTERANCE:
            utterance_id = engine.active_utterance_id or ""
            self.take(engine.on_transcription_failed(utterance_id=utterance_id, reason="it is down", now=now))
        elif empty:
            self.take(engine.on_reply_complete(turn_id=self.turn_id, now=now))
        else:
            self.take(engine.on_reply_failed(turn_id=self.turn_id, reason="it is down", now=now))

    @precondition(lambda self: self.phase is ConversationPhase.AI_SPEAKING)
    @rule()
    def the_reply_is_over(self) -> None:
        turn_id = self.turn_id
        self.call.finish_reply()
        again = self.call.engine.on_playback_finished(turn_id=turn_id, samples_sent=1, now=self.call.now)
        assert [type(command) for command in again] == [ReportStaleResult]

    # ── the line ──────────────────────────────────────────────────────────────────────────────────

    @rule(
        dead_id=LATE_IDS,
        seconds=st.sampled_from([4.0, 16.0, 31.0]),
        what=st.sampled_from(["late", "late", "quiet", "quiet", "again", "elsewhere"]),
    )
    def something_else_happens(self, what: str, dead_id: str, seconds: float) -> None:
        match what:
            case "late":
                self._results_come_late(dead_id)
            case "quiet":
                self.call.wait(seconds)
            case "again":
                self.call.connect()
            case "elsewhere":
                self._another_process_goes_on()

    def _results_come_late(self, dead_id: str) -> None:
        engine, now = self.call.engine, self.call.now
        if engine.is_ended or dead_id in (engine.active_utterance_id, engine.turn_id):
            return
        for commands in (
            engine.process_user_utterance(utterance_id=dead_id, transcript="Yes.", now=now),
            engine.on_reply_started(turn_id=dead_id, now=now),
            engine.on_playback_finished(turn_id=dead_id, samples_sent=1, now=now),
        ):
            assert [type(command) for command in commands] == [ReportStaleResult]

    def _another_process_goes_on(self) -> None:
        known = self.call
        if not known.engine.is_ended:
            was_heard = (
                known.engine._listening.endpointer.is_speech or self.phase is ConversationPhase.VALIDATING_UTTERANCE
            )
            accepted = known.engine._owed.unanswered
            self.call = Timeline(policy=POLICY, snapshot=known.engine.snapshot(), start_at=known.now + 2)
            self.call.engine._floor.new_id = known.engine._floor.new_id
            self.checked, self.phase, self.began_here = 0, ConversationPhase.WAIT_FOR_USER, False
            self.call.connect()
            if accepted is not None:
                assert [asked.utterance_id for asked in self.call.asked(GenerateReply)] == [accepted.utterance_id]
            elif was_heard:
                assert [line.line for line in self.call.asked(SpeakLine)] == ["did_not_catch"]

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
    def no_sound_is_transcribed_again_and_again(self) -> None:
        again = {superseded.utterance_id for superseded in self.call.asked(SupersedeUtterance)}
        turns = self.call.asked(TranscribeTurn)
        assert all(
            duration_ms(turn.audio) < POLICY.max_turn_seconds * 1000 for turn in turns if turn.utterance_id in again
        )
        once_ms = [duration_ms(turn.audio) for turn in turns if turn.utterance_id not in again]
        assert sum(once_ms) <= self.call.heard_ms + PRE_ROLL_MS * len(once_ms)

    @invariant()
    def nothing_is_answered_while_the_user_goes_on(self) -> None:
        if self.call.engine.phase in (ConversationPhase.PROCESSING_USER, ConversationPhase.AI_SPEAKING):
            assert not self.call.engine._listening.endpointer.is_speech

    @invariant()
    def what_was_accepted_is_answered_or_stays_to_be_answered(self) -> None:
        """Until a reply to it begins, the user drops it, or nothing could be said at all."""
        engine = self.call.engine
        if engine.phase is ConversationPhase.AI_SPEAKING:
            assert engine._owed.unanswered is None
        if engine._owed.unanswered is not None:
            said = {accepted.utterance_id for accepted in self.call.asked(AcceptTranscript)}
            assert engine._owed.unanswered.utterance_id in said or not self.began_here
            assert engine.phase in PENDING or engine._listening.endpointer.is_speech or engine.is_ended

    @invariant()
    def a_turn_is_answered_once_and_closed_once(self) -> None:
        begun = Counter(c.turn_id for c in self.call.commands if isinstance(c, GenerateReply | SpeakLine))
        dropped = Counter(c.turn_id for c in self.call.asked(CancelReply))
        closed = Counter(c.turn_id for c in self.call.asked(CloseReply))
        assert all(count - dropped[turn_id] <= 1 for turn_id, count in begun.items())
        assert not closed or max(closed.values()) == 1
        assert closed.keys() <= begun.keys()

    @invariant()
    def what_was_heard_is_a_beginning_of_what_was_planned(self) -> None:
        for closed in self.call.asked(CloseReply):
            assert closed.planned_text.startswith(closed.heard_text)
            assert closed.interrupted or closed.heard_text == closed.planned_text

    @invariant()
    def barge_in_is_armed_exactly_while_the_agent_speaks(self) -> None:
        is_disarmed = self.call.engine._speaking.barge_in.state is BargeinState.DISARMED
        assert is_disarmed is (self.call.engine.phase is not ConversationPhase.AI_SPEAKING)

    @invariant()
    def the_agent_is_never_silent_for_longer_than_a_decision_takes(self) -> None:
        barge_in = self.call.engine._speaking.barge_in
        if barge_in.state is BargeinState.HOLDING:
            assert barge_in._candidate is not None
            assert barge_in._candidate.age_ms <= barge_in.policy.decide_by_ms

    @invariant()
    def an_agent_that_is_not_speaking_will_speak_at_full_gain(self) -> None:
        if self.call.engine.phase is ConversationPhase.AI_SPEAKING:
            return
        kinds = (DuckPlayback, HoldPlayback, RestorePlayback, CancelPlayback)
        gains = [command for command in self.call.commands if isinstance(command, kinds)]
        assert not gains or isinstance(gains[-1], RestorePlayback | CancelPlayback)

    @invariant()
    def every_suspicion_is_decided_once_and_only_while_the_agent_speaks(self) -> None:
        bids = self.call.asked(ReportBargeIn)
        suspected = [bid.candidate_id for bid in bids if bid.decision == "suspected"]
        decided = [bid.candidate_id for bid in bids if bid.record is not None]
        assert len(set(decided)) == len(decided)
        assert set(decided) <= set(suspected)
        if self.call.engine.phase is not ConversationPhase.AI_SPEAKING:
            assert set(decided) == set(suspected)

    @invariant()
    def who_thinks_has_the_floor_and_every_change_of_it_is_told(self) -> None:
        engine = self.call.engine
        changes = [change.until for change in self.call.asked(ThinkingChanged)]
        assert all(one is not None or other is not None for one, other in pairwise(changes))
        if not engine.is_ended:
            assert engine._floor.thinking.until == (changes[-1] if changes else None)
            assert engine.phase is ConversationPhase.WAIT_FOR_USER or not engine._floor.thinking.is_on

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


def test_every_promise_holds_and_every_phase_is_reached() -> None:
    CallMachine.reached.clear()
    run_state_machine_as_test(
        CallMachine,
        settings=settings(
            max_examples=80,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {phase for phase, _ in CallMachine.reached} == set(ConversationPhase)


Way = Callable[[Timeline], object]


def turn(call: Timeline) -> None:
    call.hear("....sssssss" + "." * 26)


def noise(call: Timeline) -> None:
    call.hear("nnnnnvvvvvvv" + "n" * 26)


def question(call: Timeline) -> None:
    turn(call)
    call.transcribe("What is a rope?")


def answer(call: Timeline) -> None:
    question(call)
    call.start_reply("A long thing.")


def long_turn(call: Timeline) -> None:
    call.hear(LONG[:66])
    call.transcribe("What is a rope?")


def silence_after_it(call: Timeline) -> None:
    call.hear("." * 26)
    call.transcribe("")


def asks_for_time(call: Timeline) -> None:
    turn(call)
    call.transcribe("Let me think.")


def typed(call: Timeline) -> None:
    call.take(call.engine.on_user_text(transcript="Hello.", now=call.now))


def stop(call: Timeline) -> None:
    call.take(call.engine.cancel_tts(samples_sent=0, now=call.now))


def recogniser_fails(call: Timeline) -> None:
    utterance_id = call.engine.active_utterance_id or ""
    call.take(call.engine.on_transcription_failed(utterance_id=utterance_id, reason="it is down", now=call.now))


def reply_fails(call: Timeline) -> None:
    turn_id = call.engine.turn_id or ""
    call.take(call.engine.on_reply_failed(turn_id=turn_id, reason="it is down", now=call.now))


def resume(call: Timeline) -> None:
    other = Timeline(snapshot=call.engine.snapshot(), start_at=call.now + 2)
    other.connect()
    call.commands.extend(other.commands)


P, E = ConversationPhase, ConversationEvent
WAYS: dict[Row, tuple[Way, ...]] = {
    (P.WAIT_FOR_USER, E.UTTERANCE_ENDED): (turn,),
    (P.WAIT_FOR_USER, E.TEXT_TYPED): (typed,),
    (P.WAIT_FOR_USER, E.LINE_BEGUN): (lambda call: call.wait(16),),
    (P.WAIT_FOR_USER, E.REPLY_RESUMED): (question, resume),
    (P.VALIDATING_UTTERANCE, E.TRANSCRIPT_ACCEPTED): (question,),
    (P.VALIDATING_UTTERANCE, E.TRANSCRIPT_EMPTY): (turn, lambda call: call.transcribe("")),
    (P.VALIDATING_UTTERANCE, E.TIME_ASKED): (asks_for_time,),
    (P.VALIDATING_UTTERANCE, E.WORDS_NOT_CAUGHT): (noise, lambda call: call.transcribe("")),
    (P.VALIDATING_UTTERANCE, E.REPLY_RESUMED): (long_turn, silence_after_it),
    (P.VALIDATING_UTTERANCE, E.TRANSCRIPTION_FAILED): (turn, recogniser_fails),
    (P.VALIDATING_UTTERANCE, E.SPEECH_CONTINUED): (turn, lambda call: call.hear("ssss")),
    (P.VALIDATING_UTTERANCE, E.USER_TOOK_OVER): (turn, typed),
    (P.PROCESSING_USER, E.SPEECH_CONTINUED): (question, lambda call: call.hear("ssss")),
    (P.PROCESSING_USER, E.USER_TOOK_OVER): (question, stop),
    (P.PROCESSING_USER, E.REPLY_STARTED): (answer,),
    (P.PROCESSING_USER, E.REPLY_FAILED): (question, reply_fails, reply_fails),
    (P.AI_SPEAKING, E.PLAYBACK_FINISHED): (answer, lambda call: call.finish_reply()),
    (P.AI_SPEAKING, E.USER_TOOK_OVER): (answer, stop),
    (P.AI_SPEAKING, E.REPLY_FAILED): (answer, reply_fails, lambda call: call.finish_reply()),
}


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_every_row_of_the_table_can_be_reached(row: Row) -> None:
    call = Timeline(policy=POLICY)
    call.connect()
    for step in WAYS[row]:
        step(call)
    reason = "silence" if row[1] is E.UTTERANCE_ENDED else row[1].value
    moves = [(c.previous, c.phase) for c in call.asked(PhaseChanged) if c.reason == reason]
    assert (row[0], TRANSITIONS[row]) in moves
