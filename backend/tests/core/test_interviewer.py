"""Does the interviewer lead a question through its life as the table says, and never score anything twice?"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from ai_agent.interviewer import controller, lines
from ai_agent.interviewer.controller import Interviewer
from ai_agent.interviewer.packing import pack_interview, parse_interview
from ai_agent.interviewer.state import (
    TRANSITIONS,
    Doubt,
    GivenHint,
    IllegalMove,
    QuestionEvent,
    QuestionState,
    QuestionStatus,
)
from ai_agent.interviewer.steps import Heard, Say
from ai_agent.interviewer.verdicts import Evaluation, Label, PointVerdict, Status
from ai_agent.speakable import split_sentences
from tests.core.interviews import REQUESTS, heard, judged, plan, said, to_judge

S = QuestionStatus


@pytest.fixture(autouse=True)
def _known_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a request sounds like is the classifier's affair."""
    monkeypatch.setattr(
        controller, "classify_intent", lambda text, question: REQUESTS.get(text, controller.Intent.ANSWER)
    )


class Sitting:
    """An interviewer, and a candidate who lets it finish what it says."""

    def __init__(self, interviewer: Interviewer | None = None) -> None:
        self.interviewer = interviewer or Interviewer(plan())
        self.numbers = count(1 if interviewer is None else 101)
        self.last = self.speak(said(self.interviewer.begin()))

    def speak(self, say: Say, share: float = 1.0) -> Say:
        assert self.interviewer.pending is say
        self.interviewer.started()
        self.interviewer.closed(share)
        self.last = say
        return say

    def tell(self, transcript: str, label: Label | None = None, *covered: str, **more: object) -> Say:
        """Say something; `label` is what an answer is worth."""
        utterance_id = f"u-{next(self.numbers)}"
        step = self.interviewer.hear(heard(transcript, utterance_id, **more))
        if label is not None:
            assert to_judge(step).attempt.utterance_id == utterance_id
            step = self.interviewer.take_evaluation(utterance_id, judged(label, *covered))
        return self.speak(said(step))

    def be_silent(self, prompts: int) -> Say:
        return self.speak(said(self.interviewer.meet_silence(prompts)))

    @property
    def now(self) -> QuestionState:
        return self.interviewer.state.question

    @property
    def points(self) -> list[int | None]:
        return [question.points for question in self.interviewer.state.questions]


@pytest.fixture
def sitting() -> Sitting:
    return Sitting()


# ── the beginning ─────────────────────────────────────────────────────────────────────────────────


def test_it_greets_and_asks_the_first_question(sitting: Sitting) -> None:
    assert sitting.last.words == "Hello, I am Mira. Question one: What do you know about lists?"
    assert (sitting.now.status, sitting.now.is_asked) == (S.AWAIT_1, True)


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        ("Hello. I am Mira.", "Hello; I am Mira. Question one: What do you know about lists?"),
        ("Hello, I am Mira. How are you?", "Hello, I am Mira. Question one: What do you know about lists?"),
        ("How are you?", "Question one: What do you know about lists?"),
    ],
)
def test_a_long_greeting_and_one_that_asks_leave_the_question_whole(greeting: str, words: str) -> None:
    assert said(Interviewer(replace(plan(), lines={"greeting": greeting})).begin()).words == words


def test_nothing_is_asked_before_the_first_frame_of_it_has_left() -> None:
    interviewer = Interviewer(plan())
    interviewer.begin()
    assert not interviewer.state.has_begun
    interviewer.started()
    assert interviewer.state.question.status is S.ASKING


# ── what an answer is worth ───────────────────────────────────────────────────────────────────────


def test_a_right_answer_is_praised_by_what_was_right_and_the_next_question_follows(sitting: Sitting) -> None:
    words = sitting.tell("They are in order and cost memory.", "correct").words
    assert words == (
        "Good, I liked what you said about the order of lists and what lists cost. "
        "Question two: What do you know about tuples?"
    )
    assert sitting.points[:2] == [9, None]
    assert sitting.now.status is S.AWAIT_1


def test_a_partly_right_answer_gets_a_hint_at_the_first_point_that_is_missing(sitting: Sitting) -> None:
    say = sitting.tell("They are in order.", "partial")
    assert say.words == "You are right about the order of lists, and there is more to it. What do you pay with?"
    assert (sitting.now.status, sitting.now.hints, sitting.now.points) == (S.AWAIT_2, (GivenHint("cost", 1),), None)


def contradicted(coverage: float, *statuses: Status) -> Evaluation:
    """A partly right answer; what became of its three points."""
    points = zip(("order", "cost", "use"), statuses, strict=True)
    verdicts = tuple(PointVerdict(point, status, 0.0, "so I say") for point, status in points)
    return Evaluation(coverage=coverage, label="partial", points=verdicts, evaluator="lexical")


@pytest.mark.parametrize(
    "evaluation",
    [
        pytest.param(contradicted(0.6, "missed", "covered", "contradicted"), id="enough was said"),
        pytest.param(contradicted(0.4, "covered", "covered", "contradicted"), id="nothing is missing"),
    ],
)
def test_where_only_a_contradiction_is_in_the_way_the_hint_leads_there(
    sitting: Sitting, evaluation: Evaluation
) -> None:
    sitting.interviewer.hear(heard("They cost memory, and nobody needs them.", "u-7"))
    say = sitting.speak(said(sitting.interviewer.take_evaluation("u-7", evaluation)))
    assert say.words == "Think once more about where lists help. When would you take them?"
    assert sitting.now.hints == (GivenHint("use", 1),)


def test_a_hint_that_was_given_before_is_given_again_where_only_a_contradiction_is_in_the_way(sitting: Sitting) -> None:
    sitting.tell("Can I have a hint?")
    sitting.interviewer.hear(heard("They have no order, and cost memory.", "u-7"))
    evaluation = contradicted(0.6, "contradicted", "covered", "missed")
    say = sitting.speak(said(sitting.interviewer.take_evaluation("u-7", evaluation)))
    assert say.words == "Think once more about the order of lists. What comes first?"


def test_where_too_little_was_said_the_hint_leads_to_what_comes_first(sitting: Sitting) -> None:
    sitting.interviewer.hear(heard("They cost memory, and nobody needs them.", "u-7"))
    evaluation = contradicted(0.4, "missed", "covered", "contradicted")
    say = sitting.speak(said(sitting.interviewer.take_evaluation("u-7", evaluation)))
    assert say.words == "You are right about what lists cost, and there is more to it. What comes first?"


def test_an_incorrect_answer_gets_a_general_hint_and_not_the_answer(sitting: Sitting) -> None:
    say = sitting.tell("They are green.", "incorrect")
    assert say.words == "Not quite yet. Think about the order of lists."
    assert sitting.now.status is S.AWAIT_2


@pytest.mark.parametrize(
    ("first", "second", "points"),
    [
        ("partial", "correct", 7),
        ("partial", "partial", 5),
        ("partial", "incorrect", 5),
        ("incorrect", "correct", 4),
        ("incorrect", "partial", 1),
        ("incorrect", "incorrect", 1),
    ],
)
def test_a_second_attempt_is_worth_what_the_table_says(
    sitting: Sitting, first: Label, second: Label, points: int
) -> None:
    sitting.tell("Something.", first)
    sitting.tell("Something else.", second)
    assert sitting.points[:2] == [points, None]
    assert sitting.interviewer.state.number == 1


def test_the_second_attempt_is_judged_together_with_the_first(sitting: Sitting) -> None:
    """After a hint people say only what was missing."""
    sitting.tell("They are in order.", "partial", "order")
    sitting.tell("And they cost memory.", "partial", "cost")
    done = sitting.interviewer.state.questions[0]
    assert (done.points, [attempt.outcome for attempt in done.attempts]) == (7, ["partial", "correct"])
    assert done.evaluation is not None
    assert [verdict.point for verdict in done.evaluation.covered] == ["order", "cost"]


def test_who_does_not_know_gets_a_hint_and_then_what_the_table_says(sitting: Sitting) -> None:
    assert sitting.tell("I don't know.").words == "That is all right. Think about the order of lists."
    assert sitting.now.status is S.AWAIT_2
    sitting.tell("They are in order, at a cost.", "correct")
    sitting.tell("I don't know.")
    sitting.tell("I don't know.")
    assert sitting.points[:3] == [4, 1, None]


def test_a_skipped_question_is_marked_and_gets_the_tables_fail(sitting: Sitting) -> None:
    assert sitting.tell("Let's skip this question.").words.startswith("All right, we leave that one. Question two:")
    first = sitting.interviewer.state.questions[0]
    assert (first.ending, first.points) == ("skipped", 1)


def test_a_partly_right_answer_and_then_a_skip_keep_their_points(sitting: Sitting) -> None:
    sitting.tell("They are in order.", "partial")
    sitting.tell("Let's skip this question.")
    assert sitting.points[0] == 5


# ── requests ──────────────────────────────────────────────────────────────────────────────────────


def test_a_hint_before_the_first_answer_leaves_at_most_seven_points(sitting: Sitting) -> None:
    assert sitting.tell("Can I have a hint?").words == "Here is a hint: What comes first?"
    assert (sitting.now.status, sitting.now.attempts) == (S.AWAIT_1, ())
    sitting.tell("They are in order and cost memory.", "correct")
    assert sitting.points[0] == 7


def test_who_asks_again_after_a_wrong_answer_hears_the_hint_as_it_was_given(sitting: Sitting) -> None:
    sitting.tell("They are green.", "incorrect")
    words = sitting.tell("Could you repeat the question?").words
    assert words == "What do you know about lists? Think about the order of lists."


def test_who_asks_again_after_a_partly_right_answer_hears_the_hint_as_it_was_given(sitting: Sitting) -> None:
    sitting.tell("They are in order.", "partial")
    words = sitting.tell("Could you repeat the question?").words
    assert words == "What do you know about lists? What do you pay with?"


def test_a_hint_is_given_once_and_said_as_often_as_it_is_wanted(sitting: Sitting) -> None:
    assert sitting.tell("Can I have a hint?").words == sitting.tell("Can I have a hint?").words


def test_every_hint_is_kept_as_it_was_said(sitting: Sitting) -> None:
    sitting.tell("Can I have a hint?")
    sitting.tell("Can I have a hint?")
    sitting.tell("They are green.", "incorrect")
    sitting.tell("Can I have a hint?")
    assert sitting.now.hints == (
        GivenHint("order", 0, is_asked=True),
        GivenHint("cost", 1, is_full=False),
        GivenHint("cost", 1, is_asked=True),
    )
    words = sitting.tell("Could you repeat the question?").words
    assert words == "What do you know about lists? What do you pay with?"


def test_a_question_is_repeated_with_its_hint_if_there_was_one(sitting: Sitting) -> None:
    assert sitting.tell("Could you repeat the question?").words == "What do you know about lists?"
    sitting.tell("Can I have a hint?")
    again = sitting.tell("Could you repeat the question?")
    assert again.words == "What do you know about lists? What comes first?"
    assert (sitting.now.repeats, sitting.now.status) == (2, S.AWAIT_1)


def test_a_question_is_explained_twice_at_most(sitting: Sitting) -> None:
    for _ in range(2):
        assert sitting.tell("What do you mean by that?").words == "I mean: what are lists good for?"
    third = sitting.tell("What do you mean by that?").words
    assert third == "I have no other words for it. What do you know about lists?"
    assert sitting.now.clarifications == 2


def test_time_to_think_is_granted_and_is_no_attempt(sitting: Sitting) -> None:
    assert sitting.tell("Give me a second.").gives_time
    assert (sitting.now.status, sitting.now.attempts) == (S.AWAIT_1, ())


def test_a_sound_of_thinking_is_no_attempt(sitting: Sitting) -> None:
    assert sitting.tell("Um.").words == lines.NUDGE
    assert sitting.now.attempts == ()


def test_who_wants_to_stop_is_asked_once_and_may_come_back(sitting: Sitting) -> None:
    assert sitting.tell("I want to end the interview.").words == lines.STOP_HERE
    assert sitting.tell("Yes, please.").ends == "interview_paused"
    assert (sitting.interviewer.state.is_paused, sitting.now.status) == (True, S.AWAIT_1)


def test_who_did_not_want_to_stop_hears_the_question_again(sitting: Sitting) -> None:
    sitting.tell("I want to end the interview.")
    assert sitting.tell("No, let's go on.").words == "What do you know about lists?"
    assert not sitting.interviewer.state.is_leaving


def test_who_goes_on_with_an_answer_in_place_of_leaving_is_answered(sitting: Sitting) -> None:
    sitting.tell("I want to end the interview.")
    sitting.tell("Lists are in order and cost memory.", "correct")
    assert sitting.points[0] == 9


def test_who_said_nothing_to_the_question_whether_to_stop_is_not_leaving_any_more(sitting: Sitting) -> None:
    sitting.tell("I want to end the interview.")
    assert sitting.be_silent(0).words == lines.NUDGE
    assert sitting.tell("Okay.", "incorrect").ends is None


def test_a_yes_that_was_not_made_out_may_be_said_again(sitting: Sitting) -> None:
    sitting.tell("I want to end the interview.")
    sitting.speak(said(sitting.interviewer.miss(None)))
    assert sitting.tell("Yes, please.").ends == "interview_paused"


def test_nobody_is_leaving_any_more_when_the_next_question_was_asked(sitting: Sitting) -> None:
    sitting.tell("I want to end the interview.")
    for _ in range(2):
        sitting.speak(said(sitting.interviewer.miss("low_snr")))
    assert (sitting.interviewer.state.number, sitting.interviewer.state.is_leaving) == (1, False)


# ── silence ───────────────────────────────────────────────────────────────────────────────────────


def test_silence_is_met_with_a_word_then_an_offer_then_the_next_question(sitting: Sitting) -> None:
    assert (sitting.be_silent(0).words, sitting.be_silent(1).words) == (lines.NUDGE, lines.OFFER)
    third = sitting.be_silent(2)
    assert third.words == "We leave that one for now. Question two: What do you know about tuples?"
    assert not third.is_prompt
    first = sitting.interviewer.state.questions[0]
    assert (first.ending, first.points, first.silences) == ("no_answer", 1, 3)


def test_two_questions_in_a_row_without_an_answer_pause_the_interview(sitting: Sitting) -> None:
    sitting.be_silent(2)
    last = sitting.be_silent(2)
    assert (last.words, last.ends) == (lines.PAUSED, "interview_paused")
    assert (sitting.interviewer.state.is_paused, sitting.interviewer.state.number) == (True, 2)

    back = Sitting(Interviewer(replace(plan(), state=sitting.interviewer.state)))
    assert back.last.words == "Let us go on. What do you know about indexes?"
    back.be_silent(2)
    assert not back.interviewer.state.is_paused


def test_one_silence_and_a_word_do_not_pause_it(sitting: Sitting) -> None:
    sitting.be_silent(2)
    sitting.tell("Could you repeat the question?")
    assert sitting.be_silent(2).ends is None


def test_a_nudge_that_asks_something_is_not_taken_from_the_persona() -> None:
    """A "yes" to it would be taken for an answer."""
    asks = Sitting(Interviewer(replace(plan(), lines={"still_there": "Are you there?"})))
    own = Sitting(Interviewer(replace(plan(), lines={"still_there": "No hurry at all."})))
    assert (asks.be_silent(0).words, own.be_silent(0).words) == (lines.NUDGE, "No hurry at all.")


# ── what cannot be made out ───────────────────────────────────────────────────────────────────────


def test_noise_is_no_attempt(sitting: Sitting) -> None:
    for _ in range(3):
        assert sitting.speak(said(sitting.interviewer.miss(None))).words == "I missed that."
    assert (sitting.now.status, sitting.now.attempts, sitting.now.unclear) == (S.AWAIT_1, (), ())


def test_words_nobody_could_hear_are_asked_for_again_and_then_do_not_count(sitting: Sitting) -> None:
    assert sitting.speak(said(sitting.interviewer.miss("low_snr"))).words == lines.UNCLEAR["low_snr"]
    assert sitting.now.status is S.AWAIT_1
    gone = sitting.speak(said(sitting.interviewer.miss("low_snr")))
    assert gone.words == f"{lines.DOES_NOT_COUNT} Question two: What do you know about tuples?"
    first = sitting.interviewer.state.questions[0]
    assert (first.ending, first.points, first.unscorable) == ("unscorable", None, "low_snr")


def test_a_recogniser_that_fails_is_not_the_candidates_fault(sitting: Sitting) -> None:
    assert sitting.speak(said(sitting.interviewer.miss("recogniser_failed"))).words.startswith(
        "Sorry, that was my side."
    )
    gone = sitting.speak(said(sitting.interviewer.miss("recogniser_failed")))
    assert gone.words.startswith(lines.NOT_JUDGED)
    assert sitting.points[0] is None


def test_a_doubtful_answer_counts_where_it_is_right(sitting: Sitting) -> None:
    sitting.tell("They are in order and cost memory.", "correct", doubt="doubtful_transcript")
    assert sitting.points[0] == 9


def test_a_doubtful_answer_is_asked_for_again_where_it_is_not(sitting: Sitting) -> None:
    say = sitting.tell("They a ring or tar.", "incorrect", doubt="doubtful_transcript")
    assert say.words == lines.UNCLEAR["doubtful_transcript"]
    assert (sitting.now.status, sitting.now.attempts, len(sitting.now.unclear)) == (S.AWAIT_1, (), 1)
    sitting.tell("They are in order and cost memory.", "correct")
    assert sitting.points[0] == 9


# ── the reply that does not leave, the call that is lost ──────────────────────────────────────────


def test_an_answer_is_stored_under_its_utterance_before_it_is_judged(sitting: Sitting) -> None:
    sitting.interviewer.hear(heard("They are in order.", "u-7"))
    assert sitting.now.status is S.EVAL_1
    assert [(attempt.utterance_id, attempt.outcome) for attempt in sitting.now.attempts] == [("u-7", None)]


def test_what_is_said_to_an_answer_holds_when_its_first_frame_has_left(sitting: Sitting) -> None:
    sitting.interviewer.hear(heard("They are in order.", "u-7"))
    sitting.interviewer.take_evaluation("u-7", judged("correct"))
    assert sitting.now.status is S.EVAL_1
    sitting.interviewer.started()
    assert sitting.points[0] == 9


def test_a_turn_that_is_reopened_rolls_its_attempt_back_and_the_joined_answer_counts(sitting: Sitting) -> None:
    sitting.interviewer.hear(heard("They are green.", "u-7"))
    sitting.interviewer.take_evaluation("u-7", judged("incorrect"))
    sitting.interviewer.cancelled()
    step = sitting.interviewer.hear(Heard("u-8", "They are in order.", goes_on_from=frozenset({"u-7"})))
    assert to_judge(step).attempt.transcript == "They are in order."
    assert [attempt.utterance_id for attempt in sitting.now.attempts] == ["u-8"]


def test_an_answer_to_which_nothing_could_be_said_is_not_lost_when_more_is_said(sitting: Sitting) -> None:
    sitting.interviewer.hear(heard("They are in order.", "u-7"))
    sitting.interviewer.cancelled()
    step = sitting.interviewer.hear(heard("They cost memory.", "u-8"))
    assert to_judge(step).attempt.transcript == "They are in order. They cost memory."
    assert len(sitting.now.attempts) == 1


def test_an_evaluation_of_another_utterance_changes_nothing(sitting: Sitting) -> None:
    sitting.interviewer.hear(heard("They are in order.", "u-7"))
    assert sitting.interviewer.take_evaluation("u-6", judged("correct")) is None
    assert sitting.now.status is S.EVAL_1


def test_where_the_evaluator_fails_the_words_alone_decide(sitting: Sitting) -> None:
    answer = "The lists are kept in order. Using lists takes memory. You need lists for speed."
    sitting.interviewer.hear(heard(answer, "u-7"))
    sitting.speak(said(sitting.interviewer.judge_locally("u-7")))
    assert sitting.points[0] == 9


def test_where_nobody_can_judge_it_the_question_does_not_count(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no evaluator")

    monkeypatch.setattr(controller, "evaluate", broken)
    sitting.interviewer.hear(heard("They are in order.", "u-7"))
    assert said(sitting.interviewer.judge_locally("u-7")).words.startswith(lines.NOT_JUDGED)
    sitting.interviewer.started()
    assert sitting.interviewer.state.questions[0].unscorable == "evaluator_failed"


def test_a_call_that_goes_on_asks_the_same_question_without_a_greeting(sitting: Sitting) -> None:
    sitting.tell("They are in order.", "partial")
    stored = parse_interview(pack_interview(sitting.interviewer.state))
    again = Sitting(Interviewer(replace(plan(), state=stored)))
    assert again.last.words == "Let us go on; What do you know about lists? What do you pay with?"
    again.tell("They cost memory.", "partial", "cost")
    assert again.points[0] == 7


def test_an_answer_that_was_stored_is_judged_by_the_call_that_goes_on(sitting: Sitting) -> None:
    sitting.interviewer.hear(heard("They are in order.", "u-7"))
    stored = parse_interview(pack_interview(sitting.interviewer.state))
    interviewer = Interviewer(replace(plan(), state=stored))
    assert to_judge(interviewer.begin()).attempt.utterance_id == "u-7"
    assert said(interviewer.take_evaluation("u-7", judged("correct"))).words.startswith("Good")


def test_an_answer_that_was_spoken_to_is_not_scored_twice(sitting: Sitting) -> None:
    sitting.tell("They are in order and cost memory.", "correct")
    again = sitting.interviewer.hear(heard("They are in order and cost memory.", "u-1"))
    assert said(again).words == "Let us go on. What do you know about tuples?"
    assert sitting.interviewer.state.questions[1].attempts == ()


def test_who_was_not_heard_to_the_end_is_told(sitting: Sitting) -> None:
    back = Interviewer(replace(plan(), state=sitting.interviewer.state))
    assert said(back.begin(missed=True)).words == "I missed that. What do you know about lists?"


def test_who_was_not_heard_to_the_end_is_told_in_two_sentences_where_a_hint_was_given(sitting: Sitting) -> None:
    sitting.tell("They are in order.", "partial")
    own = {"did_not_catch": "Sorry, I did not catch that. Could you say it again?"}
    back = Interviewer(replace(plan(), state=sitting.interviewer.state, lines=own))
    words = "Sorry, I did not catch that; What do you know about lists? What do you pay with?"
    assert said(back.begin(missed=True)).words == words


# ── coming in on what is said ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("share", "status", "is_asked"),
    [(0.1, S.ASKING, False), (0.5, S.AWAIT_1, False), (0.7, S.AWAIT_1, True), (1.0, S.AWAIT_1, True)],
)
def test_a_question_counts_as_asked_when_most_of_it_was_heard(
    share: float, status: QuestionStatus, is_asked: bool
) -> None:
    interviewer = Interviewer(plan())
    interviewer.begin()
    interviewer.started()
    interviewer.closed(share)
    assert (interviewer.state.question.status, interviewer.state.question.is_asked) == (status, is_asked)


def test_who_comes_in_with_an_answer_has_been_asked() -> None:
    sitting = Sitting()
    sitting.tell("They are in order and cost memory.", "correct")
    interviewer = sitting.interviewer
    interviewer.state = interviewer.state.with_question(replace(interviewer.state.question, is_asked=False))
    sitting.tell("They are in order and cost memory.", "correct")
    assert sitting.points[:2] == [9, 9]


def test_who_comes_in_before_anything_was_asked_has_not_answered() -> None:
    interviewer = Interviewer(plan())
    interviewer.begin()
    interviewer.started()
    interviewer.closed(0.1)
    assert said(interviewer.hear(heard("Hello, can you hear me?"))).words == "What do you know about lists?"
    interviewer.started()
    interviewer.closed(1.0)
    assert (interviewer.state.question.status, interviewer.state.question.attempts) == (S.AWAIT_1, ())


ORDER_AND_COST = "Lists are kept in order, and using them takes memory."


def cut_off(sitting: Sitting) -> Sitting:
    """Hardly anything was heard of the question that is asked next."""
    step = sitting.interviewer.hear(heard("They are in order and cost memory.", "u-0"))
    to_judge(step)
    sitting.speak(said(sitting.interviewer.take_evaluation("u-0", judged("correct"))), share=0.1)
    assert sitting.now.status is S.ASKING
    return sitting


def test_who_comes_in_early_and_plainly_answers_the_question_is_not_asked_again() -> None:
    sitting = cut_off(Sitting())
    sitting.tell("Tuples are kept in order, and using tuples takes memory.", "correct")
    assert sitting.points[:2] == [9, 9]


def test_a_first_question_may_be_answered_early() -> None:
    interviewer = Interviewer(plan())
    interviewer.begin()
    interviewer.started()
    interviewer.closed(0.1)
    assert to_judge(interviewer.hear(heard(ORDER_AND_COST))).attempt.transcript == ORDER_AND_COST


@pytest.mark.parametrize(
    ("transcript", "doubt"),
    [
        (ORDER_AND_COST, None),  # it adds to the answer before
        ("Tuples are kept in order, and using tuples takes memory.", "low_snr"),
        ("Tuples are kept in order, and using tuples takes memory?", None),
        ("Tuples take memory.", None),
        ("Sorry, I have to close the window, it is very loud here.", None),
        ("Could you repeat the question?", None),
        ("I don't know.", None),
    ],
)
def test_who_comes_in_early_with_anything_else_is_asked_again(transcript: str, doubt: Doubt | None) -> None:
    sitting = cut_off(Sitting())
    assert sitting.tell(transcript, doubt=doubt).words == "What do you know about tuples?"
    assert (sitting.now.status, sitting.now.attempts) == (S.AWAIT_1, ())


# ── the end, the words ────────────────────────────────────────────────────────────────────────────


def test_after_the_last_question_the_interview_is_over(sitting: Sitting) -> None:
    for _ in range(9):
        sitting.tell("Something right.", "correct")
    last = sitting.tell("Something right.", "correct")
    assert (last.ends, sitting.interviewer.state.is_over) == ("interview_finished", True)
    assert last.words.endswith("That was the last question. Goodbye then.")
    assert sitting.points == [9] * 10
    assert said(sitting.interviewer.begin()).ends == "interview_finished"


def test_nothing_that_is_said_is_longer_than_two_sentences_or_gives_the_answer_away(sitting: Sitting) -> None:
    spoken = [sitting.tell(text).words for text in REQUESTS if text != "I want to end the interview."]
    spoken += [sitting.tell("Something.", label).words for label in ("partial", "partial", "incorrect", "correct")]
    spoken += [sitting.be_silent(prompts).words for prompts in range(3)]
    answers = [wording for one in plan().questions for point in one.points for wording in point.wordings]
    for words in spoken:
        assert len(split_sentences(words)) <= 2, words
        assert not any(answer in words for answer in answers)


@pytest.mark.parametrize("status", QuestionStatus)
@pytest.mark.parametrize("event", QuestionEvent)
def test_what_has_no_row_in_the_table_cannot_happen(status: QuestionStatus, event: QuestionEvent) -> None:
    question = QuestionState("python-lists", "basic", status=status)
    if (status, event) in TRANSITIONS:
        assert question.moved(event).status is TRANSITIONS[status, event]
    else:
        with pytest.raises(IllegalMove):
            question.moved(event)
