"""The personas' place in Django."""

from django.apps import AppConfig


class AiPersonasConfig(AppConfig):
    name = "ai_personas"
    verbose_name = "Personas"
