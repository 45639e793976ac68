"""Which steps of setup.sh and setup.ps1 are the same on every system? These, one a call:

    port-is-free N                 ends with 1 where somebody listens; needs no package
    configure                      writes the secret key where there is none; prints what a start must know:
                                   seconds to wait for a server that ends, and missing, here or unneeded for the models
    manage COMMAND …               manage.py
    first-page URL                 asks for a page until it is there: a page server makes it when it is asked for
    await PORT FRONTEND_PORT       says when the back end and the pages are ready, or in one line why not

Ctrl-C ends a command at once and without a word: the script that called says what there is to say.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import os
import runpy
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

BACKEND = Path(__file__).resolve().parent
PATIENCE_SECONDS = 300.0
"""A server that is not ready by then has failed."""
BETWEEN_QUESTIONS_SECONDS = 0.3
BETWEEN_WORDS_SECONDS = 10.0
BEYOND_DRAIN_SECONDS = 5
"""What a server may take to end after its calls have ended."""


class NotReady(Exception):
    """One clear line: who is not ready, and where to look."""


# ── before a start ────────────────────────────────────────────────────────────────────────────────


def port_is_free(port: int) -> bool:
    """Nobody listens there, on either kind of address, and we could."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        # This machine may have no such address family.
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            if probe.connect_ex((address, port)) == 0:
                return False
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def configure() -> str:
    """Write what `backend/.env` lacks; answer what the settings mean for a start."""
    # The environment may not be made yet where a port is asked for.
    from config.env_file import read_values, write_value  # noqa: PLC0415

    env_file = BACKEND / ".env"
    if not read_values(env_file).get("SECRET_KEY"):
        write_value(env_file, "SECRET_KEY", secrets.token_urlsafe(50))

    from config import settings  # noqa: PLC0415 - it reads the file

    return f"{int(settings.DRAIN_SECONDS) + BEYOND_DRAIN_SECONDS} {_state_of_models()}"


def _state_of_models() -> str:
    """Told here, so that a start whose models are all there needs no command of Django's to know it."""
    from ai_agent import model_files  # noqa: PLC0415
    from ai_agent.embedding_files import is_built  # noqa: PLC0415
    from config import settings  # noqa: PLC0415

    if settings.STT_PROVIDER != "whisper" and settings.LLM_PROVIDER != "local":
        return "unneeded"
    models = (settings.WHISPER_MODEL, settings.PROBE_WHISPER_MODEL, settings.LOCAL_LLM_MODEL)
    names = (*models, settings.END_OF_TURN_MODEL, settings.EMBEDDING_MODEL)
    try:
        wanted = model_files.wanted_files(model_files.read_table()[0], names, settings.MODELS_DIR)
        are_there = not model_files.find_problems(wanted, settings.MODELS_DIR)
        return "here" if are_there and is_built(settings.MODELS_DIR / settings.EMBEDDING_MODEL) else "missing"
    except (model_files.ModelFilesError, OSError):
        return "missing"  # fetch_models says what is the matter


def manage(arguments: list[str]) -> None:
    """What `manage.py` does with these words."""
    # setup.sh starts this with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.chdir(BACKEND)
    sys.argv = ["manage.py", *arguments]
    runpy.run_path("manage.py", run_name="__main__")


# ── while the servers start ───────────────────────────────────────────────────────────────────────


def ask_for_first_page(url: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while answer_of(url, timeout_seconds=PATIENCE_SECONDS) != "200" and time.monotonic() < until:
        time.sleep(BETWEEN_QUESTIONS_SECONDS)


def await_servers(port: str, frontend_port: str) -> None:
    """Say when each is ready.

    Raises:
        NotReady: one of them is not, or the pages are led to another back end.
    """
    _await_backend(f"http://127.0.0.1:{port}/api/v1/health/")
    _say("back end ready")
    _await_pages(f"http://localhost:{frontend_port}/")
    answer = answer_of(f"http://localhost:{frontend_port}/api/v1/health/", timeout_seconds=30)
    if answer != "200":
        raise NotReady(f"The pages do not reach the back end ({answer}): see backend/.setup/pages.log")
    _say("pages ready")


def _await_backend(url: str) -> None:
    def is_ready(answer: str) -> bool:
        if "misconfigured" in answer:
            raise NotReady(f"The back end cannot take a call: {answer.partition(' ')[2]}")
        return answer == "200"

    _await(url, is_ready, "the back end loads", "The back end is", "backend.log")


def _await_pages(url: str) -> None:
    _await(url, lambda answer: answer == "200", "the first page is made", "The pages are", "pages.log")


def _await(url: str, is_ready: Callable[[str], bool], meanwhile: str, who: str, log: str) -> None:
    began = said = time.monotonic()
    while not is_ready(answer := answer_of(url, timeout_seconds=5)):
        now = time.monotonic()
        if now - began > PATIENCE_SECONDS:
            raise NotReady(f"{who} not ready after five minutes ({answer}): see backend/.setup/{log}")
        if now - said >= BETWEEN_WORDS_SECONDS:
            said = now
            _say(f"{meanwhile}: {_in_words(answer)}")
        time.sleep(BETWEEN_QUESTIONS_SECONDS)


def _in_words(answer: str) -> str:
    """An answer without its numbers, for who waits.

    >>> _in_words("503 starting The models are still being loaded."), _in_words("500"), _in_words("")
    ('The models are still being loaded.', '500', 'no answer yet')
    """
    status, _, words = answer.partition(" ")
    return words.partition(" ")[2] or status or "no answer yet"


def answer_of(url: str, *, timeout_seconds: float) -> str:
    """The status, and in words what a health answer says of itself. Nothing while nobody answers."""
    address = urlsplit(url)
    asked = http.client.HTTPConnection(address.hostname or "", address.port, timeout=timeout_seconds)
    try:
        asked.request("GET", address.path, headers={"Connection": "close"})
        answer = asked.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        asked.close()
    return str(answer.status) if answer.status == 200 else f"{answer.status} {_words_of(body)}".rstrip()


def _words_of(body: bytes) -> str:
    try:
        health = json.loads(body)
        return f"{health.get('status', '')} {health.get('detail', '')}"
    except (AttributeError, ValueError):
        return ""


def _say(line: str) -> None:
    print(f"      {line}", flush=True)


def main(arguments: list[str]) -> int | str:
    match arguments:
        case ["port-is-free", port]:
            return 0 if port_is_free(int(port)) else 1
        case ["configure"]:
            print(configure())
        case ["manage", *words]:
            manage(words)
        case ["first-page", url]:
            ask_for_first_page(url)
        case ["await", port, frontend_port]:
            await_servers(port, frontend_port)
        case _:
            return __doc__ or ""
    return 0


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        sys.exit(main(sys.argv[1:]))
    except NotReady as problem:
        sys.exit(f"❌ {problem}")
    except (OSError, UnicodeError) as problem:
        sys.exit(f"❌ {' '.join(str(problem).split())}")
