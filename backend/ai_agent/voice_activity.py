"""Is this frame near-end speech? The neural VAD's word, an energy gate above the room, and a gate above the echo.

    near-end   p ≥ 0.5   and   U > N + snr   and   (echo < N + 3   or   U > echo + 5)   and   C > N − 6

U is the frame's level, N the noise floor, echo = A + g: the loudest agent frame sent 60 to 400 ms ago, and how much
of it the microphone hears. C is the level of the conditioned frame before its gain: what is left of steady noise lies
far under the floor. A weak ending ("s", "f") that follows speech belongs to it for up to 240 ms, though the VAD no
longer vouches for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from ai_agent.audio_conditioning import ConditionedFrame
from ai_agent.audio_format import SAMPLE_RATE_HZ, frames_in
from ai_agent.levels import SILENCE_DBFS, FrameMetrics, Samples, SlidingQuantile, frame_dbfs, to_samples

VAD_RATE_HZ: Final = 16_000
VAD_CHUNK_SAMPLES: Final = 512
"""The neural VAD looks at 32 ms at a time."""

SpeechModel = Callable[[npt.NDArray[np.float32], object], tuple[float, object]]
"""512 samples at 16 kHz and the state before them → the probability of speech and the state after them.

The first state is None. The state is the model's own affair; nobody else looks into it.
"""

SPEECH_PROBABILITY: Final = 0.5
CLEAR_SNR_DB: Final = 20.0
CLEAR_ECHO_DB: Final = 15.0
"""A voice is clear that is so far above the room and the echo."""

TAIL_MS: Final = 240
"""A weak ending may last so long after the VAD stopped vouching for it."""
TAIL_DIP_MS: Final = 40
"""It may dip for so long in between."""
TAIL_DEPTH_DB: Final = 20.0
"""It is not weaker than this under the speech that it ends: the rest is the room."""
SPEECH_LEVEL_SHARE: Final = 0.05
"""How much of each speech frame goes into the level of the speech so far: an average over about 400 ms."""

GATE_DEPTH_DB: Final = 6.0
"""Speech that is left after the room was taken away is hardly under the room."""

ECHO_DELAY_MS: Final = (60, 400)
"""What the agent said so long ago may be in the microphone now."""
ECHO_INAUDIBLE_DB: Final = 3.0
"""An echo less than this above the noise floor disturbs nobody."""
ECHO_MARGIN_DB: Final = 5.0
"""Near-end speech is this much louder than an audible echo."""
INITIAL_COUPLING_DB: Final = -16.0
"""How much of the agent the microphone hears, until it was measured: less would stop the agent at a call's start."""
COUPLING_BELIEVED_MS: Final = 800
"""So much agent speech must have been heard before the measured coupling counts."""
COUPLING_WINDOW_MS: Final = 10_000
COUPLING_QUANTILE: Final = 0.75
AGENT_AUDIBLE_DBFS: Final = -50.0
"""A quieter agent frame tells nothing about the coupling."""

INITIAL_CALLER_DBFS: Final = -26.0
CALLER_TURNS: Final = 5
SOMEBODY_ELSE_DB: Final = 12.0
"""A voice this much under the caller's is somebody else's."""


@dataclass(frozen=True, slots=True)
class VoiceFrame:
    """What one frame is, as far as speech goes."""

    is_near_end: bool
    is_tail: bool
    """Not speech by itself, but it follows speech almost without a break and ends it."""
    probability: float
    metrics: FrameMetrics
    echo_dbfs: float = SILENCE_DBFS
    """How loud the agent's echo may be in it."""
    is_left: bool = True
    """Whether it is above the room, and something is left of it when the room was taken away."""

    @property
    def level_dbfs(self) -> float:
        """U: how loud it is."""
        return self.metrics.energy_dbfs

    @property
    def is_clear(self) -> bool:
        """Whether it is far above the room and the echo."""
        above_room_db = self.level_dbfs - self.metrics.noise_floor_dbfs
        return above_room_db > CLEAR_SNR_DB and self.level_dbfs > self.echo_dbfs + CLEAR_ECHO_DB

    def stands_out(self, snr_db: float, *, lowered_db: float = 0.0) -> bool:
        """Whether it is so far above the room, and above the echo where that can be heard.

        `lowered_db`: the agent has been so much quieter than usual for a while. Its echo is judged as if it had not,
        because nobody knows how late it comes back.
        """
        floor_dbfs, echo_dbfs = self.metrics.noise_floor_dbfs, self.echo_dbfs + lowered_db
        above_echo = echo_dbfs < floor_dbfs + ECHO_INAUDIBLE_DB or self.level_dbfs > echo_dbfs + ECHO_MARGIN_DB
        return self.is_left and above_echo and self.level_dbfs > floor_dbfs + snr_db


def _low_pass(*, taps: int, cutoff_hz: float) -> Samples:
    """A windowed sinc of unit gain at 48 kHz."""
    cycles = 2 * cutoff_hz / SAMPLE_RATE_HZ
    impulse = np.sinc(cycles * (np.arange(taps) - (taps - 1) / 2)) * np.kaiser(taps, 6.0)
    return np.asarray(impulse / impulse.sum(), dtype=np.float32)


class Decimator:
    """48 kHz to 16 kHz as a stream: a linear-phase low-pass whose memory reaches over frame borders.

    Polyphase: of each three samples one is wanted, so each third of the taps meets each third of the samples.
    """

    _FACTOR: Final = SAMPLE_RATE_HZ // VAD_RATE_HZ
    _TAPS: Final = 24 * _FACTOR
    _PHASES: Final = np.ascontiguousarray(_low_pass(taps=_TAPS, cutoff_hz=7_400).reshape(-1, _FACTOR).T)

    def __init__(self) -> None:
        self._memory: Samples = np.zeros(self._TAPS - self._FACTOR, dtype=np.float32)

    def process(self, samples: Samples) -> Samples:
        """A multiple of three samples at 48 kHz in, a third as many at 16 kHz out."""
        stream = np.concatenate((self._memory, samples))
        self._memory = stream[len(samples) :]
        thirds = np.ascontiguousarray(stream.reshape(-1, self._FACTOR).T)
        decimated = sum(np.correlate(third, taps, "valid") for third, taps in zip(thirds, self._PHASES, strict=True))
        return np.asarray(decimated, dtype=np.float32)


class SpeechProbability:
    """The neural VAD over a stream of frames: each frame has the probability of the last whole chunk."""

    def __init__(self, model: SpeechModel) -> None:
        self._model = model
        self._state: object = None
        self._decimator = Decimator()
        self._waiting: Samples = np.zeros(0, dtype=np.float32)
        self.value = 0.0

    def process(self, frame: bytes) -> float:
        samples = to_samples(np.frombuffer(frame, dtype=np.int16))
        waiting = np.concatenate((self._waiting, self._decimator.process(samples)))
        while len(waiting) >= VAD_CHUNK_SAMPLES:
            self.value, self._state = self._model(waiting[:VAD_CHUNK_SAMPLES], self._state)
            waiting = waiting[VAD_CHUNK_SAMPLES:]
        self._waiting = waiting
        return self.value


class EchoCoupling:
    """g: how much of what the agent says comes back through the microphone. Measured all through the call."""

    def __init__(self) -> None:
        self._sent: deque[float] = deque(maxlen=frames_in(ECHO_DELAY_MS[1]) + 1)
        self.agent_dbfs = SILENCE_DBFS
        """A: the loudest agent frame that may be in the microphone now."""
        self._differences = SlidingQuantile(frames_in(COUPLING_WINDOW_MS))

    @property
    def coupling_db(self) -> float:
        if len(self._differences) < frames_in(COUPLING_BELIEVED_MS):
            return INITIAL_COUPLING_DB
        return self._differences.quantile(COUPLING_QUANTILE)

    def on_agent_frame(self, agent_dbfs: float) -> None:
        """The level of the agent's frame that was sent at this tick."""
        self._sent.append(agent_dbfs)
        heard = islice(self._sent, max(0, len(self._sent) - frames_in(ECHO_DELAY_MS[0])))
        self.agent_dbfs = max(heard, default=SILENCE_DBFS)

    @property
    def echo_dbfs(self) -> float:
        return self.agent_dbfs + self.coupling_db

    def learn(self, level_dbfs: float) -> None:
        """Nobody speaks at the near end: what is heard now is at most the echo."""
        if self.may_be_audible:
            self._differences.add(level_dbfs - self.agent_dbfs)

    def admit(self, differences_db: Sequence[float]) -> None:
        """What was taken for a voice was the agent's own: so much of it comes back, whatever was measured before."""
        proven_db = sorted(differences_db)[int(COUPLING_QUANTILE * (len(differences_db) - 1))]
        self.restore([proven_db] * frames_in(COUPLING_BELIEVED_MS))

    @property
    def may_be_audible(self) -> bool:
        """Whether the agent's voice may be in the microphone now."""
        return self.agent_dbfs > AGENT_AUDIBLE_DBFS

    @property
    def measured(self) -> list[float]:
        return self._differences.values

    def restore(self, measured: list[float]) -> None:
        self._differences = SlidingQuantile(frames_in(COUPLING_WINDOW_MS), measured)


class CallerLevel:
    """How loud this caller is when speaking: the median of the active levels of the last turns that had words."""

    def __init__(self, turns_dbfs: list[float] | None = None) -> None:
        self._turns: deque[float] = deque(turns_dbfs or (), maxlen=CALLER_TURNS)

    def add_turn(self, active_dbfs: float) -> None:
        self._turns.append(active_dbfs)

    @property
    def dbfs(self) -> float:
        return median(self._turns) if self._turns else INITIAL_CALLER_DBFS

    @property
    def turns_dbfs(self) -> list[float]:
        return list(self._turns)

    def is_somebody_else(self, level_dbfs: float, *, began_dbfs: float | None = None) -> bool:
        """Whether a voice of this level is not the caller's. Nobody is, before the caller was heard once.

        `began_dbfs`: how loud the speech began that this would go on from. Who speaks more quietly than before, or
        from further away, is still the same person to the end of that speech.
        """
        nearest_dbfs = self.dbfs if began_dbfs is None else min(self.dbfs, began_dbfs)
        return bool(self._turns) and level_dbfs < nearest_dbfs - SOMEBODY_ELSE_DB


class SpeechTail:
    """The weak ending of speech: sound that follows it almost without a break, and is not much weaker."""

    def __init__(self) -> None:
        self._speech_power = 0.0
        self._frames_left = 0
        self._dip_frames = 0

    def follow(self, level_dbfs: float, *, is_near_end: bool, stands_out: bool) -> bool:
        """Whether this frame, which comes after all others, is such an ending."""
        power = 10.0 ** (level_dbfs / 10.0)
        if is_near_end:
            self._frames_left, self._dip_frames = frames_in(TAIL_MS), 0
            share = SPEECH_LEVEL_SHARE if self._speech_power > 0.0 else 1.0
            self._speech_power += share * (power - self._speech_power)
            return False
        if self._frames_left == 0:
            return False
        self._frames_left -= 1
        if stands_out and power > self._speech_power * 10.0 ** (-TAIL_DEPTH_DB / 10.0):
            self._dip_frames = 0
            return True
        self._dip_frames += 1
        if self._dip_frames > frames_in(TAIL_DIP_MS):
            self._frames_left = 0
        return False


class NearEnd:
    """Each conditioned frame and its probability become a `VoiceFrame`. It hears the agent's side, too."""

    def __init__(self, *, snr_db: float) -> None:
        self._snr_db = snr_db
        self._tail = SpeechTail()
        self.echo = EchoCoupling()

    def judge(self, frame: ConditionedFrame, *, probability: float | None, agent_dbfs: float | None) -> VoiceFrame:
        """One more frame of the microphone, with the level of the agent's frame that was sent at the same tick.

        `probability` None: nobody says what is speech, and all that stands out counts. `agent_dbfs` None: there is no
        agent to be heard.
        """
        self.echo.on_agent_frame(SILENCE_DBFS if agent_dbfs is None else agent_dbfs)
        level_dbfs, floor_dbfs = frame.metrics.energy_dbfs, frame.metrics.noise_floor_dbfs
        judged = VoiceFrame(
            is_near_end=False,
            is_tail=False,
            probability=1.0 if probability is None else probability,
            metrics=frame.metrics,
            echo_dbfs=self.echo.echo_dbfs,
            is_left=level_dbfs > floor_dbfs + self._snr_db and _is_left(frame, floor_dbfs),
        )
        stands_out = judged.stands_out(self._snr_db)
        is_near_end = stands_out and judged.probability >= SPEECH_PROBABILITY
        if not is_near_end:
            self.echo.learn(level_dbfs)
        is_tail = self._tail.follow(level_dbfs, is_near_end=is_near_end, stands_out=stands_out)
        return replace(judged, is_near_end=is_near_end, is_tail=is_tail) if is_near_end or is_tail else judged


class VoiceActivityDetector:
    """Each conditioned frame becomes a `VoiceFrame`. It listens all through the call, whoever speaks."""

    def __init__(self, model: SpeechModel, *, snr_db: float) -> None:
        self._probability = SpeechProbability(model)
        self._near_end = NearEnd(snr_db=snr_db)

    @property
    def echo(self) -> EchoCoupling:
        return self._near_end.echo

    @property
    def probability(self) -> float:
        """How likely the last frame was speech."""
        return self._probability.value

    def process(self, frame: ConditionedFrame, *, agent_dbfs: float = SILENCE_DBFS) -> VoiceFrame:
        """One more frame of the microphone, with the level of the agent's frame that was sent at the same tick."""
        probability = self._probability.process(frame.filtered)
        return self._near_end.judge(frame, probability=probability, agent_dbfs=agent_dbfs)

    def snapshot(self) -> dict[str, object]:
        return {"echo_coupling": self.echo.measured}

    def restore(self, snapshot: Mapping[str, object]) -> None:
        measured = snapshot.get("echo_coupling")
        if not isinstance(measured, list):
            raise TypeError("a voice activity snapshot has the measured echo coupling")
        self.echo.restore([float(value) for value in measured])


def _is_left(frame: ConditionedFrame, floor_dbfs: float) -> bool:
    """The energy gate: whether something is left of the frame when the room was taken away."""
    return frame_dbfs(frame.conditioned) - frame.gain_db > floor_dbfs - GATE_DEPTH_DB
