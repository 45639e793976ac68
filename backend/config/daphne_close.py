"""How does Daphne say 1012, "restarting"? By itself it cannot: its WebSocket library keeps such codes for itself.

`sendClose` takes 1000 and 3000–4999 only, raises otherwise, and the browser is told 1011, "broken". The frame may
carry any code that the registry names for servers. This touches one method of Daphne; `tests/shell/test_asgi.py` closes
a real socket with 1012 and fails where a new Daphne changes it.
"""

from __future__ import annotations

from typing import Final

SERVICE_RESTART: Final = 1012


def allow_service_restart() -> None:
    """Let `close(1012)` of a consumer reach the browser as 1012."""
    from daphne.ws_protocol import WebSocketProtocol  # noqa: PLC0415 - only where Daphne serves

    server_close = WebSocketProtocol.serverClose

    def close(self: WebSocketProtocol, code: int | None = None) -> None:
        if code == SERVICE_RESTART:
            self.sendCloseFrame(code=code)
        else:
            server_close(self, code=code)

    WebSocketProtocol.serverClose = close
