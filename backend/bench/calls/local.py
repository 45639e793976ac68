"""How long does a local answer take, and what does Whisper's shortened window save? Both windows in one run.

    python -m bench.calls.local [--turns 20]

Two servers, called by turns, five turns a call, so that a busy minute of the machine is in both figures. Nobody else
is on the line during a call:

    short window   call 1            call 2
    full window            call 1            call 2
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
from dataclasses import dataclass
from typing import Any

import jiwer

from ai_agent.live_providers.whisper import Window
from bench.calls.caller import load_speech
from bench.calls.servers import Server, one_call, running, verdict
from tests.contracts.speech import READ_ALOUD, RECORDINGS
from tests.e2e.score import plain_words

LATENCY_BAR_MS = 2000.0
RATIO_BAR = 0.75
WORD_ERROR_POINTS_BAR = 1.0
PARTS = ("stt_ms", "llm_first_token_ms", "tts_first_audio_ms")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one window's calls came to."""

    answered_count: int
    latency_ms: float
    word_error_percent: float


async def converse(servers: dict[Window, Server], *, turns: int) -> dict[Window, list[dict[str, Any]]]:
    """What each server said in calls of at most five turns, first one call of this server, then one of that."""
    messages: dict[Window, list[dict[str, Any]]] = {window: [] for window in servers}
    for call, first_turn in enumerate(range(0, turns, len(READ_ALOUD))):
        speech = [load_speech(RECORDINGS / one.path) for one in READ_ALOUD[: turns - first_turn]]
        for window, server in servers.items():
            result = await one_call(server.doors()[call], speech, delay=0.0, loss_percent=0.0)
            messages[window] += result.messages
    return messages


def judge_window(window: Window, messages: list[dict[str, Any]], *, turns: int) -> Figures:
    """Print what one window's calls came to."""
    metrics = [message for message in messages if message["type"] == "turn_metrics"]
    latencies = [message["reply_latency_ms"] for message in metrics if "reply_latency_ms" in message]
    heard = [message["text"] for message in messages if message["type"] == "transcript" and message["role"] == "user"]
    said = [READ_ALOUD[turn % len(READ_ALOUD)].words for turn in range(turns)]
    error = 100 * jiwer.wer(" ".join(map(plain_words, said)), " ".join(map(plain_words, heard)))
    figures = Figures(len(latencies), statistics.median(latencies), error)
    print(
        f"{window:>5} window: reply_latency_ms p50 {figures.latency_ms:.0f} of {figures.answered_count} turns "
        f"(least {min(latencies):.0f}, most {max(latencies):.0f}), word error rate {error:.1f} %"
    )
    for part in PARTS:
        values = [message[part] for message in metrics if message.get(part) is not None]
        print(f"        {part} p50 {statistics.median(values):.0f}, most {max(values):.0f}")
    return figures


def main() -> int:
    """Exit status: 0 when every bar was met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=20)
    turns: int = parser.parse_args().turns
    with (
        running("parley", port=8303, arguments=["--mode", "local", "--window", "short"]) as short_server,
        running("parley", port=8304, arguments=["--mode", "local", "--window", "full"]) as full_server,
    ):
        said = asyncio.run(converse({"short": short_server, "full": full_server}, turns=turns))
    short, full = (judge_window(window, messages, turns=turns) for window, messages in said.items())
    print()
    verdicts = (
        verdict(f"turns of {turns} without an answer", float(turns - short.answered_count), 0.0, ""),
        verdict("local reply_latency_ms p50", short.latency_ms, LATENCY_BAR_MS, "ms"),
        verdict("short ÷ full", short.latency_ms / full.latency_ms, RATIO_BAR, ""),
        verdict(
            "word error rate, short less full",
            short.word_error_percent - full.word_error_percent,
            WORD_ERROR_POINTS_BAR,
            "points",
        ),
    )
    return min(1, verdicts.count(False))


if __name__ == "__main__":
    raise SystemExit(main())
