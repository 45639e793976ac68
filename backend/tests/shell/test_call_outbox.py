"""What does the browser see of a reply's caption until it is final, of a barge-in, of time to think?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ai_agent import commands
from ai_agent.call_outbox import CallOutbox
from ai_agent.conversation import ConversationPhase

SPEAKS = commands.PhaseChanged(
    ConversationPhase.AI_SPEAKING, ConversationPhase.PROCESSING_USER, "turn", "reply_started", 1.2
)


class Page:
    """An outbox, and what left it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.outbox = CallOutbox(self._send)
        self.outbox.begin_caption()

    async def _send(self, message: str) -> None:
        self.sent.append(json.loads(message))

    async def lines(self) -> list[tuple[str, bool]]:
        """The captions in order, and which were final."""
        self.outbox.close()
        await self.outbox.run()
        return [(message["text"], message["final"]) for message in self.sent if message["type"] == "transcript"]


@pytest.fixture
def page() -> Page:
    return Page()


async def test_a_caption_grows_with_the_sentences_and_is_final_when_the_reply_is_over(page: Page) -> None:
    page.outbox.show_planned("turn", "One.", 1.0)
    page.outbox.show_phase(SPEAKS)
    page.outbox.show_planned("turn", "Two.", 2.0)
    page.outbox.withdraw_caption("turn", 3.0)
    page.outbox.show_reply(commands.CloseReply("turn", "One. Two.", "One.", interrupted=True, at=3.0))
    assert await page.lines() == [("One.", False), ("One. Two.", False), ("One. Two.", True)]


async def test_a_caption_of_which_nothing_was_heard_is_withdrawn_once(page: Page) -> None:
    page.outbox.show_planned("turn", "One.", 1.0)
    page.outbox.withdraw_caption("turn", 1.5)
    page.outbox.withdraw_caption("turn", 1.5)
    assert await page.lines() == [("One.", False), ("", True)]
    assert page.sent[-1]["turn_id"] == "turn" and page.sent[-1]["heard_upto"] == 0


async def test_a_reply_that_showed_nothing_has_nothing_to_withdraw(page: Page) -> None:
    page.outbox.show_planned("before", "One.", 1.0)
    page.outbox.begin_caption()
    page.outbox.withdraw_caption("turn", 1.5)
    assert await page.lines() == [("One.", False)]


async def test_the_next_caption_may_be_withdrawn_after_one_that_was_heard(page: Page) -> None:
    page.outbox.show_phase(SPEAKS)
    page.outbox.begin_caption()
    page.outbox.show_planned("next", "Three.", 4.0)
    page.outbox.withdraw_caption("next", 4.1)
    assert await page.lines() == [("Three.", False), ("", True)]


# ── barge-in and time to think ────────────────────────────────────────────────────────────────────


async def test_the_page_is_told_how_far_a_bid_for_the_floor_has_come(page: Page) -> None:
    reported = commands.ReportBargeIn("candidate", "suspected", "near_end_speech", at=12.0604, reaction_ms=60.4)
    page.outbox.show_barge_in(reported, "turn")
    page.outbox.show_barge_in(commands.ReportBargeIn("candidate", "rejected", "click", at=12.34, reaction_ms=340), None)
    await page.lines()
    assert page.sent == [
        {
            "type": "barge_in",
            "candidate_id": "candidate",
            "decision": "suspected",
            "reason": "near_end_speech",
            "reaction_ms": 60,
            "turn_id": "turn",
            "at_ms": 12_060,
        },
        {
            "type": "barge_in",
            "candidate_id": "candidate",
            "decision": "rejected",
            "reason": "click",
            "reaction_ms": 340,
            "at_ms": 12_340,
        },
    ]


async def test_the_page_is_told_until_when_silence_does_not_count_and_when_it_does_again(page: Page) -> None:
    page.outbox.show_thinking(commands.ThinkingChanged(until=48.2, at=18.2))
    page.outbox.show_thinking(commands.ThinkingChanged(until=None, at=22.4))
    await page.lines()
    assert page.sent == [
        {"type": "thinking", "until_ms": 48_200, "at_ms": 18_200},
        {"type": "thinking", "at_ms": 22_400},
    ]
