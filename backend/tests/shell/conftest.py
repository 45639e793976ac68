"""What do tests of whole calls share? Nothing of a call is left when the next test begins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from ai_agent import live_calls
from ai_agent.ai_orchestrator import Timeouts
from ai_agent.line_cache import LineCache
from ai_agent.live_providers.silero import load_speech_model
from ai_agent.mock_providers.llm import MockLanguageModel
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.mock_providers.tts import MockTextToSpeech
from ai_agent.process import THIS_PROCESS
from ai_agent.providers import EndOfTurnModel, LanguageModel, Providers, SpeechToText, TextToSpeech
from ai_agent.rate_limits import KeyedBuckets

LAST_ROWS_SECONDS = 30.0

QUICK = Timeouts(
    transcript_seconds=0.6,
    transcript_seconds_per_second=0.0,
    first_token_seconds=0.5,
    next_token_seconds=0.5,
    first_sample_seconds=0.5,
    next_sample_seconds=0.5,
)
"""Patience with providers that fail on purpose."""

Provide = Callable[..., None]


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


@pytest.fixture
def provide(monkeypatch: pytest.MonkeyPatch) -> Provide:
    """Load these providers into the process, with short patience and no line spoken before."""
    monkeypatch.setattr(THIS_PROCESS, "slots", 2)
    THIS_PROCESS.warm_up_succeeded()
    usual = live_calls._session_settings
    monkeypatch.setattr("ai_agent.ai_orchestrator.SHARED_LINE_CACHE", LineCache())

    def load(
        *,
        stt: SpeechToText | None = None,
        llm: LanguageModel | None = None,
        tts: TextToSpeech | None = None,
        end_of_turn: EndOfTurnModel | None = None,
        timeouts: Timeouts = QUICK,
    ) -> None:
        monkeypatch.setattr(live_calls, "_session_settings", lambda: replace(usual(), timeouts=timeouts))
        providers = Providers(
            stt=stt or MockSpeechToText(),
            llm=llm or MockLanguageModel(),
            tts=tts or MockTextToSpeech(),
            stand_ins=("stt", "llm", "tts"),
            end_of_turn=end_of_turn,
        )
        monkeypatch.setattr(live_calls.ENGINES, "_loaded", (providers, load_speech_model()))

    return load
