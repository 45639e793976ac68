"""With what does a newcomer sign in? A demo account where DEBUG is on; its password is made once, in `backend/.env`."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.models import User
from config.env_file import write_value


class Command(BaseCommand):
    help = "Make the demo account where DEBUG is on; elsewhere make sure that nobody can use it."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            closed = User.objects.filter(is_demo=True, is_active=True).update(is_active=False)
            self.stdout.write(
                "DEBUG is off: the demo account is closed." if closed else "DEBUG is off: no demo account."
            )
            return
        password = settings.DEMO_PASSWORD
        if not password:
            password = secrets.token_urlsafe(9)
            write_value(settings.ENV_FILE, "DEMO_PASSWORD", password)
        made = _ensure(password)
        self.stdout.write(
            f"The demo account is {settings.DEMO_USERNAME!r}{' (new)' if made else ''}; "
            "its password is DEMO_PASSWORD in backend/.env."
        )


def _ensure(password: str) -> bool:
    """True where the account is new. Somebody's own account of that name is left alone."""
    user, is_new = User.objects.get_or_create(username=settings.DEMO_USERNAME, defaults={"is_demo": True})
    if user.is_demo and not (user.is_active and user.check_password(password)):
        user.is_active = True
        user.set_password(password)
        user.save(update_fields=["is_active", "password"])
    return is_new
