"""Can a reviewer check an interview in the admin, do what they may do, and nothing else?"""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import User
from ai_agent.interviewer.evaluator import Evaluation
from ai_agent.models import AnswerReview, Call, InterviewSession
from ai_personas.models import Persona
from conftest import PASSWORD, signed_in
from tests.core.interviews import judged
from tests.shell.past_interviews import past_interview, points, question, record, say, seen

INTERVIEWS = "/admin/ai_agent/interviewsession/"
QUESTIONS = "/admin/ai_agent/interviewquestionstate/"
REVIEWS = "/admin/ai_agent/answerreview/"


def with_role(name: str, role: str) -> Client:
    call_command("ensure_roles", verbosity=0, stdout=io.StringIO())
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return signed_in(user)


@pytest.fixture
def reviewer(db: None) -> Client:
    return with_role("rosa", "reviewer")


@pytest.fixture
def operator(db: None) -> Client:
    return with_role("olga", "operator")


@pytest.fixture
def bystander(db: None) -> Client:
    """May enter the admin, and see nothing."""
    return signed_in(User.objects.create_user("bill", password=PASSWORD, is_staff=True))


@pytest.fixture
def interview(person: User, persona: Persona) -> InterviewSession:
    return past_interview(person, persona, ["partial", "correct", "incorrect"])


@pytest.fixture(autouse=True)
def _evaluator_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is correct today."""

    def evaluate(text: str, points: Any, answer: str, misconceptions: Any = ()) -> Evaluation:
        return judged("correct")

    monkeypatch.setattr("ai_agent.reviewer_decisions.evaluate_answer", evaluate)
    monkeypatch.setattr("ai_agent.admin_pages.review_actions.why_lexical", lambda: "")


def page_of(interview: InterviewSession) -> str:
    return f"{INTERVIEWS}{interview.pk}/change/"


def act(browser: Client, where: str, action: str, *keys: object, yes: bool = True, note: str = "A dog barked.") -> Any:
    form = {"action": action, "_selected_action": [str(key) for key in keys]}
    return browser.post(where, {**form, "post": "yes", "note": note} if yes else form, follow=True)


def words(answer: Any) -> str:
    return answer.content.decode()


# ── what is seen ──────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_an_interview_has_the_evidence_for_every_point(
    reviewer: Client, interview: InterviewSession
) -> None:
    page = words(reviewer.get(page_of(interview)))
    for shown in (
        "What do you know about lists?",
        "So I say: they are in order.",
        "the order of lists",
        "“so I say”",
        "covered",
        "missed",
        "partly correct: 5 points",
        "Using lists takes memory.",
        "Model answer",
        "15 of 27 (56 %)",
    ):
        assert shown in page, shown
    assert 'name="_save"' not in page
    assert "<textarea" not in page


def test_all_ten_questions_are_there_those_that_were_never_asked_too(
    reviewer: Client, interview: InterviewSession
) -> None:
    page = words(reviewer.get(page_of(interview)))
    assert page.count('class="evidence"') == 10
    assert page.count("never asked: 0 points") == 7


def test_who_was_right_in_the_call_and_is_not_today_had_no_second_attempt(
    reviewer: Client, interview: InterviewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "no second one was asked for"
    monkeypatch.setattr("ai_agent.reviewer_decisions.evaluate_answer", lambda *asked: judged("partial"))
    assert told not in words(reviewer.get(page_of(interview)))
    act(reviewer, INTERVIEWS, "reevaluate", interview.pk)
    assert words(reviewer.get(page_of(interview))).count(told) == 1


def test_a_question_that_nobody_can_read_hides_no_other(reviewer: Client, interview: InterviewSession) -> None:
    row = question(interview, 2)
    row.entry = {"text": "What?"}
    row.save()
    page = words(reviewer.get(page_of(interview)))
    assert "what is stored cannot be read" in page
    assert "What do you know about lists?" in page


def test_words_of_a_candidate_are_never_markup(reviewer: Client, interview: InterviewSession) -> None:
    say(interview, 1, "<script>alert(1)</script>")
    page = words(reviewer.get(page_of(interview)))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("", True),
        ("?q=ada", True),
        ("?q=nobody", False),
        ("?score_band=40", True),
        ("?score_band=80", False),
        ("?score_band=none", False),
        ("?score_band=rubbish", True),
        ("?status__exact=finished", True),
        ("?status__exact=abandoned", False),
        ("?q=helpful", True),
        ("?q=Juno", True),
        ("?q=Sol", False),
        ("?started_at__year=1999", False),
        ("?q=%00", True),
    ],
)
def test_interviews_are_found_by_who_score_status_and_date(
    reviewer: Client, interview: InterviewSession, query: str, *, is_found: bool
) -> None:
    answer = reviewer.get(INTERVIEWS + query)
    assert answer.status_code == 200
    assert (str(interview.pk) in words(answer)) is is_found


def test_an_interview_is_found_by_its_id_and_its_persona(reviewer: Client, interview: InterviewSession) -> None:
    other = past_interview(interview.room.owner, Persona.objects.get(slug="technical-interviewer"))
    for query in (f"?q={interview.pk}", f"?persona__id__exact={interview.persona_id}"):
        page = words(reviewer.get(INTERVIEWS + query))
        assert str(interview.pk) in page
        assert str(other.pk) not in page


@pytest.fixture
def recordings(tmp_path: Path, settings: Any) -> None:
    settings.RECORDINGS_DIR = str(tmp_path)


@pytest.mark.usefixtures("recordings")
def test_the_candidates_own_voice_is_played_where_it_was_recorded(
    reviewer: Client, bystander: Client, interview: InterviewSession, person: User, persona: Persona
) -> None:
    utterance = record(interview)
    address = f"{INTERVIEWS}{interview.pk}/clip/{utterance}/"
    page = words(reviewer.get(page_of(interview)))
    assert f'src="{address}"' in page
    assert page.count("<audio") == 1
    heard = reviewer.get(address)
    assert (heard.status_code, heard.headers["Content-Type"]) == (200, "audio/wav")
    assert reviewer.get(address, headers={"Range": "bytes=0-43"}).status_code == 206
    assert reviewer.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416
    assert bystander.get(address).status_code == 403
    assert signed_in(person).get(address).status_code == 302, "the admin is not for candidates"
    other = past_interview(person, persona)
    assert reviewer.get(f"{INTERVIEWS}{other.pk}/clip/{utterance}/").status_code == 404
    assert reviewer.get(f"{INTERVIEWS}{interview.pk}/clip/{uuid.uuid4()}/").status_code == 404


def test_the_first_page_counts_what_its_reader_may_see(
    reviewer: Client, operator: Client, bystander: Client, interview: InterviewSession
) -> None:
    page = words(reviewer.get("/admin/"))
    assert "Scores of finished interviews" in page
    assert "Mean score" in page
    assert "56 %" in page
    assert "with an account" not in page
    assert "with an account" in words(operator.get("/admin/"))
    assert 'class="overview-card"' not in words(bystander.get("/admin/"))


def test_the_chart_has_each_score_in_its_tenth(operator: Client, person: User, persona: Persona) -> None:
    for labels in (["correct"], ["correct", "partial"], ["incorrect"], ["incorrect"]):
        past_interview(person, persona, labels)
    bars = operator.get("/admin/").context["scores"]
    assert {bar["range"]: bar["count"] for bar in bars if bar["count"]} == {"10–19 %": 2, "70–79 %": 1, "90–100 %": 1}
    assert max(bar["height"] for bar in bars) == 100


def test_the_first_page_opens_when_there_is_nothing(operator: Client) -> None:
    assert operator.get("/admin/").status_code == 200


# ── how many questions the database is asked ──────────────────────────────────────────────────────


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "address",
    [
        INTERVIEWS,
        QUESTIONS,
        REVIEWS,
        "/admin/ai_agent/room/",
        "/admin/ai_agent/call/",
        "/admin/ai_personas/persona/",
        "/admin/ai_personas/personaversion/",
        "/admin/accounts/user/",
        "/admin/admin/logentry/",
        "/admin/",
    ],
)
def test_a_list_asks_no_more_for_many_rows_than_for_few(address: str, persona: Persona, db: None) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    browser = signed_in(root)
    _fill(root, persona, 2)
    few = queries(browser, address)
    _fill(root, persona, 12)
    assert queries(browser, address) == few
    assert few <= 22


def _fill(root: User, persona: Persona, count: int) -> None:
    """So many people with an interview each, a review of it, a line in the log."""
    so_far = User.objects.count()
    for number in range(so_far, so_far + count):
        owner = User.objects.create_user(f"person-{number}", password=PASSWORD)
        interview = past_interview(owner, persona, ["partial", "correct"])
        AnswerReview.objects.create(
            question=question(interview), kind="reevaluation", attempt=1, by=owner, first_outcome="correct", points=9
        )
        LogEntry.objects.create(user=owner, object_repr="something", action_flag=2, change_message="Changed.")


@pytest.mark.usefixtures("recordings")
def test_the_page_of_an_interview_asks_no_more_for_ten_answers_than_for_one(
    operator: Client, person: User, persona: Persona
) -> None:
    short, long = past_interview(person, persona, ["partial"]), past_interview(person, persona, ["partial"] * 10)
    for interview in (short, long):
        for row in interview.questions.exclude(points=None):
            record(interview, row.number)
            for _ in range(row.number):
                AnswerReview.objects.create(question=row, kind="unscorable", by=person)
    assert queries(operator, page_of(long)) == queries(operator, page_of(short))
    assert queries(operator, page_of(long)) <= 22


def test_the_page_of_a_call_asks_no_more_for_many_turns_than_for_one(
    operator: Client, person: User, persona: Persona
) -> None:
    short, long = past_interview(person, persona, ["partial"]), past_interview(person, persona, ["partial"] * 10)
    few, many = (
        queries(operator, f"/admin/ai_agent/call/{Call.objects.get(room=one.room).pk}/change/") for one in (short, long)
    )
    assert few == many


# ── evaluating again ──────────────────────────────────────────────────────────────────────────────


def test_a_reviewer_evaluates_again_after_having_seen_what_that_means(
    reviewer: Client, interview: InterviewSession
) -> None:
    asked = act(reviewer, INTERVIEWS, "reevaluate", interview.pk, yes=False)
    assert "The old results stay beside the new ones" in words(asked)
    assert points(interview) == [5, 9, 1], "nothing is done before the yes"
    done = act(reviewer, INTERVIEWS, "reevaluate", interview.pk, note="")
    assert done.redirect_chain[-1][0] == page_of(interview)
    assert points(interview) == [9, 9, 9]
    page = words(done)
    assert "2 questions changed, 15/27 → 27/27 points" in page
    assert "partly correct: 5 points (33 % covered)" in page, "the old result is beside it"
    assert "The old verdicts" in page
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id) == ("rosa", str(interview.pk))
    assert "Evaluated again: 2 questions changed" in entry.get_change_message()


def test_the_page_of_an_interview_leads_to_the_same_confirmation(reviewer: Client, interview: InterviewSession) -> None:
    address = f"{INTERVIEWS}{interview.pk}/reevaluate_this/"
    assert address in words(reviewer.get(page_of(interview)))
    for answer in (reviewer.get(address), reviewer.post(address, {"post": "yes", "note": ""})):
        assert 'value="reevaluate"' in words(answer)
    assert points(interview) == [5, 9, 1], "an address alone does nothing"


def test_words_alone_are_announced_before_they_decide(
    reviewer: Client, interview: InterviewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai_agent.admin_pages.review_actions.why_lexical", lambda: "no such file")
    assert "words alone would decide" in words(act(reviewer, INTERVIEWS, "reevaluate", interview.pk, yes=False))


def test_evaluating_twice_changes_once(reviewer: Client, interview: InterviewSession) -> None:
    act(reviewer, INTERVIEWS, "reevaluate", interview.pk)
    again = act(reviewer, INTERVIEWS, "reevaluate", interview.pk)
    assert "nothing changed, 27/27 points" in words(again)
    assert AnswerReview.objects.count() == 2


def test_several_are_evaluated_and_one_that_goes_on_is_said_to(
    reviewer: Client, interview: InterviewSession, person: User, persona: Persona
) -> None:
    active = past_interview(person, persona, ["partial"], status="active")
    done = act(reviewer, INTERVIEWS, "reevaluate", interview.pk, active.pk)
    assert (points(interview), seen(active).points) == ([9, 9, 9], 5)
    assert "it is not over" in words(done)


def test_too_many_at_once_are_refused(reviewer: Client, person: User, persona: Persona) -> None:
    many = [past_interview(person, persona, ["partial"]) for _ in range(21)]
    assert "At most 20 at a time" in words(act(reviewer, INTERVIEWS, "reevaluate", *(one.pk for one in many)))
    assert seen(many[0]).points == 5


# ── not scorable ──────────────────────────────────────────────────────────────────────────────────


def test_an_operator_marks_a_question_as_not_scorable_and_takes_it_back(
    operator: Client, interview: InterviewSession
) -> None:
    row = question(interview, 3)
    address = f"{QUESTIONS}{row.pk}/leave_out_this/"
    assert address in words(operator.get(page_of(interview)))
    assert "nine less for each" in words(operator.get(address))
    done = act(operator, QUESTIONS, "leave_out", row.pk)
    assert "1 question changed, 15/27 → 14/18 points" in words(done)
    assert "a reviewer has left it out" in words(done)
    assert "A dog barked." in words(done)
    assert points(interview) == [5, 9, None]
    assert f"{QUESTIONS}{row.pk}/take_back_this/" in words(done)
    assert "1 question changed, 14/18 → 15/27 points" in words(act(operator, QUESTIONS, "take_back", row.pk))
    assert points(interview) == [5, 9, 1]
    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("id")]
    assert [line.partition(":")[0] for line in told] == [
        "Marked as not scorable (question 3)",
        "Counts again (question 3)",
    ]
    assert all("Why: A dog barked." in line for line in told)


def test_a_mark_needs_a_reason(operator: Client, interview: InterviewSession) -> None:
    asked = act(operator, QUESTIONS, "leave_out", question(interview, 3).pk, note="  ")
    assert "This field is required." in words(asked)
    asked = act(operator, QUESTIONS, "leave_out", question(interview, 3).pk, note="x" * 501)
    assert "at most 500 characters" in words(asked)
    assert points(interview) == [5, 9, 1]


def test_marking_twice_is_marking_once(operator: Client, interview: InterviewSession) -> None:
    row = question(interview, 3)
    act(operator, QUESTIONS, "leave_out", row.pk)
    again = act(operator, QUESTIONS, "leave_out", row.pk)
    assert "nothing changed" in words(again)
    assert (AnswerReview.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_questions_of_several_interviews_are_marked_at_once(
    operator: Client, interview: InterviewSession, person: User, persona: Persona
) -> None:
    other = past_interview(person, persona, ["correct", "partial"])
    act(operator, QUESTIONS, "leave_out", *(question(one, n).pk for one in (interview, other) for n in (1, 2)))
    assert points(interview)[:2] == points(other)[:2] == [None, None]
    other.refresh_from_db()
    assert (other.score, other.score_out_of) == (0, 0)


# ── bad input ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "keys", [[], [str(uuid.UUID(int=7))], ["rubbish"], ["\0"], ["1", "9" * 40], ["-1"], ["' OR 1=1 --"]]
)
@pytest.mark.parametrize(
    ("where", "action"),
    [
        (INTERVIEWS, "reevaluate"),
        (QUESTIONS, "leave_out"),
        (QUESTIONS, "take_back"),
        (INTERVIEWS, "export_admin_action"),
    ],
)
def test_an_action_on_nothing_or_on_what_is_not_there_does_nothing(
    operator: Client, person: User, where: str, action: str, keys: list[str]
) -> None:
    answer = act(operator, where, action, *keys)
    assert answer.status_code == 200
    assert (AnswerReview.objects.count(), LogEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", ["rubbish", str(uuid.UUID(int=7)), "9" * 40])
@pytest.mark.parametrize(
    "address", [INTERVIEWS + "{}/reevaluate_this/", QUESTIONS + "{}/leave_out_this/", INTERVIEWS + "{}/change/"]
)
def test_an_address_of_nothing_leads_nowhere(operator: Client, address: str, key: str) -> None:
    assert operator.get(address.format(key)).status_code in {302, 404}


def test_what_a_reviewer_may_not_do_is_neither_offered_nor_done(reviewer: Client, interview: InterviewSession) -> None:
    row = question(interview, 3)
    assert "leave_out" not in words(reviewer.get(page_of(interview)))
    assert reviewer.get(f"{QUESTIONS}{row.pk}/leave_out_this/").status_code == 403
    act(reviewer, QUESTIONS, "leave_out", row.pk)
    act(reviewer, INTERVIEWS, "delete_selected", interview.pk)
    assert reviewer.post(f"{INTERVIEWS}{interview.pk}/delete/", {"post": "yes"}).status_code == 403
    assert reviewer.get(f"{INTERVIEWS}export/").status_code == 403
    assert reviewer.post(f"{INTERVIEWS}export/", {"format": "0", "resource": "0"}).status_code == 403
    assert points(interview) == [5, 9, 1]
    assert AnswerReview.objects.count() == LogEntry.objects.count() == 0


def test_who_has_no_role_sees_no_interview(bystander: Client, person: User, interview: InterviewSession) -> None:
    for browser, status in ((bystander, 403), (signed_in(person), 302), (Client(), 302)):
        for address in (INTERVIEWS, page_of(interview), QUESTIONS, REVIEWS, f"{INTERVIEWS}export/"):
            assert browser.get(address).status_code == status, address
        answer = browser.post(INTERVIEWS, {"action": "reevaluate", "_selected_action": [interview.pk], "post": "yes"})
        assert answer.status_code == status
    assert points(interview) == [5, 9, 1]


def test_nothing_of_the_evidence_can_be_written(operator: Client, interview: InterviewSession) -> None:
    row = question(interview)
    assert operator.get(f"{INTERVIEWS}add/").status_code == 403
    assert operator.get(f"{QUESTIONS}add/").status_code == 403
    operator.post(page_of(interview), {"score": "90", "questions-0-points": "9", "questions-0-id": row.pk})
    operator.post(f"{QUESTIONS}{row.pk}/change/", {"points": "9"})
    interview.refresh_from_db()
    assert (interview.score, points(interview)) == (15, [5, 9, 1])


def test_an_operator_deletes_an_interview_that_is_over_and_none_in_which_somebody_speaks(
    operator: Client, interview: InterviewSession, person: User, persona: Persona
) -> None:
    live = past_interview(person, persona, ["partial"], status="active")
    live.room.calls.update(status="live", ended_at=None)
    assert operator.post(f"{INTERVIEWS}{live.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "a call goes on in it" in words(act(operator, INTERVIEWS, "delete_selected", live.pk, yes=False))
    act(operator, INTERVIEWS, "delete_selected", live.pk)
    act(operator, INTERVIEWS, "delete_selected", interview.pk)
    assert list(InterviewSession.objects.all()) == [live]


# ── files ─────────────────────────────────────────────────────────────────────────────────────────

CSV, XLSX, JSON = "0", "1", "2"


def export(browser: Client, where: str, kind: str, query: str = "", **more: Any) -> bytes:
    answer = browser.post(f"{where}export/{query}", {"format": kind, "resource": "0", **more})
    assert answer.status_code == 200, answer.content
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.content


def sheet(content: bytes) -> list[dict[str, Any]]:
    head, *rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_interviews_leave_as_csv_xlsx_and_json(operator: Client, interview: InterviewSession) -> None:
    (of_csv,) = csv.DictReader(io.StringIO(export(operator, INTERVIEWS, CSV).decode()))
    (of_json,) = json.loads(export(operator, INTERVIEWS, JSON))
    (of_xlsx,) = sheet(export(operator, INTERVIEWS, XLSX))
    for row in (of_csv, of_json, of_xlsx):
        assert (row["id"], row["candidate"], row["persona"]) == (str(interview.pk), "ada", "helpful-assistant")
        assert (int(row["score"]), float(row["percent"])) == (15, 55.6)
    assert of_xlsx["score"] == 15, "a number, not a text"
    assert of_json["corrected"] is False


def test_an_interview_with_a_correction_says_so_in_the_list_and_outside(
    operator: Client, interview: InterviewSession
) -> None:
    question = interview.questions.get(number=1)
    AnswerReview.objects.create(
        question=question, kind="correction", attempt=1, transcript="In order.", by=interview.room.owner
    )
    assert "15 of 27 (56 %), corrected" in operator.get(INTERVIEWS).content.decode()
    (row,) = json.loads(export(operator, INTERVIEWS, JSON))
    assert row["corrected"] is True


def test_questions_leave_with_what_their_points_came_from(operator: Client, interview: InterviewSession) -> None:
    rows = {row["number"]: row for row in csv.DictReader(io.StringIO(export(operator, QUESTIONS, CSV).decode()))}
    assert len(rows) == 10
    first = rows["1"]
    assert (first["points"], first["why"]) == ("5", "partly correct: 5 points")
    assert first["attempt_1"] == "So I say: they are in order."
    assert first["covered"] == "the order of lists: “so I say”"
    assert first["missed"] == "what lists cost; where lists help"
    assert rows["10"]["points"] == ""


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0", "＝1"])
def test_no_cell_is_a_formula(operator: Client, interview: InterviewSession, evil: str) -> None:
    say(interview, 1, evil)
    rows = csv.DictReader(io.StringIO(export(operator, QUESTIONS, CSV).decode(), newline=""))
    (cell,) = [row["attempt_1"] for row in rows if row["number"] == "1"]
    assert cell == f"'{evil}"
    assert json.loads(export(operator, QUESTIONS, JSON, f"?q={interview.pk}"))
    book = load_workbook(io.BytesIO(export(operator, QUESTIONS, XLSX)))
    assert [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"] == []


@pytest.mark.parametrize("words", ["a\0b\x07c", "x" * 120_000, "नमस्ते 👋"])
def test_any_words_fit_into_a_file(operator: Client, interview: InterviewSession, words: str) -> None:
    say(interview, 1, words.replace("\0", ""))
    for kind in (CSV, XLSX, JSON):
        assert export(operator, QUESTIONS, kind)
    assert len(max(str(row["attempt_1"]) for row in sheet(export(operator, QUESTIONS, XLSX)))) <= 32_767


def test_a_name_is_no_formula_either(operator: Client, persona: Persona) -> None:
    past_interview(User.objects.create_user("@SUM(A1:A9)", password=PASSWORD), persona)
    (row,) = csv.DictReader(io.StringIO(export(operator, INTERVIEWS, CSV).decode()))
    assert row["candidate"] == "'@SUM(A1:A9)"


def test_only_the_chosen_ones_leave_and_the_log_says_who_took_them(
    operator: Client, interview: InterviewSession, person: User, persona: Persona
) -> None:
    past_interview(person, persona)
    form = operator.post(INTERVIEWS, {"action": "export_admin_action", "_selected_action": [interview.pk]})
    assert str(interview.pk) in words(form)
    (row,) = json.loads(export(operator, INTERVIEWS, JSON, export_items=[str(interview.pk)]))
    assert row["id"] == str(interview.pk)
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_repr) == ("olga", "1 interview sessions")
    assert entry.change_message == "Exported as json."


@pytest.mark.parametrize("items", [["rubbish"], [str(uuid.UUID(int=7))], ["\0"]])
def test_an_export_of_what_is_not_there_is_refused(
    operator: Client, interview: InterviewSession, items: list[str]
) -> None:
    answer = operator.post(f"{INTERVIEWS}export/", {"format": CSV, "resource": "0", "export_items": items})
    assert "Content-Disposition" not in answer.headers
    assert LogEntry.objects.count() == 0


def test_a_filter_holds_for_the_file_too(operator: Client, interview: InterviewSession) -> None:
    assert json.loads(export(operator, INTERVIEWS, JSON, "?status__exact=abandoned")) == []
    assert len(json.loads(export(operator, INTERVIEWS, JSON, "?status__exact=finished"))) == 1


def test_an_export_asks_no_more_for_many_interviews_than_for_few(
    operator: Client, person: User, persona: Persona, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(15):
        past_interview(person, persona, ["partial", "correct"])
    for where in (INTERVIEWS, QUESTIONS):
        with django_assert_max_num_queries(16):
            export(operator, where, CSV)
