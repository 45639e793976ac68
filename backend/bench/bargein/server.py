"""The server that live cases call: the product with local recogniser and voice, rooms for each preset, a fixed speaker.

    python -m bench.bargein.server --port 8311 --folder DIR --calls 12

Writes `doors.json` before it listens: a session's cookie and, for each preset, its rooms. In one kind of room the
persona greets in a sentence, in the other it begins with the reply over which the case happens.
"""

from __future__ import annotations

import argparse
import json
import os
import wave
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Final

from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.providers import LLM_PROVIDERS, CancelToken, ChatMessage, ReplyOptions
from bench.bargein.agent import GREETING, REPLIES, speech_of
from bench.bargein.cases import PRESETS

WISH: Final = "Please say the reply named "
"""What a caller types to hear a reply. To anything else the answer is `NOTED`."""
NOTED: Final = "Noted."
STUB: Final = "stub"
"""The rooms of the measurement with stand-ins: the eager preset, which holds after `STUB_HOLD_MS`."""
STUB_HOLD_MS: Final = 200


class FixedReplies:
    """A language model that says what the bench wants to be interrupted."""

    name = "mock"

    def __init__(self, **_: object) -> None:
        """It has no settings."""

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def prepare(self, messages: Sequence[ChatMessage]) -> None:
        """Nothing to read ahead."""

    async def stream(
        self, messages: Sequence[ChatMessage], *, options: ReplyOptions, cancel: CancelToken
    ) -> AsyncIterator[str]:
        wished = messages[-1].content.removeprefix(WISH).strip(" .")
        yield next((text for name, text in REPLIES.items() if name == wished), NOTED)

    async def close(self) -> None:
        """Nothing to let go."""


def configure(arguments: argparse.Namespace) -> None:
    """The environment, before Django is imported."""
    os.environ.update(
        {
            "PARLEY_TESTING": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{arguments.folder / 'bench.sqlite3'}",
            "RECORDINGS_DIR": str(arguments.folder / "recordings"),
            "REDIS_URL": "",
            "AI_MODE": "local",
            "LLM_PROVIDER": "mock",
            "ICE_ADDRESSES": "127.0.0.1",
            "CALL_SLOTS": "64",
            "MAX_CALLS_PER_USER": "64",
            "OFFERS_PER_MINUTE": "1000",
            "FRONTEND_ORIGINS": "http://localhost:3000",
            "LOG_LEVEL": "warning",
        }
    )
    if arguments.stub:
        wav = arguments.folder / "agent.wav"
        write_voice(wav)
        delays = {"MOCK_STT_DELAY_MS": "130", "MOCK_TTS_DELAY_MS": "100", "MOCK_STT_TEXT": "Stop, please."}
        os.environ.update({"AI_MODE": "mock", "MOCK_TTS_WAV": str(wav), **delays})
    LLM_PROVIDERS["mock"] = f"{__spec__.name if __spec__ else __name__}.{FixedReplies.__name__}"


def write_voice(path: Path) -> None:
    """What the stand-in voice says, whatever the text: a real voice, eight seconds of it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(speech_of(REPLIES["long"]).pcm[: 8 * 2 * SAMPLE_RATE_HZ])


def open_doors(arguments: argparse.Namespace) -> None:
    """One user, and rooms with every preset as it is published, but for what it says."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("load_presets", verbosity=0)
    user = get_user_model().objects.create_user("bench", password="bench", recording=True)  # noqa: S106
    client = Client()
    client.force_login(user)
    greetings = {"greets": GREETING, "new": REPLIES["long"]}
    rooms = {
        preset: {kind: _rooms(user, preset, kind, greeting, arguments.calls) for kind, greeting in greetings.items()}
        for preset in PRESETS
    }
    rooms[STUB] = {"greets": _rooms(user, PRESETS[0], STUB, GREETING, arguments.calls, hold_ms=STUB_HOLD_MS)}
    doors = {"cookie": f"sessionid={client.cookies['sessionid'].value}", "rooms": rooms}
    (arguments.folder / "doors.json").write_text(json.dumps(doors))


def _rooms(user: Any, preset: str, kind: str, greeting: str, count: int, **overrides: object) -> list[str]:
    from ai_agent.models import Room
    from ai_agent.persona_behaviors import RANGES
    from ai_personas.models import Persona, PersonaVersion

    published = Persona.objects.get(slug=preset).published_version.configuration
    configuration = json.loads(json.dumps(published))
    configuration["kind"], configuration["interview"] = "conversation", None
    configuration["lines"]["greeting"] = greeting
    configuration["prompt"]["max_sentences"] = RANGES["prompt.max_sentences"][1]
    configuration["voice"] = {"voice_id": "clear", "pace": 1.0, "pitch": 0.0, "by_provider": {}}
    configuration["turn_taking"]["idle_prompt_seconds"] = RANGES["turn_taking.idle_prompt_seconds"][1]
    configuration["barge_in"]["overrides"] |= overrides
    persona = Persona.objects.create(slug=f"{preset}-{kind}", owner=user)
    persona.published_version = PersonaVersion.objects.create(persona=persona, number=1, configuration=configuration)
    persona.save()
    return [str(Room.objects.create(owner=user, persona=persona).id) for _ in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--calls", type=int, default=12)
    parser.add_argument("--stub", action="store_true", help="stand-ins for all three providers")
    arguments = parser.parse_args()
    configure(arguments)
    open_doors(arguments)
    from daphne.cli import CommandLineInterface

    CommandLineInterface().run(["-b", "127.0.0.1", "-p", str(arguments.port), "config.asgi:application"])


if __name__ == "__main__":
    main()
