"""Rooms, tickets, calls, health: each answer holds the asker's own rows, and somebody else's are not there."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import signing
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import User
from accounts.tickets import issue_ticket, redeem_ticket
from ai_agent import answer_evaluation, views
from ai_agent.call_deletion import recording_folder
from ai_agent.management.commands import export_contracts
from ai_agent.models import BargeIn, Call, CallStatus, InterviewSession, Process, Room, Turn
from ai_agent.process import RETRY_AFTER_SECONDS, ServerProcess
from ai_agent.recording_folders import make_folder
from ai_agent.wav_files import append_wav
from ai_personas.models import Persona
from ai_personas.versions import publish
from conftest import signed_in
from tests.shell.lived_interviews import finished_interview

NOWHERE = uuid.uuid4()


def post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(path, json.dumps({} if body is None else body), content_type="application/json")


@pytest.fixture
def call(room: Room) -> Call:
    """A call of Ada's with a greeting, a reopened utterance and one answered turn."""
    call = Call.objects.create(
        room=room,
        persona=room.persona,
        persona_version=room.persona.published_version,
        status=CallStatus.ENDED,
        end_reason="hung_up",
        ended_at=timezone.now(),
        max_at=42.5,
    )
    joined = uuid.uuid4()
    rows: list[dict[str, Any]] = [
        {"started_at": 0.5, "planned_text": "Hello.", "heard_text": "Hello."},
        {"started_at": 3.0, "transcript": "What", "superseded_by": joined, "utterance_id": uuid.uuid4()},
        {
            "started_at": 3.0,
            "ended_at": 6.25,
            "transcript": "What time is it?",
            "utterance_id": joined,
            "planned_text": "It is nine. Or ten.",
            "heard_text": "It is nine.",
            "interrupted": True,
            "metrics": {"stt_ms": 310.0, "reply_latency_ms": 900.0},
        },
    ]
    for number, row in enumerate(rows, start=1):
        Turn.objects.create(call=call, turn_id=uuid.uuid4(), number=number, **row)
    make_folder(recording_folder(call))
    for name in ("stereo.wav", f"utterances/{joined}.wav"):
        append_wav(recording_folder(call) / name, bytes(8), data_bytes=8)
    return call


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> ServerProcess:
    """The process that answers, with one slot, warm."""
    process = ServerProcess(slots=1)
    process.warm_up_succeeded()
    monkeypatch.setattr(views, "THIS_PROCESS", process)
    return process


# ── whose is it? ──────────────────────────────────────────────────────────────────────────────────

OWN_ROUTES = [
    ("get", "/api/v1/rooms/{room}/"),
    ("post", "/api/v1/rooms/{room}/ticket/"),
    ("get", "/api/v1/calls/{call}/"),
    ("delete", "/api/v1/calls/{call}/"),
    ("get", "/api/v1/calls/{call}/recording/"),
    ("get", "/api/v1/calls/{call}/utterances/{utterance}/audio/"),
    ("get", "/api/v1/interviews/{interview}/"),
    ("delete", "/api/v1/interviews/{interview}/"),
    ("get", "/api/v1/interviews/{interview}/export/"),
    ("post", "/api/v1/interviews/{interview}/questions/{number}/correction/"),
    ("post", "/api/v1/interviews/{interview}/questions/{number}/retry/"),
    ("get", "/api/v1/personas/{slug}/"),
]
ROUTES = [
    *OWN_ROUTES,
    ("get", "/api/v1/me/"),
    ("patch", "/api/v1/me/preferences/"),
    ("get", "/api/v1/rooms/"),
    ("post", "/api/v1/rooms/"),
    ("get", "/api/v1/calls/"),
    ("get", "/api/v1/interviews/"),
    ("get", "/api/v1/personas/"),
    ("get", "/api/v1/personas/templates/"),
    ("get", "/api/v1/personas/schema/"),
]


def documented(*, with_an_id: bool) -> set[tuple[str, str]]:
    """Method and address of every operation that wants a session; an id is written as `{}`."""
    paths = json.loads(export_contracts.openapi_text())["paths"]
    return {
        (method, re.sub(r"{\w+}", "{}", path))
        for path, methods in paths.items()
        for method, operation in methods.items()
        if operation.get("security") and ("{" in path or not with_an_id)
    }


def listed(routes: list[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(method, re.sub(r"{\w+}", "{}", path)) for method, path in routes}


def test_no_route_is_forgotten_here() -> None:
    """A new route with an id is asked for by a stranger below, and every new one by somebody without a session."""
    assert listed(OWN_ROUTES) == documented(with_an_id=True)
    assert listed(ROUTES) == documented(with_an_id=False)


BODIES = {
    "/api/v1/interviews/{interview}/questions/{number}/correction/": {"attempt": 2, "transcript": "It takes memory."},
    "/api/v1/interviews/{interview}/questions/{number}/retry/": {"answer": "It takes memory."},
}
"""What is asked for with a body."""


@pytest.fixture
def ids(request: pytest.FixtureRequest, room: Room, call: Call, route: str) -> dict[str, Any]:
    """Ada's own, as far as the route names it."""
    utterance = call.turns.exclude(transcript="").latest("number").utterance_id
    wanted = {"room": room.id, "call": call.id, "utterance": utterance, "slug": "hers", "number": 4}
    return {**wanted, "interview": request.getfixturevalue("interview").id if "{interview}" in route else NOWHERE}


@pytest.fixture
def interview(room: Room, monkeypatch: pytest.MonkeyPatch) -> InterviewSession:
    """One that is over, in another room of Ada's."""
    monkeypatch.setattr(answer_evaluation, "embed_or_none", lambda: None)
    return finished_interview(Room.objects.create(owner=room.owner, persona=room.persona)).row


def ask(client: Client, method: str, route: str, **ids: Any) -> Any:
    ask_by = getattr(client, method)
    path = route.format(**ids)
    body = json.dumps(BODIES.get(route, {}))
    return ask_by(path) if method == "get" else ask_by(path, body, content_type="application/json")


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_who_is_not_signed_in_is_told_so(client: Client, method: str, route: str, ids: dict[str, Any]) -> None:
    answer = ask(client, method, route, **ids)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(("method", "route"), OWN_ROUTES)
def test_somebody_elses_is_not_there(room: Room, stranger: User, method: str, route: str, ids: dict[str, Any]) -> None:
    hers = Persona.objects.create(slug="hers", owner=room.owner)
    publish(hers, room.persona.published_version.configuration, created_by=room.owner)
    elsewhere = ask(signed_in(stranger), method, route, **ids)
    gone = {"room": NOWHERE, "call": NOWHERE, "interview": NOWHERE, "utterance": NOWHERE, "slug": "nobodys"}
    nowhere = ask(signed_in(stranger), method, route, **{**ids, **gone})
    assert ask(signed_in(room.owner), method, route, **ids).status_code < 300
    assert elsewhere.status_code == nowhere.status_code == 404
    assert elsewhere.json() == nowhere.json(), "the answer does not tell whether it exists"


def test_lists_hold_ones_own_only(room: Room, call: Call, stranger: User) -> None:
    theirs = signed_in(stranger)
    assert theirs.get("/api/v1/rooms/").json() == {"items": [], "count": 0}
    assert theirs.get("/api/v1/calls/").json() == {"items": [], "count": 0}


@pytest.mark.parametrize("path", ["/api/v1/rooms/not-a-uuid/", "/api/v1/nothing/", "/_allauth/browser/v1/nothing"])
def test_an_address_that_leads_nowhere_answers_in_json(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert set(answer.json()) == {"detail", "code"}


# ── rooms ─────────────────────────────────────────────────────────────────────────────────────────


def test_every_request_makes_a_new_room(browser: Client, persona: Persona) -> None:
    with override_settings(ICE_SERVERS=[{"urls": ["stun:stun.example.org"]}]):
        first, second = (post(browser, "/api/v1/rooms/", {"persona": persona.slug}) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json()["id"] != second.json()["id"]
    assert first.json()["persona"] == "helpful-assistant"
    assert first.json()["persona_name"] == "Juno"
    assert first.json()["ice_servers"][0]["urls"] == ["stun:stun.example.org"]
    listed = browser.get("/api/v1/rooms/").json()
    assert [room["id"] for room in listed["items"]] == [second.json()["id"], first.json()["id"]]


def test_a_persona_of_somebody_else_an_archived_one_and_none_are_all_not_there(
    browser: Client, stranger: User, persona: Persona
) -> None:
    theirs = Persona.objects.create(slug="theirs", owner=stranger)
    publish(theirs, persona.published_version.configuration, created_by=stranger)
    archived = Persona.objects.create(slug="archived", is_archived=True)
    publish(archived, persona.published_version.configuration)
    for slug in ("theirs", "archived", "nobody"):
        answer = post(browser, "/api/v1/rooms/", {"persona": slug})
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_persona")
    assert not Room.objects.exists()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "persona"),
        ({"persona": ""}, "persona"),
        ({"persona": 7}, "persona"),
        ({"persona": None}, "persona"),
        ({"persona": "x" * 81}, "persona"),
        ({"persona": "a", "room": 1}, "room"),
        ([], "body"),
    ],
)
def test_a_wish_that_is_no_wish_is_refused_by_its_path(browser: Client, body: Any, path: str) -> None:
    answer = post(browser, "/api/v1/rooms/", body)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [path]


def test_a_room_tells_which_call_goes_on(browser: Client, room: Room) -> None:
    assert browser.get(f"/api/v1/rooms/{room.id}/").json()["open_call_id"] is None
    room.call = Call.objects.create(room=room, persona=room.persona, persona_version=room.persona.published_version)
    room.save()
    assert browser.get(f"/api/v1/rooms/{room.id}/").json()["open_call_id"] is None, "nobody has offered yet"
    Call.objects.update(lease_owner="host:1")
    assert browser.get(f"/api/v1/rooms/{room.id}/").json()["open_call_id"] == str(room.call.id)


def test_a_socket_that_waits_is_no_call_yet(browser: Client, room: Room) -> None:
    waiting = Call.objects.create(room=room, persona=room.persona, persona_version=room.persona.published_version)
    assert browser.get("/api/v1/calls/").json() == {"items": [], "count": 0}
    assert browser.get(f"/api/v1/calls/{waiting.id}/").status_code == 404


def test_full_is_said_in_words_before_a_socket_is_tried(browser: Client, room: Room, process: ServerProcess) -> None:
    assert post(browser, "/api/v1/rooms/", {"persona": room.persona.slug}).status_code == 201
    assert process.take_slot("another room")
    for path, body in (("/api/v1/rooms/", {"persona": room.persona.slug}), (f"/api/v1/rooms/{room.id}/ticket/", {})):
        answer = post(browser, path, body)
        assert (answer.status_code, answer.json()["code"]) == (503, "at_capacity")
        assert "busy" in answer.json()["detail"]
        assert answer.headers["Retry-After"] == str(RETRY_AFTER_SECONDS)


def test_a_full_process_lets_another_take_the_call(browser: Client, room: Room, process: ServerProcess) -> None:
    process.take_slot("another room")
    other = Process.objects.create(name="other:1", slots=2, calls=1, seen_at=timezone.now())
    assert post(browser, f"/api/v1/rooms/{room.id}/ticket/").status_code == 201
    for change in ({"calls": 2}, {"calls": 0, "draining": True}, {"draining": False, "seen_at": _long_ago()}):
        Process.objects.filter(pk=other.pk).update(**change)
        assert post(browser, f"/api/v1/rooms/{room.id}/ticket/").status_code == 503


def _long_ago() -> Any:
    return timezone.now() - timedelta(minutes=1)


# ── tickets ───────────────────────────────────────────────────────────────────────────────────────


def redeem(ticket: str, room_id: Any) -> int | None:
    return async_to_sync(redeem_ticket)(ticket, str(room_id))


def test_a_ticket_opens_one_room_once(browser: Client, room: Room, person: User) -> None:
    answer = post(browser, f"/api/v1/rooms/{room.id}/ticket/")
    assert (answer.status_code, answer.json()["expires_in"]) == (201, 30)
    ticket = answer.json()["ticket"]
    assert redeem(ticket, NOWHERE) is None
    assert redeem(ticket, room.id) == person.pk
    assert redeem(ticket, room.id) is None


def test_a_ticket_is_over_after_thirty_seconds(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = issue_ticket(room.owner_id, room.id)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 31)
    assert redeem(ticket, room.id) is None


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "x" * 10_000, "eyJ1c2VyIjoxfQ:1:sig", "\x00"])
def test_a_forged_ticket_opens_nothing(room: Room, forged: str) -> None:
    assert redeem(forged, room.id) is None


def test_a_room_of_an_archived_persona_has_tickets_only_for_the_call_that_goes_on(browser: Client, room: Room) -> None:
    Persona.objects.update(is_archived=True)
    answer = post(browser, f"/api/v1/rooms/{room.id}/ticket/")
    assert (answer.status_code, answer.json()["code"]) == (404, "persona_archived")
    Call.objects.create(
        room=room, persona=room.persona, persona_version=room.persona.published_version, lease_owner="host:1"
    )
    assert post(browser, f"/api/v1/rooms/{room.id}/ticket/").status_code == 201


def test_who_asks_for_too_many_rooms_is_told_when_to_ask_again(browser: Client, room: Room, stranger: User) -> None:
    path = f"/api/v1/rooms/{room.id}/ticket/"
    assert {post(browser, path).status_code for _ in range(60)} == {201}
    answer = post(browser, path)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert post(signed_in(stranger), path).status_code == 404, "another person is not held up"


def test_a_closed_room_has_no_tickets(browser: Client, room: Room) -> None:
    Room.objects.update(is_active=False)
    assert post(browser, f"/api/v1/rooms/{room.id}/ticket/").status_code == 404


# ── calls ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_call_is_read_with_what_was_said_and_heard_and_each_turns_times(browser: Client, call: Call) -> None:
    body = browser.get(f"/api/v1/calls/{call.id}/").json()
    assert (body["status"], body["end_reason"], body["duration_seconds"]) == ("ended", "hung_up", 42.5)
    assert body["turn_count"] == 2, "a superseded utterance is no turn"
    greeting, turn = body["turns"]
    assert (greeting["utterance_id"], greeting["transcript"], greeting["reply"]) == (None, "", "Hello.")
    assert turn["transcript"] == "What time is it?"
    assert turn["reply"][: turn["heard_upto"]] == "It is nine."
    assert turn["interrupted"] is True
    assert (turn["started_at_ms"], turn["ended_at_ms"]) == (3000.0, 6250.0)
    assert (turn["metrics"]["stt_ms"], turn["metrics"]["snr_db"]) == (310.0, None)


def barge_in(call: Call, **values: Any) -> BargeIn:
    usual: dict[str, Any] = {
        "candidate_id": uuid.uuid4(),
        "turn_id": uuid.uuid4(),
        "onset_at": 6.5,
        "suspected_at": 6.56,
        "decided_at": 7.71,
        "decision": "rejected",
        "reason": "backchannel",
        "voiced_ms": 320,
        "level_dbfs": -28.5,
        "noise_floor_dbfs": -61.0,
        "echo_dbfs": -47.25,
        "caller_dbfs": -26.0,
        "ducked_ms": 700,
        "lost_ms": 20,
    }
    return BargeIn.objects.create(call=call, **{**usual, **values})


def test_a_call_is_read_with_its_barge_ins_and_their_counts(browser: Client, call: Call) -> None:
    look = {
        "asked_at": 7.5,
        "clip_ms": 900,
        "answered_at": None,
        "words": "",
        "alternatives": ["Stop."],
        "avg_logprob": None,
        "no_speech_probability": None,
        "verdict": "",
        "reason": "",
    }
    second = barge_in(call, held_at=6.98, decision="accepted", reason="stop_word", probes=[look], lost_ms=0)
    first = barge_in(call, onset_at=2.0)
    for reason in ("noise", "backchannel"):
        barge_in(call, onset_at=6.55, reason=reason, turn_id=None)
    body = browser.get(f"/api/v1/calls/{call.id}/").json()
    assert body["barge_in_counts"] == {
        "suspected": 4,
        "held": 1,
        "accepted": 1,
        "rejected": {"backchannel": 2, "noise": 1},
        "ducked_ms": 2_800,
        "lost_ms": 60,
    }
    assert [one["candidate_id"] for one in body["barge_ins"][:2]] == [str(first.candidate_id), str(second.candidate_id)]
    assert body["barge_ins"][1] == {
        "candidate_id": str(second.candidate_id),
        "turn_id": str(second.turn_id),
        "onset_at_ms": 6_500.0,
        "suspected_at_ms": 6_560.0,
        "held_at_ms": 6_980.0,
        "decided_at_ms": 7_710.0,
        "decision": "accepted",
        "reason": "stop_word",
        "voiced_ms": 320,
        "level_dbfs": -28.5,
        "noise_floor_dbfs": -61.0,
        "echo_dbfs": -47.25,
        "caller_dbfs": -26.0,
        "ducked_ms": 700,
        "lost_ms": 0,
        "probes": [
            {
                **{name: value for name, value in look.items() if not name.endswith("_at")},
                "asked_at_ms": 7_500.0,
                "answered_at_ms": None,
            }
        ],
    }


def test_a_call_that_nobody_interrupted_has_counts_of_nothing(browser: Client, call: Call) -> None:
    body = browser.get(f"/api/v1/calls/{call.id}/").json()
    assert body["barge_ins"] == []
    counts = body["barge_in_counts"]
    assert (counts["suspected"], counts["held"], counts["accepted"], counts["rejected"]) == (0, 0, 0, {})


def test_a_call_costs_the_same_queries_whatever_happened_in_it(
    browser: Client, call: Call, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        barge_in(call, onset_at=number)
    with django_assert_max_num_queries(5):  # session, person, call, turns, barge-ins
        assert len(browser.get(f"/api/v1/calls/{call.id}/").json()["barge_ins"]) == 5


def test_who_interrupted_whom_is_nobody_elses_business_and_goes_with_the_call(
    browser: Client, call: Call, stranger: User
) -> None:
    barge_in(call)
    theirs = signed_in(stranger)
    assert theirs.get(f"/api/v1/calls/{call.id}/").status_code == 404
    assert theirs.delete(f"/api/v1/calls/{call.id}/").status_code == 404
    assert BargeIn.objects.count() == 1
    assert browser.delete(f"/api/v1/calls/{call.id}/").status_code == 204
    assert not BargeIn.objects.exists()


def test_calls_come_in_pages_newest_first_and_cost_the_same_queries(
    browser: Client, room: Room, call: Call, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        Call.objects.create(
            room=room,
            persona=room.persona,
            persona_version=room.persona.published_version,
            status=CallStatus.ABANDONED,
            ended_at=timezone.now(),
        )
    with django_assert_max_num_queries(4):  # session, person, calls, count
        page = browser.get("/api/v1/calls/?limit=2").json()
    assert (len(page["items"]), page["count"]) == (2, 5)
    last = browser.get("/api/v1/calls/?limit=2&offset=4").json()
    assert [item["id"] for item in last["items"]] == [str(call.id)]
    assert browser.get("/api/v1/calls/?offset=1000").json()["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=ten", "offset=-1", "offset=99999999999999999999"])
def test_a_page_that_cannot_be_is_refused(browser: Client, query: str) -> None:
    answer = browser.get(f"/api/v1/calls/?{query}")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [query.partition("=")[0]]


# ── this process ──────────────────────────────────────────────────────────────────────────────────


def test_health_and_ready_say_whether_a_call_can_be_taken(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = ServerProcess(slots=1)
    monkeypatch.setattr(views, "THIS_PROCESS", process)

    def asked() -> tuple[int, str, int]:
        health = client.get("/api/v1/health/")
        return health.status_code, health.json()["status"], client.get("/ready/").status_code

    assert asked() == (503, "starting", 404)
    process.warm_up_succeeded()
    assert asked() == (200, "ok", 200)
    assert client.get("/api/v1/health/").json() == {"status": "ok"}
    process.note_lag(10_000)
    assert client.get("/ready/").json() == {"status": "late"}
    assert asked() == (200, "ok", 404), "a late process still takes the call that comes"
    process._late_at = None
    process.take_slot("another room")
    assert asked() == (503, "full", 404)
    process.give_slot_back("another room")
    process.start_draining()
    assert asked() == (503, "draining", 404)


def test_health_says_what_is_wrong_in_one_line(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    process = ServerProcess(slots=1)
    process.warm_up_failed("whisper: model.bin is missing; run manage.py fetch_models")
    monkeypatch.setattr(views, "THIS_PROCESS", process)
    body = client.get("/api/v1/health/").json()
    assert body == {"status": "misconfigured", "detail": "whisper: model.bin is missing; run manage.py fetch_models"}


# ── the document ──────────────────────────────────────────────────────────────────────────────────


def test_the_committed_schema_is_that_of_the_code() -> None:
    assert export_contracts.OPENAPI_FILE.read_text(encoding="utf-8") == export_contracts.openapi_text(), (
        "run: python manage.py export_contracts"
    )


def test_a_schema_that_drifted_is_noticed_and_written_anew(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "openapi.json"
    file.write_text("{}")
    monkeypatch.setattr(export_contracts, "OPENAPI_FILE", file)
    with pytest.raises(CommandError, match="export_contracts"):
        call_command("export_contracts", check=True)
    assert file.read_text() == "{}"
    call_command("export_contracts", verbosity=0)
    call_command("export_contracts", check=True, verbosity=0)


def test_the_schema_names_every_message_and_every_answer_and_is_served(client: Client, db: None) -> None:
    document = json.loads(export_contracts.openapi_text())
    assert {"ClientMessage", "ServerMessage", "Offer", "Ready", "ErrorBody"} <= set(document["components"]["schemas"])
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["operationId"], (method, path)
            if operation.get("security"):
                assert "401" in operation["responses"], (method, path)
    assert client.get("/api/v1/schema/").json() == document
    docs = client.get("/api/v1/docs/")
    assert docs.status_code == 200
    assert b"https://cdn" not in docs.content


def test_answers_of_the_api_load_nothing_and_are_framed_by_nobody(client: Client, db: None) -> None:
    headers = client.get("/api/v1/csrf/").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
