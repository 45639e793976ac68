"""The door for SDP: what a browser offers goes in, what is hostile is refused before aiortc sees it."""

from __future__ import annotations

import time

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.webrtc_offers import MediaLimits, SdpRefused, check_offer, parse_candidate, usable_offer

LIMITS = MediaLimits()
FINGERPRINT = ":".join(["AB"] * 32)
HOST = "candidate:1 1 udp 2122260223 192.0.2.7 54321 typ host generation 0 ufrag abcd network-id 1 network-cost 10"
HIDDEN = "candidate:2 1 udp 2122260223 3f2a7f6e-0f0e-4c36-9e7e-2f3a2f3a2f3a.local 54321 typ host generation 0"
TCP = "candidate:3 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active generation 0"
RELAYED = "candidate:4 1 udp 41885439 198.51.100.4 50000 typ relay raddr 203.0.113.9 rport 41000 generation 0"
SECOND_COMPONENT = "candidate:1 2 udp 2122260222 192.0.2.7 54322 typ host"

SESSION = ["v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
TRANSPORT = ["a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx", f"a=fingerprint:sha-256 {FINGERPRINT}"]
AUDIO = [
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126",
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    *TRANSPORT,
    "a=ice-options:trickle",
    "a=setup:actpass",
    "a=mid:0",
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "a=sendrecv",
    "a=msid:- 6e1a1d6c-8c8a-4d53-9a02-2b8a4a4f7f0d",
    "a=rtcp-mux",
    "a=rtpmap:111 opus/48000/2",
    "a=rtcp-fb:111 transport-cc",
    "a=fmtp:111 minptime=10;useinbandfec=1",
    "a=rtpmap:63 red/48000/2",
    "a=fmtp:63 111/111",
    "a=ssrc:3735928559 cname:user@host",
]
DATA = [
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    *TRANSPORT,
    "a=setup:actpass",
    "a=mid:1",
    "a=sctp-port:5000",
]
VIDEO = ["m=video 9 UDP/TLS/RTP/SAVPF 96", *TRANSPORT, "a=setup:actpass", "a=mid:2", "a=rtpmap:96 VP8/90000"]


def offer(*sections: list[str], candidates: tuple[str, ...] = (HOST,)) -> str:
    audio, *others = sections or (AUDIO,)
    lines = [
        *SESSION,
        *audio,
        *(f"a={candidate}" for candidate in candidates),
        *(line for part in others for line in part),
    ]
    return "\r\n".join(lines) + "\r\n"


def without(section: list[str], start: str) -> list[str]:
    return [line for line in section if not line.startswith(start)]


def replaced(section: list[str], start: str, line: str) -> list[str]:
    return [line if old.startswith(start) else old for old in section]


def refusal(sdp: str, limits: MediaLimits = LIMITS) -> str:
    with pytest.raises(SdpRefused) as refused:
        check_offer(sdp, limits)
    return refused.value.code


@pytest.mark.parametrize("sections", [(AUDIO,), (AUDIO, DATA)])
def test_what_a_browser_offers_is_taken(sections: tuple[list[str], ...]) -> None:
    sdp = offer(*sections, candidates=(HOST, HIDDEN, TCP, RELAYED, SECOND_COMPONENT))
    check_offer(sdp, LIMITS)
    check_offer(sdp.replace("\r\n", "\n"), LIMITS)
    SessionDescription.parse(usable_offer(sdp))


def test_transport_attributes_may_stand_in_the_session_part() -> None:
    audio = [line for line in AUDIO if line not in TRANSPORT]
    check_offer("\r\n".join([*SESSION, *TRANSPORT, *audio]) + "\r\n", LIMITS)


@pytest.mark.parametrize(
    ("sdp", "code"),
    [
        ("", "bad_sdp"),
        ("hello", "bad_sdp"),
        ("v=0\r\n", "bad_media"),
        (offer(AUDIO, AUDIO), "bad_media"),
        (offer(AUDIO, VIDEO), "bad_media"),
        (offer(VIDEO), "bad_media"),
        (offer(DATA, AUDIO), "bad_media"),
        (offer(AUDIO, DATA, DATA), "bad_media"),
        (offer(replaced(AUDIO, "m=", "m=audio 9 RTP/SAVPF " + " ".join(["0"] * 500))), "bad_media"),
        (offer(replaced(AUDIO, "m=", "m=audio 9 UDP/TLS/RTP/SAVPF 111 999")), "bad_media"),
        (offer(replaced(AUDIO, "m=", "m=audio 9 UDP/TLS/RTP/SAVPF")), "bad_media"),
        (offer(AUDIO).replace("BUNDLE 0 1", "BUNDLE 1 0"), "bad_media"),
        (offer(replaced(AUDIO, "a=sendrecv", "a=sendonly")), "bad_direction"),
        (offer(without(AUDIO, "a=sendrecv")), "bad_direction"),
        (offer(without(AUDIO, "a=rtpmap:111")), "no_opus"),
        (offer(without(AUDIO, "a=rtcp-mux")), "bad_sdp"),
        (offer(without(AUDIO, "a=ice-ufrag")), "bad_sdp"),
        (offer(without(AUDIO, "a=ice-pwd")), "bad_sdp"),
        (offer(without(AUDIO, "a=fingerprint")), "bad_sdp"),
        (offer(without(AUDIO, "a=setup")), "bad_sdp"),
        (offer(without(AUDIO, "a=mid")), "bad_sdp"),
        (offer(replaced(AUDIO, "a=ice-pwd", "a=ice-pwd:short")), "bad_sdp"),
        (offer(replaced(AUDIO, "a=fingerprint", "a=fingerprint:md5 00")), "bad_sdp"),
        (offer(replaced(AUDIO, "a=setup", "a=setup:holdconn")), "bad_sdp"),
        (offer(AUDIO, without(DATA, "a=ice-ufrag")), "bad_sdp"),
        (offer([*AUDIO, "a=" + "x" * 2_000]), "bad_sdp"),
        (offer([*AUDIO, *["a=x"] * 500]), "bad_sdp"),
        (offer([*AUDIO, "a=x:\x00"]), "bad_sdp"),
        (offer([*AUDIO, "a=x:\x0bm=video 9 RTP/SAVPF 96"]), "bad_sdp"),
        (offer([*AUDIO, "a=x:\x85m=video 9 RTP/SAVPF 96"]), "bad_sdp"),
        (offer([*AUDIO, "a=x:\u2028m=video 9 RTP/SAVPF 96"]), "bad_sdp"),
        (offer([*AUDIO, "a=x:\rm=video 9 RTP/SAVPF 96"]), "bad_sdp"),
        (offer([*AUDIO, "a=x:\ud800"]), "bad_sdp"),
        (offer(candidates=(HOST,) * 21), "too_many_candidates"),
        (offer(candidates=("candidate:nonsense",)), "bad_candidate"),
    ],
)
def test_another_shape_is_refused(sdp: str, code: str) -> None:
    assert refusal(sdp) == code


def test_an_offer_of_more_than_16_kib_is_refused() -> None:
    big = offer([*AUDIO, *[f"a=x:{'y' * 900}"] * 20])
    assert len(big) > 16_384
    assert refusal(big) == "sdp_too_large"
    assert refusal(offer(), MediaLimits(max_sdp_bytes=100)) == "sdp_too_large"


@pytest.mark.parametrize("count", [1_000, 8_000])
def test_thousands_of_candidates_cost_no_time(count: int) -> None:
    """aiortc needs half a second for 1,000 and two minutes for 8,000, and nobody else is served meanwhile."""
    hostile = offer(
        candidates=tuple(f"candidate:{n} 1 udp 1 10.0.{n >> 8}.{n & 255} 5000 typ host" for n in range(count))
    )
    for limits in (LIMITS, MediaLimits(max_sdp_bytes=1 << 22)):
        began = time.thread_time()
        with pytest.raises(SdpRefused):
            check_offer(hostile, limits)
        assert time.thread_time() - began < 0.1


def test_a_refusal_repeats_nothing_of_the_offer() -> None:
    with pytest.raises(SdpRefused) as refused:
        check_offer(offer(replaced(AUDIO, "a=ice-pwd", "a=ice-pwd:hunter2")), LIMITS)
    assert "hunter2" not in str(refused.value)


def test_candidates_that_would_block_never_reach_aiortc() -> None:
    kept = usable_offer(offer([*AUDIO, "a=end-of-candidates"], candidates=(HIDDEN, TCP, HOST, SECOND_COMPONENT)))
    assert [line for line in kept.splitlines() if "candidate" in line] == [f"a={HOST}"]


@pytest.mark.parametrize("prefix", ["", "candidate:", "a=candidate:"])
def test_a_trickled_candidate_is_read(prefix: str) -> None:
    candidate = parse_candidate(prefix + HOST.removeprefix("candidate:"), sdp_mid="0", sdp_m_line_index=0)
    assert candidate is not None
    assert (candidate.ip, candidate.port, candidate.type, candidate.protocol) == ("192.0.2.7", 54321, "host", "udp")
    assert (candidate.sdpMid, candidate.sdpMLineIndex) == ("0", 0)


@pytest.mark.parametrize(
    "candidate",
    [
        HIDDEN,
        TCP,
        SECOND_COMPONENT,
        "candidate:1 1 udp 1 fe80::1 5000 typ host",
        "candidate:1 1 tcp 1 0.0.0.0 9 typ host tcptype active",
        "candidate:1 1 udp 1 192.0.2.7 5000 typ prflx",
    ],
)
def test_an_honest_candidate_of_no_use_is_left_out(candidate: str) -> None:
    assert parse_candidate(candidate, sdp_mid="0", sdp_m_line_index=0) is None


@pytest.mark.parametrize(
    "candidate",
    [
        "",
        "candidate:",
        "candidate:1 1 udp 1 192.0.2.7 5000",
        "candidate:1 1 udp 1 example.org 5000 typ host",
        "candidate:1 1 udp 1 ../../etc/passwd 5000 typ host",
        "candidate:1 1 udp 1 192.0.2.7 70000 typ host",
        "candidate:1 1 udp 1 192.0.2.7 0 typ host",
        "candidate:1 1 udp -1 192.0.2.7 5000 typ host",
        "candidate:1 1 udp 9999999999 192.0.2.7 5000 typ host",
        "candidate:1 1 udp 1 0.0.0.0 5000 typ host",
        "candidate:1 1 udp 1 224.0.0.1 5000 typ host",
        "candidate:1 1 udp 1 255.255.255.255 5000 typ host",
        "candidate:1 1 sctp 1 192.0.2.7 5000 typ host",
        "candidate:1 1 udp 1 192.0.2.7 5000 typ evil",
        "candidate:1 1 udp 1 192.0.2.7 5000 typ host odd",
        "candidate:1 1 udp 1 192.0.2.7 5000 typ host\r\na=evil:1 1",
        "candidate:1 1 udp 1 192.0.2.٧ 5000 typ host",
        HOST + " x" * 1_000,
    ],
)
def test_a_malformed_candidate_is_refused(candidate: str) -> None:
    with pytest.raises(SdpRefused):
        parse_candidate(candidate, sdp_mid="0", sdp_m_line_index=0)


@pytest.mark.parametrize("sdp_mid", ["", "0 1", "x" * 40, "\r\n"])
def test_a_candidate_for_no_section_is_refused(sdp_mid: str) -> None:
    with pytest.raises(SdpRefused):
        parse_candidate(HOST, sdp_mid=sdp_mid, sdp_m_line_index=None)


def test_a_candidate_without_a_section_is_refused() -> None:
    with pytest.raises(SdpRefused):
        parse_candidate(HOST, sdp_mid=None, sdp_m_line_index=None)


@given(st.text(max_size=600))
def test_any_text_is_an_offer_or_refused(text: str) -> None:
    for sdp in (text, offer([*AUDIO, text])):
        try:
            check_offer(sdp, LIMITS)
        except SdpRefused:
            continue
        usable_offer(sdp)


@given(st.text(max_size=200))
def test_any_text_is_a_candidate_or_refused(text: str) -> None:
    for candidate in (text, HOST + text, HOST.replace("192.0.2.7", text)):
        try:
            parse_candidate(candidate, sdp_mid="0", sdp_m_line_index=0)
        except SdpRefused:
            continue
