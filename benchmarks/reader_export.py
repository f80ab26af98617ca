"""The trained reader as an ONNX file in 8 bits, for `assistant/reading/crossencoder.py`."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor

from assistant.embedding import BUNDLED
from benchmarks.reader_network import (
    WholeReader,
    bundled_weights,
    lower_half,
    plain_attention,
    upper_half,
    word_embeddings,
)

OPSET = 17
INPUTS = ("question", "passages", "mask", "pool", "cosine")
OUTPUTS = ("logits", "starts", "ends")
VARIABLE = {
    "question": {1: "question_tokens"},
    "passages": {0: "passages", 1: "tokens"},
    "mask": {0: "passages", 1: "tokens"},
    "pool": {0: "passages", 1: "sentences", 2: "tokens"},
    "cosine": {0: "passages", 1: "sentences"},
    "logits": {0: "passages", 1: "sentences"},
    "starts": {0: "passages", 1: "tokens"},
    "ends": {0: "passages", 1: "tokens"},
}
"""By input and output, the dimensions that a question decides."""


def export(folder: Path) -> Path:
    """From upper.pt to reader.onnx, and what became of its size, its speed and its logits."""
    weights = bundled_weights(folder / "models" / BUNDLED)
    upper = upper_half(weights, plain_attention)
    upper.load_state_dict(torch.load(folder / "upper.pt", weights_only=True))
    reader = WholeReader(lower_half(weights, plain_attention), upper).eval()
    inputs = _inputs(word_embeddings(weights))
    whole, prepared, small = (folder / f"reader{suffix}.onnx" for suffix in (".fp32", ".prepared", ""))
    with torch.no_grad():
        expected = reader(*inputs).sentences.numpy()
        torch.onnx.export(
            reader,
            inputs,
            str(whole),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=VARIABLE,
            opset_version=OPSET,
            dynamo=False,  # the newer exporter's graph is not one that the quantiser knows its way in
        )
    quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
    # In 7 of the 8 bits: processors without VNNI add two products in 16 bits, where 8 would overflow unseen.
    quantize_dynamic(str(prepared), str(small), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    for path in (whole, small):
        _tell(path, inputs, expected)
    return small


def _inputs(words: Tensor) -> tuple[Tensor, ...]:
    """Five passages of seven sentences, of random words: for the exporter to trace, and to compare by."""
    passages, tokens, sentences = 5, 180, 7
    chosen = torch.Generator().manual_seed(0)

    def text(*shape: int) -> Tensor:
        return words[torch.randint(5, 100_000, shape, generator=chosen)]

    pool = torch.zeros(passages, sentences, tokens)
    for number, part in enumerate(torch.arange(1, tokens).chunk(sentences)):
        pool[:, number, part] = 1 / len(part)
    cosine = 0.7 + 0.2 * torch.rand(passages, sentences, generator=chosen)
    return text(1, 14), text(passages, tokens), torch.ones(passages, tokens), pool, cosine


def _tell(path: Path, inputs: tuple[Tensor, ...], expected: NDArray[np.float32]) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    feed = {name: tensor.numpy() for name, tensor in zip(INPUTS, inputs, strict=True)}
    (logits,) = session.run(["logits"], feed)
    seconds = []
    for _ in range(8):
        started = time.perf_counter()
        session.run(["logits"], feed)
        seconds.append(time.perf_counter() - started)
    apart = float(np.abs(logits - expected).max())
    print(
        f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {sorted(seconds)[4] * 1000:.0f} ms, "
        f"logits off by {apart:.3f} at most",
        flush=True,
    )
