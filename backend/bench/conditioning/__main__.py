"""Does conditioning help, and whom? Every rival over the same clips; a table for the guide, and each promise judged.

    python -m bench.conditioning                     the published set; writes results.json beside this file and the
                                                     tables of AUDIO_CONDITIONING_README.md
    python -m bench.conditioning --quick             its clean clips and those at 10 dB, nothing written: in the tests
    python -m bench.conditioning --split tune        the clips that constants may be chosen on; nothing written

Exit status 1 where a bar is missed. Times are of thread CPU, compared with WebRTC's suppressor in the same run; a
single frame's, which hangs on what else the machine does, is not judged in the quick run.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ai_agent.audio_conditioning import AudioConditioner
from bench.bargein.recogniser import Recogniser
from bench.calls.servers import verdict
from bench.conditioning.clips import (
    NOISES,
    Clip,
    Sound,
    Split,
    active_dbfs,
    clean_clips,
    harsh_clips,
    load_speech,
    noisy_clips,
    to_pcm,
)
from bench.conditioning.guide import write_tables
from bench.conditioning.rivals import RIVALS, frame_by_frame, webrtc_and_ours
from bench.conditioning.scores import (
    area_under_curve,
    dnsmos,
    frame_levels,
    intelligibility,
    pesq_wb,
    speech_labels,
)
from bench.conditioning.voice import silero_probabilities
from tests.contracts.speech import word_error_rate

RESULTS: Final = Path(__file__).with_name("results.json")
DNSMOS_SNR_DB: Final = 10.0
QUICK_SNRS_DB: Final = (10.0,)
STOI_AT_TEN: Final = -0.002
"""Where so little hides the words, suppression has none to give back: what is gained is gained in more noise."""
LEVELS_DBFS: Final = (-40.0, -30.0, -20.0, -10.0)
OURS: Final = "all eight steps"
FILTERED: Final = "steps 1 to 3 (the filtered tap)"
WEBRTC: Final = "WebRTC's suppressor"

Row = dict[str, Any]


def measure(name: str, clips: Sequence[Clip], recogniser: Recogniser | None) -> Row:
    """One rival over all clips."""
    noisy: list[Row] = []
    spent: list[float] = []
    for clip in clips:
        processed = RIVALS[name](clip.noisy)
        spent += processed.microseconds
        noisy.append(_scored(clip, processed.sound, recogniser))
    degraded = [row for row in noisy if row["snr_db"] is not None]
    of_noise = [row for row in degraded if row["noise"] in NOISES]
    clean = [row["pesq"] for row in noisy if row["snr_db"] is None]
    at_ten = [row["dnsmos"] for row in noisy if row["dnsmos"] is not None]
    return {
        "name": name,
        "pesq_noisy": _mean(row["pesq"] for row in of_noise),
        "pesq_by_noise": {noise: _mean(row["pesq"] for row in degraded if row["noise"] == noise) for noise in
                          dict.fromkeys(row["noise"] for row in degraded)},
        "stoi": _mean(row["stoi"] for row in of_noise),
        "pesq_clean": _mean(clean),
        "pesq_clean_worst": min(clean),
        "ovrl": _mean(scores["OVRL"] for scores in at_ten),
        "sig": _mean(scores["SIG"] for scores in at_ten),
        "energy_auc": _area([row["levels"] for row in of_noise], of_noise),
        "silero_auc": _area([row["probabilities"] for row in of_noise], of_noise),
        "wer": 100 * word_error_rate([row["words"] for row in of_noise], [row["heard"] for row in of_noise])
        if recogniser else None,
        "microseconds": statistics.median(spent) if spent else 0.0,
    }  # fmt: skip


def _scored(clip: Clip, sound: Sound, recogniser: Recogniser | None) -> Row:
    is_noisy = clip.snr_db is not None
    return {
        "noise": clip.noise,
        "snr_db": clip.snr_db,
        "words": clip.words,
        "pesq": pesq_wb(clip.clean, sound),
        "stoi": intelligibility(clip.clean, sound) if is_noisy else None,
        "dnsmos": dnsmos(sound) if clip.snr_db == DNSMOS_SNR_DB else None,
        "levels": frame_levels(sound),
        "probabilities": silero_probabilities(sound) if is_noisy else None,
        "labels": speech_labels(clip.clean),
        "heard": recogniser.read_anew(to_pcm(sound).tobytes(), look="turn").text if recogniser and is_noisy else None,
    }  # fmt: skip


def _mean(values: Any) -> float:
    listed = list(values)
    return float(statistics.fmean(listed)) if listed else float("nan")


def _area(values: Sequence[Any], rows: Sequence[Row]) -> float:
    """Over the frames of every clip, each clip by itself: no threshold is shared between rooms."""
    areas = []
    for one, row in zip(values, rows, strict=True):
        speech, pause = row["labels"]
        kept = (speech | pause)[: len(one)]
        areas.append(area_under_curve(one[: len(kept)][kept], speech[: len(kept)][kept]))
    return float(statistics.fmean(areas))


def measure_levels(split: Split) -> dict[str, float]:
    """The level that speech comes out at, from four seconds on, for microphones from quiet to loud."""
    speech = np.concatenate([one.sound for one in load_speech(split)])
    out = {}
    for dbfs in LEVELS_DBFS:
        conditioner = AudioConditioner()
        sound = speech * 10 ** ((dbfs - active_dbfs(speech)) / 20)  # what is over full scale is clipped
        processed = frame_by_frame(sound, conditioner.process, latency=conditioner.latency_samples).sound
        out[f"{dbfs:g}"] = active_dbfs(processed[6 * 48_000 :])
    return out


def measure_noise_alone(split: Split) -> float:
    """How far steady noise comes down, at least, in dB, two seconds after it began: at once, or on a dead line."""
    falls = []
    rng = np.random.default_rng(5 if split == "tune" else 6)
    for dbfs in (-60.0, -45.0, -30.0):
        for dead_samples in (0, 48_000):
            noise = rng.standard_normal(5 * 48_000) * 10 ** (dbfs / 20)
            conditioner = AudioConditioner()
            sound = np.concatenate([np.zeros(dead_samples), noise])
            out = frame_by_frame(sound, conditioner.process, latency=conditioner.latency_samples).sound
            falls.append(dbfs - 10 * np.log10(np.mean(out[dead_samples + 96_000 :] ** 2)))
    return float(min(falls))


def measure_lag() -> int:
    """Of the conditioned tap, in samples, by cross-correlation of speech."""
    sound = load_speech("report")[0].sound
    conditioner = AudioConditioner()
    out = np.concatenate([conditioner.process(frame) for frame in to_pcm(sound).reshape(-1, 960)]) / 32768
    spectrum = np.fft.rfft(out, 2 * len(sound)) * np.conj(np.fft.rfft(sound, 2 * len(sound)))
    return int(np.argmax(np.fft.irfft(spectrum)[:4_800]))


def measure_cost() -> tuple[float, float]:
    """All eight steps: how many times WebRTC's suppressor (medians), and the 99th percentile in milliseconds."""
    theirs, ours = webrtc_and_ours(load_speech("report")[0].sound, rounds=4)
    return statistics.median(ours) / statistics.median(theirs), float(np.quantile(ours, 0.99)) / 1000


def judge(rows: dict[str, Row], levels: dict[str, float], fall_db: float, lag: int, *, is_quick: bool) -> int:
    """Each promise of the design, whether this run held it; how many it did not."""
    ours, raw, filtered, webrtc = (rows[name] for name in (OURS, "none", FILTERED, WEBRTC))
    worst = min(ours["pesq_by_noise"][noise] - raw["pesq_by_noise"][noise] for noise in raw["pesq_by_noise"])
    ratio, p99_ms = measure_cost()
    held = [
        _at_least("PESQ in noise over none", ours["pesq_noisy"] - raw["pesq_noisy"], 0.38),
        _at_least("PESQ in noise over WebRTC's", ours["pesq_noisy"] - webrtc["pesq_noisy"], 0.0),
        _at_least("PESQ of the worst noise over none", worst, -0.03),
        _at_least("PESQ of clean speech, mean", ours["pesq_clean"], 4.4),
        _at_least("PESQ of clean speech, worst", ours["pesq_clean_worst"], 4.2),
        _at_least("STOI", ours["stoi"], 0.836),
        _at_least("STOI over none", ours["stoi"] - raw["stoi"], STOI_AT_TEN if is_quick else 0.0),
        _at_least("DNSMOS overall at 10 dB", ours["ovrl"], 2.75),
        _at_least("DNSMOS overall over none", ours["ovrl"] - raw["ovrl"], 0.21),
        _at_least("AUC of the energy VAD", ours["energy_auc"], 0.945),
        _at_least("AUC of Silero on the filtered tap", filtered["silero_auc"], 0.958),
        _at_least("AUC of Silero on the filtered tap, to none", filtered["silero_auc"] - raw["silero_auc"], -0.003),
        _at_least("steady noise alone falls by, dB", fall_db, 14.0),
        verdict("latency, samples", float(lag), 480.0, ""),
        verdict("furthest level from −20 dBFS", max(abs(level + 20) for level in levels.values()), 2.0, "dB"),
        verdict("CPU, times WebRTC's", ratio, 5.5, ""),
    ]
    if not is_quick:
        held.append(_at_least("PESQ in noise", ours["pesq_noisy"], 1.85))
        held.append(_at_least("DNSMOS speech at 10 dB", ours["sig"], 3.45))
        held.append(verdict("CPU a frame, p99", p99_ms, 1.0, "ms"))
    if ours["wer"] is not None:
        held.append(verdict("word errors at the filtered tap over none", filtered["wer"] - raw["wer"], 1.0, "points"))
    verdict("CPU, times WebRTC's", ratio, 3.0, "", kind="aim")
    if not is_quick:
        _at_least("PESQ in noise", ours["pesq_noisy"], 2.0, kind="aim: ")
    _at_least("PESQ of clean speech, mean", ours["pesq_clean"], 4.5, kind="aim: ")
    return held.count(False)


def _at_least(name: str, value: float, least: float, *, kind: str = "") -> bool:
    is_met = value >= least
    print(f"{'met   ' if is_met else 'MISSED'} {kind}{name}: {value:.3f} (at least {least:g})")
    return is_met


def print_rows(rows: Sequence[Row]) -> None:
    columns = ("pesq_noisy", "stoi", "ovrl", "sig", "pesq_clean", "wer", "silero_auc", "energy_auc", "microseconds")
    print(f"{'':<32}" + "".join(f"{column:>13}" for column in columns))
    for row in rows:
        cells = ("–" if row[column] is None else f"{row[column]:.3f}" for column in columns)
        print(f"{row['name']:<32}" + "".join(f"{cell:>13}" for cell in cells))
    for row in rows:
        print(f"{row['name']:<32}" + "  ".join(f"{noise} {pesq:.2f}" for noise, pesq in row["pesq_by_noise"].items()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--split", choices=["tune", "report"], default="report")
    arguments = parser.parse_args()
    split: Split = arguments.split
    snrs = {"snrs_db": QUICK_SNRS_DB} if arguments.quick else {}
    harsh = [] if arguments.quick else harsh_clips(split)
    clips = [*noisy_clips(split, **snrs), *harsh, *clean_clips(split)]
    recogniser = None if arguments.quick else Recogniser()
    rows = {}
    for name in RIVALS:
        rows[name] = measure(name, clips, recogniser)
        print(f"{name}: {len(clips)} clips", flush=True)
    print_rows(list(rows.values()))
    levels, fall_db, lag = measure_levels(split), measure_noise_alone(split), measure_lag()
    print("speech comes out at " + ", ".join(f"{level:.1f} dBFS from {dbfs}" for dbfs, level in levels.items()))
    missed = judge(rows, levels, fall_db, lag, is_quick=arguments.quick)
    if split == "report" and not arguments.quick:
        results = {"rows": list(rows.values()), "levels": levels, "noise_alone_db": fall_db, "lag_samples": lag}
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        write_tables(results)
    return min(1, missed)


if __name__ == "__main__":
    raise SystemExit(main())
