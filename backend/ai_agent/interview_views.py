"""What does the page ask of interviews? The list, the report, a file of it, a correction, one question once more.

Each answer holds the asker's own rows; somebody else's are not there.
"""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router
from ninja.responses import NinjaJSONEncoder, Status
from ninja.throttling import AuthRateThrottle

from ai_agent import interview_reviews
from ai_agent.interview_answers import (
    CorrectionRequest,
    InterviewBody,
    InterviewPage,
    PracticeBody,
    RetryRequest,
)
from ai_agent.interview_reports import practice_body, read_interview, summaries
from ai_agent.interview_rows import interviews_of
from ai_agent.interviewer.report_files import markdown_of, webvtt_of
from ai_agent.models import OPEN_INTERVIEWS, InterviewSession, InterviewStatus
from config.errors import ErrorBody

router = Router(tags=["interviews"])

_WRITES_A_MINUTE = [AuthRateThrottle("60/m")] if settings.RATE_LIMITS else []
_EVALUATIONS_A_MINUTE = [AuthRateThrottle("20/m")] if settings.RATE_LIMITS else []
_REFUSALS: Final = {401: ErrorBody, 403: ErrorBody, 404: ErrorBody, 422: ErrorBody, 429: ErrorBody}
_REFUSED_WRITES: Final = {409: ErrorBody, 413: ErrorBody, 503: ErrorBody, **_REFUSALS}

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Wanted = Annotated[Literal["open", "over", "active", "paused", "finished", "abandoned"] | None, Query()]
Persona = Annotated[str | None, Query(min_length=1, max_length=80)]
Number = Annotated[int, Path(ge=1, le=100)]
ExportFormat = Literal["json", "markdown", "webvtt"]

_STATUSES: Final = {
    "open": list(OPEN_INTERVIEWS),
    "over": [InterviewStatus.FINISHED, InterviewStatus.ABANDONED],
}

EXPORT_RESPONSES: Final = {
    200: {
        "description": "The report as a file",
        "content": {kind: {"schema": {"type": "string"}} for kind in ("application/json", "text/markdown", "text/vtt")},
    }
}


@router.get("/", response={200: InterviewPage, **_REFUSALS}, operation_id="list_interviews")
def list_interviews(
    request: HttpRequest, status: Wanted = None, persona: Persona = None, limit: Limit = 50, offset: Offset = 0
) -> InterviewPage:
    """The asker's interviews, newest first. `status=open`: those that go on when their room is called again."""
    interviews = interviews_of(request.user).defer("state")
    if status is not None:
        interviews = interviews.filter(status__in=_STATUSES.get(status, [status]))
    if persona is not None:
        interviews = interviews.filter(persona__slug=persona)
    page = list(interviews[offset : offset + limit])
    return InterviewPage(items=summaries(page), count=interviews.count())


@router.get("/{uuid:interview_id}/", response={200: InterviewBody, **_REFUSALS}, operation_id="get_interview")
def get_interview(request: HttpRequest, interview_id: UUID) -> InterviewBody:
    """The report: every point with the words and the sound that it came from. Of an open interview: what is over."""
    return read_interview(_interview(request, interview_id)).body()


@router.delete(
    "/{uuid:interview_id}/",
    response={204: None, **_REFUSED_WRITES},
    operation_id="delete_interview",
    throttle=_WRITES_A_MINUTE,
)
def delete_interview(request: HttpRequest, interview_id: UUID) -> Status[None]:
    """An interview that is over goes with all that was said in it; its calls are deleted by themselves."""
    interview_reviews.delete_interview(_interview(request, interview_id), by=request.user)
    return Status(204, None)


@router.get(
    "/{uuid:interview_id}/export/",
    response=_REFUSALS,
    operation_id="export_interview",
    openapi_extra={"responses": EXPORT_RESPONSES},
)
def export_interview(request: HttpRequest, interview_id: UUID, format: ExportFormat = "json") -> HttpResponse:  # noqa: A002
    """The report as a file: all of it as JSON, to be read as Markdown, or what was said as WebVTT."""
    read = read_interview(_interview(request, interview_id))
    match format:
        case "json":
            written, kind, ending = _as_json(read.body()), "application/json", "json"
        case "markdown":
            written, kind, ending = markdown_of(read.report, read.heading), "text/markdown; charset=utf-8", "md"
        case "webvtt":
            written, kind, ending = webvtt_of(read.said(), read.heading), "text/vtt; charset=utf-8", "vtt"
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="interview-{interview_id}.{ending}"',
    }
    return HttpResponse(written, content_type=kind, headers=headers)


@router.post(
    "/{uuid:interview_id}/questions/{int:number}/correction/",
    response={201: InterviewBody, **_REFUSED_WRITES},
    operation_id="correct_answer",
    throttle=_EVALUATIONS_A_MINUTE,
)
def correct_answer(
    request: HttpRequest, interview_id: UUID, number: Number, wanted: CorrectionRequest
) -> Status[InterviewBody]:
    """The candidate says what was really said: both transcripts are kept, and the question is graded again, once."""
    interview = _interview(request, interview_id)
    interview_reviews.correct_transcript(
        interview, number, attempt=wanted.attempt, transcript=wanted.transcript, by=request.user
    )
    return Status(201, read_interview(interview).body())


@router.post(
    "/{uuid:interview_id}/questions/{int:number}/retry/",
    response={201: PracticeBody, **_REFUSED_WRITES},
    operation_id="practise_question",
    throttle=_EVALUATIONS_A_MINUTE,
)
def practise_question(
    request: HttpRequest, interview_id: UUID, number: Number, wanted: RetryRequest
) -> Status[PracticeBody]:
    """One more answer to this question, typed, to practise: it is graded beside the old one and never counted."""
    row, answer = interview_reviews.practise(_interview(request, interview_id), number, wanted.answer)
    return Status(201, practice_body(row, answer))


def _as_json(body: InterviewBody) -> str:
    """As the API answers it."""
    return json.dumps(body.model_dump(), cls=NinjaJSONEncoder, indent=1, ensure_ascii=False)


def _interview(request: HttpRequest, interview_id: UUID) -> InterviewSession:
    return get_object_or_404(interviews_of(request.user), id=interview_id)
