"""Two callers behind one proxy of ours, and one who goes around it: whose address is believed? On a real server.

Who connects from 127.0.0.1 is the proxy here; 127.0.0.2 is somebody who reached the back end's port without it.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from conftest import PASSWORD
from tests.shell.daphne_server import PATIENCE_SECONDS, Daphne, make_world, running_daphne

pytestmark = pytest.mark.real_time

PROXY, ELSEWHERE = "127.0.0.1", "127.0.0.2"
GUESSER, OWNER = "198.51.100.66", "203.0.113.7"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Daphne]:
    world = make_world(tmp_path)
    proxies = {"TRUSTED_PROXY_COUNT": "1", "TRUSTED_PROXY_NETWORKS": f"{PROXY}/32", "RATE_LIMITS": "1"}
    with running_daphne(world, tmp_path, **proxies) as server:
        server.wait_for("/api/v1/health/", 200)
        yield server


def post(server: Daphne, path: str, password: str, *, forwarded_for: str, comes_from: str = PROXY) -> int:
    """The status of a sign-in or sign-up of Grace, from a fresh browser."""
    line = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=PATIENCE_SECONDS, source_address=(comes_from, 0)
    )
    line.request("GET", "/api/v1/csrf/")
    answer = line.getresponse()
    token = json.loads(answer.read())["csrf_token"]
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["csrftoken"].value
    headers = {
        "Content-Type": "application/json",
        "X-CSRFToken": token,
        "Cookie": f"csrftoken={cookie}",
        "X-Forwarded-For": forwarded_for,
    }
    body = json.dumps({"username": "grace", "password": password})
    line.request("POST", f"/_allauth/browser/v1/auth/{path}", body, headers)
    status = line.getresponse().status
    line.close()
    return status


def test_a_guesser_rests_alone_and_nobody_chooses_an_address(server: Daphne) -> None:
    assert post(server, "signup", PASSWORD, forwarded_for=OWNER) == 200
    for number in range(5):
        assert post(server, "login", f"wrong {number}", forwarded_for=GUESSER) == 400
    assert post(server, "login", PASSWORD, forwarded_for=GUESSER) == 400, "the guesser rests"
    assert post(server, "login", PASSWORD, forwarded_for=f"192.0.2.1, {GUESSER}") == 400, (
        "whatever they write before it"
    )
    assert post(server, "login", PASSWORD, forwarded_for=OWNER) == 200, "the owner comes in"

    for number in range(5):
        around = {"forwarded_for": f"192.0.2.{number}", "comes_from": ELSEWHERE}
        assert post(server, "login", f"wrong {number}", **around) == 400
    assert post(server, "login", PASSWORD, forwarded_for="192.0.2.99", comes_from=ELSEWHERE) == 400, "it is one caller"
    assert post(server, "login", PASSWORD, forwarded_for=OWNER) == 200, "who could not rest the owner in their name"

    # Nothing tells another program at the proxy's address from the proxy: SECURITY.md says so.
    for number in range(5):
        assert post(server, "login", f"wrong {number}", forwarded_for=OWNER) == 400
    assert post(server, "login", PASSWORD, forwarded_for=OWNER) == 400
