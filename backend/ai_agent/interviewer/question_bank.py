"""Which questions are there, and which ten does a room get? Files of questions, checked, and a choice that never moves.

    text of a file ──parse_topic──> Topic ──join_topics──> QuestionBank ──choose(room)──> the same ids in every process

Ranks come from blake2b, never from `hash()`, which is salted anew in each process. Files are opened by the shell.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Literal, get_args

from ai_agent.interviewer.verdicts import KeyPoint

Stage = Literal["basic", "moderate", "advanced"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)

ASKED: Final[Mapping[Stage, int]] = {"basic": 4, "moderate": 3, "advanced": 3}
"""Ten questions."""
MIN_IN_TOPIC: Final[Mapping[Stage, int]] = {"basic": 12, "moderate": 10, "advanced": 10}
"""A topic has at least so many at a stage."""

POINTS: Final = (3, 5)
WORDINGS: Final = (1, 3)
MISCONCEPTIONS: Final = (2, 4)
MAX_SPOKEN: Final = 200
"""Characters of a question or a clarification."""
MAX_HINT: Final = 160
MAX_TEXT: Final = 600

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BankError(ValueError):
    """A bank file is refused: which file, where in it, and why."""

    def __init__(self, path: str, where: str, reason: str) -> None:
        super().__init__(f"{path}: {where}: {reason}")
        self.path, self.where, self.reason = path, where, reason


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    topic: str
    stage: Stage
    text: str
    """As it is spoken."""
    clarification: str
    """The same in other words; gives nothing away."""
    points: tuple[KeyPoint, ...]
    misconceptions: tuple[str, ...]
    """Wrong statements, as a candidate would make them."""
    model_answer: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One file."""

    id: str
    title: str
    version: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """All that can be asked in one kind of interview."""

    name: str
    version: str
    """Changes with any topic's version: a room that has begun has its ids stored, so it keeps them."""
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question:
        """
        Raises:
            KeyError: the bank has no such question.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(question.topic for question in self.questions))


# ── the choice ────────────────────────────────────────────────────────────────────────────────────────────────────────


def choose(
    bank: QuestionBank, *, room_id: str, topics: Sequence[str] = (), counts: Mapping[Stage, int] = ASKED
) -> tuple[str, ...]:
    """The ids for a room, basic ones first. Without topics: from all of them.

    Raises:
        BankError: a topic is unknown, or has too few questions at a stage.
    """
    unknown = [topic for topic in topics if topic not in bank.topics]
    if unknown:
        raise BankError(bank.name, "topics", f"no topic {unknown[0]!r}; there are {', '.join(bank.topics)}")
    wanted = set(topics) or set(bank.topics)
    chosen: list[str] = []
    for stage in STAGES:
        ids = [one.id for one in bank.questions if one.stage == stage and one.topic in wanted]
        if len(ids) < counts.get(stage, 0):
            raise BankError(bank.name, stage, f"{counts[stage]} questions are asked and there are {len(ids)}")
        ids.sort(key=lambda question_id: _rank(bank.version, room_id, stage, question_id))
        chosen += ids[: counts.get(stage, 0)]
    return tuple(chosen)


def _rank(version: str, room_id: str, stage: Stage, question_id: str) -> tuple[bytes, str]:
    written = f"{version}\x1f{room_id}\x1f{stage}\x1f{question_id}"
    return blake2b(written.encode("utf-8", "surrogatepass")).digest(), question_id


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def join_topics(name: str, topics: Iterable[Topic]) -> QuestionBank:
    """
    Raises:
        BankError: two topics, or two questions of different files, have one id; or there is no topic at all.
    """
    topics = tuple(topics)
    if not topics:
        raise BankError(name, "topics", "there are none")
    _refuse_doubles(name, "topic", [topic.id for topic in topics])
    questions = tuple(question for topic in topics for question in topic.questions)
    _refuse_doubles(name, "question", [question.id for question in questions])
    version = " ".join(f"{topic.id}:{topic.version}" for topic in sorted(topics, key=lambda topic: topic.id))
    return QuestionBank(name=name, version=version, questions=questions)


def parse_topic(text: str, path: str, *, minimum: Mapping[Stage, int] = MIN_IN_TOPIC) -> Topic:
    """The questions of one file. `path` is for the words of an error only.

    Raises:
        BankError: the first thing that is wrong, with its place.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BankError(path, "file", f"not TOML: {error}") from error
    table = _Table(path, "file", written)
    table.refuse_others({"version", "topic", "title", "question"})
    version = written.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BankError(path, "version", "a whole number from 1 is needed")
    topic = table.id("topic")
    title = table.words("title", most=80)
    questions = tuple(_question(one, topic) for one in table.tables("question", "question"))
    _refuse_doubles(path, "question", [question.id for question in questions])
    found = Counter(question.stage for question in questions)
    for stage, least in minimum.items():
        if found[stage] < least:
            raise BankError(path, stage, f"{found[stage]} questions, at least {least} are needed")
    return Topic(id=topic, title=title, version=version, questions=questions)


class _Table:
    """A table of a file, with its place for errors."""

    def __init__(self, path: str, where: str, written: Mapping[str, Any]) -> None:
        self.path, self.where, self._written = path, where, written

    def error(self, field: str, reason: str) -> BankError:
        return BankError(self.path, field if self.where == "file" else f"{self.where}, {field}", reason)

    def refuse_others(self, known: set[str]) -> None:
        for field in self._written:
            if field not in known:
                raise self.error(field, f"unknown; there are {', '.join(sorted(known))}")

    def words(self, field: str, *, most: int = MAX_TEXT) -> str:
        if field not in self._written:
            raise self.error(field, "is missing")
        return self._checked(self._written[field], field, most)

    def id(self, field: str) -> str:
        value = self.words(field, most=80)
        if not _ID.fullmatch(value):
            raise self.error(field, f"{value!r}: lower-case words with dashes are needed")
        return value

    def many(self, field: str, bounds: tuple[int, int], *, most: int = 300) -> tuple[str, ...]:
        values = self._written.get(field)
        if values is None:
            raise self.error(field, "is missing")
        if not isinstance(values, list):
            raise self.error(field, "a list is needed")
        self.check_count(field, len(values), bounds)
        checked = tuple(self._checked(value, field, most) for value in values)
        _refuse_doubles(self.path, f"{self.where}, {field}", list(checked))
        return checked

    def tables(self, field: str, called: str) -> list[_Table]:
        values = self._written.get(field)
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.error(field, "is missing" if values is None else f"[[{field}]] is needed")
        return [_Table(self.path, self._place(called, number, value), value) for number, value in enumerate(values, 1)]

    def check_count(self, field: str, count: int, bounds: tuple[int, int]) -> None:
        least, most = bounds
        if not least <= count <= most:
            raise self.error(field, f"{count} of them, {least} to {most} are needed")

    def _place(self, called: str, number: int, value: Mapping[str, Any]) -> str:
        name = value.get("id")
        place = f"{called} {name if isinstance(name, str) else f'number {number}'}"
        return place if self.where == "file" else f"{self.where}, {place}"

    def _checked(self, value: object, field: str, most: int) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.error(field, "words are needed")
        if len(value) > most:
            raise self.error(field, f"{len(value)} characters, at most {most}")
        if not value.isprintable():
            raise self.error(field, "control characters or line ends in it")
        return value.strip()


def _question(table: _Table, topic: str) -> Question:
    table.refuse_others({"id", "stage", "text", "clarification", "model_answer", "misconceptions", "point"})
    stage = table.words("stage")
    question_id = table.id("id")
    if stage not in STAGES:
        raise table.error("stage", f"{stage!r} is not one of {', '.join(STAGES)}")
    points = tuple(_point(one) for one in table.tables("point", "point"))
    table.check_count("point", len(points), POINTS)
    _refuse_doubles(table.path, f"{table.where}, point", [point.id for point in points])
    return Question(
        id=question_id,
        topic=topic,
        stage=stage,
        text=table.words("text", most=MAX_SPOKEN),
        clarification=table.words("clarification", most=MAX_SPOKEN),
        points=points,
        misconceptions=table.many("misconceptions", MISCONCEPTIONS),
        model_answer=table.words("model_answer", most=1_200),
    )


def _point(table: _Table) -> KeyPoint:
    table.refuse_others({"id", "name", "wordings", "hint"})
    return KeyPoint(
        id=table.id("id"),
        name=table.words("name", most=100),
        wordings=table.many("wordings", WORDINGS),
        hint=table.words("hint", most=MAX_HINT),
    )


def _refuse_doubles(path: str, where: str, values: Sequence[str]) -> None:
    for value, count in Counter(values).items():
        if count > 1:
            raise BankError(path, where, f"{value!r} is there {count} times")
