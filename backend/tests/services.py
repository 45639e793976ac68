"""On which servers do the database tests run? A PostgreSQL and a Redis of their own, on free ports, for one run.

    python -m tests.services python -m pytest -m "db or redis"

starts both in a temporary folder, runs the command with `TEST_DATABASE_URL` and `TEST_REDIS_URL` set, ends both, and
answers with the command's own exit status. Nothing of a server that the machine may run already is touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

START_SECONDS = 60.0
"""A server that does not answer by then has failed."""


class Missing(Exception):
    """A program is not installed; the text says which package brings it."""


def find_program(name: str, *folders: str, package: str) -> str:
    """The program's path: on the PATH, else in the newest of `folders` (patterns).

    Raises:
        Missing: it is in none of them.
    """
    found = shutil.which(name)
    if found:
        return found
    for pattern in folders:
        matches = sorted(Path("/").glob(f"{pattern.lstrip('/')}/{name}"))
        if matches:
            return str(matches[-1])
    raise Missing(f"{name} is not installed; the system's package is called {package}.")


def postgres_program(name: str) -> str:
    """A program of PostgreSQL's server, where Debian, Homebrew or the PATH have it."""
    return find_program(
        name,
        "/usr/lib/postgresql/*/bin",
        "/opt/homebrew/opt/postgresql*/bin",
        "/usr/local/opt/postgresql*/bin",
        package="postgresql",
    )


@contextlib.contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """A fresh cluster without durability; yields its address."""
    data, port = folder / "postgres", _free_port()
    as_owner = _owner_of_a_cluster(folder)
    _run(
        [postgres_program("initdb"), "-D", str(data), "-U", "parley", "-A", "trust", "-E", "UTF8", "--no-sync"],
        **as_owner,
    )
    server = [
        postgres_program("postgres"),
        "-D",
        str(data),
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
        "-k",
        "",
        "-c",
        "fsync=off",
        "-c",
        "synchronous_commit=off",
        "-c",
        "full_page_writes=off",
    ]
    with _running(server, port, folder / "postgres.log", **as_owner):
        _wait_until(lambda: _postgres_answers(port), "PostgreSQL", folder / "postgres.log")
        yield f"postgresql://parley@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """A Redis that writes nothing to disk; yields its address."""
    port = _free_port()
    server = [
        find_program("redis-server", package="redis-server"),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    with _running(server, port, folder / "redis.log"):
        yield f"redis://127.0.0.1:{port}/0"


def main(command: Sequence[str]) -> int:
    """Run the command on both servers; its exit status."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="parley-services-"))
    # PostgreSQL's own user looks into it when the tests run as root.
    folder.chmod(0o755)
    try:
        with running_postgres(folder) as database_url, running_redis(folder) as redis_url:
            environment = {**os.environ, "TEST_DATABASE_URL": database_url, "TEST_REDIS_URL": redis_url}
            return subprocess.run(command, env=environment, check=False).returncode
    except Missing as missing:
        print(f"❌ {missing}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner_of_a_cluster(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: then its own user does, in a folder of its own."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd  # Windows has no such module, and no root

    try:
        owner = pwd.getpwnam("postgres")
    except KeyError:
        raise Missing("PostgreSQL does not run as root, and there is no user `postgres`.") from None
    (folder / "postgres").mkdir()
    os.chown(folder / "postgres", owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [], "cwd": str(folder)}


@contextlib.contextmanager
def _running(command: Sequence[str], port: int, log: Path, **options: object) -> Iterator[None]:
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, **options)
        try:
            _wait_until(lambda: _listens(port) or server.poll() is not None, command[0], log)
            if server.poll() is not None:
                raise RuntimeError(f"{command[0]} ended by itself:\n{log.read_text(errors='replace')}")
            yield
        finally:
            # SIGINT is PostgreSQL's fast shutdown; Redis ends on it, too.
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _run(command: Sequence[str], **options: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _postgres_answers(port: int) -> bool:
    done = subprocess.run(
        [postgres_program("pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-q"], check=False, timeout=10
    )
    return done.returncode == 0


def _wait_until(is_true, what: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_true():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} does not answer:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
