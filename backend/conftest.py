"""What do all tests stand on? A database, a recordings folder and limits of their own, never `backend/.env`.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` name servers to run the same tests on; `tests/services.py` starts private ones
and runs a command with both set:

    python -m pytest                                          SQLite, in-memory channel layer and cache
    python -m tests.services python -m pytest -m "db or redis"   the same tests, on PostgreSQL and Redis
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

os.environ["PARLEY_TESTING"] = "1"
os.environ["AI_MODE"] = "mock"
os.environ["ICE_ADDRESSES"] = "127.0.0.1"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
os.environ["REDIS_URL"] = os.environ.get("TEST_REDIS_URL", "")
for _name in ("STT_PROVIDER", "LLM_PROVIDER", "TTS_PROVIDER", "SECRET_KEY", "DEBUG", "FRONTEND_ORIGINS", "ICE_SERVERS"):
    os.environ.pop(_name, None)

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that touches the database carries `db`, so that one word selects them for PostgreSQL."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("db")


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Tickets, rate limits and locks of one test are not another's."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.cache import cache  # noqa: PLC0415

    if settings.configured:
        cache.clear()
    yield


@pytest.fixture(scope="session", autouse=True)
def _own_folder() -> Iterator[None]:
    """What a run writes goes with the run."""
    from config.settings import TEMPORARY  # noqa: PLC0415

    TEMPORARY.mkdir(exist_ok=True)
    yield
    shutil.rmtree(TEMPORARY, ignore_errors=True)
