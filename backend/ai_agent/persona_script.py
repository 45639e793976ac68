"""What does a persona say, and what is it told? Its words for one call, and the only place where a prompt is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from ai_agent.commands import LineName
from ai_agent.providers import ChatMessage, VoiceSettings

LINE_NAMES: Final[tuple[LineName, ...]] = ("greeting", "did_not_catch", "still_there", "apology", "goodbye")

MAX_PROMPT_CHARACTERS: Final = 12_000
"""The oldest exchanges are left out of a prompt that would be longer."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the user said and what of the answer was heard. Either may be empty: a greeting answers nobody."""

    user: str
    agent: str


@dataclass(frozen=True, slots=True)
class PersonaScript:
    """A persona's words, as one call uses them: variables filled in, nothing left to look up."""

    name: str
    system_prompt: str
    examples: tuple[Exchange, ...] = ()
    lines: Mapping[LineName, str] = field(default_factory=dict)
    """A line that is missing or empty is not spoken."""
    language: str = "en"
    max_sentences: int = 2
    temperature: float = 0.6
    history_turns: int = 20
    """How many exchanges the model is reminded of."""
    voice: VoiceSettings = field(default_factory=VoiceSettings)


def fill_in(text: str, *, name: str, user_name: str) -> str:
    """A persona's own words with its name and the user's.

    >>> fill_in("{name}: hello, {user}.", name="Sol", user_name="")
    'Sol: hello, there.'
    """
    return text.replace("{name}", name).replace("{user}", user_name or "there")


def read_script(configuration: Mapping[str, Any], *, user_name: str = "") -> PersonaScript:
    """A persona's validated configuration as the words of one call, `{name}` and `{user}` filled in."""
    name, prompt, voice = configuration["name"], configuration["prompt"], configuration["voice"]
    language = configuration["metadata"].get("language", "en")
    fill = partial(fill_in, name=name, user_name=user_name)
    return PersonaScript(
        name=name,
        system_prompt=fill(prompt["system"]),
        examples=tuple(
            Exchange(fill(example["user"]), fill(example["assistant"])) for example in prompt.get("examples", ())
        ),
        lines={line: fill(configuration["lines"].get(line) or "") for line in LINE_NAMES},
        language=language,
        max_sentences=prompt.get("max_sentences", 2),
        temperature=prompt.get("temperature", 0.6),
        history_turns=prompt.get("history_turns", 20),
        voice=VoiceSettings(
            voice_id=voice["voice_id"],
            pace=voice.get("pace", 1.0),
            pitch=voice.get("pitch", 0.0),
            language=language,
            by_provider=voice.get("by_provider") or {},
        ),
    )


def build_messages(
    script: PersonaScript, history: Sequence[Exchange] = (), transcript: str = ""
) -> tuple[ChatMessage, ...]:
    """The prompt as it is sent: the persona's words, the rule that it speaks, examples, what went before, the question.

    >>> [message.role for message in build_messages(PersonaScript("Juno", "Be kind."), [Exchange("", "Hello!")], "Hi.")]
    ['system', 'assistant', 'user']
    """
    system = ChatMessage("system", f"{script.system_prompt.strip()}\n\n{_speaking_rule(script)}".strip())
    fixed = [system, *_as_messages(script.examples)]
    question = [ChatMessage("user", transcript)] if transcript else []
    room_left = MAX_PROMPT_CHARACTERS - sum(len(message.content) for message in (*fixed, *question))
    recalled = _recalled(history, most=script.history_turns, most_characters=room_left)
    return (*fixed, *_as_messages(recalled), *question)


def _recalled(history: Sequence[Exchange], *, most: int, most_characters: int) -> Sequence[Exchange]:
    """The end of the history that still fits. What no longer does is forgotten half a window at a time.

    A language model has read a prompt already as far as it begins like the last one. A window that moved with every
    turn would be read anew at every turn, for seconds; so it stays where it is for many turns.

        history          1 2 3 4      1 2 3 4 5    1 2 3 4 5 6    1 2 3 4 5 6 7
        recalled (4)     1 2 3 4          3 4 5        3 4 5 6            5 6 7
    """
    block = max(1, most // 2)
    start = 0
    while start < len(history) and not _fits(history[start:], most, most_characters):
        start += block if len(history) - start > block else 1
    return history[start:]


def _fits(exchanges: Sequence[Exchange], most: int, most_characters: int) -> bool:
    characters = sum(len(exchange.user) + len(exchange.agent) for exchange in exchanges)
    return len(exchanges) <= most and characters <= most_characters


def _speaking_rule(script: PersonaScript) -> str:
    length = "one short sentence" if script.max_sentences == 1 else f"at most {script.max_sentences} short sentences"
    return (
        f"You are speaking aloud on a voice call. Answer in {length}, in plain spoken words. "
        "Never use lists, headings, markdown, code, links or emoji."
    )


def _as_messages(exchanges: Sequence[Exchange]) -> list[ChatMessage]:
    """As a model's chat: what the persona says twice in a row is one message, since models refuse two at the end.

    >>> [message.content for message in _as_messages([Exchange("", "Hello."), Exchange("", "Are you there?")])]
    ['Hello. Are you there?']
    """
    messages: list[ChatMessage] = []
    for exchange in exchanges:
        if exchange.user:
            messages.append(ChatMessage("user", exchange.user))
        if exchange.agent and messages and messages[-1].role == "assistant":
            messages[-1] = ChatMessage("assistant", f"{messages[-1].content} {exchange.agent}")
        elif exchange.agent:
            messages.append(ChatMessage("assistant", exchange.agent))
    return messages
