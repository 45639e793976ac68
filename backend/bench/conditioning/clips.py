"""What is conditioned in the bench? Clean speech with known words, degraded in ways that callers meet.

Speech comes from Debian's `pocketsphinx-testdata` (readings and commands, four speakers) and from the product's own
voices; nothing is downloaded. Noises are made here. Every clip belongs to one of two splits, which share no sentence in
front and no seed (the crowd behind is the same): `tune` is what constants may be chosen on, `report` is what is
published.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import soxr
from scipy.signal import butter, lfilter

from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME
from ai_agent.live_providers.hibari import HibariTextToSpeech
from ai_agent.providers import CancelToken, VoiceSettings
from tests.contracts.speech import COMMANDS, READ_ALOUD, Recording
from tests.core.noises import typing

Split = Literal["tune", "report"]
Sound = npt.NDArray[np.float64]
"""48 kHz mono between −1 and 1."""

LEAD_SECONDS: Final = 1.5
"""A caller is quiet for a moment before the first word."""
ACTIVE_DBFS: Final = -26.0
SNRS_DB: Final = (0.0, 5.0, 10.0, 20.0)


@dataclass(frozen=True, slots=True)
class Speech:
    name: str
    words: str
    sound: Sound


@dataclass(frozen=True, slots=True)
class Clip:
    """One degraded clip and what it was before."""

    name: str
    noise: str
    snr_db: float | None
    words: str
    clean: Sound
    noisy: Sound


# ── speech ────────────────────────────────────────────────────────────────────────────────────────

_RECORDED: Final[dict[Split, tuple[Recording, ...]]] = {
    "tune": (READ_ALOUD[1], READ_ALOUD[3], COMMANDS[0]),
    "report": (
        READ_ALOUD[0],
        READ_ALOUD[2],
        READ_ALOUD[4],
        COMMANDS[1],
        Recording("cards/005.wav", "eight of spades four of clubs seven of hearts"),
    ),
}
_SPOKEN: Final[dict[Split, tuple[tuple[str, str], ...]]] = {
    "tune": (
        ("clear", "A list keeps its order and can be changed, and a tuple cannot be changed at all."),
        ("low", "I would rather begin with the tests, because they tell me what the code is for."),
    ),
    "report": (
        ("bright", "The database was slow because every request opened a connection of its own."),
        ("warm", "My brother lives near the harbour, so we walk along the water every evening."),
    ),
}
_CROWD: Final = (
    ("soft", "Nobody told me that the meeting was moved, and so I waited here for half an hour."),
    ("low", "The soup is good today, but they have run out of bread again, as they always do."),
    ("bright", "She said that she would call back before noon, and it is nearly three by now."),
    ("warm", "We could take the bus to the station and walk from there, if it does not rain."),
    ("clear", "I have never seen so many people in this room, and everybody talks at the same time."),
)
"""Who talks in the background, in both splits; none of them speaks in front."""


@cache
def _load_crowd() -> tuple[Sound, ...]:
    return tuple(asyncio.run(_hibari(voice, words)) for voice, words in _CROWD)


@cache
def load_speech(split: Split) -> tuple[Speech, ...]:
    """All clean speech of a split, each with a quiet lead-in and an active level of −26 dBFS."""
    sounds = [Speech(Path(one.path).stem[-9:], one.words, _decoded(one.audio)) for one in _RECORDED[split]]
    sounds += [Speech(voice, words, asyncio.run(_hibari(voice, words))) for voice, words in _SPOKEN[split]]
    return tuple(Speech(one.name, one.words, _prepared(one.sound)) for one in sounds)


def _decoded(audio: bytes) -> Sound:
    return np.frombuffer(audio, "<i2") / 32768


async def _hibari(voice: str, words: str) -> Sound:
    tts = HibariTextToSpeech()
    await tts.warm_up()
    chunks = [chunk async for chunk in tts.synthesize(words, voice=VoiceSettings(voice_id=voice), cancel=CancelToken())]
    await tts.close()
    return _decoded(b"".join(chunks))


def _prepared(sound: Sound) -> Sound:
    """In whole frames, at the standard active level, behind a quiet room at −80 dBFS."""
    lead = np.zeros(int(LEAD_SECONDS * SAMPLE_RATE_HZ))
    sound = np.concatenate([lead, sound * 10 ** ((ACTIVE_DBFS - active_dbfs(sound)) / 20), lead[: len(lead) // 3]])
    sound = sound[: len(sound) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME]
    return sound + np.random.default_rng(len(sound)).standard_normal(len(sound)) * 1e-4


def active_dbfs(sound: Sound) -> float:
    """The RMS level of the frames that are within 25 dB of the loudest tenth of them."""
    frames = sound[: len(sound) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME].reshape(-1, SAMPLES_PER_FRAME)
    power = np.mean(frames**2, axis=1) + 1e-12
    active = power > np.quantile(power, 0.9) * 10**-2.5
    return float(10 * np.log10(power[active].mean()))


def active_rms(sound: Sound) -> float:
    return 10.0 ** (active_dbfs(sound) / 20)


# ── noises ────────────────────────────────────────────────────────────────────────────────────────


def _band(noise: Sound, low_hz: float, high_hz: float) -> Sound:
    return np.asarray(lfilter(*butter(2, [low_hz, high_hz], btype="band", fs=SAMPLE_RATE_HZ), noise))


def _coloured(rng: np.random.Generator, count: int, *, exponent: float) -> Sound:
    """Noise whose power falls as frequency to the power of `exponent`, flat under 40 Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ), 40.0)
    return np.fft.irfft(spectrum * frequency ** (-exponent / 2), count)


def fan(rng: np.random.Generator, count: int) -> Sound:
    t = np.arange(count) / SAMPLE_RATE_HZ
    noise = _band(rng.standard_normal(count), 80, rng.uniform(2500, 6000))
    hum = rng.uniform(90, 190)
    tones = sum(0.4 / k * np.sin(2 * np.pi * hum * k * t + rng.uniform(0, 6)) for k in (1, 2, 3))
    return (noise / noise.std() + tones) * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * t))


def hum(rng: np.random.Generator, count: int) -> Sound:
    t = np.arange(count) / SAMPLE_RATE_HZ
    mains = rng.choice([50.0, 60.0])
    return sum(np.sin(2 * np.pi * mains * k * t + rng.uniform(0, 6)) / k**0.7 for k in range(1, 14))


def brown(rng: np.random.Generator, count: int) -> Sound:
    return _coloured(rng, count, exponent=2.0)


def white(rng: np.random.Generator, count: int) -> Sound:
    return rng.standard_normal(count)


def traffic(rng: np.random.Generator, count: int) -> Sound:
    """A road: rumble that swells as cars pass, with a little hiss of tyres."""
    t = np.arange(count) / SAMPLE_RATE_HZ
    rumble, hiss = _coloured(rng, count, exponent=1.6), _band(rng.standard_normal(count), 600, 3000)
    swell = sum(np.exp(-(((t - at) / 0.9) ** 2)) for at in rng.uniform(0, t[-1], max(2, int(t[-1] / 2.5))))
    return rumble / rumble.std() * (0.4 + swell) + 0.3 * hiss / hiss.std() * (0.2 + swell)


def keys(rng: np.random.Generator, count: int) -> Sound:
    make = typing(rng.uniform(5, 9), -25)
    return np.tile(make(rng), count // (5 * SAMPLE_RATE_HZ) + 1)[:count]


def babble(rng: np.random.Generator, count: int) -> Sound:
    """Eight talkers at once, at speeds of their own."""
    crowd = _load_crowd()
    out = np.zeros(count)
    for talker in range(8):
        voice = crowd[talker % len(crowd)]
        voice = soxr.resample(voice, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ * rng.uniform(0.85, 1.15))
        voice = np.tile(voice / active_rms(voice), count // len(voice) + 2)
        start = rng.integers(len(voice) - count)
        out += voice[start : start + count] * rng.uniform(0.5, 1.0)
    return out


Noise = Callable[[np.random.Generator, int], Sound]
NOISES: Final[dict[str, Noise]] = {
    "fan": fan,
    "hum": hum,
    "brown": brown,
    "white": white,
    "traffic": traffic,
    "typing": keys,
    "babble": babble,
}
_SEEDS: Final[dict[Split, int]] = {"tune": 1000, "report": 2000}


def mixed(clean: Sound, noise: Sound, snr_db: float) -> Sound:
    """Speech with noise so far under its active level; as quiet as needed so that nothing clips."""
    noise = noise * 10 ** ((active_dbfs(clean) - snr_db) / 20) / np.sqrt(np.mean(noise**2))
    return clean + noise


def noisy_clips(
    split: Split, *, snrs_db: Sequence[float] = SNRS_DB, noises: Container[str] = tuple(NOISES)
) -> Iterator[Clip]:
    """Each noise at each distance, over the split's speech by turns. Some of either are a part of all, clip by clip."""
    speech = load_speech(split)
    for noise_number, (name, make) in enumerate(NOISES.items()):
        for snr_number, snr_db in enumerate(SNRS_DB):
            if snr_db not in snrs_db or name not in noises:
                continue
            one = speech[(noise_number * 3 + snr_number) % len(speech)]
            rng = np.random.default_rng(_SEEDS[split] + 10 * noise_number + snr_number)
            noisy = mixed(one.sound, make(rng, len(one.sound)), snr_db)
            peak = np.abs(noisy).max()
            scale = min(1.0, 0.95 / peak)
            yield Clip(f"{name} {snr_db:g} dB, {one.name}", name, snr_db, one.words, one.sound * scale, noisy * scale)


def harsh_clips(split: Split) -> Iterator[Clip]:
    """What a cheap microphone, a loose plug and a passing lorry do, each on two voices."""
    for number, (name, harm) in enumerate(HARMS.items()):
        for one in load_speech(split)[number % 3 :: 3]:
            rng = np.random.default_rng(_SEEDS[split] + 500 + number)
            clean, noisy = harm(rng, one.sound)
            yield Clip(f"{name}, {one.name}", name, 20.0, one.words, clean, noisy)


def _laptop(rng: np.random.Generator, clean: Sound) -> tuple[Sound, Sound]:
    """A thin microphone in a lid beside its fan: no bass, a ring at 4 kHz."""
    thin = lfilter(*butter(2, 220, "high", fs=SAMPLE_RATE_HZ), clean)
    thin = thin + 0.8 * _band(thin, 3_300, 4_700)
    return thin, mixed(thin, fan(rng, len(thin)), 20.0)


def _offset(rng: np.random.Generator, clean: Sound) -> tuple[Sound, Sound]:
    return clean, mixed(clean, white(rng, len(clean)), 20.0) + 0.05


def _level_step(rng: np.random.Generator, clean: Sound) -> tuple[Sound, Sound]:
    """The room becomes 15 dB louder in the middle."""
    step = np.where(np.arange(len(clean)) < len(clean) // 2, 10 ** (-15 / 20), 1.0)
    return clean, clean + (mixed(clean, fan(rng, len(clean)), 15.0) - clean) * step


def _clipped(rng: np.random.Generator, clean: Sound) -> tuple[Sound, Sound]:
    """Far too close to the microphone."""
    noisy = mixed(clean, brown(rng, len(clean)), 20.0)
    return clean, np.clip(noisy * 0.5 / active_rms(clean), -1.0, 1.0)


HARMS: Final[dict[str, Callable[[np.random.Generator, Sound], tuple[Sound, Sound]]]] = {
    "laptop": _laptop,
    "offset": _offset,
    "level step": _level_step,
    "clipped": _clipped,
}


def clean_clips(split: Split) -> Iterator[Clip]:
    for one in load_speech(split):
        yield Clip(f"clean, {one.name}", "none", None, one.words, one.sound, one.sound)


def to_pcm(sound: Sound) -> npt.NDArray[np.int16]:
    return np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16)
