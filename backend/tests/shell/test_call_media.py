"""The line of a call: one at a time, a quiet one is nobody's silence, and what left into it is said again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from ai_agent import call_media
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.call_media import QUIET_LINE_SECONDS, CallMedia, MediaSettings
from ai_agent.webrtc import MediaLimits, MediaLost
from tests.shell.loopback_peer import new_client, voice

SETTINGS = MediaSettings(limits=MediaLimits(), ice_servers=(), ice_addresses=("127.0.0.1",), patience_seconds=60.0)


class ScriptedMicrophone:
    """Frames, each with the time for which no packet had come then."""

    def __init__(self, *absences: float) -> None:
        self.absent_seconds = 0.0
        self._absences = absences

    async def frames(self) -> AsyncIterator[bytes]:
        for absent_seconds in self._absences:
            self.absent_seconds = absent_seconds
            yield SILENT_FRAME
            await asyncio.sleep(0)
        raise MediaLost("the script is over")


@dataclass
class ScriptedLine:
    """A peer connection that is told what happens."""

    name: str
    microphone: ScriptedMicrophone
    log: list[str]
    is_up: asyncio.Event = field(default_factory=asyncio.Event)
    may_close: asyncio.Event = field(default_factory=asyncio.Event)
    is_closing: bool = False
    has_answered: bool = False

    def play(self, speaker: object) -> None:
        pass

    async def answer(self, sdp: str) -> str:
        self.log.append(f"{self.name} answers")
        self.has_answered = True
        return "an answer"

    async def connected(self) -> None:
        await self.is_up.wait()
        if self.is_closing:
            raise MediaLost("closed")

    async def close(self) -> None:
        self.is_closing = True
        await self.may_close.wait()
        self.is_up.set()
        self.log.append(f"{self.name} is closed")


class Listener:
    def __init__(self) -> None:
        self.log: list[str] = []

    def on_media_answer(self, sdp: str) -> None: ...

    def on_media_refused(self, refusal: object) -> None:
        raise AssertionError(refusal)

    def on_media_given_up(self) -> None: ...

    def on_media_connected(self) -> None:
        self.log.append("connected")

    def on_media_frame(self, frame: bytes) -> None:
        self.log.append("frame")

    def on_media_quiet(self, absent_seconds: float) -> None:
        self.log.append(f"quiet since {absent_seconds:g} s")

    def on_media_back(self) -> None:
        self.log.append("back")

    def on_media_lost(self) -> None:
        self.log.append("lost")


@asynccontextmanager
async def call_on(
    *lines: ScriptedLine, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[CallMedia, Listener, str]]:
    """A call whose lines are these, one after the other, and a browser's offer."""
    waiting = list(lines)
    monkeypatch.setattr(call_media, "lay_line", lambda _: waiting.pop(0))
    listener, speaker, client = Listener(), voice(), new_client(voice())
    await client.setLocalDescription(await client.createOffer())
    async with asyncio.TaskGroup() as tasks:
        media = CallMedia(speaker, settings=SETTINGS, listener=listener, spawn=tasks.create_task)  # type: ignore[arg-type]
        yield media, listener, client.localDescription.sdp
        await media.close()
    await client.close()


def line(name: str, log: list[str], *absences: float) -> Any:
    return ScriptedLine(name, ScriptedMicrophone(*absences), log)


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0)


async def test_a_quiet_line_gives_no_frames_and_its_two_changes_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = QUIET_LINE_SECONDS
    only = line("only", [], 0.0, 0.1, quiet, quiet + 0.02, 0.0, 0.0)
    only.is_up.set()
    only.may_close.set()
    async with call_on(only, monkeypatch=monkeypatch) as (media, listener, offer):
        media.take_offer(offer)
        await until(lambda: "lost" in listener.log)
    assert listener.log == ["connected", "frame", "frame", f"quiet since {quiet:g} s", "back", "frame", "frame", "lost"]


async def test_a_third_offer_waits_until_both_lines_before_it_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines would take frames from one speaker."""
    log: list[str] = []
    first, second, third = line("first", log, 0.0), line("second", log), line("third", log)
    async with call_on(first, second, third, monkeypatch=monkeypatch) as (media, _, offer):
        media.take_offer(offer)
        await until(lambda: log == ["first answers"])
        media.take_offer(offer)
        await asyncio.sleep(0)
        media.take_offer(offer)
        second.may_close.set()
        await until(lambda: "second is closed" in log)
        await asyncio.sleep(0)
        assert "third answers" not in log
        first.may_close.set()
        third.may_close.set()
        await until(lambda: "third answers" in log)
    assert log[:4] == ["first answers", "second is closed", "first is closed", "third answers"]


@pytest.mark.parametrize("is_answered_ahead", [False, True], ids=["by its call", "while its call is opened"])
async def test_a_line_that_was_laid_ahead_is_the_one_that_answers_and_once(is_answered_ahead: bool) -> None:
    log: list[str] = []
    laid = line("laid ahead", log)
    laid.may_close.set()
    if is_answered_ahead:
        await laid.answer("an offer")
    client = new_client(voice())
    await client.setLocalDescription(await client.createOffer())
    listener = Listener()
    async with asyncio.TaskGroup() as tasks:
        media = CallMedia(
            voice(), settings=SETTINGS, listener=listener, spawn=tasks.create_task, laid_line=laid  # type: ignore[arg-type]
        )  # fmt: skip
        media.take_offer(client.localDescription.sdp)
        laid.is_up.set()
        await until(lambda: listener.log == ["connected", "lost"])
        assert log[0] == "laid ahead answers"
        assert log.count("laid ahead answers") == 1
        await media.close()
    await client.close()
