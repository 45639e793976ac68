"""A server of ours to be measured: a fresh database, rooms whose doors are open, and a loop that counts its own time.

    python -m bench.calls.server --port 8200 --folder DIR --rooms 8 [--mode local] [--window full] [--persona SLUG]

Writes `doors.json` (rooms and session cookies) before it listens. What the loop's callbacks cost goes to the file that
LOOP_REPORT names.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from bench.calls.loop_meter import meter_loop

SILENCE_MS = 500
STUB_DELAYS_MS = {"MOCK_STT_DELAY_MS": "130", "MOCK_LLM_DELAY_MS": "100", "MOCK_TTS_DELAY_MS": "100"}
GREETING_ROOMS = 9


def configure(arguments: argparse.Namespace) -> None:
    """The environment, before Django is imported."""
    os.environ.update(
        {
            "PARLEY_TESTING": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{arguments.folder / 'bench.sqlite3'}",
            "REDIS_URL": "",
            "SECRET_KEY": "a server that goes on after a kill knows its cookies",
            "AI_MODE": arguments.mode,
            "WHISPER_WINDOW": arguments.window,
            "ICE_ADDRESSES": "127.0.0.1",
            "CALL_SLOTS": "64",
            "MAX_CALLS_PER_USER": "64",
            "OFFERS_PER_MINUTE": "1000",
            "FRONTEND_ORIGINS": "http://localhost:3000",
            "LOG_LEVEL": "warning",
            "MOCK_LLM_REPLY": "Here is one short sentence.",
            **STUB_DELAYS_MS,
        }
    )


def open_doors(arguments: argparse.Namespace) -> None:
    """One user, rooms with a persona that waits in silence, and rooms with one that greets; made once a folder."""
    import django

    django.setup()
    if (arguments.folder / "doors.json").exists():
        return
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from ai_agent.models import Room
    from ai_agent.persona_behaviors import RANGES
    from ai_personas.models import Persona, PersonaVersion

    call_command("migrate", verbosity=0)
    call_command("load_presets", verbosity=0)
    user = get_user_model().objects.create_user("bench", password="bench")  # noqa: S106
    client = Client()
    client.force_login(user)
    preset = Persona.objects.get(slug="helpful-assistant")
    configuration = json.loads(json.dumps(preset.published_version.configuration))
    configuration["lines"]["greeting"] = ""
    configuration["turn_taking"]["silence_duration_ms"] = SILENCE_MS
    configuration["turn_taking"]["idle_prompt_seconds"] = RANGES["turn_taking.idle_prompt_seconds"][1]
    persona = Persona.objects.create(slug="bench", owner=user)
    persona.published_version = PersonaVersion.objects.create(persona=persona, number=1, configuration=configuration)
    persona.save()
    greeting = Persona.objects.get(slug=arguments.persona)
    doors = {
        "cookie": f"sessionid={client.cookies['sessionid'].value}",
        "rooms": [str(Room.objects.create(owner=user, persona=persona).id) for _ in range(arguments.rooms)],
        "greeting_rooms": [str(Room.objects.create(owner=user, persona=greeting).id) for _ in range(GREETING_ROOMS)],
    }
    (arguments.folder / "doors.json").write_text(json.dumps(doors))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rooms", type=int, default=8)
    parser.add_argument("--persona", default="helpful-assistant", help="the preset of the rooms that are greeted in")
    parser.add_argument("--mode", choices=["mock", "local"], default="mock")
    parser.add_argument("--window", choices=["short", "full"], default="short")
    arguments = parser.parse_args()
    configure(arguments)
    open_doors(arguments)
    meter_loop()
    from daphne.cli import CommandLineInterface

    CommandLineInterface().run(["-b", "127.0.0.1", "-p", str(arguments.port), "config.asgi:application"])


if __name__ == "__main__":
    main()
