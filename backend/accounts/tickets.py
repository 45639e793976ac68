"""How does a page on another host open a socket without its cookie? With a ticket: one room, one use, half a minute."""

from __future__ import annotations

from uuid import UUID, uuid4

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core import signing
from django.core.cache import cache

_SALT = "accounts.tickets"
MAX_TICKET_CHARACTERS = 500


def issue_ticket(user_id: int, room_id: UUID) -> str:
    """A signed ticket for this person's socket in this room."""
    return signing.dumps({"user": user_id, "room": str(room_id), "nonce": uuid4().hex}, salt=_SALT)


@sync_to_async
def redeem_ticket(ticket: str, room_id: str) -> int | None:
    """Whose ticket is it? None where it is forged, too old, used, or another room's."""
    if len(ticket) > MAX_TICKET_CHARACTERS:
        return None
    try:
        claims = signing.loads(ticket, salt=_SALT, max_age=settings.TICKET_SECONDS)
    except signing.BadSignature:
        return None
    if claims["room"] != room_id.lower():
        return None
    # Kept twice as long as a ticket lives, so that no clock's rounding lets one in again.
    is_first_use = cache.add(f"ticket:{claims['nonce']}", True, timeout=2 * settings.TICKET_SECONDS)
    return int(claims["user"]) if is_first_use else None
