"""A wrong `.env` is explained at once, all of it, and before a server starts."""

from __future__ import annotations

import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import checks
from django.test import override_settings

from ai_agent.providers import LLM_PROVIDERS
from config.checks import check_environment, check_providers
from config.env import MAX_VALUE_CHARACTERS, Environment
from config.env_file import read_values, write_value

BACKEND = Path(settings.BASE_DIR)


def read(**values: str) -> Environment:
    return Environment(values)


def test_what_is_not_written_is_the_default_and_no_problem() -> None:
    env = read(CALL_SLOTS="   ")
    assert env.optional_integer("CALL_SLOTS", minimum=0, maximum=9) is None
    assert env.flag("DEBUG", default=False) is False
    assert env.addresses("ICE_ADDRESSES") == ()
    assert env.problems == []


def test_every_mistake_is_named_not_only_the_first() -> None:
    env = read(DEBUG="maybe", CALL_SLOTS="many", DRAIN_SECONDS="-1", AI_MODE="magic")
    env.flag("DEBUG", default=False)
    env.optional_integer("CALL_SLOTS", minimum=0, maximum=9)
    env.number("DRAIN_SECONDS", 10, minimum=0, maximum=100)
    env.choice("AI_MODE", "local", ["mock", "local", "live"])
    assert [problem.name for problem in env.problems] == ["DEBUG", "CALL_SLOTS", "DRAIN_SECONDS", "AI_MODE"]
    assert "must be one of: mock, local, live" in env.problems[-1].message


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [
        (lambda env: env.integer("X", 1, minimum=0, maximum=9), "10", "from 0 to 9"),
        (lambda env: env.integer("X", 1, minimum=0, maximum=9), "1.5", "whole number"),
        (lambda env: env.number("X", 1, minimum=0, maximum=9), "nan", "from 0 to 9"),
        (lambda env: env.number("X", 1, minimum=0, maximum=9), "ten", "must be a number"),
        (lambda env: env.text("X", max_length=4), "12345", "at most 4"),
        (lambda env: env.text("X"), "a\x07b", "cannot be printed"),
        (lambda env: env.text("X"), "y" * (MAX_VALUE_CHARACTERS + 1), "characters long"),
        (lambda env: env.url("X", schemes=["redis"]), "http://host", "redis://"),
        (lambda env: env.url("X", schemes=["redis"]), "redis://host:port", "cannot be read|not an address"),
        (lambda env: env.url("X", schemes=["redis"]), "redis:///0", "no host"),
        (lambda env: env.origins("X", []), "http://localhost:3000/", "without a path"),
        (lambda env: env.origins("X", []), "localhost:3000", "origin"),
        (lambda env: env.hosts("X", []), "http://example.org", "host names only"),
        (lambda env: env.addresses("X"), "127.0.0.1, here", "here"),
        (lambda env: env.networks("X", []), "10.0.0.1/8", "host bits"),
        (lambda env: env.ice_servers("X"), "stun:host", "JSON list"),
        (lambda env: env.ice_servers("X"), '[{"urls": ["http://host"]}]', "stun:"),
        (lambda env: env.ice_servers("X"), '[{"urls": "stun:host", "password": "p"}]', "only urls"),
        (lambda env: env.ice_servers("X"), "[" * 3000, "JSON list"),
        (lambda env: env.file("X", Path("/")), "/no/such/file", "no such file"),
        (lambda env: env.folder("X", Path("/nowhere/here")), "/etc/hostname", "not a folder"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_in_plain_words(kind, raw: str, words: str) -> None:
    env = read(X=raw)
    kind(env)
    (problem,) = env.problems
    assert any(word in problem.message for word in words.split("|")), problem.message
    assert "\n" not in problem.message and len(problem.message) < 300


def test_an_address_with_a_password_is_never_quoted() -> None:
    env = read(DATABASE_URL="mysql://user:hunter2@host/db")
    env.url("DATABASE_URL", schemes=["postgresql"])
    assert "hunter2" not in env.problems[0].message


def test_ice_servers_are_read_as_browsers_want_them() -> None:
    env = read(ICE_SERVERS='[{"urls": "stun:a:3478"}, {"urls": ["turn:b"], "username": "u", "credential": "c"}]')
    assert env.ice_servers("ICE_SERVERS") == [
        {"urls": ["stun:a:3478"]},
        {"urls": ["turn:b"], "username": "u", "credential": "c"},
    ]
    assert env.problems == []


@override_settings(ENVIRONMENT_PROBLEMS=tuple(read(X="y").problems))
def test_a_sound_environment_passes_the_checks() -> None:
    assert check_environment() == []


@override_settings(
    AI_MODE="live",
    STT_PROVIDER="sarvam",
    LLM_PROVIDER="groq",
    TTS_PROVIDER="sarvam",
    GROQ_API_KEY="",
    SARVAM_API_KEY="",
)
def test_live_without_keys_says_one_line_a_key_and_names_it() -> None:
    messages = check_providers()
    assert [message.msg.split()[0] for message in messages] == ["SARVAM_API_KEY", "GROQ_API_KEY"]
    assert all(message.level == checks.ERROR and message.hint for message in messages)


@override_settings(STT_PROVIDER="mock", LLM_PROVIDER="groq", TTS_PROVIDER="mock", GROQ_API_KEY="")
def test_nobody_is_sent_for_a_key_that_this_release_cannot_use(monkeypatch: pytest.MonkeyPatch) -> None:
    (missing,) = check_providers()
    assert missing.hint is not None and "does not speak to groq yet" in missing.hint
    monkeypatch.setitem(LLM_PROVIDERS, "groq", "a.provider.Groq")
    (missing,) = check_providers()
    assert missing.hint is not None and "Write GROQ_API_KEY=" in missing.hint


@override_settings(LLM_PROVIDER="openai", OPENAI_API_KEY="", LLM_BASE_URL="http://localhost:9/v1")
def test_an_endpoint_of_ones_own_needs_no_key() -> None:
    assert not any("OPENAI_API_KEY" in message.msg for message in check_providers())


def test_all_problems_of_a_real_environment_come_together() -> None:
    """The settings module itself, in a process of its own: nothing raises, `check` lists everything."""
    wrong = {"CALL_SLOTS": "many", "FRONTEND_ORIGINS": "localhost", "AI_MODE": "live", "DEBUG": "0", "SECRET_KEY": ""}
    env = {**os.environ, **wrong, "PARLEY_TESTING": "1"}
    for name in ("GROQ_API_KEY", "SARVAM_API_KEY", "STT_PROVIDER", "LLM_PROVIDER", "TTS_PROVIDER"):
        env.pop(name, None)
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BACKEND,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    for name in ("CALL_SLOTS", "FRONTEND_ORIGINS", "GROQ_API_KEY", "SARVAM_API_KEY"):
        assert f"{name} " in done.stderr
    assert "Traceback" not in done.stderr


def settings_with(env_file: bytes | None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings module as it reads a `.env` of this content."""
    (folder / "config").mkdir()
    copy = folder / "config" / "settings.py"
    copy.write_bytes((BACKEND / "config" / "settings.py").read_bytes())
    if env_file is not None:
        (folder / ".env").write_bytes(env_file)
    for name in ("PARLEY_TESTING", "AI_MODE", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    return runpy.run_path(str(copy))


@pytest.mark.parametrize(
    "content", ["DEBUG=1\nSECRET_KEY=Schl\u00fcssel\n".encode("latin-1"), "DEBUG=1\n".encode("utf-16"), b"\x00\xff\xfe"]
)
def test_a_file_that_is_not_utf_8_is_one_clear_line(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = settings_with(content, tmp_path, monkeypatch)["ENVIRONMENT_PROBLEMS"]
    assert problem.message.startswith(f"{tmp_path / '.env'} is not text in UTF-8")
    assert "\n" not in problem.message and "Save it as UTF-8" in problem.hint


def test_a_file_that_may_not_be_opened_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("config.env_file.dotenv_values", refuse)
    (problem,) = settings_with(b"DEBUG=1\n", tmp_path, monkeypatch)["ENVIRONMENT_PROBLEMS"]
    assert problem.message.endswith(".env cannot be read: Permission denied.")


def test_a_file_from_windows_is_read_from_its_first_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_settings = settings_with("\ufeffDEBUG=1\r\nCALL_SLOTS=7\r\n".encode(), tmp_path, monkeypatch)
    assert (read_settings["DEBUG"], read_settings["CALL_SLOTS"]) == (True, 7)
    assert read_settings["ENVIRONMENT_PROBLEMS"] == ()


@pytest.mark.parametrize(
    ("env_file", "is_asked"),
    [(b"", False), (b"AI_MODE=live\n", True), (b"AI_MODE=live\nINTERVIEW_QUOTE_CHECK=0\n", False)],
)
def test_a_model_that_is_not_on_this_machine_is_asked_for_quotes_unless_told_otherwise(
    env_file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_asked: bool
) -> None:
    assert settings_with(env_file, tmp_path, monkeypatch)["INTERVIEW_QUOTE_CHECK"] is is_asked


def test_tests_stand_on_nothing_of_the_operators() -> None:
    assert settings.TESTING
    assert "parley-test" in str(settings.RECORDINGS_DIR)
    assert str(BACKEND) not in str(settings.DATABASES["default"]["NAME"])
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_every_variable_that_is_read_stands_in_the_example() -> None:
    example = (BACKEND / ".env.example").read_text(encoding="utf-8")
    written = {line.partition("=")[0] for line in example.splitlines() if line and not line.startswith("#")}
    source = (BACKEND / "config" / "settings.py").read_text(encoding="utf-8")
    import re

    read_names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    assert read_names - written == set()
    assert written - read_names == set()


def test_a_line_behind_the_mark_of_windows_is_known(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"\xef\xbb\xbfSECRET_KEY=old\nA=1\n")
    assert read_values(path)["SECRET_KEY"] == "old"
    write_value(path, "SECRET_KEY", "new")
    assert path.read_text() == "SECRET_KEY=new\nA=1\n"


def test_one_line_of_the_env_file_changes_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# a comment\nA=1\nDEMO_PASSWORD=\nB=2\n")
    write_value(path, "DEMO_PASSWORD", "secret")
    write_value(path, "NEW", "3")
    assert path.read_text() == "# a comment\nA=1\nDEMO_PASSWORD=secret\nB=2\nNEW=3\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
