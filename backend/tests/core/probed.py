"""What was said into the agent's speech, what the probe's recogniser wrote, and what each preset should do about it.

`probe_words.json` holds what was really recognised: `python -m bench.probe_words --write` makes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ai_agent.persona_behaviors import read_behavior
from ai_agent.stop_word_interruption import Overlap, ProbeWords, Verdict, judge, likeliest, vocabulary_of
from ai_personas.builder import PRESET_IDS, load_template

RECOGNISED = Path(__file__).with_name("probe_words.json")

POLICIES = {
    preset_id: read_behavior(load_template(preset_id).as_json()).barge_in_policy()
    for preset_id in ("helpful-assistant", "technical-expert", "technical-interviewer", "empathetic-coach")
}
assert set(POLICIES) == set(PRESET_IDS)
VOCABULARIES = {preset_id: vocabulary_of(policy) for preset_id, policy in POLICIES.items()}
LOUD_AND_OVER = Overlap(level_dbfs=-26.0, echo_dbfs=-60.0, caller_dbfs=-26.0)
"""The caller's own voice, well above any echo, and the burst is over."""

SAID = {
    "stop word": (
        "Stop.", "Wait.", "Hold on.", "Hang on.", "Pause.", "Excuse me.", "Sorry.", "Enough.", "One moment.",
        "Never mind.", "Cancel.", "Listen.", "Wait, wait.", "Okay, stop.", "Shut up.", "That's enough.",
        "Just a moment.", "Be quiet.",
    ),
    "backchannel": (
        "Uh-huh.", "Yeah.", "Yep.", "Right.", "Okay.", "I see.", "Got it.", "Go on.", "Of course.", "Sure.", "Exactly.",
        "Makes sense.", "Cool.", "Yeah, yeah.", "Oh, okay.", "Good point.", "Thank you.", "That's interesting.",
    ),
    "exclamation": ("Wow, really?", "Oh, really?"),
    "asking word": ("What?", "Why?"),
    "question": ("What do you mean?", "How does that work?", "Can you repeat that?", "Which one?"),
    "correction": ("No.", "No, not that.", "Actually, I meant Tuesday.", "That's wrong.", "I don't think so."),
    "one word": ("Hello.", "Goodbye."),
    "two words": ("Different topic.", "Pizza tonight."),
    "sentence": (
        "I want to ask something.", "My name is Peter.", "Between nine and one?", "Tell me about dogs instead.",
    ),
}  # fmt: skip
"""What kind of thing each is. `hum` and `noise` are made without a voice."""

EXPECTED = {
    "stop word": "stop stop stop stop",
    "backchannel": "carry_on carry_on carry_on carry_on",
    "exclamation": "stop carry_on carry_on carry_on",
    "asking word": "stop stop carry_on carry_on",
    "question": "stop stop stop stop",
    "correction": "stop stop stop stop",
    "one word": "stop carry_on carry_on carry_on",
    "two words": "stop stop carry_on carry_on",
    "sentence": "stop stop stop stop",
    "hum": "carry_on carry_on carry_on carry_on",
    "noise": "carry_on carry_on carry_on carry_on",
}
"""Of each kind, what the presets do, in the order of `POLICIES`."""


@dataclass(frozen=True, slots=True)
class Probed:
    """One clip and what was recognised in it."""

    kind: str
    said: str
    voice: str
    condition: str
    text: str
    avg_logprob: float
    no_speech_probability: float
    is_doubtful: bool
    alternatives: tuple[str, ...] = ()

    def judged_by(self, preset_id: str, overlap: Overlap = LOUD_AND_OVER) -> Verdict:
        policy, vocabulary = POLICIES[preset_id], VOCABULARIES[preset_id]
        certainty = self.avg_logprob, self.no_speech_probability, self.is_doubtful
        words = ProbeWords(self.text, *certainty, tuple(self.alternatives))
        counted = likeliest(words, overlap, policy=policy, vocabulary=vocabulary)
        return judge(counted, overlap, policy=policy, vocabulary=vocabulary)

    def expected_of(self, preset_id: str) -> str:
        return dict(zip(POLICIES, EXPECTED[self.kind].split(), strict=True))[preset_id]


def read_recognised() -> list[Probed]:
    return [Probed(*row) for row in json.loads(RECOGNISED.read_text(encoding="utf-8"))]


def misses(probed: Iterable[Probed], preset_id: str) -> Iterator[tuple[Probed, Verdict]]:
    """Where a preset does something else than what is expected of it."""
    for one in probed:
        verdict = one.judged_by(preset_id)
        if verdict.decision != one.expected_of(preset_id):
            yield one, verdict
