"""Is the encoder the published one, and does the product's evaluation use it, wait its turn and do without it?"""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from django.conf import settings as configured
from scipy.special import erf

from ai_agent.answer_evaluation import AnswerEvaluator, embed_or_none, evaluate_answer, why_lexical
from ai_agent.embedding_build import HEADS, LAYER_NORM_EPSILON, LAYERS, WIDTH, build_embedding, read_safetensors
from ai_agent.embedding_files import BUILT_FILE, TOKENIZER_FILE, WEIGHTS_FILE, is_built
from ai_agent.interviewer.evaluator import Embed
from bench.interview.answers import adversarial
from tests.core.test_answer_evaluator import GOOD, POINTS, QUESTION, WRONG

Array = npt.NDArray[np.float32]

SENTENCES = [
    *POINTS,
    "A process has its own memory space, and its threads share it.",
    "GET puts parameters in the URL while POST puts the data in the request body.",
    "It makes inserts slower because the index must be maintained.",
    "a data structure that stores elements following the first in first out principle",
    "A tuple is immutable, so it can be used as the key of a dictionary.",
    "The garbage collector frees objects that nothing refers to any more.",
    "TCP acknowledges what has arrived and sends lost segments again.",
]


@pytest.fixture
def no_model(settings: object, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path  # type: ignore[attr-defined]


def test_without_the_files_words_alone_decide_and_the_evaluation_says_so(no_model: None) -> None:
    result = evaluate_answer(QUESTION, POINTS, GOOD, WRONG)
    assert (result.evaluator, result.label) == ("lexical", "correct")
    assert "run `python manage.py fetch_models`" in why_lexical()


def test_a_damaged_file_is_as_good_as_none(no_model: None, settings: object, tmp_path: Path) -> None:
    folder = tmp_path / settings.EMBEDDING_MODEL  # type: ignore[attr-defined]
    folder.mkdir()
    (folder / BUILT_FILE).write_bytes(b"no model")
    (folder / TOKENIZER_FILE).write_text("{}", encoding="utf-8")
    assert embed_or_none() is None
    assert "cannot be loaded" in why_lexical()


async def test_the_evaluation_waits_for_its_turn_in_a_thread_of_its_own(no_model: None) -> None:
    evaluator = AnswerEvaluator()
    await evaluator.warm_up()
    results = await asyncio.gather(*(evaluator.evaluate(QUESTION, POINTS, GOOD, WRONG) for _ in range(4)))
    await evaluator.close()
    assert {result.label for result in results} == {"correct"}


def test_weights_that_came_later_than_the_file_made_of_them_ask_for_a_new_one(tmp_path: Path) -> None:
    assert not is_built(tmp_path)
    (tmp_path / WEIGHTS_FILE).touch()
    (tmp_path / BUILT_FILE).touch()
    assert is_built(tmp_path)
    later = time.time() + 60
    os.utime(tmp_path / WEIGHTS_FILE, (later, later))
    assert not is_built(tmp_path)


# ── with the encoder ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(configured.MODELS_DIR) / configured.EMBEDDING_MODEL


@pytest.fixture(scope="module")
def embed() -> Embed:
    loaded = embed_or_none()
    assert loaded is not None, why_lexical()
    return loaded


class Reference:
    """The published encoder in 32-bit floats, as its paper has it."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._arrays = read_safetensors(folder / WEIGHTS_FILE)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()

    def __call__(self, text: str) -> Array:
        ids = self._tokenizer.encode(text).ids
        hidden = self._named("embeddings.word_embeddings.weight")[ids]
        hidden = hidden + self._named("embeddings.position_embeddings.weight")[: len(ids)]
        hidden = self._norm(hidden + self._named("embeddings.token_type_embeddings.weight")[0], "embeddings.LayerNorm")
        for number in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{number}")
        mean = hidden.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _named(self, name: str) -> Array:
        return self._arrays[name]

    def _dense(self, hidden: Array, name: str) -> Array:
        return np.asarray(hidden @ self._named(f"{name}.weight").T + self._named(f"{name}.bias"))

    def _norm(self, hidden: Array, name: str) -> Array:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(hidden.var(axis=-1, keepdims=True) + LAYER_NORM_EPSILON)
        return np.asarray(scaled * self._named(f"{name}.weight") + self._named(f"{name}.bias"))

    def _layer(self, hidden: Array, name: str) -> Array:
        attended = self._dense(self._attention(hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
        hidden = self._norm(attended + hidden, f"{name}.attention.output.LayerNorm")
        inner = self._dense(hidden, f"{name}.intermediate.dense")
        outer = self._dense(inner * 0.5 * (1 + erf(inner / np.sqrt(2))), f"{name}.output.dense")
        return self._norm(outer + hidden, f"{name}.output.LayerNorm")

    def _attention(self, hidden: Array, name: str) -> Array:
        query, key, value = (
            self._dense(hidden, f"{name}.{part}").reshape(len(hidden), HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(WIDTH // HEADS)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return np.asarray((shares @ value).transpose(1, 0, 2).reshape(len(hidden), WIDTH))


@pytest.mark.models
def test_the_small_encoder_means_what_the_published_one_means(embed: Embed, folder: Path) -> None:
    reference = Reference(folder)
    rows = embed(SENTENCES)
    cosines = [float(row @ reference(text)) for row, text in zip(rows, SENTENCES, strict=True)]
    assert min(cosines) >= 0.99, cosines
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


@pytest.mark.models
def test_a_file_built_here_gives_the_same_numbers(embed: Embed, folder: Path, tmp_path: Path) -> None:
    from ai_agent.sentence_embedding import SentenceEmbedding

    for name in (WEIGHTS_FILE, TOKENIZER_FILE):
        shutil.copy(folder / name, tmp_path / name)
    build_embedding(tmp_path)
    assert is_built(tmp_path)
    assert [path.name for path in tmp_path.glob(".build-*")] == []
    assert (tmp_path / BUILT_FILE).stat().st_size < 25e6
    assert np.allclose(SentenceEmbedding(tmp_path)(SENTENCES[:3]), embed(SENTENCES[:3]), atol=1e-6)


@pytest.mark.models
def test_a_text_has_one_embedding_whatever_stood_beside_it(embed: Embed, folder: Path) -> None:
    from ai_agent.sentence_embedding import SentenceEmbedding

    fresh = SentenceEmbedding(folder)
    assert np.array_equal(fresh([SENTENCES[0], "x" * 9_000, ""])[0], embed(SENTENCES[:2])[0])


@pytest.mark.models
def test_other_words_for_a_point_are_understood(embed: Embed) -> None:
    answer = (
        "It is a collection where you always take off the most recently inserted element. "
        "You put things on with push and take them off with pop, both at the same end."
    )
    result = evaluate_answer(QUESTION, POINTS, answer, WRONG)
    assert (result.evaluator, result.label) == ("minilm", "correct")


@pytest.mark.models
def test_answers_that_are_made_to_mislead_hardly_do(embed: Embed) -> None:
    rows = adversarial()
    found = [evaluate_answer(one.question, one.points, one.answer, one.misconceptions).label for one in rows]
    right = sum(label in one.accepted for label, one in zip(found, rows, strict=True))
    errors = sum(label == "correct" for label, one in zip(found, rows, strict=True) if "correct" not in one.accepted)
    stay = sum(label == "correct" for label, one in zip(found, rows, strict=True) if one.label == "correct")
    assert right >= 0.9 * len(rows)
    assert errors <= 4
    assert stay >= 0.76 * sum(one.label == "correct" for one in rows)


@pytest.mark.models
def test_an_answer_costs_little(embed: Embed) -> None:
    evaluate_answer(QUESTION, POINTS, "warm up", WRONG)
    began = time.process_time()
    for number in range(5):
        evaluate_answer(QUESTION, POINTS, f"{GOOD} And number {number} is left.", WRONG)
    assert (time.process_time() - began) / 5 < 0.08
