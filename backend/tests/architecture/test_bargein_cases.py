"""Are the cases of barge-in all there, and can each of them be made?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bench.bargein.cases import INTERRUPTIONS, MORE_CASES, PRESETS, TAGS, CasesRefused, choose_cases, load_cases
from bench.bargein.microphone import LEAD_SECONDS, make_microphone
from bench.bargein.sounds import ROOMS, SOUNDS
from bench.bargein.voices import missing_engines

CASES = load_cases()
OF_TAG = Counter(case.tag for case in CASES)


def test_the_set_has_as_many_of_each_kind_as_it_promises() -> None:
    assert len(CASES) >= 120
    assert sum(OF_TAG[tag] for tag in INTERRUPTIONS) >= 40
    least = {"stop_word": 12, "backchannel": 28, "noise": 16, "echo": 8, "far_voice": 6, "pause": 15}
    assert {tag: OF_TAG[tag] for tag in least if OF_TAG[tag] < least[tag]} == {}
    assert set(OF_TAG) == set(TAGS)


def test_the_other_set_is_another_one_and_can_be_made() -> None:
    more = load_cases(MORE_CASES)
    assert len(more) >= 120
    assert {case.sound for case in more if case.sound} <= set(SOUNDS)
    assert {case.room for case in more} - {"quiet"} <= set(ROOMS)
    assert not {case.id for case in more} & {case.id for case in CASES}
    spoken, usual = ({(case.voice.engine, *case.voice.settings.items(), case.words) for case in cases if case.voice}
                     for cases in (more, CASES))  # fmt: skip
    assert not spoken & usual


def test_bids_come_in_the_first_two_seconds_and_near_the_end_quietly_and_in_noise() -> None:
    bids = [case for case in CASES if case.is_interruption]
    assert sum(0 < case.at < 2 for case in bids) >= 5
    assert sum(case.at < 0 for case in bids) >= 3
    assert sum(case.dbfs < -34 for case in bids) >= 4
    assert {case.snr for case in bids if case.room == "fan"} >= {15, 20, 25}
    assert sum(case.new for case in CASES) >= 4


def test_every_case_says_what_each_preset_should_make_of_it() -> None:
    assert all(set(case.expect) == set(PRESETS) for case in CASES)
    differing = [case for case in CASES if len(set(case.expect.values())) > 1]
    assert len(differing) >= 8


def test_every_sound_and_room_can_be_made() -> None:
    assert {case.sound for case in CASES if case.sound} <= set(SOUNDS)
    assert {case.room for case in CASES} - {"quiet"} <= set(ROOMS)


@pytest.mark.models
@pytest.mark.parametrize(
    "name", ["stop-2", "okay-stop", "mm-hm-1", "cough-1", "echo-8-frozen-harsh", "far-15", "pause-twice"]
)
def test_a_case_is_the_same_on_every_run_and_its_labels_are_where_its_sound_is(name: str) -> None:
    (case,) = choose_cases(CASES, wanted=[name])
    if missing_engines([case]):
        pytest.skip("its voice is not installed here")
    first, second = make_microphone(case), make_microphone(case)
    assert np.array_equal(first.sound, second.sound)
    assert len(first.sound) == len(first.speech)
    if first.onset is None or first.offset is None:
        assert not first.speech.any()
        return
    assert first.onset < first.offset < first.seconds - 2.5
    before = first.speech[: int((LEAD_SECONDS + first.onset - 0.05) * 48_000)]
    assert np.abs(before).max(initial=0.0) < 0.05 * np.abs(first.speech).max()


def test_a_case_that_cannot_be_is_refused_by_its_name(tmp_path: Path) -> None:
    written = """
[voices]
ada = { engine = "hibari", voice_id = "bright" }
[expectations.all_stop]
helpful-assistant = "stops"
technical-expert = "stops"
technical-interviewer = "stops"
empathetic-coach = "stops"
[[groups]]
tag = "stop_word"
expect = "all_stop"
cases = [ { id = "one", words = "Stop.", voice = "bob", at = 1.0 } ]
"""
    path = tmp_path / "cases.toml"
    path.write_text(written)
    with pytest.raises(CasesRefused, match=r"case 'one': 'bob'"):
        load_cases(path)


def test_a_name_that_is_neither_case_nor_tag_is_refused() -> None:
    with pytest.raises(CasesRefused, match="no-such-case"):
        choose_cases(CASES, wanted=["no-such-case"])
