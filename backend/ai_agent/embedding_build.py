"""How does a published sentence encoder become the small file that runs here? Safetensors in, int8 ONNX out, no torch.

    model.safetensors ──read──> arrays ──> graph: BERT, mean over the words, length 1 ──quantize──> int8 ONNX (23 MB)

One text at a time goes in, without padding, so that a text has one embedding whatever stood beside it.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ai_agent.embedding_files import BUILT_FILE, WEIGHTS_FILE

Array = npt.NDArray[np.float32]

OPSET: Final = 20
LAYERS: Final = 6
HEADS: Final = 12
WIDTH: Final = 384
LAYER_NORM_EPSILON: Final = 1e-12
LONGEST: Final = 256
"""Tokens of a text: the encoder was trained on no more."""


def read_safetensors(path: Path) -> dict[str, Array]:
    """The arrays of 32-bit floats of a safetensors file, by name."""
    written = path.read_bytes()
    length = int.from_bytes(written[:8], "little")
    header = json.loads(written[8 : 8 + length])
    body = memoryview(written)[8 + length :]
    arrays: dict[str, Array] = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            arrays[name] = np.frombuffer(body[begin:end], "<f4").reshape(entry["shape"])
    return arrays


def build_embedding(folder: Path) -> None:
    """Make the int8 file of a folder from its weights, at once or not at all.

    Raises:
        OSError: no room, or no right to write.
    """
    import onnx  # noqa: PLC0415 - a second of imports that only a build needs
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    with tempfile.TemporaryDirectory(dir=folder, prefix=".build-") as scratch:
        exact, small = Path(scratch) / "exact.onnx", Path(scratch) / "small.onnx"
        onnx.save(graph_of(read_safetensors(folder / WEIGHTS_FILE)), str(exact))
        logging.disable(logging.WARNING)  # it tells of every step
        try:
            quantize_dynamic(exact, small, per_channel=True, weight_type=QuantType.QInt8)
        finally:
            logging.disable(logging.NOTSET)
        small.replace(folder / BUILT_FILE)


def graph_of(arrays: dict[str, Array]) -> Any:
    """The encoder as an ONNX model: token ids of one text to one row of length 1."""
    from onnx import TensorProto, checker, helper  # noqa: PLC0415

    graph = _Graph(arrays)
    hidden = graph.embeddings()
    for layer in range(LAYERS):
        hidden = graph.layer(hidden, f"encoder.layer.{layer}")
    graph.node("ReduceMean", [hidden, graph.ints("over_words", [1])], "mean", keepdims=0)
    graph.node("LpNormalization", ["mean"], "embedding", axis=-1, p=2)
    made = helper.make_graph(
        graph.nodes,
        "sentence_encoder",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, WIDTH])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    checker.check_model(model)
    return model


class _Graph:
    """The nodes and constants of the model while it is put together."""

    def __init__(self, arrays: dict[str, Array]) -> None:
        self._arrays = arrays
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._names = self._numbered()

    def embeddings(self) -> str:
        """Words and their places; the segment is always the first."""
        places = self._arrays["embeddings.position_embeddings.weight"]
        segment = self._arrays["embeddings.token_type_embeddings.weight"][0]
        words = self.constant("words", self._arrays["embeddings.word_embeddings.weight"])
        table = self.constant("places", places[: LONGEST + 2] + segment)
        said = self.node("Gather", [words, "input_ids"])
        shape = self.node("Shape", ["input_ids"], start=1, end=2)
        there = self.node("Slice", [table, self.ints("zero", [0]), shape, self.ints("first_axis", [0])])
        return self.norm(self.node("Add", [said, there]), "embeddings.LayerNorm")

    def layer(self, hidden: str, name: str) -> str:
        attended = self.attention(hidden, f"{name}.attention.self")
        attended = self.dense(attended, f"{name}.attention.output.dense")
        hidden = self.norm(self.node("Add", [attended, hidden]), f"{name}.attention.output.LayerNorm")
        inner = self.node("Gelu", [self.dense(hidden, f"{name}.intermediate.dense")])
        outer = self.dense(inner, f"{name}.output.dense")
        return self.norm(self.node("Add", [outer, hidden]), f"{name}.output.LayerNorm")

    def attention(self, hidden: str, name: str) -> str:
        scale = np.float32((WIDTH // HEADS) ** -0.5)
        query, key, value = (
            self.heads(self.dense(hidden, f"{name}.{part}", factor=scale if part == "query" else None), order)
            for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        weights = self.node("Softmax", [self.node("MatMul", [query, key])], axis=-1)
        mixed = self.node("Transpose", [self.node("MatMul", [weights, value])], perm=[0, 2, 1, 3])
        return self.node("Reshape", [mixed, self.ints("joined", [0, 0, WIDTH])])

    def heads(self, hidden: str, order: list[int]) -> str:
        parted = self.node("Reshape", [hidden, self.ints("parted", [0, 0, HEADS, WIDTH // HEADS])])
        return self.node("Transpose", [parted], perm=order)

    def dense(self, hidden: str, name: str, *, factor: np.float32 | None = None) -> str:
        weight, bias = self._arrays[f"{name}.weight"].T, self._arrays[f"{name}.bias"]
        if factor is not None:
            weight, bias = weight * factor, bias * factor
        product = self.node("MatMul", [hidden, self.constant(f"{name}.weight", weight)])
        return self.node("Add", [product, self.constant(f"{name}.bias", bias)])

    def norm(self, hidden: str, name: str) -> str:
        parts = [self.constant(f"{name}.{part}", self._arrays[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self.node("LayerNormalization", [hidden, *parts], axis=-1, epsilon=LAYER_NORM_EPSILON)

    def node(self, kind: str, inputs: list[str], output: str = "", **attributes: Any) -> str:
        from onnx import helper  # noqa: PLC0415

        output = output or next(self._names)
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def constant(self, name: str, array: Array) -> str:
        from onnx import numpy_helper  # noqa: PLC0415

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def ints(self, name: str, values: list[int]) -> str:
        from onnx import numpy_helper  # noqa: PLC0415

        if all(constant.name != name for constant in self.constants):
            self.constants.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def _numbered(self) -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield f"step_{number}"
