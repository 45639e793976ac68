"""How much is Whisper given, and is what it wrote to be believed? Windows, caps, and the signs that it went wrong.

A result of the short window that looks wrong in any way is thrown away; one of the full window only where it is words
over noise.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Final

FULL_WINDOW_SECONDS: Final = 30.0
SHORTEST_WINDOW_SECONDS: Final = 8.0
WINDOW_MARGIN_SECONDS: Final = 2.0
"""The short window is at least this much longer than the sound."""

CONTEXT_TOKENS: Final = 448
"""What the decoder holds, prompt and answer together."""
SHORT_WINDOW_TOKENS_PER_SECOND: Final = 6.0
SHORT_WINDOW_TOKENS_BASE: Final = 10
FULL_WINDOW_TOKENS_PER_SECOND: Final = 12.0
FULL_WINDOW_TOKENS_BASE: Final = 20
"""The full window has nobody to fall back to: scripts of three tokens a letter fit in, too."""

MAX_NO_SPEECH: Final = 0.5
MAX_TOKENS_PER_SECOND: Final = 5.5
MAX_TOKENS_BASE: Final = 6
MIN_LOGPROB: Final = -0.75
MAX_LATE_END_SECONDS: Final = 1.0
MAX_EARLY_END_SECONDS: Final = 1.6
SURE_LOGPROB: Final = -0.3
SURE_TOKENS_PER_SECOND: Final = 2.0
"""Words as certain and as many as this, up to a full stop, are believed though the times beside them are odd."""
MAX_COMPRESSION: Final = 2.0
MIN_COMPRESSED_BYTES: Final = 40
SHORTEST_REPEATED_PHRASE: Final = 4
"""So many words or more that come twice running are a loop; fewer are one when they come three times."""

GATE_LOGPROB: Final = -1.4
GATE_NO_SPEECH: Final = 0.5
"""A full-window result that is worse in both is a hallucination over noise."""
HOPELESS_LOGPROB: Final = -3.0
"""Below this nothing was understood, whatever else is said about it: a cough came back as "I" at -4.3."""


def short_window_seconds(seconds: float) -> float:
    """How long a window this much sound needs.

    >>> short_window_seconds(2.0), short_window_seconds(10.0), short_window_seconds(29.0)
    (8.0, 12.0, 30.0)
    """
    wanted = max(SHORTEST_WINDOW_SECONDS, seconds + WINDOW_MARGIN_SECONDS)
    return min(FULL_WINDOW_SECONDS, math.ceil(wanted * 50) / 50)


def token_cap(seconds: float, *, is_short: bool, prompt_tokens: int) -> int:
    """How many tokens so much sound may come to; more are a loop.

    >>> token_cap(7.0, is_short=True, prompt_tokens=3), token_cap(7.0, is_short=False, prompt_tokens=4)
    (52, 104)
    >>> token_cap(28.0, is_short=False, prompt_tokens=4), token_cap(60.0, is_short=False, prompt_tokens=4)
    (356, 444)
    """
    a_second, base = (
        (SHORT_WINDOW_TOKENS_PER_SECOND, SHORT_WINDOW_TOKENS_BASE)
        if is_short
        else (FULL_WINDOW_TOKENS_PER_SECOND, FULL_WINDOW_TOKENS_BASE)
    )
    return min(CONTEXT_TOKENS - prompt_tokens, int(seconds * a_second) + base)


def max_length_for(cap: int, *, prompt_tokens: int) -> int:
    """What CTranslate2 is to be told so that it stops after `cap` tokens: it takes min(half of this, this - prompt).

    >>> max_length_for(52, prompt_tokens=3), max_length_for(19, prompt_tokens=30)
    (104, 49)
    """
    return max(2 * cap, cap + prompt_tokens)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one window gave."""

    text: str
    token_count: int
    avg_logprob: float
    no_speech_probability: float
    was_capped: bool
    end_seconds: float | None
    """The last timestamp; None without one."""
    ends_with_timestamp: bool
    fell_back: bool = False


def why_doubtful(reading: Reading, seconds: float) -> str | None:
    """Why a short-window result is not to be believed; None where it is.

    >>> from dataclasses import replace
    >>> good = Reading("Go forward ten meters.", 6, -0.2, 0.01, False, 2.0, True)
    >>> why_doubtful(good, 2.3), why_doubtful(good, 9.0)
    (None, 'ends early')
    >>> without_end = replace(good, ends_with_timestamp=False)
    >>> why_doubtful(without_end, 2.3), why_doubtful(replace(without_end, avg_logprob=-0.5), 2.3)
    (None, 'no end')
    """
    rules = (
        ("token cap", reading.was_capped),
        ("no speech", reading.no_speech_probability > MAX_NO_SPEECH),
        ("too many tokens", reading.token_count > MAX_TOKENS_PER_SECOND * seconds + MAX_TOKENS_BASE),
        ("unsure", reading.avg_logprob < MIN_LOGPROB),
        ("compresses", _compression(reading.text) > MAX_COMPRESSION),
        ("repeats", _has_loop(_words(reading.text))),
    )
    reason = next((reason for reason, applies in rules if applies), None)
    return reason or (None if _is_sure(reading, seconds) else _why_times_are_odd(reading, seconds))


def _is_sure(reading: Reading, seconds: float) -> bool:
    return (
        reading.avg_logprob > SURE_LOGPROB
        and reading.token_count >= SURE_TOKENS_PER_SECOND * seconds
        and reading.text.endswith((".", "?", "!"))
    )


def _why_times_are_odd(reading: Reading, seconds: float) -> str | None:
    end = reading.end_seconds
    if end is None or not reading.ends_with_timestamp:
        return "no end"
    if end > seconds + MAX_LATE_END_SECONDS:
        return "ends late"
    if end < seconds - MAX_EARLY_END_SECONDS:
        return "ends early"
    return None


def _compression(text: str) -> float:
    written = text.encode()
    return len(written) / len(zlib.compress(written)) if len(written) > MIN_COMPRESSED_BYTES else 0.0


def _words(text: str) -> list[str]:
    return [word.strip(".,;:?!") for word in text.lower().split()]


def _has_loop(words: list[str]) -> bool:
    """Whether the same words come several times running: a short window may give a whole sentence twice.

    >>> _has_loop("no no no".split()), _has_loop("one two one two".split())
    (True, False)
    >>> _has_loop("it was slow at nine and slow again at ten".split() * 2)
    True
    """
    sizes = range(1, len(words) // 2 + 1)
    return any(_comes_again(words, size, 2 if size >= SHORTEST_REPEATED_PHRASE else 3) for size in sizes)


def _comes_again(words: list[str], size: int, times: int) -> bool:
    """Whether somewhere so many words stand so many times running."""
    return any(
        words[start : start + size] * times == words[start : start + size * times]
        for start in range(len(words) - size * times + 1)
    )


def is_hallucinated(reading: Reading) -> bool:
    """Whether a full-window result is words over noise.

    >>> results = ((-1.5, 0.1), (-1.5, 0.6), (-4.3, 0.4))
    >>> [is_hallucinated(Reading("I", 1, logprob, no_speech, False, None, False)) for logprob, no_speech in results]
    [False, True, True]
    """
    is_noise = reading.avg_logprob < GATE_LOGPROB and reading.no_speech_probability > GATE_NO_SPEECH
    return is_noise or reading.avg_logprob < HOPELESS_LOGPROB
