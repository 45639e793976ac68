"""Does a room keep its interview: the same questions, each answer once, the points of the table, under one writer?"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from ai_agent import call_store, interview_store, process_store
from ai_agent.call_records import OpenedCall
from ai_agent.call_refusals import InterviewOver, LeaseLost
from ai_agent.interview_store import ChosenQuestions
from ai_agent.interviewer.controller import Interviewer
from ai_agent.interviewer.packing import InterviewRefused, pack_interview
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.interviewer.state import InterviewState
from ai_agent.interviewer.steps import Heard
from ai_agent.interviewer.verdicts import Label
from ai_agent.models import Call, InterviewQuestionState, InterviewSession, Room
from tests.core.interviews import judged, said, ten_questions

HERE = "host:1:here"


def do(operation: Any, *args: Any, **kwargs: Any) -> Any:
    return async_to_sync(operation)(*args, **kwargs)


def take(room: Room) -> OpenedCall:
    return do(call_store.open_call, room.id, room.owner_id, owner=HERE)


def chosen(room_id: uuid.UUID) -> ChosenQuestions:
    return ChosenQuestions("software-engineering", "python:1", ten_questions())


def begin(call: OpenedCall) -> Interviewer:
    record = do(interview_store.open_interview, call.call_id, call.epoch, chosen)
    interviewer = Interviewer(InterviewPlan(record.questions, record.state))
    said(interviewer.begin())
    interviewer.started()
    interviewer.closed(1.0)
    save(call, interviewer.state)
    return interviewer


def save(call: OpenedCall, state: InterviewState) -> None:
    do(interview_store.save_interview, call.call_id, call.epoch, pack_interview(state))


def answer(call: OpenedCall, interviewer: Interviewer, label: Label, *covered: str) -> str:
    """One answer, stored before it is judged; its utterance."""
    utterance_id = str(uuid.uuid4())
    interviewer.hear(Heard(utterance_id, "They are in order."))
    save(call, interviewer.state)
    said(interviewer.take_evaluation(utterance_id, judged(label, *covered)))
    interviewer.started()
    interviewer.closed(1.0)
    save(call, interviewer.state)
    return utterance_id


def questions() -> list[InterviewQuestionState]:
    return list(InterviewQuestionState.objects.all())


def test_the_questions_are_chosen_once_and_kept_as_they_were(room: Room) -> None:
    call = take(room)
    first = do(interview_store.open_interview, call.call_id, call.epoch, chosen)
    interview = InterviewSession.objects.get()
    assert interview.question_ids == [question.id for question in ten_questions()]
    assert (interview.room_id, interview.status, interview.bank_version) == (room.id, "active", "python:1")
    assert [(row.number, row.status, row.points) for row in questions()] == [
        (number, "pending", None) for number in range(1, 11)
    ]

    def never(room_id: uuid.UUID) -> ChosenQuestions:
        raise AssertionError("they were chosen already")

    again = do(interview_store.open_interview, call.call_id, call.epoch, never)
    assert again == first
    assert again.questions == ten_questions()


def test_another_call_of_the_room_goes_on_where_the_last_one_stood(room: Room) -> None:
    call = take(room)
    interviewer = begin(call)
    answer(call, interviewer, "partial", "order")
    do(call_store.end_call, call.call_id, call.epoch, "user_ended")

    later = take(room)
    assert later.call_id != call.call_id
    record = do(interview_store.open_interview, later.call_id, later.epoch, chosen)
    assert record.state == interviewer.state
    assert InterviewSession.objects.count() == 1


def test_an_answer_is_in_its_row_under_its_utterance_before_it_is_judged(room: Room) -> None:
    call = take(room)
    interviewer = begin(call)
    interviewer.hear(Heard("u-1", "They are in order."))
    save(call, interviewer.state)
    row = questions()[0]
    assert (row.status, row.points, row.evaluation) == ("eval_1", None, None)
    assert [(one["utterance_id"], one["transcript"], one["outcome"]) for one in row.attempts] == [
        ("u-1", "They are in order.", None)
    ]


def test_a_question_that_is_done_has_all_that_its_points_came_from(room: Room) -> None:
    call = take(room)
    interviewer = begin(call)
    utterances = [answer(call, interviewer, "partial", "order"), answer(call, interviewer, "partial", "cost")]
    row = questions()[0]
    assert (row.status, row.outcome, row.points, row.is_asked) == ("done", "scored", 7, True)
    assert (row.first_outcome, row.second_outcome) == ("partial", "correct")
    assert (row.hint_given, row.hint_asked_first) == (True, False)
    assert row.hints == [{"point": "cost", "after": 1, "is_full": True, "is_asked": False}]
    assert [(one["utterance_id"], one["counts"]) for one in row.attempts] == [(one, True) for one in utterances]
    assert [point["status"] for point in row.evaluation["points"]] == ["covered", "covered", "missed"]
    assert row.asked_at is not None
    assert row.done_at is not None
    interview = InterviewSession.objects.get()
    assert (interview.score, interview.score_out_of, interview.asked_count) == (7, 18, 2)
    assert (interview.done_count, interview.completion_percent, interview.finished_at) == (1, 10, None)


def test_what_could_not_be_made_out_is_kept_and_counts_for_nothing(room: Room) -> None:
    call = take(room)
    interviewer = begin(call)
    for utterance_id in ("u-1", "u-2"):
        said(interviewer.miss("low_snr", utterance_id=utterance_id))
        interviewer.started()
        interviewer.closed(1.0)
    save(call, interviewer.state)
    row = questions()[0]
    assert (row.outcome, row.points, row.unscorable_reason, row.unclear_count) == ("unscorable", None, "low_snr", 2)
    assert [(one["utterance_id"], one["counts"], one["doubt"]) for one in row.attempts] == [
        ("u-1", False, "low_snr"),
        ("u-2", False, "low_snr"),
    ]
    assert InterviewSession.objects.get().score_out_of == 9


def test_an_interview_that_is_over_is_finished_and_its_room_takes_no_new_call(room: Room) -> None:
    call = take(room)
    interviewer = begin(call)
    for _ in range(10):
        answer(call, interviewer, "correct")
    interview = InterviewSession.objects.get()
    assert (interview.status, interview.score, interview.score_out_of) == ("finished", 90, 90)
    assert interview.completion_percent == 100
    assert interview.finished_at is not None
    save(call, replace(interviewer.state, number=0))
    assert InterviewSession.objects.get().score == 90, "what is over is not changed any more"

    assert take(room).call_id == call.call_id, "its own call may still say goodbye"
    do(call_store.end_call, call.call_id, call.epoch + 1, "interview_finished")
    for operation, more in ((call_store.prepare_call, {}), (call_store.open_call, {"owner": HERE})):
        with pytest.raises(InterviewOver, match=str(interview.id)):
            do(operation, room.id, room.owner_id, **more)


def test_an_older_session_writes_nothing_of_it(room: Room) -> None:
    older = take(room)
    interviewer = begin(older)
    take(room)
    with pytest.raises(LeaseLost):
        save(older, interviewer.state)
    with pytest.raises(LeaseLost):
        do(interview_store.open_interview, older.call_id, older.epoch, chosen)


def test_a_state_that_is_none_changes_nothing(room: Room) -> None:
    call = take(room)
    begin(call)
    with pytest.raises(InterviewRefused):
        do(interview_store.save_interview, call.call_id, call.epoch, {"questions": []})
    assert questions()[0].status == "await_1"


@pytest.mark.parametrize(("hours", "status"), [(23, "paused"), (25, "abandoned")])
def test_an_interview_that_nobody_goes_on_with_for_a_day_is_abandoned(room: Room, hours: int, status: str) -> None:
    call = take(room)
    interviewer = begin(call)
    save(call, replace(interviewer.state, is_paused=True))
    do(call_store.end_call, call.call_id, call.epoch, "interview_paused")
    InterviewSession.objects.update(active_at=timezone.now() - timedelta(hours=hours))
    do(process_store.sweep)
    assert InterviewSession.objects.get().status == status
    if status == "abandoned":
        with pytest.raises(InterviewOver):
            take(room)


def test_an_interview_whose_call_goes_on_is_not_abandoned(room: Room) -> None:
    begin(take(room))
    InterviewSession.objects.update(active_at=timezone.now() - timedelta(hours=25))
    assert Call.objects.get().is_open
    interview_store.abandon_interviews(timezone.now())
    assert InterviewSession.objects.get().is_open
