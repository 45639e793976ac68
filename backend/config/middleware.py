"""What does every answer carry, and what is not even read? Error shape, content policies, bodies that make no sense."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

API_PREFIXES = ("/api/", "/_allauth/", "/ready/")
SIGN_IN_PREFIX = "/_allauth/"
MAX_SIGN_IN_DEPTH = 4
"""Names and passwords lie in one object; what is nested deeper is no form of ours."""

_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
"""For the API's documentation page: its own files, nothing from elsewhere."""
_ADMIN_PREFIX = "/admin/"
_ADMIN_POLICY = f"{_PAGE_POLICY}; script-src 'self' 'unsafe-eval'"
"""The admin's pages have no script of their own either; what moves them (Alpine) reads its words from attributes."""
_DOCUMENTATION = "/api/v1/docs/"

_WORDS = {
    400: ("bad_request", "This request makes no sense here."),
    401: ("not_signed_in", "Sign in first."),
    403: ("forbidden", "This is not for you."),
    404: ("not_found", "There is nothing at this address."),
    405: ("not_allowed", "This address does not take that method."),
    409: ("signed_in_already", "You are signed in already."),
    413: ("too_large", "The body is too large."),
    429: ("too_many_requests", "Too often. Wait a moment."),
}
_OWN_FAULT = ("internal", "Something went wrong here. It is in the server's log.")

GetResponse = Callable[[HttpRequest], HttpResponse]


class JsonErrors:
    """Under the API's addresses every error has `detail` and `code`, whatever made it and whatever DEBUG is.

    Django answers a bad host, an unknown address or an accident with a page, and where DEBUG is on with one that shows
    the settings; Ninja and allauth answer some mistakes with an empty one. Headers and cookies of such an answer stay.
    allauth's own errors keep what they say and get these two beside it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400 and request.path.startswith(API_PREFIXES):
            if not _is_json(response):
                _replace(response, {})
            elif request.path.startswith(SIGN_IN_PREFIX):
                _replace(response, json.loads(response.content))
        return response


class ContentSecurityPolicy:
    """JSON may load nothing; the few pages of ours load their own files only. No page of ours uses a microphone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy_of(request.path))
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


def _policy_of(path: str) -> str:
    if path.startswith(API_PREFIXES) and path != _DOCUMENTATION:
        return _API_POLICY
    return _ADMIN_POLICY if path.startswith(_ADMIN_PREFIX) else _PAGE_POLICY


class BodyLimit:
    """A body over `MAX_BODY_BYTES`, or of a length that nobody tells, is answered before it is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API_PREFIXES):
            if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
                return refusal(411, "length_required", "Send the body with its Content-Length.")
            if _content_length(request) > settings.MAX_BODY_BYTES:
                return refusal(413, "too_large", f"A body may hold {settings.MAX_BODY_BYTES // 1024} KiB.")
        return self.get_response(request)


class SignInBodies:
    """What allauth is given is one JSON object whose texts a password hasher and a database can take."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(SIGN_IN_PREFIX) and request.method not in {"GET", "HEAD", "OPTIONS"}:
            return _refuse_body(request.body) or self.get_response(request)
        return self.get_response(request)


def refusal(status: int, code: str, detail: str) -> JsonResponse:
    """The error shape of the whole API."""
    return JsonResponse({"detail": detail, "code": code}, status=status)


def _replace(response: HttpResponse, said: dict[str, Any]) -> None:
    """Answer what was said so far, with a sentence and a code where it has none."""
    code, detail = _WORDS.get(response.status_code, _OWN_FAULT if response.status_code >= 500 else _WORDS[400])
    (first, *_) = said.get("errors") or [{}]
    words = {"detail": first.get("message", detail), "code": first.get("code", code)}
    response.content = json.dumps({**words, **said})
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Length"] = str(len(response.content))


def _is_json(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").partition(";")[0].strip() == "application/json"


def _content_length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return settings.MAX_BODY_BYTES + 1


def _refuse_body(body: bytes) -> JsonResponse | None:
    """The answer to a body that cannot be one; None for a sound or an empty one."""
    if not body:
        return None
    try:
        content = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return refusal(400, "not_json", "Send one JSON object, in UTF-8.")
    if not isinstance(content, dict):
        return refusal(400, "not_json", "Send one JSON object, in UTF-8.")
    for depth, text in _texts(content):
        if depth > MAX_SIGN_IN_DEPTH:
            return refusal(400, "too_deep", "This is nested too deeply.")
        if not _can_be_kept(text):
            return refusal(400, "bad_text", "A text holds characters that cannot be written down.")
    return None


def _texts(content: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Every name and text of the object with its depth; what is neither counts as an empty one."""
    waiting: list[tuple[int, Any]] = [(0, content)]
    while waiting:
        depth, value = waiting.pop()
        inside = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
        waiting.extend((depth + 1, item) for item in inside)
        yield depth, value if isinstance(value, str) else ""


def _can_be_kept(text: str) -> bool:
    """Half a surrogate pair is no character, and PostgreSQL's text has no NUL."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
