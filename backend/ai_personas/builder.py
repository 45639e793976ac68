"""How is a persona made from another one, and what sets two apart? Built from templates, validated every time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, get_args

from ai_personas.refusal import PersonaRefused, Problem, nearest
from ai_personas.schema import SCHEMA_VERSION, PersonaConfig, TemplateId, parse_persona

BLANK: Final = "blank"
"""The template of a persona that descends from no preset."""

PRESET_IDS: Final = tuple(template_id for template_id in get_args(TemplateId) if template_id != BLANK)
"""The personas that come with the product, in the order in which they are shown."""

_BLANK_CONFIGURATION: Final[Mapping[str, Any]] = {
    "schema_version": SCHEMA_VERSION,
    "name": "New persona",
    "metadata": {"source_template_id": BLANK},
    "prompt": {"system": "You are {name}, a friendly voice on a phone call. Answer in short, plain sentences."},
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs. `None` on a side: nothing is written there."""

    path: str
    before: Any
    after: Any


@cache
def load_template(template_id: str) -> PersonaConfig:
    """A preset, or the blank one.

    Raises:
        PersonaRefused: there is no such template, or its file is not valid.
    """
    if template_id == BLANK:
        return parse_persona(_BLANK_CONFIGURATION)
    if template_id not in PRESET_IDS:
        meant = nearest(template_id, (*PRESET_IDS, BLANK))
        hint = f'did you mean "{meant}"?' if meant else f"known are {', '.join((*PRESET_IDS, BLANK))}"
        message = f'there is no template "{template_id}"; {hint}'
        raise PersonaRefused([Problem("metadata.source_template_id", template_id, message)])
    return parse_persona(files("ai_personas").joinpath("presets", f"{template_id}.json").read_bytes())


def from_template(template_id: str, **changes: Any) -> PersonaConfig:
    """A persona that descends from a template, with these parts changed.

    Objects are changed key by key, everything else is replaced:

    >>> calm = from_template("empathetic-coach", name="Orla", look={"shape": "orla"}, voice={"pace": 0.85})
    >>> calm.name, calm.voice.voice_id, calm.voice.pace, calm.metadata.source_template_id
    ('Orla', 'warm', 0.85, 'empathetic-coach')

    Raises:
        PersonaRefused: no such template, or what comes out is not valid; `problems` says where.
    """
    configuration = _changed(load_template(template_id).as_json(), changes)
    if isinstance(configuration["metadata"], dict):
        configuration["metadata"]["source_template_id"] = template_id
    return parse_persona(configuration)


def diff(before: PersonaConfig, after: PersonaConfig) -> tuple[Change, ...]:
    """What sets two configurations apart, key by key in the order of the file; lists are compared as a whole.

    >>> diff(from_template("blank"), from_template("blank", voice={"pace": 0.9}))
    (Change(path='voice.pace', before=1.0, after=0.9),)
    """
    return tuple(_changes(before.as_json(), after.as_json(), path=""))


def _changed(configuration: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    changed = dict(configuration)
    for key, value in changes.items():
        present = changed.get(key)
        if isinstance(present, Mapping) and isinstance(value, Mapping):
            changed[key] = _changed(present, value)
        else:
            changed[key] = value
    return changed


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], *, path: str) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        here = f"{path}.{key}" if path else key
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from _changes(was, now, path=here)
        elif was != now or (key in before) != (key in after):
            yield Change(here, was, now)
