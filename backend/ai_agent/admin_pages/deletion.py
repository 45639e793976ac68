"""What may go, and what goes with it? An interview with its parts, which nobody deletes alone; nothing in a call."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest

from ai_agent.models import OPEN_STATUSES, AnswerReview, InterviewQuestionState, InterviewSession, PracticeAnswer

_PARTS: Final = frozenset(model._meta.verbose_name for model in (InterviewQuestionState, AnswerReview, PracticeAnswer))


class TakesItsPartsAlong:
    """Who may delete this may delete the interview's parts with it."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing - _PARTS, protected


class StaysWhileCalled(TakesItsPartsAlong):
    """An interview in whose room somebody is being called stays until the call is over."""

    def has_delete_permission(self, request: HttpRequest, obj: InterviewSession | None = None) -> bool:
        is_called = obj is not None and obj.room.calls.filter(status__in=OPEN_STATUSES).exists()
        return not is_called and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        rows = InterviewSession.objects.filter(pk__in=[one.pk for one in objs], room__calls__status__in=OPEN_STATUSES)
        called = [f"{one}: a call goes on in it" for one in rows.distinct()]
        if called:
            missing = missing - {InterviewSession._meta.verbose_name}
        return deleted, counts, missing, [*protected, *called]
