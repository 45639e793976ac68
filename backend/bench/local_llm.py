"""How fast does a local language model answer on this machine? Several files by turns, in one run.

    python -m bench.local_llm [FILE.gguf …] [--rounds 3]

Without files: every GGUF file in MODELS_DIR. Each round loads each file once, as a call does, reads a system prompt
ahead and asks three questions, so that a busy minute of the machine is in everybody's figures:

    a.gguf   round 1            round 2
    b.gguf            round 1            round 2
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from pathlib import Path

from ai_agent.live_providers.local_llm import LocalLanguageModel
from ai_agent.providers import CancelToken, ChatMessage, ReplyOptions

BACKEND = Path(__file__).resolve().parents[1]
SYSTEM_PROMPT = (BACKEND.parent / "README.md").read_text(encoding="utf-8")[:2500]
QUESTIONS = (
    "Tell me how a person can be interrupted while they are speaking, and say why it would matter at all.",
    "What is the moon made of and who was the first one to walk on it in that summer of nineteen sixty nine?",
    "Explain a ship and the sea and the harbour in which they all meet the sailors again.",
)
OPTIONS = ReplyOptions(temperature=0.0, max_tokens=40)

Figures = tuple[float, float]
"""Milliseconds to the first token, and between two tokens after that."""


async def ask(model: LocalLanguageModel, question: str) -> tuple[Figures, str]:
    messages = [ChatMessage("system", SYSTEM_PROMPT), ChatMessage("user", question)]
    began, at, words = time.perf_counter(), [], []
    async for token in model.stream(messages, options=OPTIONS, cancel=CancelToken()):
        at.append(time.perf_counter() - began)
        words.append(token)
    between = (at[-1] - at[0]) / max(1, len(at) - 1)
    return (1000 * at[0], 1000 * between), "".join(words)


async def one_round(path: Path, *, shows_replies: bool) -> list[Figures]:
    model = LocalLanguageModel(model_path=path)
    await model.warm_up()
    await model.prepare([ChatMessage("system", SYSTEM_PROMPT), ChatMessage("user", "Hello.")])
    figures = []
    for question in QUESTIONS:
        measured, reply = await ask(model, question)
        figures.append(measured)
        if shows_replies:
            print(f"{path.name}: {' '.join(reply.split())}", flush=True)
    await model.close()
    return figures


async def measure(paths: list[Path], *, rounds: int) -> dict[Path, list[Figures]]:
    figures: dict[Path, list[Figures]] = {path: [] for path in paths}
    for number in range(rounds):
        for path in paths:
            figures[path] += await one_round(path, shows_replies=number == 0)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    models_dir = Path(os.environ.get("MODELS_DIR") or BACKEND / "models")
    for path, figures in asyncio.run(
        measure(asked.files or sorted(models_dir.glob("*.gguf")), rounds=asked.rounds)
    ).items():
        first, between = zip(*figures, strict=True)
        print(
            f"{path.name}: first token p50 {statistics.median(first):.0f} ms (least {min(first):.0f}), "
            f"a token p50 {statistics.median(between):.1f} ms (least {min(between):.1f}), {len(figures)} answers"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
