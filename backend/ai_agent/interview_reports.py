"""What does an interview's page get? Rows in a bounded number of queries, the sound of its answers, and the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast
from uuid import UUID

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from ai_agent.audio_format import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from ai_agent.call_deletion import recording_folder
from ai_agent.interview_answers import InterviewBody, InterviewCallBody, InterviewSummary, PracticeBody, ScoreBody
from ai_agent.interview_rows import Rows, is_correctable, iso, practice_of, question_record, rows_of, spoken_ms
from ai_agent.interview_store import KEPT
from ai_agent.interviewer.packing import parse_question
from ai_agent.interviewer.receipts import Clip, SpokenTurn
from ai_agent.interviewer.report import report_of, spoken_answers
from ai_agent.interviewer.report_files import Heading, SaidTurn
from ai_agent.interviewer.report_shapes import InterviewRecord, PastInterview, Report, Standing
from ai_agent.interviewer.reported_question import practised
from ai_agent.models import Call, InterviewQuestionState, InterviewSession, InterviewStatus, PracticeAnswer, Turn
from ai_agent.recording_folders import open_utterance, state_of
from ai_agent.voiced_stretches import voiced_stretches
from ai_agent.wav_files import HEADER_BYTES

MOST_PAST: Final = 20
"""So many interviews are in a trend."""
CLIP_CACHE_SECONDS: Final = 86_400


def summaries(interviews: Sequence[InterviewSession]) -> list[InterviewSummary]:
    """Rows of a list."""
    rows = rows_of(interview.id for interview in interviews)
    return [InterviewSummary(**_summary(interview, rows[interview.id])) for interview in interviews]


def read_interview(interview: InterviewSession) -> ReadInterview:
    """All that is written of an interview, and its report."""
    calls = list(Call.objects.begun().filter(room_id=interview.room_id).order_by("started_at"))
    turns = list(Turn.objects.filter(call__in=calls, superseded_by__isnull=True).order_by("call_id", "number"))
    questions = interview.questions.prefetch_related("reviews", "practice")
    past = list(reversed(_past_interviews(interview)))
    rows = rows_of({interview.id, *(one.id for one in past)})
    record = InterviewRecord(
        interview_id=str(interview.id),
        status=cast("Standing", interview.status),
        next_question=rows[interview.id].next_question,
        questions=tuple(question_record(row) for row in questions),
        turns=tuple(_spoken_turn(turn) for turn in turns if turn.utterance_id),
        past=tuple(_past(one, rows[one.id]) for one in past),
        is_correctable=is_correctable(interview),
    )
    record = _with_clips(record, calls)
    return ReadInterview(interview, rows[interview.id], calls, turns, report_of(record))


@dataclass(frozen=True, slots=True)
class ReadInterview:
    """An interview with its calls and its report."""

    interview: InterviewSession
    rows: Rows
    calls: list[Call]
    turns: list[Turn]
    report: Report

    def body(self) -> InterviewBody:
        told = {name: getattr(self.report, name) for name in Report.__slots__}
        calls = [_call_body(call) for call in self.calls]
        candidate = self.interview.room.owner.display_name
        summary = {**_summary(self.interview, self.rows), "candidate": candidate, "calls": calls}
        return InterviewBody.model_validate({**summary, **told})

    @property
    def heading(self) -> Heading:
        return Heading(
            candidate=self.interview.room.owner.display_name,
            persona=str(self.interview.persona_version.configuration["name"]),
            held_on=f"{self.interview.started_at:%Y-%m-%d %H:%M} UTC",
        )

    def said(self) -> list[SaidTurn]:
        """What was said, the calls one after the other."""
        begins, offset = {}, 0.0
        for call in self.calls:
            begins[call.id] = offset
            offset += call.max_at
        turns = sorted(self.turns, key=lambda turn: (begins[turn.call_id], turn.number))
        return [_said_turn(turn, begins[turn.call_id]) for turn in turns]


def practice_body(question: InterviewQuestionState, answer: PracticeAnswer) -> PracticeBody:
    """One answer more, as the page shows it."""
    return PracticeBody.model_validate(practised(parse_question(question.entry), practice_of(answer)))


def _summary(interview: InterviewSession, rows: Rows) -> dict[str, Any]:
    room, is_open = interview.room, interview.is_open
    call = room.call
    return {
        "id": interview.id,
        "room_id": interview.room_id,
        "persona": interview.persona.slug,
        "persona_name": str(interview.persona_version.configuration["name"]),
        "persona_version": interview.persona_version.number,
        "question_bank": interview.question_bank,
        "status": interview.status,
        "is_open": is_open,
        "open_until": interview.active_at + KEPT if is_open else None,
        "open_call_id": call.id if is_open and call is not None and call.is_open and call.was_offered else None,
        "next_question": rows.next_question if is_open else None,
        "next_stage": rows.next_stage if is_open else None,
        "started_at": interview.started_at,
        "active_at": interview.active_at,
        "finished_at": interview.finished_at,
        "done": interview.done_count,
        "score": ScoreBody.model_validate(rows.score(interview)),
    }


def _call_body(call: Call) -> InterviewCallBody:
    return InterviewCallBody(
        call_id=call.id,
        started_at=call.started_at,
        duration_seconds=call.max_at,
        sound=state_of(recording_folder(call), was_recorded=call.recording),
    )


def _past_interviews(interview: InterviewSession) -> QuerySet[InterviewSession]:
    """The candidate's finished ones up to this one, newest first."""
    until = interview.finished_at or timezone.now()
    finished = InterviewSession.objects.filter(
        room__owner_id=interview.room.owner_id, status=InterviewStatus.FINISHED, finished_at__lte=until
    )
    newest = finished.select_related("persona", "persona_version").defer("state").order_by("-finished_at", "-id")
    return newest[:MOST_PAST]


def _past(interview: InterviewSession, rows: Rows) -> PastInterview:
    return PastInterview(
        interview_id=str(interview.id),
        persona=interview.persona.slug,
        persona_name=str(interview.persona_version.configuration["name"]),
        question_bank=interview.question_bank,
        finished_at=iso(interview.finished_at) or "",
        rows=rows.now,
    )


# ── what was said, and its sound ──────────────────────────────────────────────────────────────────


def _spoken_turn(turn: Turn) -> SpokenTurn:
    return SpokenTurn(
        utterance_id=str(turn.utterance_id),
        call_id=str(turn.call_id),
        number=turn.number,
        transcript=turn.transcript,
        started_at_ms=round(turn.started_at * 1000, 1),
        duration_ms=spoken_ms(turn),
    )


def _said_turn(turn: Turn, offset: float) -> SaidTurn:
    replied_after = turn.metrics.get("reply_latency_ms")
    ended_at = turn.started_at if turn.ended_at is None else turn.ended_at
    spoke = turn.utterance_id is not None
    waited = (turn.metrics.get("end_of_turn_ms") or 0.0) / 1000
    return SaidTurn(
        started_at=offset + turn.started_at,
        ended_at=offset + max(turn.started_at, ended_at - waited),
        transcript=turn.transcript,
        reply=turn.heard_text,
        reply_at=offset + ended_at + (replied_after or 0.0) / 1000 if spoke else None,
    )


def _with_clips(record: InterviewRecord, calls: Sequence[Call]) -> InterviewRecord:
    """The same with the sound of the answers, where it is kept."""
    recorded = {str(call.id): call for call in calls if call.recording}
    clips = {
        turn.utterance_id: _clip_of(recorded[turn.call_id], UUID(turn.utterance_id))
        for turn in spoken_answers(record, with_unclear=True)
        if turn.call_id in recorded
    }
    turns = tuple(turn.with_clip(clips.get(turn.utterance_id)) for turn in record.turns)
    return replace(record, turns=turns)


def _clip_of(call: Call, utterance_id: UUID) -> Clip | None:
    """Where somebody is heard in it; measured once."""
    sound = open_utterance(recording_folder(call), utterance_id)
    if sound is None:
        return None
    key = f"clip:{utterance_id}:{sound.length}"
    stretches = cache.get(key)
    if stretches is None:
        stretches = voiced_stretches(sound.read(HEADER_BYTES, sound.length))
        cache.set(key, stretches, CLIP_CACHE_SECONDS)
    return Clip(
        round((sound.length - HEADER_BYTES) / BYTES_PER_SAMPLE / SAMPLE_RATE_HZ * 1000, 1), tuple(map(tuple, stretches))
    )
