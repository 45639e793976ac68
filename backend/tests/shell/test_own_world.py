"""Do the tests stand on their own settings, whatever a terminal exports and `backend/.env` says?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from dotenv import dotenv_values

BACKEND = Path(settings.BASE_DIR)
LOOK = """
import json, os, sys

opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import conftest
from django.conf import settings

print(json.dumps({
    "problems": [problem.name for problem in settings.ENVIRONMENT_PROBLEMS],
    "settings": {name: str(getattr(settings, name, "")) for name in json.loads(os.environ["NAMES"])},
    "opened": opened,
    "env_file": str(settings.ENV_FILE),
}))
"""


def look(**exported: str) -> dict:
    """What the settings of a test run are where this is exported."""
    names = sorted(dotenv_values(BACKEND / ".env.example"))
    clean = {name: value for name, value in os.environ.items() if name not in {*names, "PARLEY_TESTING"}}
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=BACKEND,
        env={**clean, "NAMES": json.dumps(names), **exported},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_is_exported_for_a_server_does_not_reach_the_tests(tmp_path: Path) -> None:
    names = set(dotenv_values(BACKEND / ".env.example")) - {"MODELS_DIR"}
    nonsense = look(**dict.fromkeys(names, "nonsense"))
    usable = look(RECORDINGS_DIR=str(tmp_path), RATE_LIMITS="0", MAX_CALLS_PER_USER="50", MOCK_LLM_REPLY="Hm.")
    assert nonsense["problems"] == []
    assert "nonsense" not in nonsense["settings"].values()
    per_process = {"SECRET_KEY", "RECORDINGS_DIR"}
    for name in names - per_process:
        assert nonsense["settings"][name] == usable["settings"][name], name
    assert "parley-test-" in usable["settings"]["RECORDINGS_DIR"]


def test_the_operators_own_file_is_not_even_opened() -> None:
    seen = look()
    assert seen["env_file"] == str(BACKEND / ".env")
    assert [path for path in seen["opened"] if Path(path).name == ".env"] == []
