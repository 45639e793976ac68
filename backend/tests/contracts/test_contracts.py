"""Does everybody who can be chosen keep the promises of the port? A class `Test{provider}` for each row of a table."""

from __future__ import annotations

import pytest

from ai_agent.providers import PROVIDERS, Role
from tests.contracts import test_local_providers, test_mock_providers
from tests.contracts.llm_contract import LanguageModelContract
from tests.contracts.stt_contract import SpeechToTextContract
from tests.contracts.tts_contract import TextToSpeechContract

CONTRACTS: dict[Role, type] = {
    "stt": SpeechToTextContract,
    "llm": LanguageModelContract,
    "tts": TextToSpeechContract,
}
CLASSES = [(role, path.rpartition(".")[2]) for role, table in PROVIDERS.items() for path in table.values()]
TESTED = {**vars(test_local_providers), **vars(test_mock_providers)}


@pytest.mark.parametrize(("role", "provider"), CLASSES)
def test_every_provider_is_held_to_the_contract_of_its_port(role: Role, provider: str) -> None:
    assert issubclass(TESTED[f"Test{provider}"], CONTRACTS[role])
