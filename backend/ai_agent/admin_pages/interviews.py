"""What does a reviewer see of the interviews? Each with its questions and their evidence, all of it read-only."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ai_agent.admin_pages.deletion import StaysWhileCalled
from ai_agent.admin_pages.evidence import WHAT_CAME_AFTER, add_clips, evidence
from ai_agent.admin_pages.exports import Exported, InterviewRows
from ai_agent.admin_pages.review_actions import REEVALUATE, list_of, reevaluate_interviews
from ai_agent.call_deletion import recording_folder
from ai_agent.models import (
    AnswerReview,
    InterviewQuestionState,
    InterviewSession,
    InterviewStatus,
    ReviewKind,
    Turn,
)
from ai_agent.recording_folders import open_utterance
from ai_agent.sound_answers import answer_with_sound
from config.admin_look import ModelAdmin, PaginationInlineFormSet, ReadOnly, StackedInline, action, display
from config.errors import ApiError

BANDS: Final = {
    "80": ("80 % and more", 80, 101),
    "60": ("60 to 79 %", 60, 80),
    "40": ("40 to 59 %", 40, 60),
    "0": ("below 40 %", 0, 40),
}
"""Of what could be scored of the questions that were asked."""

STATUS_COLOURS: Final = {
    InterviewStatus.ACTIVE: "info",
    InterviewStatus.PAUSED: "warning",
    InterviewStatus.FINISHED: "success",
    InterviewStatus.ABANDONED: "danger",
}


class ScoreBand(admin.SimpleListFilter):
    """Interviews by the share of the points that they reached."""

    title = "score"
    parameter_name = "score_band"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((key, words) for key, (words, _, _) in BANDS.items()), ("none", "nothing to score")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[InterviewSession]) -> QuerySet[InterviewSession]:
        if self.value() == "none":
            return queryset.filter(score_out_of=0)
        if self.value() not in BANDS:
            return queryset
        _, least, below = BANDS[self.value()]
        return queryset.filter(score_out_of__gt=0, percent__gte=least, percent__lt=below)


class EvidenceFormSet(PaginationInlineFormSet):
    """All questions of a page, with what can be heard of them."""

    def get_queryset(self) -> QuerySet[InterviewQuestionState]:
        is_new = not hasattr(self, "_queryset")
        questions = super().get_queryset()
        if is_new:
            add_clips(questions)
        return questions


class QuestionInline(ReadOnly, StackedInline):
    model = InterviewQuestionState
    formset = EvidenceFormSet
    fields = ("shown",)
    readonly_fields = fields
    ordering = ("number",)
    extra = 0
    can_delete = False
    hide_title = True
    verbose_name_plural = "questions, with the evidence for every point"

    def get_queryset(self, request: HttpRequest) -> QuerySet[InterviewQuestionState]:
        self._may_leave_out = request.user.has_perm("ai_agent.leave_out_questions")
        return super().get_queryset(request).select_related("session").prefetch_related(*WHAT_CAME_AFTER)

    @admin.display(description="")
    def shown(self, question: InterviewQuestionState) -> SafeString:
        return evidence(question, may_leave_out=self._may_leave_out)


@admin.register(InterviewSession)
class InterviewAdmin(StaysWhileCalled, Exported, ReadOnly, ModelAdmin):
    list_display = (
        "candidate",
        "persona",
        "shown_status",
        "points",
        "progress",
        "left_out",
        "started_at",
        "finished_at",
    )
    list_display_links = ("candidate",)
    list_select_related = ("room__owner", "persona")
    list_filter = (
        ScoreBand,
        "status",
        "started_at",
        ("persona", admin.RelatedOnlyFieldListFilter),
        "question_bank",
    )
    search_fields = (
        "id",
        "room__id",
        "room__owner__username",
        "persona__slug",
        "persona_version__configuration__name",
    )
    search_help_text = "An interview's or a room's id, a candidate's name, or a persona's"
    date_hierarchy = "started_at"
    resource_classes = (InterviewRows,)
    actions = ("reevaluate",)
    actions_detail = ("reevaluate_this",)
    fieldsets = (
        (None, {"fields": (("candidate", "shown_persona"), ("status", "points"), ("progress", "left_out"))}),
        ("Where it comes from", {"fields": (("id", "shown_room"), ("question_bank", "bank_version"))}),
        ("When", {"fields": (("started_at", "finished_at"), "active_at")}),
    )
    inlines = (QuestionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[InterviewSession]:
        share = Case(
            When(score_out_of__gt=0, then=100.0 * F("score") / F("score_out_of")),
            default=Value(None),
            output_field=FloatField(),
        )
        lost = Count("questions", filter=Q(questions__is_asked=True)) - F("asked_count")
        rows = super().get_queryset(request).defer("state")
        rows = rows.select_related("room__owner", "persona", "persona_version")
        corrections = AnswerReview.objects.filter(question__session=OuterRef("pk"), kind=ReviewKind.CORRECTION)
        return rows.annotate(percent=share, lost=lost, is_corrected=Exists(corrections))

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────

    @display(ordering="room__owner__username")
    def candidate(self, interview: InterviewSession) -> str:
        return interview.room.owner.username

    @display(description="status", ordering="status", label=STATUS_COLOURS)
    def shown_status(self, interview: InterviewSession) -> tuple[str, str]:
        return interview.status, interview.get_status_display().partition(":")[0]

    @display(description="points, of those asked", ordering="percent")
    def points(self, interview: InterviewSession) -> str:
        if interview.percent is None:
            return "nothing to score"
        corrected = ", corrected" if interview.is_corrected else ""
        return f"{interview.score} of {interview.score_out_of} ({round(interview.percent)} %){corrected}"

    @display(ordering="done_count")
    def progress(self, interview: InterviewSession) -> str:
        return f"{interview.done_count} of {len(interview.question_ids)} done"

    @display(description="not scorable", ordering="lost")
    def left_out(self, interview: InterviewSession) -> str:
        return str(interview.lost) if interview.lost else "–"

    @display(description="persona")
    def shown_persona(self, interview: InterviewSession) -> str:
        return f"{interview.persona.slug} v{interview.persona_version.number}"

    @display(description="room")
    def shown_room(self, interview: InterviewSession) -> SafeString:
        calls = reverse("admin:ai_agent_call_changelist")
        return format_html('<a href="{}?q={}">{}, and its calls</a>', calls, interview.room_id, interview.room_id)

    # ── what may be done ──────────────────────────────────────────────────────────────────────────

    def has_reevaluate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("ai_agent.reevaluate_interviews")

    @action(description=REEVALUATE.title, permissions=["reevaluate"])
    def reevaluate(self, request: HttpRequest, chosen: QuerySet[InterviewSession]) -> HttpResponse | None:
        return reevaluate_interviews(self, request, chosen)

    @action(description="Re-evaluate", permissions=["reevaluate"], icon="refresh")
    def reevaluate_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        interview = self.get_object(request, object_id)
        if interview is None:
            raise Http404
        chosen = self.get_queryset(request).filter(pk=interview.pk)
        return reevaluate_interviews(self, request, chosen, only_asks=True) or redirect(list_of(self))

    # ── the candidate's voice ─────────────────────────────────────────────────────────────────────

    def get_urls(self) -> list[URLPattern]:
        clip = path(
            "<uuid:interview_id>/clip/<uuid:utterance_id>/",
            self.admin_site.admin_view(self.clip),
            name="ai_agent_interviewsession_clip",
        )
        return [clip, *super().get_urls()]

    def clip(self, request: HttpRequest, interview_id: UUID, utterance_id: UUID) -> HttpResponse:
        """What the candidate said in one turn of this interview."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        turns = Turn.objects.select_related("call").filter(call__room__interview=interview_id)
        turn = turns.filter(utterance_id=utterance_id).first()
        sound = turn and open_utterance(recording_folder(turn.call), utterance_id)
        if not sound:
            raise Http404("There is no recording of these words.")
        try:
            return answer_with_sound(request, sound, name=f"interview-{interview_id}-{utterance_id}.wav")
        except ApiError as refused:
            return HttpResponse(status=416, headers=refused.headers)
