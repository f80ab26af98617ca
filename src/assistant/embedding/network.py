"""The bundled model's network for passages, in OpenVINO: from token ids to token states.

A BERT, built here node by node from the wheel's weights. They keep their 4 bits; where the CPU has the
instructions, OpenVINO multiplies them with activations rounded to 8 bits in the same groups of 32, and
does the rest in bfloat16. The vectors agree with those of 32-bit arithmetic to a cosine of 0.9999."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import bundled
from assistant.errors import ModelUnavailable

if TYPE_CHECKING:
    from openvino import InferRequest, Model, Node

Floats = NDArray[np.float32]

_BATCH = 4
"""Small batches of like length waste the least padding; several are on their way at once."""

_STEP = 16
"""Lengths are padded to multiples of this: OpenVINO keeps what it prepared for a shape, megabytes each."""


class Network:
    """For one thread at a time; it takes all cores by itself, unless it is given a number of threads."""

    def __init__(self, name: str, threads: int = 0) -> None:
        """`name` is what the user calls the model. Raises ModelUnavailable."""
        limits = {"INFERENCE_NUM_THREADS": threads} if threads else {}
        try:
            ov = _openvino()
            weights = bundled.weights()
            self._words = bundled.WordEmbeddings()
            compiled = ov.Core().compile_model(
                _Builder(ov, weights).model(),
                "CPU",
                {"PERFORMANCE_HINT": "THROUGHPUT", "DYNAMIC_QUANTIZATION_GROUP_SIZE": bundled.GROUP} | limits,
            )
            at_once = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
            self._requests = [compiled.create_infer_request() for _ in range(at_once)]
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise ModelUnavailable(name, str(error).strip().split("\n")[0]) from error
        shape = weights.shape
        self.limit = shape.positions
        positions, types = (weights.vectors[name].reshape(-1, shape.hidden) for name in ("emb.pos", "emb.type"))
        self._places = positions + types[0]

    def states(self, texts: Sequence[Sequence[int]]) -> Iterator[tuple[int, Floats]]:
        """Of each text its number and its tokens' states, shape (tokens, hidden), shorter texts first.
        A text is token ids, `limit` at most."""
        by_length = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        running: list[list[int]] = [[] for _ in self._requests]
        for turn, begin in enumerate(range(0, len(texts), _BATCH)):
            at = turn % len(running)
            done = _finished(self._requests[at], running[at], texts)
            running[at] = by_length[begin : begin + _BATCH]
            self._start(self._requests[at], [texts[number] for number in running[at]])
            yield from done
        for request, numbers in zip(self._requests, running, strict=True):
            yield from _finished(request, numbers, texts)

    def _start(self, request: InferRequest, texts: Sequence[Sequence[int]]) -> None:
        length = -(-max(map(len, texts)) // _STEP) * _STEP
        tokens = np.zeros((len(texts), length, self._words.hidden), np.float32)
        mask = np.zeros((len(texts), 1, 1, length), np.bool_)
        for row, ids in enumerate(texts):
            tokens[row, : len(ids)] = self._words.rows(np.array(ids)) + self._places[: len(ids)]
            mask[row, ..., : len(ids)] = True
        request.start_async({"tokens": tokens, "mask": mask})


def _finished(
    request: InferRequest, numbers: Sequence[int], texts: Sequence[Sequence[int]]
) -> list[tuple[int, Floats]]:
    if not numbers:
        return []
    request.wait()
    states = request.get_output_tensor().data
    return [(number, states[row, : len(texts[number])].copy()) for row, number in enumerate(numbers)]


def _openvino() -> ModuleType:
    # Its Python package tells its maker of every import, and keeps an id under the home folder. It does
    # without where the package that tells is missing; that one always comes along.
    sys.modules["openvino_telemetry"] = cast(ModuleType, None)
    return importlib.import_module("openvino")


class _Builder:
    """Makes the graph of a BERT encoder (Devlin et al. 2019), without its first layer."""

    def __init__(self, ov: ModuleType, weights: bundled.Weights) -> None:
        self._ov, self._op = ov, ov.opset13
        self._weights = weights

    def model(self) -> Model:
        hidden = self._weights.shape.hidden
        tokens = self._op.parameter([-1, -1, hidden], np.float32, name="tokens")
        mask = self._op.parameter([-1, 1, 1, -1], np.bool_, name="mask")
        states = self._normalised(tokens, "emb.ln")
        for number in range(self._weights.shape.layers):
            states = self._layer(states, mask, f"l{number}")
        return self._ov.Model([self._op.result(states)], [tokens, mask])

    def _layer(self, states: Node, mask: Node, name: str) -> Node:
        op = self._op
        query, key, value = (self._heads(self._dense(states, f"{name}.{part}")) for part in "qkv")
        seen = self._joined(op.scaled_dot_product_attention(query, key, value, mask))
        states = self._normalised(op.add(states, self._dense(seen, f"{name}.ao")), f"{name}.aln")
        wide = op.gelu(self._dense(states, f"{name}.fi"), "erf")
        return self._normalised(op.add(states, self._dense(wide, f"{name}.fo")), f"{name}.oln")

    def _dense(self, x: Node, name: str) -> Node:
        product = self._op.matmul(x, self._matrix(f"{name}.w"), False, True)
        return self._op.add(product, self._vector(f"{name}.b"))

    def _matrix(self, name: str) -> Node:
        """A constant of 4 bits, and the operations that OpenVINO knows as its unpacking."""
        op, matrix = self._op, self._weights.matrices[name]
        signed = matrix.steps ^ 8  # in two's complement of 4 bits: what was 0 to 15 is -8 to 7
        pairs = np.ascontiguousarray(signed[..., 0::2] | signed[..., 1::2] << 4)
        packed = self._ov.Tensor(pairs.reshape(-1), self._ov.Shape(signed.shape), self._ov.Type.i4)
        steps = op.convert(self._ov.op.Constant(packed, shared_memory=False), "f32")
        rows, groups, group = signed.shape
        return op.reshape(op.multiply(steps, op.constant(matrix.scales)), op.constant([rows, groups * group]), False)

    def _normalised(self, x: Node, name: str) -> Node:
        op = self._op
        centred = op.mvn(x, op.constant([-1]), True, self._weights.shape.epsilon, "inside_sqrt")
        return op.add(op.multiply(centred, self._vector(f"{name}.w")), self._vector(f"{name}.b"))

    def _vector(self, name: str) -> Node:
        return self._op.constant(self._weights.vectors[name].reshape(1, 1, -1))

    def _heads(self, x: Node) -> Node:
        """From (texts, tokens, hidden) to (texts, heads, tokens, hidden / heads)."""
        op, shape = self._op, self._weights.shape
        parted = op.reshape(x, op.constant([0, 0, shape.heads, shape.hidden // shape.heads]), True)
        return op.transpose(parted, op.constant([0, 2, 1, 3]))

    def _joined(self, x: Node) -> Node:
        """And back."""
        op, hidden = self._op, self._weights.shape.hidden
        return op.reshape(op.transpose(x, op.constant([0, 2, 1, 3])), op.constant([0, 0, hidden]), True)
