"""What the trained reader learns from: questions, and passages as the lower half of its network reads them.

Three origins. NorQuAD's questions come with the passages that search finds for them, so that the reader
learns from the product's own mistakes. `written.jsonl` asks about the same articles in a layman's words,
in nynorsk and English, and asks for what only seems to be there. Swedish ones (SQuAD 2.0, translated)
come with one passage, half of which do not answer them: they teach what that looks like."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from torch import Tensor

from assistant.embedding import BUNDLED, Floats, Queries, open_passages, open_queries
from assistant.errors import BadEvaluationFile
from assistant.evaluation.questions import KnownQuestion, load, squeezed
from assistant.evaluation.run import covers, index_articles, spans_of
from assistant.index import Generation, Index
from assistant.search import search
from assistant.settings import Settings
from assistant.text import content_words, normalise
from assistant.types import Hit, Passage, Span
from benchmarks import written
from benchmarks.reader_network import POSITIONS, bundled_weights, half_precision, lower_half, states_of, word_embeddings
from benchmarks.swedish_squad import load_swedish
from benchmarks.unpacked import unpack

Halves = NDArray[np.float16]

SEED = 3
FOUND = 20
"""How many passages are searched for a Norwegian question."""
WRONG = 12
"""How many of them that do not answer it are kept."""
NEIGHBOURS = 3
"""How many passages of its article a Swedish question gets beside its own."""
AS_KEYWORDS = 0.2
"""How many of NorQuAD's questions are asked once more without their small words, as people type."""

_PASSAGE_BATCH, _QUESTION_BATCH = 16, 64

Origin = Literal["norquad", "written", "swedish"]


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """`states`, shape (tokens, hidden), float16; of each sentence, in their order, its tokens as
    `[start, end)` and its unit vector, a row of `vectors`."""

    states: Tensor
    sentences: tuple[tuple[int, int], ...]
    vectors: Halves


@dataclass(frozen=True, slots=True)
class Right:
    """A passage that answers, which of its sentences do, and the answer's tokens as `[start, end)`."""

    passage: str
    sentences: tuple[int, ...]
    answer: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its states, shape (tokens, hidden), float16; its unit vector; the passages that
    answer it; some that do not, best first (where none answers, the first seems to); and the document
    it is about."""

    origin: Origin
    text: str
    states: Tensor
    vector: Halves
    right: tuple[Right, ...]
    wrong: tuple[str, ...]
    document: str


@dataclass(frozen=True, slots=True)
class TrainingData:
    """`passages` by id."""

    passages: dict[str, ReadPassage]
    asked: tuple[Asked, ...]

    def __or__(self, other: TrainingData) -> TrainingData:
        return TrainingData(self.passages | other.passages, self.asked + other.asked)


@dataclass(frozen=True, slots=True)
class _Passage:
    """Before the network has read it; `places` are its tokens' in `indexed_text`, shape (tokens, 2), and
    `shift` is what turns an offset in the document into one there."""

    ids: list[int]
    sentences: tuple[tuple[int, int], ...]
    vectors: Halves
    places: NDArray[np.int64]
    shift: int

    def tokens(self, start: int, end: int) -> tuple[int, int] | None:
        """Of `[start, end)` in the document; None where the model's limit cut it off."""
        found = _inside(self.places, self.shift + start, self.shift + end)
        return (int(found[0]), int(found[-1]) + 1) if len(found) else None


@dataclass(frozen=True, slots=True)
class _Question:
    """Before the network has read it."""

    origin: Origin
    text: str
    ids: list[int]
    vector: Halves
    right: tuple[Right, ...]
    wrong: tuple[str, ...]
    document: str


def prepare(folder: Path, norwegian: Path, swedish: Path) -> TrainingData:
    """Read a SQuAD file in Norwegian, the written questions on its articles, and a SQuAD file in Swedish
    (gzipped), with the bundled model.

    `folder` keeps the unpacked model, the index of the Norwegian articles and what was read, a file an
    origin; remove one to read it again. Raises BadEvaluationFile."""
    model = unpack(folder / "models" / BUNDLED)
    tokens, queries = _Tokens(model), open_queries(BUNDLED)
    whole = TrainingData({}, ())
    for origin, path in (("norquad", norwegian), ("swedish", swedish), ("written", norwegian)):
        kept = folder / f"data-{origin}.pt"
        if not kept.exists():
            if origin == "swedish":
                passages, questions = _swedish(folder, path, tokens)
            else:
                passages, questions = _norwegian(folder, path, tokens, queries, origin == "written")
            print(f"{origin}: {len(questions)} questions, {len(passages)} passages", flush=True)
            # NorQuAD's passages are read once, for both origins that ask about them.
            torch.save(_read(model, {} if origin == "written" else passages, questions), kept)
        whole |= torch.load(kept, weights_only=False)
    return whole


def vectors_of(model: Path, questions: Sequence[str]) -> Floats:
    """Unit vectors of many questions, shape (questions, dimension): in batches, several times as fast as
    one by one."""
    found = SentenceTransformer(str(model), device="cpu", local_files_only=True).encode(
        [f"query: {normalise(question)}" for question in questions],
        prompt="",
        batch_size=_QUESTION_BATCH,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    return np.asarray(found, np.float32)


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
            inside = _inside(places, shift + span.start, shift + span.end)
            # the first token stands in for a sentence that the model's limit cut off
            ranges.append((int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 1))
        return _Passage(encoded.ids, tuple(ranges), vectors.astype(np.float16), places, shift)


def _inside(places: NDArray[np.int64], start: int, end: int) -> NDArray[np.int64]:
    """The tokens that lie in `[start, end)`, or reach into it."""
    return np.flatnonzero((places[:, 0] < end) & (places[:, 1] > start) & (places[:, 1] > places[:, 0]))


# --- Norwegian ----------------------------------------------------------------------------------


def _norwegian(
    folder: Path, path: Path, tokens: _Tokens, queries: Queries, ours: bool
) -> tuple[dict[str, _Passage], list[_Question]]:
    """NorQuAD's questions, or the written ones about its articles."""
    with _indexed(folder, path) as (generation, known):
        passages = _tokenized(generation, tokens)
        asked = _written(generation, passages, tokens, folder / "models" / BUNDLED) if ours else [
            question
            for one in known
            if one.answers
            for question in _asked(generation, passages, one, tokens, queries)
        ]
    return passages, [question for question in asked if question.right or question.origin == "written"]


@contextmanager
def _indexed(folder: Path, path: Path) -> Iterator[tuple[Generation, tuple[KnownQuestion, ...]]]:
    file = load(path)
    if file.articles is None:
        raise BadEvaluationFile(str(path), "it is not a SQuAD file")
    settings = Settings(data_dir=folder, embedding_model=BUNDLED, chroma_url="")
    indexed = index_articles(path, file.articles, settings, print)
    index = Index(indexed.data_dir, indexed.embedding_model, indexed.chroma_url)
    try:
        with index.reading() as generation:
            yield generation, file.questions
    finally:
        index.close()


def _tokenized(generation: Generation, tokens: _Tokens) -> dict[str, _Passage]:
    catalogue = generation.catalogue
    found = {}
    for document in generation.sources:
        ids = catalogue.passage_ids(document)
        passages = catalogue.passages(ids)
        vectors = catalogue.sentence_vectors(ids, generation.manifest.dimension)
        found.update({id: tokens.passage(passages[id], vectors[id]) for id in ids})
    return found


def _asked(
    generation: Generation, passages: dict[str, _Passage], known: KnownQuestion, tokens: _Tokens, queries: Queries
) -> Iterator[_Question]:
    document = next(id for id, source in generation.sources.items() if source.path == known.documents[0])
    right = _right(generation, passages, document, spans_of(generation.document(document), known))
    answers = [answer.text for answer in known.answers]
    keywords = " ".join(content_words(known.text))
    rare = random.Random(known.text).random() < AS_KEYWORDS
    for text in [known.text, keywords] if rare else [known.text]:
        vector = queries.query(text)
        hits = search(generation, text, vector, FOUND)
        wrong = _wrong(hits, answers, {one.passage for one in right})[:WRONG]
        ids = tokens.question(text)
        yield _Question("norquad", text, ids, vector.astype(np.float16), right, wrong, known.documents[0])


def _right(
    generation: Generation, tokenized: dict[str, _Passage], document: str, spans: Sequence[Span]
) -> tuple[Right, ...]:
    """None where the answer reaches over a sentence's end."""
    ids = generation.catalogue.passage_ids(document)
    passages = generation.catalogue.passages(ids)
    found = []
    for id in ids:
        passage = passages[id]
        for span in spans:
            answering = tuple(
                number for number, one in enumerate(passage.sentences) if covers(one.start, one.end, [span])
            )
            answer = tokenized[id].tokens(span.start, span.end)
            if answering and answer:
                found.append(Right(id, answering, answer))
                break
    return tuple(found)


def _wrong(hits: Iterable[Hit], answers: Sequence[str], right: set[str]) -> tuple[str, ...]:
    """What was found and does not hold the answer's words: if it did, it might well answer."""
    answers = [squeezed(answer).lower() for answer in answers]
    found = []
    for hit in hits:
        text = squeezed(hit.passage.text).lower()
        if hit.passage.id not in right and not any(answer in text for answer in answers):
            found.append(hit.passage.id)
    return tuple(found)


def _written(
    generation: Generation, passages: dict[str, _Passage], tokens: _Tokens, model: Path
) -> list[_Question]:
    found = []
    placed = list(written.placed(generation, written.load()))
    vectors = vectors_of(model, [one.text for one, _, _ in placed])
    for (one, own, answer), vector in zip(placed, vectors, strict=True):
        document = own.document_id
        right = _right(generation, passages, document, [answer]) if answer else ()
        if answer and not right:  # it reaches over a sentence's end
            continue
        hits = search(generation, one.text, vector, FOUND)
        if one.answer:
            wrong = _wrong(hits, [one.answer], {part.passage for part in right})
        else:  # another passage of the article may well answer
            wrong = (own.id, *(hit.passage.id for hit in hits if hit.source.id != document))
        ids = tokens.question(one.text)
        found.append(_Question("written", one.text, ids, vector.astype(np.float16), right, wrong[:WRONG], one.path))
    return found


# --- Swedish ------------------------------------------------------------------------------------


def _swedish(
    folder: Path, path: Path, tokens: _Tokens
) -> tuple[dict[str, _Passage], list[_Question]]:
    passages, asked = load_swedish(path)
    embedded = open_passages(BUNDLED).passages(passages, lambda number: None)
    found = {
        passage.id: tokens.passage(passage, vectors.sentences)
        for passage, vectors in zip(passages, embedded, strict=True)
    }
    titles = {passage.id: passage.indexed_text.partition("\n")[0] for passage in passages}
    ids = np.array([passage.id for passage in passages])
    whole = np.stack([one.passage for one in embedded])
    questions = []
    for one, vector in zip(asked, vectors_of(folder / "models" / BUNDLED, [one.text for one in asked]), strict=True):
        near = [id for id in ids[np.argsort(-(whole @ vector))] if titles[id] == titles[one.passage]]
        others = [str(id) for id in near if id != one.passage][:NEIGHBOURS]
        answer = found[one.passage].tokens(*one.answer) if one.answer else None
        if one.answer and not answer:
            continue
        questions.append(
            _Question(
                origin="swedish",
                text=one.text,
                ids=tokens.question(one.text),
                vector=vector.astype(np.float16),
                right=(Right(one.passage, one.sentences, answer),) if answer else (),
                wrong=tuple(others) if answer else (one.passage,),
                document=one.passage,
            )
        )
    return found, questions


# --- the lower half -----------------------------------------------------------------------------


def _read(model: Path, passages: dict[str, _Passage], questions: Sequence[_Question]) -> TrainingData:
    weights = bundled_weights(model)
    lower, words = lower_half(weights), word_embeddings(weights)

    def states(texts: Sequence[list[int]], batch: int) -> list[Tensor]:
        found: dict[int, Tensor] = {}
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        with torch.inference_mode(), half_precision():
            for begin in range(0, len(texts), batch):
                places = by_length[begin : begin + batch]
                read = states_of(lower, words, [texts[at] for at in places])
                for at, row in zip(places, read, strict=True):
                    found[at] = row[: len(texts[at])].to(torch.float16)
        return [found[at] for at in range(len(texts))]

    of_passages = states([passage.ids for passage in passages.values()], _PASSAGE_BATCH)
    of_questions = states([question.ids for question in questions], _QUESTION_BATCH)
    return TrainingData(
        passages={
            id: ReadPassage(read, passage.sentences, passage.vectors)
            for (id, passage), read in zip(passages.items(), of_passages, strict=True)
        },
        asked=tuple(
            Asked(one.origin, one.text, read, one.vector, one.right, one.wrong, one.document)
            for one, read in zip(questions, of_questions, strict=True)
        ),
    )
