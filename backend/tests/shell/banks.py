"""A bank of questions in a folder of its own, for tests: one topic with enough of everything."""

from __future__ import annotations

from pathlib import Path

STAGES = {"basic": 12, "moderate": 10, "advanced": 10}

_QUESTION = """
[[question]]
id = "{id}"
stage = "{stage}"
text = "What do you know about the {thing}?"
clarification = "I mean: what is the {thing} good for?"
model_answer = "The {thing} keeps everything in order. The {thing} takes a lot of memory. Speed comes from the {thing}."
misconceptions = ["The {thing} has no order at all.", "The {thing} is free of charge."]
"""

_POINT = """
[[question.point]]
id = "{id}"
name = "the {id} of it"
wordings = ["{wording}"]
hint = "What comes to mind about its {id}?"
"""


def write_bank(folder: Path, *, name: str = "software-engineering", topic: str = "python") -> Path:
    """The folder of banks, with one in it."""
    written = [f'version = 1\ntopic = "{topic}"\ntitle = "Python"\n']
    for stage, count in STAGES.items():
        for number in range(count):
            thing = f"{stage} thing {number}"
            written.append(_QUESTION.format(id=f"{topic}-{stage}-{number}", stage=stage, thing=thing))
            written += [
                _POINT.format(id="order", wording=f"The {thing} keeps everything in order."),
                _POINT.format(id="memory", wording=f"The {thing} takes a lot of memory."),
                _POINT.format(id="speed", wording=f"Speed comes from the {thing}."),
            ]
    bank = folder / name
    bank.mkdir(parents=True, exist_ok=True)
    (bank / f"{topic}.toml").write_text("".join(written))
    return folder
