"""What did the operator write into `backend/.env`? Typed values, and every problem at once instead of the first."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

MAX_VALUE_CHARACTERS = 8_192
"""A longer value is a mistake (a pasted file), not a setting."""

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})

T = TypeVar("T")


class _Refused(ValueError):
    """The value is of the wrong kind; the words say what it should have been."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One variable that cannot be used, in words for the person who wrote it. Secrets are never quoted."""

    name: str
    message: str
    hint: str


class Environment:
    """Reads variables by kind. A bad one is noted in `problems` and its default is used, so that all are found."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.problems: list[Problem] = []

    def text(self, name: str, default: str = "", *, max_length: int = MAX_VALUE_CHARACTERS) -> str:
        """Any text without line breaks."""

        def parse(raw: str) -> str:
            if len(raw) > max_length:
                raise _Refused(f"is {len(raw)} characters long; at most {max_length} are allowed")
            if not raw.isprintable():
                raise _Refused("holds characters that cannot be printed")
            return raw

        return self._read(name, default, parse)

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """One of a few words; upper case is forgiven."""

        def parse(raw: str) -> str:
            if raw.lower() not in choices:
                raise _Refused(f"is {_quoted(raw)}; it must be one of: {', '.join(choices)}")
            return raw.lower()

        return self._read(name, default, parse)

    def flag(self, name: str, *, default: bool) -> bool:
        """Yes or no: 1/0, true/false, yes/no, on/off."""

        def parse(raw: str) -> bool:
            if raw.lower() in _TRUE:
                return True
            if raw.lower() in _FALSE:
                return False
            raise _Refused(f"is {_quoted(raw)}; it must be 1 or 0")

        return self._read(name, default, parse)

    def integer(self, name: str, default: int, *, minimum: int, maximum: int) -> int:
        """A whole number within a range."""
        return self._read(name, default, lambda raw: _whole_number(raw, minimum, maximum))

    def optional_integer(self, name: str, *, minimum: int, maximum: int) -> int | None:
        """A whole number within a range; None where nothing is written."""
        return self._read(name, None, lambda raw: _whole_number(raw, minimum, maximum))

    def number(self, name: str, default: float, *, minimum: float, maximum: float) -> float:
        """A number within a range."""

        def parse(raw: str) -> float:
            try:
                value = float(raw)
            except ValueError:
                raise _Refused(f"is {_quoted(raw)}; it must be a number") from None
            if not minimum <= value <= maximum:
                raise _Refused(f"is {raw}; it must be from {minimum:g} to {maximum:g}")
            return value

        return self._read(name, default, parse)

    def folder(self, name: str, default: Path) -> Path:
        """A folder; a relative one is read from `default`'s parent."""

        def parse(raw: str) -> Path:
            path = default.parent / Path(raw).expanduser()
            if path.exists() and not path.is_dir():
                raise _Refused(f"is {_quoted(raw)}, which is not a folder")
            return path

        return self._read(name, default, parse)

    def file(self, name: str, base: Path) -> Path | None:
        """A file that exists, read from `base` where it is relative; None where nothing is written."""

        def parse(raw: str) -> Path:
            path = base / Path(raw).expanduser()
            if not path.is_file():
                raise _Refused(f"is {_quoted(raw)}; there is no such file")
            return path

        return self._read(name, None, parse)

    def url(self, name: str, default: str = "", *, schemes: Sequence[str]) -> str:
        """An address with one of `schemes` and a host (`sqlite` needs none). It may hold a password: never quoted."""

        def parse(raw: str) -> str:
            try:
                parts = urlsplit(raw)
                _ = parts.port
            except ValueError:
                raise _Refused("is not an address that can be read") from None
            if parts.scheme not in schemes:
                raise _Refused(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
            if parts.scheme != "sqlite" and not parts.hostname and not parts.query:
                raise _Refused("names no host")
            return raw

        return self._read(name, default, parse)

    def origins(self, name: str, default: Sequence[str]) -> tuple[str, ...]:
        """Web origins, scheme and host and port and nothing more, divided by commas."""
        return self._read(name, tuple(default), lambda raw: tuple(_origin(item) for item in _items(raw)))

    def hosts(self, name: str, default: Sequence[str]) -> tuple[str, ...]:
        """Host names without scheme and port, divided by commas."""

        def parse(raw: str) -> tuple[str, ...]:
            hosts = tuple(_items(raw))
            if any("/" in host for host in hosts):
                raise _Refused(f"is {_quoted(raw)}; it must hold host names only, without http:// and port")
            return hosts

        return self._read(name, tuple(default), parse)

    def addresses(self, name: str) -> tuple[str, ...]:
        """IP addresses, divided by commas."""

        def parse(raw: str) -> tuple[str, ...]:
            try:
                return tuple(str(ipaddress.ip_address(item)) for item in _items(raw))
            except ValueError as error:
                raise _Refused(f"is {_quoted(raw)}; {error}") from None

        return self._read(name, (), parse)

    def networks(self, name: str, default: Sequence[str]) -> tuple[str, ...]:
        """IP networks as in 10.0.0.0/8, divided by commas."""

        def parse(raw: str) -> tuple[str, ...]:
            try:
                return tuple(str(ipaddress.ip_network(item)) for item in _items(raw))
            except ValueError as error:
                raise _Refused(f"is {_quoted(raw)}; {error}") from None

        return self._read(name, tuple(default), parse)

    def ice_servers(self, name: str) -> list[dict[str, object]]:
        """A JSON list as browsers want it: `[{"urls": ["stun:host:3478"], "username": …, "credential": …}]`."""
        return self._read(name, [], _ice_servers)

    def problem(self, name: str, message: str, hint: str = "") -> None:
        """Note a problem that only several values together make."""
        self.problems.append(Problem(name, message, hint or _WHERE))

    def _read(self, name: str, default: T, parse: Callable[[str], T]) -> T:
        raw = self._values.get(name, "").strip()
        if not raw:
            return default
        try:
            if len(raw) > MAX_VALUE_CHARACTERS:
                raise _Refused(f"is {len(raw)} characters long; at most {MAX_VALUE_CHARACTERS} are allowed")
            return parse(raw)
        except _Refused as refused:
            self.problem(name, f"{name} {refused}.")
            return default


_WHERE = "Change it in backend/.env or in the environment; the README's configuration table says what each means."


def _quoted(raw: str) -> str:
    """A value short enough for one line of a log."""
    return repr(raw if len(raw) <= 60 else f"{raw[:57]}...")


def _items(raw: str) -> list[str]:
    return [item.strip() for item in raw.split(",") if item.strip()]


def _whole_number(raw: str, minimum: int, maximum: int) -> int:
    try:
        value = int(raw)
    except ValueError:
        raise _Refused(f"is {_quoted(raw)}; it must be a whole number") from None
    if not minimum <= value <= maximum:
        raise _Refused(f"is {_quoted(raw)}; it must be from {minimum} to {maximum}")
    return value


def _origin(item: str) -> str:
    try:
        parts = urlsplit(item)
        _ = parts.port
    except ValueError:
        raise _Refused(f"holds {_quoted(item)}, which is not an origin") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or item != f"{parts.scheme}://{parts.netloc}":
        raise _Refused(f"holds {_quoted(item)}; an origin is like http://localhost:3000, without a path")
    return item.lower()


def _ice_servers(raw: str) -> list[dict[str, object]]:
    example = 'a JSON list such as [{"urls": ["stun:stun.example.org:3478"]}]'
    try:
        servers = json.loads(raw)
    except (ValueError, RecursionError):
        raise _Refused(f"is not {example}") from None
    if not isinstance(servers, list) or not all(isinstance(server, dict) for server in servers):
        raise _Refused(f"is not {example}")
    return [_ice_server(server, example) for server in servers]


def _ice_server(server: dict[str, object], example: str) -> dict[str, object]:
    urls = [server["urls"]] if isinstance(server.get("urls"), str) else server.get("urls")
    if not isinstance(urls, list) or not urls or not all(_is_ice_url(url) for url in urls):
        raise _Refused(f"names a server without stun:, turn: or turns: urls; it must be {example}")
    extra = set(server) - {"urls", "username", "credential"}
    if extra or not all(isinstance(server[key], str) for key in set(server) - {"urls"}):
        raise _Refused("may hold only urls, username and credential, the last two as text")
    return {**server, "urls": urls}


def _is_ice_url(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("stun:", "turn:", "turns:"))
