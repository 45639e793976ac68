"""Somebody to talk over: a persona whose replies are long. `serve --storyteller` adds it to the presets."""

from __future__ import annotations

import django

SLUG = "storyteller"
NAME = "Wren"


def main() -> None:
    django.setup()
    from ai_personas.builder import from_template
    from ai_personas.models import Persona
    from ai_personas.versions import publish

    wren = from_template(
        "technical-expert",
        name=NAME,
        role="Storyteller",
        description="Tells what it knows at length.",
        prompt={
            "system": "You are {name}, a calm storyteller on a phone call. Tell what you know in whole, long sentences,"
            " one after the other. Ask nothing back.",
            "examples": [],
            "max_sentences": 6,
        },
    )
    persona, _ = Persona.objects.get_or_create(slug=SLUG, defaults={"is_preset": True})
    publish(persona, wren.as_json())


if __name__ == "__main__":
    main()
