"""Bring the presets of this release into the database. Safe to run again; touches nobody's own persona."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ai_agent import log_markers
from ai_personas.builder import PRESET_IDS, load_template
from ai_personas.models import Persona
from ai_personas.refusal import PersonaRefused
from ai_personas.versions import publish


class Command(BaseCommand):
    help = "Load the preset personas: new ones are added, changed ones get a new version, vanished ones are archived."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for preset_id in PRESET_IDS:
            self.stdout.write(f"{log_markers.SUCCESS} {preset_id}: {_load(preset_id)}")
        vanished = Persona.objects.filter(is_preset=True, is_archived=False).exclude(slug__in=PRESET_IDS)
        for preset in vanished:
            self.stdout.write(f"{log_markers.SUCCESS} {preset.slug}: archived, it is no preset any more")
        vanished.update(is_archived=True)


def _load(preset_id: str) -> str:
    """Make or update one preset, and say what was done.

    Raises:
        CommandError: the file is not valid, or the slug is somebody's own persona.
    """
    try:
        configuration = load_template(preset_id).as_json()
    except PersonaRefused as refusal:
        raise CommandError(f"{log_markers.FAILURE} presets/{preset_id}.json cannot be used:\n{refusal}") from None
    preset, is_new = Persona.objects.get_or_create(slug=preset_id, defaults={"is_preset": True})
    if not preset.is_preset:
        raise CommandError(f"{log_markers.FAILURE} somebody's own persona is called {preset_id}; rename it first.")
    before = preset.published_version
    version = publish(preset, configuration)
    if is_new:
        return "added"
    return "unchanged" if version == before else f"updated to version {version.number}"
