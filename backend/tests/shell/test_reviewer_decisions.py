"""Does a review change a result by the rules alone, keep the old one, and leave what goes on alone?"""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from ai_agent import reviewer_decisions
from ai_agent.answer_evaluation import evaluate_answer
from ai_agent.interview_rows import question_record, rows_of
from ai_agent.interviewer.evaluator import Evaluation
from ai_agent.interviewer.packing import pack_evaluation
from ai_agent.interviewer.quote_check import with_claims
from ai_agent.interviewer.scoring import points_of, score_of
from ai_agent.models import AnswerReview, InterviewSession
from ai_agent.reviewer_decisions import ReviewRefused, count_again, leave_out, reevaluate
from ai_personas.models import Persona
from tests.core.interviews import judged
from tests.shell.past_interviews import RIGHT, past_interview, points, question, say, seen


@pytest.fixture
def interview(person: User, persona: Persona) -> InterviewSession:
    return past_interview(person, persona, ["partial", "correct", "incorrect"])


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> dict[str, Evaluation]:
    """What the evaluator of today says of which words; of all others that they are partly correct."""
    says: dict[str, Evaluation] = {}

    def evaluate(text: str, points: Any, answer: str, misconceptions: Any = ()) -> Evaluation:
        return says.get(answer, judged("partial"))

    monkeypatch.setattr(reviewer_decisions, "evaluate_answer", evaluate)
    return says


def score(interview: InterviewSession) -> tuple[int, int]:
    interview.refresh_from_db()
    return interview.score, interview.score_out_of


def test_better_words_for_the_same_evaluator_give_the_points_of_the_table(
    interview: InterviewSession, person: User
) -> None:
    say(interview, 1, RIGHT)
    say(interview, 2, "I like trains.")
    say(interview, 3, "I like trains, too.")
    outcome = reevaluate(interview.pk, by=person)
    assert [seen(interview, number).attempts[0].outcome for number in (1, 2)] == ["correct", "incorrect"]
    assert points(interview) == [9, 1, 1]
    assert score(interview) == (11, 27)
    assert (outcome.score_before, outcome.score_after) == ("15/27", "11/27")


def test_the_old_result_stays_beside_the_new_one(
    interview: InterviewSession, person: User, today: dict[str, Evaluation]
) -> None:
    say(interview, 1, "one")
    old = question(interview, 1)
    today["one"] = judged("correct")
    assert reevaluate(interview.pk, by=person, note="A new model.").changed == 3
    review = question(interview, 1).reviews.get()
    assert (review.kind, review.by, review.note, review.attempt) == ("reevaluation", person, "A new model.", 1)
    assert (review.first_outcome, review.points) == ("correct", 9)
    now = question(interview, 1)
    assert (now.points, now.attempts, now.evaluation) == (5, old.attempts, old.evaluation)


def test_the_same_evaluator_again_changes_nothing_and_leaves_no_review(
    interview: InterviewSession, person: User
) -> None:
    reevaluate(interview.pk, by=person)
    reviews, before = AnswerReview.objects.count(), list(interview.questions.values())
    outcome = reevaluate(interview.pk, by=person)
    assert (outcome.changed, str(outcome).startswith("nothing changed")) == (0, True)
    assert AnswerReview.objects.count() == reviews
    assert list(interview.questions.values()) == before


def test_the_same_evaluator_again_keeps_what_a_language_model_has_shown(
    interview: InterviewSession, person: User
) -> None:
    told = json.dumps({"points": [{"point": 2, "verdict": "contradicted", "quote": "using lists takes memory"}]})
    row = say(interview, 1, RIGHT)
    asked = question_record(row).question
    local = evaluate_answer(asked.text, asked.points, RIGHT, asked.misconceptions)
    checked = with_claims(local, told, RIGHT, question=asked.text, key_points=asked.points)
    assert (local.label, checked.label) == ("correct", "partial")
    row.attempts[0]["evaluation"] = pack_evaluation(checked)
    row.save()
    reevaluate(interview.pk, by=person)
    assert not question(interview, 1).reviews.exists()


def test_a_second_attempt_is_judged_together_with_the_first(
    interview: InterviewSession, person: User, today: dict[str, Evaluation]
) -> None:
    row = say(interview, 1, "one")
    row.attempts.append({**row.attempts[0], "utterance_id": str(uuid.uuid4()), "transcript": "two"})
    row.second_outcome = "partial"
    row.save()
    today["one"], today["two"] = judged("partial", "order"), judged("partial", "cost")
    reevaluate(interview.pk, by=person)
    now = seen(interview, 1)
    assert ([attempt.outcome for attempt in now.attempts], now.points) == (["partial", "correct"], 7)
    assert now.evaluation is not None
    assert [point.status for point in now.evaluation.points] == ["covered", "covered", "missed"]


@pytest.mark.parametrize("outcome", ["dont_know", "skipped", "no_answer"])
def test_what_was_no_answer_stays_none(
    interview: InterviewSession, person: User, today: dict[str, Evaluation], outcome: str
) -> None:
    row = say(interview, 1, "I don't know.")
    row.attempts[0].update(outcome=outcome, evaluation=None)
    row.first_outcome, row.evaluation, row.points = outcome, None, 1
    row.outcome = outcome if outcome != "dont_know" else "scored"
    row.save()
    today["I don't know."] = judged("correct")
    reevaluate(interview.pk, by=person)
    now = seen(interview, 1)
    assert (now.attempts[0].outcome, now.points, AnswerReview.objects.filter(question=row).count()) == (outcome, 1, 0)


def test_words_that_may_be_misheard_raise_a_result_and_never_lower_it(
    interview: InterviewSession, person: User, today: dict[str, Evaluation]
) -> None:
    for number, words in ((1, "one"), (2, "two")):
        row = say(interview, number, words)
        row.attempts[0]["doubt"] = "low_snr"
        row.save()
    today["one"], today["two"] = judged("correct"), judged("incorrect")
    reevaluate(interview.pk, by=person)
    assert points(interview)[:2] == [9, 9]


def test_what_the_evaluator_failed_on_in_the_call_is_scored_now(
    interview: InterviewSession, person: User, today: dict[str, Evaluation]
) -> None:
    row = say(interview, 1, "one")
    row.attempts[0].update(outcome=None, evaluation=None)
    row.first_outcome, row.evaluation, row.points = "", None, None
    row.outcome, row.unscorable_reason = "unscorable", "evaluator_failed"
    row.save()
    today["one"] = judged("correct")
    reevaluate(interview.pk, by=person)
    now = seen(interview, 1)
    assert (now.ending, now.unscorable, now.points) == ("scored", None, 9)
    assert score(interview) == (19, 27)


def test_what_nobody_could_hear_stays_left_out(
    interview: InterviewSession, person: User, today: dict[str, Evaluation]
) -> None:
    row = say(interview, 1, "mumble")
    row.attempts[0].update(counts=False, outcome=None, evaluation=None, doubt="low_snr")
    row.first_outcome, row.evaluation, row.points = "", None, None
    row.outcome, row.unscorable_reason = "unscorable", "low_snr"
    row.save()
    reevaluate(interview.pk, by=person)
    now = seen(interview, 1)
    assert (now.ending, now.points, AnswerReview.objects.filter(question=row).count()) == ("unscorable", None, 0)


def test_an_evaluator_that_fails_changes_nothing_at_all(
    interview: InterviewSession, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(interview, 1, RIGHT)
    say(interview, 3, "boom")
    before = list(interview.questions.values())

    def evaluate(text: str, points: Any, answer: str, misconceptions: Any = ()) -> Evaluation:
        if answer == "boom":
            raise RuntimeError("out of memory")
        return judged("correct")

    monkeypatch.setattr(reviewer_decisions, "evaluate_answer", evaluate)
    with pytest.raises(ReviewRefused, match="question 3 could not be evaluated"):
        reevaluate(interview.pk, by=person)
    assert list(interview.questions.values()) == before


def test_what_was_changed_while_it_was_evaluated_is_not_written_over(
    interview: InterviewSession, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def evaluate(text: str, points: Any, answer: str, misconceptions: Any = ()) -> Evaluation:
        leave_out(interview.pk, [question(interview, 2).pk], by=person)
        return judged("correct")

    monkeypatch.setattr(reviewer_decisions, "evaluate_answer", evaluate)
    with pytest.raises(ReviewRefused, match="meanwhile"):
        reevaluate(interview.pk, by=person)
    assert points(interview) == [5, None, 1]


def test_a_question_that_is_left_out_costs_nobody_points_and_comes_back_as_it_was(
    interview: InterviewSession, person: User
) -> None:
    row = question(interview, 3)
    assert score(interview) == (15, 27)
    leave_out(interview.pk, [row.pk], by=person, note="A dog barked.")
    now = seen(interview, 3)
    assert (now.ending, now.unscorable, now.points) == ("unscorable", "reviewer", None)
    assert score(interview) == (14, 18)
    count_again(interview.pk, [row.pk], by=person, note="The dog was mine.")
    now = seen(interview, 3)
    assert (now.ending, now.unscorable, now.points) == ("scored", None, 1)
    assert score(interview) == (15, 27)
    assert [one.kind for one in AnswerReview.objects.filter(question=row)] == ["unscorable", "scorable"]


def test_twice_is_once(interview: InterviewSession, person: User) -> None:
    row = question(interview, 3)
    assert [leave_out(interview.pk, [row.pk], by=person).changed for _ in range(2)] == [1, 0]
    assert [count_again(interview.pk, [row.pk], by=person).changed for _ in range(2)] == [1, 0]
    assert AnswerReview.objects.filter(question=row).count() == 2


def test_what_the_call_could_not_score_is_not_let_count(interview: InterviewSession, person: User) -> None:
    row = question(interview, 1)
    row.outcome, row.unscorable_reason, row.points = "unscorable", "low_snr", None
    row.save()
    assert count_again(interview.pk, [row.pk], by=person).changed == 0


def test_a_mark_stands_when_the_interview_is_evaluated_again(
    interview: InterviewSession, person: User, today: dict[str, Evaluation]
) -> None:
    row = say(interview, 1, "one")
    today["one"] = judged("correct")
    leave_out(interview.pk, [row.pk], by=person)
    reevaluate(interview.pk, by=person)
    now = seen(interview, 1)
    assert (now.ending, now.points, now.attempts[0].outcome) == ("unscorable", None, "correct")
    count_again(interview.pk, [row.pk], by=person)
    assert seen(interview, 1).points == 9
    assert score(interview) == (9 + 5 + 5, 27)


def test_a_question_of_another_interview_is_not_touched(
    interview: InterviewSession, person: User, persona: Persona
) -> None:
    other = past_interview(person, persona, ["correct"])
    assert leave_out(interview.pk, [question(other, 1).pk], by=person).changed == 0
    assert seen(other, 1).points == 9


@pytest.mark.parametrize("status", ["active", "paused"])
def test_an_interview_that_goes_on_is_not_reviewed(person: User, persona: Persona, status: str) -> None:
    interview = past_interview(person, persona, ["partial"], status=status)
    ids = [question(interview, 1).pk]
    for review in (
        lambda: reevaluate(interview.pk, by=person),
        lambda: leave_out(interview.pk, ids, by=person),
        lambda: count_again(interview.pk, ids, by=person),
    ):
        with pytest.raises(ReviewRefused, match="not over"):
            review()
    assert AnswerReview.objects.count() == 0


def test_an_interview_that_is_gone_is_refused_in_words(person: User) -> None:
    with pytest.raises(ReviewRefused, match="not there"):
        reevaluate(uuid.uuid4(), by=person)


def test_a_stored_question_that_is_none_is_refused_in_words(interview: InterviewSession, person: User) -> None:
    row = question(interview, 1)
    row.entry = {"text": "What?"}
    row.save()
    with pytest.raises(ReviewRefused, match="question 1 cannot be read"):
        reevaluate(interview.pk, by=person)


def test_what_was_abandoned_in_the_middle_of_a_question_gives_it_no_points(person: User, persona: Persona) -> None:
    interview = past_interview(person, persona, ["partial"], status="abandoned")
    row = question(interview, 1)
    row.status, row.outcome, row.points, row.done_at = "await_2", "", None, None
    row.save()
    assert reevaluate(interview.pk, by=person).changed == 0
    now = seen(interview, 1)
    assert (now.status, now.points) == ("await_2", None)


def test_a_reviewer_who_leaves_leaves_the_review(interview: InterviewSession, stranger: User) -> None:
    leave_out(interview.pk, [question(interview, 1).pk], by=stranger)
    stranger.delete()
    assert AnswerReview.objects.get().by is None


def test_an_evaluation_is_kept_with_all_its_fields(
    interview: InterviewSession, person: User, today: dict[str, Evaluation]
) -> None:
    say(interview, 1, "one")
    today["one"] = replace(judged("correct"), evaluator="minilm")
    reevaluate(interview.pk, by=person)
    assert question(interview, 1).reviews.get().evaluation == pack_evaluation(today["one"])


def test_words_that_the_candidate_has_put_right_are_what_is_judged(
    interview: InterviewSession, person: User, today: dict[str, Evaluation]
) -> None:
    row = say(interview, 1, "one")
    AnswerReview.objects.create(
        question=row,
        kind="correction",
        attempt=1,
        transcript="two",
        evaluation=pack_evaluation(judged("partial")),
        first_outcome="partial",
        points=5,
        by=person,
    )
    today["one"], today["two"] = judged("incorrect"), judged("correct")
    reevaluate(interview.pk, by=person)
    now = seen(interview, 1)
    assert (now.attempts[0].transcript, now.points) == ("two", 9)


def test_the_list_and_the_question_agree_on_the_score(
    interview: InterviewSession, person: User, today: dict[str, Evaluation]
) -> None:
    say(interview, 1, "one")
    today["one"] = judged("correct")
    leave_out(interview.pk, [question(interview, 2).pk], by=person)
    reevaluate(interview.pk, by=person)
    now = rows_of([interview.pk])[interview.pk].now
    assert [points_of(row) for row in now][:3] == points(interview)
    interview.refresh_from_db()
    assert score_of(now).points == interview.score
