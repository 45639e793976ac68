"""What does somebody read who looks at a call again?"""

from __future__ import annotations

import doctest

from ai_agent import replay_trace
from ai_agent.commands import (
    BargeInRecord,
    CloseReply,
    Command,
    DuckPlayback,
    HoldPlayback,
    PhaseChanged,
    ReportBargeIn,
    ReportTurn,
    RestorePlayback,
    SpeakingChanged,
    TranscribeProbe,
)
from ai_agent.conversation import ConversationPhase
from ai_agent.replay import Step
from ai_agent.replay_trace import COLUMN_CHARACTERS, DIVIDER, TraceLine, Tracer, quoted, side_by_side

RECORD = BargeInRecord(
    candidate_id="c",
    turn_id="t",
    onset_at=1.0,
    suspected_at=1.06,
    held_at=1.48,
    decided_at=1.9,
    decision="accepted",
    reason="stop_word",
    voiced_ms=700,
    level_dbfs=-24.06,
    noise_floor_dbfs=-61.0,
    echo_dbfs=-40.0,
    caller_dbfs=-26.0,
    ducked_ms=840,
    lost_ms=0,
)


def step(now: float, *commands: Command, fact: str = "on_audio_frame", **arguments: object) -> Step:
    return Step(fact, now, arguments, commands, ConversationPhase.AI_SPEAKING, is_idle=False, due=None)


def shown(*steps: Step, is_anew: bool = False) -> list[str]:
    tracer = Tracer()
    return [str(line).strip() for each in steps for line in tracer.lines(each, is_anew=is_anew)]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(replay_trace).failed == 0


def test_a_bid_for_the_floor_reads_from_the_duck_to_the_decision() -> None:
    assert shown(
        step(1.06, DuckPlayback(-12.0), ReportBargeIn("c", "suspected", "near_end_speech", 1.06, 60.0)),
        step(1.48, HoldPlayback(20)),
        step(1.5, TranscribeProbe("c", 1, bytes(2 * 48 * 800))),
        step(1.9, fact="on_probe_transcribed", candidate_id="c", look=1, transcript=" Hold\non ", avg_logprob=-0.25),
        step(
            1.9, RestorePlayback(40, rewind_ms=350), ReportBargeIn("c", "accepted", "stop_word", 1.9, 900, "t", RECORD)
        ),
    ) == [
        "1.060  duck       -12 dB",
        "1.060  barge-in   suspected: near_end_speech, 60 ms after its onset",
        "1.480  hold       within 20 ms",
        "1.500  probe      look 1: asked for, 800 ms of sound",
        "1.900  probe      look 1: “Hold on” (logprob -0.25), 400 ms after it was asked",
        "1.900  restore    within 40 ms, after a hold back by at most 350 ms",
        "1.900  barge-in   accepted: stop_word, 900 ms after its onset; "
        "700 ms voiced, -24.1 dBFS, room -61.0, echo -40.0",
    ]


def test_a_probe_that_failed_and_one_that_was_transcribed_now_can_be_told_apart() -> None:
    failed = step(1.9, fact="on_probe_failed", candidate_id="c", look=2, reason="busy")
    anew = step(1.9, fact="on_probe_transcribed", candidate_id="c", look=2, transcript="stop", is_doubtful=True)
    assert shown(failed) == ["1.900  probe      look 2: failed (busy)"]
    assert shown(anew, is_anew=True) == ["1.900  probe      look 2: “stop” (doubtful)*"]


def test_what_a_probe_may_have_been_as_well_is_told() -> None:
    told = {"transcript": "Okay, start.", "is_doubtful": True, "alternatives": ["Okay, stop."]}
    heard = step(1.9, fact="on_probe_transcribed", candidate_id="c", look=1, **told)
    assert shown(heard) == ["1.900  probe      look 1: “Okay, start.” or “Okay, stop.” (doubtful)"]


def test_phases_speech_and_what_was_heard_are_told_and_figures_are_not() -> None:
    assert shown(
        step(0.5, PhaseChanged("WAIT_FOR_USER", "WAIT_FOR_USER", None, "connected", 0.5)),
        step(1.2, SpeakingChanged("user", speaking=True, at=1.04), SpeakingChanged("agent", speaking=False, at=1.2)),
        step(2.0, CloseReply("t", "One two three.", "One two", interrupted=True, at=2.0), ReportTurn("t")),
        step(2.1, fact="cancel_tts", samples_sent=5),
    ) == [
        "0.500  phase      WAIT_FOR_USER (connected)",
        "1.200  user       speaks since 1.040",
        "2.000  reply      heard “One two” of “One two three.”, interrupted",
        "2.100  stop       is asked for",
    ]


def test_words_stay_on_their_line_whatever_is_in_them() -> None:
    assert quoted("one\r\n\x1b[31mtwo\ud800 \u2028three") == "“one [31mtwo three”"


def columns(recorded: list[TraceLine], otherwise: list[TraceLine]) -> list[tuple[str, str]]:
    rows = [row.split(DIVIDER.rstrip()) for row in side_by_side(recorded, otherwise)]
    return [(" ".join(left.split()), " ".join(right.split())) for left, right in rows]


def test_two_runs_stand_side_by_side_in_order_of_time() -> None:
    recorded = [TraceLine(1.0, "duck", "-12 dB"), TraceLine(2.0, "hold", "now"), TraceLine(3.0, "reply", "heard")]
    otherwise = [
        TraceLine(1.0, "duck", "-12 dB"),
        TraceLine(2.5, "hold", "now", is_otherwise=True),
        TraceLine(3.04, "reply", "heard", is_otherwise=True),
        TraceLine(9.0, "call", "ends", is_otherwise=True),
    ]
    assert columns(recorded, otherwise) == [
        ("1.000 duck -12 dB", "1.000 duck -12 dB"),
        ("2.000 hold now", ""),
        ("", "~ 2.500 hold now"),
        ("3.000 reply heard", "~ 3.040 reply heard"),
        ("", "~ 9.000 call ends"),
    ]


def test_the_same_thing_much_later_is_another_row() -> None:
    recorded = [TraceLine(1.0, "duck", "-12 dB"), TraceLine(8.0, "duck", "-12 dB")]
    otherwise = [TraceLine(8.0, "duck", "-12 dB")]
    assert columns(recorded, otherwise) == [("1.000 duck -12 dB", ""), ("8.000 duck -12 dB", "8.000 duck -12 dB")]


def test_a_long_line_is_broken_inside_its_column() -> None:
    rows = list(side_by_side([TraceLine(1.0, "reply", "word " * 40)], [TraceLine(1.0, "user", "is done")]))
    assert len(rows) > 3
    assert {row.index("│") for row in rows} == {COLUMN_CHARACTERS + 1}
