"""Provisional: the words branch replaces this file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from ai_agent.persona_behaviors import BargeInPolicy

Decision = Literal["stop", "carry_on", "look_again"]
NO_TALK_REASONS: Final = frozenset({"noise", "echo", "somebody_else", "unsure"})
STOP: Final = {"stop", "wait", "pause", "enough", "cancel", "listen", "sorry", "hold on", "hang on", "excuse me"}
BACK: Final = {"yeah", "right", "mm", "hm", "mhm", "mmhm", "okay", "ok", "uh", "huh", "yes", "sure", "i", "see"}


@dataclass(frozen=True, slots=True)
class ProbeWords:
    text: str
    avg_logprob: float | None = None
    no_speech_probability: float | None = None
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Overlap:
    level_dbfs: float
    echo_dbfs: float
    caller_dbfs: float | None
    agent_words: tuple[str, ...] = ()
    is_over: bool = True
    closes_question: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    decision: Decision
    reason: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    stop_words: frozenset[str]


def vocabulary_of(policy: BargeInPolicy) -> Vocabulary:
    return Vocabulary(frozenset(STOP | set(policy.stop_words)))


def normalise(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.lower().replace("-", "").replace("'", "")))


def judge(words: ProbeWords, overlap: Overlap, *, policy: BargeInPolicy, vocabulary: Vocabulary) -> Verdict:
    said = normalise(words.text)
    if not said:
        return Verdict("carry_on", "noise")
    agent = set(normalise(" ".join(overlap.agent_words)))
    if len(said) > 1 and overlap.level_dbfs < overlap.echo_dbfs + 12 and all(word in agent for word in said):
        return Verdict("carry_on", "echo")
    if any(f" {stop} " in f" {' '.join(said)} " for stop in vocabulary.stop_words):
        return Verdict("stop", "stop_word")
    if words.is_doubtful:
        return Verdict("look_again", "doubtful")
    if all(word in BACK for word in said):
        return Verdict("carry_on" if overlap.is_over else "look_again", "backchannel")
    if policy.content_words is not None and len(said) >= policy.content_words:
        return Verdict("stop", "content_words")
    return Verdict("carry_on", "few_words")


def asks_for_time(text: str, language: str) -> bool:
    return "let me think" in text.lower()
