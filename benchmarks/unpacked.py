"""The bundled model as an ordinary sentence-transformers folder: what the product's engine is compared
with, and what the trained reader is made of."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import bundled
from assistant.embedding.bundled import Shape, Weights, WordEmbeddings

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = NDArray[np.float32]

_LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def unpack(folder: Path) -> Path:
    """Write the folder (about 470 MB) unless it is there already."""
    if (folder / "modules.json").exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        _write(aside)
        os.chmod(aside, 0o755)
        try:
            os.rename(aside, folder)
        except OSError:
            if not (folder / "modules.json").exists():  # not merely beaten by another process
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def tokenizer() -> Tokenizer:
    """XLM-R's: SentencePiece unigram over NFKC text with runs of spaces collapsed."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    ids, scores = bundled.vocabulary()
    made = Tokenizer(models.Unigram(list(zip(ids, scores.tolist(), strict=True)), unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return made


def _write(folder: Path) -> None:
    """The files of a sentence-transformers folder; see its documentation of `SentenceTransformer.save`."""
    from safetensors.numpy import save_file

    weights = bundled.weights()
    save_file(_named(weights), folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "1_Pooling").mkdir()
    for name, content in _files(weights.shape).items():  # modules.json is last: it marks the folder as whole
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")


def _files(shape: Shape) -> dict[str, object]:
    special = {"bos": "<s>", "eos": "</s>", "cls": "<s>", "sep": "</s>", "pad": "<pad>", "unk": "<unk>"}
    return {
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


def _named(weights: Weights) -> dict[str, Floats]:
    """The tensors under BERT's names and in its shapes."""
    shape, vectors = weights.shape, weights.vectors
    named = {
        "embeddings.word_embeddings.weight": WordEmbeddings().rows(np.arange(shape.vocabulary)),
        "embeddings.position_embeddings.weight": vectors["emb.pos"].reshape(-1, shape.hidden),
        "embeddings.token_type_embeddings.weight": vectors["emb.type"].reshape(-1, shape.hidden),
        "embeddings.LayerNorm.weight": vectors["emb.ln.w"],
        "embeddings.LayerNorm.bias": vectors["emb.ln.b"],
    }
    for layer in range(shape.layers):
        for packed_name, bert_name in _LAYER_TENSORS.items():
            name = f"l{layer}.{packed_name}"
            named[f"encoder.layer.{layer}.{bert_name}.bias"] = vectors[f"{name}.b"]
            named[f"encoder.layer.{layer}.{bert_name}.weight"] = (
                vectors[f"{name}.w"] if "LayerNorm" in bert_name else weights.matrices[f"{name}.w"].values()
            )
    return named
