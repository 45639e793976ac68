"""What do a persona's words about turns and interruptions mean in numbers?

Config → behaviour → policy: what is written (`turn_taking`, `barge_in`) is understood as a `PersonaBehavior`, which
yields a frozen `TurnPolicy` and a frozen `BargeInPolicy`, taken at the start of a call. Every number of the two
lives here, and so does the range in which a person may set it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, Literal, get_args

from ai_agent.written_words import normalise

Manner = Literal["eager", "balanced", "patient", "stop-words-only"]
Reaction = Literal["stops", "asking_words_stop", "carries_on"]
ClosingAnswer = Literal["is_the_answer", "carries_on"]
TurnDetection = Literal["fixed", "adaptive"]

SILENCE_DURATION_MS: Final = 2_500
"""Silence that ends a turn, where neither persona nor person says otherwise."""


@dataclass(frozen=True, slots=True)
class TurnPolicy:
    """When a turn begins, when it is over, and how long anybody is waited for."""

    silence_duration_ms: int = SILENCE_DURATION_MS
    """Silence after the last speech sample that ends the turn."""

    turn_detection: TurnDetection = "fixed"
    """Adaptive: a turn that sounds finished to the end-of-turn model is over sooner; the silence above is its limit."""

    predict_after_ms: int = 800
    """After so much silence the end-of-turn model is asked."""

    complete_probability: float = 0.9
    """A turn that is finished with more than this probability may be over before the whole silence."""

    thinking_time_seconds: float = 30.0
    """How long "let me think" may stop the silence count."""

    idle_prompt_seconds: float = 15.0
    """Nobody speaks for so long: the persona asks once whether the user is still there."""

    idle_end_seconds: float = 600.0
    """Nobody speaks for so long: the call ends."""

    max_turn_seconds: float = 180.0
    """A turn as long as this is over, speech or not."""

    stt_deadline_seconds: float = 20.0
    """A transcript that takes longer is not waited for; see also `stt_seconds_per_audio_second`."""

    stt_seconds_per_audio_second: float = 0.5
    """A long turn is given so much more time for each second of its sound."""

    reply_deadline_seconds: float = 25.0
    """From the transcript to the first frame of the reply."""

    stall_seconds: float = 10.0
    """The agent's speech is over by the sound that was queued, and nothing has come for so long: it has stalled."""

    microphone_check_seconds: float = 5.0
    """A microphone that has given no sound for so long since it was connected is mentioned to the user."""

    snr_db: float = 3.0
    """Near-end speech stands this much above the noise floor; the neural VAD has the finer ear."""


@dataclass(frozen=True, slots=True)
class BargeInPolicy:
    """When does the user get the floor while the agent speaks?"""

    snr_db: float
    """A candidate stands this much above the noise floor."""

    hold_ms: int | None
    """Near-end speech for so long freezes the agent; None: only words stop it."""

    content_words: int | None
    """So many words that mean something stop the agent; None: only stop words do."""

    fallback_voiced_ms: int | None
    """Where there is no probe, so much near-end speech is believed; None: never."""

    exclamations: Reaction
    """What "wow, really?" does: stops the agent, only "what?" and "huh?" do, or nothing."""

    closing_answer: ClosingAnswer
    """What yes, no and okay are in the last second of a question."""

    suspect_voiced_ms: int = 60
    """Near-end speech for so long is a candidate."""

    click_voiced_ms: int = 100
    """A burst shorter than this is a click: no probe is spent on it."""

    burst_gap_ms: int = 240
    """A burst is over after so long without near-end speech."""

    restore_gap_ms: int = 240
    """The gain comes back after so long without near-end speech, probe or not."""

    give_up_gap_ms: int = 700
    """Without a probe, a burst is judged after so long without near-end speech."""

    decide_by_ms: int = 2_500
    """A held agent that hears the user still speaking now gives up the floor."""

    look_gap_ms: int = 160
    """Who has been silent for so long is listened to for words."""
    first_probe_voiced_ms: int = 420
    """After so much near-end speech somebody who still speaks is listened to for words."""
    probe_every_ms: int = 500
    """And again after so much more time."""
    max_probes: int = 3
    """So many looks at somebody who still speaks; each silence is one more."""
    probe_lead_ms: int = 300
    """A probe's clip begins this long before the onset."""
    max_probe_ms: int = 2_500
    """A probe's clip is the last so much of it."""
    probe_patience_ms: int = 2_000
    """A probe that takes longer is not waited for: the rule without words decides."""

    capture_lead_ms: int = 500
    """A capture begins this long before the onset."""

    duck_gain_db: float = -12.0
    restore_fade_ms: int = 120
    hold_fade_ms: int = 20
    resume_fade_ms: int = 40
    resume_rewind_ms: int = 350
    """How far back a pause or the start of a word is looked for where the agent goes on."""

    cool_down_ms: int = 300
    cool_down_snr_db: float = 3.0
    """After a rejection the gate is this much higher until the cool-down is over."""

    unconverged_agent_seconds: float = 2.0
    unconverged_echo_margin_db: float = 12.0
    """While the agent has spoken less than that in the call, holding needs so much more than the echo."""

    insistence_count: int = 3
    insistence_window_ms: int = 8_000
    """So many candidates with words within this time, each longer than the one before: the caller insists, and wins."""

    believed_voiced_ms: int = 120
    """The agent's speech ended by itself over a candidate: so much near-end speech of it is the user's turn."""

    # ── words ──

    language: str = "en"
    """Whose stop words and backchannels they are."""
    stop_words: tuple[str, ...] = ()
    """Words of this persona's own that win at once, on top of the language's."""
    backchannels: tuple[str, ...] = ()
    """Words of this persona's own that only say "I am listening", on top of the language's."""
    protected: tuple[str, ...] = ()
    """Passages that only stop words may interrupt."""

    @property
    def in_protected_passage(self) -> BargeInPolicy:
        """What holds while a protected sentence is spoken, whatever the manner is: the words are the persona's."""
        return replace(
            MANNERS["stop-words-only"],
            probe_patience_ms=self.probe_patience_ms,
            language=self.language,
            stop_words=self.stop_words,
            backchannels=self.backchannels,
            protected=self.protected,
        )


MANNERS: Final[Mapping[Manner, BargeInPolicy]] = {
    "eager": BargeInPolicy(
        snr_db=8,
        hold_ms=320,
        content_words=1,
        fallback_voiced_ms=700,
        exclamations="stops",
        closing_answer="is_the_answer",
    ),
    "balanced": BargeInPolicy(
        snr_db=9,
        hold_ms=480,
        content_words=2,
        fallback_voiced_ms=900,
        exclamations="asking_words_stop",
        closing_answer="is_the_answer",
    ),
    "patient": BargeInPolicy(
        snr_db=10,
        hold_ms=640,
        content_words=3,
        fallback_voiced_ms=1_200,
        exclamations="carries_on",
        closing_answer="carries_on",
    ),
    "stop-words-only": BargeInPolicy(
        snr_db=12,
        hold_ms=None,
        content_words=None,
        fallback_voiced_ms=None,
        exclamations="carries_on",
        closing_answer="carries_on",
    ),
}
"""Each manner is a line of numbers; a persona's `barge_in.overrides` may change them one by one."""

MANNER_WORDS: Final[Mapping[Manner, str]] = {
    "eager": "Stops for any clear word.",
    "balanced": "Lets a “mm-hm” pass and stops for two clear words.",
    "patient": "Lets a “mm-hm” pass and waits for three words.",
    "stop-words-only": "Only words such as “stop” or “wait” interrupt.",
}
"""What the designer says about each manner."""

PRESET_OVERRIDES: Final[Mapping[str, Mapping[str, object]]] = {
    "helpful-assistant": {},
    "technical-expert": {},
    "technical-interviewer": {
        "snr_db": 10.0,
        "hold_ms": 560,
        "content_words": 3,
        "fallback_voiced_ms": 1_200,
        "exclamations": "carries_on",
    },
    "empathetic-coach": {},
}
"""How each preset differs from its manner: what its `barge_in.overrides` says."""

RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "turn_taking.silence_duration_ms": (500, 10_000),
    "turn_taking.thinking_time_seconds": (0, 30),
    "turn_taking.idle_prompt_seconds": (5, 300),
    "turn_taking.max_turn_seconds": (10, 600),
    "barge_in.overrides.snr_db": (3, 24),
    "barge_in.overrides.hold_ms": (160, 2_000),
    "barge_in.overrides.content_words": (1, 10),
    "barge_in.overrides.fallback_voiced_ms": (300, 3_000),
    "prompt.max_sentences": (1, 10),
    "prompt.temperature": (0, 2),
    "prompt.history_turns": (0, 100),
    "voice.pace": (0.5, 2),
    "voice.pitch": (-12, 12),
}
"""Path in a persona's configuration → the lowest and the highest value that it may have."""

_WORDS: Final = ("language", "stop_words", "backchannels", "protected")
_TURN_NUMBERS: Final = ("silence_duration_ms", "thinking_time_seconds", "idle_prompt_seconds", "max_turn_seconds")
_OVERRIDABLE: Final = ("snr_db", "hold_ms", "content_words", "fallback_voiced_ms", "exclamations", "closing_answer")
_NUMBERS_IN_WHOLE: Final = ("silence_duration_ms", "hold_ms", "content_words", "fallback_voiced_ms")
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "exclamations": get_args(Reaction),
    "closing_answer": get_args(ClosingAnswer),
}


class BehaviorRefused(ValueError):
    """What is written cannot be meant. `problems` maps each path to what is wrong there, all at once."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {problem}" for path, problem in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class PersonaBehavior:
    """A persona's words, understood."""

    manner: Manner
    overrides: Mapping[str, object]
    turns: TurnPolicy
    language: str = "en"
    stop_words: tuple[str, ...] = ()
    """Words of this persona's own that win at once, on top of the language's."""
    backchannels: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    """Passages that only stop words may interrupt."""

    def turn_policy(self, silence_duration_ms_override: int | None = None) -> TurnPolicy:
        """The numbers for turns. The override is a person's own wish for more time, and beats the persona's."""
        if silence_duration_ms_override is None:
            return self.turns
        path = "turn_taking.silence_duration_ms"
        if problem := _out_of_range(path, silence_duration_ms_override):
            raise BehaviorRefused({path: problem})
        return replace(self.turns, silence_duration_ms=silence_duration_ms_override)

    def barge_in_policy(self) -> BargeInPolicy:
        """The numbers for interruptions: the manner's, with what the persona says otherwise, and its words."""
        words = {name: getattr(self, name) for name in _WORDS}
        return replace(MANNERS[self.manner], **self.overrides, **words)  # type: ignore[arg-type]


def read_behavior(config: Mapping[str, object]) -> PersonaBehavior:
    """Understand a persona's configuration; what it does not say has its usual value.

    Raises:
        BehaviorRefused: values that cannot be, each with its path.
    """
    problems: dict[str, str] = {}
    turn_taking = _section(config, "turn_taking", problems)
    barge_in = _section(config, "barge_in", problems)
    overrides = _section(barge_in, "overrides", problems, inside="barge_in.")
    manner = _read_manner(barge_in.get("manner", "balanced"), problems)
    turns: dict[str, object] = {name: turn_taking[name] for name in _TURN_NUMBERS if turn_taking.get(name) is not None}
    _check_numbers("turn_taking", turns, problems)
    turns["turn_detection"] = turn_taking.get("turn_detection", "fixed")
    if turns["turn_detection"] not in get_args(TurnDetection):
        problems["turn_taking.turn_detection"] = f"{turns['turn_detection']!r} is not one of fixed, adaptive"
    _check_overrides(overrides, problems)
    words = {name: _read_words(barge_in, name, problems) for name in ("stop_words", "backchannels", "protected")}
    if problems:
        raise BehaviorRefused(problems)
    return PersonaBehavior(
        manner=manner,
        overrides=dict(overrides),
        turns=TurnPolicy(**turns),  # type: ignore[arg-type]
        language=_read_language(config, problems),
        **words,
    )


def manner_of(policy: BargeInPolicy) -> Manner | None:
    """The manner whose numbers these are; None where a persona changed some of them.

    >>> manner_of(MANNERS["patient"])
    'patient'
    """
    numbers = replace(policy, language="en", stop_words=(), backchannels=(), protected=())
    return next((manner for manner in MANNERS if MANNERS[manner] == numbers), None)


def _section(
    config: Mapping[str, object], name: str, problems: dict[str, str], *, inside: str = ""
) -> Mapping[str, object]:
    value = config.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        problems[inside + name] = "must be an object"
        return {}
    return value


def _read_manner(value: object, problems: dict[str, str]) -> Manner:
    for manner in MANNERS:
        if value == manner:
            return manner
    problems["barge_in.manner"] = f"{value!r} is not one of {', '.join(MANNERS)}"
    return "balanced"


def _check_overrides(overrides: Mapping[str, object], problems: dict[str, str]) -> None:
    for name in overrides:
        if name not in _OVERRIDABLE:
            problems[f"barge_in.overrides.{name}"] = f"is not one of {', '.join(_OVERRIDABLE)}"
    for name, choices in _CHOICES.items():
        if name in overrides and overrides[name] not in choices:
            problems[f"barge_in.overrides.{name}"] = f"{overrides[name]!r} is not one of {', '.join(choices)}"
    numbers = {name: value for name, value in overrides.items() if name in _OVERRIDABLE and name not in _CHOICES}
    may_be_never = {field.name for field in fields(BargeInPolicy) if "None" in str(field.type)}
    _check_numbers(
        "barge_in.overrides",
        {name: value for name, value in numbers.items() if value is not None or name not in may_be_never},
        problems,
    )


def _check_numbers(section: str, values: Mapping[str, object], problems: dict[str, str]) -> None:
    for name, value in values.items():
        path = f"{section}.{name}"
        if name in _NUMBERS_IN_WHOLE and not isinstance(value, int):
            problems[path] = f"{value!r} is not a whole number"
        elif problem := _out_of_range(path, value):
            problems[path] = problem


def _out_of_range(path: str, value: object) -> str | None:
    """What is wrong with a number, in words; None where nothing is.

    >>> _out_of_range("barge_in.overrides.hold_ms", 40)
    '40 is under 160'
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"{value!r} is not a number"
    low, high = RANGES[path]
    if not value >= low:
        return f"{value} is under {low}"
    if value > high:
        return f"{value} is over {high}"
    return None


def _read_language(config: Mapping[str, object], problems: dict[str, str]) -> str:
    language = _section(config, "metadata", problems).get("language", "en")
    return language if isinstance(language, str) else "en"


def _read_words(barge_in: Mapping[str, object], name: str, problems: dict[str, str]) -> tuple[str, ...]:
    value = barge_in.get(name, ())
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
        problems[f"barge_in.{name}"] = "must be a list of words"
        return ()
    words = tuple(word.strip().lower() for word in value if word.strip())
    if empty := next((word for word in words if not normalise(word)), None):
        problems[f"barge_in.{name}"] = f"{empty!r} holds no word"
    return words
