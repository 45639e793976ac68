"""Is the quicker language model the published one, in other formats and otherwise untouched?"""

from __future__ import annotations

import random
import struct
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter, LlamaFileType
from gguf.quants import dequantize, quantize

from ai_agent.language_model_build import LanguageModelBuildError, convert

Kind = GGMLQuantizationType
WEIGHTS = {
    "output.weight": Kind.Q8_0,
    "token_embd.weight": Kind.Q5_0,
    "blk.0.ffn_up.weight": Kind.Q5_0,
    "blk.0.attn_v.weight": Kind.Q8_0,
    "blk.0.attn_norm.weight": Kind.F32,
}
ROWS, COLUMNS = 300, 96
WORDS = ["<s>", "Ġmoon", "月", ""]


@pytest.fixture(params=[32, 64], ids=lambda alignment: f"alignment {alignment}")
def source(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A model as it is published, but small."""
    path = tmp_path / "source.gguf"
    chance = np.random.default_rng(1)
    writer = GGUFWriter(path, "qwen2")
    writer.add_custom_alignment(request.param)
    writer.add_file_type(LlamaFileType.MOSTLY_Q4_K_M)
    writer.add_token_list(WORDS)
    writer.add_token_types([1, 2, 3, 4])
    writer.add_float32("qwen2.rope.freq_base", 1e6)
    writer.add_bool("tokenizer.ggml.add_bos_token", False)
    writer.add_chat_template("{{ messages }}\n")
    for name, kind in WEIGHTS.items():
        values = chance.standard_normal((ROWS, COLUMNS)).astype(np.float32)
        values[7] = 0
        writer.add_tensor(name, quantize(values[0] if "norm" in name else values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture
def made(source: Path, tmp_path: Path) -> Path:
    convert(source, tmp_path / "made.gguf")
    return tmp_path / "made.gguf"


def test_only_the_output_and_the_slow_inner_weights_change_their_format(made: Path) -> None:
    kinds = {tensor.name: tensor.tensor_type for tensor in GGUFReader(made).tensors}
    assert kinds == {**WEIGHTS, "output.weight": Kind.Q4_0, "blk.0.ffn_up.weight": Kind.Q4_0}


def test_what_changes_is_as_the_library_would_have_it_and_near_and_the_rest_is_as_it_was(
    source: Path, made: Path
) -> None:
    for old, new in zip(GGUFReader(source).tensors, GGUFReader(made).tensors, strict=True):
        assert (old.name, list(old.shape)) == (new.name, list(new.shape))
        if old.tensor_type == new.tensor_type:
            assert np.array_equal(old.data, new.data)
            continue
        values = dequantize(old.data, old.tensor_type)
        assert np.array_equal(new.data, quantize(values, Kind.Q4_0))
        error = np.abs(values - dequantize(new.data, Kind.Q4_0)).reshape(-1, 32)
        blocks = values.reshape(-1, 32)
        largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1, keepdims=True), axis=1)
        # Half a step; the value that lies opposite the largest has one step less on its side.
        step = np.abs(largest) / 8
        opposite = np.sign(blocks) != np.sign(largest)
        assert np.all(error <= np.where(opposite & (np.abs(blocks) > 7 * step), 1.01, 0.505) * step)


def test_metadata_and_vocabulary_are_kept_and_the_file_says_what_it_is_now(source: Path, made: Path) -> None:
    old, new = GGUFReader(source).fields, GGUFReader(made).fields
    assert list(old) == list(new)
    assert new["tokenizer.ggml.tokens"].contents() == WORDS
    changed = {name for name in old if old[name].contents() != new[name].contents()}
    assert changed == {"general.file_type"}
    assert new["general.file_type"].contents() == LlamaFileType.MOSTLY_Q4_0


def test_the_same_file_comes_out_every_time(source: Path, made: Path, tmp_path: Path) -> None:
    convert(source, tmp_path / "again.gguf")
    assert (tmp_path / "again.gguf").read_bytes() == made.read_bytes()


def test_nothing_is_lost_when_there_is_nothing_to_convert(made: Path, tmp_path: Path) -> None:
    convert(made, tmp_path / "again.gguf")
    assert (tmp_path / "again.gguf").read_bytes() == made.read_bytes()


# ── what is no model ──────────────────────────────────────────────────────────────────────────────────────────────────


def refusal(content: bytes, folder: Path) -> str:
    (folder / "bad.gguf").write_bytes(content)
    with pytest.raises(LanguageModelBuildError) as caught:
        convert(folder / "bad.gguf", folder / "target.gguf")
    assert not (folder / "target.gguf").exists()
    words = str(caught.value)
    assert words.startswith(f"{folder / 'bad.gguf'} cannot be converted: ")
    assert "\n" not in words
    return words.partition("converted: ")[2]


def test_a_file_that_is_no_gguf_file_is_one_clear_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    assert refusal(b"PK\3\4 something else", tmp_path) == "it is no GGUF file"
    assert refusal(b"", tmp_path) == "it is cut short"
    assert refusal(b"GGUF" + struct.pack("<IQQ", 1, 0, 0), tmp_path) == "it is of version 1, not 2 or 3"


@pytest.mark.parametrize("kept", [0.01, 0.1, 0.5, 0.99])
def test_a_file_cut_short_is_one_clear_line_and_leaves_nothing_behind(
    source: Path, tmp_path: Path, kept: float
) -> None:
    content = source.read_bytes()
    assert refusal(content[: int(len(content) * kept)], tmp_path) == "it is cut short"


def test_a_damaged_header_is_never_more_than_one_clear_line(source: Path, tmp_path: Path) -> None:
    content, chance = source.read_bytes(), random.Random(1)
    for _ in range(300):
        damaged = bytearray(content)
        damaged[chance.randrange(4, 600)] = chance.choice([0, 1, 9, 0x7F, 0xFF])
        (tmp_path / "bad.gguf").write_bytes(damaged)
        try:
            with np.errstate(all="ignore"):  # what was text is taken for numbers
                convert(tmp_path / "bad.gguf", tmp_path / "target.gguf")
        except LanguageModelBuildError:
            assert not (tmp_path / "target.gguf").exists()


def test_what_was_stopped_leaves_nothing_behind(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ai_agent.language_model_build.quantize", stop)
    with pytest.raises(KeyboardInterrupt):
        convert(source, tmp_path / "target.gguf")
    assert not (tmp_path / "target.gguf").exists()
