"""The verdict on the room: said when a trouble has lasted three seconds, once, and taken back when it is over."""

from __future__ import annotations

import pytest

from ai_agent.audio_format import frames_in
from ai_agent.commands import TurnSound
from ai_agent.levels import FrameMetrics, snr_db
from ai_agent.room_verdict import NOTICES, ROOM_OK, RoomVerdict, why_unclear

CHARACTER_MS = 100

SPEECH = {"s": -25.0, "w": -54.0, "c": -6.0, "v": -28.0, "b": -18.0}
"""s a usual voice, w a whisper, c one that clips, v one in a loud room, b a loud one in a loud room."""
IN_A_LOUD_ROOM = "nvb"


def heard(kind: str) -> FrameMetrics:
    """One frame: a voice of `SPEECH`, n the loud room alone, z digital silence, . the quiet room alone."""
    floor_dbfs = -34.0 if kind in IN_A_LOUD_ROOM else -64.0
    level_dbfs = -96.0 if kind == "z" else SPEECH.get(kind, floor_dbfs)
    return FrameMetrics(
        energy_dbfs=level_dbfs,
        noise_floor_dbfs=floor_dbfs,
        snr_db=snr_db(level_dbfs, floor_dbfs),
        spectral_flatness=0.1,
        clipping_percent=4.0 if kind == "c" else 0.0,
    )


def said(mic: str) -> list[tuple[float, str]]:
    """What a drawing makes the verdict say, and in which second; - is not listened to. A character is 100 ms."""
    verdict, told, frame = RoomVerdict(), [], 0
    for kind in mic:
        for _ in range(frames_in(CHARACTER_MS)):
            frame += 1
            if kind == "-":
                verdict.pass_over()
            elif notice := verdict.judge(heard(kind), is_speech=kind in SPEECH):
                told.append((round(frame * 0.02, 1), notice.code))
    return told


@pytest.mark.parametrize(
    ("mic", "trouble"),
    [("n" * 32, "loud_room"), ("v" * 32, "loud_room"), ("w" * 32, "too_quiet"), ("c" * 32, "clipping")],
)
def test_what_has_lasted_three_seconds_is_said_and_not_before(mic: str, trouble: str) -> None:
    assert said(mic) == [(3.0, trouble)]
    assert said(mic[:29]) == []


@pytest.mark.parametrize(
    "mic",
    [
        "s" * 100,
        ".sss..ssssss....." * 6,
        "n" * 20 + "." * 20 + "n" * 20,
        "c" * 20 + "." * 100,
        "c" * 20 + "." * 101 + "c" * 20,
        "z" * 100,
    ],
)
def test_a_usual_voice_a_quiet_room_and_what_passes_are_not_mentioned(mic: str) -> None:
    assert said(mic) == []


def test_a_loud_room_out_of_which_the_voice_stands_is_not_too_loud() -> None:
    assert said("b" * 20 + "n" * 100) == []


def test_a_quiet_room_is_never_too_loud_however_quiet_the_voice() -> None:
    assert {code for _, code in said("w" * 100)} == {"too_quiet"}


def test_who_breathes_between_words_has_not_stopped_being_too_loud() -> None:
    assert [code for _, code in said("cccccccccc..." * 4)] == ["clipping"]


@pytest.mark.parametrize("mic", ["-" * 100, "n" * 20 + "-" * 100, "n" * 20 + "-" * 100 + "." * 40])
def test_nothing_is_said_while_muted_or_while_the_agent_may_be_heard(mic: str) -> None:
    assert said(mic) == []


def test_what_had_begun_before_the_agent_spoke_goes_on_after_it() -> None:
    assert said("n" * 20 + "-" * 50 + "n" * 20) == [(8.0, "loud_room")]


@pytest.mark.parametrize(("trouble", "mic"), [("clipping", "c" * 32), ("too_quiet", "w" * 32), ("loud_room", "n" * 32)])
def test_what_is_over_is_taken_back_once(trouble: str, mic: str) -> None:
    assert [code for _, code in said(mic + "s" * 200)] == [trouble, "room_ok"]


def test_in_between_what_was_said_stands() -> None:
    """Four decibels, and a little clipping, lie between being in trouble and being out of it."""
    verdict = RoomVerdict()
    loud, better = heard("n"), FrameMetrics(-37.0, -37.0, 0.0, 0.1, 0.0)
    told = [verdict.judge(metrics, is_speech=False) for metrics in [loud] * 200 + [better] * 400]
    assert [notice.code for notice in told if notice] == ["loud_room"]


def test_the_same_trouble_is_said_again_after_two_minutes_and_not_before() -> None:
    assert said("n" * 1_400) == [(3.0, "loud_room"), (123.0, "loud_room")]
    assert said(("n" * 40 + "." * 40) * 14)[:3] == [(3.0, "loud_room"), (7.0, "room_ok")]


def test_two_troubles_are_told_one_after_the_other() -> None:
    told = said("c" * 40 + "w" * 160)
    assert [code for _, code in told] == ["clipping", "room_ok", "too_quiet"]
    assert told[2][0] - told[0][0] >= 10


def test_a_trouble_of_the_voice_is_not_said_into_silence() -> None:
    told = said("w" * 40 + "." * 1_300 + "w" * 10)
    assert [code for _, code in told] == ["too_quiet", "too_quiet"]
    assert told[1][0] >= 134


def test_every_trouble_has_words_and_a_code_of_its_own() -> None:
    assert len({*NOTICES, ROOM_OK.code}) == 4
    assert all(words.endswith(".") for words in (*NOTICES.values(), ROOM_OK.message))


@pytest.mark.parametrize(
    ("snr", "floor_dbfs", "code"),
    [
        (4.0, -36.0, "not_understood_loud_room"),
        (4.0, -66.0, "not_understood_too_quiet"),
        (24.0, -36.0, None),
        (24.0, -66.0, None),
    ],
)
def test_the_sound_of_a_turn_tells_why_it_had_no_words(snr: float, floor_dbfs: float, code: str | None) -> None:
    reason = why_unclear(TurnSound(-30.0, floor_dbfs, snr, 0.1, 0.0))
    assert (reason.code if reason else None) == code


def test_what_was_typed_has_no_sound_to_be_unclear() -> None:
    assert why_unclear(None) is None
