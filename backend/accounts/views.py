"""Who am I, and how do I like it? allauth signs in and out; this tells the page and keeps preferences."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from accounts.models import MAX_SILENCE_DURATION_MS, MIN_SILENCE_DURATION_MS, User
from config.errors import ErrorBody

router = Router(tags=["account"])


class CsrfToken(Schema):
    csrf_token: str


class Preferences(Schema):
    recording: bool | None
    """Null until the person was asked."""
    silence_duration_ms: int | None
    """More time: silence that ends this person's turn. Null: as the persona has it."""
    theme: Literal["system", "light", "dark"]


class PreferencesChange(Schema):
    """Only what is named changes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    recording: bool = False
    silence_duration_ms: int | None = Field(default=None, ge=MIN_SILENCE_DURATION_MS, le=MAX_SILENCE_DURATION_MS)
    theme: Literal["system", "light", "dark"] = "system"


class Person(Schema):
    username: str
    display_name: str
    is_staff: bool


class Me(Schema):
    user: Person
    preferences: Preferences


@router.get("/csrf/", auth=None, response=CsrfToken, operation_id="get_csrf_token")
def csrf(request: HttpRequest) -> CsrfToken:
    """Set the CSRF cookie and tell its token."""
    return CsrfToken(csrf_token=get_token(request))


@router.get("/me/", response={200: Me, 401: ErrorBody}, operation_id="get_me")
def me(request: HttpRequest) -> Me:
    return _me(_user(request))


@router.patch(
    "/me/preferences/",
    response={200: Me, 401: ErrorBody, 403: ErrorBody, 422: ErrorBody},
    operation_id="change_preferences",
)
def change_preferences(request: HttpRequest, change: PreferencesChange) -> Me:
    user = _user(request)
    wanted = change.model_dump(exclude_unset=True)
    for name, value in wanted.items():
        setattr(user, name, value)
    user.save(update_fields=list(wanted))
    return _me(user)


def _user(request: HttpRequest) -> User:
    """The signed-in person: the API's session check has run."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def _me(user: User) -> Me:
    return Me(
        user=Person(username=user.username, display_name=user.display_name, is_staff=user.is_staff),
        preferences=Preferences.model_validate(user, from_attributes=True),
    )
