"""The examples of `contracts/interviews` are what the API answers: the pages' tests are shown nothing else."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from ninja import Schema

from ai_agent.interview_answers import InterviewBody, InterviewPage, PracticeBody

EXAMPLES = Path(__file__).resolve().parents[3] / "contracts/interviews"
ANSWERS: dict[str, type[Schema]] = {"report": InterviewBody, "list": InterviewPage, "practice": PracticeBody}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_an_example_is_what_the_api_answers_and_nothing_else(path: Path) -> None:
    raw = path.read_text(encoding="utf-8")
    kind = ANSWERS[path.name.split(".")[0]]
    # As the API does it: from objects, so that what a schema makes out of them is made.
    read = json.loads(raw, object_hook=lambda fields: SimpleNamespace(**fields))
    assert kind.model_validate(read).model_dump(mode="json") == json.loads(raw)


def test_there_is_an_example_of_each_answer() -> None:
    assert {path.name.split(".")[0] for path in EXAMPLES.glob("*.json")} == set(ANSWERS)
