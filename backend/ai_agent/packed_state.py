"""How does a filter's memory travel? As JSON, to the bit: arrays become base64 with their type and shape."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

import numpy as np

TYPES: Final = frozenset({"float32", "float64", "int16"})


def pack(value: object) -> object:
    """Mappings, lists, numbers and arrays as JSON can hold them.

    >>> pack({"gain": 1.5, "memory": np.zeros(2, np.int16)})
    {'gain': 1.5, 'memory': {'type': 'int16', 'shape': [2], 'bytes': 'AAAAAA=='}}
    """
    if isinstance(value, np.ndarray):
        content = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode("ascii")
        return {"type": value.dtype.name, "shape": list(value.shape), "bytes": content}
    if isinstance(value, Mapping):
        return {name: pack(part) for name, part in value.items()}
    return value


def unpack(value: object) -> object:
    """What was packed.

    Raises:
        ValueError, TypeError: `pack` did not write this.
    """
    if not isinstance(value, Mapping):
        return value
    if value.keys() != {"type", "shape", "bytes"}:
        return {name: unpack(part) for name, part in value.items()}
    if value["type"] not in TYPES:
        raise ValueError(f"an array of {value['type']!r} is not kept")
    content = base64.b64decode(value["bytes"], validate=True)
    return np.frombuffer(content, value["type"]).reshape(value["shape"]).copy()
