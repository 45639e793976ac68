"""What does the page ask of rooms, calls and this process? Each answer holds the asker's own rows and nobody else's."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from ninja.responses import Status
from ninja.throttling import AuthRateThrottle
from pydantic import ConfigDict, Field

from accounts.tickets import issue_ticket
from ai_agent.barge_in_answers import BargeInBody, BargeInCounts, barge_in_body, count_barge_ins
from ai_agent.call_deletion import recording_folder
from ai_agent.call_store import database_now
from ai_agent.commands import TurnSound
from ai_agent.models import OPEN_STATUSES, Call, Process, Room, Turn
from ai_agent.process import RETRY_AFTER_SECONDS, THIS_PROCESS, Readiness
from ai_agent.recording_folders import SoundState, Track, open_track, open_utterance, remove_folder, state_of
from ai_agent.signaling import IceServer
from ai_agent.sound_answers import SOUND_RESPONSES, answer_with_sound
from ai_personas.models import Persona
from config.errors import ApiError, ErrorBody

router = Router(tags=["calls"])

_WRITES_A_MINUTE = [AuthRateThrottle("60/m")] if settings.RATE_LIMITS else []
_REFUSALS = {401: ErrorBody, 403: ErrorBody, 404: ErrorBody, 422: ErrorBody, 429: ErrorBody}


class Health(Schema):
    status: Literal["ok", "full", "draining", "starting", "misconfigured"]
    detail: str | None = None
    """The status in words."""


class RoomRequest(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    persona: str = Field(min_length=1, max_length=80)
    """A persona's slug."""


class RoomBody(Schema):
    id: UUID
    persona: str
    """The persona's slug."""
    persona_name: str
    is_active: bool
    created_at: datetime
    open_call_id: UUID | None
    """The call that goes on, or may be resumed."""
    ice_servers: list[IceServer]
    interview_id: UUID | None = None
    """The interview that was begun in it."""
    interview_status: Literal["active", "paused", "finished", "abandoned"] | None = None
    """`active` or `paused`: its next call goes on with the interview; else no call begins here any more."""


class Ticket(Schema):
    ticket: str
    expires_in: int
    """Seconds."""


class TurnTimes(Schema):
    """A turn's times in milliseconds, its level and noise; the names are those of `turn_metrics` on the wire."""

    end_of_turn_ms: float | None = None
    stt_ms: float | None = None
    llm_first_token_ms: float | None = None
    tts_first_audio_ms: float | None = None
    first_sound_ms: float | None = None
    reply_latency_ms: float | None = None
    voice_to_voice_ms: float | None = None
    snr_db: float | None = None
    noise_floor_dbfs: float | None = None
    energy_dbfs: float | None = None
    spectral_flatness: float | None = None
    clipping_percent: float | None = None


class TurnBody(Schema):
    turn_id: UUID
    utterance_id: UUID | None
    number: int
    started_at_ms: float
    """On the call's own clock."""
    ended_at_ms: float | None
    transcript: str
    reply: str
    """All that was queued for speech."""
    heard_upto: int
    """Characters of `reply` that left for the ear."""
    interrupted: bool
    metrics: TurnTimes


class CallSummary(Schema):
    id: UUID
    room_id: UUID
    persona: str
    persona_name: str
    persona_version: int
    status: Literal["live", "lost", "ended", "abandoned"]
    end_reason: str
    started_at: datetime
    ended_at: datetime | None
    duration_seconds: float
    """On the call's own clock: time without a line does not count."""
    turn_count: int
    recording: bool
    interview_id: UUID | None = None
    """The interview of its room."""


class CallBody(CallSummary):
    turns: list[TurnBody]
    barge_ins: list[BargeInBody]
    barge_in_counts: BargeInCounts
    sound: SoundState
    """Can its recording be heard? `none`: it was not recorded; `unfinished`: not yet; `deleted`: not any more."""


class RoomPage(Schema):
    items: list[RoomBody]
    count: int
    """All of them, on every page."""


class CallPage(Schema):
    items: list[CallSummary]
    count: int
    """All of them, on every page."""


Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


# ── this process ──────────────────────────────────────────────────────────────────────────────────


@router.get(
    "/health/",
    auth=None,
    response={200: Health, 503: Health},
    exclude_none=True,
    operation_id="get_health",
    tags=["service"],
)
def health(request: HttpRequest) -> Status[Health]:
    """Can this process take a call?"""
    readiness = THIS_PROCESS.readiness
    if readiness is Readiness.OK:
        return Status(200, Health(status="ok"))
    return Status(503, Health(status=readiness.value, detail=THIS_PROCESS.detail))


def ready(request: HttpRequest) -> HttpResponse:
    """For a load balancer: 200 while this process takes calls and keeps time, else 404."""
    readiness = THIS_PROCESS.readiness
    if readiness is Readiness.OK and THIS_PROCESS.is_late:
        return JsonResponse({"status": "late"}, status=404)
    return JsonResponse({"status": readiness.value}, status=200 if readiness is Readiness.OK else 404)


# ── rooms ─────────────────────────────────────────────────────────────────────────────────────────


@router.post(
    "/rooms/",
    response={201: RoomBody, 503: ErrorBody, **_REFUSALS},
    operation_id="create_room",
    throttle=_WRITES_A_MINUTE,
)
def create_room(request: HttpRequest, wanted: RoomRequest) -> Status[RoomBody]:
    """A new room with this persona, always a new one."""
    _refuse_when_full()
    persona = Persona.objects.visible_to(request.user).ready_for_calls().called(wanted.persona).first()
    if persona is None:
        raise ApiError(404, "no_such_persona", "There is no such persona, or it is not yours.")
    room = Room.objects.create(owner=request.user, persona=persona)
    return Status(201, _room_body(room))


@router.get("/rooms/", response={200: RoomPage, **_REFUSALS}, operation_id="list_rooms")
def list_rooms(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> RoomPage:
    """The asker's rooms, newest first."""
    rooms = _rooms(request)
    return RoomPage(items=[_room_body(room) for room in rooms[offset : offset + limit]], count=rooms.count())


@router.get("/rooms/{uuid:room_id}/", response={200: RoomBody, **_REFUSALS}, operation_id="get_room")
def get_room(request: HttpRequest, room_id: UUID) -> RoomBody:
    return _room_body(get_object_or_404(_rooms(request), id=room_id))


@router.post(
    "/rooms/{uuid:room_id}/ticket/",
    response={201: Ticket, 503: ErrorBody, **_REFUSALS},
    operation_id="create_ticket",
    throttle=_WRITES_A_MINUTE,
)
def create_ticket(request: HttpRequest, room_id: UUID) -> Status[Ticket]:
    """One use, for a socket from another host, where the session's cookie does not go."""
    room = get_object_or_404(_rooms(request), id=room_id, is_active=True)
    if not room.calls.begun().filter(status__in=OPEN_STATUSES).exists():
        if room.persona.is_archived:
            raise ApiError(404, "persona_archived", "This persona is archived: no new call begins with it.")
        _refuse_when_full()
    ticket = Ticket(ticket=issue_ticket(room.owner_id, room.id), expires_in=settings.TICKET_SECONDS)
    return Status(201, ticket)


# ── calls ─────────────────────────────────────────────────────────────────────────────────────────


@router.get("/calls/", response={200: CallPage, **_REFUSALS}, operation_id="list_calls")
def list_calls(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> CallPage:
    """The asker's calls, newest first."""
    calls = _calls(request)
    return CallPage(items=[_call_summary(call) for call in calls[offset : offset + limit]], count=calls.count())


@router.get("/calls/{uuid:call_id}/", response={200: CallBody, **_REFUSALS}, operation_id="get_call")
def get_call(request: HttpRequest, call_id: UUID) -> CallBody:
    """One call with its transcript, each turn's times, and who wanted the floor while the persona spoke."""
    call = get_object_or_404(_calls(request), id=call_id)
    turns = call.turns.filter(superseded_by__isnull=True)
    barge_ins = list(call.barge_ins.all())
    return CallBody(
        **_call_summary(call).model_dump(),
        turns=[_turn_body(turn) for turn in turns],
        barge_ins=[barge_in_body(row) for row in barge_ins],
        barge_in_counts=count_barge_ins(barge_ins),
        sound=state_of(recording_folder(call), was_recorded=call.recording),
    )


@router.delete(
    "/calls/{uuid:call_id}/",
    response={204: None, 409: ErrorBody, **_REFUSALS},
    operation_id="delete_call",
    throttle=_WRITES_A_MINUTE,
)
def delete_call(request: HttpRequest, call_id: UUID) -> Status[None]:
    """A call that is over goes with its words and its recording."""
    with transaction.atomic():
        own = Call.objects.begun().filter(room__owner=request.user)
        call = get_object_or_404(own.select_for_update(of=("self",)), id=call_id)
        if call.is_open:
            raise ApiError(409, "call_is_live", "This call is still going on. End it first.")
        remove_folder(recording_folder(call))  # first: what cannot be removed keeps its row, and is tried again
        call.delete()
    return Status(204, None)


@router.get(
    "/calls/{uuid:call_id}/recording/",
    response={416: ErrorBody, **_REFUSALS},
    operation_id="get_recording",
    openapi_extra={"responses": SOUND_RESPONSES},
)
def get_recording(request: HttpRequest, call_id: UUID, track: Track = "stereo") -> HttpResponse:
    """What was recorded of a call, as WAV; a part of it where `Range` asks for one."""
    call = get_object_or_404(_calls(request), id=call_id)
    sound = open_track(recording_folder(call), track)
    if sound is None:
        raise ApiError(404, "no_recording", "There is no such recording of this call.")
    return answer_with_sound(request, sound, name=f"call-{call.id}-{track}.wav")


@router.get(
    "/calls/{uuid:call_id}/utterances/{uuid:utterance_id}/audio/",
    response={416: ErrorBody, **_REFUSALS},
    operation_id="get_utterance_audio",
    openapi_extra={"responses": SOUND_RESPONSES},
)
def get_utterance_audio(request: HttpRequest, call_id: UUID, utterance_id: UUID) -> HttpResponse:
    """What the asker said in one turn, as WAV: from half a second before the first sound to half a second after."""
    call = get_object_or_404(_calls(request), id=call_id)
    sound = open_utterance(recording_folder(call), utterance_id)
    if sound is None:
        raise ApiError(404, "no_recording", "There is no recording of these words.")
    return answer_with_sound(request, sound, name=f"call-{call.id}-{utterance_id}.wav")


# ── rows into answers ─────────────────────────────────────────────────────────────────────────────


def _rooms(request: HttpRequest) -> QuerySet[Room]:
    return Room.objects.filter(owner=request.user).select_related("persona__published_version", "call", "interview")


def _calls(request: HttpRequest) -> QuerySet[Call]:
    own = (
        Call.objects.begun()
        .filter(room__owner=request.user)
        .select_related("persona", "persona_version", "room__interview")
    )
    return own.annotate(turn_count=Count("turns", filter=Q(turns__superseded_by__isnull=True))).order_by(
        "-started_at", "id"
    )


def _refuse_when_full() -> None:
    """Say so in words before a socket is tried, where neither this process nor another has a free line."""
    if THIS_PROCESS.readiness in {Readiness.FULL, Readiness.DRAINING} and not _another_process_is_free():
        words = f"All lines are busy. Try again in {RETRY_AFTER_SECONDS} seconds."
        raise ApiError(503, "at_capacity", words, retry_after=RETRY_AFTER_SECONDS)


def _another_process_is_free() -> bool:
    seen_since = database_now() - timedelta(seconds=settings.OWNER_LOST_SECONDS)
    free = Process.objects.filter(seen_at__gte=seen_since, draining=False, calls__lt=F("slots"))
    return free.exclude(name=THIS_PROCESS.name).exists()


def _room_body(room: Room) -> RoomBody:
    interview = getattr(room, "interview", None)
    return RoomBody(
        id=room.id,
        persona=room.persona.slug,
        persona_name=_name_of(room.persona.published_version.configuration),
        is_active=room.is_active,
        created_at=room.created_at,
        open_call_id=room.call_id if room.call is not None and room.call.is_open and room.call.was_offered else None,
        ice_servers=[IceServer.model_validate(server) for server in settings.ICE_SERVERS],
        interview_id=interview.id if interview else None,
        interview_status=interview.status if interview else None,
    )


def _call_summary(call: Call) -> CallSummary:
    interview = getattr(call.room, "interview", None)
    return CallSummary(
        id=call.id,
        room_id=call.room_id,
        persona=call.persona.slug,
        persona_name=_name_of(call.persona_version.configuration),
        persona_version=call.persona_version.number,
        status=call.status,
        end_reason=call.end_reason,
        started_at=call.started_at,
        ended_at=call.ended_at,
        duration_seconds=call.max_at,
        turn_count=call.turn_count,
        recording=call.recording,
        interview_id=interview.id if interview else None,
    )


def _turn_body(turn: Turn) -> TurnBody:
    return TurnBody(
        turn_id=turn.turn_id,
        utterance_id=turn.utterance_id,
        number=turn.number,
        started_at_ms=turn.started_at * 1000,
        ended_at_ms=None if turn.ended_at is None else turn.ended_at * 1000,
        transcript=turn.transcript,
        reply=turn.planned_text,
        heard_upto=len(turn.heard_text),
        interrupted=turn.interrupted,
        metrics=_turn_times(turn),
    )


def _turn_times(turn: Turn) -> TurnTimes:
    sound = {field.name: getattr(turn, field.name) for field in fields(TurnSound)}
    return TurnTimes.model_validate({**turn.metrics, **{name: it for name, it in sound.items() if it is not None}})


def _name_of(configuration: dict[str, object]) -> str:
    return str(configuration["name"])
