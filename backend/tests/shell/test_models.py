"""What the database itself refuses, whoever writes to it."""

from __future__ import annotations

import uuid

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from ai_agent.models import (
    BargeIn,
    Call,
    CallStatus,
    InterviewQuestionState,
    InterviewSession,
    Process,
    Room,
    Turn,
)
from ai_personas.models import Persona


def new_call(room: Room, **values: object) -> Call:
    return Call.objects.create(
        room=room, persona=room.persona, persona_version=room.persona.published_version, **values
    )


def over(status: CallStatus = CallStatus.ENDED) -> dict[str, object]:
    return {"status": status, "ended_at": timezone.now()}


def refused(make) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_a_room_has_one_open_call(room: Room) -> None:
    first = new_call(room)
    refused(lambda: new_call(room))
    refused(lambda: new_call(room, status=CallStatus.LOST, lost_at=timezone.now()))
    first.status, first.ended_at = CallStatus.ENDED, timezone.now()
    first.save()
    new_call(room)


def test_any_number_of_calls_of_a_room_are_over(room: Room) -> None:
    for status in (CallStatus.ENDED, CallStatus.ABANDONED, CallStatus.ENDED):
        new_call(room, **over(status))
    assert room.calls.count() == 3


def test_a_rooms_present_call_and_its_persona_come_in_one_query(room: Room, django_assert_num_queries) -> None:
    room.call = new_call(room)
    room.save()
    with django_assert_num_queries(1):
        read = Room.objects.select_related("call__persona").get(id=room.id)
        assert read.call.persona.slug == "helpful-assistant"
    with django_assert_num_queries(1):
        assert Room.objects.select_related("call__persona").get(id=str(room.id)).call_id == room.call_id


def test_a_call_is_the_present_one_of_at_most_one_room(room: Room, person: User, persona: Persona) -> None:
    room.call = new_call(room, **over())
    room.save()
    refused(lambda: Room.objects.create(owner=person, persona=persona, call=room.call))


def test_a_room_without_a_call_is_a_room(room: Room) -> None:
    assert Room.objects.select_related("call__persona").get(id=room.id).call is None


def test_a_call_that_is_over_says_since_when_and_an_open_one_does_not(room: Room) -> None:
    refused(lambda: new_call(room, status=CallStatus.ENDED))
    refused(lambda: new_call(room, ended_at=timezone.now()))
    refused(lambda: new_call(room, status=CallStatus.LOST))
    refused(lambda: new_call(room, status="paused"))
    refused(lambda: new_call(room, lease_epoch=0))


def test_an_utterance_has_one_row_in_the_whole_product(room: Room) -> None:
    call, other = new_call(room, **over()), new_call(room, **over())
    utterance_id = uuid.uuid4()
    Turn.objects.create(call=call, turn_id=uuid.uuid4(), utterance_id=utterance_id, number=1, started_at=0)
    refused(
        lambda: Turn.objects.create(call=other, turn_id=uuid.uuid4(), utterance_id=utterance_id, number=1, started_at=0)
    )


def test_turns_without_an_utterance_are_many(room: Room) -> None:
    call = new_call(room)
    for number in (1, 2):
        Turn.objects.create(call=call, turn_id=uuid.uuid4(), number=number, started_at=0)
    refused(lambda: Turn.objects.create(call=call, turn_id=uuid.uuid4(), number=2, started_at=0))
    refused(lambda: Turn.objects.create(call=call, turn_id=uuid.uuid4(), number=3, started_at=2, ended_at=1))


def test_a_turn_has_one_row_that_counts(room: Room) -> None:
    """A reopened turn keeps its id: the row of the first utterance points at the one that holds all of it."""
    call = new_call(room)
    turn_id, first, joined = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    Turn.objects.create(call=call, turn_id=turn_id, utterance_id=first, superseded_by=joined, number=1, started_at=0)
    Turn.objects.create(call=call, turn_id=turn_id, utterance_id=joined, number=2, started_at=0)
    refused(lambda: Turn.objects.create(call=call, turn_id=turn_id, utterance_id=uuid.uuid4(), number=3, started_at=0))


def new_barge_in(call: Call, **values: object) -> BargeIn:
    usual: dict[str, object] = {
        "candidate_id": uuid.uuid4(),
        "onset_at": 3.0,
        "suspected_at": 3.06,
        "decided_at": 3.9,
        "decision": "rejected",
        "reason": "backchannel",
        "voiced_ms": 320,
        "level_dbfs": -31.0,
        "noise_floor_dbfs": -60.0,
        "echo_dbfs": -50.0,
        "caller_dbfs": -26.0,
        "ducked_ms": 700,
        "lost_ms": 0,
    }
    return BargeIn.objects.create(call=call, **{**usual, **values})


def test_a_candidate_has_one_row_in_the_whole_product(room: Room) -> None:
    call, other = new_call(room, **over()), new_call(room, **over())
    first = new_barge_in(call)
    refused(lambda: new_barge_in(call, candidate_id=first.candidate_id))
    refused(lambda: new_barge_in(other, candidate_id=first.candidate_id))
    new_barge_in(call)


@pytest.mark.parametrize(
    "values",
    [
        {"decision": "held"},
        {"suspected_at": 2.9},
        {"decided_at": 3.0},
        {"held_at": 3.0},
        {"held_at": 4.0},
        {"voiced_ms": -1},
        {"ducked_ms": -1},
        {"lost_ms": -1},
        {"level_dbfs": None},
    ],
)
def test_a_barge_in_that_cannot_have_been_is_refused(room: Room, values: dict[str, object]) -> None:
    call = new_call(room)
    refused(lambda: new_barge_in(call, **values))
    new_barge_in(call, held_at=3.4)
    new_barge_in(call, onset_at=3.06, decided_at=3.06)


def test_the_barge_ins_of_a_call_come_in_the_order_of_their_onsets_and_go_with_it(room: Room) -> None:
    call = new_call(room)
    later, earlier = new_barge_in(call, onset_at=3.05), new_barge_in(call, onset_at=1.0)
    assert list(call.barge_ins.all()) == [earlier, later]
    assert str(later) == f"Barge-in {later.candidate_id} (rejected: backchannel)"
    call.delete()
    assert not BargeIn.objects.exists()


# ── interviews ────────────────────────────────────────────────────────────────────────────────────


def new_interview(room: Room, **values: object) -> InterviewSession:
    return InterviewSession.objects.create(
        **{
            "room": room,
            "persona": room.persona,
            "persona_version": room.persona.published_version,
            "question_bank": "software-engineering",
            "bank_version": "1",
            "question_ids": ["python-lists"],
            "active_at": timezone.now(),
            **values,
        }
    )


def new_question(interview: InterviewSession, **values: object) -> InterviewQuestionState:
    fields: dict[str, object] = {"number": 1, "question_id": "python-lists", "topic": "python", "stage": "basic"}
    return InterviewQuestionState.objects.create(session=interview, **{**fields, "entry": {}, **values})


def test_a_room_has_one_interview(room: Room) -> None:
    new_interview(room)
    refused(lambda: new_interview(room))


@pytest.mark.parametrize(
    "values",
    [
        {"status": "finished"},
        {"finished_at": timezone.now()},
        {"status": "unheard"},
        {"score": 10, "score_out_of": 9},
        {"completion_percent": 101},
    ],
)
def test_an_interview_that_cannot_be_is_refused(room: Room, values: dict[str, object]) -> None:
    refused(lambda: new_interview(room, **values))


@pytest.mark.parametrize(
    "values",
    [
        {"number": 0},
        {"stage": "hard"},
        {"status": "asleep"},
        {"status": "done"},
        {"outcome": "scored", "points": 9},
        {"status": "done", "outcome": "scored"},
        {"status": "done", "outcome": "scored", "points": 10},
        {"status": "done", "outcome": "unscorable", "points": 1},
        {"points": 9},
    ],
)
def test_a_question_that_cannot_be_is_refused(room: Room, values: dict[str, object]) -> None:
    interview = new_interview(room)
    refused(lambda: new_question(interview, **values))


def test_a_question_comes_once_in_an_interview(room: Room) -> None:
    interview = new_interview(room)
    new_question(interview)
    refused(lambda: new_question(interview, number=2))
    refused(lambda: new_question(interview, question_id="python-tuples"))


def test_a_question_that_could_not_be_scored_has_no_points(room: Room) -> None:
    question = new_question(new_interview(room), status="done", outcome="unscorable")
    assert question.points is None


# ── what goes with what ───────────────────────────────────────────────────────────────────────────


def test_a_persona_that_was_called_is_not_deleted(room: Room, persona: Persona) -> None:
    new_call(room)
    with pytest.raises(IntegrityError):
        persona.delete()


def test_a_person_who_leaves_takes_rooms_and_calls_along(room: Room, person: User) -> None:
    new_call(room)
    new_question(new_interview(room))
    person.delete()
    assert (Room.objects.count(), Call.objects.count(), InterviewQuestionState.objects.count()) == (0, 0, 0)


def test_more_time_stays_within_its_range(person: User) -> None:
    for silence_duration_ms in (2_499, 10_001):
        refused(lambda value=silence_duration_ms: User.objects.filter(pk=person.pk).update(silence_duration_ms=value))
    refused(lambda: User.objects.filter(pk=person.pk).update(theme="pink"))
    assert User.objects.filter(pk=person.pk).update(silence_duration_ms=10_000) == 1


def test_every_row_has_words_for_the_operator(room: Room, person: User) -> None:
    call = new_call(room)
    turn = Turn.objects.create(call=call, turn_id=uuid.uuid4(), number=3, started_at=0)
    process = Process.objects.create(name="host:1", slots=8, calls=2, seen_at=timezone.now())
    interview = new_interview(room, score=7, score_out_of=9)
    question = new_question(interview)
    assert [str(row) for row in (person, room, call, turn, process, interview, question)] == [
        "ada",
        f"Room {room.id}",
        f"Call {call.id} (live)",
        f"Turn 3 of call {call.id}",
        "host:1 (2/8)",
        f"Interview {interview.id} (active, 7/9)",
        f"Question 1 of interview {interview.id}: python-lists",
    ]


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_sqlite_writes_ahead_and_holds_foreign_keys(db: None) -> None:
    if connection.vendor != "sqlite":
        assert connection.vendor == "postgresql"
        return
    with connection.cursor() as cursor:
        pragmas = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")}
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}
