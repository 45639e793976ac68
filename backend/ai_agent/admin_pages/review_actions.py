"""How does a reviewer have something done? What it will do is shown first; it is done when they say so, with a reason.

list or page ─ chosen ─▶ confirmation ─ "yes", a note ─▶ interview_review ─▶ a line in the log, and what changed
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from ai_agent.admin_pages.evidence import record_of
from ai_agent.answer_evaluation import why_lexical
from ai_agent.models import InterviewQuestionState, InterviewSession
from ai_agent.reviewer_decisions import (
    Reviewed,
    ReviewRefused,
    count_again,
    is_left_out,
    leave_out,
    reevaluate,
)
from config.admin_look import ModelAdmin, UnfoldAdminTextareaWidget

MOST: Final = 20
"""So many interviews, or questions, at a time: an interview takes up to a second, and the page waits."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that can be done, and how it is asked for."""

    action: str
    title: str
    explanation: str
    button: str
    needs_note: bool
    done: str
    """The beginning of the log's line."""


REEVALUATE: Final = Wish(
    action="reevaluate",
    title="Re-evaluate with the current evaluator",
    explanation=(
        "What was said is compared again with the key points, as the interview's bank had them, by the evaluator that "
        "runs today. The table gives the points. The old results stay beside the new ones."
    ),
    button="Re-evaluate",
    needs_note=False,
    done="Evaluated again",
)
LEAVE_OUT: Final = Wish(
    action="leave_out",
    title="Mark as not scorable",
    explanation="These questions will have no points, and the most that can be reached is nine less for each of them.",
    button="Mark as not scorable",
    needs_note=True,
    done="Marked as not scorable",
)
TAKE_BACK: Final = Wish(
    action="take_back",
    title="Let it count again",
    explanation="These questions will have the points that the table gives for what was said.",
    button="Let it count again",
    needs_note=True,
    done="Counts again",
)


class NoteForm(forms.Form):
    """Why somebody does this."""

    note = forms.CharField(max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))


@dataclass(frozen=True, slots=True)
class Line:
    """One row on the confirmation page."""

    key: Any
    title: str
    url: str
    refusal: str
    """Why nothing will be done with it; empty where something will."""


# ── interviews ────────────────────────────────────────────────────────────────────────────────────


def reevaluate_interviews(
    page: ModelAdmin, request: HttpRequest, chosen: QuerySet[InterviewSession], *, only_asks: bool = False
) -> HttpResponse | None:
    """Show what would be evaluated again, or do it."""
    interviews = _few(page, request, chosen)
    if interviews is None:
        return None
    lines = [_interview_line(interview) for interview in interviews]
    problem = why_lexical()
    warning = f"The embedding model is not here ({problem}): words alone would decide." if problem else ""
    note = _confirmed_note(request, REEVALUATE, only_asks=only_asks)
    if isinstance(note, NoteForm):
        return _confirmation(page, request, REEVALUATE, lines, note, warning=warning)
    for interview in interviews:
        review = _reviewing(reevaluate, interview.pk, request, note)
        _tell(page, request, REEVALUATE, interview, review, note=note)
    return _back_to(interviews)


def _interview_line(interview: InterviewSession) -> Line:
    return Line(
        key=interview.pk,
        title=f"{interview.room.owner.username}, {interview.started_at:%Y-%m-%d %H:%M}, "
        f"{interview.score}/{interview.score_out_of} points",
        url=_interview_url(interview.pk),
        refusal="not over yet: nothing will be done" if interview.is_open else "",
    )


# ── questions ─────────────────────────────────────────────────────────────────────────────────────


def mark_questions(
    page: ModelAdmin,
    request: HttpRequest,
    chosen: QuerySet[InterviewQuestionState],
    wish: Wish,
    *,
    only_asks: bool = False,
) -> HttpResponse | None:
    """Show which questions would be left out, or would count again; or do it."""
    questions = _few(page, request, chosen.order_by("session_id", "number"))
    if questions is None:
        return None
    note = _confirmed_note(request, wish, only_asks=only_asks)
    if isinstance(note, NoteForm):
        return _confirmation(page, request, wish, [_question_line(one, wish) for one in questions], note)
    review = leave_out if wish is LEAVE_OUT else count_again
    interviews = []
    for interview, group in groupby(questions, key=lambda question: question.session):
        numbered = {question.pk: question.number for question in group}
        outcome = _reviewing(review, interview.pk, request, note, numbered)
        _tell(page, request, wish, interview, outcome, note=note, numbers=sorted(numbered.values()))
        interviews.append(interview)
    return _back_to(interviews)


def _question_line(question: InterviewQuestionState, wish: Wish) -> Line:
    return Line(
        key=question.pk,
        title=f"{question.session.room.owner.username}, question {question.number}: {question.question_id}",
        url=f"{_interview_url(question.session_id)}#question-{question.number}",
        refusal=_mark_refusal(question, wish),
    )


def _mark_refusal(question: InterviewQuestionState, wish: Wish) -> str:
    if question.session.is_open:
        return "its interview is not over: nothing will be done"
    record = record_of(question)
    if record is None:
        return "what is stored cannot be read"
    if not record.lived.is_done:
        return "it was not finished: it has no points"
    if wish is LEAVE_OUT and record.now.unscorable is not None:
        return "it is left out already"
    if wish is TAKE_BACK and not is_left_out(record):
        return "no reviewer has left it out"
    return ""


# ── both ──────────────────────────────────────────────────────────────────────────────────────────


def _few(page: ModelAdmin, request: HttpRequest, chosen: QuerySet[Any]) -> list[Any] | None:
    """The chosen rows; None, and the person is told, where there are none or too many."""
    rows = list(chosen[: MOST + 1])
    if not rows:
        page.message_user(request, "None of what was selected is there (any more).", messages.WARNING)
    elif len(rows) > MOST:
        page.message_user(request, f"At most {MOST} at a time, please.", messages.ERROR)
    else:
        return rows
    return None


def _confirmed_note(request: HttpRequest, wish: Wish, *, only_asks: bool) -> str | NoteForm:
    """The note of somebody who has said yes; else the form that asks for it."""
    is_confirmed = not only_asks and request.method == "POST" and request.POST.get("post") == "yes"
    form = NoteForm(request.POST if is_confirmed else None)
    form.fields["note"].required = wish.needs_note
    if is_confirmed and form.is_valid():
        return str(form.cleaned_data["note"])
    return form


def _confirmation(
    page: ModelAdmin, request: HttpRequest, wish: Wish, lines: Sequence[Line], form: NoteForm, *, warning: str = ""
) -> TemplateResponse:
    list_url = list_of(page)
    context = {
        **page.admin_site.each_context(request),
        "title": wish.title,
        "opts": page.opts,
        "wish": wish,
        "lines": lines,
        "form": form,
        "warning": warning,
        "list_url": list_url,
        "back_url": lines[0].url if len(lines) == 1 else list_url,
    }
    request.current_app = page.admin_site.name
    return TemplateResponse(request, "ai_agent/admin/confirm.html", context)


def _reviewing(
    review: Callable[..., Reviewed], interview_id: UUID, request: HttpRequest, note: str, *chosen: Any
) -> Reviewed | ReviewRefused:
    try:
        return review(interview_id, *chosen, by=request.user, note=note)
    except ReviewRefused as refused:
        return refused


def _tell(
    page: ModelAdmin,
    request: HttpRequest,
    wish: Wish,
    interview: InterviewSession,
    outcome: Reviewed | ReviewRefused,
    *,
    note: str,
    numbers: Iterable[int] = (),
) -> None:
    """Tell the person what came of it, and, where it was done, the log."""
    name = f"{interview.room.owner.username}, {interview.started_at:%Y-%m-%d %H:%M}"
    if isinstance(outcome, ReviewRefused):
        page.message_user(request, f"{name}: {outcome}.", messages.ERROR)
        return
    which = ", ".join(f"question {number}" for number in numbers)
    about = f"{wish.done}{f' ({which})' if which else ''}: {outcome}."
    if outcome.changed or wish is REEVALUATE:
        page.log_change(request, interview, f"{about}{f' Why: {note}' if note else ''}")
    page.message_user(request, f"{name}: {about}", messages.SUCCESS if outcome.changed else messages.WARNING)


def _back_to(interviews: Sequence[InterviewSession]) -> HttpResponse | None:
    """Where one interview was looked at, its page; else the list."""
    return HttpResponseRedirect(_interview_url(interviews[0].pk)) if len(interviews) == 1 else None


def _interview_url(key: Any) -> str:
    return reverse("admin:ai_agent_interviewsession_change", args=[key])


def list_of(page: ModelAdmin) -> str:
    """The address of a page's list."""
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
