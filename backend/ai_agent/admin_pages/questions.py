"""What does a reviewer see of questions across interviews, and of every look at them after the call?"""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin
from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ai_agent.admin_pages.evidence import WHAT_CAME_AFTER, evidence
from ai_agent.admin_pages.exports import Exported, QuestionRows
from ai_agent.admin_pages.review_actions import LEAVE_OUT, TAKE_BACK, Wish, list_of, mark_questions
from ai_agent.models import AnswerReview, InterviewQuestionState, QuestionOutcome, ReviewKind
from config.admin_look import ModelAdmin, ReadOnly, action, display

OUTCOME_COLOURS: Final = {
    QuestionOutcome.SCORED: "success",
    QuestionOutcome.SKIPPED: "warning",
    QuestionOutcome.NO_ANSWER: "warning",
    QuestionOutcome.UNSCORABLE: "danger",
}


class PointsNow(admin.SimpleListFilter):
    """Questions by the points that they have with all reviews."""

    title = "points"
    parameter_name = "points_now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((str(points), str(points)) for points in (9, 7, 5, 4, 1)), ("none", "none")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "none":
            return queryset.filter(points_now=None)
        wanted = self.value()
        return queryset.filter(points_now=int(wanted)) if wanted in {"9", "7", "5", "4", "1"} else queryset


class Seen(admin.SimpleListFilter):
    """Questions that somebody has looked at again."""

    title = "reviews"
    parameter_name = "seen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = [(kind.value, str(kind.label)) for kind in ReviewKind]
        return [("any", "any"), *kinds, ("left_out", "left out by a reviewer"), ("no", "none")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "any" | "no" as wanted:
                return queryset.filter(last_review__isnull=wanted == "no")
            case "left_out":
                return queryset.filter(last_mark=ReviewKind.UNSCORABLE)
            case kind if kind in ReviewKind.values:
                return queryset.filter(Exists(AnswerReview.objects.filter(question=OuterRef("pk"), kind=kind)))
        return queryset


@admin.register(InterviewQuestionState)
class QuestionAdmin(Exported, ReadOnly, ModelAdmin):
    list_display = (
        "question_id",
        "candidate",
        "number",
        "stage",
        "shown_outcome",
        "first_outcome",
        "second_outcome",
        "hint_given",
        "shown_points",
        "shown_review",
        "done_at",
    )
    list_filter = ("outcome", PointsNow, Seen, "stage", "topic", "unscorable_reason", "done_at")
    search_fields = ("question_id", "session__id", "session__room__owner__username")
    search_help_text = "A question's or an interview's id, or a candidate's name"
    ordering = ("-done_at", "-id")
    resource_classes = (QuestionRows,)
    actions = ("leave_out", "take_back")
    actions_detail = ("leave_out_this", "take_back_this")
    fields = ("shown_interview", "shown")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[InterviewQuestionState]:
        self._may_leave_out = self.has_leave_out_permission(request)
        rows = super().get_queryset(request).select_related("session__room__owner").defer("session__state")
        latest = AnswerReview.objects.filter(question=OuterRef("pk")).order_by("-id")
        marks = latest.filter(kind__in=(ReviewKind.UNSCORABLE, ReviewKind.SCORABLE))
        return rows.annotate(
            last_review=Subquery(latest.values("kind")[:1]),
            last_mark=Subquery(marks.values("kind")[:1]),
            points_now=Case(
                When(Exists(latest), then=Subquery(latest.values("points")[:1])),
                default=F("points"),
                output_field=IntegerField(),
            ),
        ).prefetch_related(*WHAT_CAME_AFTER)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────

    @display(ordering="session__room__owner__username")
    def candidate(self, question: InterviewQuestionState) -> str:
        return question.session.room.owner.username

    @display(description="outcome", ordering="outcome", label=OUTCOME_COLOURS)
    def shown_outcome(self, question: InterviewQuestionState) -> tuple[str, str]:
        if question.last_mark == ReviewKind.UNSCORABLE:
            return QuestionOutcome.UNSCORABLE, "left out"
        words = question.get_outcome_display().partition(" by ")[0]
        return question.outcome, words or question.get_status_display()

    @display(description="points", ordering="points_now")
    def shown_points(self, question: InterviewQuestionState) -> str:
        return "–" if question.points_now is None else str(question.points_now)

    @display(description="last review", ordering="last_review", empty_value="–")
    def shown_review(self, question: InterviewQuestionState) -> str | None:
        return str(ReviewKind(question.last_review).label) if question.last_review else None

    @display(description="interview")
    def shown_interview(self, question: InterviewQuestionState) -> SafeString:
        address = reverse("admin:ai_agent_interviewsession_change", args=[question.session_id])
        return format_html('<a href="{}">{}</a>', address, question.session)

    @display(description="evidence")
    def shown(self, question: InterviewQuestionState) -> SafeString:
        return evidence(question, may_leave_out=self._may_leave_out)

    # ── what may be done ──────────────────────────────────────────────────────────────────────────

    def has_leave_out_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("ai_agent.leave_out_questions")

    @action(description=LEAVE_OUT.title, permissions=["leave_out"])
    def leave_out(self, request: HttpRequest, chosen: QuerySet[InterviewQuestionState]) -> HttpResponse | None:
        return mark_questions(self, request, chosen, LEAVE_OUT)

    @action(description=TAKE_BACK.title, permissions=["leave_out"])
    def take_back(self, request: HttpRequest, chosen: QuerySet[InterviewQuestionState]) -> HttpResponse | None:
        return mark_questions(self, request, chosen, TAKE_BACK)

    @action(description=LEAVE_OUT.title, permissions=["leave_out"], icon="block")
    def leave_out_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, LEAVE_OUT)

    @action(description=TAKE_BACK.title, permissions=["leave_out"], icon="undo")
    def take_back_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, TAKE_BACK)

    def _ask(self, request: HttpRequest, object_id: str, wish: Wish) -> HttpResponse:
        question = self.get_object(request, object_id)
        if question is None:
            raise Http404
        chosen = self.get_queryset(request).filter(pk=question.pk)
        return mark_questions(self, request, chosen, wish, only_asks=True) or redirect(list_of(self))


@admin.register(AnswerReview)
class ReviewAdmin(ReadOnly, ModelAdmin):
    list_display = (
        "shown_question",
        "kind",
        "by",
        "attempt",
        "first_outcome",
        "second_outcome",
        "points",
        "note",
        "created_at",
    )
    list_display_links = ("shown_question",)
    list_select_related = ("question__session__room__owner", "by")
    list_filter = ("kind", ("by", admin.RelatedOnlyFieldListFilter), "created_at")
    search_fields = ("question__question_id", "question__session__id", "by__username", "note")
    search_help_text = "A question's or an interview's id, a reviewer's name, or words of the note"
    ordering = ("-id",)
    fields = (
        "shown_interview",
        "kind",
        "by",
        "note",
        "created_at",
        "attempt",
        "transcript",
        "first_outcome",
        "second_outcome",
        "points",
        "evaluation",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[AnswerReview]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="question", ordering="question__question_id")
    def shown_question(self, review: AnswerReview) -> str:
        question = review.question
        return f"{question.session.room.owner.username}, question {question.number}: {question.question_id}"

    @display(description="question")
    def shown_interview(self, review: AnswerReview) -> SafeString:
        address = reverse("admin:ai_agent_interviewsession_change", args=[review.question.session_id])
        return format_html(
            '<a href="{}#question-{}">{}</a>', address, review.question.number, self.shown_question(review)
        )
