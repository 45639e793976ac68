"""What does the caller hear at this moment? One frame every 20 ms: the agent's voice, ducked, held, or silence.

The track owns its sound and a playhead, so that what was heard is counted where it leaves:

    enqueue  ▁▂▃▄▅▆▇█████████▇▆▅▄▃▂▁        finish
    sent     ████████████│                  samples_sent = the playhead
                         └ cancel_playback: the next frame is silent, the rest is gone
                         └ hold … restore:  silence in between, then on from the last pause or start of a word
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import av
import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from ai_agent.audio_format import (
    BYTES_PER_FRAME,
    BYTES_PER_SAMPLE,
    FRAME_MS,
    SAMPLE_RATE_HZ,
    SAMPLES_PER_FRAME,
    SILENT_FRAME,
    samples_in,
)
from ai_agent.levels import SILENCE_DBFS, frame_dbfs
from ai_agent.webrtc_codecs import audio_frame
from ai_agent.word_starts import LONGEST_SKIP_MS, audible_ms, resume_point

DUCK_RAMP_MS = 10
"""The gain of `duck` is reached within the next frame."""
RESUME_FADE_MS = 40
"""The voice comes in over so much sound where a dead line is alive again."""

KEPT_SECONDS = 1.0
"""So much of what has left is kept, should it have left into a dead line."""
KEPT_BYTES = round(KEPT_SECONDS * SAMPLE_RATE_HZ) * BYTES_PER_SAMPLE

MAX_LAG_SECONDS = 0.2
"""Later than this, the clock of the track is moved: the lost time is never sent as a burst."""

REMEMBERED_TURNS = 16

_SAMPLE_NUMBERS = np.arange(1, SAMPLES_PER_FRAME + 1, dtype=np.float64)


@dataclass(slots=True)
class _QueuedTurn:
    """One turn's sound that is still to be sent."""

    turn_id: str
    pcm: bytearray = field(default_factory=bytearray)
    playhead: int = 0
    """Bytes of `pcm` already taken."""
    started: bool = False
    finished: bool = False

    @property
    def waiting(self) -> int:
        return len(self.pcm) - self.playhead

    def take(self) -> bytes:
        """The next frame's bytes; shorter at the end of a finished turn, empty while too little is here.

        A part of a frame waits for more: filled up with silence it would be heard as a click.
        """
        if self.waiting < BYTES_PER_FRAME and not self.finished:
            return b""
        taken = bytes(self.pcm[self.playhead : self.playhead + BYTES_PER_FRAME])
        self.playhead += len(taken)
        if self.playhead >= 2 * KEPT_BYTES:
            del self.pcm[: self.playhead - KEPT_BYTES]
            self.playhead = KEPT_BYTES
        return taken

    def move(self, byte_count: int) -> int:
        """Move the playhead on by so many bytes, back where they are negative, as far as there is sound.

        Answers by how many.
        """
        moved = max(-self.playhead, min(byte_count, self.waiting))
        self.playhead += moved
        return moved

    def last(self, byte_count: int) -> np.ndarray:
        """The samples before the playhead, at most so many bytes of them."""
        start = max(0, self.playhead - byte_count)
        return np.frombuffer(bytes(self.pcm[start : self.playhead]), np.int16)

    def next(self, byte_count: int) -> np.ndarray:
        """The samples from the playhead on, at most so many bytes of them."""
        return np.frombuffer(bytes(self.pcm[self.playhead : self.playhead + byte_count]), np.int16)


class _Gain:
    """A gain that moves in a straight line, sample by sample, to where it was told to go."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._now = self._target = 1.0
        self._step = 0.0
        self._ramp_samples = 0

    def fade_in(self, ramp_ms: float) -> None:
        """From silence to where it was, or was going."""
        self._now = 0.0
        self.move(self._target, ramp_ms)

    def move(self, target: float, ramp_ms: float) -> None:
        self._target = target
        self._ramp_samples = max(1, samples_in(ramp_ms))
        self._step = (target - self._now) / self._ramp_samples

    @property
    def is_silent(self) -> bool:
        return self._now == self._target == 0.0

    def apply(self, frame: bytes) -> bytes:
        if self._now == self._target == 1.0:
            return frame
        curve = self._now + self._step * _SAMPLE_NUMBERS
        curve[self._ramp_samples :] = self._target
        self._ramp_samples = max(0, self._ramp_samples - SAMPLES_PER_FRAME)
        self._now = float(curve[-1]) if self._ramp_samples else self._target
        if frame is SILENT_FRAME:
            return frame
        return np.rint(np.frombuffer(frame, np.int16) * curve).astype(np.int16).tobytes()


class SpeakerTrack(MediaStreamTrack):
    """The agent's voice as an endless track. All methods are called on the event loop.

    `on_started(turn_id)` when the first frame of a turn is sent, `on_finished(turn_id, samples_sent)` once a finished
    turn has been sent to its end, `on_frame(frame)` for each 1,920 bytes that leave, silence included.
    """

    kind = "audio"

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        on_started: Callable[[str], None],
        on_finished: Callable[[str, int], None],
        on_frame: Callable[[bytes], None] | None = None,
    ) -> None:
        super().__init__()
        self._clock = clock
        self._sleep = sleep
        self._on_started = on_started
        self._on_finished = on_finished
        self._on_frame = on_frame
        self._turns: deque[_QueuedTurn] = deque()
        self._closed_turns: deque[str] = deque(maxlen=REMEMBERED_TURNS)
        self._sent: dict[str, int] = {}
        self._gain = _Gain()
        self._is_held = False
        self._fades_from = 0
        """Where the playhead was when the voice began to fade out: what follows was not heard."""
        self.lost_ms = 0
        """So much speech was faded out by the last hold and did not come again when it went on."""
        self._is_paused = False
        self._left: deque[tuple[str, int]] = deque(maxlen=round(KEPT_SECONDS * 1000 / FRAME_MS))
        """Of each frame of the last second: whose turn it was, and where its playhead was before."""
        self._start: float | None = None
        self._frame_count = 0
        self.level_dbfs = SILENCE_DBFS
        """Level of the last frame sent."""
        self.late_seconds = 0.0
        """By how much the last frame left after its time."""
        self.skipped_seconds = 0.0
        """Time that was given up because the track was held up for more than `MAX_LAG_SECONDS`."""

    def enqueue(self, turn_id: str, pcm: bytes) -> None:
        """Say this after what is queued already: 48 kHz s16 mono of any even length.

        Sound that comes late, for a turn that was cancelled or has been sent to its end, is dropped.
        """
        if len(pcm) % BYTES_PER_SAMPLE:
            raise ValueError(f"sound is whole samples of {BYTES_PER_SAMPLE} bytes, not {len(pcm)} bytes")
        if turn_id not in self._closed_turns:
            self._queued_turn(turn_id).pcm += pcm

    def finish(self, turn_id: str) -> None:
        """Nothing more will be queued for this turn; `on_finished` follows when all of it has been sent."""
        if turn_id not in self._closed_turns:
            self._queued_turn(turn_id).finished = True

    def duck(self, gain_db: float) -> None:
        """Lower the voice by `gain_db` (negative) within the next frame."""
        if not self._is_held:
            self._gain.move(10 ** (gain_db / 20), DUCK_RAMP_MS)

    def hold(self, fade_ms: float) -> None:
        """Fade out within so long, then let the playhead stand still; whatever is queued, or comes, stays queued."""
        if not self._is_held:
            self._is_held = True
            self._fades_from = self._playhead()[1]
            self._gain.move(0.0, fade_ms)

    def restore(self, fade_ms: float, rewind_ms: float = 0) -> None:
        """Undo `duck` and `hold`: the voice is as loud as ever after `fade_ms`.

        After a hold it goes on at most `rewind_ms` before the place where it stood still, or where the pause ends in
        which it did: see `word_starts`.
        """
        self.lost_ms = 0
        if self._is_held and self._gain.is_silent:
            self._rewind(rewind_ms, fade_ms)
        self._is_held = False
        self._gain.move(1.0, fade_ms)

    def _rewind(self, rewind_ms: float, fade_ms: float) -> None:
        if not self._turns:
            return
        sent = self._playhead()[1]
        heard = self._turns[0].last(samples_in(rewind_ms) * BYTES_PER_SAMPLE)
        ahead = self._turns[0].next(samples_in(LONGEST_SKIP_MS) * BYTES_PER_SAMPLE)
        lost_samples = max(0, sent - self._fades_from)
        goes_on_at = resume_point(heard, rise_samples=samples_in(fade_ms), lost_samples=lost_samples, ahead=ahead)
        self.lost_ms = audible_ms(np.concatenate([heard, ahead])[len(heard) - lost_samples : goes_on_at])
        self._move_to(sent - len(heard) + goes_on_at)

    def pause(self, *, unheard_seconds: float) -> None:
        """The line is dead: freeze the playhead, and move it back over what left since then (at most a second).

        A turn that was sent to its end meanwhile stays over.
        """
        if self._is_paused:
            return
        self._is_paused = True
        frames = min(len(self._left), round(unheard_seconds * 1000 / FRAME_MS))
        unheard = [self._left.pop() for _ in range(frames)]
        turn_id, sent = self._playhead()
        self._move_to(min((before for of_turn, before in unheard if of_turn == turn_id), default=sent))

    def resume(self) -> None:
        """The line is there again: go on where the listener was."""
        if self._is_paused:
            self._is_paused = False
            self._left.clear()
            self._gain.fade_in(RESUME_FADE_MS)

    def _playhead(self) -> tuple[str, int]:
        """Whose turn it is, and how many samples of it have left."""
        turn_id = self._turns[0].turn_id if self._turns else ""
        return turn_id, self.samples_sent(turn_id)

    def _move_to(self, sample: int) -> None:
        """Let the present turn go on at this sample of it, as far as its sound is kept."""
        if self._turns:
            turn = self._turns[0]
            moved = turn.move((sample - self._sent[turn.turn_id]) * BYTES_PER_SAMPLE)
            self._sent[turn.turn_id] += moved // BYTES_PER_SAMPLE

    async def cancel_playback(self) -> int:
        """Drop all that is queued: the next frame is silent. Returns the samples that were sent of the current turn."""
        return self.stop_now()

    def stop_now(self) -> int:
        """What `cancel_playback` does, for callers that do not wait."""
        samples = self._playhead()[1]
        self._closed_turns.extend(turn.turn_id for turn in self._turns)
        self._turns.clear()
        self._gain.reset()
        self._is_held = False
        return samples

    def samples_sent(self, turn_id: str) -> int:
        """How many samples of this turn have left. Silence in between does not count."""
        return self._sent.get(turn_id, 0)

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        await self._wait_for_turn()
        return self._to_audio_frame(self._next_frame())

    async def _wait_for_turn(self) -> None:
        """Sleep until frame n is due at t0 + n · 20 ms; the time that sending takes does not add up."""
        now = self._clock()
        if self._start is None:
            self._start = now
        due = self._start + self._frame_count * FRAME_MS / 1000
        if now < due:
            await self._sleep(due - now)
        elif now - due > MAX_LAG_SECONDS:
            self._start += now - due
            self.skipped_seconds += now - due
            due = now
        self.late_seconds = max(0.0, self._clock() - due)

    def _next_frame(self) -> bytes:
        frame = self._gain.apply(self._take())
        self.level_dbfs = frame_dbfs(frame)
        if self._on_frame is not None:
            self._on_frame(frame)
        return frame

    def _take(self) -> bytes:
        if self._is_paused:
            return SILENT_FRAME
        self._left.append(self._playhead())
        if self._is_held and self._gain.is_silent:
            return SILENT_FRAME
        while self._turns:
            turn = self._turns[0]
            taken = turn.take()
            if taken:
                self._count(turn, len(taken) // BYTES_PER_SAMPLE)
            if turn.finished and not turn.waiting:
                self._turns.popleft()
                self._closed_turns.append(turn.turn_id)
                self._on_finished(turn.turn_id, self.samples_sent(turn.turn_id))
                if not taken:
                    self._left[-1] = self._playhead()
                    continue
            return taken.ljust(BYTES_PER_FRAME, b"\0") if taken else SILENT_FRAME
        return SILENT_FRAME

    def _count(self, turn: _QueuedTurn, samples: int) -> None:
        self._sent[turn.turn_id] += samples
        if not turn.started:
            turn.started = True
            self._on_started(turn.turn_id)

    def _queued_turn(self, turn_id: str) -> _QueuedTurn:
        for turn in self._turns:
            if turn.turn_id == turn_id:
                return turn
        turn = _QueuedTurn(turn_id)
        self._turns.append(turn)
        self._sent.setdefault(turn_id, 0)
        while len(self._sent) > max(REMEMBERED_TURNS, len(self._turns)):
            del self._sent[next(iter(self._sent))]
        return turn

    def _to_audio_frame(self, pcm: bytes) -> av.AudioFrame:
        frame = audio_frame(pcm, pts=self._frame_count * SAMPLES_PER_FRAME)
        self._frame_count += 1
        return frame
