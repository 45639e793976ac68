"""Which files has a sentence encoder, and is the one that runs already made of the others?"""

from __future__ import annotations

from pathlib import Path
from typing import Final

WEIGHTS_FILE: Final = "model.safetensors"
TOKENIZER_FILE: Final = "tokenizer.json"
BUILT_FILE: Final = "int8-1.onnx"
"""The number is that of the recipe: it changes whenever this module would write another file from the same weights."""


def is_built(folder: Path) -> bool:
    """The encoder of this folder can be used, and is as new as its weights."""
    built, weights = folder / BUILT_FILE, folder / WEIGHTS_FILE
    if not built.is_file():
        return False
    return not weights.is_file() or built.stat().st_mtime_ns >= weights.stat().st_mtime_ns
