"""What happens when a persona is changed? It gets one more version; none is overwritten."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from ai_personas.models import Persona, PersonaVersion


@transaction.atomic
def publish(persona: Persona, configuration: dict[str, Any], *, created_by: Any = None) -> PersonaVersion:
    """Let new calls use this configuration, which `parse_persona` has accepted.

    It becomes the next version, unless it is what the published one already says. Running calls keep theirs.
    """
    # The row is locked, so that two who save at once get two numbers.
    locked = Persona.objects.select_for_update().get(pk=persona.pk)
    published = locked.published_version
    if published is not None and published.configuration == configuration:
        return published
    latest = locked.versions.aggregate(number=Max("number"))["number"] or 0
    version = locked.versions.create(number=latest + 1, configuration=configuration, created_by=created_by)
    locked.published_version = persona.published_version = version
    locked.save(update_fields=["published_version"])
    return version
