"""Was what was said long enough to be more than a noise?"""

from __future__ import annotations

import pytest

from ai_agent.exchange import Utterance
from ai_agent.leading import SPOKEN_SECONDS, was_meant


@pytest.mark.parametrize(("seconds", "meant"), [(SPOKEN_SECONDS, True), (SPOKEN_SECONDS - 0.1, False)])
def test_what_may_have_been_a_word_before_it_does_not_make_it_longer(seconds: float, *, meant: bool) -> None:
    said = Utterance("u", "t", started_at=1.0, certain_at=3.0, speech_ended_at=3.0 + seconds, ended_at=9.0)
    assert was_meant(said) is meant
