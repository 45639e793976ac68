"""Where may a voice that was silenced go on? At the last pause, or at the start of a word, or where it is quietest.

heard   ▆▇▆▅▂▁▁▁▂▆▇▇▆▇▆▇▅▂      the last sound before the playhead; the end of it was faded out
             └ rise ┘         ▲ playhead
         go on ▲              from here the voice comes in over the pause, so that no word is cut

In a pause the voice was silenced at the best place: the rest of the pause, which is not heard as one, is left out.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ai_agent.audio_format import samples_in

Pcm = npt.NDArray[np.int16]

STEP_MS: Final = 10
"""Loudness is measured over so much sound."""
PAUSE_MS: Final = 30
"""So much quiet sound is a pause, or the gap before a word."""
PAUSE_DEPTH_DB: Final = 25.0
"""Quiet is so far under the loudest of what was heard."""
SILENT_DBFS: Final = -55.0
"""Under this it is quiet, however soft the voice is."""
LONGEST_SKIP_MS: Final = 1_000
"""Of a pause no more than this is left out."""
AS_QUIET: Final = 2.0
"""Within this factor of the least power one place is as quiet as another: the later one repeats less."""

_STEP_SAMPLES: Final = samples_in(STEP_MS)
_PAUSE_STEPS: Final = PAUSE_MS // STEP_MS
_SILENT_POWER: Final = 32_768.0**2 * 10 ** (SILENT_DBFS / 10)


_NOTHING: Final[Pcm] = np.zeros(0, np.int16)


def resume_point(heard: Pcm, *, rise_samples: int, lost_samples: int = 0, ahead: Pcm = _NOTHING) -> int:
    """The index in `heard`, or in what comes `ahead` of the playhead, from which the voice goes on.

    `rise_samples` are needed until it is as loud as before; `lost_samples` at the end of `heard` were faded out.
    Whatever is not to be lost comes again: as long as `heard` is long enough, both fall on a pause, or on sound that
    was heard already.
    """
    first = len(heard) % _STEP_SAMPLES
    heard_power, power_ahead = _power(heard[first:]), _power(ahead)
    before = len(heard) - lost_samples - first
    onset = _last_onset(np.concatenate([heard_power, power_ahead]), before=before)
    if onset is not None:
        return max(0, first + onset - rise_samples)
    return _quietest(heard_power, before=before - rise_samples) + first


def audible_ms(sound: Pcm) -> int:
    """How much of a sound is no silence, in whole steps.

    >>> audible_ms(np.concatenate([np.zeros(960, np.int16), np.full(1_440, 8_000, np.int16)]))
    30
    """
    return int(np.count_nonzero(_power(sound) > _SILENT_POWER)) * STEP_MS


def _power(sound: Pcm) -> npt.NDArray[np.float64]:
    """Of each whole step."""
    step_count = len(sound) // _STEP_SAMPLES
    steps = sound[: step_count * _STEP_SAMPLES].reshape(step_count, _STEP_SAMPLES).astype(np.float64)
    return np.asarray(np.einsum("ij,ij->i", steps, steps) / _STEP_SAMPLES)


def _last_onset(power: npt.NDArray[np.float64], *, before: int) -> int | None:
    """Where the last pause that began `before` this sample is over."""
    if not len(power):
        return None
    is_quiet = power <= max(_SILENT_POWER, power.max() * 10 ** (-PAUSE_DEPTH_DB / 10))
    edges = np.flatnonzero(np.diff(is_quiet, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    pauses = np.flatnonzero((ends - starts >= _PAUSE_STEPS) & (starts * _STEP_SAMPLES <= before))
    return int(ends[pauses[-1]]) * _STEP_SAMPLES if len(pauses) else None


def _quietest(power: npt.NDArray[np.float64], *, before: int) -> int:
    """The last of the quietest places that begin no later than `before`."""
    choices = power[: max(0, before // _STEP_SAMPLES) + 1]
    return int(np.flatnonzero(choices <= AS_QUIET * choices.min())[-1]) * _STEP_SAMPLES if len(choices) else 0
