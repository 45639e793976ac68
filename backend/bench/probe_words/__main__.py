"""What does the probe's recogniser write for short words, hums and noise, and what do the four presets make of it?

    python -m bench.probe_words [--write] [--models-dir models]

Each phrase is said by three voices, in quiet and in white noise 10 dB under it, in a clip as a probe has it: 300 ms
before the voice and 240 ms after. Hums are made of harmonics, noises are those of the tests. Printed: how often each
preset does what is expected of it, a line for each kind, and everything that went otherwise. `--write` keeps what was
recognised for the tests.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from scipy.signal import butter, lfilter

from ai_agent.live_providers.hibari import HibariTextToSpeech
from ai_agent.live_providers.whisper import WhisperSpeechToText
from ai_agent.providers import CancelToken, VoiceSettings
from tests.contracts.speech import to_pcm
from tests.core.noises import NOISES, RATE, Sound, at_level, noise_clip
from tests.core.probed import EXPECTED, POLICIES, RECOGNISED, SAID, Probed, misses

VOICES: Final = ("clear", "low", "bright")
SNR_DB: Final = {"quiet": 45.0, "10 dB": 10.0}
LEVEL_DBFS: Final = -20.0
LEAD_SECONDS, TAIL_SECONDS, NOISE_SECONDS = 0.30, 0.24, 1.2
AUDIBLE: Final = 0.01
"""Share of the loudest sample; what a voice gives before and after its words is fainter."""

PITCHES_HZ: Final = (110.0, 160.0, 220.0)


class Syllable(NamedTuple):
    seconds: float
    pitch_from: float
    pitch_to: float
    gap_seconds: float = 0.0


HUMS: Final = {
    "mm-hm": (Syllable(0.16, 1.0, 0.95, 0.06), Syllable(0.22, 1.15, 1.3)),
    "mm-hm, fast": (Syllable(0.11, 1.0, 1.0, 0.03), Syllable(0.15, 1.2, 1.25)),
    "hmm": (Syllable(0.35, 1.1, 0.85),),
}


class Clip(NamedTuple):
    kind: str
    said: str
    voice: str
    sound: Sound


def hum(syllables: Sequence[Syllable], pitch_hz: float) -> Sound:
    """A closed mouth: harmonics that fall off fast, and a little of what goes through the nose."""
    parts = []
    for one in syllables:
        count = int(one.seconds * RATE)
        curve = np.linspace(one.pitch_from, one.pitch_to, count) * pitch_hz
        phase = 2 * np.pi * np.cumsum(curve) / RATE
        voice = sum(np.sin(number * phase) / number**1.6 for number in range(1, 14))
        edges = np.minimum(1, np.minimum(np.arange(count) / 2_400, np.arange(count)[::-1] / 3_600))
        parts += [voice * edges, np.zeros(int(one.gap_seconds * RATE))]
    sound = np.concatenate(parts)
    nose = lfilter(*butter(2, [900, 2_600], btype="band", fs=RATE), sound)
    return np.asarray(lfilter(*butter(2, [120, 700], btype="band", fs=RATE), sound) + 0.15 * nose)


def as_probed(sound: Sound, snr_db: float) -> bytes:
    """A clip as a probe has it, in white noise."""
    audible = np.flatnonzero(np.abs(sound) > AUDIBLE * np.abs(sound).max())
    voice = at_level(sound[audible[0] : audible[-1] + 1], LEVEL_DBFS)
    clip = np.concatenate([np.zeros(int(LEAD_SECONDS * RATE)), voice, np.zeros(int(TAIL_SECONDS * RATE))])
    noise = np.random.default_rng(len(clip)).standard_normal(len(clip))
    return to_pcm(clip + noise * np.sqrt(np.mean(voice**2)) * 10 ** (-snr_db / 20))


async def spoken_clips() -> AsyncIterator[Clip]:
    tts = HibariTextToSpeech()
    await tts.warm_up()
    for kind, phrases in SAID.items():
        for said in phrases:
            for voice_id in VOICES:
                chunks = tts.synthesize(said, voice=VoiceSettings(voice_id=voice_id), cancel=CancelToken())
                pcm = b"".join([chunk async for chunk in chunks])
                yield Clip(kind, said, voice_id, np.frombuffer(pcm, "<i2") / 32_768)
    await tts.close()


def hummed_clips() -> list[Clip]:
    return [
        Clip("hum", name, f"{pitch_hz:.0f} Hz", hum(syllables, pitch_hz))
        for name, syllables in HUMS.items()
        for pitch_hz in PITCHES_HZ
    ]


async def probe_all(stt: WhisperSpeechToText) -> list[Probed]:
    async def probe(clip: Clip, condition: str, pcm: bytes) -> Probed:
        heard = await stt.transcribe_probe(pcm, language="en", cancel=CancelToken())
        assert heard.avg_logprob is not None
        assert heard.no_speech_probability is not None
        certainty = round(heard.avg_logprob, 2), round(heard.no_speech_probability, 2)
        doubts = heard.is_doubtful, heard.alternatives
        return Probed(clip.kind, clip.said, clip.voice, condition, heard.text, *certainty, *doubts)

    clips = [clip async for clip in spoken_clips()] + hummed_clips()
    probed = [
        await probe(clip, condition, as_probed(clip.sound, snr_db))
        for clip in clips
        for condition, snr_db in SNR_DB.items()
    ]
    for name in NOISES:
        sound = noise_clip(name)[: int(NOISE_SECONDS * RATE)]
        probed.append(await probe(Clip("noise", name, "", sound), "", to_pcm(sound)))
    return probed


def print_report(probed: Sequence[Probed]) -> None:
    counts = Counter(one.kind for one in probed)
    wrong = {preset_id: list(misses(probed, preset_id)) for preset_id in POLICIES}
    print(f"{'as expected of':14}" + "".join(f"{preset_id:>24}" for preset_id in POLICIES))
    for kind in EXPECTED:
        right = [counts[kind] - sum(one.kind == kind for one, _ in missed) for missed in wrong.values()]
        print(f"{kind:14}" + "".join(f"{f'{count} of {counts[kind]}':>24}" for count in right))
    for preset_id, missed in wrong.items():
        for one, verdict in missed:
            print(f"{preset_id}: {one.said} ({one.voice}, {one.condition}) → {one.text!r} → {verdict.reason}")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="keep what was recognised for the tests")
    parser.add_argument("--models-dir", type=Path, default=Path("models"))
    arguments = parser.parse_args()
    model_path = arguments.models_dir / "whisper-tiny.en"
    stt = WhisperSpeechToText(model_path=model_path, probe_model_path=model_path, wait_seconds=60)
    await stt.warm_up()
    probed = await probe_all(stt)
    await stt.close()
    print_report(probed)
    if arguments.write:
        rows = [json.dumps(astuple(one), ensure_ascii=False) for one in probed]
        RECOGNISED.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
