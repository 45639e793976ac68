"""Each step of the conditioning by itself: what it lets through, what it takes away, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from ai_agent.automatic_gain import (
    FIRST_RISE_DB_PER_SECOND,
    HIGHEST_NOISE_DBFS,
    HIGHEST_PEAK,
    HIGHEST_SAMPLE,
    AutomaticGain,
    ClipPrevention,
    PeakNormalisation,
)
from ai_agent.conditioning_filters import DcRemoval, HighPass, LowPass, RecursiveFilter, SpeechBand, SpeechEmphasis
from ai_agent.levels import FULL_SCALE, energy_dbfs
from ai_agent.noise_suppression import NoiseSuppression

Sound = npt.NDArray[np.float64]


def tone(hz: float, seconds: float = 1.0, *, peak: float = 3_000.0) -> Sound:
    return np.asarray(peak * np.sin(2 * np.pi * hz * np.arange(int(seconds * 48_000)) / 48_000))


def noise(seconds: float, *, rms: float = 300.0, seed: int = 1) -> Sound:
    return np.random.default_rng(seed).standard_normal(int(seconds * 48_000)) * rms


def level_dbfs(sound: Sound) -> float:
    return energy_dbfs(sound, full_scale=FULL_SCALE)


def filtered(step: RecursiveFilter, sound: Sound) -> Sound:
    return np.concatenate([step.process(frame) for frame in sound.reshape(-1, 960)])


def gain_db(step: RecursiveFilter, hz: float) -> float:
    sound = tone(hz, 2.0)
    return float(20 * np.log10(np.std(filtered(step, sound)[48_000:]) / np.std(sound[48_000:])))


@pytest.mark.parametrize(
    ("step", "hz", "expected_db", "within_db"),
    [
        (DcRemoval(), 100, 0, 0.1),
        (HighPass(80), 80, -3, 0.1),
        (HighPass(80), 20, -24, 1),
        (HighPass(80), 400, 0, 0.1),
        (LowPass(7_900), 7_900, -3, 0.1),
        (LowPass(7_900), 16_000, -38.6, 1),
        (LowPass(7_900), 2_000, 0, 0.1),
        (SpeechEmphasis(2.5), 3_000, 2.5, 0.1),
        (SpeechEmphasis(2.5), 200, 0, 0.1),
    ],
)
def test_a_filter_passes_what_it_says(step: RecursiveFilter, hz: float, expected_db: float, within_db: float) -> None:
    assert gain_db(step, hz) == pytest.approx(expected_db, abs=within_db)


@pytest.mark.parametrize("make", [lambda: HighPass(80), lambda: LowPass(7_900), lambda: SpeechEmphasis(2)])
def test_frame_by_frame_is_the_same_as_all_at_once(make: Callable[[], RecursiveFilter]) -> None:
    sound = noise(0.2)
    whole, parts = make(), make()
    assert np.allclose(whole.process(sound), filtered(parts, sound), atol=1e-6)
    parts.reset()
    assert not parts.state.any()


@pytest.mark.parametrize("low_pass_hz", [7_900, 16_000, 20_000])
def test_steps_that_are_joined_are_the_steps_one_after_the_other(low_pass_hz: float) -> None:
    steps = DcRemoval(), HighPass(70), LowPass(low_pass_hz)
    sound = noise(20.0, rms=8_000) + 8_000
    one_by_one = sound
    for step in steps:
        one_by_one = filtered(step, one_by_one)
    at_once = SpeechBand(70, low_pass_hz)
    assert np.abs(filtered(at_once, sound) - one_by_one).max() < 1e-4
    assert np.abs(np.roots(at_once.a)).max() < 1.0


def test_an_offset_of_five_percent_is_under_a_hundredth_of_a_percent_within_a_second() -> None:
    out = filtered(DcRemoval(), np.full(96_000, 0.05 * 32_768))
    assert np.abs(out[48_000:]).max() < 0.0001 * 32_768


# ── step 4 ────────────────────────────────────────────────────────────────────────────────────────


def suppressed(
    step: NoiseSuppression, sound: Sound, *, is_aside: bool = False, speech_probability: float | None = None
) -> Sound:
    frames = sound.astype(np.float32).reshape(-1, 960)
    out = [step.process(frame, is_aside=is_aside, speech_probability=speech_probability) for frame in frames]
    return np.concatenate(out).astype(np.float64)


def test_what_stands_aside_gives_the_sound_back_ten_milliseconds_later() -> None:
    sound = noise(0.4)
    out = suppressed(NoiseSuppression(top_hz=8_000), sound, is_aside=True)
    late = NoiseSuppression.latency_samples
    assert np.allclose(out[late:], sound[:-late], atol=0.05)


def test_a_steady_room_is_learned_and_goes_down() -> None:
    step = NoiseSuppression(top_hz=8_000)
    out = suppressed(step, noise(3.0))
    assert level_dbfs(out[48_000:]) < level_dbfs(noise(3.0)) - 25
    assert step.speech_probability is not None and step.speech_probability < 0.3


def test_a_room_lies_lower_in_a_pause_than_while_somebody_speaks_and_as_evenly() -> None:
    def left_dbfs(speech_probability: float) -> Sound:
        """Of each frame of a steady room, where a VAD says so."""
        out = suppressed(NoiseSuppression(top_hz=8_000), noise(4.0), speech_probability=speech_probability)
        return np.array([level_dbfs(frame) for frame in out[96_000:].reshape(-1, 960)])

    in_speech, in_pause = left_dbfs(1.0), left_dbfs(0.0)
    assert in_pause.mean() < in_speech.mean() - 8
    assert in_pause.std() < 1.1 * in_speech.std()
    assert in_pause.std() < 1.0


def test_speech_is_there_at_once_and_a_pause_comes_slowly() -> None:
    """The first syllable finds no room that is lower than the last one's: nothing is cut off."""
    step = NoiseSuppression(top_hz=8_000)
    suppressed(step, noise(2.0))
    assert step._somebody_speaks < 0.2
    suppressed(step, noise(0.02, seed=3) + sum(tone(150 * k, 0.02, peak=1_500 / k) for k in range(1, 20)))
    assert step._somebody_speaks == 1.0
    suppressed(step, noise(0.1, seed=4))
    assert step._somebody_speaks > 0.7
    suppressed(step, noise(1.5, seed=5))
    assert step._somebody_speaks < 0.2


def test_a_room_that_becomes_louder_is_learned_anew_within_three_seconds() -> None:
    step = NoiseSuppression(top_hz=8_000)
    out = suppressed(step, np.concatenate([noise(2.0, rms=50), noise(4.0, rms=500, seed=2)]))
    assert level_dbfs(out[5 * 48_000 :]) < level_dbfs(noise(1.0, rms=500)) - 15


def test_a_voice_in_noise_stands_out_further_than_before() -> None:
    step = NoiseSuppression(top_hz=8_000)
    voice = sum(tone(150 * k, 3.0, peak=1_500 / k) for k in range(1, 20))
    voice *= 0.55 + 0.45 * np.cos(2 * np.pi * 4 * np.arange(len(voice)) / 48_000)
    voice[:72_000] = 0
    out = suppressed(step, voice + noise(3.0))
    snr_before = level_dbfs(voice[96_000:]) - level_dbfs(noise(3.0))
    snr_after = level_dbfs(out[96_000:]) - level_dbfs(out[24_000:72_000])
    assert snr_after > snr_before + 10
    assert step.speech_probability is not None and step.speech_probability > 0.3


def test_a_known_room_needs_no_second_look() -> None:
    first = NoiseSuppression(top_hz=8_000)
    suppressed(first, noise(3.0))
    known = NoiseSuppression(top_hz=8_000, known=first.power.copy())
    voice_at_once = noise(0.2, seed=4) + tone(1_000, 0.2)
    suppressed(known, voice_at_once)
    newcomer = NoiseSuppression(top_hz=8_000)
    suppressed(newcomer, voice_at_once)
    at_1_khz = 40
    assert newcomer.power[at_1_khz] > 10 * known.power[at_1_khz]


def test_a_profile_of_another_band_is_not_taken() -> None:
    assert (NoiseSuppression(top_hz=8_000, known=np.ones(7, np.float32)).power == 30).all()


# ── step 5 ────────────────────────────────────────────────────────────────────────────────────────


def levelled(agc: AutomaticGain, dbfs: float, seconds: float, *, probability: float) -> float:
    """The gain after so much sound of this level."""
    for frame in noise(seconds, rms=32_768 * 10 ** (dbfs / 20)).reshape(-1, 960):
        agc.process(frame, speech_probability=probability)
    return agc.gain_db


def test_speech_moves_the_gain_to_the_target_and_sound_that_is_none_does_not() -> None:
    agc = AutomaticGain()
    assert levelled(agc, -35, 2, probability=0.1) == 0
    assert levelled(AutomaticGain(), -35, 5, probability=0.9) == pytest.approx(15, abs=1)
    assert levelled(AutomaticGain(), -10, 5, probability=0.9) == pytest.approx(-10, abs=1)


def test_the_room_is_not_lifted_over_its_ceiling() -> None:
    agc = AutomaticGain()
    levelled(agc, -55, 20, probability=0.0)
    assert levelled(agc, -42, 2, probability=0.9) == pytest.approx(HIGHEST_NOISE_DBFS + 55, abs=0.5)


def test_a_room_that_becomes_louder_takes_the_gain_down_though_nobody_speaks() -> None:
    agc = AutomaticGain()
    levelled(agc, -75, 2, probability=0.0)
    assert levelled(agc, -40, 4, probability=0.9) > 19
    assert levelled(agc, -60, 6, probability=0.0) == pytest.approx(HIGHEST_NOISE_DBFS + 60, abs=0.5)
    assert levelled(agc, -45, 6, probability=0.0) == 0
    assert levelled(agc, -20, 2, probability=0.0) == 0, "and no further: the room is not the caller"


def test_a_room_that_nobody_has_heard_limits_nothing() -> None:
    assert levelled(AutomaticGain(), -45, 5, probability=0.9) == pytest.approx(25, abs=0.5)


def test_a_stored_gain_goes_on_exactly() -> None:
    one, other = AutomaticGain(), AutomaticGain()
    levelled(one, -75, 1, probability=0.0)
    levelled(one, -35, 2, probability=0.9)
    levelled(one, -75, 0.2, probability=0.0)
    other.state = one.state
    sound = noise(1.0, rms=900, seed=4).reshape(-1, 960)
    for probability in (0.9, 0.0):
        for frame in sound:
            assert np.array_equal(*(agc.process(frame, speech_probability=probability) for agc in (one, other)))


def test_a_gain_never_jumps() -> None:
    agc = AutomaticGain()
    before, steps = 0.0, []
    for frame in noise(3, rms=32_768 * 10 ** (-40 / 20)).reshape(-1, 960):
        agc.process(frame, speech_probability=0.9)
        steps.append(agc.gain_db - before)
        before = agc.gain_db
    assert max(np.abs(steps)) <= FIRST_RISE_DB_PER_SECOND / 50 + 1e-9


# ── steps 7 and 8 ─────────────────────────────────────────────────────────────────────────────────


def test_a_loud_frame_is_taken_down_to_the_peak_and_a_soft_one_is_left() -> None:
    peak = PeakNormalisation()
    soft = tone(500, 0.02, peak=20_000)
    assert peak.process(soft) is soft
    assert np.abs(peak.process(tone(500, 0.02, peak=60_000))).max() <= HIGHEST_PEAK * 1.001
    back = [np.abs(peak.process(soft)).max() for _ in range(20)]
    assert back == sorted(back) and back[-1] == pytest.approx(20_000)


def test_nothing_wraps_around() -> None:
    clipped = ClipPrevention().process(np.array([1e9, -1e9, 0.4, -0.6]))
    assert clipped.tolist() == [HIGHEST_SAMPLE, -HIGHEST_SAMPLE, 0, -1]
