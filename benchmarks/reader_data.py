"""What the trained reader learns from: questions, and passages as the lower half of its network reads them.

Norwegian questions (NorQuAD) come with the passages that search finds for them, so that the reader
learns from the product's own mistakes. Swedish ones (SQuAD 2.0, translated) come with one passage, and
most of them have no answer in it: they teach what that looks like."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from assistant import bundled
from assistant.embedding import BUNDLED, Floats, Queries, open_passages, open_queries
from assistant.errors import BadEvaluationFile
from assistant.evaluation.questions import KnownQuestion, load, squeezed
from assistant.evaluation.run import covers, index_articles, spans_of
from assistant.index import Generation, Index
from assistant.search import search
from assistant.settings import Settings
from assistant.text import normalise
from assistant.types import Hit, Passage
from benchmarks.reader_network import POSITIONS, bundled_weights, lower_half, states_of, word_embeddings
from benchmarks.swedish_squad import load_swedish

Halves = NDArray[np.float16]

SEED = 3
FOUND = 20
"""How many passages are searched for a Norwegian question."""
WRONG = 12
"""How many of them that do not answer it are kept."""
SWEDISH_UNANSWERABLE, SWEDISH_ANSWERABLE = 3500, 1800

_PASSAGE_BATCH, _QUESTION_BATCH = 16, 64


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """`states`, shape (tokens, hidden), float16; of each sentence, in their order, its tokens as
    `[start, end)` and its unit vector, a row of `vectors`."""

    states: Tensor
    sentences: tuple[tuple[int, int], ...]
    vectors: Halves


@dataclass(frozen=True, slots=True)
class Right:
    """A passage that answers, and which of its sentences do."""

    passage: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its states, shape (tokens, hidden), float16; its unit vector; the passages that
    answer it and some that do not, best first; and the document it is about."""

    text: str
    states: Tensor
    vector: Halves
    right: tuple[Right, ...]
    wrong: tuple[str, ...]
    document: str


@dataclass(frozen=True, slots=True)
class TrainingData:
    """`passages` by id. A Norwegian question has a right passage; a Swedish one has either a right
    passage or a wrong one."""

    passages: dict[str, ReadPassage]
    norwegian: tuple[Asked, ...]
    swedish: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class _Passage:
    """Before the network has read it."""

    ids: list[int]
    sentences: tuple[tuple[int, int], ...]
    vectors: Halves


@dataclass(frozen=True, slots=True)
class _Question:
    """Before the network has read it."""

    text: str
    ids: list[int]
    vector: Halves
    right: tuple[Right, ...]
    wrong: tuple[str, ...]
    document: str


def prepare(folder: Path, norwegian: Path, swedish: Path) -> TrainingData:
    """Read a SQuAD file in Norwegian, and one in Swedish (gzipped), with the bundled model.

    `folder` keeps the unpacked model and the index of the Norwegian articles for the next time.
    Raises BadEvaluationFile."""
    model = bundled.unpack(folder / "models" / BUNDLED)
    tokens = _Tokens(model)
    queries = open_queries(BUNDLED)
    passages, questions = _norwegian(folder, norwegian, tokens, queries)
    print(f"{len(questions)} Norwegian questions, {len(passages)} passages", flush=True)
    more_passages, more_questions = _swedish(folder, swedish, tokens, queries)
    print(f"{len(more_questions)} Swedish questions, {len(more_passages)} passages", flush=True)
    read_passages, read_questions = _read(model, passages | more_passages, questions + more_questions)
    return TrainingData(read_passages, tuple(read_questions[: len(questions)]), tuple(read_questions[len(questions) :]))


class _Tokens:
    """The model's tokenizer, with the words it was trained to see before a question and a passage."""

    def __init__(self, model: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(POSITIONS)

    def question(self, text: str) -> list[int]:
        return self._tokenizer.encode(f"query: {normalise(text)}").ids

    def passage(self, passage: Passage, vectors: Floats) -> _Passage:
        text = f"passage: {passage.indexed_text}"
        encoded = self._tokenizer.encode(text)
        places = np.array(encoded.offsets)
        shift = len(text) - len(passage.text) - passage.start
        ranges = []
        for span in passage.sentences:
            start, end = shift + span.start, shift + span.end
            inside = np.flatnonzero((places[:, 0] < end) & (places[:, 1] > start) & (places[:, 1] > places[:, 0]))
            # the first token stands in for a sentence that the model's limit cut off
            ranges.append((int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 1))
        return _Passage(encoded.ids, tuple(ranges), vectors.astype(np.float16))


# --- Norwegian ----------------------------------------------------------------------------------


def _norwegian(
    folder: Path, path: Path, tokens: _Tokens, queries: Queries
) -> tuple[dict[str, _Passage], list[_Question]]:
    file = load(path)
    if file.articles is None:
        raise BadEvaluationFile(str(path), "it is not a SQuAD file")
    settings = Settings(data_dir=folder, embedding_model=BUNDLED, chroma_url="")
    indexed = index_articles(path, file.articles, settings, print)
    index = Index(indexed.data_dir, indexed.embedding_model, indexed.chroma_url)
    try:
        with index.reading() as generation:
            passages = _tokenized(generation, tokens)
            paths = {source.path: id for id, source in generation.sources.items()}
            asked = [
                _asked(generation, known, paths[known.documents[0]], tokens, queries)
                for known in file.questions
                if known.answers
            ]
    finally:
        index.close()
    return passages, [question for question in asked if question.right]


def _tokenized(generation: Generation, tokens: _Tokens) -> dict[str, _Passage]:
    catalogue = generation.catalogue
    found = {}
    for document in generation.sources:
        ids = catalogue.passage_ids(document)
        passages = catalogue.passages(ids)
        vectors = catalogue.sentence_vectors(ids, generation.manifest.dimension)
        found.update({id: tokens.passage(passages[id], vectors[id]) for id in ids})
    return found


def _asked(generation: Generation, known: KnownQuestion, document: str, tokens: _Tokens, queries: Queries) -> _Question:
    vector = queries.query(known.text)
    right = _right(generation, known, document)
    hits = search(generation, known.text, vector, FOUND)
    return _Question(
        text=known.text,
        ids=tokens.question(known.text),
        vector=vector.astype(np.float16),
        right=right,
        wrong=_wrong(hits, known, {one.passage for one in right})[:WRONG],
        document=known.documents[0],
    )


def _right(generation: Generation, known: KnownQuestion, document: str) -> tuple[Right, ...]:
    """None where the answer reaches over a sentence's end."""
    spans = spans_of(generation.document(document), known)
    ids = generation.catalogue.passage_ids(document)
    passages = generation.catalogue.passages(ids)
    found = []
    for id in ids:
        passage = passages[id]
        if covers(passage.start, passage.end, spans):
            answering = tuple(
                number for number, one in enumerate(passage.sentences) if covers(one.start, one.end, spans)
            )
            if answering:
                found.append(Right(id, answering))
    return tuple(found)


def _wrong(hits: Iterable[Hit], known: KnownQuestion, right: set[str]) -> tuple[str, ...]:
    """What was found and does not hold the answer's words: if it did, it might well answer."""
    answers = [squeezed(answer.text).lower() for answer in known.answers]
    found = []
    for hit in hits:
        text = squeezed(hit.passage.text).lower()
        if hit.passage.id not in right and not any(answer in text for answer in answers):
            found.append(hit.passage.id)
    return tuple(found)


# --- Swedish ------------------------------------------------------------------------------------


def _swedish(
    folder: Path, path: Path, tokens: _Tokens, queries: Queries
) -> tuple[dict[str, _Passage], list[_Question]]:
    passages, asked = load_swedish(path)
    random.Random(SEED).shuffle(asked)
    asked = [
        *[one for one in asked if not one.sentences][:SWEDISH_UNANSWERABLE],
        *[one for one in asked if one.sentences][:SWEDISH_ANSWERABLE],
    ]
    needed = {one.passage for one in asked}
    passages = [passage for passage in passages if passage.id in needed]
    embedded = open_passages(BUNDLED, folder / "models").passages(passages, lambda number: None)
    found = {
        passage.id: tokens.passage(passage, vectors.sentences)
        for passage, vectors in zip(passages, embedded, strict=True)
    }
    questions = [
        _Question(
            text=one.text,
            ids=tokens.question(one.text),
            vector=queries.query(one.text).astype(np.float16),
            right=(Right(one.passage, one.sentences),) if one.sentences else (),
            wrong=() if one.sentences else (one.passage,),
            document=one.passage,
        )
        for one in asked
    ]
    return found, questions


# --- the lower half -----------------------------------------------------------------------------


def _read(
    model: Path, passages: dict[str, _Passage], questions: Sequence[_Question]
) -> tuple[dict[str, ReadPassage], list[Asked]]:
    weights = bundled_weights(model)
    lower, words = lower_half(weights), word_embeddings(weights)

    def states(texts: Sequence[list[int]], batch: int) -> list[Tensor]:
        found: dict[int, Tensor] = {}
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            for begin in range(0, len(texts), batch):
                places = by_length[begin : begin + batch]
                read = states_of(lower, words, [texts[at] for at in places])
                for at, row in zip(places, read, strict=True):
                    found[at] = row[: len(texts[at])].to(torch.float16)
        return [found[at] for at in range(len(texts))]

    of_passages = states([passage.ids for passage in passages.values()], _PASSAGE_BATCH)
    of_questions = states([question.ids for question in questions], _QUESTION_BATCH)
    read_passages = {
        id: ReadPassage(read, passage.sentences, passage.vectors)
        for (id, passage), read in zip(passages.items(), of_passages, strict=True)
    }
    read_questions = [
        Asked(one.text, read, one.vector, one.right, one.wrong, one.document)
        for one, read in zip(questions, of_questions, strict=True)
    ]
    return read_passages, read_questions
