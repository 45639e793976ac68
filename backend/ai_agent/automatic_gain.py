"""How loud should it be? Steps 5, 7 and 8 of the conditioning: one level for every microphone, and nothing clips.

Samples are in steps of int16. All three work on whole frames of 20 ms; a gain never jumps, it is led over in a ramp.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from ai_agent.audio_format import FRAME_MS, SAMPLES_PER_FRAME, frames_in
from ai_agent.levels import (
    FULL_SCALE,
    NOISE_PROBABILITY,
    SILENCE_DBFS,
    STORED_LEVELS_DBFS,
    NoiseFloor,
    Pcm,
    energy_dbfs,
    stored_number,
)

FRAMES_PER_SECOND: Final = 1_000 // FRAME_MS
Samples = npt.NDArray[np.floating]

TARGET_DBFS: Final = -20.0
"""The level of speech, as heard."""
HIGHEST_GAIN_DB: Final = 30.0
LOWEST_GAIN_DB: Final = -14.0
STORED_GAINS_DB: Final = (LOWEST_GAIN_DB - 1, HIGHEST_GAIN_DB + 1)
"""A gain may lie a rounding beside its limit."""
RISE_DB_PER_SECOND: Final = 6.0
FALL_DB_PER_SECOND: Final = 15.0
FIRST_RISE_DB_PER_SECOND: Final = 30.0
"""Until so much speech was heard as `FIRST_SPEECH_MS`: a gain that is soon where it stays is not heard to move."""
FIRST_SPEECH_MS: Final = 1_000
HIGHEST_NOISE_DBFS: Final = -55.0
"""What is left of the room in a pause is not lifted over this, once a pause was heard, however quietly its person
speaks; a room that becomes louder takes the gain down."""
QUIET_ROOM_DBFS: Final = HIGHEST_NOISE_DBFS - HIGHEST_GAIN_DB
QUIETEST_DBFS: Final = SILENCE_DBFS + 1
"""What step 4 leaves of a quiet room may be less than 16 bits can hold."""
PAUSE_MS: Final = 240
"""What is shorter is a gap within a word, and not the room."""
SPEECH_PROBABILITY: Final = 0.8
SPEECH_SNR_DB: Final = 9.0
"""Speech that the level is learned from stands so far above what is left of the room."""
QUIETEST_SPEECH_DBFS: Final = -58.0
LEVEL_RANGE_DB: Final = 20.0
"""A frame so far under the level of the speech is a pause in it."""
LEVEL_ATTACK: Final = 0.15
LEVEL_RELEASE: Final = 0.03

PEAK_DBFS: Final = -1.0
HIGHEST_PEAK: Final = FULL_SCALE * 10 ** (PEAK_DBFS / 20)
PEAK_GAINS: Final = (1e-3, 1.0)
"""No sound of 16 bits, however far step 5 lifts it, needs less than the first."""
PEAK_RELEASE: Final = 10 ** (1.0 / 20)
"""A frame: a gain that a peak took down comes back at 50 dB a second."""
RAMP_SAMPLES: Final = 240
HIGHEST_SAMPLE: Final = 32_766

_RISING: Final = (np.arange(SAMPLES_PER_FRAME) + 1.0) / RAMP_SAMPLES
_RAMP: Final = np.minimum(_RISING, 1.0).astype(np.float32)
_HIGHEST, _LOWEST = np.array(HIGHEST_SAMPLE, np.float64), np.array(-HIGHEST_SAMPLE, np.float64)


def led_over(samples: Samples, *, start: float, end: float) -> Samples:
    """The frame with a gain that goes from `start` to `end` within 5 ms."""
    if start == end:
        return samples * end if end != 1.0 else samples
    return samples * (start + (end - start) * _RAMP)


class AutomaticGain:
    """Step 5: slow, and only speech lifts it, so that the room is neither pumped up in pauses nor taken for a voice.

    A louder voice takes it down, and so does a louder room. Digital silence is no room: it is frozen then.

    Level of active speech as in ITU-T P.56 (frames within 20 dB of it), gain limited in its speed and by the room.
    """

    def __init__(self, *, target_dbfs: float = TARGET_DBFS) -> None:
        self._target_dbfs = target_dbfs
        self.reset()

    def reset(self) -> None:
        self.gain_db = 0.0
        self.speech_dbfs: float | None = None
        self._room = NoiseFloor(starts_at_dbfs=QUIET_ROOM_DBFS, lowest_dbfs=SILENCE_DBFS)
        """What step 4 leaves of it: as long as nothing was heard of it, it limits no gain."""
        self._quiet_frames = 0
        """Without speech, in a row."""
        self.speech_frames = 0
        self._last_gain = 1.0

    def process(
        self, samples: Samples, *, speech_probability: float, is_frozen: bool = False, is_aside: bool = False
    ) -> Samples:
        """One frame, louder or quieter. `is_frozen`: the gain stays as it is; `is_aside`: there is none."""
        if is_frozen or is_aside:
            self._quiet_frames = 0
        else:
            self._follow(samples, speech_probability)
        gain = 1.0 if is_aside else 10 ** (self.gain_db / 20)
        scaled = led_over(samples, start=self._last_gain, end=gain)
        self._last_gain = gain
        return scaled

    def _follow(self, samples: Samples, speech_probability: float) -> None:
        self._quiet_frames = self._quiet_frames + 1 if speech_probability < NOISE_PROBABILITY else 0
        dbfs = max(QUIETEST_DBFS, energy_dbfs(samples, full_scale=FULL_SCALE))
        if self._quiet_frames >= frames_in(PAUSE_MS):
            self._room.update(dbfs, speech_probability=None)
        room_dbfs = self._room.dbfs
        highest_db = min(HIGHEST_GAIN_DB, max(0.0, HIGHEST_NOISE_DBFS - room_dbfs))
        if speech_probability >= SPEECH_PROBABILITY and dbfs > max(room_dbfs + SPEECH_SNR_DB, QUIETEST_SPEECH_DBFS):
            speech_dbfs = self._follow_speech(dbfs)
            self._lead_to(max(LOWEST_GAIN_DB, min(highest_db, self._target_dbfs - speech_dbfs)))
        elif self.gain_db > highest_db:
            self._lead_to(highest_db)

    def _follow_speech(self, dbfs: float) -> float:
        """The level of active speech, this frame with it."""
        self.speech_frames += 1
        if self.speech_dbfs is None:
            self.speech_dbfs = dbfs
        elif dbfs > self.speech_dbfs - LEVEL_RANGE_DB:
            share = LEVEL_ATTACK if dbfs > self.speech_dbfs else LEVEL_RELEASE
            self.speech_dbfs += share * (dbfs - self.speech_dbfs)
        return self.speech_dbfs

    def _lead_to(self, wanted_db: float) -> None:
        """One frame's step towards a gain."""
        is_first = self.speech_frames <= frames_in(FIRST_SPEECH_MS)
        rise = (FIRST_RISE_DB_PER_SECOND if is_first else RISE_DB_PER_SECOND) / FRAMES_PER_SECOND
        self.gain_db += max(-FALL_DB_PER_SECOND / FRAMES_PER_SECOND, min(rise, wanted_db - self.gain_db))

    @property
    def applied_db(self) -> float:
        """What the last frame was multiplied with; 0 where it stood aside."""
        return 20 * math.log10(self._last_gain)

    @property
    def state(self) -> dict[str, object]:
        return {
            "gain_db": self.gain_db,
            "last_gain": self._last_gain,
            "speech_dbfs": self.speech_dbfs,
            "speech_frames": self.speech_frames,
            "quiet_frames": self._quiet_frames,
            "room": self._room.snapshot(),
        }

    @state.setter
    def state(self, state: Mapping[str, object]) -> None:
        gain_db = stored_number(state["gain_db"], within=STORED_GAINS_DB)
        lowest, highest = (10 ** (limit_db / 20) for limit_db in STORED_GAINS_DB)
        last_gain = stored_number(state["last_gain"], within=(lowest, highest))
        speech_frames, quiet_frames = (
            int(stored_number(state[name], within=(0, math.inf))) for name in ("speech_frames", "quiet_frames")
        )
        speech_dbfs = (
            None if state["speech_dbfs"] is None else stored_number(state["speech_dbfs"], within=STORED_LEVELS_DBFS)
        )
        if not isinstance(room := state["room"], Mapping):
            raise TypeError("a gain's state has the room that limits it")
        self._room, self.speech_dbfs = NoiseFloor.restored(room), speech_dbfs
        self.gain_db, self._last_gain = gain_db, last_gain
        self.speech_frames, self._quiet_frames = speech_frames, quiet_frames


class PeakNormalisation:
    """Step 7: a frame whose peak would pass −1 dBFS is taken down to it, and comes back slowly.

    A limiter without an attack time and with a release in dB a second (Giannoulis, Massberg and Reiss, "Digital dynamic
    range compressor design", 2012). Samples are in steps of int16.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.state = 1.0
        """The gain at the end of the last frame."""

    def process(self, samples: Samples) -> Samples:
        peak = float(max(np.maximum.reduce(samples), -np.minimum.reduce(samples)))
        before, gain = self.state, min(1.0, self.state * PEAK_RELEASE)
        if peak * gain > HIGHEST_PEAK:
            gain = HIGHEST_PEAK / peak
        if before > gain and before * float(np.abs(samples[:RAMP_SAMPLES]).max()) > HIGHEST_PEAK:
            before = gain
        self.state = gain
        return led_over(samples, start=before, end=gain)


class ClipPrevention:
    """Step 8: whole numbers that fit: saturated at ±32,766, never wrapped around (as ITU-T G.191's operators do).

    It has no memory.
    """

    state = None

    def reset(self) -> None:
        """It remembers nothing."""

    def process(self, samples: Samples) -> Pcm:
        """float32 or float64 in steps of int16 in, int16 out."""
        whole = np.rint(samples)
        np.minimum(whole, _HIGHEST, out=whole)
        np.maximum(whole, _LOWEST, out=whole)
        return whole.astype(np.int16)
