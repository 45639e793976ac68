"""May this page open a socket here? Only from an origin that is named in full; who names none is refused with 403."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from channels.security.websocket import OriginValidator, WebsocketDenier

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class ExactOrigins(OriginValidator):
    """Channels' validator, comparing whole origins as written: no patterns, and no malformed one is parsed."""

    def __init__(self, application: Any, allowed_origins: Sequence[str]) -> None:
        super().__init__(application, frozenset(allowed_origins))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        origins = [value.decode("latin1").lower() for name, value in scope["headers"] if name == b"origin"]
        if len(origins) == 1 and origins[0] in self.allowed_origins:
            return await self.application(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)
