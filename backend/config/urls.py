"""Which address leads where? The API, allauth's door, the load balancer's question, the admin."""

from __future__ import annotations

from allauth.headless.account.views import LoginView, SessionView, SignupView
from allauth.headless.constants import Client
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config.api import API_PATH, api
from config.middleware import refusal

_SIGN_IN_PATH = "_allauth/browser/v1/auth/"
"""Of allauth's addresses only those that a page of ours uses: no mail is sent, so no password is asked for by mail."""

urlpatterns = [
    path(API_PATH, api.urls),
    path(f"{_SIGN_IN_PATH}session", SessionView.as_api_view(client=Client.BROWSER), name="session"),
    path(f"{_SIGN_IN_PATH}login", LoginView.as_api_view(client=Client.BROWSER), name="login"),
    path(f"{_SIGN_IN_PATH}signup", SignupView.as_api_view(client=Client.BROWSER), name="signup"),
    path("", include("ai_agent.urls")),
    path("admin/", admin.site.urls),
]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refusal(403, "csrf_failed", "The page is too old, or of another origin. Load it again.")
