"""The server as an operator starts it: a real `daphne`, and a WebSocket client of forty lines to talk to it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

BACKEND = Path(settings.BASE_DIR)
ORIGIN = "http://localhost:3000"
PATIENCE_SECONDS = 60.0
"""For a server that shares two cores with everything else."""

_SEED = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_presets", verbosity=0)
from django.test import Client
from accounts.models import User
from ai_agent.models import Room
from ai_personas.models import Persona
ada = User.objects.create_user("ada")
room = Room.objects.create(owner=ada, persona=Persona.objects.get(slug="helpful-assistant"))
client = Client()
client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
print("SEED", client.cookies["sessionid"].value, room.id)
"""


@dataclass(frozen=True)
class World:
    """A database with Ada, her session and her room."""

    database_url: str
    session: str
    room_id: str


def environment(**values: str) -> dict[str, str]:
    """What a server of a test is started with: stand-ins, loopback, nothing of `backend/.env`."""
    base = {**os.environ, "PARLEY_TESTING": "1", "AI_MODE": "mock", "CALL_SLOTS": "2", "SECRET_KEY": "of this test"}
    base["PYTHONFAULTHANDLER"] = "1"
    return {**base, "REDIS_URL": "", "ICE_ADDRESSES": "127.0.0.1", **values}


def make_world(folder: Path) -> World:
    """A fresh SQLite database and somebody in it."""
    url = f"sqlite:///{folder / 'world.sqlite3'}"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", _SEED],
        cwd=BACKEND,
        env=environment(DATABASE_URL=url),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    _, session, room_id = next(line for line in done.stdout.splitlines() if line.startswith("SEED")).split()
    return World(url, session, room_id)


class Daphne:
    """One running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """Status and body; 0 where nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_SECONDS) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        except OSError:
            return 0, {}

    def wait_for(self, path: str, status: int) -> dict[str, Any]:
        """Ask until this is the answer."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answered, body = self.get(path)
            if answered == status:
                return body
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, (answered, body, self.log)
            time.sleep(0.1)

    def signal(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    def wait_to_end(self) -> int:
        return self.process.wait(timeout=PATIENCE_SECONDS)


@contextlib.contextmanager
def running_daphne(world: World, folder: Path, **values: str) -> Iterator[Daphne]:
    """A server that listens; killed at the end, if it has not ended by itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / f"daphne-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "config.asgi:application"],
            cwd=BACKEND,
            env=environment(DATABASE_URL=world.database_url, **values),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Daphne(process, port, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


class WebSocket:
    """One signalling socket of a client that is no browser."""

    def __init__(self, port: int, path: str, **headers: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: localhost:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._stream = self._socket.makefile("rb")
        self.status = int(self._stream.readline().split()[1])
        while self._stream.readline().strip():
            pass

    def receive(self) -> dict[str, Any] | int:
        """The next message, or the code with which the server closed (1006: without one)."""
        try:
            head = self._stream.read(2)
        except ConnectionError:
            return 1006
        if len(head) < 2:
            return 1006
        opcode, length = head[0] & 0x0F, head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self._stream.read(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self._stream.read(8))
        payload = self._stream.read(length)
        if opcode == 8:
            return int(struct.unpack(">H", payload[:2])[0]) if payload else 1005
        return json.loads(payload) if opcode == 1 else self.receive()

    def send(self, text: str) -> None:
        """One message in one frame, as a browser masks it (here with zeros); a server that hangs up meanwhile may."""
        payload = text.encode()
        head = struct.pack(">BBQ4s", 0x81, 0x80 | 127, len(payload), bytes(4))
        with contextlib.suppress(ConnectionError):
            self._socket.sendall(head + payload)

    def close(self) -> None:
        """End as a browser that is killed: without a goodbye."""
        self._stream.close()
        self._socket.close()
