"""What does an interruption look like in time? Three pictures for the guides: both sides' levels, and what was decided.

python -m bench.bargein.pictures        writes docs/screenshots/bargein-*.png
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot

from ai_agent.audio_format import SAMPLE_RATE_HZ
from bench.bargein.cases import load_cases
from bench.bargein.microphone import LEAD_SECONDS
from bench.bargein.offline import PROBE_SECONDS, run_case
from bench.bargein.outcome import Outcome
from bench.bargein.score import Sound

FOLDER: Final = Path(__file__).resolve().parents[3] / "docs" / "screenshots"
PICTURES: Final = {
    "mm-hm": ("yeah-1", "helpful-assistant", "a backchannel: silent for a moment, and on from the same place"),
    "stop": ("stop-3", "empathetic-coach", "a stop word: lowered at once, over when the words are known"),
    "turn": ("pause-1.0", "helpful-assistant", "a pause of a second splits no turn; 2.5 s of silence end it"),
}
"""The picture's name → the case, the persona, what is to be seen."""
STEP: Final = SAMPLE_RATE_HZ // 50
BEFORE_SECONDS: Final = 1.0
AFTER_SECONDS: Final = 3.5
LOWEST_DBFS: Final = -75.0
COLOURS: Final = {"suspected": "tab:orange", "held": "tab:red", "accepted": "tab:green", "rejected": "tab:blue"}


def draw(name: str) -> Path:
    """One picture: the caller above, the agent as the caller heard it below, and each decision as a line."""
    case_id, preset, title = PICTURES[name]
    case = next(case for case in load_cases() if case.id == case_id)
    outcome = run_case(case, preset, probe_seconds=PROBE_SECONDS)
    figure, axes = pyplot.subplots(2, 1, figsize=(9, 4.2), sharex=True, layout="constrained")
    for axis, sound, who in zip(axes, (outcome.microphone.sound, outcome.agent), ("caller", "agent"), strict=True):
        _draw_level(axis, sound, who)
        _draw_decisions(axis, outcome)
    start, end = _span(outcome)
    axes[0].set_xlim(start, end)
    axes[0].set_title(f"{preset}: {title}", loc="left")
    axes[0].legend(loc="upper right", fontsize="small")
    axes[1].set_xlabel("seconds since the agent's first sound")
    path = FOLDER / f"bargein-{name}.png"
    figure.savefig(path, dpi=70, metadata={"Software": None})
    pyplot.close(figure)
    return path


def _draw_level(axis: pyplot.Axes, sound: Sound, who: str) -> None:
    power = np.square(sound[: len(sound) // STEP * STEP].reshape(-1, STEP)).mean(axis=1)
    levels = np.maximum(10 * np.log10(power + 1e-12), LOWEST_DBFS)
    axis.fill_between(np.arange(len(levels)) / 50 - LEAD_SECONDS, LOWEST_DBFS, levels, step="post", alpha=0.7)
    axis.set_ylabel(f"{who}, dBFS")
    axis.set_ylim(LOWEST_DBFS, -5)


def _draw_decisions(axis: pyplot.Axes, outcome: Outcome) -> None:
    for decided in outcome.decided:
        said = f" “{decided.words[-1]}”" if decided.words else ""
        label = f"{decided.decision}: {decided.reason}{said}"
        axis.axvline(decided.at, color=COLOURS[decided.decision], label=label)
    for turn in outcome.turns:
        axis.axvline(turn.over_at, color="black", linestyle="--", label="the turn is over")


def _span(outcome: Outcome) -> tuple[float, float]:
    moments = [one.at for one in outcome.decided] or [0.0]
    last = max([*moments, *(turn.over_at for turn in outcome.turns[:1])])
    return moments[0] - BEFORE_SECONDS, min(last + 1.0, moments[0] + AFTER_SECONDS) if outcome.decided else last + 1.0


if __name__ == "__main__":
    mpl.use("Agg")
    for picture in PICTURES:
        print(draw(picture))
