"""Barge-in: lowered at once, silenced over who goes on, given back to the sample, or lost to the words.

one character is 20 ms:  s near-end speech, . the room, f a far voice (13 dB under s)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.barge_in_state_machine import BargeinState, BargeinStateMachine, is_of_passage
from ai_agent.commands import (
    CancelPlayback,
    CancelProbe,
    Command,
    DuckPlayback,
    HoldPlayback,
    ReportBargeIn,
    ReportStaleResult,
    RestorePlayback,
    TranscribeProbe,
)
from ai_agent.levels import SILENCE_DBFS
from ai_agent.persona_behaviors import MANNERS, BargeInPolicy
from ai_agent.stop_word_interruption import ProbeWords
from ai_agent.voice_activity import INITIAL_COUPLING_DB, CallerLevel, EchoCoupling
from ai_agent.written_words import normalise
from tests.core.test_capture import voice
from tests.timeline import tone

EAGER, BALANCED, PATIENT = MANNERS["eager"], MANNERS["balanced"], MANNERS["patient"]
ONLY_WORDS = MANNERS["stop-words-only"]
S = BargeinState


class Speech:
    """What the agent says: ten words, of which the playhead stands anywhere."""

    turn_id = "reply-1"

    def __init__(self, *, is_question: bool = False) -> None:
        self.is_question = is_question

    def words_around(self, samples_sent: int, *, before: int, after: int) -> tuple[str, ...]:
        return ("we", "can", "come", "between", "nine", "and", "one", "if", "you", "like")

    def words_between(self, start: int, end: int) -> tuple[str, ...]:
        return ("nine", "and", "one") if end > 96_000 else ()

    def sentence_at(self, samples_sent: int) -> str:
        return "Your deposit is not refundable." if samples_sent > 48_000 else "We can come."

    def closes_question(self, samples_sent: int) -> bool:
        return self.is_question


class Bid:
    """A machine whose agent has been speaking for a while, and everything that it asked for."""

    def __init__(
        self,
        policy: BargeInPolicy = BALANCED,
        *,
        speech: Speech | None = None,
        caller: CallerLevel | None = None,
        agent_seconds: float = 2.0,
        echo: EchoCoupling | None = None,
    ) -> None:
        self.echo = echo or EchoCoupling()
        self.machine = BargeinStateMachine(policy, caller=caller, echo=self.echo)
        self.commands: list[Command] = []
        self.at: list[int] = []
        self.frames = 0
        self.samples_sent = 0
        for _ in range(round(agent_seconds * 50)):
            self.echo.on_agent_frame(-20.0)
        self.machine.arm(speech or Speech())
        self.machine._agent_frames = round(agent_seconds * 50)

    @property
    def state(self) -> BargeinState:
        return self.machine.state

    def hear(self, kinds: str, *, echo_dbfs: float = SILENCE_DBFS) -> list[Command]:
        begin = len(self.commands)
        for kind in kinds:
            self.frames += 1
            heard = replace(voice(kind), echo_dbfs=echo_dbfs)
            now = self.frames * 0.02
            self.take(self.machine.process(SILENT_FRAME, heard, now=now, samples_sent=self.samples_sent))
        return self.commands[begin:]

    def take(self, commands: list[Command]) -> list[Command]:
        self.commands += commands
        self.at += [self.frames] * len(commands)
        return commands

    def answer(
        self,
        text: str,
        *alternatives: str,
        logprob: float = -0.2,
        look: int | None = None,
        doubtful: bool = False,
    ) -> list[Command]:
        asked = self.asked(TranscribeProbe)[-1]
        words = ProbeWords(text, logprob, no_speech_probability=0.01, is_doubtful=doubtful, alternatives=alternatives)
        return self.take(
            self.machine.on_probe_transcribed(
                candidate_id=asked.candidate_id, look=look or asked.look, words=words, now=self.frames * 0.02
            )
        )

    def fail(self) -> list[Command]:
        asked = self.asked(TranscribeProbe)[-1]
        return self.take(
            self.machine.on_probe_failed(candidate_id=asked.candidate_id, look=asked.look, now=self.frames * 0.02)
        )

    def asked(self, kind: type) -> list:
        return [command for command in self.commands if isinstance(command, kind)]

    def ms_of(self, kind: type) -> int:
        """When the first of its kind came."""
        return next(at * 20 for at, command in zip(self.at, self.commands, strict=True) if isinstance(command, kind))

    @property
    def decisions(self) -> list[tuple[str, str]]:
        return [(report.decision, report.reason) for report in self.asked(ReportBargeIn)]


# ── suspicion ─────────────────────────────────────────────────────────────────────────────────────


def test_it_is_deaf_unless_the_agent_speaks() -> None:
    machine = BargeinStateMachine(EAGER)
    assert machine.state is S.DISARMED
    with pytest.raises(ValueError, match="does not speak"):
        machine.process(SILENT_FRAME, voice("s"), now=0.0)
    assert machine.on_audio_frame(SILENT_FRAME) == []


def test_sixty_milliseconds_of_speech_lower_the_agent_within_a_frame() -> None:
    bid = Bid()
    assert bid.hear("ss") == []
    duck, report = bid.hear("s")
    assert (bid.state, duck) == (S.SUSPECTED, DuckPlayback(-12.0))
    assert isinstance(report, ReportBargeIn) and report.decision == "suspected" and report.reaction_ms == 40


def test_a_clear_voice_is_believed_before_the_vad_is_sure() -> None:
    unsure = replace(voice("s"), probability=0.4)
    heard = {
        "clear": unsure,
        "hardly over the room": replace(unsure, metrics=replace(unsure.metrics, noise_floor_dbfs=-45.0)),
        "hardly over the echo": replace(unsure, echo_dbfs=-35.0),
        "softer than the caller": replace(unsure, metrics=replace(unsure.metrics, energy_dbfs=-34.5)),
    }
    states = {}
    for name, one in heard.items():
        bid = Bid(caller=CallerLevel([-25.0]))
        for number in range(1, 6):
            bid.machine.process(SILENT_FRAME, one, now=number * 0.02)
        states[name] = bid.state
    assert states == {name: S.SUSPECTED if name == "clear" else S.ARMED for name in heard}


def test_frames_that_are_far_apart_are_nobody_who_begins() -> None:
    bid = Bid()
    bid.hear("ss......" * 10)
    assert (bid.state, bid.commands) == (S.ARMED, [])


def test_a_click_is_as_if_nothing_had_been() -> None:
    bid = Bid()
    bid.hear("ssss" + "." * 12)
    assert bid.decisions == [("suspected", "near_end_speech"), ("rejected", "click")]
    assert bid.asked(RestorePlayback) == [RestorePlayback(120)]
    assert bid.asked(TranscribeProbe) == [] and bid.state is S.ARMED


def test_somebody_else_in_the_room_is_not_heard() -> None:
    caller = CallerLevel([-25.0])
    bid = Bid(caller=caller)
    bid.hear("f" * 50)
    assert bid.commands == []


# ── silence, and back ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("policy", "hold_ms"), [(EAGER, 320), (BALANCED, 480), (PATIENT, 640)])
def test_who_goes_on_speaking_silences_the_agent_after_the_personas_time(policy: BargeInPolicy, hold_ms: int) -> None:
    bid = Bid(policy)
    bid.hear("s" * 40)
    assert (bid.state, bid.ms_of(HoldPlayback)) == (S.HOLDING, hold_ms)


@pytest.mark.parametrize(("stop", "held_at_ms"), [("...", 640), ("....", 720)])
def test_the_stop_within_a_word_is_speech_and_a_longer_gap_is_none(stop: str, held_at_ms: int) -> None:
    bid = Bid(PATIENT)
    bid.hear("s" * 10 + stop + "s" * 40)
    assert bid.ms_of(HoldPlayback) == held_at_ms


def test_a_persona_of_stop_words_only_is_never_silenced_by_sound() -> None:
    bid = Bid(ONLY_WORDS)
    bid.hear("s" * 100)
    assert bid.asked(HoldPlayback) == []


@pytest.mark.parametrize(
    ("agent_seconds", "over_echo_db", "is_held"), [(0.5, 8, False), (0.5, 26, True), (2.0, 8, True)]
)
def test_in_the_first_seconds_of_the_call_only_speech_far_above_the_echo_silences_the_agent(
    agent_seconds: float, over_echo_db: float, *, is_held: bool
) -> None:
    bid = Bid(agent_seconds=agent_seconds)
    bid.hear("s" * 60, echo_dbfs=voice("s").level_dbfs - over_echo_db)
    assert bool(bid.asked(HoldPlayback)) is is_held


def test_a_rattle_is_mostly_gaps_and_no_speech() -> None:
    bid = Bid(PATIENT)
    bid.hear("s..." * 20)
    assert bid.asked(HoldPlayback) == []


def test_a_backchannel_lowers_the_agent_and_gives_it_back() -> None:
    bid = Bid()
    bid.hear("s" * 15 + "." * 12)
    assert bid.state is S.SUSPECTED
    bid.hear("." * 8)
    assert bid.asked(RestorePlayback) == [RestorePlayback(120)]  # the gain does not wait for the words
    bid.answer("Mm-hm.")
    assert bid.decisions[-1] == ("rejected", "backchannel")
    assert bid.state is S.REJECTED and len(bid.asked(RestorePlayback)) == 1
    bid.hear("." * 15)
    assert bid.state is S.ARMED


def test_a_backchannel_that_silenced_the_agent_gives_it_back_where_it_was() -> None:
    bid = Bid(EAGER)
    bid.hear("s" * 20 + "." * 12)
    assert bid.state is S.HOLDING
    bid.answer("Yeah, right.")
    assert bid.asked(RestorePlayback) == [RestorePlayback(40, rewind_ms=350)]


def test_who_speaks_again_before_the_words_are_known_lowers_the_agent_again() -> None:
    bid = Bid()
    bid.hear("s" * 15 + "." * 20 + "s")
    assert [type(c) for c in bid.commands if isinstance(c, DuckPlayback | RestorePlayback)] == [
        DuckPlayback,
        RestorePlayback,
        DuckPlayback,
    ]


# ── words ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_words_are_looked_at_when_the_burst_is_over() -> None:
    bid = Bid()
    bid.hear("s" * 15 + "." * 12)
    (probe,) = bid.asked(TranscribeProbe)
    assert (probe.candidate_id, probe.look, bid.ms_of(TranscribeProbe)) == ("candidate-1", 1, 460)
    assert len(probe.audio) // 1920 == 15 + 8  # nothing came before the onset here


def test_who_goes_on_is_looked_at_three_times() -> None:
    bid = Bid(ONLY_WORDS)
    looks = []
    for _ in range(100):
        if any(isinstance(command, TranscribeProbe) for command in bid.hear("s")):
            looks.append(bid.frames * 20)
            bid.answer("and then I thought that")
    assert looks[:3] == [420, 920, 1_420]


def test_the_next_looks_come_by_the_clock_though_the_room_hides_half_of_the_speech() -> None:
    bid = Bid(ONLY_WORDS)
    looks = []
    for kind in "s..s" * 30:
        if any(isinstance(command, TranscribeProbe) for command in bid.hear(kind)):
            looks.append(bid.frames * 20)
            bid.answer("and then I thought that")
    assert looks == [820, 1_360, 1_860]


def test_a_voice_that_was_believed_and_is_clear_goes_on_though_the_vad_doubts_it() -> None:
    doubted = {"clear": replace(voice("s"), probability=0.25)}
    doubted["hardly over the room"] = replace(
        doubted["clear"], metrics=replace(doubted["clear"].metrics, noise_floor_dbfs=-40.0)
    )
    for name, one in doubted.items():
        bid = Bid(EAGER, caller=CallerLevel([-25.0]))
        bid.hear("sss")
        for number in range(4, 18):
            bid.take(bid.machine.process(SILENT_FRAME, one, now=number * 0.02))
        assert bool(bid.asked(HoldPlayback)) == (name == "clear"), name


def test_a_clip_is_two_and_a_half_seconds_at_most() -> None:
    bid = Bid(ONLY_WORDS)
    bid.hear("s" * 118)
    bid.fail()
    bid.hear("s" * 2 + "." * 12)
    assert all(len(probe.audio) <= 125 * 1920 for probe in bid.asked(TranscribeProbe))


@pytest.mark.parametrize("policy", [EAGER, BALANCED, PATIENT, ONLY_WORDS])
def test_a_stop_word_wins_over_every_persona(policy: BargeInPolicy) -> None:
    bid = Bid(policy)
    bid.hear("s" * 20 + "." * 12)
    commands = bid.answer("Stop.")
    assert bid.state is S.ACCEPTED and bid.decisions[-1] == ("accepted", "stop_word")
    assert CancelPlayback("reply-1") in commands


def test_a_stop_word_that_is_all_but_as_likely_as_what_was_taken_down_wins_too() -> None:
    bid = Bid()
    bid.hear("s" * 20 + "." * 12)
    bid.answer("Okay, start.", "Okay, stop.", logprob=-0.5, doubtful=True)
    assert bid.decisions[-1] == ("accepted", "stop_word")
    [look] = bid.asked(ReportBargeIn)[-1].record.probes
    assert (look.words, look.alternatives) == ("Okay, start.", ("Okay, stop.",))


def test_a_late_stop_word_still_stops_an_agent_that_is_loud_again() -> None:
    bid = Bid()
    bid.hear("s" * 15 + "." * 30)
    assert bid.asked(RestorePlayback)
    bid.answer("Wait.")
    assert bid.state is S.ACCEPTED


def test_a_carry_on_holds_only_if_nobody_spoke_meanwhile() -> None:
    bid = Bid()
    bid.hear("s" * 21)  # the first look, at 420 ms
    bid.hear("s" * 12)
    bid.answer("Okay,")
    assert bid.state is S.HOLDING
    bid.hear("s" * 10 + "." * 12)
    assert len(bid.asked(TranscribeProbe)) == 2
    bid.answer("Okay, stop.")
    assert bid.decisions[-1] == ("accepted", "stop_word")


def test_a_backchannel_of_who_has_stopped_meanwhile_is_one() -> None:
    bid = Bid(PATIENT)
    bid.hear("s" * 21 + "..")
    bid.answer("Yeah.")
    assert bid.state is S.SUSPECTED
    bid.hear("." * 12)
    assert bid.decisions[-1] == ("rejected", "backchannel")


def test_the_agents_own_words_do_not_stop_it_and_teach_how_loud_its_echo_is() -> None:
    bid = Bid()
    loud_echo = replace(voice("s"), echo_dbfs=-43.0)
    for _ in range(20):
        bid.frames += 1
        bid.take(bid.machine.process(SILENT_FRAME, loud_echo, now=bid.frames * 0.02, samples_sent=1))
    bid.hear("." * 12)
    bid.answer("between nine and one")
    assert bid.decisions[-1] == ("rejected", "echo")
    assert bid.echo.coupling_db == pytest.approx(INITIAL_COUPLING_DB + 18.0)


@pytest.mark.parametrize(("over_echo_db", "is_held"), [(3.0, False), (8.0, True), (16.0, True)])
def test_a_caller_over_an_audible_echo_is_heard_though_the_agent_is_lowered(over_echo_db: float, is_held: bool) -> None:
    """What comes back in the first 400 ms after the duck was sent before it: its level is known."""
    bid = Bid(EAGER, caller=CallerLevel([-25.0]))
    for number in range(25):
        overlapped = replace(voice("s"), echo_dbfs=-25.0 - over_echo_db)
        bid.take(bid.machine.process(SILENT_FRAME, overlapped, now=number * 0.02))
    assert bool(bid.asked(HoldPlayback)) == is_held


def test_who_insists_wins() -> None:
    bid = Bid(PATIENT)
    for length in (12, 16, 20):
        bid.hear("s" * length + "." * 12)
        bid.answer("my new")
        bid.hear("." * 16)
    assert bid.decisions[-1] == ("accepted", "insists")


@pytest.mark.parametrize("words", ["my new", "wow", "yeah", "yes", None])
def test_whatever_is_said_who_says_more_each_time_insists(words: str | None) -> None:
    """None: nobody can make out the words."""
    bid = Bid(PATIENT)
    for length in (12, 16, 20):
        bid.hear("s" * length + "." * 12)
        bid.fail() if words is None else bid.answer(words)
        bid.hear("." * 36)
    assert bid.decisions[-1] == ("accepted", "insists")


@pytest.mark.parametrize("words", ["you", "come between nine and one"])
def test_noise_and_the_agents_own_words_insist_on_nothing(words: str) -> None:
    bid = Bid(PATIENT)
    for length in (12, 16, 20):
        bid.hear("s" * length + "." * 12)
        bid.answer(words, logprob=-1.0)
        bid.hear("." * 36)
    assert {decision for decision, _ in bid.decisions} == {"suspected", "rejected"}


def test_who_says_yeah_over_three_replies_in_a_minute_does_not_insist() -> None:
    bid = Bid(PATIENT)
    for length in (12, 16, 20):
        bid.hear("s" * length + "." * 12)
        bid.answer("yeah")
        bid.machine.disarm(now=bid.frames * 0.02)
        bid.frames += 1_000
        bid.machine.arm()
    assert {decision for decision, _ in bid.decisions} == {"suspected", "rejected"}


def test_who_says_yeah_thrice_in_a_minute_does_not_insist() -> None:
    bid = Bid(PATIENT)
    for length in (12, 16, 20):
        bid.hear("s" * length + "." * 12)
        bid.answer("yeah")
        bid.hear("." * 500)
    assert {decision for decision, _ in bid.decisions} == {"suspected", "rejected"}


# ── without words ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("voiced", "decision"), [(44, "rejected"), (45, "accepted")])
def test_without_a_recogniser_who_spoke_for_long_enough_is_believed(voiced: int, decision: str) -> None:
    bid = Bid(BALANCED)  # 900 ms
    bid.hear("s" * voiced)
    bid.fail()
    bid.hear("." * 12)
    bid.fail()
    bid.hear("." * 30)
    assert bid.decisions[-1][0] == decision


def test_a_recogniser_that_does_not_answer_is_not_waited_for() -> None:
    bid = Bid(replace(PATIENT, probe_patience_ms=1_200))
    bid.hear("s" * 15 + "." * 12 + "." * 61)
    assert bid.asked(CancelProbe) == [CancelProbe("candidate-1")]
    assert bid.decisions[-1] == ("rejected", "too_short")


def test_a_doubtful_result_is_no_verdict() -> None:
    bid = Bid(BALANCED)
    bid.hear("s" * 50 + "." * 12)
    bid.answer("going to the", logprob=-1.2, doubtful=True)
    bid.hear("." * 12)
    if bid.asked(TranscribeProbe)[-1].look == 2:
        bid.answer("going to the", logprob=-1.2, doubtful=True)
    bid.hear("." * 20)
    assert bid.decisions[-1] == ("accepted", "voiced")


@pytest.mark.parametrize("policy", [EAGER, BALANCED, PATIENT])
def test_a_held_agent_is_decided_within_two_and_a_half_seconds_whatever_the_recogniser_does(
    policy: BargeInPolicy,
) -> None:
    for voiced in (33, 45, 60, 90, 125):
        bid = Bid(policy)
        bid.hear("s" * voiced + "." * (125 - voiced))
        assert bid.state in {S.ACCEPTED, S.REJECTED, S.ARMED}, voiced


def test_the_agent_never_goes_on_over_who_is_still_speaking() -> None:
    bid = Bid(PATIENT)
    bid.hear("s" * 25)
    bid.answer("so")
    bid.hear("s" * 101)
    assert bid.decisions[-1] == ("accepted", "still_speaking")


def test_a_held_agent_stays_silent_for_one_whose_words_are_not_made_out() -> None:
    bid = Bid(EAGER)
    bid.hear("s" * 20)
    assert bid.state is S.HOLDING
    bid.hear("s" * 5)
    for look in range(1, 4):
        bid.answer("blorfs frump", logprob=-1.2, look=look)
        bid.hear("s" * 30)
    bid.hear("s" * 20)
    assert bid.decisions[-1] == ("accepted", "still_speaking")


# ── late, stale, over ─────────────────────────────────────────────────────────────────────────────


def test_a_late_probe_changes_nothing() -> None:
    bid = Bid()
    bid.hear("s" * 15 + "." * 12)
    bid.fail()
    bid.hear("." * 30)
    decisions = list(bid.decisions)
    assert bid.answer("stop") == [ReportStaleResult("probe", "candidate-1", None)]
    assert bid.decisions == decisions


def test_an_answer_to_an_older_look_changes_nothing() -> None:
    bid = Bid()
    bid.hear("s" * 25)
    bid.fail()
    bid.hear("s" * 30)
    assert bid.asked(TranscribeProbe)[-1].look == 2
    assert bid.answer("stop", look=1) == [ReportStaleResult("probe", "candidate-1", "candidate-1")]
    assert bid.state is S.HOLDING


def test_the_agent_that_ends_by_itself_leaves_the_candidate_its_turn() -> None:
    bid = Bid()
    bid.hear("s" * 10)
    over = bid.machine.disarm(now=1.0)
    assert (over.utterance_id, over.capture is not None) == ("candidate-1", True)
    assert over.commands[0] == RestorePlayback(20)
    assert bid.state is S.DISARMED


def test_a_yes_over_the_last_word_of_a_question_is_the_answer_however_short() -> None:
    bid = Bid(speech=Speech(is_question=True))
    bid.hear("sss")
    assert bid.machine.disarm().utterance_id == "candidate-1"
    shorter = Bid()
    shorter.hear("sss")
    assert shorter.machine.disarm().utterance_id is None


def test_an_answer_that_the_vad_doubts_is_speech_of_the_turn_that_it_becomes() -> None:
    """Its silence is counted from its end, and not from before it."""
    bid = Bid(speech=Speech(is_question=True), caller=CallerLevel([-25.0]))
    doubted = replace(voice("s"), is_near_end=False, probability=0.4)
    for number in range(1, 11):
        bid.machine.process(SILENT_FRAME, doubted, now=number * 0.02)
    capture = bid.machine.disarm(now=0.2).capture
    assert capture is not None
    assert (capture.silence_frames, capture.speech_ended_at) == (0, 0.2)


def test_an_agent_that_is_gone_has_full_gain_at_its_next_word() -> None:
    bid = Bid(EAGER)
    bid.hear("s" * 20)
    assert isinstance(bid.machine.disarm().commands[-2], RestorePlayback)


def test_a_short_sentence_is_not_protected_because_its_words_stand_in_a_passage() -> None:
    passage = "The price is ten pounds a month, is that okay with you? It cannot be undone."
    said = (
        "Okay.",
        "It cannot be undone.",
        "The price is ten pounds a month,",
        "Well: " + passage,
        "It can be undone.",
    )
    assert [is_of_passage(normalise(one), passage) for one in said] == [False, True, True, True, False]


def test_a_protected_sentence_is_stopped_by_words_only() -> None:
    policy = replace(EAGER, protected=("your deposit is not refundable.",))
    bid = Bid(policy)
    bid.samples_sent = 50_000
    bid.hear("s" * 60)
    assert bid.asked(HoldPlayback) == []
    bid.answer("wait")
    assert bid.state is S.ACCEPTED


@pytest.mark.parametrize(
    ("passage", "is_protected"),
    [
        pytest.param("Your deposit  is – not refundable", True, id="written otherwise"),
        pytest.param("not refundable", True, id="a part of the sentence"),
        pytest.param("I see. Your deposit is not refundable. Good.", True, id="more than the sentence"),
        pytest.param("refund", False, id="a part of a word"),
    ],
)
def test_a_passage_is_protected_by_its_words(passage: str, is_protected: bool) -> None:
    bid = Bid(replace(EAGER, protected=(passage,)))
    bid.samples_sent = 50_000
    bid.hear("s" * 40)
    assert bool(bid.asked(HoldPlayback)) != is_protected


def test_what_is_written_down_of_a_candidate_is_all_of_it() -> None:
    bid = Bid(EAGER)
    bid.hear("s" * 20 + "." * 12)
    bid.answer("Yeah.")
    record = bid.asked(ReportBargeIn)[-1].record
    assert (record.candidate_id, record.turn_id, record.decision, record.reason) == (
        "candidate-1",
        "reply-1",
        "rejected",
        "backchannel",
    )
    assert (record.onset_at, record.suspected_at, record.held_at, record.decided_at) == (0.02, 0.06, 0.32, 0.64)
    assert (record.voiced_ms, record.level_dbfs, record.ducked_ms) == (400, -25.0, 580)
    assert [(probe.words, probe.verdict) for probe in record.probes] == [("Yeah.", "carry_on")]


# ── standing alone ────────────────────────────────────────────────────────────────────────────────


def test_it_stands_alone_on_plain_frames_and_energy() -> None:
    machine = BargeinStateMachine(EAGER)
    machine.arm()
    commands: list[Command] = []
    for seed in range(50):
        commands += machine.on_audio_frame(tone(-65, seed=seed))
    assert commands == []
    for seed in range(20):
        commands += machine.on_audio_frame(tone(-20, seed=seed))
    assert [type(command) for command in commands[:3]] == [DuckPlayback, ReportBargeIn, HoldPlayback]


def test_it_hears_the_word_of_a_neural_vad() -> None:
    machine = BargeinStateMachine(EAGER)
    machine.arm()
    for seed in range(70):
        level = -65 if seed < 50 else -20
        assert machine.on_audio_frame(tone(level, seed=seed), speech_probability=0.1) == []


@pytest.mark.parametrize("frame", [b"", b"\0" * 1_919, b"\0" * 3_840])
def test_a_frame_of_another_size_is_refused_and_changes_nothing(frame: bytes) -> None:
    machine = BargeinStateMachine(EAGER)
    machine.arm()
    with pytest.raises(ValueError, match="bytes"):
        machine.on_audio_frame(frame)
    whole = AudioConditioner().condition(SILENT_FRAME)
    with pytest.raises(ValueError, match="bytes"):
        machine.on_audio_frame(replace(whole, filtered=frame))
    assert machine.on_audio_frame(np.zeros(960, dtype=np.int16).tobytes()) == []
