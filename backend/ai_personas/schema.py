"""What may a persona's JSON say? Every key, its range and its length; everything that is wrong is told at once.

`parse_persona` is the way in: it answers a frozen `PersonaConfig`, or raises `PersonaRefused` with every problem, each
with its path, the value and the range. The API serves this schema, and the designer draws its form from it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    WithJsonSchema,
    model_serializer,
)

from ai_agent.persona_behaviors import RANGES, ClosingAnswer, Manner, Reaction
from ai_personas.refusal import PersonaRefused, Problem, problems_in

SCHEMA_VERSION: Final = 1
MAX_CONFIGURATION_BYTES: Final = 128 * 1024
"""A longer file is not read."""
MAX_PROMPT_CHARACTERS: Final = 8_000
MAX_LINE_CHARACTERS: Final = 400

Shape = Literal["juno", "anselm", "mira", "sol", "orla"]
TemplateId = Literal["helpful-assistant", "technical-expert", "technical-interviewer", "empathetic-coach", "blank"]
VoiceId = Literal["clear", "low", "bright", "warm", "soft"]
VoiceProvider = Literal["local", "kokoro", "sarvam", "coqui", "openai"]

VARIABLES: Final = ("name", "user")
"""`{name}` is the persona's name, `{user}` the name of the person it talks with. There are no others."""

# ── texts ─────────────────────────────────────────────────────────────────────────────────────────

_BRACES = re.compile(r"\{([^{}]*)\}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _printable(text: str) -> str:
    """Control characters and halves of characters survive no database, prompt or voice."""
    if found := _UNPRINTABLE.search(text):
        raise ValueError(f"holds the control character U+{ord(found[0]):04X}")
    return text


def _label(text: str) -> str:
    """One line that a page shows as written."""
    if "\n" in text or "\t" in text:
        raise ValueError("is one line, without line breaks or tabs")
    if not text.strip():
        raise ValueError("is empty")
    if re.search(r"[{}]", text):
        raise ValueError("has braces; variables work in prompts and lines only")
    return _printable(text)


def _words_with_variables(text: str) -> str:
    """Words for a voice or a prompt, which may be empty."""
    unknown = [f"{{{found}}}" for found in _BRACES.findall(text) if found not in VARIABLES]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is not a variable; the variables are {{name}} and {{user}}")
    if re.search(r"[{}]", _BRACES.sub("", text)):
        raise ValueError("has a brace without its partner; braces hold {name} or {user} only")
    return _printable(text)


def _said(text: str) -> str:
    """Words for a voice or a prompt, at least one."""
    if not text.strip():
        raise ValueError("is empty")
    return _words_with_variables(text)


def _plain_value(value: Any) -> str | int | float | bool:
    """A provider's own setting: text, number or truth, nothing nested."""
    if isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if not isinstance(value, str):
        raise ValueError("is a text, a number, true or false")  # noqa: TRY004  (pydantic collects ValueErrors only)
    if len(value) > MAX_LINE_CHARACTERS:
        raise ValueError(f"{len(value)} characters, at most {MAX_LINE_CHARACTERS}")
    return _printable(value)


Name = Annotated[str, Field(max_length=60), AfterValidator(_label)]
"""A name or a role, as a page shows it."""
Sentence = Annotated[str, Field(max_length=140), AfterValidator(_label)]
"""What a page says about the persona."""
Phrase = Annotated[str, Field(max_length=40), AfterValidator(_label)]
"""A word or a few: a stop word, a backchannel, a tag."""
Line = Annotated[str, Field(max_length=MAX_LINE_CHARACTERS), AfterValidator(_said)]
"""Something that the persona says aloud, in a breath or two."""
Opening = Annotated[str, Field(max_length=MAX_LINE_CHARACTERS), AfterValidator(_words_with_variables)]
"""A line that may be empty."""
Instructions = Annotated[str, Field(max_length=MAX_PROMPT_CHARACTERS), AfterValidator(_said)]
"""What the language model is told before anything else."""
Setting = Annotated[Any, AfterValidator(_plain_value), WithJsonSchema({"type": ["string", "number", "boolean"]})]
Settings = Annotated[dict[Name, Setting], Field(max_length=20)]


class Words(BaseModel):
    """A part of the configuration. Unknown keys are refused, so that a typing error is seen."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def _in_range(path: str, default: Any) -> Any:
    """A number whose lowest and highest value `persona_behaviors.RANGES` names."""
    low, high = RANGES[path]
    return Field(default=default, ge=low, le=high)


# ── the parts ─────────────────────────────────────────────────────────────────────────────────────


class Metadata(Words):
    source_template_id: TemplateId
    """What this persona descends from, through every copy: a preset's id, or `blank`."""
    language: Annotated[str, Field(max_length=6, pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "en"
    """The language that is spoken, as in `en` or `en-IN`."""
    tags: tuple[Phrase, ...] = Field(default=(), max_length=10)


class Look(Words):
    shape: Shape = "juno"
    """The form by which people recognise the persona."""


class Example(Words):
    """An exchange that shows the language model how this persona talks."""

    user: Line
    assistant: Line


class Prompt(Words):
    system: Instructions
    """Who the persona is and how it behaves. `{name}` and `{user}` are filled in."""
    examples: tuple[Example, ...] = Field(default=(), max_length=12)
    max_sentences: int = _in_range("prompt.max_sentences", 2)
    """The longest reply, in sentences."""
    temperature: float = _in_range("prompt.temperature", 0.6)
    """How freely the language model chooses its words."""
    history_turns: int = _in_range("prompt.history_turns", 20)
    """How many of the last exchanges the language model sees."""


class Lines(Words):
    """What the persona says without a language model."""

    greeting: Opening = "Hello, this is {name}."
    """Said when the call connects. Empty: the persona waits for the other to begin."""
    acknowledgements: tuple[Line, ...] = Field(default=("Hm, let me think.",), max_length=8)
    """One of these may be said while the answer is made."""
    did_not_catch: Line = "Sorry, I did not catch that. Could you say it again?"
    still_there: Line = "Are you still there?"
    apology: Line = "Sorry, something went wrong on my side. Could you say that again?"
    goodbye: Line = "Goodbye. It was good to talk with you."


class Voice(Words):
    voice_id: VoiceId = "clear"
    pace: float = _in_range("voice.pace", 1.0)
    """Speaking rate; 1.0 is the voice's own."""
    pitch: float = _in_range("voice.pitch", 0.0)
    """Semitones up or down."""
    by_provider: dict[VoiceProvider, Settings] = Field(default={})
    """Settings of one provider of voices, under the provider's name, in that provider's own words."""


class TurnTaking(Words):
    silence_duration_ms: int | None = _in_range("turn_taking.silence_duration_ms", None)
    """Silence that ends the other's turn, in milliseconds; where nothing is written, the installation's own value."""
    turn_detection: Literal["fixed", "adaptive"] = "fixed"
    """`adaptive` may end a turn earlier when the sentence is clearly complete."""
    thinking_time_seconds: float = _in_range("turn_taking.thinking_time_seconds", 30)
    """How long "let me think" stops the count."""
    idle_prompt_seconds: float = _in_range("turn_taking.idle_prompt_seconds", 15)
    """After so much silence the persona asks whether anybody is there."""
    max_turn_seconds: float = _in_range("turn_taking.max_turn_seconds", 180)
    """The longest single turn of the other."""


def _override(path: str | None = None) -> Any:
    """A key that says nothing where it is not written: the form must not write a null that means "never"."""
    low, high = RANGES[path] if path else (None, None)
    return Field(default=None, ge=low, le=high, json_schema_extra=lambda schema: schema.pop("default"))


class BargeInOverrides(Words):
    """Single numbers that differ from the manner's. What is not written here is as the manner has it; null is never."""

    snr_db: float = _override("barge_in.overrides.snr_db")
    """Sound this much above the room's noise may be an interruption."""
    hold_ms: int | None = _override("barge_in.overrides.hold_ms")
    """Falls silent after so much speech."""
    content_words: int | None = _override("barge_in.overrides.content_words")
    """Stops after so many words that mean something."""
    fallback_voiced_ms: int | None = _override("barge_in.overrides.fallback_voiced_ms")
    """Stops after so much speech where the words could not be read."""
    exclamations: Reaction = _override()
    """What "wow, really?" does."""
    closing_answer: ClosingAnswer = _override()
    """What yes, no and okay are in the last second of a question."""

    @model_serializer(mode="wrap")
    def _what_is_written(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in serialize(self).items() if name in self.model_fields_set}


class BargeIn(Words):
    """How the persona takes being interrupted."""

    manner: Manner = "balanced"
    overrides: BargeInOverrides = BargeInOverrides()
    stop_words: tuple[Phrase, ...] = Field(default=(), max_length=40)
    """Words that win at once, besides those that win for every persona."""
    backchannels: tuple[Phrase, ...] = Field(default=(), max_length=40)
    """Words that only mean "I am listening", besides the usual ones."""
    protected: tuple[Line, ...] = Field(default=(), max_length=20)
    """Sentences that only a stop word interrupts."""


class QuestionCounts(Words):
    basic: int = Field(default=4, ge=0, le=10)
    moderate: int = Field(default=3, ge=0, le=10)
    advanced: int = Field(default=3, ge=0, le=10)


class Interview(Words):
    """Which questions are asked."""

    topics: tuple[Phrase, ...] = Field(min_length=1, max_length=12)
    question_bank: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    """The bank's id, as in `software-engineering`."""
    counts: QuestionCounts = QuestionCounts()


class PersonaConfig(Words):
    """A persona as it is written. `parse_persona` makes it."""

    schema_version: Literal[1]
    name: Name
    role: Name | None = None
    """A word or two under the name, as in "Technical expert"."""
    description: Sentence = "A persona of your own."
    """One sentence on the persona's card."""
    metadata: Metadata
    kind: Literal["conversation", "interview"] = "conversation"
    look: Look = Look()
    prompt: Prompt
    lines: Lines = Lines()
    voice: Voice = Voice()
    turn_taking: TurnTaking = TurnTaking()
    barge_in: BargeIn = BargeIn()
    interview: Interview | None = None

    def as_json(self) -> dict[str, Any]:
        """The whole configuration as JSON values, with what was left out filled in."""
        return self.model_dump(mode="json")


# ── the way in ────────────────────────────────────────────────────────────────────────────────────


def parse_persona(written: str | bytes | Mapping[str, Any]) -> PersonaConfig:
    """Read a configuration, given as JSON text or as the values of one.

    Raises:
        PersonaRefused: it is not valid; `problems` names everything that is wrong, `by_path` the same by path.
    """
    values = _read_json(written) if isinstance(written, (str, bytes)) else written
    problems = list(_kind_problems(values))
    try:
        config = PersonaConfig.model_validate(_with_tuples(values))
    except ValidationError as error:
        problems.extend(problems_in(error, PersonaConfig))
    except RecursionError:
        problems.append(Problem("", None, "is nested too deeply"))
    if problems:
        raise PersonaRefused(problems)
    return config


def persona_json_schema() -> dict[str, Any]:
    """The JSON Schema of a configuration, with a sentence about each key."""
    return PersonaConfig.model_json_schema()


def _read_json(text: str | bytes) -> Any:
    raw = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_CONFIGURATION_BYTES:
        raise PersonaRefused([Problem("", None, f"{len(raw)} bytes, at most {MAX_CONFIGURATION_BYTES}")])
    try:
        return json.loads(raw)
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
    except (ValueError, RecursionError) as error:
        message = f"is not JSON: {error}"
    raise PersonaRefused([Problem("", None, message)])


def _with_tuples(values: Any) -> Any:
    """The same values with lists as tuples: strict models take the frozen kind only."""
    if isinstance(values, Mapping):
        return {key: _with_tuples(value) for key, value in values.items()}
    if isinstance(values, (list, tuple)):
        return tuple(_with_tuples(value) for value in values)
    return values


def _kind_problems(values: Any) -> Iterator[Problem]:
    """What is wrong between `kind` and `interview`, whatever else is wrong."""
    if not isinstance(values, Mapping):
        return
    kind, interview = values.get("kind"), values.get("interview")
    if kind == "interview" and interview is None:
        yield Problem("interview", None, 'is missing; kind "interview" needs topics and a question bank')
    if kind in (None, "conversation") and interview is not None:
        yield Problem("interview", interview, 'belongs to kind "interview" only')
