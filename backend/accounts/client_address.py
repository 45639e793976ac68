"""Who is on the line behind our own proxies? The address that limits are counted by."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - an address nobody has, not one that is bound
"""Stands for a peer without an address (a Unix socket); all of them share their limits."""


def client_address(peer: str, forwarded_for: str, *, proxy_count: int, proxy_networks: Sequence[str]) -> str:
    """The caller's address: what our outermost proxy saw, or the peer itself.

    Each proxy appends the address that it saw to X-Forwarded-For, so what a caller wrote there stands to the left of
    what our `proxy_count` proxies wrote. Nobody is believed who does not connect from one of `proxy_networks`.

    >>> client_address("127.0.0.1", "6.6.6.6, 203.0.113.7", proxy_count=1, proxy_networks=["127.0.0.0/8"])
    '203.0.113.7'
    >>> client_address("203.0.113.9", "6.6.6.6", proxy_count=1, proxy_networks=["127.0.0.0/8"])
    '203.0.113.9'
    """
    seen = _parsed(peer)
    if seen is None:
        return UNKNOWN
    if proxy_count == 0 or not _is_within(seen, proxy_networks):
        return str(seen)
    hops = [hop for hop in (_parsed(item) for item in forwarded_for.split(",")) if hop is not None]
    return str(hops[-min(proxy_count, len(hops))]) if hops else str(seen)


def address_of_request(request: HttpRequest) -> str:
    """The address behind an HTTP request."""
    return _by_settings(request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""))


def address_of_scope(scope: Mapping[str, Any]) -> str:
    """The address behind a WebSocket (an ASGI scope)."""
    peer = (scope.get("client") or ("",))[0]
    values = [value.decode("latin1") for name, value in scope.get("headers", []) if name == b"x-forwarded-for"]
    return _by_settings(peer, ",".join(values))


def _by_settings(peer: str, forwarded_for: str) -> str:
    return client_address(
        peer,
        forwarded_for,
        proxy_count=settings.TRUSTED_PROXY_COUNT,
        proxy_networks=settings.TRUSTED_PROXY_NETWORKS,
    )


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address without port, brackets and zone; an IPv4 address in IPv6's clothes is itself."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _is_within(address: ipaddress.IPv4Address | ipaddress.IPv6Address, networks: Sequence[str]) -> bool:
    return any(address in ipaddress.ip_network(network) for network in networks)
