"""What an operator sees, and that the admin's own door is no way around the limit."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db.models import RestrictedError
from django.test import Client

from accounts.models import User
from ai_agent.call_deletion import recording_folder
from ai_agent.models import BargeIn, Call, Process, Room, Turn
from ai_agent.recording_folders import make_folder
from ai_personas.models import Persona
from ai_personas.versions import publish
from conftest import PASSWORD, signed_in


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(User.objects.create_superuser("root", password=PASSWORD))


@pytest.fixture
def call(room: Room) -> Call:
    call = Call.objects.create(room=room, persona=room.persona, persona_version=room.persona.published_version)
    Turn.objects.create(call=call, turn_id=uuid.uuid4(), number=1, started_at=0, transcript="What time is it?")
    return call


@pytest.mark.parametrize(
    "page", ["", "ai_agent/room/", "ai_agent/call/", "ai_agent/process/", "accounts/user/", "ai_personas/persona/"]
)
def test_every_page_of_the_admin_opens(operator: Client, call: Call, page: str) -> None:
    Process.objects.create(name="host:1", slots=8, seen_at=call.started_at)
    assert operator.get(f"/admin/{page}").status_code == 200


@pytest.mark.parametrize("page", ["", "login/", "ai_agent/interviewsession/", "accounts/user/add/"])
def test_a_page_of_the_admin_asks_this_server_alone_and_holds_no_script(operator: Client, page: str) -> None:
    answer = (Client() if page == "login/" else operator).get(f"/admin/{page}")
    text = answer.content.decode()
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))
    files = set(re.findall(r"""(?:src|href)=["'](/static/[^"']+)""", text))
    assert any("unfold" in file for file in files)
    assert {file: operator.get(file).status_code for file in files} == dict.fromkeys(files, 200)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2]


def test_only_the_admins_pages_may_read_words_as_script(operator: Client) -> None:
    for page in ("/api/v1/docs/", "/api/v1/health/", "/nowhere"):
        assert "unsafe-eval" not in operator.get(page).headers["Content-Security-Policy"]


def test_a_call_is_read_with_its_turns_and_not_written(operator: Client, call: Call) -> None:
    page = operator.get(f"/admin/ai_agent/call/{call.id}/change/")
    assert b"What time is it?" in page.content
    assert b'name="_save"' not in page.content
    assert operator.get("/admin/ai_agent/call/add/").status_code == 403


def test_a_calls_barge_ins_are_read_with_it(operator: Client, call: Call) -> None:
    levels = {"level_dbfs": -28, "noise_floor_dbfs": -61, "echo_dbfs": -47, "caller_dbfs": -26}
    times = {"onset_at": 6.5, "suspected_at": 6.56, "decided_at": 7.71, "voiced_ms": 820, "ducked_ms": 9, "lost_ms": 0}
    BargeIn.objects.create(
        call=call, candidate_id=uuid.uuid4(), decision="rejected", reason="a_far_voice", **levels, **times
    )
    page = operator.get(f"/admin/ai_agent/call/{call.id}/change/")
    assert b"a_far_voice" in page.content
    assert b"<textarea" not in page.content


def test_calls_are_found_by_their_owner(operator: Client, call: Call) -> None:
    assert str(call.id).encode() in operator.get("/admin/ai_agent/call/?q=ada").content
    assert str(call.id).encode() not in operator.get("/admin/ai_agent/call/?q=nobody").content


def test_a_person_is_deleted_with_their_personas_rooms_and_calls(
    operator: Client, person: User, persona: Persona, call: Call
) -> None:
    own = Persona.objects.create(slug="own", owner=person)
    version = publish(own, persona.published_version.configuration, created_by=person)
    room = Room.objects.create(owner=person, persona=own)
    room.call = Call.objects.create(room=room, persona=own, persona_version=version, lease_owner="host:1")
    room.save()
    page = f"/admin/accounts/user/{person.pk}/delete/"
    assert b"cannot be deleted" not in operator.get(page).content.lower()
    assert operator.post(page, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=person.pk).exists()
    assert (Room.objects.count(), Call.objects.count()) == (0, 0)
    assert list(Persona.objects.filter(is_preset=False)) == []


@pytest.fixture
def recordings(tmp_path: Path, settings: Any) -> None:
    settings.RECORDINGS_DIR = str(tmp_path)


@pytest.mark.usefixtures("recordings")
@pytest.mark.parametrize("page", ["accounts/user", "ai_agent/room", "ai_agent/call"])
@pytest.mark.parametrize("as_action", [False, True])
def test_a_recording_goes_with_whatever_its_call_is_deleted_with(
    operator: Client, call: Call, stranger: User, *, page: str, as_action: bool
) -> None:
    others_room = Room.objects.create(owner=stranger, persona=call.persona)
    other = Call.objects.create(room=others_room, persona=call.persona, persona_version=call.persona_version)
    for one in (call, other):
        make_folder(recording_folder(one))
    key = {"accounts/user": call.room.owner_id, "ai_agent/room": call.room_id, "ai_agent/call": call.pk}[page]
    if as_action:
        form = {"action": "delete_selected", "_selected_action": [str(key)], "post": "yes"}
        answer = operator.post(f"/admin/{page}/", form)
    else:
        answer = operator.post(f"/admin/{page}/{key}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert list(Call.objects.all()) == [other]
    assert (recording_folder(call).exists(), recording_folder(other).exists()) == (False, True)


def test_a_persona_that_somebody_else_talks_with_keeps_its_owner(
    person: User, stranger: User, persona: Persona
) -> None:
    own = Persona.objects.create(slug="own", owner=person)
    publish(own, persona.published_version.configuration, created_by=person)
    Room.objects.create(owner=stranger, persona=own)
    with pytest.raises(RestrictedError):
        person.delete()


def test_who_is_no_operator_stays_outside(browser: Client) -> None:
    assert browser.get("/admin/").status_code == 302


def test_the_admins_door_counts_wrong_passwords_too(db: None, client: Client) -> None:
    User.objects.create_superuser("root", password=PASSWORD)

    def sign_in(password: str) -> int:
        return client.post("/admin/login/", {"username": "root", "password": password, "next": "/admin/"}).status_code

    assert [sign_in("wrong") for _ in range(5)] == [200] * 5
    assert sign_in(PASSWORD) == 200, "the right password must rest now, too"


def test_an_operator_comes_in(db: None, client: Client) -> None:
    User.objects.create_superuser("root", password=PASSWORD)
    answer = client.post("/admin/login/", {"username": "root", "password": PASSWORD, "next": "/admin/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
