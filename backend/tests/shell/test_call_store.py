"""One writer a call: leases, turns, what a resumed call is given. And the sweeper, which frees what nobody resumes."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import asdict, fields, replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from ai_agent import call_store
from ai_agent.call_records import OpenedCall
from ai_agent.call_refusals import AtCapacity, LeaseLost, PersonaArchived, RoomNotFound
from ai_agent.commands import BargeInRecord, ProbeRecord, TurnSound
from ai_agent.models import BargeIn, Call, CallStatus, Room, Turn
from ai_personas.models import Persona
from ai_personas.versions import publish

HERE, THERE = "host:1:here", "host:2:there"


def do(operation: Any, *args: Any, **kwargs: Any) -> Any:
    """One operation of the store, run from a test that is no coroutine."""
    return async_to_sync(operation)(*args, **kwargs)


def take(room: Room, owner: str = HERE) -> OpenedCall:
    return do(call_store.open_call, room.id, room.owner_id, owner=owner)


def say(call: OpenedCall, transcript: str, *, at: float = 1.0) -> tuple[str, str]:
    """One utterance in its row: (turn id, utterance id)."""
    turn_id, utterance_id = str(uuid.uuid4()), str(uuid.uuid4())
    do(
        call_store.open_turn,
        call.call_id,
        call.epoch,
        turn_id=turn_id,
        utterance_id=utterance_id,
        started_at=at,
        ended_at=at + 1,
    )
    do(call_store.save_transcript, call.call_id, call.epoch, turn_id, transcript)
    return turn_id, utterance_id


# ── rooms ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_owner_finds_the_room(room: Room, person: User) -> None:
    found = do(call_store.find_room, str(room.id), person.pk)
    assert (found.room_id, found.user_name, found.persona_slug) == (str(room.id), "ada", "helpful-assistant")


@pytest.mark.parametrize("operation", [call_store.find_room, call_store.prepare_call, call_store.open_call])
def test_somebody_elses_room_is_not_there(room: Room, person: User, stranger: User, operation: Any) -> None:
    more = {"owner": HERE} if operation is call_store.open_call else {}
    with pytest.raises(RoomNotFound):
        do(operation, str(room.id), stranger.pk, **more)
    for nowhere in (str(uuid.uuid4()), "not-a-uuid", "", "../../etc/passwd"):
        with pytest.raises(RoomNotFound):
            do(operation, nowhere, person.pk, **more)
    Room.objects.update(is_active=False)
    with pytest.raises(RoomNotFound):
        do(operation, str(room.id), person.pk, **more)


def test_nobody_calls_with_an_account_that_was_closed(room: Room, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(RoomNotFound):
        do(call_store.find_room, room.id, person.pk)


# ── leases ────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_call_freezes_persona_and_version(room: Room, persona: Persona) -> None:
    opened = take(room)
    assert opened.persona["name"] == "Juno"
    assert (opened.persona_slug, opened.persona_version, opened.resumed) == ("helpful-assistant", 1, False)
    publish(persona, {**opened.persona, "description": "Another."})
    again = take(room)
    assert again.persona_version == 1
    assert again.persona == opened.persona


def test_the_rooms_present_call_is_the_new_one(room: Room) -> None:
    opened = take(room)
    assert Room.objects.select_related("call__persona").get(id=room.id).call.id == opened.call_id


def test_preparing_makes_the_row_and_raises_no_epoch(room: Room, person: User) -> None:
    prepared = do(call_store.prepare_call, room.id, person.pk)
    again = do(call_store.prepare_call, room.id, person.pk)
    assert (prepared.call_id, prepared.epoch) == (again.call_id, again.epoch)
    assert not again.resumed
    opened = take(room)
    assert (opened.call_id, opened.epoch, opened.resumed) == (prepared.call_id, prepared.epoch + 1, False)
    assert do(call_store.prepare_call, room.id, person.pk).resumed


def test_a_socket_that_goes_without_an_offer_leaves_no_call(room: Room, person: User) -> None:
    last = take(room)
    do(call_store.end_call, last.call_id, last.epoch, "hung_up")
    prepared = do(call_store.prepare_call, room.id, person.pk)
    do(call_store.discard_prepared, prepared)
    assert [call.id for call in Call.objects.all()] == [last.call_id]
    room.refresh_from_db()
    assert room.call_id == last.call_id, "the last call is still the room's"


def test_the_row_that_a_newer_socket_waits_with_stays_when_the_older_goes(room: Room, person: User) -> None:
    older = do(call_store.prepare_call, room.id, person.pk)
    newer = do(call_store.prepare_call, room.id, person.pk)
    assert older.call_id == newer.call_id
    do(call_store.discard_prepared, older)
    assert take(room).call_id == newer.call_id
    do(call_store.discard_prepared, newer)
    assert Call.objects.get().lease_owner == HERE, "a call that was offered for is nobody's to discard"


def test_no_new_call_begins_with_an_archived_persona_and_a_lost_one_goes_on(
    room: Room, person: User, persona: Persona
) -> None:
    prepared = do(call_store.prepare_call, room.id, person.pk)
    Persona.objects.update(is_archived=True)
    for operation in (lambda: do(call_store.prepare_call, room.id, person.pk), lambda: take(room)):
        with pytest.raises(PersonaArchived):
            operation()
    Persona.objects.update(is_archived=False)
    call = take(room)
    assert call.call_id == prepared.call_id
    do(call_store.mark_lost, call.call_id, call.epoch)
    Persona.objects.update(is_archived=True)
    assert take(room).resumed


def test_a_newer_offer_takes_the_call_and_the_older_can_write_nothing_more(room: Room) -> None:
    old = take(room)
    turn_id, utterance_id = say(old, "hello")
    new = take(room, THERE)
    assert (new.call_id, new.epoch, new.resumed) == (old.call_id, old.epoch + 1, True)
    writes = [
        (call_store.save_state, {"phase": "x"}, 9.0),
        (call_store.save_transcript, turn_id, "stolen"),
        (call_store.close_reply, turn_id, "p", "h", True, 9.0),
        (call_store.save_metrics, turn_id, {"stt_ms": 1.0}),
        (call_store.supersede, utterance_id, str(uuid.uuid4())),
        (call_store.mark_lost,),
        (call_store.end_call, "hung_up"),
    ]
    for operation, *arguments in writes:
        with pytest.raises(LeaseLost):
            do(operation, old.call_id, old.epoch, *arguments)
    with pytest.raises(LeaseLost):
        say(old, "too late")
    call = Call.objects.get()
    assert (call.status, call.lease_owner, call.state, call.max_at) == (CallStatus.LIVE, THERE, None, 0.0)
    assert Turn.objects.get().transcript == "hello"


def test_a_resumed_call_goes_on_with_its_history_and_state(room: Room) -> None:
    first = take(room)
    turn_id, _ = say(first, "what time is it?")
    do(call_store.close_reply, first.call_id, first.epoch, turn_id, "It is nine. Or ten.", "It is nine.", True, 7.5)
    do(call_store.save_state, first.call_id, first.epoch, {"phase": "WAIT_FOR_USER"}, 8.25)
    do(call_store.mark_lost, first.call_id, first.epoch)
    second = take(room, THERE)
    (turn,) = second.history
    assert (turn.turn_id, turn.transcript, turn.heard_text, turn.interrupted) == (
        turn_id,
        "what time is it?",
        "It is nine.",
        True,
    )
    assert (second.state, second.max_at, second.resumed) == ({"phase": "WAIT_FOR_USER"}, 8.25, True)
    assert Call.objects.get().status == CallStatus.LIVE


def test_the_calls_clock_never_goes_back(room: Room) -> None:
    call = take(room)
    do(call_store.save_state, call.call_id, call.epoch, {}, 8.0)
    do(call_store.save_state, call.call_id, call.epoch, {}, 3.0)
    assert Call.objects.get().max_at == 8.0


def test_a_call_lost_for_too_long_gives_way_to_a_new_one(room: Room) -> None:
    lost = take(room)
    do(call_store.mark_lost, lost.call_id, lost.epoch)
    Call.objects.update(lost_at=timezone.now() - timedelta(seconds=61))
    fresh = take(room)
    assert fresh.call_id != lost.call_id
    assert Call.objects.get(id=lost.call_id).status == CallStatus.ABANDONED


def test_a_call_ends_once_with_its_first_reason(room: Room) -> None:
    call = take(room)
    do(call_store.end_call, call.call_id, call.epoch, "hung_up")
    do(call_store.end_call, call.call_id, call.epoch, "too_late")
    row = Call.objects.get()
    assert (row.status, row.end_reason) == (CallStatus.ENDED, "hung_up")
    assert row.ended_at is not None
    with pytest.raises(LeaseLost):
        do(call_store.save_state, call.call_id, call.epoch, {}, 1.0)
    assert take(room).call_id != call.call_id


def test_a_person_has_so_many_live_calls_and_no_more(room: Room, person: User, persona: Persona) -> None:
    rooms = [room, *(Room.objects.create(owner=person, persona=persona) for _ in range(2))]
    with override_settings(MAX_CALLS_PER_USER=2):
        first, second = take(rooms[0]), take(rooms[1])
        with pytest.raises(AtCapacity):
            take(rooms[2])
        assert take(rooms[0]).call_id == first.call_id, "a call of one's own is resumed, however many there are"
        do(call_store.mark_lost, second.call_id, second.epoch)
        assert take(rooms[2]).epoch == 2


def test_what_was_only_prepared_is_no_call_and_its_offer_is_counted(room: Room, person: User, persona: Persona) -> None:
    rooms = [room, *(Room.objects.create(owner=person, persona=persona) for _ in range(2))]
    with override_settings(MAX_CALLS_PER_USER=1):
        for each in rooms:
            do(call_store.prepare_call, each.id, person.pk)
        take(rooms[0])
        for operation in (lambda: take(rooms[1]), lambda: do(call_store.prepare_call, rooms[2].id, person.pk)):
            with pytest.raises(AtCapacity, match="1 call going on"):
                operation()


@pytest.mark.parametrize(
    ("answer", "is_enabled", "is_recorded"),
    [(None, True, False), (False, True, False), (True, True, True), (True, False, False)],
)
def test_nothing_is_recorded_without_a_yes(
    room: Room, person: User, answer: bool | None, is_enabled: bool, is_recorded: bool
) -> None:
    User.objects.filter(pk=person.pk).update(recording=answer)
    with override_settings(RECORDINGS_ENABLED=is_enabled):
        assert take(room).recording is is_recorded


def test_more_time_goes_with_the_person(room: Room, person: User) -> None:
    User.objects.filter(pk=person.pk).update(silence_duration_ms=4000)
    assert take(room).silence_duration_ms == 4000


# ── turns ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_reopened_turn_keeps_the_old_row_and_tells_one_history(room: Room) -> None:
    call = take(room)
    turn_id, first = say(call, "I think")
    joined = str(uuid.uuid4())
    do(call_store.supersede, call.call_id, call.epoch, first, joined)
    do(
        call_store.open_turn,
        call.call_id,
        call.epoch,
        turn_id=turn_id,
        utterance_id=joined,
        started_at=1.0,
        ended_at=5.0,
    )
    do(call_store.save_transcript, call.call_id, call.epoch, turn_id, "I think so, yes.")
    assert str(Turn.objects.get(utterance_id=first).superseded_by) == joined
    (record,) = take(room).history
    assert (record.utterance_id, record.transcript) == (joined, "I think so, yes.")


def test_the_same_utterance_twice_is_one_row(room: Room) -> None:
    call = take(room)
    turn_id, utterance_id = say(call, "hello")
    again = {"turn_id": turn_id, "utterance_id": utterance_id, "started_at": 1.0, "ended_at": 2.0}
    do(call_store.open_turn, call.call_id, call.epoch, **again)
    assert Turn.objects.count() == 1


def test_the_greeting_has_a_row_without_an_utterance(room: Room) -> None:
    call, greeting = take(room), str(uuid.uuid4())
    do(call_store.close_reply, call.call_id, call.epoch, greeting, "Hello.", "Hello.", False, 2.5)
    (record,) = take(room).history
    assert (record.turn_id, record.utterance_id, record.heard_text, record.number) == (greeting, None, "Hello.", 1)


def test_a_turns_metrics_come_in_pieces(room: Room) -> None:
    call = take(room)
    turn_id, _ = say(call, "hello")
    do(call_store.save_metrics, call.call_id, call.epoch, turn_id, {"stt_ms": 120.0, "snr_db": None})
    do(call_store.save_metrics, call.call_id, call.epoch, turn_id, {"reply_latency_ms": 700.0, "stt_ms": None})
    assert Turn.objects.get().metrics == {"stt_ms": 120.0, "reply_latency_ms": 700.0}


def test_how_a_turn_sounded_is_written_with_its_row(room: Room) -> None:
    call = take(room)
    ids = {"turn_id": str(uuid.uuid4()), "utterance_id": str(uuid.uuid4())}
    sound = TurnSound(-25.1, -60.4, 35.0, 0.102, 0.5)
    do(call_store.open_turn, call.call_id, call.epoch, **ids, started_at=1.0, ended_at=2.0, sound=sound)
    turn = Turn.objects.get()
    assert (turn.energy_dbfs, turn.noise_floor_dbfs, turn.snr_db) == (-25.1, -60.4, 35.0)
    assert (turn.spectral_flatness, turn.clipping_percent) == (0.102, 0.5)


# ── barge-ins ─────────────────────────────────────────────────────────────────────────────────────

LOOKED = ProbeRecord(
    asked_at=7.5,
    clip_ms=900,
    answered_at=7.71,
    words="Wait, stop.",
    avg_logprob=-0.2,
    no_speech_probability=0.01,
    verdict="stop",
    reason="stop_word",
)
UNANSWERED = ProbeRecord(asked_at=7.0, clip_ms=600)


def candidate(**other: Any) -> BargeInRecord:
    record = BargeInRecord(
        candidate_id=str(uuid.uuid4()),
        turn_id=str(uuid.uuid4()),
        onset_at=6.5,
        suspected_at=6.56,
        held_at=6.98,
        decided_at=7.71,
        decision="accepted",
        reason="stop_word",
        voiced_ms=820,
        level_dbfs=-28.5,
        noise_floor_dbfs=-61.0,
        echo_dbfs=-47.25,
        caller_dbfs=-26.0,
        ducked_ms=1_150,
        lost_ms=0,
        probes=(UNANSWERED, LOOKED),
    )
    return replace(record, **other)


def decide(call: OpenedCall, record: BargeInRecord) -> None:
    do(call_store.save_barge_in, call.call_id, call.epoch, record)


def test_a_barge_in_is_written_with_all_that_was_measured_of_it(room: Room) -> None:
    call, record = take(room), candidate()
    decide(call, record)
    row = BargeIn.objects.get(call_id=call.call_id)
    assert (str(row.candidate_id), str(row.turn_id)) == (record.candidate_id, record.turn_id)
    figures = [field.name for field in fields(BargeInRecord) if field.name not in {"candidate_id", "turn_id", "probes"}]
    assert [getattr(row, name) for name in figures] == [getattr(record, name) for name in figures]
    assert row.probes == json.loads(json.dumps([asdict(UNANSWERED), asdict(LOOKED)]))


def test_a_barge_in_over_no_reply_that_was_never_held_has_empty_places(room: Room) -> None:
    decide(take(room), candidate(turn_id=None, held_at=None, decision="rejected", reason="click", probes=()))
    row = BargeIn.objects.get()
    assert (row.turn_id, row.held_at, row.probes) == (None, None, [])


def test_the_same_candidate_twice_is_one_row(room: Room) -> None:
    call, record = take(room), candidate()
    decide(call, record)
    decide(call, replace(record, reason="told_again"))
    assert BargeIn.objects.get().reason == "stop_word"


def test_a_session_that_was_taken_over_writes_no_barge_in(room: Room) -> None:
    older = take(room)
    newer = take(room)
    with pytest.raises(LeaseLost):
        decide(older, candidate())
    decide(newer, candidate())
    do(call_store.end_call, newer.call_id, newer.epoch, "user_ended")
    with pytest.raises(LeaseLost):
        decide(newer, candidate())
    assert BargeIn.objects.count() == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        {"level_dbfs": float("nan")},
        {"onset_at": float("-inf")},
        {"probes": (replace(LOOKED, avg_logprob=float("inf")),)},
        {"candidate_id": "not-a-uuid"},
        {"turn_id": "nor this"},
        {"decision": "held"},
        {"decided_at": 0.0},
        {"lost_ms": -20},
    ],
)
def test_figures_that_make_no_sense_leave_no_row(room: Room, nonsense: dict[str, Any]) -> None:
    call = take(room)
    with pytest.raises((ValueError, ValidationError, IntegrityError)):
        decide(call, candidate(**nonsense))
    assert not BargeIn.objects.exists()
    decide(call, candidate())


def test_a_reason_longer_than_its_place_is_cut(room: Room) -> None:
    decide(take(room), candidate(reason="because " * 20))
    assert len(BargeIn.objects.get().reason) == 60


# ── what a room teaches ───────────────────────────────────────────────────────────────────────────

PROFILE = {"version": 1, "noise_floor_dbfs": -47.3}


def teach(call: OpenedCall, profile: dict[str, Any] = PROFILE) -> None:
    do(call_store.save_noise_profile, call.call_id, call.epoch, profile)


def other_room(room: Room, owner: User | None = None) -> Room:
    return Room.objects.create(owner=owner or room.owner, persona=room.persona)


def test_a_room_is_known_to_its_next_call(room: Room) -> None:
    call = take(room)
    assert call.noise_profile is None
    teach(call)
    do(call_store.end_call, call.call_id, call.epoch, "user_ended")
    assert take(room).noise_profile == PROFILE


def test_a_new_room_begins_with_what_the_persons_last_room_taught(room: Room, stranger: User) -> None:
    for where, floor_dbfs in ((room, -60.0), (other_room(room), -40.0)):
        call = take(where)
        teach(call, {**PROFILE, "noise_floor_dbfs": floor_dbfs})
        do(call_store.end_call, call.call_id, call.epoch, "user_ended")
    newest = take(other_room(room))
    assert newest.noise_profile == {**PROFILE, "noise_floor_dbfs": -40.0}
    do(call_store.end_call, newest.call_id, newest.epoch, "user_ended")
    assert take(room).noise_profile == {**PROFILE, "noise_floor_dbfs": -60.0}, "its own, where it has one"
    assert take(other_room(room, owner=stranger)).noise_profile is None


def test_only_who_holds_the_call_writes_what_its_room_taught(room: Room) -> None:
    former = take(room)
    take(room, THERE)
    with pytest.raises(LeaseLost):
        teach(former)
    with pytest.raises(LeaseLost):
        do(call_store.save_noise_profile, uuid.uuid4(), 1, PROFILE)
    room.refresh_from_db()
    assert (room.noise_profile, room.noise_learned_at) == (None, None)


@pytest.mark.parametrize("bins", [[0.123456789] * 10_000, [float("nan")]], ids=["without end", "no number"])
def test_a_profile_that_cannot_be_kept_is_refused(room: Room, bins: list[float]) -> None:
    call = take(room)
    with pytest.raises(ValueError, match=r"bytes|not JSON compliant"):
        teach(call, {"bins": bins})
    room.refresh_from_db()
    assert room.noise_profile is None


@pytest.mark.django_db(transaction=True)
async def test_two_offers_at_once_leave_one_owner() -> None:
    """Whoever comes second holds the call; the epochs differ, and one row is open."""
    room = await asyncio.to_thread(_a_room)
    opened = await asyncio.gather(
        *(call_store.open_call(room.id, room.owner_id, owner=owner) for owner in (HERE, THERE))
    )
    assert {call.call_id for call in opened} == {opened[0].call_id}
    assert len({call.epoch for call in opened}) == 2
    older = min(opened, key=lambda call: call.epoch)
    with pytest.raises(LeaseLost):
        await call_store.save_state(older.call_id, older.epoch, {}, 1.0)


def _a_room() -> Room:
    from django.db import connection

    try:
        call_command("load_presets", verbosity=0)
        owner = User.objects.create_user("ada")
        return Room.objects.create(owner=owner, persona=Persona.objects.get(slug="helpful-assistant"))
    finally:
        connection.close()
