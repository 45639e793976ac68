"""What does the API say when it cannot do as asked? One shape: `{"detail", "code", "errors"?}`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError


class ErrorBody(Schema):
    """Any answer that is not a success."""

    detail: str
    """One plain sentence for a person."""
    code: str
    """Stable, for the page."""
    errors: dict[str, list[str]] | None = None
    """What is wrong, by JSON path."""


class ApiError(Exception):
    """Answer this, whoever called."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: dict[str, list[str]] | None = None,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)
        self.body = {"detail": detail, "code": code, **({"errors": errors} if errors else {})}


_CODES = {400: "bad_request", 401: "not_signed_in", 403: "forbidden", 404: "not_found", 405: "not_allowed"}
_WHERE_A_VALUE_CAME_FROM = frozenset({"body", "query", "path", "header", "cookie", "form"})


def install_error_answers(api: NinjaAPI) -> None:
    """Give every error of `api` the one shape."""

    def answer(request: HttpRequest, status: int, code: str, detail: str, **more: Any) -> HttpResponse:
        return api.create_response(request, {"detail": detail, "code": code, **more}, status=status)

    @api.exception_handler(ApiError)
    def _api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
        response = api.create_response(request, error.body, status=error.status)
        for name, value in error.headers.items():
            response.headers[name] = value
        return response

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = errors_by_path(error.errors)
        return answer(request, 422, "invalid", "Some values cannot be used.", errors=errors)

    @api.exception_handler(AuthenticationError)
    def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return answer(request, 401, "not_signed_in", "Sign in first.")

    @api.exception_handler(Http404)
    def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, 404, "not_found", "There is no such thing, or it is not yours.")

    @api.exception_handler(Throttled)
    def _too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
        response = answer(request, 429, "too_many_requests", "Too often. Wait a moment.")
        if error.wait:
            response.headers["Retry-After"] = str(math.ceil(error.wait))
        return response

    @api.exception_handler(RequestDataTooBig)
    def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return answer(request, 413, "too_large", "The body is too large.")

    @api.exception_handler(HttpError)
    def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        if error.status_code == 403 and "CSRF" in str(error):
            return answer(request, 403, "csrf_failed", "The page is too old. Load it again.")
        code = _CODES.get(error.status_code, "refused")
        return answer(request, error.status_code, code, str(error))


def errors_by_path(errors: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Ninja's list of errors as JSON paths into what was sent.

    >>> errors_by_path([{"loc": ("body", "change", "theme"), "msg": "Input should be 'dark'"}])
    {'theme': ["Input should be 'dark'"]}
    """
    by_path: dict[str, list[str]] = {}
    for error in errors:
        by_path.setdefault(_path(error["loc"]), []).append(str(error["msg"]))
    return by_path


def _path(loc: tuple[str | int, ...]) -> str:
    """`("body", "<argument>", "a", 0, "b")` → `a[0].b`; a parameter of the address keeps its name."""
    parts = list(loc)
    if parts and parts[0] in _WHERE_A_VALUE_CAME_FROM:
        came_from = parts.pop(0)
        if came_from == "body" and parts:
            parts.pop(0)
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path or "body"
