"""What do tests of whole calls share? Nothing of a call is left when the next test begins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ai_agent import live_calls
from ai_agent.rate_limits import KeyedBuckets

LAST_ROWS_SECONDS = 30.0


@pytest.fixture(autouse=True)
def _own_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    """All callers of all tests call from one address: one test's offers are not another's."""
    monkeypatch.setattr(live_calls, "_offers", KeyedBuckets(rate=1_000, burst=1_000))


@pytest.fixture
async def calls_have_ended(transactional_db: None) -> AsyncIterator[None]:
    """A call writes its last rows after its socket is gone: the database is not emptied under it."""
    yield
    async with asyncio.timeout(LAST_ROWS_SECONDS):
        await asyncio.gather(*(session.finished() for session in list(live_calls._sessions.values())))
