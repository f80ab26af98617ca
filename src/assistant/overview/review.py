"""One document against one question: which of its sentences answer, and how sure the reader is.

In two steps, since the network is slow and a report is long: every passage of the document is weighed by its
sentences' vectors and its words; the best are read as search's best hits are."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answer import DEPTH
from assistant.embedding import Floats
from assistant.index import Generation
from assistant.reading.asks import ask
from assistant.reading.quoting import Candidate
from assistant.reading.reader import Reader, SentenceVectors, answer_features, logistic, weighed
from assistant.rerank import by_best_sentence
from assistant.search import fuse, search
from assistant.text import language_of
from assistant.types import Hit, Quote

NEARLY_AS_GOOD = 0.15
"""A further sentence of a document is a finding when it is at least this likely beside the best."""

NEAR_THE_BEST = 0.02
"""A document is listed when its odds are at least this share of the best document's ..."""

SURE = 0.5
"""... or when it is as likely as this by itself."""

MOST_PASSAGES = 20
"""Read of one document. More than the first few are read only as long as they give findings."""

_AT_ONCE = 5

_NEAREST = 5
_LEAST_SPREAD = 0.01
"""Ten documents of one kind hardly differ; beside that, everything would stand out."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What every document is read for. `usual` and `spread` are the mean and standard deviation of the
    cosines of the corpus's nearest passages: a document's own few say little about what is near. `nearest`
    are the ids of the documents to begin with: with them it is known how sure the reader gets."""

    text: str
    vector: Floats
    usual: float
    spread: float
    nearest: tuple[str, ...]


Judged = Callable[[str, Floats, Sequence[Hit], SentenceVectors], Sequence[Hit]]
"""Has the trained network read hits, where there is one: `Assistant.judged`."""

Likely = tuple[Quote, float]
"""A quote and how likely (0-1) it is to answer."""


def least(best: float, threshold: float, near: float = NEAR_THE_BEST) -> float:
    """How likely a document must be to be listed where the likeliest of all is `best`; more than 1, and
    nothing is listed, where that is below `threshold`.

    How likely the reader calls an answer varies more between questions than between documents: a question
    in other words, or in another language, than theirs lowers all of them alike."""
    if best < threshold:
        return math.inf
    odds = near * best / max(1 - best, 1e-9)
    return min(odds / (1 + odds), SURE)


def sought(generation: Generation, text: str, vector: Floats) -> Sought:
    """`vector` is the text's, of shape (dimension,)."""
    hits = search(generation, text, vector, DEPTH)
    cosines = [hit.cosine for hit in hits if hit.cosine is not None] or [0.0]
    nearest = tuple(dict.fromkeys(hit.source.id for hit in hits))[:_NEAREST]
    return Sought(text, vector, float(np.mean(cosines)), max(float(np.std(cosines)), _LEAST_SPREAD), nearest)


def review(
    generation: Generation, reader: Reader, judged: Judged, what: Sought, document_id: str
) -> tuple[Likely, ...]:
    """What could be found in a document, the likeliest first. Raises IndexDamaged."""
    hits, vectors = _weighed(generation, what, document_id)
    best = judged(what.text, what.vector, hits[:_AT_ONCE], vectors)
    ranked = _read(generation, reader, what, best, vectors)
    if not ranked:
        return ()
    confidence = _confidence(generation, reader, what, ranked, by_best_sentence(best, ranked, reader.weights.odds))
    enough = ranked[0].score + math.log(NEARLY_AS_GOOD)
    found = [candidate for candidate in ranked if candidate.score >= enough]
    for begin in range(_AT_ONCE, min(len(hits), MOST_PASSAGES), _AT_ONCE):
        following = judged(what.text, what.vector, hits[begin : begin + _AT_ONCE], vectors)
        further = _read(generation, reader, what, following, vectors)
        kept = [candidate for candidate in further if candidate.score >= enough]
        if not kept:
            break
        found += kept
    found.sort(key=lambda candidate: -candidate.score)
    return _quotes(found, confidence)


def _weighed(generation: Generation, what: Sought, document_id: str) -> tuple[tuple[Hit, ...], SentenceVectors]:
    """Every passage of the document, best first, and their sentences' vectors."""
    ids = generation.catalogue.passage_ids(document_id)
    passages = generation.catalogue.passages(ids)
    vectors = generation.catalogue.sentence_vectors(ids, generation.manifest.dimension)
    if not ids:
        return (), vectors
    nearest = sorted(((id, float((vectors[id] @ what.vector).max())) for id in ids), key=lambda one: -one[1])
    fused = fuse(
        {
            "dense": nearest,
            "stems": generation.keywords.search(what.text, "stems", len(ids), (document_id,)),
            "grams": generation.keywords.search(what.text, "grams", len(ids), (document_id,)),
        }
    )
    source = generation.sources[document_id]
    return tuple(
        Hit(passages[id], source, min(fused[id], 1.0), ("dense",), _cosine(vectors[id], what.vector))
        for id in sorted(ids, key=lambda id: -fused[id])
    ), vectors


def _cosine(sentences: Floats, vector: Floats) -> float:
    """A passage's, by the mean of its sentences: it agrees with the passage's own vector to 0.999, and the
    vector store is not asked once a document."""
    mean = sentences.mean(axis=0)
    return float(mean @ vector / max(float(np.linalg.norm(mean)), 1e-12))


def _read(
    generation: Generation, reader: Reader, what: Sought, hits: Sequence[Hit], vectors: SentenceVectors
) -> list[Candidate]:
    return reader.rank(what.text, what.vector, hits, vectors, generation.rarity)


def _confidence(
    generation: Generation, reader: Reader, what: Sought, ranked: Sequence[Candidate], hits: Sequence[Hit]
) -> float:
    """As `Reader.read` gives it, but for how far the document stands out: not from its own passages, from
    the corpus's."""
    features = answer_features(ask(what.text), language_of(what.text), ranked, hits, generation.rarity)
    nearest = max(hit.cosine or 0.0 for hit in hits)
    features = features._replace(outstanding=(nearest - what.usual) / what.spread)
    return logistic(weighed(reader.weights.confidence, features) + reader.weights.bias)


def _quotes(found: Sequence[Candidate], confidence: float) -> tuple[Likely, ...]:
    """What is said twice is quoted once. A further quote is as likely as its score says beside the best."""
    quotes: dict[str, Likely] = {}
    for candidate in found:
        hit, span = candidate.hit, candidate.span
        quote = Quote(hit.passage, hit.source, span.start, span.end, candidate.text)
        likely = confidence * math.exp(candidate.score - found[0].score)
        quotes.setdefault(" ".join(quote.text.split()), (quote, likely))
    return tuple(quotes.values())
