"""Does each role open the doors that it is for, and is no role a way to become more?"""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from ai_agent.models import Room
from ai_personas.models import Persona
from conftest import PASSWORD, signed_in
from tests.shell.past_interviews import past_interview

PEOPLE = "/admin/accounts/user/"
PAGES = [
    "ai_agent/interviewsession",
    "ai_agent/interviewquestionstate",
    "ai_agent/answerreview",
    "ai_agent/call",
    "ai_agent/room",
    "ai_personas/persona",
    "ai_personas/personaversion",
]
OPERATORS_PAGES = ["ai_agent/process", "accounts/user", "auth/group", "admin/logentry"]


@pytest.fixture
def roles(db: None) -> None:
    call_command("ensure_roles", stdout=io.StringIO())


def member(role: str, name: str = "mia") -> User:
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.usefixtures("roles")
def test_a_reviewer_reads_interviews_calls_rooms_and_personas_and_no_accounts() -> None:
    browser = signed_in(member("reviewer"))
    assert [browser.get(f"/admin/{page}/").status_code for page in PAGES] == [200] * len(PAGES)
    assert [browser.get(f"/admin/{page}/").status_code for page in OPERATORS_PAGES] == [403] * len(OPERATORS_PAGES)


@pytest.mark.usefixtures("roles")
def test_an_operator_opens_every_page() -> None:
    browser = signed_in(member("operator"))
    assert [browser.get(f"/admin/{page}/").status_code for page in PAGES + OPERATORS_PAGES] == [200] * 11
    assert b'name="_save"' not in browser.get("/admin/auth/group/1/change/").content, "roles are a superuser's"


@pytest.mark.usefixtures("roles")
def test_roles_made_twice_are_the_same_and_what_was_added_by_hand_is_gone() -> None:
    group = Group.objects.get(name="reviewer")
    before = set(group.permissions.values_list("codename", flat=True))
    group.permissions.add(Permission.objects.get(codename="delete_user"))
    call_command("ensure_roles", stdout=io.StringIO())
    assert set(group.permissions.values_list("codename", flat=True)) == before
    assert "reevaluate_interviews" in before
    assert not [name for name in before if name.startswith(("add_", "change_", "delete_"))]


def test_a_start_has_the_roles(db: None) -> None:
    call_command("prepare", stdout=io.StringIO())
    assert set(Group.objects.values_list("name", flat=True)) == {"reviewer", "operator"}


def form_of(browser: Client, person: User) -> dict[str, Any]:
    """What the browser would send if nothing was changed."""
    form = browser.get(f"{PEOPLE}{person.pk}/change/").context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent = {name: value for name, value in values.items() if value is not None and value is not False}
    for name in ("last_login", "date_joined"):
        sent[f"{name}_0"], sent[f"{name}_1"] = "2026-01-01", "00:00:00"
        sent.pop(name, None)
    return {**sent, "groups": [group.pk for group in person.groups.all()], "recording": "unknown"}


@pytest.mark.usefixtures("roles")
def test_an_operator_makes_somebody_a_reviewer(person: User) -> None:
    browser = signed_in(member("operator"))
    role = Group.objects.get(name="reviewer")
    sent = {**form_of(browser, person), "is_staff": "on", "groups": [role.pk]}
    answer = browser.post(f"{PEOPLE}{person.pk}/change/", sent)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    person.refresh_from_db()
    assert (person.is_staff, list(person.groups.all())) == (True, [role])


@pytest.mark.usefixtures("roles")
def test_an_operator_makes_nobody_a_superuser(person: User) -> None:
    operator = member("operator")
    browser = signed_in(operator)
    mighty = Group.objects.create(name="mighty")
    allowed = Permission.objects.get(codename="change_group")
    for somebody in (person, operator):
        sent = form_of(browser, somebody)
        browser.post(f"{PEOPLE}{somebody.pk}/change/", {**sent, "is_superuser": "on", "user_permissions": [allowed.pk]})
        browser.post(f"{PEOPLE}{somebody.pk}/change/", {**sent, "groups": [mighty.pk]})
        somebody.refresh_from_db()
        assert not somebody.is_superuser
        assert not somebody.user_permissions.exists()
        assert mighty not in somebody.groups.all()


@pytest.mark.usefixtures("roles")
def test_an_operator_leaves_a_superuser_alone() -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    browser = signed_in(member("operator"))
    assert b'name="_save"' not in browser.get(f"{PEOPLE}{root.pk}/change/").content
    assert browser.post(f"{PEOPLE}{root.pk}/change/", {"username": "mine"}).status_code == 403
    passwords = {"password1": "mine, all of it", "password2": "mine, all of it"}
    assert browser.post(f"{PEOPLE}{root.pk}/password/", passwords).status_code == 403
    assert browser.post(f"{PEOPLE}{root.pk}/delete/", {"post": "yes"}).status_code == 403
    form = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
    assert b"a superuser" in browser.post(PEOPLE, form).content
    root.refresh_from_db()
    assert (root.username, root.check_password(PASSWORD)) == ("root", True)


@pytest.mark.usefixtures("roles")
def test_a_group_that_somebody_has_already_is_not_lost_when_an_operator_saves(person: User) -> None:
    person.groups.add(Group.objects.create(name="choir"))
    browser = signed_in(member("operator"))
    assert browser.post(f"{PEOPLE}{person.pk}/change/", form_of(browser, person)).status_code == 302
    assert [group.name for group in person.groups.all()] == ["choir"]


@pytest.mark.usefixtures("roles")
def test_an_operator_deletes_a_room_with_the_interview_in_it(person: User, persona: Persona) -> None:
    room = past_interview(person, persona).room
    browser = signed_in(member("operator"))
    assert browser.post(f"/admin/ai_agent/room/{room.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Room.objects.exists()


@pytest.mark.usefixtures("roles")
def test_the_log_of_who_changed_what_is_read_and_not_written(person: User) -> None:
    browser = signed_in(member("operator"))
    browser.post(f"{PEOPLE}{person.pk}/change/", {**form_of(browser, person), "first_name": "Ada"})
    page = browser.get("/admin/admin/logentry/").content
    assert b"mia" in page
    assert b"Changed First name" in page
    assert browser.get("/admin/admin/logentry/add/").status_code == 403
    assert browser.post("/admin/admin/logentry/", {"action": "delete_selected", "_selected_action": ["1"]}).status_code
    assert browser.get("/admin/admin/logentry/").content.count(b"Changed First name") == 1
