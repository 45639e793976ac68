"""What do all tests stand on? A database, a recordings folder and limits of their own, never `backend/.env`.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` name servers to run the same tests on; `tests/services.py` starts private ones
and runs a command with both set:

    python -m pytest                                             SQLite, in-memory channel layer and cache
    python -m tests.services python -m pytest -m "db or redis"   the same tests, on PostgreSQL and Redis
"""
# ruff: noqa: E402 - the environment stands before Django reads it

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import django
import hypothesis
import pytest

ENV_EXAMPLE = Path(__file__).with_name(".env.example")
KEPT = frozenset({"MODELS_DIR"})
"""Where the weights lie that every machine shares: nothing is written there, and none is chosen by it."""

# What somebody's terminal exports for a server of theirs is not for the tests.
for _name in set(re.findall(r"^([A-Z0-9_]+)=", ENV_EXAMPLE.read_text("utf-8"), re.MULTILINE)) - KEPT:
    os.environ.pop(_name, None)
os.environ["PARLEY_TESTING"] = "1"
os.environ["AI_MODE"] = "mock"
os.environ["ICE_ADDRESSES"] = "127.0.0.1"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["DATABASE_CONN_MAX_AGE"] = "0"  # a test's thread leaves no connection behind
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
os.environ["REDIS_URL"] = os.environ.get("TEST_REDIS_URL", "")

# How long something takes is for the benchmarks: a shared machine makes a timed test lie.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

django.setup()

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import Client

from accounts.models import User
from ai_agent.models import Room
from ai_personas.models import Persona
from config.settings import TEMPORARY

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every test that touches the database carries `db`, so that one word selects them for PostgreSQL.

    A test whose peers talk in real time shares the machine with others: it has three tries, and a rerun is reported.
    Those that need Redis belong to the run that has one (`just test-db`); the other does not know them.
    """
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("db")
        if item.get_closest_marker("real_time"):
            item.add_marker(pytest.mark.flaky(reruns=2))
    if not settings.REDIS_URL:
        of_the_other_run = [item for item in items if item.get_closest_marker("redis")]
        config.hook.pytest_deselected(items=of_the_other_run)
        items[:] = [item for item in items if item not in of_the_other_run]


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Tickets, rate limits and locks of one test are not another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def _keep_the_tests_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """`database_sync_to_async` takes a connection inside a test's transaction for a broken one and would close it."""

    def close_old_connections() -> None:
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()

    monkeypatch.setattr("channels.db.close_old_connections", close_old_connections)


@pytest.fixture(scope="session", autouse=True)
def _own_folder() -> Iterator[None]:
    """What a run writes goes with the run."""
    TEMPORARY.mkdir(exist_ok=True)
    yield
    shutil.rmtree(TEMPORARY, ignore_errors=True)


# ── somebody, a persona, a room ───────────────────────────────────────────────────────────────────

PASSWORD = "correct horse battery"  # noqa: S105 - of nobody who exists


@pytest.fixture
def person(db: None) -> User:
    """Ada, who has an account."""
    return User.objects.create_user("ada", password=PASSWORD)


@pytest.fixture
def stranger(db: None) -> User:
    """Bob, who has one too and owns nothing of Ada's."""
    return User.objects.create_user("bob", password=PASSWORD)


@pytest.fixture
def persona(db: None) -> Persona:
    """The preset that a newcomer meets first."""
    call_command("load_presets", verbosity=0)
    return Persona.objects.get(slug="helpful-assistant")


@pytest.fixture
def room(person: User, persona: Persona) -> Room:
    """Ada's room with that persona; nobody has called yet."""
    return Room.objects.create(owner=person, persona=persona)


@pytest.fixture
def browser(person: User) -> Client:
    """Ada's browser, signed in."""
    return signed_in(person)


def signed_in(user: User) -> Client:
    """A browser that holds this person's session."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
