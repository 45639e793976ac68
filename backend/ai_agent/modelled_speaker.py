"""Where would the playhead be, had the agent been held, or let go on, where it was not? A speaker without sound.

    queued    ████████████████░░░░
    sent      █████████│                  one frame a tick; a hold stops it, a restore after a hold moves it back

It counts samples as the real track does, and tells the same two facts of each turn.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from ai_agent.audio_format import SAMPLES_PER_FRAME, frames_in, samples_in


@dataclass(frozen=True, slots=True)
class ReplyStarted:
    """The first frame of this turn has left."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class PlaybackFinished:
    """All of this turn has left, and nothing more will come."""

    turn_id: str
    samples_sent: int


@dataclass(slots=True)
class _Turn:
    turn_id: str
    queued: int = 0
    sent: int = 0
    has_started: bool = False
    is_finished: bool = False

    @property
    def waiting(self) -> int:
        return self.queued - self.sent


class ModelledSpeaker:
    """The agent's queue and its playhead.

    >>> speaker = ModelledSpeaker()
    >>> speaker.enqueue("a", 1_200)
    >>> speaker.tick(), speaker.samples_sent("a")
    ([ReplyStarted(turn_id='a')], 960)
    >>> speaker.tick(), speaker.samples_sent("a")  # a part of a frame waits for more
    ([], 960)
    >>> speaker.finish("a")
    >>> speaker.tick()
    [PlaybackFinished(turn_id='a', samples_sent=1200)]
    """

    def __init__(self) -> None:
        self._turns: deque[_Turn] = deque()
        self._sent: dict[str, int] = {}
        """Of the turns that are over."""
        self._fade_frames: int | None = None
        """How many frames leave before the playhead stands still; None: it is not held."""
        self._is_silent = False
        """Faded out, and not yet in again."""

    def enqueue(self, turn_id: str, samples: int) -> None:
        """So much more of this turn's sound. What comes for a turn that is over is dropped."""
        if turn_id not in self._sent:
            self._turn(turn_id).queued += samples

    def finish(self, turn_id: str) -> None:
        """Nothing more will be queued for this turn."""
        if turn_id not in self._sent:
            self._turn(turn_id).is_finished = True

    def hold(self, fade_ms: float) -> None:
        """The playhead stands still after the fade."""
        if self._fade_frames is None:
            self._fade_frames = 0 if self._is_silent else frames_in(fade_ms)

    def restore(self, rewind_ms: float) -> None:
        """The playhead moves again. From where it stood still it goes back first: by all that it may, without sound."""
        if self._fade_frames == 0 and self._turns:
            turn = self._turns[0]
            turn.sent = max(0, turn.sent - samples_in(rewind_ms))
        self._fade_frames = None

    def cancel(self) -> None:
        """Everything that is queued is gone."""
        for turn in self._turns:
            self._sent[turn.turn_id] = turn.sent
        self._turns.clear()
        self._fade_frames, self._is_silent = None, False

    def samples_sent(self, turn_id: str) -> int:
        """How much of this turn has left."""
        return next((turn.sent for turn in self._turns if turn.turn_id == turn_id), self._sent.get(turn_id, 0))

    def is_dry(self, turn_id: str) -> bool:
        """Nothing of this turn's sound waits that could be sent."""
        waiting = next((turn.waiting for turn in self._turns if turn.turn_id == turn_id), 0)
        return waiting < SAMPLES_PER_FRAME

    def tick(self) -> list[ReplyStarted | PlaybackFinished]:
        """One frame leaves."""
        if self._fade_frames == 0:
            return []
        self._fade()
        events: list[ReplyStarted | PlaybackFinished] = []
        while self._turns:
            turn = self._turns[0]
            taken = self._take(turn)
            if taken and not turn.has_started:
                turn.has_started = True
                events.append(ReplyStarted(turn.turn_id))
            if not turn.is_finished or turn.waiting:
                break
            self._close(turn)
            events.append(PlaybackFinished(turn.turn_id, turn.sent))
            if taken:
                break
        return events

    def follow(self, fact: ReplyStarted | PlaybackFinished) -> None:
        """This happened to the real one."""
        turn = self._turn(fact.turn_id)
        turn.has_started = True
        if isinstance(fact, PlaybackFinished):
            turn.sent = fact.samples_sent
            self._close(turn)

    def follow_frame(self, samples_sent: int | None) -> None:
        """So much of the present turn had left from the real one at this tick; None: nobody knows."""
        if samples_sent is None:
            self.tick()
            return
        self._fade()
        if self._turns and self._turns[0].has_started:
            self._turns[0].sent = samples_sent

    def _fade(self) -> None:
        if self._fade_frames:
            self._fade_frames -= 1
        self._is_silent = self._fade_frames == 0

    def _take(self, turn: _Turn) -> int:
        taken = min(turn.waiting, SAMPLES_PER_FRAME)
        if taken < SAMPLES_PER_FRAME and not turn.is_finished:
            return 0
        turn.sent += taken
        return taken

    def _close(self, turn: _Turn) -> None:
        self._turns.remove(turn)
        self._sent[turn.turn_id] = turn.sent

    def _turn(self, turn_id: str) -> _Turn:
        turn = next((turn for turn in self._turns if turn.turn_id == turn_id), None)
        if turn is None:
            turn = _Turn(turn_id)
            self._turns.append(turn)
        return turn
