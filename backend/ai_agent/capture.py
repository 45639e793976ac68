"""What was recorded since somebody began to speak, and how much of it was speech? Counted in frames, without a clock.

    frame     . . . . s s s s s s . . . . . . . s . . . . . . .
              └ pre-roll ┘                      └ a click: too short to be speech, resets nothing
                                  └── silence ────────────────▶

A burst is speech with gaps under 240 ms. Whether a burst is *believed* depends on who asks: opening a turn takes more
than keeping one open. What counts is its longest piece: who says a word does not let go of the voice for long, and two
coughs in a row are still two coughs.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from statistics import fmean, median
from typing import Final

from ai_agent.audio_format import FRAME_MS, frames_in
from ai_agent.commands import TurnSound
from ai_agent.levels import FrameMetrics
from ai_agent.voice_activity import VoiceFrame

PRE_ROLL_MS: Final = 500
"""So much sound from before the onset is kept: the VAD believes in speech a little after it began."""

RING_MS: Final = 5_000
"""So much of the microphone is always at hand."""

BURST_GAP_MS: Final = 240
"""A gap this long ends a burst."""

PIECE_GAP_MS: Final = 100
"""A voice that is away for so long begins a new piece of the burst: the stop in "nope" is shorter."""

STOP_MS: Final = 60
"""The gap of a stop within a word is no longer: "so, what", "actually"."""

PHRASE_GAP_MS: Final = 120
"""A gap this long ends a phrase: a turn that is too long is cut in the last such gap, so that no word is halved."""

CUT_REACH_MS: Final = 5_000
"""The gap is looked for so far back; who speaks on without one is cut in mid-word."""

TAIL_KEPT_MS: Final = 500
"""So much sound after the last speech is transcribed with it."""

LEVEL_MS: Final = 1_000
"""How loud somebody began, or is at present, is how loud the first or the last so much of a burst was."""

SURE_PROBABILITY: Final = 0.9
"""A burst that reached this is certainly a voice; coughs seldom do."""


@dataclass(frozen=True, slots=True)
class Belief:
    """How much voiced sound in one piece makes a burst speech."""

    sure_ms: int
    """Where the VAD was certain once in it."""
    unsure_ms: int
    """Where it was not."""


class MicrophoneRing:
    """The last seconds of the microphone, always on, so that no first word is lost."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=frames_in(RING_MS))
        self.count = 0
        """So many frames have come, in all."""

    def append(self, frame: bytes) -> None:
        self._frames.append(frame)
        self.count += 1

    def last(self, count: int) -> list[bytes]:
        return list(self._frames)[-count:]


@dataclass(slots=True)
class Burst:
    """Near-end sound with gaps under 240 ms."""

    began_index: int
    last_index: int
    """The last frame that was near-end speech or its weak ending."""
    began_at: float
    last_at: float
    """Their times, in seconds of the call."""
    voiced_frames: int = 0
    power: float = 0.0
    longest_ms: int = 0
    """The longest piece of it."""
    longest_sure_ms: int = 0
    """The longest one in which the VAD was certain once."""
    _last_voiced_index: int = -1
    _piece_frames: int = 0
    _piece_is_sure: bool = False
    _began_power: float = 0.0
    _last_powers: deque[float] = field(default_factory=lambda: deque(maxlen=frames_in(LEVEL_MS)))

    @property
    def voiced_ms(self) -> int:
        return self.voiced_frames * FRAME_MS

    @property
    def level_dbfs(self) -> float:
        return 10.0 * math.log10(self.power / self.voiced_frames)

    @property
    def began_dbfs(self) -> float:
        """How loud its first second was."""
        return 10.0 * math.log10(self._began_power / min(self.voiced_frames, frames_in(LEVEL_MS)))

    @property
    def present_dbfs(self) -> float:
        """How loud its last second was."""
        return 10.0 * math.log10(fmean(self._last_powers))

    def rest(self) -> Burst:
        """Its last half second by itself, as a burst of somebody who went on where another one ended."""
        powers = list(self._last_powers)[-frames_in(LEVEL_MS) // 2 :]
        return replace(
            self,
            began_index=max(self.began_index, self.last_index + 1 - len(powers)),
            began_at=max(self.began_at, self.last_at - (len(powers) - 1) * FRAME_MS / 1000),
            voiced_frames=len(powers),
            power=sum(powers),
            _began_power=sum(powers),
            _last_powers=deque(powers, maxlen=frames_in(LEVEL_MS)),
        )

    def add(self, voice: VoiceFrame, *, index: int, now: float) -> None:
        self.extend(index=index, now=now)
        self.voiced_frames += 1
        power = 10.0 ** (voice.level_dbfs / 10.0)
        self.power += power
        self._last_powers.append(power)
        if self.voiced_frames <= frames_in(LEVEL_MS):
            self._began_power += power
        self._add_to_piece(voice, index=index)

    def _add_to_piece(self, voice: VoiceFrame, *, index: int) -> None:
        if index - self._last_voiced_index > frames_in(PIECE_GAP_MS):
            self._piece_frames, self._piece_is_sure = 0, False
        self._last_voiced_index = index
        self._piece_frames += 1
        self._piece_is_sure = self._piece_is_sure or voice.probability >= SURE_PROBABILITY
        self.longest_ms = max(self.longest_ms, self._piece_frames * FRAME_MS)
        if self._piece_is_sure:
            self.longest_sure_ms = max(self.longest_sure_ms, self._piece_frames * FRAME_MS)

    def extend(self, *, index: int, now: float) -> None:
        """Its weak ending: it lasts until here."""
        self.last_index, self.last_at = index, now

    def moved(self, frames: int) -> Burst:
        """The same burst in a capture that begins so many frames earlier, or later where it is negative."""
        return replace(
            self,
            began_index=self.began_index + frames,
            last_index=self.last_index + frames,
            _last_voiced_index=self._last_voiced_index + frames,
            _last_powers=self._last_powers.copy(),
        )

    def is_speech(self, belief: Belief) -> bool:
        return self.longest_ms >= belief.unsure_ms or self.longest_sure_ms >= belief.sure_ms


class Measurements:
    """What was measured while the user spoke."""

    def __init__(self) -> None:
        self._frames: list[FrameMetrics] = []

    def add(self, metrics: FrameMetrics) -> None:
        self._frames.append(metrics)

    @property
    def crest_db(self) -> float:
        """So far the mean power of the speech, which is how a burst is measured, lies over the median of its frames."""
        levels = [frame.energy_dbfs for frame in self._frames]
        return 10.0 * math.log10(fmean(10.0 ** (level / 10.0) for level in levels)) - median(levels) if levels else 0.0

    @property
    def sound(self) -> TurnSound | None:
        """Of all of it; None where nobody spoke."""
        frames = self._frames
        if not frames:
            return None
        return TurnSound(
            energy_dbfs=round(median(frame.energy_dbfs for frame in frames), 1),
            noise_floor_dbfs=round(median(frame.noise_floor_dbfs for frame in frames), 1),
            snr_db=round(median(frame.snr_db for frame in frames), 1),
            spectral_flatness=round(median(frame.spectral_flatness for frame in frames), 3),
            clipping_percent=round(fmean(frame.clipping_percent for frame in frames), 3),
        )


class Capture:
    """The sound of one stretch of speech, from its pre-roll on."""

    def __init__(self, pre_roll: Iterable[bytes], *, now: float) -> None:
        self.frames = list(pre_roll)
        self.started_at = self.certain_at = now
        """When the onset came, in seconds of the call; of what is certain, which a doubted word may precede."""
        self.speech_ended_at = now
        """When the last frame came that is believed to be speech."""
        self.burst: Burst | None = None
        self.opening: Burst | None = None
        """The burst with which the utterance began; it may still be going on."""
        self.measured = Measurements()
        self._phrase: Burst | None = None
        """Like the burst, but shorter gaps end it."""
        self._last_speech_index = -1

    def add(self, frame: bytes, voice: VoiceFrame, *, now: float) -> None:
        """One more frame; the present burst grows, goes on waiting, or is over."""
        self.frames.append(frame)
        index = len(self.frames) - 1
        self.burst = _grown(self.burst, voice, index=index, now=now, gap_ms=BURST_GAP_MS)
        self._phrase = _grown(self._phrase, voice, index=index, now=now, gap_ms=PHRASE_GAP_MS)
        if voice.is_near_end:
            self.measured.add(voice.metrics)

    def begin_earlier(self, frames: list[bytes], *, started_at: float) -> None:
        """These frames came right before its first one, and its onset is in them. Nothing of it was believed yet."""
        self.frames[:0] = frames
        self.started_at = started_at
        self.burst = self.burst and self.burst.moved(len(frames))
        self._phrase = self._phrase and self._phrase.moved(len(frames))

    @property
    def gap_frames(self) -> int:
        """Frames since the present burst's last; 0 while it sounds."""
        return len(self.frames) - 1 - self.burst.last_index if self.burst else 0

    def believe(self) -> None:
        """The present burst is speech: silence is counted from its last frame."""
        self.opening = self.opening or self.burst
        if self.burst and self.burst.last_index > self._last_speech_index:
            self._last_speech_index, self.speech_ended_at = self.burst.last_index, self.burst.last_at

    def believe_until_now(self, *, now: float) -> None:
        """The last frame is speech, though the VAD may doubt it: silence is counted from it."""
        self.believe()
        self._last_speech_index, self.speech_ended_at = len(self.frames) - 1, now

    @property
    def silence_frames(self) -> int:
        """Frames since the last one that is believed to be speech."""
        return len(self.frames) - 1 - self._last_speech_index

    @property
    def duration_frames(self) -> int:
        return len(self.frames)

    def close(self, *, in_gap: bool = False) -> bytes:
        """The turn is over: its sound up to half a second after the last speech. From here on only what follows counts.

        `in_gap`: the user may be in mid-word. What was said after the last gap between two words comes after, then.
        """
        phrase = self._phrase if in_gap else None
        if phrase is not None and len(self.frames) - phrase.began_index > frames_in(CUT_REACH_MS):
            phrase = None
        end = self._kept() if phrase is None else max(0, phrase.began_index - frames_in(PHRASE_GAP_MS) // 2)
        self._last_speech_index = end - 1
        self._phrase, self.burst = phrase, phrase.moved(0) if phrase else None
        return b"".join(self.frames[:end])

    def wait_for_more(self) -> None:
        """Forget what lies between the closed turn and the last half second, where that is only silence."""
        kept = self._last_speech_index + 1
        excess = len(self.frames) - kept - frames_in(PRE_ROLL_MS)
        if self.burst is None and excess > 0:
            del self.frames[kept : kept + excess]

    def forget_silence(self) -> int:
        """Forget what lies between the half second after the last speech and the last half second; so many frames.

        Nothing, while something sounds.
        """
        kept = self._last_speech_index + 1 + frames_in(TAIL_KEPT_MS)
        excess = len(self.frames) - kept - frames_in(PRE_ROLL_MS)
        if self.burst is not None or excess <= 0:
            return 0
        del self.frames[kept : kept + excess]
        return excess

    def split_burst(self) -> Capture | None:
        """The present burst with its own pre-roll, as a capture of its own; None where there is no burst.

        What was closed stays behind: no sound is in two captures.
        """
        burst = self.burst
        if burst is None:
            return None
        start = max(self._last_speech_index + 1, burst.began_index - frames_in(PRE_ROLL_MS))
        split = Capture(self.frames[start:], now=burst.began_at)
        split.burst = burst.moved(-start)
        return split

    def _kept(self) -> int:
        last = max(self._last_speech_index, self.burst.last_index if self.burst else -1)
        return min(len(self.frames), last + 1 + frames_in(TAIL_KEPT_MS))


def _grown(burst: Burst | None, voice: VoiceFrame, *, index: int, now: float, gap_ms: int) -> Burst | None:
    """The burst after one more frame: begun, longer, waiting, or over."""
    if voice.is_near_end:
        burst = burst or Burst(began_index=index, last_index=index, began_at=now, last_at=now)
        burst.add(voice, index=index, now=now)
    elif burst and voice.is_tail:
        burst.extend(index=index, now=now)
    elif burst and index - burst.last_index >= frames_in(gap_ms):
        return None
    return burst
