"""Which sockets are there? One: a room's signalling. Any other address is told that nothing is there."""

from django.urls import path, re_path

from ai_agent.consumers import CallConsumer, NothingHere

websocket_urlpatterns = [
    path("ws/signaling/<str:room_id>/", CallConsumer.as_asgi(), name="signaling"),
    re_path(r"", NothingHere.as_asgi()),
]
"""The id is read by the consumer, so that a malformed one is closed with 4404 like any room that is not there."""
