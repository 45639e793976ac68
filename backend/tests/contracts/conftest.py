"""The local engines, loaded once a run. A missing model is a failure with the line that says how to get it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_agent.live_providers.hibari import HibariTextToSpeech
from ai_agent.live_providers.local_llm import LocalLanguageModel
from ai_agent.live_providers.smart_turn import SmartTurn
from ai_agent.live_providers.whisper import WhisperSpeechToText

PATIENCE_SECONDS = 120.0
"""A machine that runs tests may be busy with other things; how long a call waits is not what these tests ask."""

BACKEND = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def models_dir() -> Path:
    return Path(os.environ.get("MODELS_DIR") or BACKEND / "models")


@pytest.fixture(scope="session")
def whisper(models_dir: Path) -> Iterator[WhisperSpeechToText]:
    stt = WhisperSpeechToText(
        model_path=models_dir / "whisper-base",
        probe_model_path=models_dir / "whisper-tiny.en",
        wait_seconds=PATIENCE_SECONDS,
    )
    asyncio.run(stt.warm_up())
    yield stt
    asyncio.run(stt.close())


@pytest.fixture(scope="session")
def local_llm(models_dir: Path) -> Iterator[LocalLanguageModel]:
    llm = LocalLanguageModel(
        model_path=models_dir / "qwen2.5-coder-0.5b-instruct-q4_0.gguf", wait_seconds=PATIENCE_SECONDS
    )
    asyncio.run(llm.warm_up())
    yield llm
    asyncio.run(llm.close())


@pytest.fixture(scope="session")
def hibari() -> Iterator[HibariTextToSpeech]:
    tts = HibariTextToSpeech(wait_seconds=PATIENCE_SECONDS)
    asyncio.run(tts.warm_up())
    yield tts
    asyncio.run(tts.close())


@pytest.fixture(scope="session")
def smart_turn(models_dir: Path) -> Iterator[SmartTurn]:
    model = SmartTurn(model_path=models_dir / "smart-turn-v3.2-cpu.onnx", wait_seconds=PATIENCE_SECONDS)
    asyncio.run(model.warm_up())
    yield model
    asyncio.run(model.close())
