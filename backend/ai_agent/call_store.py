"""What of a call must outlive its process? The ORM's only async door: rooms, leases, turns; also see `process_store`.

One writer a call. An offer raises `Call.lease_epoch`; every write names the epoch that it was given, and one that finds
the row at another epoch, or over, raises `LeaseLost`: somebody newer drives this call.

    process A   open_call → 2 ──── save_state(2) ok ─────────────── save_state(2) → LeaseLost, stops
    process B                              open_call → 3 ── save_state(3) ok ──────────────────────────
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, Model
from django.utils import timezone

from ai_agent.call_records import OpenedCall, RoomRecord, TurnRecord
from ai_agent.call_refusals import AtCapacity, InterviewOver, LeaseLost, PersonaArchived, RoomNotFound
from ai_agent.commands import BargeInRecord, TurnSound
from ai_agent.models import OPEN_INTERVIEWS, OPEN_STATUSES, BargeIn, Call, CallStatus, Room, Turn

MAX_NOISE_PROFILE_BYTES: Final = 65_536
"""What is stored of a room's noise is no larger."""

# ── rooms and leases ──────────────────────────────────────────────────────────────────────────────


@database_sync_to_async
def find_room(room_id: str | UUID, user_id: int) -> RoomRecord:
    """The room, where it is this person's. Changes nothing.

    Raises:
        RoomNotFound: no such room, or not this person's, or not active.
    """
    room = _room(room_id, user_id)
    return RoomRecord(
        room_id=str(room.id),
        owner_id=room.owner_id,
        user_name=room.owner.display_name,
        persona_slug=room.persona.slug,
    )


@database_sync_to_async
def prepare_call(room_id: str | UUID, user_id: int) -> OpenedCall:
    """The room's open call, or a new row for one, so that its id can be told before an offer. No epoch changes.

    Raises:
        RoomNotFound: as `find_room`.
        AtCapacity: the person has as many live calls as allowed.
        PersonaArchived, InterviewOver: the call would be a new one.
    """
    with transaction.atomic():
        call = _open_or_new(room_id, user_id)
        if not call.was_offered:
            call.started_at = database_now()
            call.save(update_fields=["started_at"])
        return _opened(call, resumed=call.was_offered)


@database_sync_to_async
def discard_prepared(prepared: OpenedCall) -> None:
    """The socket that this was prepared for is gone without an offer: no trace stays, unless a newer one uses it."""
    delete_never_offered(id=prepared.call_id, started_at=prepared.started_at)


@database_sync_to_async
def open_call(room_id: str | UUID, user_id: int, *, owner: str) -> OpenedCall:
    """Take the room's call: the epoch rises at once, so that whoever drove it until now can write nothing more.

    An open call is resumed; one that was lost too long ago is abandoned and a new one begins.

    Raises:
        RoomNotFound, AtCapacity, PersonaArchived, InterviewOver: as `prepare_call`.
    """
    with transaction.atomic():
        call = _open_or_new(room_id, user_id)
        resumed = call.was_offered
        call.lease_epoch += 1
        call.lease_owner = owner
        call.status = CallStatus.LIVE
        call.lost_at = None
        call.save(update_fields=["lease_epoch", "lease_owner", "status", "lost_at"])
        if call.room.call_id != call.id:
            Room.objects.filter(id=call.room_id).update(call=call)
        return _opened(call, resumed=resumed)


@database_sync_to_async
def mark_lost(call_id: UUID | str, epoch: int) -> None:
    """The line is gone; the call is kept for `RESUME_SECONDS`."""
    with transaction.atomic():
        call = leased(call_id, epoch)
        call.status = CallStatus.LOST
        call.lost_at = database_now()
        call.save(update_fields=["status", "lost_at"])


@database_sync_to_async
def end_call(call_id: UUID | str, epoch: int, reason: str) -> None:
    """The call is over, for this reason. Ending it twice changes nothing."""
    with transaction.atomic():
        call = Call.objects.select_for_update().filter(id=call_id, lease_epoch=epoch).first()
        if call is None:
            raise LeaseLost(str(call_id))
        if call.is_open:
            finish(call, CallStatus.ENDED, reason, database_now())


# ── turns ─────────────────────────────────────────────────────────────────────────────────────────


@database_sync_to_async
def open_turn(
    call_id: UUID | str,
    epoch: int,
    *,
    turn_id: str,
    utterance_id: str | None,
    started_at: float,
    ended_at: float,
    sound: TurnSound | None = None,
) -> None:
    """Write the row of an utterance that is complete. The same utterance twice is one row."""
    measured = asdict(sound) if sound else {}
    with transaction.atomic():
        call = leased(call_id, epoch)
        if utterance_id is not None and call.turns.filter(utterance_id=utterance_id).exists():
            return
        _new_turn(call, turn_id, utterance_id=utterance_id, started_at=started_at, ended_at=ended_at, **measured)


@database_sync_to_async
def supersede(call_id: UUID | str, epoch: int, utterance_id: str, superseded_by: str) -> None:
    """The user went on speaking: the old utterance points at the one that holds all of it."""
    with transaction.atomic():
        leased(call_id, epoch).turns.filter(utterance_id=utterance_id).update(superseded_by=superseded_by)


@database_sync_to_async
def save_transcript(call_id: UUID | str, epoch: int, turn_id: str, transcript: str) -> None:
    """What the user said in this turn."""
    with transaction.atomic():
        _update_turn(leased(call_id, epoch), turn_id, transcript=transcript)


@database_sync_to_async
def close_reply(  # noqa: PLR0917 - in the order in which a reply is lived
    call_id: UUID | str,
    epoch: int,
    turn_id: str,
    planned: str,
    heard: str,
    interrupted: bool,
    at: float,
) -> None:
    """The reply is over. A turn that only the persona spoke in (the greeting) gets its row here."""
    with transaction.atomic():
        call = leased(call_id, epoch)
        _update_turn(call, turn_id, at=at, planned_text=planned, heard_text=heard, interrupted=interrupted)
        _advance(call, at)


@database_sync_to_async
def save_metrics(call_id: UUID | str, epoch: int, turn_id: str, metrics: Mapping[str, Any]) -> None:
    """The turn's times; later values are laid over earlier ones."""
    with transaction.atomic():
        call = leased(call_id, epoch)
        known = {name: value for name, value in metrics.items() if value is not None}
        row = call.turns.filter(turn_id=turn_id, superseded_by__isnull=True).first()
        _update_turn(call, turn_id, metrics={**(row.metrics if row else {}), **known})


@database_sync_to_async
def save_barge_in(call_id: UUID | str, epoch: int, record: BargeInRecord) -> None:
    """A bid for the floor that was decided. The same candidate twice is one row.

    Raises:
        ValueError: a figure is none that JSON can hold.
    """
    fields = json.loads(json.dumps(asdict(record), allow_nan=False))
    fields["reason"] = _cut(BargeIn, "reason", record.reason)
    with transaction.atomic():
        call = leased(call_id, epoch)
        if not call.barge_ins.filter(candidate_id=record.candidate_id).exists():
            BargeIn.objects.create(call=call, **fields)


@database_sync_to_async
def save_state(call_id: UUID | str, epoch: int, state: Mapping[str, Any], max_at: float) -> None:
    """The engine's snapshot, and how far the call's clock has come."""
    with transaction.atomic():
        call = leased(call_id, epoch)
        call.state = dict(state)
        call.save(update_fields=["state"])
        _advance(call, max_at)


@database_sync_to_async
def save_noise_profile(call_id: UUID | str, epoch: int, profile: Mapping[str, Any]) -> None:
    """What this call has learned of its room, for the next one.

    Raises:
        ValueError: it is larger than a profile is, or no JSON can hold it.
    """
    size = len(json.dumps(profile, allow_nan=False))
    if size > MAX_NOISE_PROFILE_BYTES:
        raise ValueError(f"a noise profile of {size} bytes")
    with transaction.atomic():
        # The room before its call, as whoever opens one does: two that wait for each other would wait for ever.
        room = Room.objects.select_for_update(of=("self",), no_key=True).filter(calls=call_id).first()
        if room is None:
            raise LeaseLost(str(call_id))
        leased(call_id, epoch)
        room.noise_profile, room.noise_learned_at = dict(profile), database_now()
        room.save(update_fields=["noise_profile", "noise_learned_at"])


# ── one-row steps ─────────────────────────────────────────────────────────────────────────────────


def database_now() -> datetime:
    """The clock that all processes share: the database's. SQLite's is this machine's own."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (moment,) = cursor.fetchone()
    return moment


def _room(room_id: str | UUID, user_id: int, *, lock: bool = False) -> Room:
    """The room with its owner and persona, and what matters of its interview: `interview_id`, `interview_status`."""
    try:
        parsed = UUID(str(room_id))
    except ValueError:
        raise RoomNotFound(str(room_id)[:60]) from None
    # With its owner, so that two rooms of one person do not both become the last call that is allowed.
    rooms = Room.objects.select_for_update(of=("self", "owner"), no_key=True) if lock else Room.objects.all()
    room = (
        rooms.select_related("owner", "persona")
        .annotate(interview_id=F("interview__id"), interview_status=F("interview__status"))
        .filter(id=parsed, owner_id=user_id, owner__is_active=True, is_active=True)
        .first()
    )
    if room is None:
        raise RoomNotFound(str(parsed))
    return room


def _open_or_new(room_id: str | UUID, user_id: int) -> Call:
    """The room's open call, locked; a call that was lost too long ago gives way to a new one.

    Raises:
        RoomNotFound, AtCapacity, PersonaArchived, InterviewOver: all but the first where nobody has driven the call.
    """
    room = _room(room_id, user_id, lock=True)
    calls = room.calls.select_for_update(of=("self",)).select_related("persona", "persona_version")
    call = calls.filter(status__in=OPEN_STATUSES).first()
    if call is not None:
        now = database_now()
        if call.lost_at is None or now - call.lost_at <= timedelta(seconds=settings.RESUME_SECONDS):
            if not call.was_offered:
                _refuse_new_call(room)
            return call
        finish(call, CallStatus.ABANDONED, "not_resumed", now)
    _refuse_new_call(room)
    return Call.objects.create(
        room=room,
        persona=room.persona,
        persona_version=room.persona.published_version,
        recording=settings.RECORDINGS_ENABLED and room.owner.recording is True,
    )


def _refuse_new_call(room: Room) -> None:
    """May a call begin here now? Raises PersonaArchived, InterviewOver, AtCapacity."""
    if room.persona.is_archived:
        raise PersonaArchived(room.persona.slug)
    if room.interview_id is not None and room.interview_status not in OPEN_INTERVIEWS:
        raise InterviewOver(str(room.interview_id))
    live = Call.objects.begun().filter(room__owner_id=room.owner_id, status=CallStatus.LIVE).count()
    if live >= settings.MAX_CALLS_PER_USER:
        raise AtCapacity.of_a_person(live)


def delete_never_offered(**which: Any) -> None:
    """Row by row under its lock: one that an offer takes at this moment stays."""
    with transaction.atomic():
        for call in Call.objects.never_offered().select_for_update().filter(**which):
            call.delete()


def _opened(call: Call, *, resumed: bool) -> OpenedCall:
    owner = call.room.owner
    return OpenedCall(
        call_id=call.id,
        room_id=call.room_id,
        epoch=call.lease_epoch,
        started_at=call.started_at,
        persona=call.persona_version.configuration,
        persona_slug=call.persona.slug,
        persona_version=call.persona_version.number,
        resumed=resumed,
        history=tuple(_turn_record(turn) for turn in call.turns.filter(superseded_by__isnull=True)) if resumed else (),
        state=call.state,
        noise_profile=_noise_profile(call.room),
        max_at=call.max_at,
        recording=call.recording and owner.recording is True,
        silence_duration_ms=owner.silence_duration_ms,
        owner_id=owner.pk,
        user_name=owner.display_name,
    )


def _noise_profile(room: Room) -> dict[str, Any] | None:
    """Where nothing was learned in this room, most people still sit where they sat last."""
    if room.noise_profile is not None:
        return room.noise_profile
    known = Room.objects.filter(owner_id=room.owner_id, noise_learned_at__isnull=False)
    return known.order_by("-noise_learned_at").values_list("noise_profile", flat=True).first()


def _turn_record(turn: Turn) -> TurnRecord:
    return TurnRecord(
        turn_id=str(turn.turn_id),
        utterance_id=str(turn.utterance_id) if turn.utterance_id else None,
        number=turn.number,
        started_at=turn.started_at,
        ended_at=turn.ended_at,
        transcript=turn.transcript,
        planned_text=turn.planned_text,
        heard_text=turn.heard_text,
        interrupted=turn.interrupted,
    )


def leased(call_id: UUID | str, epoch: int) -> Call:
    """The call's row, locked, where this epoch still holds it."""
    call = Call.objects.select_for_update().filter(id=call_id, lease_epoch=epoch, status__in=OPEN_STATUSES).first()
    if call is None:
        raise LeaseLost(str(call_id))
    return call


def _new_turn(call: Call, turn_id: str, *, started_at: float, **values: Any) -> Turn:
    last = call.turns.aggregate(last=Max("number"))["last"] or 0
    return Turn.objects.create(call=call, turn_id=turn_id, number=last + 1, started_at=started_at, **values)


def _update_turn(call: Call, turn_id: str, *, at: float | None = None, **values: Any) -> None:
    """Change the turn's row that counts; make it where only the persona speaks in this turn."""
    if call.turns.filter(turn_id=turn_id, superseded_by__isnull=True).update(**values) == 0:
        _new_turn(call, turn_id, started_at=call.max_at if at is None else at, **values)


def _advance(call: Call, at: float) -> None:
    """The call's clock never goes back."""
    if at > call.max_at:
        call.max_at = at
        call.save(update_fields=["max_at"])


def finish(call: Call, status: CallStatus, reason: str, at: datetime) -> None:
    """The call is over, whoever held it."""
    call.status = status
    call.end_reason = _cut(Call, "end_reason", reason)
    call.ended_at = at
    call.save(update_fields=["status", "end_reason", "ended_at"])


def _cut(model: type[Model], field: str, text: str) -> str:
    """As much of a text as the field holds."""
    return text[: model._meta.get_field(field).max_length]
