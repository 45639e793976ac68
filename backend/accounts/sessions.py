"""Is this session still somebody's? Asked anew, where a socket outlives the moment at which its cookie was read."""

from __future__ import annotations

from importlib import import_module

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest


@database_sync_to_async
def person_of_session(session_key: str) -> int | None:
    """Who is signed in with it now; None where it was ended, ran out, or its person may not come in any more."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return int(user.pk) if user.is_authenticated else None
