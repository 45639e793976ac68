"""What does the browser see of a reply's caption, until it is final?"""

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
