"""What does every answer carry, and what is not even read? Content policies, and bodies that are too large."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

API_PREFIXES = ("/api/", "/_allauth/", "/ready/")
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
"""For the admin and the API's documentation page: their own files, nothing from elsewhere."""
_DOCUMENTATION = "/api/v1/docs/"

GetResponse = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicy:
    """JSON may load nothing; the few pages of ours load their own files only. No page of ours uses a microphone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_api = request.path.startswith(API_PREFIXES) and request.path != _DOCUMENTATION
        response.headers.setdefault("Content-Security-Policy", _API_POLICY if is_api else _PAGE_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


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


def refusal(status: int, code: str, detail: str) -> JsonResponse:
    """The error shape of the whole API."""
    return JsonResponse({"detail": detail, "code": code}, status=status)


def _content_length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return settings.MAX_BODY_BYTES + 1
