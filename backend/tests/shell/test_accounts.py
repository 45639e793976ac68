"""The door: who comes in, who is counted, and what a person prefers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from accounts.client_address import address_of_scope, client_address
from accounts.models import User
from conftest import PASSWORD

SIGN_IN = "/_allauth/browser/v1/auth/login"
SIGN_UP = "/_allauth/browser/v1/auth/signup"
SESSION = "/_allauth/browser/v1/auth/session"
BEHIND_NEXT = {"TRUSTED_PROXY_COUNT": 1, "TRUSTED_PROXY_NETWORKS": ("127.0.0.0/8",)}


def post(client: Client, path: str, body: dict[str, Any], **more: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", **more)


def sign_in(client: Client, name: str, password: str, *, address: str = "203.0.113.1") -> int:
    """The status of a sign-in through the pages' server, from a browser at `address`."""
    return post(client, SIGN_IN, {"username": name, "password": password}, HTTP_X_FORWARDED_FOR=address).status_code


def test_somebody_new_signs_up_and_is_signed_in(db: None, client: Client) -> None:
    assert post(client, SIGN_UP, {"username": "grace", "password": PASSWORD}).status_code == 200
    me = client.get("/api/v1/me/").json()
    assert me["user"] == {"username": "grace", "display_name": "grace", "is_staff": False}
    assert me["preferences"] == {"recording": None, "silence_duration_ms": None, "theme": "system"}


@pytest.mark.parametrize(
    "body",
    [
        {"username": "grace", "password": "short"},
        {"username": "grace", "password": "password123"},
        {"username": "x", "password": PASSWORD},
        {"username": "ada", "password": PASSWORD},
        {"username": "grace"},
        {"username": ["grace"], "password": {}},
    ],
)
def test_an_account_that_cannot_be_is_refused_with_reasons(person: User, client: Client, body: dict[str, Any]) -> None:
    answer = post(client, SIGN_UP, body)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_a_session_ends_where_the_person_ends_it(person: User, client: Client) -> None:
    assert sign_in(client, "ada", PASSWORD) == 200
    assert client.cookies["sessionid"]["samesite"] == "Lax"
    assert client.cookies["sessionid"]["httponly"]
    client.delete(SESSION)
    assert client.get("/api/v1/me/").status_code == 401


def test_without_a_csrf_token_nobody_signs_in_or_changes_anything(person: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = post(strict, SIGN_IN, {"username": "ada", "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    token = strict.get("/api/v1/csrf/").json()["csrf_token"]
    with_token = post(strict, SIGN_IN, {"username": "ada", "password": PASSWORD}, HTTP_X_CSRFTOKEN=token)
    assert with_token.status_code == 200
    change = strict.patch("/api/v1/me/preferences/", "{}", content_type="application/json")
    assert (change.status_code, change.json()["code"]) == (403, "csrf_failed")


def test_the_pages_origin_is_trusted_and_no_other(person: User) -> None:
    for origin, status in (("http://localhost:3000", 200), ("http://evil.example", 403)):
        strict = Client(enforce_csrf_checks=True)
        token = strict.get("/api/v1/csrf/").json()["csrf_token"]
        answer = post(
            strict,
            SIGN_IN,
            {"username": "ada", "password": PASSWORD},
            HTTP_X_CSRFTOKEN=token,
            HTTP_ORIGIN=origin,
        )
        assert answer.status_code == status


@override_settings(**BEHIND_NEXT)
def test_wrong_passwords_from_one_address_do_not_lock_the_owner_out_at_another(person: User, client: Client) -> None:
    """Two clients behind the same proxy: the guesser rests, the owner comes in."""
    guesses = [sign_in(client, "ada", f"wrong {n}", address="198.51.100.66") for n in range(6)]
    assert guesses == [400] * 6
    assert sign_in(client, "ada", PASSWORD, address="198.51.100.66") == 400, "the guesser must rest"
    assert sign_in(Client(), "ada", PASSWORD, address="203.0.113.7") == 200


@override_settings(**BEHIND_NEXT)
def test_a_guesser_cannot_choose_another_address_by_writing_one(person: User, client: Client) -> None:
    """What a browser writes into X-Forwarded-For stands left of what our proxy wrote."""
    for n in range(5):
        sign_in(client, "ada", "wrong", address=f"10.0.0.{n}, 198.51.100.66")
    assert sign_in(client, "ada", PASSWORD, address="10.0.0.99, 198.51.100.66") == 400


@override_settings(**BEHIND_NEXT)
def test_the_rest_after_wrong_passwords_ends(person: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.core.internal import ratelimit

    for _ in range(5):
        sign_in(client, "ada", "wrong")
    assert sign_in(client, "ada", PASSWORD) == 400
    now = ratelimit.time.time()
    monkeypatch.setattr(ratelimit.time, "time", lambda: now + 301)
    assert sign_in(client, "ada", PASSWORD) == 200


@override_settings(**BEHIND_NEXT)
def test_one_persons_rest_is_not_anothers(person: User, stranger: User, client: Client) -> None:
    for _ in range(5):
        sign_in(client, "ada", "wrong")
    assert sign_in(client, "bob", PASSWORD) == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "count", "address"),
    [
        ("127.0.0.1", "203.0.113.7", 0, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", 1, "203.0.113.7"),
        ("127.0.0.1", "", 1, "127.0.0.1"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7", 3, "203.0.113.7"),
        ("127.0.0.1", "garbage", 1, "127.0.0.1"),
        ("127.0.0.1", "[2001:db8::1]:443", 1, "2001:db8::1"),
        ("127.0.0.1", "203.0.113.7:5000", 1, "203.0.113.7"),
        ("::ffff:203.0.113.9", "1.1.1.1", 1, "203.0.113.9"),
        ("203.0.113.9", "1.1.1.1", 1, "203.0.113.9"),
        ("", "1.1.1.1", 1, "0.0.0.0"),
    ],
)
def test_the_callers_address_is_what_our_outermost_proxy_saw(
    peer: str, forwarded: str, count: int, address: str
) -> None:
    assert client_address(peer, forwarded, proxy_count=count, proxy_networks=["127.0.0.0/8"]) == address


@override_settings(**BEHIND_NEXT)
def test_a_sockets_address_is_found_in_the_same_way() -> None:
    scope = {
        "client": ("127.0.0.1", 5),
        "headers": [(b"x-forwarded-for", b"1.1.1.1"), (b"x-forwarded-for", b"2.2.2.2")],
    }
    assert address_of_scope(scope) == "2.2.2.2"
    assert address_of_scope({"client": None, "headers": []}) == "0.0.0.0"


def test_preferences_change_one_by_one(browser: Client) -> None:
    def change(**values: Any) -> Any:
        return browser.patch("/api/v1/me/preferences/", json.dumps(values), content_type="application/json")

    assert change(recording=True).json()["preferences"]["recording"] is True
    assert change(silence_duration_ms=4000).json()["preferences"]["silence_duration_ms"] == 4000
    assert change(theme="dark").json()["preferences"] == {
        "recording": True,
        "silence_duration_ms": 4000,
        "theme": "dark",
    }
    assert change(silence_duration_ms=None).json()["preferences"]["silence_duration_ms"] is None
    assert change().status_code == 200


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"recording": "yes"}', "recording"),
        ('{"recording": null}', "recording"),
        ('{"silence_duration_ms": 2499}', "silence_duration_ms"),
        ('{"silence_duration_ms": 10001}', "silence_duration_ms"),
        ('{"silence_duration_ms": 3000.5}', "silence_duration_ms"),
        ('{"theme": "pink"}', "theme"),
        ('{"volume": 3}', "volume"),
        ("[]", "body"),
        ("null", "body"),
    ],
)
def test_a_preference_that_cannot_be_is_refused_by_its_path(browser: Client, body: str, path: str) -> None:
    answer = browser.patch("/api/v1/me/preferences/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["errors"]) == [path]


def test_a_body_that_is_no_json_is_refused(browser: Client) -> None:
    answer = browser.patch("/api/v1/me/preferences/", "{", content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) == {"detail", "code"}


@pytest.mark.parametrize("path", ["/api/v1/me/preferences/", SIGN_IN])
def test_a_body_that_is_too_large_is_not_read(browser: Client, path: str) -> None:
    answer = browser.post(path, "x" * (settings.MAX_BODY_BYTES + 1), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_of_unknown_length_is_not_read(browser: Client) -> None:
    answer = browser.post("/api/v1/rooms/", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


# ── the demo account ──────────────────────────────────────────────────────────────────────────────


@override_settings(DEBUG=True)
def test_the_demo_accounts_password_is_made_once_and_kept(db: None, tmp_path, client: Client) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("DEBUG=1\nDEMO_PASSWORD=\n")
    with override_settings(ENV_FILE=env_file, DEMO_PASSWORD=""):
        call_command("ensure_demo_account", verbosity=0)
    password = env_file.read_text().rpartition("DEMO_PASSWORD=")[2].strip()
    assert len(password) >= 12
    with override_settings(ENV_FILE=env_file, DEMO_PASSWORD=password):
        call_command("ensure_demo_account", verbosity=0)
    assert env_file.read_text().count("DEMO_PASSWORD") == 1
    assert sign_in(client, "demo", password) == 200


def test_the_demo_account_opens_nothing_where_debug_is_off(db: None, client: Client) -> None:
    with override_settings(DEBUG=True, DEMO_PASSWORD=PASSWORD):
        call_command("ensure_demo_account", verbosity=0)
    with override_settings(DEBUG=False):
        assert sign_in(client, "demo", PASSWORD) == 400
        call_command("ensure_demo_account", verbosity=0)
    assert not User.objects.get(username="demo").is_active


@override_settings(DEBUG=True, DEMO_PASSWORD="made by setup")
def test_somebodys_own_account_called_demo_is_left_alone(db: None) -> None:
    User.objects.create_user("demo", password=PASSWORD)
    call_command("ensure_demo_account", verbosity=0)
    assert User.objects.get(username="demo").check_password(PASSWORD)
