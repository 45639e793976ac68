"""What may a few doubtful words have been as well?"""

from __future__ import annotations

from ai_agent.live_providers.whisper import (
    ALTERNATIVE_GAP,
    ALTERNATIVE_LOGPROB,
    SURE_ALTERNATIVE_LOGPROB,
    _alternatives,
)
from ai_agent.whisper_reading import Reading


def reading(text: str, avg_logprob: float) -> Reading:
    return Reading(
        text, len(text.split()), avg_logprob, 0.1, was_capped=False, end_seconds=1.0, ends_with_timestamp=True
    )


def found(taken: float, *others: tuple[str, float]) -> tuple[str, ...]:
    return _alternatives(reading("Okay, start.", taken), [reading(*other) for other in others])


def test_words_that_are_all_but_as_likely_are_alternatives_each_once() -> None:
    others = (("Okay, start.", -0.4), ("Okay, stop.", -0.45), ("Okay, stop.", -0.5))
    assert found(-0.4, *others) == ("Okay, stop.",)


def test_less_likely_words_and_longer_ones_are_none() -> None:
    assert found(-0.4, ("Okay, stop.", -0.41 - ALTERNATIVE_GAP)) == ()
    assert found(-0.4, ("Okay, stop. Okay, stop.", -0.4)) == ()


def test_beside_what_is_certain_only_what_is_as_certain_is_one() -> None:
    assert found(-0.05, ("Okay, stop.", -0.3)) == ()
    assert found(-0.05, ("Okay, stop.", -0.15)) == ("Okay, stop.",)


def test_beside_what_is_not_certain_at_all_only_what_is_sure_is_one() -> None:
    assert found(ALTERNATIVE_LOGPROB, ("Okay, stop.", ALTERNATIVE_LOGPROB)) == ("Okay, stop.",)
    assert found(ALTERNATIVE_LOGPROB - 0.01, ("Okay, stop.", ALTERNATIVE_LOGPROB)) == ()
    assert found(-1.5, ("Okay, stop.", SURE_ALTERNATIVE_LOGPROB)) == ("Okay, stop.",)
