"""A back end for a browser test: a fresh database, local models on loopback, nothing read from `backend/.env`.

python -m tests.e2e.serve --port 8100 --frontend-origin http://localhost:3100 [--mode mock] [--storyteller]
    [--recordings FOLDER]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[2]


def environment(folder: Path, *, recordings: Path, mode: str, origin: str) -> dict[str, str]:
    """What the server is started with. Sign-ins of a test are not counted; media stays on loopback."""
    return {
        **os.environ,
        "PARLEY_TESTING": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'e2e.sqlite3'}",
        "REDIS_URL": "",
        "RECORDINGS_DIR": str(recordings),
        "AI_MODE": mode,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "FRONTEND_ORIGINS": origin,
        "ICE_ADDRESSES": os.environ.get("ICE_ADDRESSES", "127.0.0.1"),
        "CALL_SLOTS": "4",
        "RATE_LIMITS": "0",
        "TRUSTED_PROXY_COUNT": "1",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--frontend-origin", default="http://localhost:3100")
    parser.add_argument("--mode", choices=["mock", "local"], default="local")
    parser.add_argument("--storyteller", action="store_true", help="one more persona, who talks for long")
    parser.add_argument("--recordings", type=Path, help="where calls are recorded; beside the database if not given")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="parley-e2e-"))
    recordings = arguments.recordings or folder / "recordings"
    env = environment(folder, recordings=recordings, mode=arguments.mode, origin=arguments.frontend_origin)
    os.chdir(BACKEND)
    for command in (["migrate", "--verbosity", "0"], ["load_presets"]):
        subprocess.run([sys.executable, "manage.py", *command], env=env, check=True)
    if arguments.storyteller:
        subprocess.run([sys.executable, "-m", "tests.e2e.storyteller"], env=env, check=True)
    daphne = Path(sys.executable).with_name("daphne")
    os.execve(  # noqa: S606
        daphne,
        [str(daphne), "-b", "127.0.0.1", "-p", str(arguments.port), "config.asgi:application"],
        env,
    )


if __name__ == "__main__":
    main()
