"""Which processes are there, and what becomes of the calls of one that is gone? Their rows, and the sweeper.

The rows themselves are `call_store`'s; this is its part for whole processes, async by the same door.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from ai_agent.call_store import database_now, delete_never_offered, finish
from ai_agent.interview_store import abandon_interviews
from ai_agent.models import Call, CallStatus, Process


@database_sync_to_async
def register_process(name: str, slots: int) -> None:
    """This process is here and takes `slots` calls."""
    _write_process(name, slots=slots, calls=0, draining=False)


@database_sync_to_async
def beat(name: str, *, slots: int, calls: int, draining: bool) -> None:
    """This process is still here. Only the sweeper asks."""
    _write_process(name, slots=slots, calls=calls, draining=draining)


@database_sync_to_async
def retire(name: str) -> None:
    """This process ends; calls that it still had are lost from now, and may be resumed elsewhere."""
    with transaction.atomic():
        Call.objects.filter(status=CallStatus.LIVE, lease_owner=name).update(
            status=CallStatus.LOST, lost_at=database_now()
        )
        Process.objects.filter(name=name).delete()


@database_sync_to_async
def sweep(now: datetime | None = None) -> int:
    """End what nobody will come back to; answers how many calls were abandoned.

    A live call whose process was not seen for `OWNER_LOST_SECONDS` counts as lost since then; a call lost for longer
    than `RESUME_SECONDS` is abandoned, and so is an interview that nobody goes on with for a day. One that was prepared
    and never offered for leaves no trace, once no socket can be waiting for it. `now` is the database's clock unless it
    is given.
    """
    moment = now or database_now()
    longest_wait = timedelta(seconds=settings.OFFER_SECONDS + settings.OWNER_LOST_SECONDS)
    delete_never_offered(started_at__lt=moment - longest_wait)
    with transaction.atomic():
        _mark_orphans(moment)
        lost_before = moment - timedelta(seconds=settings.RESUME_SECONDS)
        overdue = Call.objects.select_for_update().filter(status=CallStatus.LOST, lost_at__lt=lost_before)
        abandoned = 0
        for call in overdue:
            finish(call, CallStatus.ABANDONED, "not_resumed", moment)
            abandoned += 1
        abandon_interviews(moment)
        Process.objects.filter(seen_at__lt=moment - timedelta(days=1)).delete()
    return abandoned


@database_sync_to_async
def recorded_calls(*, ended_since: timedelta | None, ended_before: timedelta) -> list[tuple[UUID, UUID]]:
    """Room and call of those that are over and may have a recording; both times are back from now."""
    now = database_now()
    calls = Call.objects.filter(recording=True, ended_at__lte=now - ended_before)
    if ended_since is not None:
        calls = calls.filter(ended_at__gte=now - ended_since)
    return list(calls.values_list("room_id", "id"))


def _write_process(name: str, **values: Any) -> None:
    Process.objects.update_or_create(name=name, defaults={**values, "seen_at": database_now()})


def _mark_orphans(moment: datetime) -> None:
    """Live calls whose process is gone were lost when it was last seen; one without any row, now."""
    seen_since = moment - timedelta(seconds=settings.OWNER_LOST_SECONDS)
    alive = Process.objects.filter(seen_at__gte=seen_since).values("name")
    orphans = Call.objects.begun().select_for_update().filter(status=CallStatus.LIVE, started_at__lt=seen_since)
    last_seen = dict(Process.objects.values_list("name", "seen_at"))
    for call in orphans.exclude(Q(lease_owner__in=alive)):
        call.status = CallStatus.LOST
        call.lost_at = last_seen.get(call.lease_owner, moment)
        call.save(update_fields=["status", "lost_at"])
