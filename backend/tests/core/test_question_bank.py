"""Is a bank's file refused for what is wrong with it, and does a room get the same ten questions in every process?"""

from __future__ import annotations

import subprocess
import sys

import pytest

from ai_agent.interviewer.question_bank import (
    ASKED,
    MIN_IN_TOPIC,
    STAGES,
    BankError,
    QuestionBank,
    choose,
    join_topics,
    parse_topic,
)
from tests.architecture.tree import BACKEND

QUESTION = """
[[question]]
id = "{id}"
stage = "{stage}"
text = "What is a stack?"
clarification = "I mean: how do its elements come and go?"
model_answer = "The last element in is the first out. Push adds on top. Pop removes from the top."
misconceptions = ["It is first in, first out.", "Push adds at the bottom."]
"""
POINT = """
[[question.point]]
id = "{id}"
name = "the order"
wordings = ["The last element in is the first one out."]
hint = "Think of plates."
"""


def question(name: str, stage: str, points: int = 3) -> str:
    return QUESTION.format(id=name, stage=stage) + "".join(POINT.format(id=f"point-{n}") for n in range(points))


def topic(name: str = "python", version: int = 1, **counts: int) -> str:
    wanted = {**MIN_IN_TOPIC, **counts}
    questions = "".join(question(f"{name}-{stage}-{n}", stage) for stage in STAGES for n in range(wanted[stage]))
    return f'version = {version}\ntopic = "{name}"\ntitle = "A topic"\n{questions}'


def bank(*names: str) -> QuestionBank:
    return join_topics("tests", [parse_topic(topic(name), f"{name}.toml") for name in names])


def test_a_whole_file_is_read() -> None:
    read = parse_topic(topic(), "python.toml")
    assert len(read.questions) == 32
    assert read.questions[0].points[0].wordings == ("The last element in is the first one out.",)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (topic().replace('clarification = "I mean', 'clarified = "I mean', 1), "python-basic-0, clarified: unknown"),
        (topic().replace('hint = "Think of plates."\n', "", 1), "python-basic-0, point point-0, hint: is missing"),
        (topic().replace("python-basic-1", "python-basic-0"), "'python-basic-0' is there 2 times"),
        (topic(advanced=9), "advanced: 9 questions, at least 10 are needed"),
        (topic(basic=11), "basic: 11 questions, at least 12 are needed"),
        (topic().replace('stage = "basic"', 'stage = "easy"', 1), "stage: 'easy' is not one of"),
        (topic().replace("version = 1", 'version = "1"', 1), "version: a whole number"),
        (topic().replace("What is a stack?", "What " * 50, 1), "text: 250 characters, at most 200"),
        (
            topic().replace('misconceptions = ["It is first in, first out.", ', "misconceptions = [", 1),
            "1 of them, 2 to 4",
        ),
        (topic().replace('id = "python-basic-0"', 'id = "Python basic"', 1), "lower-case words with dashes"),
        (topic().replace("What is a stack?", "What\\u0007?", 1), "control characters"),
        (topic().replace("What is a stack?", " ", 1), "words are needed"),
        ("[[question]", "file: not TOML"),
        ('version = 1\ntopic = "python"\ntitle = "x"', "question: is missing"),
        ('version = 1\ntopic = "python"\ntitle = "x"\nquestion = 3', "[[question]] is needed"),
    ],
)
def test_a_file_is_refused_with_its_path_the_place_and_the_reason(broken: str, said: str) -> None:
    with pytest.raises(BankError) as caught:
        parse_topic(broken, "banks/python.toml")
    assert str(caught.value).startswith("banks/python.toml: ")
    assert said in str(caught.value)


def test_two_points_are_too_few() -> None:
    text = topic().replace(question("python-basic-0", "basic"), question("python-basic-0", "basic", points=2))
    with pytest.raises(BankError, match="2 of them, 3 to 5 are needed"):
        parse_topic(text, "python.toml")


def test_two_files_with_one_question_are_refused() -> None:
    twins = [parse_topic(topic(), "one.toml"), parse_topic(topic().replace('"python"', '"other"', 1), "other.toml")]
    with pytest.raises(BankError, match="is there 2 times"):
        join_topics("tests", twins)


def test_ten_different_questions_basic_ones_first() -> None:
    ids = choose(bank("python", "web"), room_id="a-room")
    assert len(set(ids)) == 10
    assert [one.split("-")[1] for one in ids] == [stage for stage in STAGES for _ in range(ASKED[stage])]


def test_only_the_topics_that_are_wished_are_asked() -> None:
    ids = choose(bank("python", "web"), room_id="a-room", topics=("web",))
    assert all(one.startswith("web-") for one in ids)
    with pytest.raises(BankError, match="no topic 'cooking'"):
        choose(bank("python"), room_id="a-room", topics=("cooking",))


def test_a_room_gets_the_same_questions_again_and_other_rooms_get_others() -> None:
    questions = bank("python", "web", "systems")
    assert choose(questions, room_id="1") == choose(questions, room_id="1")
    assert len({choose(questions, room_id=str(number)) for number in range(200)}) > 150


def test_another_version_of_the_bank_asks_other_questions() -> None:
    newer = join_topics("tests", [parse_topic(topic(version=2), "python.toml")])
    assert choose(bank("python"), room_id="1") != choose(newer, room_id="1")


def test_two_processes_choose_alike() -> None:
    script = (
        "from tests.core.test_question_bank import bank\nfrom ai_agent.interviewer.question_bank import choose\n"
        "print(choose(bank('python', 'web'), room_id='42'))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=BACKEND,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {f"{choose(bank('python', 'web'), room_id='42')}\n"}
