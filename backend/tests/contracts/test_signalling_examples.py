"""Do the examples that both test suites read say what the server understands and sends?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from ai_agent.signaling import (
    MAX_MESSAGE_BYTES,
    ClientMessage,
    MessageRefused,
    ServerMessage,
    encode,
    parse_client_message,
    parse_server_message,
)

EXAMPLES = Path(__file__).parents[3] / "contracts" / "signalling"
CLIENT = sorted((EXAMPLES / "client").glob("*.json"))
SERVER = sorted((EXAMPLES / "server").glob("*.json"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.json"))

SERVER_CODE = "\n".join(path.read_text() for path in (Path(__file__).parents[2] / "ai_agent").glob("*.py"))


def type_of(example: Path) -> str:
    """The message's type as the file name says it: `type[.variant].json`."""
    return example.name.split(".")[0]


def types_of(union: Any) -> set[str]:
    """Every value of `type` that a union of messages knows."""
    models = get_args(get_args(union)[0])
    return {get_args(model.model_fields["type"].annotation)[0] for model in models}


@pytest.mark.parametrize(("examples", "union"), [(CLIENT, ClientMessage), (SERVER, ServerMessage)])
def test_every_kind_of_message_has_an_example(examples: list[Path], union: Any) -> None:
    assert {type_of(example) for example in examples} == types_of(union)


@pytest.mark.parametrize("example", CLIENT + SERVER, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_is_named_after_the_type_inside(example: Path) -> None:
    assert json.loads(example.read_text())["type"] == type_of(example)


@pytest.mark.parametrize("example", CLIENT, ids=lambda path: path.stem)
def test_what_the_browser_says_is_understood_and_comes_back_the_same(example: Path) -> None:
    message = parse_client_message(example.read_text())

    said_again = json.loads(message.model_dump_json(by_alias=True, exclude_unset=True))

    assert said_again == json.loads(example.read_text())
    assert parse_client_message(json.dumps(said_again)) == message


@pytest.mark.parametrize("example", SERVER, ids=lambda path: path.stem)
def test_what_the_server_says_is_written_exactly_like_its_example(example: Path) -> None:
    message = parse_server_message(example.read_text())

    assert json.loads(encode(message)) == json.loads(example.read_text())
    assert parse_server_message(encode(message)) == message


@pytest.mark.parametrize("example", [path for path in SERVER if type_of(path) == "transcript"], ids=lambda p: p.stem)
def test_a_transcript_is_never_heard_beyond_its_end(example: Path) -> None:
    line = json.loads(example.read_text())
    assert line.get("heard_upto", 0) <= len(line["text"])


@pytest.mark.parametrize("example", SERVER, ids=lambda path: path.stem)
def test_no_example_has_a_code_or_a_reason_that_the_server_never_gives(example: Path) -> None:
    message = json.loads(example.read_text())
    given = message.get("code") or message.get("reason")
    assert given is None or f'"{given}"' in SERVER_CODE


@pytest.mark.parametrize("phase", ["WAIT_FOR_USER", "VALIDATING_UTTERANCE", "PROCESSING_USER", "AI_SPEAKING"])
def test_every_phase_has_an_example(phase: str) -> None:
    states = [json.loads(path.read_text())["state"] for path in SERVER if type_of(path) == "agent_state"]
    assert phase in states


@pytest.mark.parametrize("example", INVALID, ids=lambda path: path.stem)
def test_a_bad_message_is_refused_with_its_code(example: Path) -> None:
    case = json.loads(example.read_text())
    raw = case["raw"] if "raw" in case else json.dumps(case["message"])

    with pytest.raises(MessageRefused) as refusal:
        parse_client_message(raw)

    assert refusal.value.code == case["code"]
    assert str(refusal.value)


def test_control_characters_in_a_typed_text_are_spaces_and_its_lines_stay() -> None:
    """PostgreSQL cannot keep a NUL: the words around it are not lost for it."""
    message = parse_client_message(json.dumps({"type": "user_text", "text": "What\x00is\x1bthe\n\x9ftime?\t"}))
    assert message.text == "What is the\n time?\t"


@pytest.mark.parametrize("at", [0, 3, 1.5, -2.0])
def test_a_whole_number_is_a_number(at: float) -> None:
    assert parse_client_message(json.dumps({"type": "ping", "at": at})).at == at


def test_a_message_of_more_than_64_kib_is_refused_unread() -> None:
    with pytest.raises(MessageRefused) as refusal:
        parse_client_message("{" * (MAX_MESSAGE_BYTES + 1))
    assert refusal.value.code == "message_too_large"
