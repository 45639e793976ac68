"""Does the bench of barge-in measure what happened? Two-channel recordings whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from bench.bargein.score import RATE_HZ, Sound, cover, find_stretches, react, words_off


def talk(seconds: float, *, seed: int = 1) -> Sound:
    """Something like speech: noise in syllables of 180 ms, at −22 dBFS, with pauses of 250 ms each 2 s."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    envelope = 0.25 + 0.75 * np.abs(np.sin(np.pi * t / 0.18))
    envelope[(t % 2.0) > 1.75] = 0.0
    return rng.standard_normal(len(t)) * envelope * 0.08


REPLY = talk(10.0)


def heard(gain: Sound, *, starts_at: float = 1.0, seconds: float = 14.0) -> Sound:
    """The reply, sent from `starts_at` on, times a gain for each of its samples."""
    out = np.zeros(int(seconds * RATE_HZ))
    start = int(starts_at * RATE_HZ)
    out[start : start + len(gain)] = (REPLY[: len(gain)] * gain)[: len(out) - start]
    return out + np.random.default_rng(5).standard_normal(len(out)) * 1e-5


def gain_of(*pieces: tuple[float, float]) -> Sound:
    """(seconds, gain), one after the other, to the end of the reply."""
    made = np.concatenate([np.full(int(seconds * RATE_HZ), value) for seconds, value in pieces])
    return np.concatenate([made, np.full(len(REPLY) - len(made), pieces[-1][1])])[: len(REPLY)]


def test_an_agent_that_nobody_disturbs_is_neither_ducked_nor_silent() -> None:
    reaction = react(heard(gain_of((10.0, 1.0))), REPLY, onset=4.0, until=13.0)
    assert reaction is not None
    assert (reaction.ducked_at, reaction.silent_at, reaction.stopped_at) == (None, None, None)
    assert reaction.began_at == pytest.approx(1.0, abs=0.01)


def test_a_duck_and_the_full_level_after_it_are_found_to_a_few_hundredths() -> None:
    reaction = react(heard(gain_of((3.2, 1.0), (0.5, 0.25), (6.3, 1.0))), REPLY, onset=4.0, until=13.0)
    assert reaction is not None
    assert reaction.ducked_at == pytest.approx(4.2, abs=0.03)
    assert reaction.full_again_at == pytest.approx(4.7, abs=0.03)
    assert not reaction.is_stopped and reaction.silent_at is None
    assert (reaction.lost_ms, reaction.repeated_ms) == (0.0, 0.0)


@pytest.mark.parametrize(("dip", "full_again_at"), [(0.025, 4.7), (0.2, 6.4)])
def test_a_dip_that_is_shorter_than_any_duck_is_the_codecs(dip: float, full_again_at: float) -> None:
    pieces = ((3.2, 1.0), (0.5, 0.25), (1.5, 1.0), (dip, 0.25), (4.8 - dip, 1.0))
    reaction = react(heard(gain_of(*pieces)), REPLY, onset=4.0, until=13.0)
    assert reaction is not None
    assert reaction.full_again_at == pytest.approx(full_again_at, abs=0.03)


def test_a_stop_is_the_silence_after_which_nothing_comes() -> None:
    reaction = react(heard(gain_of((3.1, 1.0), (0.3, 0.25), (6.6, 0.0))), REPLY, onset=4.0, until=10.0)
    assert reaction is not None
    assert reaction.ducked_at == pytest.approx(4.1, abs=0.03)
    assert reaction.stopped_at == reaction.silent_at == pytest.approx(4.4, abs=0.03)
    assert reaction.heard_until == pytest.approx(3.4, abs=0.03)


@pytest.mark.parametrize("moved_ms", [-300, 0, 200])
def test_after_a_hold_what_was_lost_or_said_twice_is_found_by_correlation(moved_ms: int) -> None:
    held_at, resumed_at = int(3.3 * RATE_HZ), int(4.5 * RATE_HZ)
    agent = np.zeros(14 * RATE_HZ)
    agent[RATE_HZ : RATE_HZ + held_at] = REPLY[:held_at]
    rest = REPLY[held_at + moved_ms * RATE_HZ // 1000 :]
    agent[RATE_HZ + resumed_at :][: len(rest)] = rest[: len(agent) - RATE_HZ - resumed_at]
    reaction = react(agent, REPLY, onset=4.0, until=13.0)
    assert reaction is not None and not reaction.is_stopped
    assert reaction.silent_at == pytest.approx(4.3, abs=0.03)
    assert reaction.full_again_at == pytest.approx(5.5, abs=0.05)
    assert reaction.lost_ms == pytest.approx(max(0, moved_ms), abs=25)
    assert reaction.repeated_ms == pytest.approx(max(0, -moved_ms), abs=25)


def test_a_pause_of_the_reply_is_no_silence_of_the_agents() -> None:
    assert len(find_stretches(heard(gain_of((10.0, 1.0))), REPLY)) == 1


def test_the_next_reply_is_not_taken_for_the_rest_of_this_one() -> None:
    agent = heard(gain_of((3.0, 1.0), (7.0, 0.0)))
    agent[9 * RATE_HZ : 13 * RATE_HZ] += talk(4.0, seed=9)
    reaction = react(agent, REPLY, onset=3.5, until=13.5)
    assert reaction is not None and reaction.stopped_at == pytest.approx(4.0, abs=0.03)


def test_an_agent_that_comes_to_its_end_was_not_stopped() -> None:
    reaction = react(heard(gain_of((10.0, 1.0))), REPLY, onset=10.6, until=13.9)
    assert reaction is not None and not reaction.is_stopped


def test_the_history_is_off_by_the_words_that_it_has_too_many() -> None:
    assert words_off("one two three four", [0.2, 0.5, 0.8, 1.1], last_heard=0.6, heard_until=0.85) == 1
    assert words_off("", [0.2, 0.5], last_heard=0.1, heard_until=0.1) == 0


def test_all_that_was_said_is_found_in_a_filtered_louder_copy() -> None:
    said = np.concatenate([np.zeros(RATE_HZ), talk(1.5, seed=3), np.zeros(RATE_HZ), talk(1.0, seed=4)])
    rest = said[int(0.5 * RATE_HZ) :]
    copy = 1.7 * rest + np.random.default_rng(5).standard_normal(len(rest)) * 0.005
    covered = cover(said, copy)
    assert covered.share > 0.99 and covered.beginning == 1.0


def test_a_beginning_that_was_cut_off_is_missed() -> None:
    said = np.concatenate([np.zeros(RATE_HZ), talk(1.5, seed=3)])
    covered = cover(said, said[int(1.2 * RATE_HZ) :])
    assert covered.share == pytest.approx(1.3 / 1.5, abs=0.05)
    assert covered.beginning == pytest.approx(0.33, abs=0.1)


def test_a_piece_that_is_missing_in_the_middle_is_missed() -> None:
    said = talk(3.4, seed=6)
    covered = cover(said, np.concatenate([said[:RATE_HZ], said[2 * RATE_HZ :]]))
    assert 0.65 < covered.share < 0.8
    assert covered.beginning == 1.0
