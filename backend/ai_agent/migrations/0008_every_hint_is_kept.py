from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def _hint(point: str, *, is_early: bool, first: str | None) -> list[dict[str, Any]]:
    """The one hint that a question could have until now."""
    is_full = first == "partial" or (is_early and first not in {"incorrect", "dont_know"})
    return [{"point": point, "after": 0 if is_early else 1, "is_full": is_full, "is_asked": is_early}]


def _keep(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    questions = apps.get_model("ai_agent", "InterviewQuestionState").objects.using(schema_editor.connection.alias)
    for row in questions.filter(hint_given=True).iterator():
        row.hints = _hint(row.hint_point, is_early=row.hint_asked_first, first=row.first_outcome)
        row.save(update_fields=["hints"])
    interviews = apps.get_model("ai_agent", "InterviewSession").objects.using(schema_editor.connection.alias)
    for interview in interviews.iterator():
        if interview.state.get("schema_version") != 1:
            continue
        for question in interview.state["questions"]:
            point, is_given = question.pop("hint_point"), question.pop("hint_given")
            is_early = question.pop("hint_asked_first")
            first = question["attempts"][0]["outcome"] if question["attempts"] else None
            question["hints"] = _hint(point, is_early=is_early, first=first) if is_given else []
        interview.state["schema_version"] = 2
        interview.save(update_fields=["state"])


class Migration(migrations.Migration):
    dependencies = [("ai_agent", "0007_a_reviewer_says_why")]

    operations = [
        migrations.AddField(
            model_name="interviewquestionstate",
            name="hints",
            field=models.JSONField(
                blank=True, default=list, help_text="Each with its key point, and what came before it."
            ),
        ),
        migrations.AlterField(
            model_name="interviewquestionstate",
            name="hint_given",
            field=models.BooleanField(default=False, help_text="There is one; for lists and exports."),
        ),
        migrations.RunPython(_keep, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="interviewquestionstate", name="hint_point"),
    ]
