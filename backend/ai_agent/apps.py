"""Which app is this? Calls: rooms, the calls in them, and what happens while one runs."""

from django.apps import AppConfig

import config.checks  # noqa: F401 - registers the system checks


class AiAgentConfig(AppConfig):
    name = "ai_agent"
    verbose_name = "Calls"
