"""How do interviews leave as files? CSV, XLSX or JSON, in which no cell is a formula; who took them is in the log.

A row an interview, or a row a question with all that its points came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from import_export import fields, resources
from import_export.admin import ExportActionMixin
from import_export.formats.base_formats import CSV, JSON, XLSX
from tablib import Dataset

from ai_agent.admin_pages.evidence import NO_WORDS_OF, record_of
from ai_agent.interviewer.evaluator import Evaluation
from ai_agent.interviewer.scoring import why
from ai_agent.interviewer.state import QuestionState
from ai_agent.models import InterviewQuestionState, InterviewSession
from config.admin_look import ExportForm, can_be_key

MAX_CELL: Final = 32_767
"""Characters that a cell of a spreadsheet holds."""
_CUT: Final = " … (cut: a cell holds no more)"
_FORMULA: Final = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""How a text begins that a spreadsheet may take for a formula; the wide ones are read like the others in places."""
_NOT_WRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def as_cell(value: Any) -> Any:
    """A value as a spreadsheet shows it and never runs it.

    >>> as_cell("=1+1"), as_cell(" @SUM(A1)"), as_cell("a - b"), as_cell(-5)
    ("'=1+1", "' @SUM(A1)", 'a - b', -5)
    """
    if not isinstance(value, str):
        return value
    text = _NOT_WRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if _FORMULA.match(text):
        text = f"'{text}"
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - len(_CUT)] + _CUT


class InterviewRows(resources.ModelResource):
    """A row an interview."""

    candidate = fields.Field("room__owner__username")
    persona = fields.Field("persona__slug")
    persona_version = fields.Field("persona_version__number")
    percent = fields.Field()
    corrected = fields.Field()

    class Meta:
        model = InterviewSession
        name = "interviews"
        fields = (
            "id",
            "room",
            "candidate",
            "persona",
            "persona_version",
            "question_bank",
            "bank_version",
            "status",
            "score",
            "score_out_of",
            "percent",
            "corrected",
            "asked_count",
            "done_count",
            "started_at",
            "finished_at",
        )
        export_order = fields

    def dehydrate_percent(self, interview: InterviewSession) -> float | None:
        return round(100 * interview.score / interview.score_out_of, 1) if interview.score_out_of else None

    def dehydrate_corrected(self, interview: Any) -> bool:
        """Whether the candidate has put a transcript right; `is_corrected` comes with the rows of the admin's list."""
        return bool(interview.is_corrected)


class QuestionRows(resources.ModelResource):
    """A row a question, with what was said and why it has its points."""

    interview = fields.Field("session_id")
    candidate = fields.Field("session__room__owner__username")
    question = fields.Field()
    why = fields.Field()
    attempt_1 = fields.Field()
    attempt_2 = fields.Field()
    not_made_out = fields.Field()
    covered = fields.Field()
    missed = fields.Field()
    contradicted = fields.Field()
    coverage = fields.Field()
    evaluator = fields.Field()
    left_out_because = fields.Field()
    points_as_heard = fields.Field()
    corrected = fields.Field()
    reviews = fields.Field()

    class Meta:
        model = InterviewQuestionState
        name = "questions"
        fields = (
            "interview",
            "candidate",
            "number",
            "question_id",
            "topic",
            "stage",
            "question",
            "status",
            "outcome",
            "first_outcome",
            "second_outcome",
            "hint_given",
            "hint_asked_first",
            "points",
            "points_as_heard",
            "why",
            "attempt_1",
            "attempt_2",
            "corrected",
            "not_made_out",
            "covered",
            "missed",
            "contradicted",
            "coverage",
            "evaluator",
            "left_out_because",
            "reviews",
            "asked_at",
            "done_at",
        )
        export_order = fields

    def dehydrate_question(self, row: InterviewQuestionState) -> str:
        return row.entry.get("text", "")

    def dehydrate_outcome(self, row: InterviewQuestionState) -> str:
        now = _now(row)
        return (now.ending or "") if now else row.outcome

    def dehydrate_first_outcome(self, row: InterviewQuestionState) -> str:
        return _outcome(row, 0)

    def dehydrate_second_outcome(self, row: InterviewQuestionState) -> str:
        return _outcome(row, 1)

    def dehydrate_points(self, row: InterviewQuestionState) -> int | None:
        now = _now(row)
        return now.points if now else None

    def dehydrate_points_as_heard(self, row: InterviewQuestionState) -> int | None:
        return row.points

    def dehydrate_why(self, row: InterviewQuestionState) -> str:
        now = _now(row)
        return why(now.row) if now else "cannot be read"

    def dehydrate_attempt_1(self, row: InterviewQuestionState) -> str:
        return _said(row, 0)

    def dehydrate_attempt_2(self, row: InterviewQuestionState) -> str:
        return _said(row, 1)

    def dehydrate_corrected(self, row: InterviewQuestionState) -> str:
        return " / ".join(review.transcript for review in row.reviews.all() if review.kind == "correction")

    def dehydrate_not_made_out(self, row: InterviewQuestionState) -> str:
        return " / ".join(one["transcript"] or "–" for one in row.attempts if not one.get("counts", True))

    def dehydrate_covered(self, row: InterviewQuestionState) -> str:
        return _points(row, "covered")

    def dehydrate_missed(self, row: InterviewQuestionState) -> str:
        return _points(row, "missed")

    def dehydrate_contradicted(self, row: InterviewQuestionState) -> str:
        return _points(row, "contradicted")

    def dehydrate_coverage(self, row: InterviewQuestionState) -> float | None:
        evaluation = _evaluation(row)
        return round(evaluation.coverage, 3) if evaluation else None

    def dehydrate_evaluator(self, row: InterviewQuestionState) -> str:
        evaluation = _evaluation(row)
        return evaluation.evaluator if evaluation else ""

    def dehydrate_left_out_because(self, row: InterviewQuestionState) -> str:
        now = _now(row)
        return NO_WORDS_OF.get(now.unscorable or "", "") if now else ""

    def dehydrate_reviews(self, row: InterviewQuestionState) -> int:
        return len(row.reviews.all())


def _now(row: InterviewQuestionState) -> QuestionState | None:
    """The question with all that was seen of it since; read once for a row."""
    if not hasattr(row, "as_it_is_now"):
        record = record_of(row)
        row.as_it_is_now = record and record.now
    return row.as_it_is_now


def _evaluation(row: InterviewQuestionState) -> Evaluation | None:
    now = _now(row)
    return now.evaluation if now else None


def _outcome(row: InterviewQuestionState, number: int) -> str:
    now = _now(row)
    return (now.attempts[number].outcome or "") if now and number < len(now.attempts) else ""


def _said(row: InterviewQuestionState, number: int) -> str:
    """As it was heard."""
    counted = [one["transcript"] for one in row.attempts if one.get("counts", True)]
    return counted[number] if number < len(counted) else ""


def _points(row: InterviewQuestionState, status: str) -> str:
    """The points of this status, each with its quote: `the order of lists: “they are in order”`."""
    names = {point["id"]: point["name"] for point in row.entry.get("points", ())}
    evaluation = _evaluation(row)
    verdicts = [one for one in evaluation.points if one.status == status] if evaluation else []
    return "; ".join(names.get(one.point, one.point) + (f": “{one.quote}”" if one.quote else "") for one in verdicts)


class Exported(ExportActionMixin):
    """A page of the admin whose rows can be taken away, by whoever may."""

    export_form_class = ExportForm
    show_change_form_export = False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ai_agent.export_interviews")

    def get_export_formats(self) -> list[type]:
        return [CSV, XLSX, JSON]

    def get_valid_export_item_pks(self, request: HttpRequest) -> Iterable[Any]:
        """Of the rows that are asked for those that there are."""
        asked = [key for key in request.POST.getlist("export_items") if can_be_key(self.model, key)]
        return self.get_queryset(request).filter(pk__in=asked).values_list("pk", flat=True)

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any) -> Any:
        if not self.has_export_permission(request):
            raise PermissionDenied
        rows = self.get_data_for_export(request, queryset, force_native_type=isinstance(file_format, XLSX), **kwargs)
        if not isinstance(file_format, JSON):
            rows = Dataset(*([as_cell(cell) for cell in row] for row in rows), headers=rows.headers)
        return file_format.export_data(rows)

    def _do_file_export(
        self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], export_form: Any = None
    ) -> HttpResponse:
        count = queryset.count()
        if not count:
            self.message_user(request, "There is nothing to export.", messages.WARNING)
        response = super()._do_file_export(file_format, request, queryset, export_form=export_form)
        LogEntry.objects.create(
            user_id=request.user.pk,
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=f"{count} {self.opts.verbose_name_plural}",
            action_flag=CHANGE,
            change_message=f"Exported as {file_format.get_title()}.",
        )
        return response
