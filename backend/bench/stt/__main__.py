"""Is the short window as good as the full one, and how much faster? Both, over the same sounds, in one run.

    python -m bench.stt [--model whisper-base] [--models-dir models]

Sets: speech read aloud and commands (pocketsphinx-testdata), the same at 10 dB SNR, sixty telephone prompts (Debian's
asterisk-core-sounds-en and -en-wav, where installed), sentences of the local voice, and the twenty generated noises.
Printed for each: word error rate, share that fell back to the full window, seconds of processor time for an utterance,
noises that passed as words.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ai_agent.live_providers.hibari import HibariTextToSpeech
from ai_agent.live_providers.whisper import WhisperSpeechToText, Window
from ai_agent.providers import CancelToken, Transcript, VoiceSettings
from tests.contracts.speech import COMMANDS, READ_ALOUD, load_recording, noise, to_pcm, word_error_rate
from tests.core.noises import NOISES, noise_clip

SNR_DB = 10.0
VOICE_SENTENCES = (
    "What is the difference between a list and a tuple in Python?",
    "I would like to talk about my plans for the summer.",
    "Yes, please.",
    "Can you explain it with an example?",
    "The tests are slow because every one of them starts a new database.",
    "No, wait.",
    "A hash table finds a value by its key in constant time on average, as long as the keys spread well.",
    "Thank you, goodbye.",
)
PROMPTS = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
PROMPT_WORDS = Path("/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz")
PROMPT_COUNT = 60
WINDOWS: tuple[Window, ...] = ("short", "full")


@dataclass(frozen=True, slots=True)
class Clip:
    words: str
    """Nothing, where it is noise."""
    audio: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    heard: tuple[Transcript, ...]
    seconds: float


def with_noise(clip: Clip, snr_db: float) -> Clip:
    """The clip with white noise so far below its mean level."""
    samples = np.frombuffer(clip.audio, "<i2") / 32768
    noise = np.random.default_rng(len(samples)).standard_normal(len(samples))
    return Clip(clip.words, to_pcm(samples + noise * np.sqrt(np.mean(samples**2)) * 10 ** (-snr_db / 20)))


async def spoken_clips() -> list[Clip]:
    tts = HibariTextToSpeech()
    await tts.warm_up()
    clips = []
    for number, sentence in enumerate(VOICE_SENTENCES):
        voice = VoiceSettings(voice_id=("clear", "low", "bright", "warm")[number % 4])
        sound = [chunk async for chunk in tts.synthesize(sentence, voice=voice, cancel=CancelToken())]
        clips.append(Clip(sentence, b"".join(sound)))
    await tts.close()
    return clips


def telephone_prompts() -> list[Clip]:
    """Some of Debian's telephone prompts, all of four words or more; none where they are not installed."""
    if not PROMPT_WORDS.exists():
        return []
    with gzip.open(PROMPT_WORDS, "rt") as text:
        lines = [line.split(":", 1) for line in text if ": " in line]
    prompts = [
        (PROMPTS / f"{name}.wav", words.strip())
        for name, words in lines
        if (PROMPTS / f"{name}.wav").exists() and len(words.split()) >= 4 and "[" not in words and "(" not in words
    ]
    return [Clip(words, _prompt_sound(path)) for path, words in prompts[:: max(1, len(prompts) // PROMPT_COUNT)]]


def _prompt_sound(path: Path) -> bytes:
    """With half a second of quiet on both sides, as a turn has."""
    quiet = noise(0.5, dbfs=-75, seed=0)
    return quiet + load_recording(path) + quiet


async def gather_sets() -> dict[str, list[Clip]]:
    recorded = [Clip(recording.words, recording.audio) for recording in (*READ_ALOUD, *COMMANDS)]
    return {
        "recorded speech": recorded,
        f"the same at {SNR_DB:.0f} dB": [with_noise(clip, SNR_DB) for clip in recorded],
        "telephone prompts": telephone_prompts(),
        "the local voice": await spoken_clips(),
        "noises": [Clip("", to_pcm(noise_clip(name))) for name in NOISES],
    }


async def measure(stt: WhisperSpeechToText, clips: Sequence[Clip]) -> Outcome:
    started = time.process_time()
    heard = [await stt.transcribe(clip.audio, language="en", cancel=CancelToken()) for clip in clips]
    return Outcome(tuple(heard), (time.process_time() - started) / len(clips))


def line(name: str, window: Window, clips: Sequence[Clip], outcome: Outcome) -> str:
    fell_back = sum(one.fell_back for one in outcome.heard) / len(clips)
    if clips[0].words:
        errors = word_error_rate([clip.words for clip in clips], [one.text for one in outcome.heard])
        quality = f"WER {100 * errors:5.1f} %"
    else:
        passed = sum(any(letter.isalnum() for letter in one.text) for one in outcome.heard)
        quality = f"passed {passed:2d} of {len(clips)}"
    return f"{name:<20} {window:<6} {quality:<16} fell back {100 * fell_back:3.0f} %   {outcome.seconds:5.2f} s each"


async def main(model_path: Path, probe_model_path: Path) -> None:
    sets = await gather_sets()
    engines = {
        window: WhisperSpeechToText(model_path=model_path, probe_model_path=probe_model_path, window=window)
        for window in WINDOWS
    }
    for stt in engines.values():
        await stt.warm_up()
    for name, clips in sets.items():
        if not clips:
            print(f"{name}: not measured; Debian has them as asterisk-core-sounds-en and asterisk-core-sounds-en-wav")
            continue
        for window, stt in engines.items():
            print(line(name, window, clips, await measure(stt, clips)), flush=True)
    for stt in engines.values():
        await stt.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--probe-model", default="whisper-tiny.en")
    parser.add_argument("--models-dir", type=Path, default=Path(__file__).resolve().parents[2] / "models")
    wishes = parser.parse_args()
    asyncio.run(main(wishes.models_dir / wishes.model, wishes.models_dir / wishes.probe_model))
