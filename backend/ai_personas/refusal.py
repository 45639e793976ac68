"""What is wrong with this configuration? Every problem in plain words: where, what stands there, what may."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

_LONGEST_QUOTE = 60
"""Characters of a wrong value that a message repeats."""

_EXPECTED = {
    "string_type": "a text",
    "string_unicode": "whole characters",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a number with an end",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}
"""Pydantic's name of an error about the kind of a value → what was expected."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `path` is written as in `barge_in.stop_words[1]`; the whole file is the empty path."""

    path: str
    value: Any
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class PersonaRefused(ValueError):
    """The configuration cannot be used. It names everything that is wrong at once, and nothing has changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def by_path(self) -> dict[str, list[str]]:
        """The messages under their paths, as the API's `errors` has them."""
        found: dict[str, list[str]] = {}
        for problem in self.problems:
            found.setdefault(problem.path, []).append(problem.message)
        return found


def problems_in(error: ValidationError, model: type[BaseModel]) -> Iterator[Problem]:
    """Each of pydantic's errors about `model`, said in the words of this project."""
    for details in error.errors(include_url=False):
        place = tuple(part for part in details["loc"] if part != "[key]")
        yield Problem(written_path(place), details["input"], _message(details, place, model))


def written_path(place: Iterable[int | str]) -> str:
    """Where a value stands, as a person writes it.

    >>> written_path(("prompt", "examples", 0, "user"))
    'prompt.examples[0].user'
    """
    path = ""
    for part in place:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant.

    >>> nearest("hold", ["hold_ms", "snr_db"])
    'hold_ms'
    >>> nearest("colour", ["hold_ms", "snr_db"]) is None
    True
    """
    found = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def _message(details: ErrorDetails, place: tuple[int | str, ...], model: type[BaseModel]) -> str:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind in _EXPECTED:
        return f"{_quoted(value)} is not {_EXPECTED[kind]}"
    match kind:
        case "missing":
            message = "is missing"
        case "extra_forbidden":
            message = _unknown_key(str(place[-1]), _known_keys(model, place[:-1]))
        case "literal_error":
            message = _unknown_value(value, _known_values(model, place))
        case "greater_than_equal":
            message = f"{value} is under {context['ge']:g}{_range(model, place)}"
        case "less_than_equal":
            message = f"{value} is over {context['le']:g}{_range(model, place)}"
        case "string_too_long":
            message = f"{len(value)} characters, at most {context['max_length']}"
        case "string_pattern_mismatch":
            message = f"{_quoted(value)} is not written as {context['pattern']}"
        case "too_long":
            message = f"{len(value)} entries, at most {context['max_length']}"
        case "too_short":
            message = f"{len(value)} entries, at least {context['min_length']}"
        case "value_error":
            message = str(context["error"])
        case _:
            message = details["msg"]
    return message


def _unknown_key(word: str, known: list[str]) -> str:
    meant = nearest(word, known)
    return f'unknown key; did you mean "{meant}"?' if meant else f"unknown key; known here: {', '.join(known)}"


def _unknown_value(value: Any, known: list[Any]) -> str:
    meant = nearest(value, [word for word in known if isinstance(word, str)]) if isinstance(value, str) else None
    listed = ", ".join(_quoted(word) for word in known)
    hint = f'; did you mean "{meant}"?' if meant else ""
    return f"{_quoted(value)} is not one of {listed}{hint}"


def _quoted(value: Any) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)[:_LONGEST_QUOTE]
    return f'"{value if len(value) <= _LONGEST_QUOTE else value[:_LONGEST_QUOTE] + "…"}"'


# ── what the model knows about a place ────────────────────────────────────────────────────────────


def _annotation_at(model: type[BaseModel], place: Iterable[int | str]) -> Any:
    """The type that stands at a place: a model, `tuple[X, ...]`, `dict[K, X]`, `Literal[…]` or a plain one."""
    annotation: Any = model
    for part in place:
        annotation = _without_none(annotation)
        if _is_model(annotation):
            annotation = annotation.model_fields[str(part)].annotation
        else:
            arguments = get_args(annotation)
            annotation = arguments[0] if get_origin(annotation) is tuple else arguments[-1]
    return _without_none(annotation)


def _known_keys(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    return list(_annotation_at(model, place).model_fields)


def _known_values(model: type[BaseModel], place: tuple[int | str, ...]) -> list[Any]:
    holder = _annotation_at(model, place[:-1])
    if get_origin(holder) is dict:
        return list(get_args(get_args(holder)[0]))
    return list(get_args(_annotation_at(model, place)))


def _range(model: type[BaseModel], place: tuple[int | str, ...]) -> str:
    holder = _annotation_at(model, place[:-1])
    field: FieldInfo = holder.model_fields[str(place[-1])]
    bounds = {
        name: getattr(constraint, name)
        for constraint in field.metadata
        for name in ("ge", "le")
        if getattr(constraint, name, None) is not None
    }
    return f" ({bounds['ge']:g} to {bounds['le']:g})" if len(bounds) == 2 else ""


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _without_none(annotation: Any) -> Any:
    choices = [choice for choice in get_args(annotation) if choice is not type(None)]
    is_optional = type(None) in get_args(annotation)
    return choices[0] if is_optional and len(choices) == 1 else annotation
