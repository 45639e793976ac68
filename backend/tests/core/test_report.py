"""Does the report say what the rows say? Points by the table, quotes at their place, corrections beside them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.interviewer.evaluator import Evaluation, PointVerdict
from ai_agent.interviewer.pace import pace_of
from ai_agent.interviewer.receipts import Clip, Part, SpokenTurn, SpokenTurns, receipt_of
from ai_agent.interviewer.report import report_of
from ai_agent.interviewer.report_files import Heading, SaidTurn, markdown_of, webvtt_of
from ai_agent.interviewer.report_shapes import InterviewRecord, PastInterview, Practice, QuestionRecord, Report
from ai_agent.interviewer.report_words import BANDS, RULES, doubt_words
from ai_agent.interviewer.reviewing import NoAnswer, Review, outcome_of, reviewed
from ai_agent.interviewer.scoring import Outcome, QuestionRow, points_of
from ai_agent.interviewer.state import Attempt, Doubt, GivenHint, QuestionState, QuestionStatus
from ai_agent.interviewer.verdicts import Label
from tests.core.interviews import STAGES, judged, question

RIGHT = "They are kept in order. Using them takes memory."
HEADING = Heading("Ada", "Mira", "2026-11-22 17:40 UTC")


def attempt(outcome: Outcome, *, utterance_id: str = "u-1", transcript: str = "so I say") -> Attempt:
    evaluation = judged(outcome) if outcome in {"correct", "partial", "incorrect"} else None  # type: ignore[arg-type]
    return Attempt(utterance_id, transcript, outcome=outcome, evaluation=evaluation)


def said_of(label: Label, **quotes: str) -> Evaluation:
    """An evaluation in which these points are covered, each with its quote."""
    verdicts = tuple(
        PointVerdict(point, "covered", 1.0, quotes[point])
        if point in quotes
        else PointVerdict(point, "missed", 0.0, "")
        for point in ("order", "cost", "use")
    )
    return Evaluation(len(quotes) / 3, label, verdicts, "lexical")


def lived(number: int = 0, *attempts: Attempt, **more: Any) -> QuestionState:
    """A question that is over."""
    told = {"status": QuestionStatus.DONE, "is_asked": True, **more}
    return QuestionState(question(number).id, STAGES[number], attempts=attempts, **told)


def record(state: QuestionState, number: int = 0, **more: Any) -> QuestionRecord:
    return QuestionRecord(number + 1, question(number), state, **more)


def interview(*records: QuestionRecord, **more: Any) -> InterviewRecord:
    told = {"status": "finished", "next_question": None, "is_correctable": True, **more}
    return InterviewRecord("i-1", questions=records, **told)


def ten(*states: QuestionState) -> InterviewRecord:
    """Ten questions; those that are not given were never reached."""
    unreached = (QuestionState(question(number).id, STAGES[number]) for number in range(len(states), 10))
    return interview(*(record(state, number) for number, state in enumerate((*states, *unreached))))


def told(state: QuestionState, **more: Any) -> Any:
    return report_of(interview(record(state, **more))).questions[0]


# ── the score ─────────────────────────────────────────────────────────────────────────────────────


def test_the_rules_in_words_have_every_number_of_the_table_and_no_other() -> None:
    outcomes: list[Outcome | None] = [None, *get_args(Outcome)]
    rows = [
        QuestionRow(True, finished=True, first=first, second=second, hint_before_first=hint)
        for first, second, hint in product(outcomes[1:], outcomes, [True, False])
    ]
    table = {points_of(row) for row in rows} | {points_of(QuestionRow())}
    assert [rule.points for rule in RULES] == sorted((points for points in table if points is not None), reverse=True)


def test_points_are_told_of_ninety_and_of_what_was_asked() -> None:
    states = [lived(0, attempt("correct")), lived(1, attempt("partial"), attempt("correct"))]
    score = report_of(ten(*states)).score
    assert (score.points, score.out_of, score.maximum, score.asked_maximum) == (16, 90, 90, 18)
    assert (score.asked, score.scored, score.not_reached, score.total) == (2, 2, 8, 10)
    assert (score.percent, score.asked_percent) == (17.8, 88.9)
    assert score.band is not None
    assert score.band.name == "early"


def test_what_could_not_be_scored_is_said_as_such_and_left_out_of_the_maximum() -> None:
    lost = lived(0, unscorable="low_snr", unclear=(Attempt("u-9", doubt="low_snr"),))
    report = report_of(ten(lost))
    assert (report.score.maximum, report.score.out_of, report.score.not_scorable) == (81, 90, 1)
    assert "One question could not be scored, so the maximum is 81." in report.summary
    said = report.questions[0]
    assert (said.points, said.outcome, said.why) == (
        None,
        "unscorable",
        "Could not be scored: left out of the maximum.",
    )
    assert said.unscorable_words == doubt_words("low_snr") != ""
    assert (said.key_points, said.attempts, len(said.unclear)) == ((), (), 1)
    assert report.stages[0].maximum == 27


def test_every_reason_has_words() -> None:
    assert all(doubt_words(doubt) for doubt in get_args(Doubt))
    assert doubt_words(None) == ""


@pytest.mark.parametrize(
    ("right", "name"), [(10, "strong"), (8, "strong"), (7, "good"), (5, "getting_there"), (3, "early")]
)
def test_a_share_of_the_points_has_its_band(right: int, name: str) -> None:
    states = [lived(number, attempt("correct")) for number in range(right)]
    states += [
        lived(number, unscorable=None, status=QuestionStatus.PENDING, is_asked=False) for number in range(right, 10)
    ]
    band = report_of(ten(*states)).score.band
    assert band is not None
    assert band.name == name


def test_the_bands_begin_where_the_one_before_ends() -> None:
    assert [band.from_percent for band in BANDS] == [80, 60, 40, 0]


def test_nothing_scored_is_no_band_and_no_percent() -> None:
    report = report_of(interview(record(lived(0, unscorable="clipping"))))
    only = replace(report.score, maximum=0)
    lost = report_of(interview(*(record(lived(number, unscorable="clipping"), number) for number in range(10))))
    assert only.band is not None  # nine questions of ten are missing from these rows, and count as never reached
    assert (lost.score.band, lost.score.percent, lost.summary) == (None, None, "Nothing could be scored.")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(get_args(Outcome)),
            st.sampled_from([None, *get_args(Outcome)]),
            st.booleans(),
            st.booleans(),
        ),
        min_size=10,
        max_size=10,
    )
)
def test_the_parts_of_every_report_add_up(rows: list[tuple[Outcome, Outcome | None, bool, bool]]) -> None:
    states = []
    for number, (first, second, has_hint, is_lost) in enumerate(rows):
        attempts = [attempt(first), *([attempt(second)] if second else [])]
        hints = (GivenHint("cost", 0, is_asked=True),) if has_hint else ()
        states.append(lived(number, *attempts, hints=hints, unscorable="clipping" if is_lost else None))
    record_ = ten(*states)
    report = report_of(record_)
    assert report == report_of(record_)
    points = [one.points for one in report.questions]
    assert report.score.points == sum(points_ or 0 for points_ in points) == sum(one.points for one in report.stages)
    assert report.score.maximum == sum(one.maximum for one in report.stages) == 90 - 9 * points.count(None)
    assert 0 <= report.score.points <= report.score.maximum
    assert markdown_of(report, HEADING).count("\n## ") == 11


# ── one question ──────────────────────────────────────────────────────────────────────────────────


def test_a_point_has_its_quote_from_the_attempt_that_said_it() -> None:
    first = said_of("partial", order="The lists are kept in order")
    second = said_of("partial", cost="using lists takes memory")
    state = lived(
        0,
        Attempt("u-1", "The lists are kept in order.", outcome="partial", evaluation=first),
        Attempt("u-2", "Well, using lists takes memory.", outcome="correct", evaluation=second),
        hints=(GivenHint("cost", 1),),
    )
    order, cost, use = told(state).key_points
    assert (order.status, order.quote.attempt, order.quote.text) == ("covered", 1, "The lists are kept in order")
    assert (cost.status, cost.quote.attempt, cost.hinted) == ("covered", 2, True)
    assert "Well, using lists takes memory."[cost.quote.start : cost.quote.end] == cost.quote.text
    assert (use.status, use.quote) == ("missed", None)
    assert [hint.text for hint in told(state).hints] == ["What do you pay with?"]
    assert told(state).why == "Partly correct at first, correct after a hint: 7 points."


def test_a_contradicted_point_is_told_with_the_words_that_contradict_it() -> None:
    verdicts = (
        PointVerdict("order", "contradicted", 0.0, "have no order"),
        PointVerdict("cost", "missed", 0.0, ""),
        PointVerdict("use", "missed", 0.0, ""),
    )
    evaluation = Evaluation(0.0, "incorrect", verdicts, "lexical")
    said = told(lived(0, Attempt("u-1", "They have no order.", outcome="incorrect", evaluation=evaluation)))
    assert (said.key_points[0].status, said.key_points[0].quote.start) == ("contradicted", 5)


def test_each_hint_is_told_as_it_was_said_and_where() -> None:
    said = lived(
        0,
        attempt("incorrect"),
        attempt("partial"),
        hints=(GivenHint("cost", 1, is_full=False), GivenHint("cost", 1, is_asked=True)),
    )
    hints = told(said).hints
    assert [(hint.after, hint.asked) for hint in hints] == [(1, False), (1, True)]
    assert [hint.text for hint in hints] == ["Think about what lists cost.", "What do you pay with?"]
    assert [point.hinted for point in told(said).key_points] == [False, True, False]
    written = markdown_of(report_of(ten(said)), HEADING)
    in_order = (
        "Attempt 1",
        "Hint: Think about what lists cost.",
        "Hint, which was asked for: What do you pay with?",
        "Attempt 2",
    )
    assert [written.index(part) for part in in_order] == sorted(written.index(part) for part in in_order)


@pytest.mark.parametrize("outcome", ["dont_know", "skipped", "no_answer"])
def test_where_nothing_was_answered_every_point_is_missed(outcome: Outcome) -> None:
    said = told(lived(0, attempt(outcome, utterance_id="" if outcome == "no_answer" else "u-1")))
    assert {point.status for point in said.key_points} == {"missed"}
    assert (said.points, said.evaluator) == (1, None)
    assert (said.attempts[0].utterance_id is None) == (outcome == "no_answer")


def test_an_interview_that_goes_on_gives_nothing_away() -> None:
    done = record(lived(0, attempt("correct")))
    waiting = lived(1, attempt("partial"), status=QuestionStatus.AWAIT_2, hints=(GivenHint("cost", 1),))
    unasked = record(QuestionState(question(2).id, "basic"), 2)
    report = report_of(
        interview(done, record(waiting, 1), unasked, status="paused", next_question=2, is_correctable=False)
    )
    over, open_, pending = report.questions
    assert (over.points, over.model_answer != "", over.can_practise) == (9, True, False)
    assert (open_.text != "", open_.model_answer, open_.key_points, open_.points) == (True, "", (), None)
    assert (open_.attempts[0].transcript, open_.attempts[0].outcome, open_.attempts[0].coverage) == (
        "so I say",
        None,
        None,
    )
    assert (pending.is_shown, pending.text, pending.model_answer) == (False, "", "")
    assert (pending.points, pending.why) == (None, "Not asked yet.")
    assert (report.score.band, report.summary) == (None, "Not finished: question 2 of 3 comes next.")


def test_a_question_that_was_never_asked_says_so_when_all_is_over() -> None:
    said = report_of(ten(lived(0, attempt("correct")))).questions[5]
    assert (said.points, said.why, said.key_points) == (0, "Never asked: 0 points.", ())
    assert said.model_answer != ""


def test_who_compared_the_answers_is_told() -> None:
    by_meaning = replace(judged("correct"), evaluator="minilm")
    minilm = lived(1, Attempt("u-2", "so I say", outcome="correct", evaluation=by_meaning))
    lexical = lived(0, attempt("correct"))
    assert report_of(ten(lexical)).evaluator == "lexical"
    assert "words alone" in report_of(ten(lexical)).evaluator_words
    assert report_of(ten(lexical, minilm)).evaluator == "mixed"
    assert report_of(ten()).evaluator is None
    checked = lived(2, Attempt("u-3", "so I say", outcome="correct", evaluation=replace(by_meaning, is_checked=True)))
    told = [report_of(ten(*questions)).evaluator_words for questions in ([minilm], [minilm, checked])]
    assert ["language model" in words for words in told] == [False, True]


# ── looked at again ───────────────────────────────────────────────────────────────────────────────


def correction(number: int, transcript: str = RIGHT, **more: Any) -> Review:
    evaluation = said_of("correct", order="The lists are kept in order", cost="Using lists takes memory")
    return Review("correction", number, transcript, **{"evaluation": evaluation, "at": "2026-11-28T12:00:00", **more})


def test_a_corrected_attempt_is_graded_by_the_table_and_both_are_kept() -> None:
    state = lived(0, attempt("incorrect"), attempt("incorrect"))
    said = told(state, reviews=(correction(2),))
    assert (said.points, said.is_corrected, said.as_heard.points) == (4, True, 1)
    assert (said.attempts[1].transcript, said.attempts[1].corrected_transcript) == ("so I say", RIGHT)
    assert (said.attempts[1].outcome, said.attempts[1].outcome_as_heard) == ("correct", "incorrect")
    assert (said.attempts[0].can_correct, said.attempts[1].can_correct) == (True, False)


def test_a_corrected_first_attempt_counts_for_the_second_too() -> None:
    second = replace(judged("partial", "cost"), label="partial")
    state = lived(0, attempt("incorrect"), Attempt("u-2", "Using…", outcome="partial", evaluation=second))
    assert state.points == 1
    assert reviewed(state, [correction(1, evaluation=judged("partial", "order"))]).points == 7
    assert reviewed(state, [correction(1)]).points == 9


def test_the_score_says_what_it_was_as_heard() -> None:
    report = report_of(interview(record(lived(0, attempt("incorrect")), reviews=(correction(1),))))
    assert (report.score.points, report.score.points_as_heard, report.score.is_corrected) == (9, 1, True)
    assert "As heard: 1 of 90" in markdown_of(report, HEADING)


def test_the_later_look_at_an_attempt_counts() -> None:
    again = Review("reevaluation", 1, evaluation=judged("partial"))
    state = lived(0, attempt("incorrect"))
    assert reviewed(state, [correction(1), again]).points == 5
    assert reviewed(state, [again, correction(1)]).points == 9


def test_a_question_that_a_reviewer_sets_aside_counts_for_nothing() -> None:
    report = report_of(interview(record(lived(0, attempt("incorrect")), reviews=(Review("unscorable"),))))
    assert (report.score.maximum, report.score.maximum_as_heard) == (81, 90)
    said = report.questions[0]
    assert (said.points, said.is_reviewed, said.is_corrected) == (None, True, False)
    assert said.unscorable_words == "A reviewer has set this question aside."


def test_a_review_of_an_attempt_that_is_not_there_changes_nothing() -> None:
    state = lived(0, attempt("partial"))
    assert reviewed(state, [correction(2)]) == state


def test_words_that_are_a_request_cannot_be_graded() -> None:
    assert outcome_of("The lists are kept in order.", "What?") is None
    assert outcome_of("I don't know.", "What?") == "dont_know"
    assert outcome_of("Let's skip this question.", "What?") == "skipped"
    for words in ("Could you repeat the question?", "Um.", "Can I have a hint?"):
        with pytest.raises(NoAnswer):
            outcome_of(words, "What?")


def test_a_quote_from_corrected_words_is_found_in_them() -> None:
    state = lived(0, Attempt("u-1", "mumble mumble", outcome="incorrect", evaluation=judged("incorrect")))
    words = "The lists are kept in order. Using lists takes memory."
    quote = told(state, reviews=(correction(1, words),)).key_points[1].quote
    assert words[quote.start : quote.end] == "Using lists takes memory"
    assert quote.utterance_id == "u-1"
    corrected = record(state, reviews=(correction(1, words),))
    assert "“Using lists takes memory” (corrected)" in markdown_of(report_of(interview(corrected)), HEADING)


def test_practice_is_shown_and_never_counted() -> None:
    practice = Practice(7, "Using lists takes memory.", judged("correct"), "2026-11-28T12:00:00")
    state = lived(0, attempt("incorrect"))
    said = told(state, practice=(practice,))
    assert (said.points, said.practice[0].label, said.practice[0].covered, said.can_practise) == (1, "correct", 2, True)
    assert told(state, practice=(practice,) * 20).can_practise is False


# ── receipts ──────────────────────────────────────────────────────────────────────────────────────

CLIP = Clip(5_500.0, ((500.0, 1_500.0), (3_000.0, 5_000.0)))


def turn(utterance_id: str, number: int, transcript: str, **more: Any) -> SpokenTurn:
    told = {"started_at_ms": 1_000.0 * number, "duration_ms": 4_500.0, "clip": CLIP, **more}
    return SpokenTurn(utterance_id, "c-1", number, transcript, **told)


def test_words_are_laid_over_the_stretches_in_which_somebody_is_heard() -> None:
    transcript = "aaa bbb ccc ddd eee fff ggg hhh"
    parts = SpokenTurns([turn("u-1", 1, transcript)]).parts_of(transcript, "u-1")
    first = receipt_of("aaa", transcript, parts, attempt=1)
    assert (first.at_ms, first.until_ms) == (500.0, round(500 + 3_000 * 3 / 31, 1))
    later = receipt_of("eee fff", transcript, parts, attempt=1)
    assert later.at_ms == round(3_000 + 3_000 * 16 / 31 - 1_000, 1)  # a third of the speech lies before the pause
    assert receipt_of("hhh", transcript, parts, attempt=1).until_ms == 5_000.0


def test_an_answer_in_two_utterances_is_heard_in_the_clip_of_each() -> None:
    turns = SpokenTurns([turn("u-1", 1, "They are in order."), turn("u-2", 2, "They cost memory.")])
    answer = "They are in order. They cost memory."
    parts = turns.parts_of(answer, "u-2")
    assert [(part.utterance_id, answer[part.start : part.end]) for part in parts] == [
        ("u-1", "They are in order."),
        ("u-2", "They cost memory."),
    ]
    assert receipt_of("in order", answer, parts, attempt=1).utterance_id == "u-1"
    second = receipt_of("They cost", answer, parts, attempt=1)
    assert (second.utterance_id, second.at_ms) == ("u-2", 500.0)


def test_words_of_another_call_are_not_taken_for_the_beginning() -> None:
    elsewhere = replace(turn("u-1", 1, "They are in order."), call_id="c-0")
    parts = SpokenTurns([elsewhere, turn("u-2", 2, "They cost memory.")]).parts_of(
        "They are in order. They cost memory.", "u-2"
    )
    assert [part.utterance_id for part in parts] == ["u-2"]


def test_where_the_call_is_gone_the_words_stay() -> None:
    parts = SpokenTurns([]).parts_of("They are in order.", "u-1")
    assert parts == (Part("u-1", 0, 18),)
    receipt = receipt_of("in order", "They are in order.", parts, attempt=1)
    assert (receipt.start, receipt.utterance_id, receipt.call_id, receipt.at_ms) == (9, "u-1", None, None)


def test_a_quote_that_is_not_in_the_transcript_has_no_place() -> None:
    receipt = receipt_of("on top", "They are in order.", (), attempt=2)
    assert (receipt.text, receipt.attempt, receipt.start, receipt.utterance_id) == ("on top", 2, None, None)


def test_signs_in_a_quote_are_only_signs() -> None:
    assert receipt_of("(a+b)* [c]?", "It is (a+b)*\n[c]? here.", (), attempt=1).start == 6


# ── pace ──────────────────────────────────────────────────────────────────────────────────────────


def test_pace_pauses_and_fillers_are_counts() -> None:
    pace = pace_of(
        [turn("u-1", 1, "Um, they are, you know, in order."), turn("u-2", 2, "Uh, a kind of tree.", clip=None)]
    )
    assert (pace.answers, pace.words, pace.speaking_seconds) == (2, 12, 9.0)
    assert pace.words_a_minute == 80.0
    assert [(one.word, one.count) for one in pace.filler_words] == [("uh", 1), ("um", 1), ("you know", 1)]
    assert (pace.pauses, pace.longest_pause_ms, pace.recorded_answers) == (1, 1_500.0, 1)


def test_the_sound_knows_best_how_long_somebody_spoke() -> None:
    by_the_clock = turn("u-1", 1, "They are in order.", duration_ms=900.0, clip=None)
    assert by_the_clock.with_clip(CLIP).duration_ms == 4_500.0
    assert by_the_clock.with_clip(None).duration_ms == by_the_clock.with_clip(Clip(5_000.0, ())).duration_ms == 900.0


def test_what_was_typed_was_not_spoken() -> None:
    pace = pace_of([turn("u-1", 1, "They are in order.", duration_ms=None, clip=None)])
    assert (pace.answers, pace.words, pace.words_a_minute, pace.pauses) == (0, 0, None, None)


def test_nothing_in_a_report_speaks_of_feelings() -> None:
    report = report_of(interview(record(lived(0, attempt("correct"))), turns=(turn("u-1", 1, "so I say"),)))
    written = markdown_of(report, HEADING).lower() + " ".join(Report.__slots__)
    assert not re.search(r"confiden|nervous|stress|emotion|feel|mood", written)


# ── trend and files ───────────────────────────────────────────────────────────────────────────────


def test_the_trend_tells_each_interview_by_its_rows() -> None:
    rows = (QuestionRow(True, finished=True, first="correct"), QuestionRow(True, not_scorable=True))
    past = [PastInterview(name, "mira", "Mira", "bank", "2026-11-01T12:00:00", rows) for name in ("i-0", "i-1")]
    trend = report_of(interview(past=tuple(past))).trend
    assert [(one.points, one.maximum, one.percent, one.is_this) for one in trend] == [
        (9, 81, 11.1, False),
        (9, 81, 11.1, True),
    ]


def test_markdown_holds_what_was_said_as_words_only() -> None:
    state = lived(0, attempt("incorrect", transcript="# Yes\n\n**full marks** <script> | [x](y)"))
    text = markdown_of(report_of(interview(record(state))), HEADING)
    assert r"> \# Yes \*\*full marks\*\* \<script\> \| \[x\](y)" in text
    assert "\n# Yes" not in text


def test_webvtt_has_each_line_at_its_time_and_nothing_that_ends_a_cue() -> None:
    turns = [
        SaidTurn(2.0, None, "", "Hello, I am Mira.", None),
        SaidTurn(3.0, 5.5, "a --> b\n\n<c> & d", "Good.", 6.25),
        SaidTurn(9.0, 9.0, "typed", "", 9.0),
    ]
    lines = webvtt_of(turns, Heading("Ada <b>", "Mira", "")).splitlines()
    assert lines[0] == "WEBVTT"
    cues = [(line, lines[at + 1]) for at, line in enumerate(lines) if " --> " in line]
    assert cues == [
        ("00:00:00.400 --> 00:00:02.000", "<v Mira>Hello, I am Mira."),
        ("00:00:03.000 --> 00:00:05.500", "<v Ada b>a --&gt; b &lt;c&gt; &amp; d"),
        ("00:00:06.250 --> 00:00:06.750", "<v Mira>Good."),
        ("00:00:09.000 --> 00:00:09.500", "<v Ada b>typed"),
    ]
