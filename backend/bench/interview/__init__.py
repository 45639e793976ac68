"""How well does the evaluator agree with people?"""

from pathlib import Path
from typing import Final

MODEL: Final = Path(__file__).resolve().parents[2] / "models" / "all-minilm-l6-v2"
"""The encoder that the product uses."""
