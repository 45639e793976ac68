"""Which address leads where? The API, allauth's door, the load balancer's question, the admin."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.defaults import page_not_found, server_error

from config.api import API_PATH, api
from config.middleware import API_PREFIXES, refusal

urlpatterns = [
    path(API_PATH, api.urls),
    path("_allauth/", include("allauth.headless.urls")),
    path("", include("ai_agent.urls")),
    path("admin/", admin.site.urls),
]


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API_PREFIXES):
        return refusal(404, "not_found", "There is nothing at this address.")
    return page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API_PREFIXES):
        return refusal(500, "internal", "Something went wrong here. It is in the server's log.")
    return server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refusal(403, "csrf_failed", "The page is too old, or of another origin. Load it again.")


handler404 = "config.urls.not_found"
handler500 = "config.urls.failed"
