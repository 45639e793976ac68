"""A capture: bursts, belief, silence, and what is kept of them."""

from __future__ import annotations

import pytest

from ai_agent.audio_format import BYTES_PER_FRAME
from ai_agent.capture import Belief, Capture, MicrophoneRing
from ai_agent.commands import TurnSound
from ai_agent.levels import FrameMetrics
from ai_agent.voice_activity import VoiceFrame

ANY = Belief(sure_ms=120, unsure_ms=200)


def voice(kind: str) -> VoiceFrame:
    near_end = kind in "scf"
    return VoiceFrame(
        is_near_end=near_end,
        is_tail=kind == "t",
        is_left=kind != ".",
        probability={"s": 0.95, "f": 0.95, "c": 0.7, "w": 0.3, "v": 0.3}.get(kind, 0.05),
        metrics=FrameMetrics(
            energy_dbfs={"s": -25.0, "c": -25.0, "w": -25.0, "l": -25.0, "f": -38.0, "v": -40.0}.get(kind, -60.0),
            noise_floor_dbfs=-60.0,
            snr_db=35.0 if near_end else 0.0,
            spectral_flatness=0.1 if near_end else 0.5,
            clipping_percent=2.0 if kind == "f" else 0.0,
        ),
    )


def frame(number: int) -> bytes:
    return number.to_bytes(2, "little") * (BYTES_PER_FRAME // 2)


def played(kinds: str, *, pre_roll: int = 0) -> Capture:
    """One frame a character: s sure, f far, c half believed, t tail, . quiet. Each frame holds its number.

    Besides, and not near-end speech: w may be a word, v may be one from further away, l is loud and no voice.
    """
    capture = Capture([frame(index) for index in range(pre_roll)], now=0.0)
    for index, kind in enumerate(kinds):
        capture.add(frame(pre_roll + index), voice(kind), now=index * 0.02)
        if capture.burst and capture.burst.is_speech(ANY):
            capture.believe()
    return capture


def numbers(audio: bytes) -> list[int]:
    return [int.from_bytes(audio[start : start + 2], "little") for start in range(0, len(audio), BYTES_PER_FRAME)]


def test_only_silence_in_the_middle_is_forgotten() -> None:
    capture = played("s" * 10 + "." * 60)
    assert capture.forget_silence() == 10
    assert (capture.forget_silence(), capture.silence_frames) == (0, 50)
    assert numbers(b"".join(capture.frames)) == [*range(35), *range(45, 70)]
    sounding = played("s" * 10 + "." * 60 + "ss")
    assert sounding.forget_silence() == 0


@pytest.mark.parametrize(
    ("kinds", "believed"), [("sssss", False), ("ssssss", True), ("c" * 9, False), ("c" * 10, True)]
)
def test_a_burst_is_believed_by_its_voiced_time(kinds: str, believed: bool) -> None:
    burst = played(kinds).burst
    assert burst is not None and burst.is_speech(ANY) is believed


@pytest.mark.parametrize(
    ("kinds", "believed"), [("sss..sss", True), ("sss....sss", True), ("sss.....sss", False), ("sssttttttsss", False)]
)
def test_what_is_believed_is_in_one_piece(kinds: str, believed: bool) -> None:
    burst = played(kinds).burst
    assert burst is not None and burst.voiced_ms == 120
    assert burst.is_speech(ANY) is believed


def test_a_burst_that_was_believed_stays_so_whatever_clicks_follow_in_it() -> None:
    assert played("ssssss......s").silence_frames == 0


def test_gaps_under_240_ms_do_not_end_a_burst() -> None:
    capture = played("sss" + "." * 11 + "sss")
    assert capture.burst is not None and capture.burst.voiced_ms == 120
    assert played("sss" + "." * 12).burst is None


def test_silence_is_counted_from_the_last_believed_speech_whatever_clicks_come() -> None:
    assert played("ssssssss" + "." * 20 + "sss" + "." * 20).silence_frames == 43
    assert played("ssssssss" + "." * 20 + "ssssss" + "." * 20).silence_frames == 20


def test_a_weak_ending_ends_the_speech_later_but_is_not_voiced() -> None:
    capture = played("ssssssss" + "tttt" + "..")
    assert capture.silence_frames == 2
    assert capture.burst is not None and capture.burst.voiced_ms == 160


def test_the_audio_has_the_pre_roll_and_half_a_second_after_the_last_speech() -> None:
    capture = played("s" * 10 + "." * 100, pre_roll=25)
    assert numbers(capture.close()) == list(range(25 + 10 + 25))


def test_when_the_speech_ended_is_known_to_the_frame() -> None:
    capture = played("." + "s" * 10 + "." * 30)
    assert capture.speech_ended_at == pytest.approx(10 * 0.02)


def test_a_closed_turn_waits_for_more_without_growing() -> None:
    capture = played("s" * 10 + "." * 100)
    capture.close()
    for index in range(1_000):
        capture.add(frame(200 + index), voice("."), now=2.2 + index * 0.02)
        capture.wait_for_more()
    assert capture.duration_frames <= 35 + 25
    for index in range(12):
        capture.add(frame(2_000 + index), voice("s"), now=50.0 + index * 0.02)
        capture.wait_for_more()
    capture.believe()
    joined = numbers(capture.close())
    assert joined[: 10 + 25] == list(range(35))
    assert joined[-12:] == list(range(2_000, 2_012))
    assert len(joined) == 35 + 25 + 12


def test_what_sounds_just_now_can_be_split_off_with_its_own_pre_roll() -> None:
    capture = played("s" * 10 + "." * 60 + "sss")
    split = capture.split_burst()
    assert split is not None and split.burst is not None
    assert split.burst.voiced_ms == 60
    assert split.started_at == pytest.approx(70 * 0.02)
    assert numbers(b"".join(split.frames)) == list(range(70 - 25, 73))
    assert played("sss" + "." * 20).split_burst() is None


def test_what_was_measured_is_of_speech_alone() -> None:
    assert played("s" * 10 + "." * 100).measured.sound == TurnSound(-25.0, -60.0, 35.0, 0.1, 0.0)
    assert played("....").measured.sound is None


def test_of_a_turns_sound_the_middle_frame_counts_and_of_its_clipping_every_one() -> None:
    assert played("s" * 30 + "." * 20 + "f" * 10).measured.sound == TurnSound(-25.0, -60.0, 35.0, 0.1, 0.5)


def test_the_ring_keeps_the_last_five_seconds() -> None:
    ring = MicrophoneRing()
    for index in range(280):
        ring.append(frame(index))
    assert numbers(b"".join(ring.last(300))) == list(range(30, 280))
    assert numbers(b"".join(ring.last(3))) == [277, 278, 279]
    assert ring.count == 280
