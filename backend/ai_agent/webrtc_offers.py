"""May aiortc see this offer? Plain text checks that cost microseconds, before a parser that hostile text can block.

What is hostile or malformed is refused with a code. What is honest but useless here (mDNS names, which block for a
second each, TCP candidates, the end-of-candidates mark) is left out, see `usable_offer`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from aiortc import RTCIceCandidate

MAX_LINE_CHARACTERS: Final = 1_024
MAX_LINES: Final = 400
MAX_CANDIDATE_CHARACTERS: Final = 512
MAX_FORMATS: Final = 40

_MEDIA: Final = re.compile(r"m=(audio|application) \d{1,5} [A-Z/]{1,32} ([!-~]{1,32}(?: [!-~]{1,32})*)")
_MID: Final = re.compile(r"[A-Za-z0-9_.+-]{1,32}")
_UFRAG: Final = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PASSWORD: Final = re.compile(r"[A-Za-z0-9+/]{22,256}")
_FINGERPRINT: Final = re.compile(r"sha-(?:256|384|512) [0-9A-F]{2}(?::[0-9A-F]{2}){31,63}", re.IGNORECASE)
_OPUS: Final = re.compile(r"\d{1,3} opus/48000/2", re.IGNORECASE)
_CANDIDATE: Final = re.compile(
    r"(?P<foundation>[A-Za-z0-9+/_-]{1,32}) (?P<component>\d{1,3}) (?P<protocol>udp|tcp) (?P<priority>\d{1,10})"
    r" (?P<host>[A-Za-z0-9.:-]{1,253}) (?P<port>\d{1,5}) typ (?P<type>host|srflx|prflx|relay)"
    r"(?: [!-~]{1,64} [!-~]{1,256})*",
    re.IGNORECASE,
)


class SdpRefused(ValueError):
    """The offer or candidate is not taken. `code` is stable for the page; the words hold nothing of the offer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What one call may ask of the media, and how long it may take."""

    max_sdp_bytes: int = 16_384
    max_candidates: int = 20
    """Candidates inside an offer."""
    max_trickled: int = 30
    """Candidates that come one by one, for a connection."""
    ice_timeout_seconds: float = 15.0
    first_packet_seconds: float = 5.0
    dead_peer_seconds: float = 3.0
    """Within this long of the last packet, a dead peer is noticed."""


def check_offer(sdp: str, limits: MediaLimits) -> None:
    """Refuse an offer that is not one browser's microphone.

    Raises:
        SdpRefused: too large, another shape than one audio section (first) and at most one data section, a part
            missing, or too many candidates.
    """
    if len(sdp) > limits.max_sdp_bytes:
        raise SdpRefused("sdp_too_large", f"An offer may hold {limits.max_sdp_bytes} bytes.")
    lines = _lines(sdp)
    sections = _sections(lines)
    _check_media_lines(sections)
    session, audio = sections[0], sections[1]
    _check_audio(audio)
    for section in sections[1:]:
        _check_transport(session, section)
    _check_bundle(session, audio)
    _check_candidates(lines, limits)


def usable_offer(sdp: str) -> str:
    """A checked offer without the candidates that aiortc cannot use, and without its end-of-candidates mark.

    The mark stays out because a browser that hides its addresses is only known once its own check has reached us.
    """
    kept = [line for line in sdp.splitlines() if _is_kept(line)]
    return "\r\n".join(kept) + "\r\n"


def parse_candidate(candidate: str, *, sdp_mid: str | None, sdp_m_line_index: int | None) -> RTCIceCandidate | None:
    """One trickled candidate, or None for an honest one that is of no use here (mDNS, TCP, another component).

    Raises:
        SdpRefused: it is malformed, or names an address that nobody can be reached at.
    """
    if sdp_mid is None and sdp_m_line_index is None:
        raise SdpRefused("bad_candidate", "A candidate names its section: sdpMid or sdpMLineIndex.")
    if sdp_mid is not None and not _MID.fullmatch(sdp_mid):
        raise SdpRefused("bad_candidate", "sdpMid is not a section's name.")
    parsed = _parse(candidate.removeprefix("a=").removeprefix("candidate:").strip())
    if parsed is not None:
        parsed.sdpMid = sdp_mid
        parsed.sdpMLineIndex = sdp_m_line_index
    return parsed


# ── shape ─────────────────────────────────────────────────────────────────────────────────────────


def _lines(sdp: str) -> list[str]:
    """The lines, where there is no character that another parser may take for the end of one."""
    lines = [line.removesuffix("\r") for line in sdp.split("\n")]
    if len(lines) > MAX_LINES or any(len(line) > MAX_LINE_CHARACTERS for line in lines):
        raise SdpRefused("bad_sdp", f"An offer has at most {MAX_LINES} lines of {MAX_LINE_CHARACTERS} characters.")
    if any(not (" " <= character <= "~") for line in lines for character in line):
        raise SdpRefused("bad_sdp", "An offer is plain text.")
    if lines[0] != "v=0":
        raise SdpRefused("bad_sdp", "An offer begins with v=0.")
    return lines


def _sections(lines: list[str]) -> list[list[str]]:
    """The session's lines, then each media section's."""
    sections: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("m="):
            sections.append([])
        sections[-1].append(line)
    return sections


def _check_media_lines(sections: list[list[str]]) -> None:
    kinds = []
    for section in sections[1:]:
        media = _MEDIA.fullmatch(section[0])
        if media is None:
            raise SdpRefused("bad_media", "An offer holds one microphone and at most one data channel, nothing else.")
        kinds.append(media[1])
        formats = media[2].split()
        if len(formats) > MAX_FORMATS:
            raise SdpRefused("bad_media", f"A section names at most {MAX_FORMATS} formats.")
        if media[1] == "audio" and not all(number.isdecimal() and int(number) < 128 for number in formats):
            raise SdpRefused("bad_media", "A format is a number below 128.")
    if kinds not in (["audio"], ["audio", "application"]):
        raise SdpRefused("bad_media", "An offer holds one microphone first, and at most one data channel.")


def _check_bundle(session: list[str], audio: list[str]) -> None:
    for group in _values(session, "group"):
        semantic, _, mids = group.partition(" ")
        if semantic == "BUNDLE" and mids.split()[:1] != _values(audio, "mid"):
            raise SdpRefused("bad_media", "The microphone leads the bundle.")


def _check_audio(audio: list[str]) -> None:
    if not any(_OPUS.fullmatch(codec) for codec in _values(audio, "rtpmap")):
        raise SdpRefused("no_opus", "The microphone has to offer Opus.")
    if "a=sendrecv" not in audio:
        raise SdpRefused("bad_direction", "The microphone has to send and receive.")
    if "a=rtcp-mux" not in audio:
        raise SdpRefused("bad_sdp", "The offer lacks rtcp-mux.")


def _check_transport(session: list[str], section: list[str]) -> None:
    _require_one(session, section, "ice-ufrag", _UFRAG)
    _require_one(session, section, "ice-pwd", _PASSWORD)
    _require_one(session, section, "fingerprint", _FINGERPRINT)
    _require_one(session, section, "setup", re.compile("actpass|active|passive"))
    _require_one([], section, "mid", _MID)


def _require_one(session: list[str], section: list[str], name: str, shape: re.Pattern[str]) -> None:
    values = _values(session, name) + _values(section, name)
    if not values or not all(shape.fullmatch(value) for value in values):
        raise SdpRefused("bad_sdp", f"The offer lacks a proper {name}.")


def _check_candidates(lines: list[str], limits: MediaLimits) -> None:
    candidates = _values(lines, "candidate")
    if len(candidates) > limits.max_candidates:
        raise SdpRefused("too_many_candidates", f"An offer may hold {limits.max_candidates} candidates.")
    for candidate in candidates:
        _parse(candidate)


def _values(lines: list[str], name: str) -> list[str]:
    prefix = f"a={name}:"
    return [line[len(prefix) :] for line in lines if line.startswith(prefix)]


# ── candidates ────────────────────────────────────────────────────────────────────────────────────


def _is_kept(line: str) -> bool:
    if line == "a=end-of-candidates":
        return False
    return not line.startswith("a=candidate:") or _parse(line.removeprefix("a=candidate:")) is not None


def _parse(text: str) -> RTCIceCandidate | None:
    """A candidate that aiortc can use, None for one that it cannot, SdpRefused for what is none."""
    fields = _CANDIDATE.fullmatch(text) if len(text) <= MAX_CANDIDATE_CHARACTERS else None
    if fields is None:
        raise SdpRefused("bad_candidate", "This is not an ICE candidate.")
    port, priority = int(fields["port"]), int(fields["priority"])
    if port > 65_535 or priority >= 1 << 32:
        raise SdpRefused("bad_candidate", "A port or a priority is out of range.")
    if fields["protocol"].lower() == "tcp" or fields["host"].lower().endswith(".local"):
        return None
    address = _address(fields["host"])
    if address is None or int(fields["component"]) != 1 or fields["type"].lower() == "prflx":
        return None
    if port == 0:
        raise SdpRefused("bad_candidate", "Port 0 cannot be reached.")
    return RTCIceCandidate(
        component=1,
        foundation=fields["foundation"],
        ip=address,
        port=port,
        priority=priority,
        protocol="udp",
        type=fields["type"].lower(),
    )


def _address(host: str) -> str | None:
    """The address in its usual writing, None for one of this link only.

    Raises:
        SdpRefused: a name, or an address that belongs to nobody.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise SdpRefused("bad_candidate", "A candidate's address is an IP address.") from None
    if address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255":
        raise SdpRefused("bad_candidate", "Nobody can be reached at a candidate's address.")
    return None if address.is_link_local and address.version == 6 else str(address)
