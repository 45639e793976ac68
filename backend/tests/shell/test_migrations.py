"""Is what was stored by an earlier release still there after a migration?"""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

ONE_HINT = ("ai_agent", "0007_a_reviewer_says_why")
EVERY_HINT = ("ai_agent", "0008_every_hint_is_kept")


def migrate(*targets: tuple[str, str]) -> Apps:
    """The models as they are then."""
    executor = MigrationExecutor(connection)
    executor.migrate([*targets])
    return executor.loader.project_state([*targets]).apps


@pytest.fixture
def before() -> Any:
    """The models of a release that kept one hint a question."""
    yield migrate(ONE_HINT)
    latest = MigrationExecutor(connection)
    latest.migrate(latest.loader.graph.leaf_nodes())


def packed(**hint: Any) -> dict[str, Any]:
    return {"question_id": "q", "attempts": [{"outcome": "incorrect"}], **hint}


@pytest.mark.django_db(transaction=True)
def test_the_hint_of_a_question_becomes_the_first_of_its_hints(before: Apps) -> None:
    model = before.get_model
    user = model("accounts", "User").objects.create(username="ada")
    persona = model("ai_personas", "Persona").objects.create(slug="one")
    version = model("ai_personas", "PersonaVersion").objects.create(persona=persona, number=1, configuration={})
    interview = model("ai_agent", "InterviewSession").objects.create(
        id=uuid.uuid4(),
        room=model("ai_agent", "Room").objects.create(owner=user, persona=persona),
        persona=persona,
        persona_version=version,
        question_ids=["q", "r"],
        state={
            "schema_version": 1,
            "questions": [
                packed(hint_point="cost", hint_given=True, hint_asked_first=False),
                packed(hint_point="", hint_given=False, hint_asked_first=False),
            ],
        },
        active_at=timezone.now(),
    )
    questions = model("ai_agent", "InterviewQuestionState").objects
    told = {"session": interview, "topic": "python", "stage": "basic", "entry": {}}
    questions.create(number=1, question_id="q", hint_given=True, hint_point="cost", first_outcome="incorrect", **told)
    questions.create(number=2, question_id="r", hint_given=True, hint_point="use", hint_asked_first=True, **told)
    questions.create(number=3, question_id="s", **told)

    after = migrate(EVERY_HINT)

    named = {"point": "cost", "after": 1, "is_full": False, "is_asked": False}
    asked = {"point": "use", "after": 0, "is_full": True, "is_asked": True}
    rows = after.get_model("ai_agent", "InterviewQuestionState").objects.order_by("number")
    assert [row.hints for row in rows] == [[named], [asked], []]
    state = after.get_model("ai_agent", "InterviewSession").objects.get().state
    assert state["schema_version"] == 2
    assert [one["hints"] for one in state["questions"]] == [[named], []]
    assert all("hint_point" not in one for one in state["questions"])
