"""Whose session is it? The rows behind the cookie; and asked anew, where a socket outlives its cookie's reading."""

from __future__ import annotations

from channels.db import database_sync_to_async
from django.contrib.auth import get_user
from django.contrib.sessions.backends import db
from django.http import HttpRequest


class SessionStore(db.SessionStore):
    """Django's. A key that it cannot have made is nobody's: PostgreSQL cannot even be asked for one with a NUL."""

    def _validate_session_key(self, key: str | None) -> bool:
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()


@database_sync_to_async
def person_of_session(session_key: str) -> int | None:
    """Who is signed in with it now; None where it was ended, ran out, or its person may not come in any more."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    return int(user.pk) if user.is_authenticated else None
