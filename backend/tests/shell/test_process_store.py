"""What a process says of itself, and the sweeper, which frees what nobody resumes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from ai_agent import call_store, process_store
from ai_agent.models import Call, CallStatus, Process, Room
from tests.shell.test_call_store import HERE, THERE, do, take


def later(seconds: float) -> Any:
    return timezone.now() + timedelta(seconds=seconds)


def test_a_call_whose_process_beats_is_left_alone(room: Room) -> None:
    do(process_store.register_process, HERE, 8)
    call = take(room)
    Call.objects.update(started_at=timezone.now() - timedelta(hours=1))
    do(process_store.beat, HERE, slots=8, calls=1, draining=False)
    assert do(process_store.sweep) == 0
    assert Call.objects.get(id=call.call_id).status == CallStatus.LIVE


def test_the_calls_of_a_dead_process_are_lost_then_abandoned_and_the_room_is_free(room: Room) -> None:
    do(process_store.register_process, HERE, 8)
    call = take(room)
    assert do(process_store.sweep, later(30)) == 0
    row = Call.objects.get()
    assert row.status == CallStatus.LOST
    assert row.lost_at == Process.objects.get().seen_at, "lost since its process was last seen"
    assert do(process_store.sweep, row.lost_at + timedelta(seconds=59)) == 0
    assert do(process_store.sweep, row.lost_at + timedelta(seconds=62)) == 1
    row.refresh_from_db()
    assert (row.status, row.end_reason) == (CallStatus.ABANDONED, "not_resumed")
    assert take(room).call_id != call.call_id


def test_a_call_of_a_dead_process_can_be_resumed_elsewhere_before_that(room: Room) -> None:
    do(process_store.register_process, HERE, 8)
    call = take(room)
    do(process_store.sweep, later(30))
    resumed = take(room, THERE)
    assert (resumed.call_id, resumed.resumed) == (call.call_id, True)


def test_a_row_that_nobody_offered_for_stays_while_its_socket_may_wait_and_leaves_no_trace(
    room: Room, person: User
) -> None:
    do(call_store.prepare_call, room.id, person.pk)
    assert do(process_store.sweep, later(settings.OFFER_SECONDS)) == 0
    assert Call.objects.get().status == CallStatus.LIVE
    assert do(process_store.sweep, later(settings.OFFER_SECONDS + settings.OWNER_LOST_SECONDS + 1)) == 0
    assert not Call.objects.exists()


def test_a_fresh_call_is_no_orphan_while_its_process_is_not_registered_yet(room: Room) -> None:
    take(room)
    do(process_store.sweep)
    assert Call.objects.get().status == CallStatus.LIVE


def test_a_process_that_ends_takes_its_row_along_and_leaves_its_calls_to_others(room: Room) -> None:
    do(process_store.register_process, HERE, 8)
    take(room)
    do(process_store.retire, HERE)
    assert not Process.objects.exists()
    assert Call.objects.get().status == CallStatus.LOST


def test_an_operator_can_sweep_by_hand(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    call = take(room)
    do(call_store.mark_lost, call.call_id, call.epoch)
    Call.objects.update(lost_at=timezone.now() - timedelta(hours=1))
    call_command("sweep")
    assert capsys.readouterr().out == "1 calls closed.\n"
