"""What does a text mean, as numbers? MiniLM on this machine: one row of length 1 for each text.

    text ──tokens──> int8 ONNX, one thread, no spinning ──> 384 numbers        (some ms; kept for the texts seen last)

Each text goes in alone, so that it has one embedding whatever stood beside it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from ai_agent.embedding_build import LONGEST, WIDTH
from ai_agent.embedding_files import BUILT_FILE, TOKENIZER_FILE

KEPT_TEXTS: Final = 4_096
"""A bank's key points and wrong statements, and the clauses of the answers that were heard last."""

MAX_CHARACTERS: Final = 2_000
"""More never fits the tokens that the encoder takes."""

Rows = npt.NDArray[np.float32]


class SentenceEmbedding:
    """A loaded encoder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """
        Raises:
            OSError, RuntimeError: a file is missing, or is not what it should be.
        """
        built = folder / BUILT_FILE
        if not built.is_file():
            raise FileNotFoundError(f"{built} is missing: run `python manage.py fetch_models`")
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._session = _session(built)
        except Exception as error:  # whatever the two libraries raise
            reason = " ".join(str(error).split())
            raise RuntimeError(f"{folder} cannot be loaded: {reason}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._kept: OrderedDict[str, Rows] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, texts: list[str]) -> Rows:
        """A row of length 1 for each text."""
        if not texts:
            return np.zeros((0, WIDTH), np.float32)
        return np.stack([self._row(text[:MAX_CHARACTERS]) for text in texts])

    def _row(self, text: str) -> Rows:
        with self._lock:
            kept = self._kept.get(text)
            if kept is not None:
                self._kept.move_to_end(text)
                return kept
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        row: Rows = self._session.run(None, {"input_ids": ids})[0][0]
        with self._lock:
            self._kept[text] = row
            if len(self._kept) > KEPT_TEXTS:
                self._kept.popitem(last=False)
        return row


def _session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
