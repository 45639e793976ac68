"""Twenty ways in which real-time sound goes wrong, and the test that guards each. The ways were measured, not guessed.

A guard is `file::name` from the folder `backend`, or `file::words of the test` for the pages.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

BACKEND = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Trap:
    number: int
    trap: str
    guards: tuple[str, ...]


ADAPTERS = "tests/shell/test_webrtc_adapters.py::"
LOOPBACK = "tests/shell/test_webrtc_loopback.py::"
MICROPHONE = "tests/shell/test_webrtc_microphone.py::"
OFFERS = "tests/shell/test_webrtc_offers.py::"
SPEAKER = "tests/shell/test_webrtc_speaker.py::"

TRAPS = [
    Trap(
        1,
        "work in the loop's own threads holds up aiortc's encoder, and the agent's sound",
        (
            "tests/shell/test_media_traps.py::test_no_provider_works_in_the_loops_own_threads",
            LOOPBACK + "test_a_call_adds_no_thread",
        ),
    ),
    Trap(
        2,
        "one lost packet makes the caller 200 ms late for the rest of the call",
        (
            ADAPTERS + "test_one_lost_packet_delays_nothing_that_comes_after",
            LOOPBACK + "test_a_lost_packet_delays_nothing_after_it",
        ),
    ),
    Trap(
        3,
        "a lost packet yields no frame, and endpointing counts frames",
        (
            MICROPHONE + "test_a_lost_packet_is_silence_in_its_own_place_and_time",
            MICROPHONE + "test_the_frames_are_as_many_as_the_time_that_passed",
        ),
    ),
    Trap(
        4,
        "a dead peer is silent for half a minute",
        (
            LOOPBACK + "test_a_client_that_vanishes_is_noticed_within_three_seconds",
            "../frontend/features/call/callMachine.test.ts::"
            "keeps the socket and makes a new peer where only the packets stop",
        ),
    ),
    Trap(
        5,
        "aiortc has no ICE restart",
        (LOOPBACK + "test_the_speaker_moves_to_the_next_connection_and_goes_on_where_it_was",),
    ),
    Trap(
        6,
        "an mDNS candidate blocks for a second",
        (
            OFFERS + "test_candidates_that_would_block_never_reach_aiortc",
            LOOPBACK + "test_hidden_addresses_block_nothing",
            LOOPBACK + "test_a_client_whose_addresses_come_later_is_connected",
        ),
    ),
    Trap(
        7,
        "a connection without configuration asks a public STUN server",
        (ADAPTERS + "test_no_server_is_asked_that_was_not_configured",),
    ),
    Trap(
        8,
        "only the first STUN and TURN server counts, and our own candidates are never trickled",
        (
            ADAPTERS + "test_the_first_server_of_each_kind_is_asked",
            LOOPBACK + "test_the_answer_names_the_chosen_addresses_only_and_offers_opus_only",
        ),
    ),
    Trap(
        9,
        "a fixed sleep a frame drifts by 2 to 6 %",
        (
            SPEAKER + "test_ten_minutes_are_thirty_thousand_frames_without_drift",
            SPEAKER + "test_after_a_long_delay_the_clock_moves_and_nothing_is_sent_as_a_burst",
            SPEAKER + "test_it_is_silent_when_nobody_speaks",
        ),
    ),
    Trap(
        10,
        "sound comes in as packed stereo",
        (MICROPHONE + "test_any_sample_format_becomes_mono", ADAPTERS + "test_what_is_encoded_is_heard_again"),
    ),
    Trap(
        11,
        "resampling block by block clicks, and PyAV's resampler starts threads",
        (
            MICROPHONE + "test_any_rate_and_frame_size_becomes_one_clean_stream",
            ADAPTERS + "test_codecs_start_no_thread_of_their_own",
        ),
    ),
    Trap(
        12,
        "a hostile offer blocks the whole loop",
        (
            OFFERS + "test_thousands_of_candidates_cost_no_time",
            OFFERS + "test_an_offer_of_more_than_16_kib_is_refused",
            LOOPBACK + "test_the_thirty_first_candidate_is_refused",
            "tests/shell/test_door.py::test_a_hostile_offer_is_refused_and_the_door_stays_open",
        ),
    ),
    Trap(
        13,
        "a quiet consumer dies after five seconds on Redis",
        (
            "tests/shell/test_redis.py::"
            "test_a_consumer_that_hears_nothing_for_twelve_seconds_still_hears_the_next_message",
        ),
    ),
    Trap(
        14,
        "Channels' own origin check ignores port and scheme",
        ("tests/shell/test_door.py::test_another_page_does_not_get_as_far_as_a_socket",),
    ),
    Trap(
        15,
        "a close before the accept reaches the browser without its reason",
        (
            "tests/shell/test_door.py::test_who_is_not_signed_in_is_closed_with_4401",
            "tests/shell/test_door.py::test_somebody_elses_room_is_closed_with_4404",
        ),
    ),
    Trap(
        16,
        "unread tracks grow, and tasks that outlive a call keep it",
        (
            ADAPTERS + "test_a_reader_that_does_not_read_keeps_half_a_second_at_most",
            LOOPBACK + "test_closing_our_side_ends_the_frames_and_may_be_done_twice",
            LOOPBACK + "test_closing_while_connecting_ends_the_wait",
        ),
    ),
    Trap(
        17,
        "Daphne gives a consumer ten seconds after its socket: the call has to outlive it",
        ("tests/shell/test_call.py::test_a_lost_socket_is_resumed_with_the_history_and_the_same_call",),
    ),
    Trap(
        18,
        "the browser's own noise suppression and gain control clip",
        (
            "../frontend/features/call/callClient.test.ts::"
            "asks for a microphone with echo cancellation and nothing else",
            "../frontend/features/call/signaling.test.ts::says what the browser really did with the microphone",
        ),
    ),
    Trap(
        19,
        "discontinuous transmission stops the stream in silence",
        (
            LOOPBACK + "test_the_answer_names_the_chosen_addresses_only_and_offers_opus_only",
            ADAPTERS + "test_silence_is_sent_as_packets_too",
        ),
    ),
    Trap(
        20,
        "the answer names the address of every interface",
        (
            LOOPBACK + "test_the_answer_names_the_chosen_addresses_only_and_offers_opus_only",
            ADAPTERS + "test_container_bridges_and_loopback_are_left_out",
        ),
    ),
]


def test_the_table_names_all_twenty() -> None:
    assert [trap.number for trap in TRAPS] == list(range(1, 21))
    assert all(trap.guards for trap in TRAPS)


@pytest.mark.parametrize("guard", sorted({guard for trap in TRAPS for guard in trap.guards}))
def test_the_guard_exists(guard: str) -> None:
    file, _, name = guard.partition("::")
    source = (BACKEND / file).read_text(encoding="utf-8")
    if file.endswith(".py"):
        assert name in {node.name for node in ast.walk(ast.parse(source)) if _is_function(node)}
    else:
        assert re.search(rf"""\b(?:it|test)\(\s*["'`]{re.escape(name)}""", source)


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


PROVIDERS = [
    path
    for place in ("live_providers", "mock_providers", "ai_orchestrator.py", "persona_voice.py", "engine_pool.py")
    for path in (BACKEND / "ai_agent" / place, *(BACKEND / "ai_agent" / place).rglob("*.py"))
    if path.is_file()
]


def _calls_the_loops_threads(node: ast.AST) -> bool:
    """`asyncio.to_thread(…)`, or `run_in_executor(None, …)`."""
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    first = node.args[0] if node.args else None
    is_default = isinstance(first, ast.Constant) and first.value is None
    return called.endswith("to_thread") or (called.endswith("run_in_executor") and is_default)


@pytest.mark.parametrize("path", PROVIDERS, ids=lambda path: str(path.relative_to(BACKEND)))
def test_no_provider_works_in_the_loops_own_threads(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if _calls_the_loops_threads(node)]  # type: ignore[attr-defined]


def test_the_guard_of_the_threads_sees_what_it_forbids() -> None:
    tree = ast.parse("await asyncio.to_thread(work)\nawait loop.run_in_executor(None, work)\npool.submit(work)")
    assert sum(_calls_the_loops_threads(node) for node in ast.walk(tree)) == 2
