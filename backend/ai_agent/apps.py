from django.apps import AppConfig

import config.checks  # noqa: F401 - registers the system checks


class AiAgentConfig(AppConfig):
    name = "ai_agent"
    verbose_name = "Calls"
