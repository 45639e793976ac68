"""What does `daphne config.asgi:application` serve? HTTP to Django; the signalling socket to pages of known origins."""
# ruff: noqa: E402 - Django is set up before anything that needs it is imported

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

_django = get_asgi_application()

from config import lifecycle

lifecycle.refuse_unless_sound()

from django.conf import settings

from ai_agent.routing import websocket_urlpatterns
from config.origins import ExactOrigins

application = ProtocolTypeRouter(
    {
        "http": _django,
        "websocket": ExactOrigins(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)), settings.FRONTEND_ORIGINS),
    }
)

lifecycle.begin_with_reactor()
