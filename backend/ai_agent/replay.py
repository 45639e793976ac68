"""What did a recorded call do, and what would it do with other settings? Its facts, played through an engine again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ai_agent.call_engine import FACTS, CallEngine
from ai_agent.commands import Command


def replay(engine: CallEngine, facts: Iterable[Mapping[str, Any]], frames: Iterable[bytes]) -> Iterator[Command]:
    """The commands that `engine` gives for a journal's facts, in order.

    `frames` are the 1,920-byte frames of the raw recording that belongs to the journal. A recording that ended early
    (a killed process) ends the replay early.

    Raises:
        ValueError: a fact that no engine knows.
    """
    sound = iter(frames)
    for fact in facts:
        name, now, arguments = fact["fact"], fact["now"], fact["arguments"]
        if name not in FACTS:
            raise ValueError(f"{name!r} is not a fact of a call")
        if name != "on_audio_frame":
            yield from getattr(engine, name)(now=now, **arguments)
            continue
        frame = next(sound, None)
        if frame is None:
            return
        yield from engine.on_audio_frame(frame, now, **arguments)
