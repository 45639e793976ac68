"""Which sockets are there? One: a room's signalling."""

from django.urls import path

from ai_agent.consumers import CallConsumer

websocket_urlpatterns = [path("ws/signaling/<str:room_id>/", CallConsumer.as_asgi(), name="signaling")]
"""The id is read by the consumer, so that a malformed one is closed with 4404 like any room that is not there."""
