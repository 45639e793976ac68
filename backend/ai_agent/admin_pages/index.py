"""What does the admin's first page tell? How many of each there are, and how the scores of interviews lie."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import Avg, Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from ai_agent.models import (
    OPEN_INTERVIEWS,
    OPEN_STATUSES,
    Call,
    InterviewQuestionState,
    InterviewSession,
    InterviewStatus,
)

DECADES: Final = 10
"""Bars of the chart: ten per cent each."""
LATELY: Final = timedelta(days=7)


def fill_index(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The first page's own part; each count only for whoever may see what is counted."""
    may_see = request.user.has_perm
    since = timezone.now() - LATELY
    cards: list[dict[str, Any]] = []
    if may_see("ai_agent.view_interviewsession"):
        cards += _interview_cards(since)
        context["scores"] = score_chart()
    if may_see("ai_agent.view_call"):
        calls = Call.objects.begun().aggregate(
            total=Count("id"),
            live=Count("id", filter=Q(status__in=OPEN_STATUSES)),
            lately=Count("id", filter=Q(started_at__gte=since)),
        )
        cards.append(
            _card("Calls", calls["total"], f"{calls['live']} going on, {calls['lately']} in the last week", "call")
        )
    if may_see("accounts.view_user"):
        cards.append(
            {
                **_card("People", User.objects.count(), "with an account"),
                "url": reverse("admin:accounts_user_changelist"),
            }
        )
    context["cards"] = cards
    return context


def _interview_cards(since: Any) -> list[dict[str, Any]]:
    counts = InterviewSession.objects.aggregate(
        total=Count("id"),
        open=Count("id", filter=Q(status__in=OPEN_INTERVIEWS)),
        finished=Count("id", filter=Q(status=InterviewStatus.FINISHED)),
        lately=Count("id", filter=Q(status=InterviewStatus.FINISHED, finished_at__gte=since)),
        counted=Sum("asked_count"),
        mean=Avg(100.0 * F("score") / F("score_out_of"), filter=_SCORED, output_field=FloatField()),
    )
    asked = InterviewQuestionState.objects.filter(is_asked=True).count()
    lost = asked - (counts["counted"] or 0)
    mean = "–" if counts["mean"] is None else f"{round(counts['mean'])} %"
    return [
        _card("Interviews", counts["total"], f"{counts['open']} not over", "interviewsession"),
        _card(
            "Finished",
            counts["finished"],
            f"{counts['lately']} in the last week",
            "interviewsession",
            "status__exact=finished",
        ),
        _card("Questions not scored", lost, "asked, and left out of the maximum", "interviewsession", "o=-6"),
        _card("Mean score", mean, "of what could be scored, finished interviews", "interviewsession"),
    ]


_SCORED: Final = Q(status=InterviewStatus.FINISHED, score_out_of__gt=0)


def score_chart() -> list[dict[str, Any]]:
    """Finished interviews by the tenth of the points that they reached, lowest first."""
    shares = InterviewSession.objects.filter(_SCORED).annotate(
        percent=Cast(100.0 * F("score") / F("score_out_of"), FloatField())
    )
    counts = shares.aggregate(
        **{f"from_{low}": Count("id", filter=_between(low)) for low in range(0, 10 * DECADES, DECADES)}
    )
    most = max(counts.values()) or 1
    return [
        {
            "range": f"{low}–{100 if low == 90 else low + 9} %",
            "count": counts[f"from_{low}"],
            "height": round(100 * counts[f"from_{low}"] / most),
        }
        for low in range(0, 10 * DECADES, DECADES)
    ]


def _between(low: int) -> Q:
    """The last bar holds full marks, too."""
    least = Q(percent__gte=low)
    return least if low == 90 else least & Q(percent__lt=low + DECADES)


def _card(title: str, value: Any, words: str, model: str = "", query: str = "") -> dict[str, Any]:
    url = reverse(f"admin:ai_agent_{model}_changelist") if model else ""
    return {"title": title, "value": value, "words": words, "url": f"{url}?{query}" if query else url}
