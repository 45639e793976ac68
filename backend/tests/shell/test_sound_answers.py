"""A long recording from a real server: who reads slowly costs it no memory, and who hangs up costs nothing."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ai_agent.recording_folders import call_folder, make_folder
from ai_agent.wav_files import HEADER_BYTES, wav_header
from tests.shell.daphne_server import BACKEND, Daphne, environment, make_world, running_daphne

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc"),
]

LENGTH = 200_000_000
ROOM_FOR_ONE_ANSWER_KB = 40_000

_SEED_CALL = """
from django.utils import timezone
from ai_agent.models import Call, Room
room = Room.objects.get()
call = Call.objects.create(room=room, persona=room.persona, persona_version=room.persona.published_version,
    status="ended", lease_owner="host:1", ended_at=timezone.now(), recording=True)
print("CALL", call.id)
"""


def resident_kb(server: Daphne) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])  # type: ignore[index]


def test_a_slow_reader_costs_no_memory(tmp_path: Path) -> None:
    world, root = make_world(tmp_path), tmp_path / "recordings"
    seeded = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", _SEED_CALL],
        cwd=BACKEND,
        env=environment(DATABASE_URL=world.database_url),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    call_id = seeded.stdout.split("CALL ")[1].strip()
    folder = call_folder(root, world.room_id, call_id)
    make_folder(folder)
    with (folder / "stereo.wav").open("wb") as file:
        file.write(wav_header(LENGTH, channels=2))
        file.truncate(HEADER_BYTES + LENGTH)
    with running_daphne(world, tmp_path, RECORDINGS_DIR=str(root)) as server:
        server.wait_for("/api/v1/health/", 200)
        before = resident_kb(server)
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as reader:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            request = [
                f"GET /api/v1/calls/{call_id}/recording/ HTTP/1.1",
                f"Host: localhost:{server.port}",
                f"Cookie: sessionid={world.session}",
                "Connection: close",
            ]
            reader.sendall(("\r\n".join(request) + "\r\n\r\n").encode())
            assert reader.recv(12) == b"HTTP/1.1 200"
            grown = 0
            for _ in range(15):
                time.sleep(0.2)
                grown = max(grown, resident_kb(server) - before)
            assert grown < ROOM_FOR_ONE_ANSWER_KB, "it waits for the reader"
            read = 12
            while piece := reader.recv(1 << 20):
                read += len(piece)
            assert LENGTH < read < LENGTH + 5_000
        hang_up(server, request)
        server.wait_for("/api/v1/health/", 200)
        assert resident_kb(server) - before < ROOM_FOR_ONE_ANSWER_KB
        assert "Traceback" not in server.log


def hang_up(server: Daphne, request: list[str]) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as reader:
        reader.sendall(("\r\n".join(request) + "\r\n\r\n").encode())
        reader.recv(100_000)
    time.sleep(0.5)
