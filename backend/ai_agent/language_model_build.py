"""How does the published language model become the quicker one that runs here? Most of its weights in Q4_0.

    header ──> as it is, but for kinds and places of the weights
    weights ─> a group of rows at a time: Q5_0, and Q8_0 of the output ──dequantise──> floats ──quantise──> Q4_0

Rows do not know each other and nothing is added up, so the file is the same whoever makes it. `gguf` knows the formats
of the weights. The header is read here, since `gguf` makes an object of each of the vocabulary's 300,000 pieces.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import IO, Final

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFValueType, LlamaFileType
from gguf.quants import dequantize, quantize

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)
OUTPUT: Final = "output.weight"
WORDS: Final = "token_embd.weight"
"""A row a word, looked up and not multiplied: made smaller, it would be worse and no quicker."""

ROWS_AT_A_TIME: Final = 256
COPIED_AT_A_TIME: Final = 2**20

BYTES_OF: Final = {
    GGUFValueType.UINT8: 1,
    GGUFValueType.INT8: 1,
    GGUFValueType.BOOL: 1,
    GGUFValueType.UINT16: 2,
    GGUFValueType.INT16: 2,
    GGUFValueType.UINT32: 4,
    GGUFValueType.INT32: 4,
    GGUFValueType.FLOAT32: 4,
    GGUFValueType.UINT64: 8,
    GGUFValueType.INT64: 8,
    GGUFValueType.FLOAT64: 8,
}


class LanguageModelBuildError(Exception):
    """One clear line: why this file cannot be converted."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A tensor of a file: its name, and how it lies there."""

    name: str
    shape: tuple[int, ...]
    """Columns first."""
    kind: GGMLQuantizationType
    place: int
    """Bytes after the beginning of all weights."""

    @property
    def row_bytes(self) -> int:
        block, block_bytes = GGML_QUANT_SIZES[self.kind]
        return self.shape[0] // block * block_bytes

    @property
    def bytes(self) -> int:
        return self.row_bytes * prod(self.shape[1:])


@dataclass(slots=True)
class Header:
    """All that stands before the weights."""

    version: int = 0
    values_count: int = 0
    values: bytes = b""
    """Metadata and vocabulary, as they are written."""
    weights: list[Weights] = field(default_factory=list)
    alignment: int = 32
    begin: int = 0
    """Where the weights begin in the file."""


def convert(source: Path, target: Path) -> None:
    """Write `target`, or nothing.

    Raises:
        LanguageModelBuildError: `source` is no whole GGUF file.
        OSError: no room, or no right to write.
    """
    try:
        with source.open("rb") as read:
            header = _Reader(read).header()
            with target.open("wb") as written:
                _write(header, read, written)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, ValueError | ArithmeticError | LookupError):
            raise LanguageModelBuildError(f"{source} cannot be converted: {error}") from error
        raise


def kind_of(weights: Weights) -> GGMLQuantizationType:
    """What these weights become."""
    is_output = weights.name == OUTPUT and weights.kind == GGMLQuantizationType.Q8_0
    is_inner = weights.name != WORDS and weights.kind == GGMLQuantizationType.Q5_0
    return GGMLQuantizationType.Q4_0 if is_output or is_inner else weights.kind


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Reader:
    """A file's header, front to back."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._bytes = os.fstat(file.fileno()).st_size
        self._header = Header()
        self._file_type_at = 0

    def header(self) -> Header:
        header = self._header
        if self._take(4) != MAGIC:
            raise ValueError("it is no GGUF file")
        header.version = self._number("<I")
        if header.version not in VERSIONS:
            raise ValueError(f"it is of version {header.version}, not {' or '.join(map(str, VERSIONS))}")
        weights_count, header.values_count = self._number("<Q"), self._number("<Q")
        begin = self._file.tell()
        for _ in range(header.values_count):
            self._value(self._string())
        header.values = self._values_from(begin)
        header.weights = [self._weights() for _ in range(weights_count)]
        header.begin = _up_to(header.alignment, self._file.tell())
        if any(header.begin + weights.place + weights.bytes > self._bytes for weights in header.weights):
            raise ValueError("it is cut short")
        return header

    def _value(self, key: str) -> None:
        """Step over a value. Two of them are wanted."""
        kind = GGUFValueType(self._number("<I"))
        if key == "general.file_type":
            self._file_type_at = self._file.tell()
        if key == "general.alignment":
            self._header.alignment = self._number("<I")
        elif kind == GGUFValueType.ARRAY:
            self._array(GGUFValueType(self._number("<I")), self._number("<Q"))
        elif kind == GGUFValueType.STRING:
            self._skip(self._number("<Q"))
        else:
            self._skip(BYTES_OF[kind])

    def _array(self, kind: GGUFValueType, count: int) -> None:
        if kind == GGUFValueType.ARRAY:
            raise ValueError("it has arrays in arrays")
        if kind != GGUFValueType.STRING:
            self._skip(count * BYTES_OF[kind])
            return
        for _ in range(count):
            self._skip(self._number("<Q"))

    def _values_from(self, begin: int) -> bytes:
        """The values as they are, but for the one that says what most weights are."""
        end = self._file.tell()
        self._file.seek(begin)
        values = self._take(end - begin)
        if not self._file_type_at:
            return values
        place = self._file_type_at - begin
        return values[:place] + struct.pack("<I", LlamaFileType.MOSTLY_Q4_0) + values[place + 4 :]

    def _weights(self) -> Weights:
        name = self._string()
        shape = tuple(self._number("<Q") for _ in range(self._number("<I")))
        return Weights(name, shape, GGMLQuantizationType(self._number("<I")), self._number("<Q"))

    def _string(self) -> str:
        return self._take(self._number("<Q")).decode()

    def _number(self, form: str) -> int:
        return int(struct.unpack(form, self._take(struct.calcsize(form)))[0])

    def _take(self, count: int) -> bytes:
        self._must_have(count)
        return self._file.read(count)

    def _skip(self, count: int) -> None:
        self._must_have(count)
        self._file.seek(count, os.SEEK_CUR)

    def _must_have(self, count: int) -> None:
        if self._file.tell() + count > self._bytes:
            raise ValueError("it is cut short")


def _up_to(alignment: int, place: int) -> int:
    """
    >>> _up_to(32, 33)
    64
    """
    return place + -place % alignment


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _write(header: Header, source: IO[bytes], target: IO[bytes]) -> None:
    target.write(MAGIC + struct.pack("<IQQ", header.version, len(header.weights), header.values_count) + header.values)
    for weights in _placed(header):
        name = weights.name.encode()
        target.write(struct.pack("<Q", len(name)) + name)
        target.write(struct.pack(f"<I{len(weights.shape)}Q", len(weights.shape), *weights.shape))
        target.write(struct.pack("<IQ", weights.kind, weights.place))
    _pad(target, header.alignment)
    for weights in header.weights:
        source.seek(header.begin + weights.place)
        for piece in _converted(weights, source):
            target.write(piece)
        _pad(target, header.alignment)


def _placed(header: Header) -> Iterator[Weights]:
    """The weights as they will lie, in the same order."""
    place = 0
    for weights in header.weights:
        made = Weights(weights.name, weights.shape, kind_of(weights), place)
        place = _up_to(header.alignment, place + made.bytes)
        yield made


def _pad(target: IO[bytes], alignment: int) -> None:
    place = target.tell()
    target.write(bytes(_up_to(alignment, place) - place))


def _converted(weights: Weights, source: IO[bytes]) -> Iterator[bytes]:
    kind, to_come = kind_of(weights), weights.bytes
    at_a_time = COPIED_AT_A_TIME if kind == weights.kind else weights.row_bytes * ROWS_AT_A_TIME
    while to_come:
        piece = source.read(min(at_a_time, to_come))
        if not piece:
            raise ValueError("it was cut short meanwhile")
        to_come -= len(piece)
        if kind != weights.kind:
            rows = np.frombuffer(piece, np.uint8).reshape(-1, weights.row_bytes)
            piece = quantize(dequantize(rows, weights.kind), kind).tobytes()
        yield piece
