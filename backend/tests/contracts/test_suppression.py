"""What step 4 promises, whoever does it: our own suppressor and WebRTC's pass the same suite."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.live_providers import webrtc_suppression
from ai_agent.live_providers.webrtc_suppression import WebRtcSuppression
from ai_agent.noise_suppression import NoiseSuppression
from ai_agent.providers import ProviderError
from ai_agent.suppression import Suppression

Sound = npt.NDArray[np.float64]
MAKERS: list[Callable[[], Suppression]] = [lambda: NoiseSuppression(top_hz=8_000), WebRtcSuppression]
each_suppression = pytest.mark.parametrize("make", MAKERS, ids=["classic", "webrtc"])


def noise(seconds: float, *, rms: float = 300.0, seed: int = 1) -> Sound:
    return np.random.default_rng(seed).standard_normal(int(seconds * 48_000)) * rms


def voice(seconds: float) -> Sound:
    t = np.arange(int(seconds * 48_000)) / 48_000
    phase = 2 * np.pi * np.cumsum(130 + 25 * np.sin(2 * np.pi * 2.3 * t)) / 48_000
    buzz = sum(np.sin(k * phase) / k**0.8 for k in range(1, 25))
    return np.asarray(2_000 * buzz * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t)))


def through(step: Suppression, sound: Sound, *, is_aside: bool = False) -> Sound:
    frames = sound.astype(np.float32).reshape(-1, 960)
    return np.concatenate([step.process(frame, is_aside=is_aside) for frame in frames]).astype(np.float64)


def level_db(sound: Sound) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-9))


@each_suppression
def test_a_frame_in_is_a_frame_out(make: Callable[[], Suppression]) -> None:
    out = make().process(noise(0.02).astype(np.float32))
    assert out.shape == (960,) and out.dtype == np.float32


@each_suppression
def test_a_steady_room_goes_down_and_a_voice_in_it_stays(make: Callable[[], Suppression]) -> None:
    step, talk = make(), voice(3.0)
    room = noise(6.0, rms=100)
    room[144_000:] += talk
    out = through(step, room)
    assert level_db(out[96_000:144_000]) < level_db(room[96_000:144_000]) - 9
    assert level_db(out[192_000:]) == pytest.approx(level_db(talk[48_000:]), abs=2)


@each_suppression
def test_it_is_as_late_as_it_says(make: Callable[[], Suppression]) -> None:
    step, talk = make(), voice(3.0)
    out = through(step, talk)
    spectrum = np.fft.rfft(out, 2 * len(talk)) * np.conj(np.fft.rfft(talk, 2 * len(talk)))
    assert int(np.argmax(np.fft.irfft(spectrum)[:4_800])) == pytest.approx(step.latency_samples, abs=8)
    assert step.latency_samples <= 480


@each_suppression
def test_it_is_as_late_where_it_stands_aside(make: Callable[[], Suppression]) -> None:
    step, talk = make(), voice(1.0)
    out = through(step, talk, is_aside=True)
    assert np.allclose(out[step.latency_samples :], talk[: -step.latency_samples], atol=1.0)


@each_suppression
def test_silence_is_silence_to_the_bit(make: Callable[[], Suppression]) -> None:
    assert not through(make(), np.zeros(48_000)).any()


@each_suppression
def test_reset_is_new(make: Callable[[], Suppression]) -> None:
    used, new = make(), make()
    through(used, noise(1.0))
    used.reset()
    sound = noise(0.5, seed=3)
    assert np.array_equal(through(used, sound), through(new, sound))


@each_suppression
def test_a_whole_call_runs_with_it(make: Callable[[], Suppression]) -> None:
    conditioner = AudioConditioner(suppression=make())
    for frame in np.rint(noise(1.0)).astype(np.int16).reshape(-1, 960):
        assert len(conditioner.process(frame.tobytes())) == 1_920
    other = AudioConditioner(suppression=make())
    other.restore(conditioner.snapshot())
    assert len(other.process(SILENT_FRAME)) == 1_920


def rough(seed: int) -> npt.NDArray[np.int16]:
    """Two seconds of what no microphone should give: full scale, squares, offsets, bursts and silence."""
    rng = np.random.default_rng(seed)
    square = np.where(np.arange(9_600) // 48 % 2, 32_767, -32_768)
    burst = rng.integers(-32_768, 32_768, 9_600)
    offset = np.full(9_600, -32_768)
    parts = [square, np.zeros(9_600), burst, offset, burst // 64, np.full(9_600, 32_767)]
    return np.concatenate([parts[number] for number in rng.permutation(len(parts))]).astype(np.int16)


@each_suppression
@pytest.mark.parametrize("seed", range(4))
def test_all_eight_steps_bear_anything_and_say_the_same_again(make: Callable[[], Suppression], seed: int) -> None:
    said = []
    for _ in range(2):
        conditioner = AudioConditioner(suppression=make())
        said.append(np.concatenate([conditioner.process(frame) for frame in rough(seed).reshape(-1, 960)]))
    assert np.array_equal(*said)
    assert np.abs(said[0].astype(np.int32)).max() <= 32_766
    assert said[0].any()


@each_suppression
def test_all_eight_steps_take_no_longer_than_a_hop(make: Callable[[], Suppression]) -> None:
    assert AudioConditioner(suppression=make()).latency_samples <= 480


def conditioned(conditioner: AudioConditioner, sound: Sound, *, speech_probability: float | None = None) -> Sound:
    pcm = np.rint(sound).astype(np.int16).reshape(-1, 960)
    out = [conditioner.process(frame, speech_probability=speech_probability) for frame in pcm]
    return np.concatenate(out).astype(np.float64)


@each_suppression
@pytest.mark.parametrize("dbfs", [-40.0, -25.0, -12.0])
def test_with_it_every_microphone_comes_to_the_same_level(make: Callable[[], Suppression], dbfs: float) -> None:
    """A voice that pauses for breath, over four seconds."""
    talk = voice(9.0) * 32_768 * 10 ** (dbfs / 20) / np.std(voice(9.0))
    is_pause = np.mod(np.arange(len(talk)) / 48_000, 1.5) > 1.1
    out = conditioned(AudioConditioner(suppression=make()), np.where(is_pause, 0, talk) + noise(9.0, rms=5))
    assert level_db(out[6 * 48_000 :][~is_pause[6 * 48_000 :]]) - 20 * np.log10(32_768) == pytest.approx(-20, abs=2)


@each_suppression
def test_with_it_an_offset_is_gone_and_silence_is_exact(make: Callable[[], Suppression]) -> None:
    conditioner = AudioConditioner(suppression=make())
    out = conditioned(conditioner, noise(3.0, rms=20) + 1_638)
    assert abs(out[96_000:].mean()) < 0.0001 * 32_768
    assert not conditioned(conditioner, np.zeros(3 * 48_000))[96_000:].any()


@each_suppression
def test_with_it_noise_alone_is_not_raised_and_the_filtered_tap_keeps_it(make: Callable[[], Suppression]) -> None:
    conditioner = AudioConditioner(suppression=make())
    room = np.rint(noise(4.0, rms=200)).astype(np.int16).reshape(-1, 960)
    taken = [conditioner.condition(frame, speech_probability=0.02) for frame in room][100:]
    filtered, out = (
        level_db(np.frombuffer(b"".join(frame.tap(tap) for frame in taken), np.int16).astype(np.float64))
        for tap in ("filtered", "conditioned")  # type: ignore[misc]
    )
    assert out < filtered - 8
    assert conditioner.gain_db == 0


@each_suppression
def test_with_it_the_gain_stays_while_only_the_agent_speaks(make: Callable[[], Suppression]) -> None:
    conditioner = AudioConditioner(suppression=make())
    conditioned(conditioner, voice(3.0) / 8, speech_probability=0.9)
    before = conditioner.gain_db
    for frame in np.rint(voice(2.0) * 2).astype(np.int16).reshape(-1, 960):
        conditioner.process(frame, speech_probability=0.1, agent_speaking=True)
    assert conditioner.gain_db == before != 0


@each_suppression
def test_with_it_what_the_browser_does_is_not_done_twice(make: Callable[[], Suppression]) -> None:
    conditioner = AudioConditioner(suppression=make())
    conditioner.set_browser_processing(noise_suppression=True, auto_gain_control=True)
    sound = noise(2.0, rms=200)
    taken = [conditioner.condition(frame) for frame in np.rint(sound).astype(np.int16).reshape(-1, 960)][50:]
    filtered, out = (
        level_db(np.frombuffer(b"".join(frame.tap(tap) for frame in taken), np.int16).astype(np.float64))
        for tap in ("filtered", "conditioned")  # type: ignore[misc]
    )
    assert out == pytest.approx(filtered, abs=1.5), "the emphasis alone is left"


def test_without_its_package_one_line_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webrtc_suppression, "PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(ProviderError, match="pip install pywebrtc-audio"):
        WebRtcSuppression()
