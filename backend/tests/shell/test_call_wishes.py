"""What a browser's message becomes: a fact for the engine, or something for the line."""

from __future__ import annotations

import logging
from typing import Any
from uuid import uuid4

import pytest

from ai_agent.call_log import CallLog
from ai_agent.call_wishes import CallWishes
from ai_agent.signaling import parse_client_message
from tests.architecture.tree import ROOT

EXAMPLES = sorted((ROOT / "contracts/signalling/client").glob("*.json"))
PLAYHEAD = 48_000


class Line:
    """Stands in for the media: what it was given."""

    def __init__(self) -> None:
        self.given: list[object] = []

    def take_offer(self, sdp: str) -> None:
        self.given.append(sdp)

    def add_candidate(self, candidate: object) -> None:
        self.given.append(candidate)


class Browser:
    """A browser's messages, and what came of them."""

    def __init__(self, *, is_agent_speaking: bool = False) -> None:
        self.line, self.facts = Line(), list[tuple[str, dict[str, object]]]()
        self.wishes = CallWishes(
            self.line,  # type: ignore[arg-type]
            CallLog(logging.getLogger("a.session"), uuid4(), with_transcripts=False),
            tell=lambda fact, **arguments: self.facts.append((fact, arguments)),
            samples_sent=lambda: PLAYHEAD,
            is_agent_speaking=lambda: is_agent_speaking,
        )

    def send(self, raw: str) -> list[tuple[str, dict[str, object]]]:
        self.wishes.take(parse_client_message(raw))
        return self.facts


OPEN = {"echo_cancellation": True, "noise_suppression": False, "auto_gain_control": True, "muted": False}


@pytest.mark.parametrize(
    ("raw", "fact", "arguments"),
    [
        ('{"type": "cancel_tts"}', "cancel_tts", {"samples_sent": PLAYHEAD}),
        ('{"type": "end_turn"}', "end_turn", {}),
        ('{"type": "end_call"}', "end_call", {"reason": "user_ended"}),
        ('{"type": "thinking"}', "on_thinking", {"seconds": 30}),
        ('{"type": "thinking", "seconds": 12.5}', "on_thinking", {"seconds": 12.5}),
        ('{"type": "user_text", "text": "Hello."}', "on_user_text", {"transcript": "Hello."}),
        (
            '{"type": "playback", "state": "started", "playout_delay_ms": 80}',
            "on_playout_delay",
            {"delay_ms": 80.0},
        ),
    ],
)
def test_a_wish_is_a_fact(raw: str, fact: str, arguments: dict[str, Any]) -> None:
    assert Browser().send(raw) == [(fact, arguments)]


@pytest.mark.parametrize(("said", "push_to_talk"), [("", False), (', "push_to_talk": true', True)])
def test_what_the_browser_does_with_the_microphone_is_passed_on(said: str, push_to_talk: bool) -> None:
    written = ", ".join(f'"{name}": {str(value).lower()}' for name, value in OPEN.items())
    assert Browser().send(f'{{"type": "media_settings", {written}{said}}}') == [
        (
            "on_media_settings",
            {"muted": False, "noise_suppression": False, "auto_gain_control": True, "push_to_talk": push_to_talk},
        )
    ]


def test_what_is_typed_over_the_agents_voice_stops_it_first() -> None:
    facts = Browser(is_agent_speaking=True).send('{"type": "user_text", "text": "Hello."}')
    assert facts == [("cancel_tts", {"samples_sent": PLAYHEAD}), ("on_user_text", {"transcript": "Hello."})]


def test_a_browser_that_blocks_its_sound_is_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "a.session")
    assert Browser().send('{"type": "playback", "state": "blocked"}') == []
    assert "blocks its sound" in caplog.messages[0]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_message_that_a_running_call_may_get_is_for_somebody(path: Any) -> None:
    browser = Browser()
    browser.send(path.read_text(encoding="utf-8"))
    is_seen_to_elsewhere = path.stem in {"ping", "playback.blocked"}
    assert bool(browser.facts or browser.line.given) is not is_seen_to_elsewhere
