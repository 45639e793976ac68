"""Does the configuration choose the providers it names, and is a wrong name one clear line?"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.providers import (
    AI_MODES,
    NOT_IN_THIS_RELEASE,
    PROVIDERS,
    ROLES,
    CancelToken,
    EndOfTurnModel,
    LanguageModel,
    ProviderError,
    Providers,
    SpeechToText,
    TextToSpeech,
    UnknownProvider,
    build_providers,
    choose_providers,
    load_provider,
)

PORTS = {"stt": SpeechToText, "llm": LanguageModel, "tts": TextToSpeech}


def settings(**changes: object) -> SimpleNamespace:
    names: dict[str, object] = {
        "AI_MODE": "mock",
        "STT_PROVIDER": "",
        "LLM_PROVIDER": "",
        "TTS_PROVIDER": "",
        "MOCK_STT_DELAY_MS": 0,
        "MOCK_LLM_DELAY_MS": 0,
        "MOCK_TTS_DELAY_MS": 0,
        "MOCK_STT_TEXT": "Good day.",
        "MOCK_LLM_REPLY": "",
        "MOCK_TTS_WAV": "",
        "MODELS_DIR": Path("models"),
        "WHISPER_MODEL": "whisper-base",
        "PROBE_WHISPER_MODEL": "whisper-tiny.en",
        "WHISPER_WINDOW": "short",
        "LOCAL_LLM_MODEL": "model.gguf",
        "END_OF_TURN_MODEL": "end-of-turn.onnx",
    }
    return SimpleNamespace(**{**names, **changes})


@pytest.mark.parametrize("ai_mode", AI_MODES)
def test_a_mode_chooses_all_three_roles_from_the_tables(ai_mode: str) -> None:
    chosen = choose_providers(ai_mode)
    assert all(chosen[role] in PROVIDERS[role] for role in ROLES)


def test_a_roles_own_variable_beats_the_mode() -> None:
    assert choose_providers("local", stt="mock") == {"stt": "mock", "llm": "local", "tts": "local"}


@pytest.mark.parametrize(
    ("role", "name"), [(role, name) for role in ROLES for name in sorted(NOT_IN_THIS_RELEASE[role])]
)
def test_a_provider_of_a_later_release_is_answered_with_what_there_is(role: str, name: str) -> None:
    with pytest.raises(UnknownProvider, match=f"{role.upper()}_PROVIDER={name}: not in this release, which has .*mock"):
        choose_providers("local", **{role: name})


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"ai_mode": "live"}, "AI_MODE=live: the cloud providers are not in this release"),
        ({"ai_mode": "cloud"}, "AI_MODE=cloud: unknown; write mock or local"),
        ({"ai_mode": "mock", "tts": "parrot"}, "TTS_PROVIDER=parrot: unknown; this release has local, mock"),
    ],
)
def test_an_unknown_name_is_one_clear_line(arguments: dict[str, str], line: str) -> None:
    with pytest.raises(UnknownProvider, match=line):
        choose_providers(**arguments)


@pytest.mark.parametrize(("role", "name"), [(role, name) for role in ROLES for name in PROVIDERS[role]])
def test_every_path_in_the_tables_leads_to_a_class(role: str, name: str) -> None:
    assert isinstance(load_provider(role, name), type)  # type: ignore[arg-type]


async def test_stand_ins_are_built_from_the_settings_and_are_named() -> None:
    providers = build_providers(settings())
    assert providers.stand_ins == ("stt", "llm", "tts")
    assert all(isinstance(getattr(providers, role), port) for role, port in PORTS.items())
    assert await providers.warm_up() == ()
    assert (await providers.stt.transcribe(b"\0\0", language="en", cancel=CancelToken())).text == "Good day."
    assert isinstance(providers.end_of_turn, EndOfTurnModel)
    assert await providers.warm_up_end_of_turn() is None
    assert await providers.end_of_turn.predict(b"\0\0", cancel=CancelToken()) > 0.9
    await providers.close()


async def test_only_the_roles_that_are_stand_ins_are_named() -> None:
    providers = build_providers(settings(AI_MODE="local", STT_PROVIDER="mock"))
    assert providers.stand_ins == ("stt",)
    await providers.close()


async def test_warming_up_tells_every_provider_that_is_not_ready(tmp_path: Path) -> None:
    providers = build_providers(settings(AI_MODE="local", TTS_PROVIDER="mock", MODELS_DIR=tmp_path))
    problems = await providers.warm_up()
    assert [problem.provider for problem in problems] == ["whisper", "local"]
    assert all("fetch_models" in problem.reason for problem in problems)
    await providers.close()


async def test_a_model_that_calls_can_do_without_is_not_among_what_is_missing(tmp_path: Path) -> None:
    providers = build_providers(
        settings(AI_MODE="local", STT_PROVIDER="mock", LLM_PROVIDER="mock", TTS_PROVIDER="mock", MODELS_DIR=tmp_path)
    )
    assert await providers.warm_up() == ()
    problem = await providers.warm_up_end_of_turn()
    assert problem is not None
    missing = tmp_path / "end-of-turn.onnx"
    assert str(problem) == f"smart-turn: {missing} is missing: run `python manage.py fetch_models`"
    await providers.close()


async def test_a_mistake_of_ours_in_a_provider_is_not_taken_for_a_provider_that_is_not_ready() -> None:
    class Broken(MockSpeechToText):
        async def warm_up(self) -> None:
            raise TypeError("a mistake")

    healthy = build_providers(settings())
    with pytest.raises(TypeError, match="a mistake"):
        await Providers(stt=Broken(), llm=healthy.llm, tts=healthy.tts, stand_ins=()).warm_up()


def test_an_error_says_who_and_why_in_one_line() -> None:
    assert str(ProviderError("whisper", "busy", retryable=True)) == "whisper: busy"
