"""What would this call's settings be with a few of them changed? `hold_ms=900` → policies, or what is wrong with it.

A setting is named as in `TurnPolicy` or `BargeInPolicy`; one that both have is named with its policy, as in
`barge_in.snr_db`. `manner=patient` stands for all the numbers of a manner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from typing import Any, Final, get_args

from ai_agent.persona_behaviors import (
    MANNERS,
    RANGES,
    BargeInPolicy,
    ClosingAnswer,
    Reaction,
    TurnDetection,
    TurnPolicy,
)

NEVER: Final = "never"
"""How "this does not happen" is written for a number that may be absent."""

TURN_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "silence_duration_ms": RANGES["turn_taking.silence_duration_ms"],
    "predict_after_ms": (200, 10_000),
    "complete_probability": (0.5, 1),
    "thinking_time_seconds": RANGES["turn_taking.thinking_time_seconds"],
    "idle_prompt_seconds": RANGES["turn_taking.idle_prompt_seconds"],
    "idle_end_seconds": (10, 7_200),
    "max_turn_seconds": RANGES["turn_taking.max_turn_seconds"],
    "stt_deadline_seconds": (1, 120),
    "stt_seconds_per_audio_second": (0, 10),
    "reply_deadline_seconds": (1, 120),
    "stall_seconds": (1, 120),
    "microphone_check_seconds": (1, 120),
    "snr_db": (0, 24),
}
"""Where a persona may set a number itself, its range is the persona's; elsewhere it is what can be meant at all."""

BARGE_IN_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "snr_db": RANGES["barge_in.overrides.snr_db"],
    "hold_ms": RANGES["barge_in.overrides.hold_ms"],
    "content_words": RANGES["barge_in.overrides.content_words"],
    "fallback_voiced_ms": RANGES["barge_in.overrides.fallback_voiced_ms"],
    "suspect_voiced_ms": (20, 1_000),
    "click_voiced_ms": (20, 1_000),
    "burst_gap_ms": (40, 2_000),
    "restore_gap_ms": (40, 5_000),
    "give_up_gap_ms": (40, 5_000),
    "decide_by_ms": (200, 10_000),
    "look_gap_ms": (40, 2_000),
    "first_probe_voiced_ms": (100, 5_000),
    "probe_every_ms": (100, 5_000),
    "max_probes": (0, 10),
    "probe_lead_ms": (0, 1_000),
    "max_probe_ms": (200, 2_500),
    "probe_patience_ms": (200, 10_000),
    "capture_lead_ms": (0, 1_000),
    "duck_gain_db": (-60, 0),
    "restore_fade_ms": (1, 1_000),
    "hold_fade_ms": (1, 1_000),
    "resume_fade_ms": (1, 1_000),
    "resume_rewind_ms": (0, 2_000),
    "cool_down_ms": (0, 10_000),
    "cool_down_snr_db": (0, 24),
    "unconverged_agent_seconds": (0, 30),
    "unconverged_echo_margin_db": (0, 40),
    "insistence_count": (1, 20),
    "insistence_window_ms": (0, 60_000),
    "believed_voiced_ms": (20, 2_000),
}

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "TurnDetection": get_args(TurnDetection),
    "Reaction": get_args(Reaction),
    "ClosingAnswer": get_args(ClosingAnswer),
}


class ChangesRefused(ValueError):
    """What was asked for cannot be set; one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Policies:
    """What an engine decides by."""

    turns: TurnPolicy
    barge_in: BargeInPolicy

    def changed(self, changes: Iterable[str]) -> Policies:
        """With each `name=value` set; a manner first, then the numbers that differ from it.

        Raises:
            ChangesRefused: names that nobody knows, values that cannot be; all of them at once.
        """
        written, problems = _read(changes)
        if (manner := written.pop(_MANNER, None)) is not None:
            kept = {name: getattr(self.barge_in, name) for name in _KEPT}
            if manner in MANNERS:
                return replace(self, barge_in=replace(MANNERS[manner], **kept))._with(written, problems)  # type: ignore[index]
            problems.append(f"manner={manner}: it is one of {', '.join(MANNERS)}")
        return self._with(written, problems)

    def _with(self, written: Mapping[str, str], problems: list[str]) -> Policies:
        values: dict[str, dict[str, Any]] = {"turns": {}, "barge_in": {}}
        for name, value in written.items():
            policy, _, setting = name.partition(".")
            try:
                values[policy][setting] = _value(policy, setting, value)
            except ValueError as error:
                problems.append(f"{setting}={value}: {error}")
        if problems:
            raise ChangesRefused(problems)
        return Policies(replace(self.turns, **values["turns"]), replace(self.barge_in, **values["barge_in"]))

    def differences(self, other: Policies) -> list[str]:
        """In which settings the other differs, in words.

        >>> usual = Policies(TurnPolicy(), MANNERS["balanced"])
        >>> usual.differences(usual.changed(["hold_ms=900"]))
        ['hold_ms 480 → 900']
        """
        found = []
        for policy in _POLICIES:
            before, after = asdict(getattr(self, policy)), asdict(getattr(other, policy))
            changed = (name for name in before if before[name] != after[name])
            found += [f"{_shown(policy, name)} {_said(before[name])} → {_said(after[name])}" for name in changed]
        return found


_POLICIES: Final[Mapping[str, type[Any]]] = {"turns": TurnPolicy, "barge_in": BargeInPolicy}
_RANGES: Final = {"turns": TURN_RANGES, "barge_in": BARGE_IN_RANGES}
_KINDS: Final = {
    f"{policy}.{field.name}": str(field.type) for policy, kind in _POLICIES.items() for field in fields(kind)
}
"""Each setting with its policy → how its kind is written in the policy."""
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_MANNER: Final = "manner"
_KEPT: Final = ("language", "stop_words", "backchannels", "protected", "probe_patience_ms")
"""What a manner says nothing about."""


def _read(changes: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Full name → what is written; and what cannot be read. Of two values for one name the last counts."""
    written, problems = {}, []
    for change in changes:
        name, equals, value = (part.strip() for part in change.partition("="))
        try:
            if not equals:
                raise ValueError(f"write {change.strip() or 'name'}=value")
            written[_full_name(name)] = value
        except ValueError as error:
            problems.append(str(error))
    return written, problems


def _full_name(name: str) -> str:
    if name == _MANNER or name in _KINDS:
        return name
    of = [policy for policy in _POLICIES if f"{policy}.{name}" in _KINDS]
    match of:
        case [policy]:
            return f"{policy}.{name}"
        case []:
            known = {_MANNER, *_KINDS, *(full.partition(".")[2] for full in _KINDS)}
            nearest = get_close_matches(name, sorted(known), n=1, cutoff=0.0)[0]
            raise ValueError(f"{name[:60]}: there is no such setting; the nearest is {nearest}")
    raise ValueError(f"{name}: turns and interruptions both have one; write {' or '.join(f'{p}.{name}' for p in of)}")


def _value(policy: str, setting: str, written: str) -> object:
    """What is meant.

    Raises:
        ValueError: it cannot be; in words.
    """
    kind = _KINDS[f"{policy}.{setting}"]
    if written.lower() in {NEVER, "none"} and "None" in kind:
        return None
    if kind in _CHOICES:
        if written not in _CHOICES[kind]:
            raise ValueError(f"it is one of {', '.join(_CHOICES[kind])}")
        return written
    if kind.startswith("tuple"):
        return tuple(word.strip().lower() for word in written.split(",") if word.strip())
    if kind == "str":
        if not LANGUAGE.fullmatch(written):
            raise ValueError("it is a language, as in en or en-IN")
        return written
    return _number(written, whole=kind.startswith("int"), limits=_RANGES[policy][setting], may_be_never="None" in kind)


def _number(written: str, *, whole: bool, limits: tuple[float, float], may_be_never: bool) -> float:
    low, high = limits
    try:
        number = int(written) if whole else float(written)
    except ValueError:
        what = "a whole number" if whole else "a number"
        raise ValueError(f"it is {what} from {low:g} to {high:g}{f', or {NEVER}' if may_be_never else ''}") from None
    if not low <= number <= high:
        raise ValueError(f"it goes from {low:g} to {high:g}")
    return number


def _shown(policy: str, name: str) -> str:
    is_in_both = all(f"{other}.{name}" in _KINDS for other in _POLICIES)
    return f"{policy}.{name}" if is_in_both else name


def _said(value: object) -> str:
    """
    >>> _said(None), _said(9.0), _said(("stop", "halt")), _said(())
    ('never', '9', 'stop, halt', '–')
    """
    if value is None:
        return NEVER
    if isinstance(value, float):
        return f"{value:g}"
    return (", ".join(value) or "–") if isinstance(value, tuple) else str(value)
