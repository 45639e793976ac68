"""The conditioner's promises about format, memory and metrics."""

from __future__ import annotations

import itertools
import json
import tracemalloc
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_agent.audio_conditioning import AudioConditioner, ConditionedFrame, ConditioningConfig, Tap
from ai_agent.audio_format import BYTES_PER_FRAME, SILENT_FRAME
from ai_agent.automatic_gain import HIGHEST_SAMPLE, AutomaticGain
from ai_agent.levels import clipping_percent, energy_dbfs, to_samples, without_mean
from ai_agent.noise_profile import NoiseProfile
from ai_agent.noise_suppression import NoiseSuppression
from ai_agent.packed_state import pack, unpack
from tests.timeline import tone

Pcm = npt.NDArray[np.int16]
TAPS: tuple[Tap, ...] = ("raw", "filtered", "conditioned")


def samples(frame: bytes) -> npt.NDArray[np.float64]:
    return np.frombuffer(frame, dtype=np.int16).astype(np.float64)


def through(conditioner: AudioConditioner, sound: npt.NDArray[np.float64]) -> list[ConditionedFrame]:
    """A sound in steps of int16, frame by frame."""
    pcm = np.clip(np.rint(sound), -32_768, 32_767).astype(np.int16)
    return [conditioner.condition(frame.tobytes()) for frame in pcm[: len(pcm) // 960 * 960].reshape(-1, 960)]


def words(seconds: float, dbfs: float = -20.0, *, seed: int = 2) -> npt.NDArray[np.float64]:
    """A buzz that comes and goes like syllables, with a pause every second and a half."""
    t = np.arange(int(seconds * 48_000)) / 48_000
    rng = np.random.default_rng(seed)
    phase = 2 * np.pi * np.cumsum(130 + 25 * np.sin(2 * np.pi * 2.3 * t)) / 48_000
    buzz = sum(np.sin(k * phase + rng.uniform(0, 6)) / k**0.8 for k in range(1, 25))
    loudness = (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t)) * (np.mod(t, 1.5) < 1.1)
    sound = buzz * loudness
    return np.asarray(sound / np.sqrt(np.mean(sound[loudness > 0.1] ** 2)) * 32_768 * 10 ** (dbfs / 20))


def frames(count: int, dbfs: float, seed: int = 5) -> list[bytes]:
    rng = np.random.default_rng(seed)
    scale = 32_768 * 10 ** (dbfs / 20)
    return [(rng.standard_normal(960) * scale).clip(-32_768, 32_767).astype(np.int16).tobytes() for _ in range(count)]


def test_a_frame_of_bytes_gives_bytes_and_an_array_gives_an_array() -> None:
    conditioner = AudioConditioner()
    frame = tone(-20)
    out = conditioner.process(frame)
    assert isinstance(out, bytes) and len(out) == 1_920
    pcm = np.frombuffer(frame, dtype=np.int16)
    processed = conditioner.process(pcm)
    assert processed.dtype == np.int16 and processed.shape == (960,)
    assert processed is not pcm


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        bytes(1_919),
        bytes(3_840),
        bytearray(1_920),
        np.zeros(960, dtype=np.float32),
        np.zeros(960, dtype=np.float64),
        np.zeros(960, dtype=np.int32),
        np.zeros(960, dtype=np.uint16),
        np.zeros(960, dtype=">i2"),
        [0] * 960,
        np.zeros((1, 960), dtype=np.int16),
        np.zeros(959, dtype=np.int16),
        "frame",
        None,
    ],
)
def test_anything_else_is_refused_and_nothing_is_learned_from_it(wrong: object) -> None:
    conditioner = AudioConditioner()
    through(conditioner, words(0.5))
    before = conditioner.snapshot()
    for take in (conditioner.process, conditioner.condition):
        with pytest.raises(ValueError, match="a frame is"):
            take(wrong)  # type: ignore[operator]
    assert conditioner.snapshot() == before


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -0.1, 1.1])
def test_a_probability_that_is_none_is_refused_and_nothing_is_learned(wrong: float) -> None:
    conditioner = AudioConditioner()
    through(conditioner, words(0.5))
    before = conditioner.snapshot()
    for take in (conditioner.process, conditioner.condition):
        with pytest.raises(ValueError, match="between 0 and 1"):
            take(tone(-20), speech_probability=wrong)
    assert conditioner.snapshot() == before


def test_the_input_is_left_as_it_is() -> None:
    pcm = np.frombuffer(tone(-10), dtype=np.int16).copy()
    before = pcm.copy()
    AudioConditioner().process(pcm)
    assert np.array_equal(pcm, before)


def test_silence_stays_silence_and_teaches_nothing() -> None:
    conditioner = AudioConditioner()
    for frame in frames(100, -50):
        conditioner.condition(frame, speech_probability=0.02)
    before = conditioner.noise_profile
    quiet = [conditioner.condition(SILENT_FRAME, speech_probability=0.0) for _ in range(100)]
    assert quiet[-1].conditioned == quiet[-1].filtered == SILENT_FRAME
    assert (quiet[-1].metrics.energy_dbfs, quiet[-1].metrics.spectral_flatness) == (-96, 0)
    assert conditioner.noise_profile == before


def test_a_line_that_was_always_dead_is_dead_to_the_bit() -> None:
    conditioner = AudioConditioner()
    assert all(conditioner.process(SILENT_FRAME) == SILENT_FRAME for _ in range(70))


def test_a_room_after_a_dead_line_is_not_taken_for_what_it_begins_with() -> None:
    """A voice is the first thing after digital silence: it is heard, not learned as the room."""
    conditioner = AudioConditioner()
    for _ in range(10):
        conditioner.condition(SILENT_FRAME)
    spoken = through(conditioner, words(1.0))
    heard = energy_dbfs(samples(b"".join(frame.conditioned for frame in spoken[5:])).astype(np.float32) / 32_768)
    assert heard > -26


def test_the_silence_with_which_a_line_begins_is_no_quiet_room() -> None:
    """A room that is heard 100 ms after its line was there is learned as one that is heard at once."""
    at_once, later = AudioConditioner(), AudioConditioner()
    for _ in range(5):
        later.condition(SILENT_FRAME)
    powers = []
    for conditioner in (at_once, later):
        for frame in frames(10, -40):
            conditioner.condition(frame)
        powers.append(conditioner.noise_profile.as_power())
    assert np.allclose(*powers, rtol=0.2)  # type: ignore[arg-type]


LOUD = {
    "highest": np.full(960, 32_767, np.int16),
    "lowest": np.full(960, -32_768, np.int16),
    "square": np.where(np.arange(960) // 24 % 2, 32_767, -32_768).astype(np.int16),
    "alternating": np.where(np.arange(960) % 2, 32_767, -32_768).astype(np.int16),
    "white": np.random.default_rng(1).integers(-32_768, 32_768, 960).astype(np.int16),
    "impulse": np.eye(1, 960, 480, dtype=np.int16)[0] * np.int16(32_767),
}


@pytest.mark.parametrize("speech_probability", [0.02, 0.95])
@pytest.mark.parametrize("name", ["loudest", "quietest", *LOUD])
def test_whatever_was_heard_can_be_gone_on_from(name: str, speech_probability: float) -> None:
    """For three seconds: so long the gain needs to its ends, and the room to be believed."""
    quiet, conditioner = words(0.02, -50), AudioConditioner()
    frame = LOUD.get(name, (quiet if name == "quietest" else quiet * 100).clip(-32_768, 32_767).astype(np.int16))
    for _ in range(150):
        conditioner.condition(frame, speech_probability=speech_probability)
    other = AudioConditioner()
    other.restore(json.loads(json.dumps(conditioner.snapshot())))
    other.go_on_with(json.loads(json.dumps(conditioner.learned())))
    assert other.gain_db == conditioner.gain_db


@pytest.mark.parametrize("name", LOUD)
def test_the_loudest_input_is_never_wrapped_around(name: str) -> None:
    conditioner = AudioConditioner()
    for _ in range(60):
        conditioned = conditioner.condition(LOUD[name].tobytes())
        for tap in (conditioned.filtered, conditioned.conditioned):
            assert np.abs(samples(tap)).max() <= HIGHEST_SAMPLE
    metrics = conditioned.metrics
    assert metrics.clipping_percent == clipping_percent(LOUD[name])
    assert all(np.isfinite([metrics.energy_dbfs, metrics.snr_db, metrics.spectral_flatness]))
    assert_finite(conditioner)


def assert_finite(conditioner: AudioConditioner) -> None:
    """Nothing that is remembered is anything but a number, and speech still comes through."""
    after = conditioner.condition(tone(-30)).metrics
    assert np.isfinite([after.energy_dbfs, after.snr_db, after.noise_floor_dbfs]).all()
    for name, number in remembered(conditioner.snapshot()):
        assert not np.isnan(number).any(), name
    power = conditioner.noise_profile.as_power()
    assert power is not None and np.isfinite(power).all() and (power > 0).all()
    out = np.concatenate([samples(frame.conditioned) for frame in through(conditioner, words(1.0))])
    assert 100 < np.std(out) < HIGHEST_SAMPLE


def remembered(state: object, name: str = "") -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
    """Every number of a snapshot, with where it stands."""
    plain = unpack(state)
    if isinstance(plain, Mapping):
        for key, value in plain.items():
            yield from remembered(value, f"{name}.{key}")
    elif isinstance(plain, list):
        for index, value in enumerate(plain):
            yield from remembered(value, f"{name}[{index}]")
    elif isinstance(plain, (int, float, np.ndarray)):
        yield name, np.asarray(plain, np.float64)


shapes = st.sampled_from([*LOUD, "silence", "quiet noise", "loud noise", "one step", "anything"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(shapes, st.integers(1, 12)), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_no_order_of_sounds_leaves_anything_that_is_no_number(order: list[tuple[str, int]], seed: int) -> None:
    rng, conditioner = np.random.default_rng(seed), AudioConditioner()
    for name, times in order:
        for _ in range(times):
            conditioned = conditioner.condition(_shape(name, rng).tobytes())
            assert np.abs(samples(conditioned.conditioned)).max() <= HIGHEST_SAMPLE
    stored = json.loads(json.dumps(conditioner.snapshot()))
    again = AudioConditioner()
    again.restore(stored)
    again.go_on_with(json.loads(json.dumps(conditioner.learned())))
    assert_finite(conditioner)


def _shape(name: str, rng: np.random.Generator) -> Pcm:
    match name:
        case "silence":
            return np.zeros(960, np.int16)
        case "quiet noise":
            return rng.integers(-3, 4, 960).astype(np.int16)
        case "loud noise":
            return rng.integers(-32_768, 32_768, 960).astype(np.int16)
        case "anything":
            return rng.integers(-32_768, 32_768, 960).astype(np.int16) >> rng.integers(0, 16, 960).astype(np.int16)
        case "one step":
            return np.full(960, rng.integers(-1, 2), np.int16)
        case _:
            return LOUD[name]


def test_an_offset_is_gone_within_a_second() -> None:
    conditioner = AudioConditioner()
    offset = 0.05 * 32_768
    last = through(conditioner, words(4.5, -30) + offset)[-150:]
    for tap in ("filtered", "conditioned"):
        mean = np.mean([samples(frame.tap(tap)).mean() for frame in last])  # type: ignore[arg-type]
        assert abs(mean) < 0.0001 * 32_768, tap
    flat = through(AudioConditioner(), np.full(96_000, offset))
    assert max(np.abs(samples(frame.filtered)).max() for frame in flat[50:]) < 0.0001 * 32_768


@pytest.mark.parametrize("truth_db", [5.0, 10.0, 20.0])
def test_the_snr_is_within_two_db_of_the_truth_after_two_seconds_of_noise(truth_db: float) -> None:
    conditioner = AudioConditioner()
    for frame in frames(100, -50):
        conditioner.condition(frame, speech_probability=0.05)
    loud = [np.frombuffer(frame, dtype=np.int16).astype(np.int32) for frame in frames(20, -50 + truth_db, seed=6)]
    noise = [np.frombuffer(frame, dtype=np.int16) for frame in frames(20, -50, seed=7)]
    mixed = [(a + b).clip(-32_768, 32_767).astype(np.int16).tobytes() for a, b in zip(loud, noise, strict=True)]
    measured = [conditioner.condition(frame, speech_probability=0.9).metrics.snr_db for frame in mixed]
    assert np.median(measured) == pytest.approx(truth_db, abs=2)


def test_the_room_is_not_learned_while_the_agents_echo_may_be_in_it() -> None:
    conditioner = AudioConditioner()
    for frame in frames(50, -30):
        conditioner.condition(frame, speech_probability=0.05, agent_speaking=True)
    assert conditioner.noise_profile == AudioConditioner().noise_profile


def test_two_conditioners_share_nothing_and_reset_equals_new() -> None:
    one, other = AudioConditioner(), AudioConditioner()
    for frame in frames(50, -30):
        one.condition(frame, speech_probability=0.05)
    assert other.snapshot() == AudioConditioner().snapshot()
    one.reset()
    assert one.snapshot() == AudioConditioner().snapshot()


def test_a_snapshot_is_json_and_goes_on_exactly() -> None:
    """In a word and in a pause, with a VAD and without, into one that has heard something else."""
    sound = (words(6.0, -35) + white(6.0, -65)).clip(-32_768, 32_767).astype(np.int16).reshape(-1, 960)
    for stored_at, probability in itertools.product((3, 70, 130, 155), (None, 0.02, 0.9)):
        one, other = AudioConditioner(), AudioConditioner()
        through(other, words(1.0, -20, seed=8))
        for number, frame in enumerate(sound):
            if number == stored_at:
                other.restore(json.loads(json.dumps(one.snapshot())))
            ours = one.condition(frame, speech_probability=probability)
            if number >= stored_at:
                assert ours == other.condition(frame, speech_probability=probability)


GAIN: dict[str, object] = AutomaticGain().state
SUPPRESSED: dict[str, object] = dict(NoiseSuppression(top_hz=8_000).state)


@pytest.mark.parametrize(
    "name", ["noise_floor", "browser", "band", "filters", "suppression", "agc", "peaks", "last_frame"]
)
@pytest.mark.parametrize("wrong", [3, None, [], {}, "text"])
def test_a_broken_snapshot_is_refused_and_changes_nothing(name: str, wrong: object) -> None:
    conditioner = AudioConditioner()
    for frame in frames(20, -45):
        conditioner.condition(frame)
    before = conditioner.snapshot()
    with pytest.raises((TypeError, ValueError, KeyError)):
        conditioner.restore({**before, name: wrong})
    assert conditioner.snapshot() == before


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("agc", {**GAIN, "gain_db": "a"}),
        ("agc", {**GAIN, "gain_db": float("nan")}),
        ("agc", {**GAIN, "gain_db": 7_000.0}),
        ("agc", {**GAIN, "last_gain": 0.0}),
        ("agc", {**GAIN, "quiet_frames": -1}),
        ("agc", {**GAIN, "speech_dbfs": float("inf")}),
        ("agc", {**GAIN, "room": 3}),
        ("agc", {**GAIN, "speech_frames": None}),
        ("peaks", [1.0, float("nan")]),
        ("peaks", [0.0, 0.0]),
        ("silent_frames", -5),
        ("noise_floor", {"starts_at_dbfs": float("nan"), "lowest_dbfs": -72.0, "noise": [], "unlabelled": []}),
        ("noise_floor", {"starts_at_dbfs": -72.0, "lowest_dbfs": None, "noise": [], "unlabelled": []}),
        ("noise_floor", {"starts_at_dbfs": -72.0, "lowest_dbfs": 50.0, "noise": [], "unlabelled": []}),
        ("suppression", {**SUPPRESSED, "numbers": [0.0, 0.0, 0.0, 0.0]}),
        ("suppression", {**SUPPRESSED, "numbers": [0.0, 0.0, 0.0, -1.0]}),
        ("suppression", {**SUPPRESSED, "numbers": [float("nan"), 0.0, 0.0, 1.0]}),
        ("suppression", {**SUPPRESSED, "numbers": [0.0, 0.0, 1.0]}),
        ("band", [70.0, 7_900.0]),
    ],
)
def test_a_number_that_nothing_can_be_calculated_with_is_refused(name: str, wrong: object) -> None:
    conditioner = AudioConditioner()
    before = conditioner.snapshot()
    with pytest.raises((TypeError, ValueError)):
        conditioner.restore({**before, name: pack(wrong) if name == "suppression" else wrong})
    assert conditioner.snapshot() == before


def test_a_suppression_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="'loud' that stands in for our own has to be given"):
        AudioConditioner(ConditioningConfig(noise_suppression="loud"))  # type: ignore[arg-type]


def test_a_known_room_is_known_from_the_first_frame() -> None:
    known = AudioConditioner(noise_profile=NoiseProfile(noise_floor_dbfs=-48))
    assert known.condition(tone(-40)).metrics.noise_floor_dbfs == -48


def test_what_is_stored_of_a_room_is_learned_from_the_call() -> None:
    conditioner = AudioConditioner()
    for frame in frames(150, -40):
        conditioner.condition(frame, speech_probability=0.02)
    profile = conditioner.noise_profile
    assert profile.noise_floor_dbfs == pytest.approx(-40, abs=1)
    next_call = AudioConditioner(noise_profile=profile)
    assert next_call.noise_profile == profile
    first = next_call.condition(frames(1, -40, seed=8)[0])
    newcomer = AudioConditioner().condition(frames(1, -40, seed=8)[0])
    later = next_call.condition(frames(1, -40, seed=9)[0])
    assert np.abs(samples(later.conditioned)).max() < 0.5 * np.abs(samples(first.raw)).max()
    assert first.metrics.noise_floor_dbfs == pytest.approx(-40, abs=1) != newcomer.metrics.noise_floor_dbfs


def brown(seconds: float, dbfs: float, *, seed: int = 5) -> npt.NDArray[np.float64]:
    """A rumble: its power falls with the square of the frequency, flat under 40 Hz."""
    count = int(seconds * 48_000)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    sound = np.fft.irfft(spectrum / np.maximum(np.fft.rfftfreq(count, 1 / 48_000), 40.0), count)
    return np.asarray(sound / np.std(sound) * 32_768 * 10 ** (dbfs / 20))


def white(seconds: float, dbfs: float, *, seed: int = 5) -> npt.NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(int(seconds * 48_000)) * 32_768 * 10 ** (dbfs / 20)


Noise = Callable[..., npt.NDArray[np.float64]]
each_noise = pytest.mark.parametrize("noise", [white, brown])
each_word = pytest.mark.parametrize("speech_probability", [None, 0.02], ids=["no VAD", "VAD"])


def _assert_goes_down(
    conditioner: AudioConditioner, sound: npt.NDArray[np.float64], *, speech_probability: float | None
) -> None:
    """It comes out no louder than it went in, at any time, and at least 14 dB quieter two seconds after it began."""
    for number, frame in enumerate(np.rint(sound).astype(np.int16).reshape(-1, 50, 960)):
        conditioned = [conditioner.process(one, speech_probability=speech_probability) for one in frame]
        before, after = (energy_dbfs(to_samples(np.concatenate(pcm))) for pcm in (frame, conditioned))
        assert after <= before - (14 if number >= 2 else 0), f"{before:.1f} dBFS came out at {after:.1f} in s {number}"


@each_word
@each_noise
@pytest.mark.parametrize("dbfs", [-60.0, -45.0, -30.0, -15.0])
def test_steady_noise_alone_is_never_raised_and_falls_by_14_db(
    noise: Noise, dbfs: float, speech_probability: float | None
) -> None:
    _assert_goes_down(AudioConditioner(), noise(5, dbfs), speech_probability=speech_probability)


@each_word
@each_noise
@pytest.mark.parametrize("seconds", [0.2, 1.0, 3.0])
def test_a_room_that_begins_after_a_dead_line_goes_down_like_any(
    noise: Noise, seconds: float, speech_probability: float | None
) -> None:
    conditioner = AudioConditioner()
    for _ in range(int(seconds * 50)):
        conditioner.process(SILENT_FRAME, speech_probability=speech_probability)
    _assert_goes_down(conditioner, noise(5, -45), speech_probability=speech_probability)


@each_noise
def test_a_room_that_becomes_louder_goes_down_like_any_where_a_vad_says_that_nobody_speaks(noise: Noise) -> None:
    conditioner = AudioConditioner()
    for dbfs in (-70, -45, -25):
        _assert_goes_down(conditioner, noise(5, dbfs), speech_probability=0.02)


@each_word
@each_noise
def test_a_room_that_was_quieter_in_the_last_call_goes_down_like_any(
    noise: Noise, speech_probability: float | None
) -> None:
    last_call = AudioConditioner()
    through(last_call, noise(4, -70))
    next_call = AudioConditioner(noise_profile=last_call.noise_profile)
    _assert_goes_down(next_call, noise(5, -45), speech_probability=speech_probability)


def test_a_muted_microphone_is_no_room() -> None:
    """What the filters still say after it is none either: the room is lifted no higher than before."""
    muted, open_ = AudioConditioner(), AudioConditioner()
    for conditioner in (muted, open_):
        for frame in frames(150, -35):
            conditioner.condition(frame, speech_probability=0.02)
    for _ in range(3):
        for _ in range(50):
            muted.condition(SILENT_FRAME, speech_probability=0.02)
        for conditioner in (muted, open_):
            for frame in frames(50, -35, seed=6):
                conditioner.condition(frame, speech_probability=0.02)
            for frame in frames(50, -32, seed=7):
                conditioner.condition(frame, speech_probability=0.9)
    assert muted.gain_db == pytest.approx(open_.gain_db, abs=0.5)
    assert 0 < open_.gain_db < 14, "the ceiling holds it"


def test_a_room_of_which_frames_are_lost_goes_down_like_any() -> None:
    conditioner = AudioConditioner()
    for _ in range(50):
        conditioner.process(SILENT_FRAME)
    lost = np.random.default_rng(4).random(250) < 0.02
    sent = zip(lost, frames(250, -45), strict=True)
    out = [conditioner.process(SILENT_FRAME if is_lost else frame) for is_lost, frame in sent]
    assert energy_dbfs(to_samples(np.frombuffer(b"".join(out[100:150]), np.int16))) < -45 - 14


@each_noise
def test_without_a_vad_the_floor_is_within_two_db_of_the_room(noise: Noise) -> None:
    room = noise(8, -50)
    levels = [energy_dbfs(without_mean(to_samples(frame))) for frame in np.rint(room).astype(np.int16).reshape(-1, 960)]
    truth_dbfs = 10 * np.log10(np.mean(10 ** (np.array(levels) / 10)))
    found = [frame.metrics.noise_floor_dbfs for frame in through(AudioConditioner(), words(8, -30) + room)[100:]]
    assert np.mean(found) == pytest.approx(truth_dbfs, abs=2)


def test_a_quiet_caller_whose_microphone_closes_between_the_words_comes_to_the_same_level() -> None:
    sound = np.concatenate([np.zeros(24_000), words(9, -40)])[: 9 * 48_000]
    assert (sound.reshape(-1, 960) == 0).all(axis=1).sum() > 100
    out = np.concatenate([samples(frame.conditioned) for frame in through(AudioConditioner(), sound)])[6 * 48_000 :]
    levels = 10 * np.log10(np.mean((out / 32_768).reshape(-1, 960) ** 2, axis=1) + 1e-12)
    active = levels > np.quantile(levels, 0.9) - 20
    assert 10 * np.log10(np.mean(10 ** (levels[active] / 10))) == pytest.approx(-20, abs=2)


@pytest.mark.parametrize("dbfs", [-40.0, -30.0, -20.0, -10.0])
def test_every_microphone_comes_to_the_same_level_within_four_seconds_of_speech(dbfs: float) -> None:
    conditioner = AudioConditioner()
    sound = words(9.0, dbfs) + np.random.default_rng(3).standard_normal(9 * 48_000) * 3
    out = np.concatenate([samples(frame.conditioned) for frame in through(conditioner, sound)])[6 * 48_000 :]
    levels = 10 * np.log10(np.mean((out / 32_768).reshape(-1, 960) ** 2, axis=1) + 1e-12)
    active = levels > np.quantile(levels, 0.9) - 20
    assert 10 * np.log10(np.mean(10 ** (levels[active] / 10))) == pytest.approx(-20, abs=2)


def test_the_gain_stays_while_only_the_agent_speaks() -> None:
    one, other = AudioConditioner(), AudioConditioner()
    for conditioner in (one, other):
        through(conditioner, words(3.0, -35))
    loud = words(2.0, -12, seed=5)
    for start in range(0, 96_000, 960):
        frame = np.rint(loud[start : start + 960]).astype(np.int16).tobytes()
        one.condition(frame, speech_probability=0.1, agent_speaking=True)
        other.condition(frame, speech_probability=0.9, agent_speaking=True)
    assert one.gain_db > other.gain_db + 6


def test_what_the_browser_does_is_not_done_twice() -> None:
    """The sound is as loud and as noisy as it came, and leaves as late as ever."""
    aside = AudioConditioner(ConditioningConfig(emphasis_db=0.0, low_pass_hz=20_000.0))
    aside.set_browser_processing(noise_suppression=True, auto_gain_control=True)
    sound = np.random.default_rng(3).standard_normal(48_000) * 300
    taken = through(aside, sound)
    filtered, out = (np.concatenate([samples(frame.tap(tap)) for frame in taken]) for tap in TAPS[1:])
    assert np.std(out[4_800:]) == pytest.approx(np.std(filtered[4_800:]), rel=0.01)
    assert aside.latency_samples == AudioConditioner(aside.config).latency_samples
    assert aside.noise_profile.power == AudioConditioner(ConditioningConfig(low_pass_hz=20_000.0)).noise_profile.power


def _lag(out: npt.NDArray[np.float64], raw: npt.NDArray[np.float64]) -> int:
    spectrum = np.fft.rfft(out, 2 * len(raw)) * np.conj(np.fft.rfft(raw, 2 * len(raw)))
    lags = np.fft.irfft(spectrum)
    return int(np.argmax(lags[: len(raw)]))


@pytest.mark.parametrize("suppression", ["classic", "off"])
@pytest.mark.parametrize("low_pass_hz", [7_900.0, 12_000.0, 16_000.0, 20_000.0])
def test_the_declared_latency_is_the_measured_one(suppression: str, low_pass_hz: float) -> None:
    config = ConditioningConfig(noise_suppression=suppression, low_pass_hz=low_pass_hz)  # type: ignore[arg-type]
    conditioner = AudioConditioner(config)
    sound = words(3.0)
    taken = through(conditioner, sound)
    raw = np.concatenate([samples(frame.raw) for frame in taken])
    out = np.concatenate([samples(frame.conditioned) for frame in taken])
    assert _lag(out, raw) == pytest.approx(conditioner.latency_samples, abs=2)
    assert conditioner.latency_samples <= 480
    assert conditioner.latency_samples % 478 == {7_900.0: 2, 12_000.0: 1, 16_000.0: 1, 20_000.0: 0}[low_pass_hz]
    assert _lag(np.concatenate([samples(frame.filtered) for frame in taken]), raw) <= 6


@pytest.mark.parametrize("suppression", ["classic", "off"])
def test_what_is_on_its_way_leaves_when_the_conditioner_is_flushed(suppression: str) -> None:
    """With the delay taken off its beginning and the rest at its end, the sound lies beside the raw one, as long."""
    conditioner = AudioConditioner(ConditioningConfig(noise_suppression=suppression))  # type: ignore[arg-type]
    sound = words(2.0)
    out = b"".join(frame.conditioned for frame in through(conditioner, sound)) + conditioner.flush()
    beside = samples(out)[conditioner.latency_samples :]
    assert len(beside) == len(sound)
    assert np.corrcoef(beside[-480:], sound[-480:])[0, 1] > 0.7


def test_the_filtered_tap_keeps_what_is_suppressed_at_the_conditioned_one() -> None:
    conditioner = AudioConditioner()
    taken = [conditioner.condition(frame) for frame in frames(150, -35)][50:]
    filtered, conditioned = (
        energy_dbfs((np.concatenate([samples(frame.tap(tap)) for frame in taken]) / 32_768).astype(np.float32))
        for tap in ("filtered", "conditioned")  # type: ignore[misc]
    )
    assert filtered > conditioned + 14


def test_process_is_condition_without_its_taps() -> None:
    one, other = AudioConditioner(), AudioConditioner()
    for frame in frames(40, -35):
        conditioned = one.condition(frame, speech_probability=0.3)
        assert other.process(frame, speech_probability=0.3) == conditioned.conditioned
        assert other.metrics == conditioned.metrics == one.metrics


def test_what_is_stored_at_every_turn_is_small_and_enough_to_know_the_room() -> None:
    before, after = AudioConditioner(), AudioConditioner()
    through(before, words(9.0, -35) + np.random.default_rng(3).standard_normal(9 * 48_000) * 30)
    for frame in frames(300, -60):
        before.condition(frame, speech_probability=0.02)
    learned = json.loads(json.dumps(before.learned()))
    after.go_on_with(learned)
    assert len(json.dumps(learned)) < 8_000
    assert after.noise_profile == before.noise_profile
    assert after.condition(tone(-30)).gain_db == pytest.approx(before.gain_db, abs=1)
    with pytest.raises((KeyError, TypeError, ValueError)):
        after.go_on_with({**learned, "agc": 3})


def test_another_suppression_than_before_begins_anew_and_the_rest_goes_on() -> None:
    before, after = AudioConditioner(), AudioConditioner(ConditioningConfig(noise_suppression="off"))
    for frame in frames(60, -45):
        before.condition(frame, speech_probability=0.05)
    after.restore(json.loads(json.dumps(before.snapshot())))
    assert after.noise_profile.noise_floor_dbfs == before.noise_profile.noise_floor_dbfs


def test_a_snapshot_of_another_band_is_refused() -> None:
    wide = AudioConditioner(ConditioningConfig(low_pass_hz=16_000.0))
    narrow = AudioConditioner()
    with pytest.raises(ValueError, match="taken in another band"):
        narrow.restore(wide.snapshot())
    as_wide = AudioConditioner(ConditioningConfig(high_pass_hz=150.0))
    with pytest.raises(ValueError, match="taken in another band"):
        as_wide.restore(narrow.snapshot())


def test_two_of_a_kind_are_equal_to_the_bit() -> None:
    outs = [[frame.conditioned for frame in through(AudioConditioner(), words(2.0, -30))] for _ in range(2)]
    assert outs[0] == outs[1]


def test_ten_minutes_leave_no_more_behind_than_ten_seconds() -> None:
    conditioner = AudioConditioner()
    sound = frames(500, -45)
    tracemalloc.start()
    try:
        for round_number in range(60):
            for frame in sound:
                conditioner.process(frame)
            if round_number == 0:
                before, held_before = len(json.dumps(conditioner.snapshot())), tracemalloc.get_traced_memory()[0]
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(json.dumps(conditioner.snapshot())) == pytest.approx(before, rel=0.02)
    assert held - held_before < 20_000


def test_each_tap_can_be_chosen() -> None:
    conditioner = AudioConditioner(ConditioningConfig(stt_tap="raw"))
    conditioned = conditioner.condition(tone(-20))
    assert conditioned.tap("raw") == conditioned.raw == tone(-20)
    assert conditioned.tap("filtered") == conditioned.filtered
    assert conditioned.tap("conditioned") == conditioned.conditioned
    assert {len(conditioned.tap(tap)) for tap in TAPS} == {BYTES_PER_FRAME}
