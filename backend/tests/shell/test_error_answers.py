"""Whatever goes wrong under the API's addresses is told as `{"detail", "code"}`, and no body brings the door down."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client, override_settings

from accounts.models import User
from config import middleware
from conftest import PASSWORD

SIGN_IN = "/_allauth/browser/v1/auth/login"
SIGN_UP = "/_allauth/browser/v1/auth/signup"
SESSION = "/_allauth/browser/v1/auth/session"

HALF_A_CHARACTER = '"\\ud800"'
MAKES_NO_SENSE = {
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"1",
    "nothing": b"null",
    "half an object": b"{",
    "no UTF-8": b'{"username": "\xff"}',
    "UTF-16": '{"username": "ada"}'.encode("utf-16"),
    "twenty thousand brackets": b"[" * 20_000,
    "twenty thousand objects": b'{"a":' * 10_000,
    "a deep value": b'{"username": ' + b"[" * 500 + b"]" * 500 + b"}",
    "half a character as name": f'{{"username": {HALF_A_CHARACTER}, "password": "{PASSWORD}"}}'.encode(),
    "half a character as password": f'{{"username": "ada", "password": {HALF_A_CHARACTER}}}'.encode(),
    "half a character as key": f"{{{HALF_A_CHARACTER}: 1}}".encode(),
    "half a character in a list": f'{{"username": [{HALF_A_CHARACTER}]}}'.encode(),
    "a NUL as name": f'{{"username": "a\\u0000da", "password": "{PASSWORD}"}}'.encode(),
    "a NUL as password": b'{"username": "ada", "password": "\\u0000"}',
}


@pytest.fixture(params=[True, False], ids=["DEBUG", "no DEBUG"], autouse=True)
def _debug(request: pytest.FixtureRequest) -> Any:
    with override_settings(DEBUG=request.param):
        yield


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody's browser; what breaks inside is an answer, as it is for a real one."""
    return Client(raise_request_exception=False)


def is_told(answer: Any, status: int, code: str) -> bool:
    assert answer.headers["Content-Type"] == "application/json", answer.content[:200]
    body = answer.json()
    assert set(body) == {"detail", "code"} and body["detail"]
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    return (answer.status_code, body["code"]) == (status, code)


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing/", "/api/v2/", "/api/v1/rooms/not-a-uuid/", "/_allauth/", "/_allauth/app/v1/auth/login"]
)
def test_an_address_that_leads_nowhere(visitor: Client, path: str) -> None:
    assert is_told(visitor.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("put", "/api/v1/health/"), ("post", "/api/v1/csrf/"), ("get", SIGN_IN), ("put", SESSION)]
)
def test_a_method_that_an_address_does_not_take(visitor: Client, method: str, path: str) -> None:
    answer = getattr(visitor, method)(path)
    assert is_told(answer, 405, "not_allowed")
    assert answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/v1/health/", "/api/v1/csrf/", SESSION])
def test_a_host_that_is_not_ours(visitor: Client, path: str) -> None:
    assert is_told(visitor.get(path, HTTP_HOST="evil.example"), 400, "bad_request")


@pytest.mark.parametrize("path", ["/api/v1/health/", SESSION])
def test_an_accident_inside_tells_nothing_of_the_settings(
    visitor: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("of the test")

    monkeypatch.setattr("config.middleware._content_length", fail)
    answer = visitor.get(path)
    assert is_told(answer, 500, "internal")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_page_for_people_stays_a_page(visitor: Client) -> None:
    answer = visitor.get("/nothing/")
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (404, "text/html")


@pytest.mark.parametrize("value", ['"abcdefgh\\000"', '"\\377\\376abcdefgh"', "x" * 5_000, "a b c d e f g h", '"\\"'])
def test_a_session_cookie_that_cannot_be_one_is_nobodys(visitor: Client, value: str) -> None:
    """A cookie's value may be written in octal, a NUL too, which PostgreSQL cannot even be asked for."""
    answer = visitor.get("/api/v1/me/", HTTP_COOKIE=f"sessionid={value}; csrftoken={value}")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


# ── the sign-in's bodies ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [SIGN_IN, SIGN_UP])
@pytest.mark.parametrize("body", MAKES_NO_SENSE.values(), ids=MAKES_NO_SENSE.keys())
def test_a_body_that_makes_no_sense_is_refused_in_words(person: User, visitor: Client, path: str, body: bytes) -> None:
    answer = visitor.post(path, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] in {"not_json", "too_deep", "bad_text"}
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["Zoë", "名前", "grace 😀"])
def test_a_password_in_any_script_is_a_password(visitor: Client, name: str) -> None:
    body = json.dumps({"username": "grace", "password": f"{name} and more of it"})
    assert visitor.post(SIGN_UP, body, content_type="application/json").status_code == 200


def test_what_allauth_refuses_has_its_own_words_and_ours(person: User, visitor: Client) -> None:
    def told(answer: Any) -> tuple[int, str]:
        assert answer.json()["detail"] and answer.json()["status"] == answer.status_code
        return answer.status_code, answer.json()["code"]

    empty = visitor.post(SIGN_IN, b"", content_type="application/json")
    assert told(empty) == (400, "required")
    assert {error["param"] for error in empty.json()["errors"]} == {"username", "password"}
    wrong = visitor.post(SIGN_IN, {"username": "ada", "password": "wrong"}, content_type="application/json")
    assert told(wrong) == (400, "username_password_mismatch")
    assert wrong.json()["detail"] == wrong.json()["errors"][0]["message"]
    assert told(visitor.get(SESSION)) == (401, "not_signed_in")
    visitor.force_login(person)
    again = visitor.post(SIGN_IN, {"username": "ada", "password": PASSWORD}, content_type="application/json")
    assert told(again) == (409, "signed_in_already")


def test_who_tries_too_often_is_told_so(visitor: Client) -> None:
    wrong = {"username": "ada", "password": "wrong"}
    answers = [visitor.post(SIGN_IN, wrong, content_type="application/json") for _ in range(31)]
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "too_many_requests")


@pytest.mark.parametrize(
    "path",
    [
        "auth/password/request",
        "auth/password/reset",
        "auth/email/verify",
        "auth/phone/verify",
        "auth/code/confirm",
        "auth/reauthenticate",
        "account/email",
        "account/phone",
        "account/password/change",
        "config",
    ],
)
def test_what_no_page_of_ours_uses_is_not_there(person: User, visitor: Client, path: str) -> None:
    visitor.force_login(person)
    for method in (visitor.get, visitor.post):
        answer = method(f"/_allauth/browser/v1/{path}", content_type="application/json")
        assert is_told(answer, 404, "not_found")


@pytest.mark.parametrize(
    "body", [MAKES_NO_SENSE["twenty thousand brackets"], MAKES_NO_SENSE["no UTF-8"], b'{"a": NaN}']
)
def test_the_api_takes_no_such_body_either(person: User, visitor: Client, body: bytes) -> None:
    visitor.force_login(person)
    answer = visitor.post("/api/v1/rooms/", body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert {"detail", "code"} <= set(answer.json())


def test_nothing_is_read_of_a_body_before_its_length_is_known() -> None:
    order = [name for name in _middleware() if name in {"BodyLimit", "SignInBodies"}]
    assert order == ["BodyLimit", "SignInBodies"]
    assert _middleware()[0] == middleware.JsonErrors.__name__


def _middleware() -> list[str]:
    from django.conf import settings

    return [path.rpartition(".")[2] for path in settings.MIDDLEWARE]
