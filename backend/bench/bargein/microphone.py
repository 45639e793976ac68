"""What does the microphone give in a case? The room, the caller, a noise, an echo; time begins with the agent.

agent                        ▁▃▅▇▅▃▆▇▅▃▁▃▅▇▅▃▆▇▅▃▁▃▅▇▅▃▆▇
microphone   ░░░░░░░░░░░░░░░░░░░░░░░░░░░███░███░░░░░░░░░░
             └ room before   └ 0         └ onset  └ offset
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from scipy.signal import butter, fftconvolve, lfilter

from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME
from bench.bargein.agent import REPLIES, reply_speech, speech_of
from bench.bargein.cases import USUAL_DBFS, Case, Echo, Voice, split_pauses
from bench.bargein.sounds import make_sound, room_noise
from bench.bargein.voices import Sound, speak
from bench.conditioning.clips import active_dbfs
from tests.core.noises import at_level
from tests.core.speech import speech_span

LEAD_SECONDS: Final = 1.5
"""So much of the room comes before the agent's first sound."""
TAIL_SECONDS: Final = 3.8
"""So long is listened after the caller's last sound: the silence that ends a turn, and some more."""
ECHO_SECONDS: Final = 7.0
"""So long an echo is listened to."""
QUIET_ROOM_DBFS: Final = -65.0

PREAMBLE: Final = "Please tell me how a hash table works."
"""What the caller says before, so that the call knows how loud this caller is."""
BEFORE: Final = "before the case"
PREAMBLE_VOICE: Final = Voice("caller", "hibari", {"voice_id": "low", "pitch": 0.5})


@dataclass(frozen=True, slots=True)
class Microphone:
    """One case's microphone. Second 0 is the agent's first sound; `sound` begins `LEAD_SECONDS` before it."""

    sound: Sound
    speech: Sound
    """What the caller adds, by itself: as long as `sound`."""
    onset: float | None
    """When the caller's sound begins, in seconds; None where there is only an echo."""
    offset: float | None

    @property
    def seconds(self) -> float:
        """How long it is, from the agent's first sound on."""
        return len(self.sound) / SAMPLE_RATE_HZ - LEAD_SECONDS


@cache
def _reverb() -> Sound:
    """A living room of half a second, after the direct sound."""
    rng = np.random.default_rng(41)
    t = np.arange(int(0.5 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = rng.standard_normal(len(t)) * 10 ** (-3 * t / 0.5)
    tail[: int(0.008 * SAMPLE_RATE_HZ)] = 0.0
    tail *= np.sqrt(1.4 / np.sum(tail**2))
    tail[0] = 1.0
    return tail


def make_microphone(case: Case) -> Microphone:
    """The case's microphone, the same on every run."""
    starts_at = _starts_at(case)
    events, offset = _events(case), 0.0
    for after, event in events:
        offset = max(offset, starts_at + after + len(event) / SAMPLE_RATE_HZ)
    seconds = offset + TAIL_SECONDS if events else ECHO_SECONDS
    if case.reply in {"short", "question"}:
        seconds = max(seconds, reply_speech(case).audible_seconds + TAIL_SECONDS)
    count = int((LEAD_SECONDS + seconds) * SAMPLE_RATE_HZ) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME
    speech = np.zeros(count)
    for after, event in events:
        _add(speech, event, LEAD_SECONDS + starts_at + after)
    room = _room(case, count, seed=case.id)
    sound = speech + room
    if case.during:
        noise = at_level(make_sound(case.during["sound"]), case.during["dbfs"])
        _add(sound, noise, LEAD_SECONDS + starts_at)
    if case.echo is not None and case.echo.frozen:
        _add(sound, frozen_echo(case), LEAD_SECONDS)
    onset, end = speech_span(speech, noise=room) if events else (None, None)
    return Microphone(
        sound=np.clip(sound, -1.0, 0.9999),
        speech=speech,
        onset=None if onset is None else onset - LEAD_SECONDS,
        offset=None if end is None else end - LEAD_SECONDS,
    )


def make_preamble(case: Case) -> Sound:
    """What the caller says before the case, in the same room: about so loud, and without the room before it."""
    sound = _at_active(speak(PREAMBLE_VOICE, PREAMBLE), preamble_dbfs(case))
    count = len(sound) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME
    return sound[:count] + _room(case, count, seed=BEFORE)


def room_of(case: Case, seconds: float) -> Sound:
    """Its room alone, before the case: the same for all cases in such a room."""
    return _room(case, int(seconds * SAMPLE_RATE_HZ) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME, seed=BEFORE)


def _starts_at(case: Case) -> float:
    if case.at >= 0 or case.reply == "none":
        return case.at
    return reply_speech(case).audible_seconds + case.at


def _events(case: Case) -> list[tuple[float, Sound]]:
    """What the caller does, each with the second at which it begins after the case's own."""
    if not case.words and not case.sound:
        return []
    events = [(0.0, _sound(case) if case.sound else _said(case))]
    if case.then:
        then = case.then
        after = len(events[0][1]) / SAMPLE_RATE_HZ + then["after"]
        events.append((after, _at_active(speak(then["voice"], then["words"]), USUAL_DBFS)))
    return events


def _sound(case: Case) -> Sound:
    return at_level(make_sound(case.sound), case.dbfs)


def _said(case: Case) -> Sound:
    assert case.voice is not None
    parts = []
    for part in split_pauses(case.words):
        parts.append(np.zeros(int(part * SAMPLE_RATE_HZ)) if isinstance(part, float) else speak(case.voice, part))
    sound = np.concatenate(parts)
    if case.soft:
        ramp = np.minimum(1.0, np.arange(len(sound)) / (case.soft * SAMPLE_RATE_HZ))
        sound = sound * (0.03 + 0.97 * ramp**1.5)
    if case.far is None:
        return _at_active(sound, case.dbfs)
    return _at_active(fftconvolve(sound, _reverb()), USUAL_DBFS - case.far)


def _at_active(sound: Sound, dbfs: float) -> Sound:
    return np.asarray(sound * 10 ** ((dbfs - active_dbfs(sound)) / 20))


def preamble_dbfs(case: Case) -> float:
    """How loud the caller has been before."""
    return case.dbfs if case.words and case.far is None else USUAL_DBFS


def _room(case: Case, count: int, *, seed: str) -> Sound:
    """The room's noise: of a quiet room, or so far under the caller."""
    dbfs = QUIET_ROOM_DBFS if case.room == "quiet" else case.dbfs - case.snr
    return room_noise(case.room, count, seed=seed) * 10 ** (dbfs / 20)


def _add(sound: Sound, part: Sound, at: float) -> None:
    start = int(at * SAMPLE_RATE_HZ)
    part = part[: max(0, len(sound) - start)]
    sound[start : start + len(part)] += part


# ── the echo ──────────────────────────────────────────────────────────────────────────────────────


class EchoPath:
    """From the agent's frame to what the microphone hears of it, frame by frame."""

    _B, _A = butter(2, [250, 3600], btype="band", fs=SAMPLE_RATE_HZ)

    def __init__(self, echo: Echo) -> None:
        self._harsh = echo.harsh
        self._state = np.zeros(len(self._A) - 1)
        self._waiting = np.zeros(int(echo.ms * SAMPLE_RATE_HZ / 1000))
        self._gain = 1.0
        reference = speech_of(REPLIES["long"]).sound
        path = self._through(reference)
        self._gain = 10 ** ((active_dbfs(reference) + echo.db - active_dbfs(path)) / 20)
        self._state = np.zeros(len(self._A) - 1)

    def process(self, agent: Sound) -> Sound:
        """As many samples as came in, of what was said `ms` before."""
        self._waiting = np.concatenate([self._waiting, self._through(agent)])
        out, self._waiting = self._waiting[: len(agent)], self._waiting[len(agent) :]
        return out

    def _through(self, agent: Sound) -> Sound:
        driven = np.tanh(8.0 * agent) + 0.15 * np.abs(np.tanh(8.0 * agent)) if self._harsh else agent
        filtered, self._state = lfilter(self._B, self._A, driven, zi=self._state)
        return np.asarray(filtered * self._gain)


def frozen_echo(case: Case) -> Sound:
    """The echo of the whole reply, as it would be if nobody ever ducked the agent."""
    assert case.echo is not None
    sound = reply_speech(case).sound
    return EchoPath(case.echo).process(np.concatenate([sound, np.zeros(SAMPLE_RATE_HZ)]))


def as_frames(sound: Sound) -> list[bytes]:
    """20 ms pieces of s16."""
    pcm = np.rint(np.clip(sound, -1.0, 0.9999) * 32768).astype("<i2")
    whole = pcm[: len(pcm) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME]
    return [frame.tobytes() for frame in whole.reshape(-1, SAMPLES_PER_FRAME)]
