"""From a question to hits: three ranked lists, fused by their scores.

Each list's scores are stretched to 0-1 over its own best hundred and summed with fixed weights. On
NorQuAD that scores 4 nDCG points above reciprocal rank fusion, which knows ranks only: a clear best
stays clear. The figures are in docs/architecture.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.embedding import Floats
from assistant.index import Generation
from assistant.text import foreign, language_of, normalise
from assistant.types import Filters, FoundBy, Hit

WEIGHTS: dict[FoundBy, float] = {"dense": 0.5, "stems": 0.25, "grams": 0.25}
FOREIGN = 0.9
"""What a dense score is worth by itself where question and document are in different languages."""

DEPTH = 100
"""How many passages of each list take part."""

_OVERFETCH = 4
"""Chroma filters slowly, so with a filter more are fetched and sifted here first."""

Ranked = Sequence[tuple[str, float]]


def search(
    generation: Generation, question: str, vector: Floats, limit: int, filters: Filters | None = None
) -> tuple[Hit, ...]:
    """The best passages, best first. `vector` is the question's, of shape (dimension,)."""
    only = generation.only(filters)
    if only is not None and not only:
        return ()
    question = normalise(question)
    lists = ranked_lists(generation, question, vector, only or ())
    fused = fuse(lists)
    fused |= _by_meaning(generation, language_of(question), lists["dense"], fused)
    best = sorted(fused.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return _hits(generation, best, lists)


def ranked_lists(
    generation: Generation, question: str, vector: Floats, only: Sequence[str] = ()
) -> dict[FoundBy, Ranked]:
    """The three lists, DEPTH passages each at the most; of the documents `only` unless it is empty."""
    return {
        "dense": _dense(generation, vector, only),
        "stems": generation.keywords.search(question, "stems", DEPTH, only),
        "grams": generation.keywords.search(question, "grams", DEPTH, only),
    }


def fuse(lists: dict[FoundBy, Ranked]) -> dict[str, float]:
    """The weighted sum of each list's scores, min-max over the list; 0-1."""
    fused: dict[str, float] = {}
    for name, ranked in lists.items():
        for id, score in _stretched(ranked):
            fused[id] = fused.get(id, 0.0) + WEIGHTS[name] * score
    return fused


def _by_meaning(
    generation: Generation, language: str, dense: Ranked, fused: Mapping[str, float]
) -> dict[str, float]:
    """The scores of passages in another language than the question's: words cannot be expected to
    agree there, so meaning may count alone."""
    return {
        id: max(fused[id], FOREIGN * score)
        for id, score in _stretched(dense)
        if foreign(language, generation.sources[document_of(id)].language)
    }


def _stretched(ranked: Ranked) -> Ranked:
    if not ranked:
        return []
    scores = [score for _, score in ranked]
    low, high = min(scores), max(scores)
    if high == low:
        return [(id, 1.0) for id, _ in ranked]
    return [(id, (score - low) / (high - low)) for id, score in ranked]


def _dense(generation: Generation, vector: Floats, only: Sequence[str]) -> Ranked:
    if not only:
        return generation.vectors.query(vector, DEPTH)
    allowed = set(only)
    found = generation.vectors.query(vector, DEPTH * _OVERFETCH)
    kept = [(id, cosine) for id, cosine in found if document_of(id) in allowed][:DEPTH]
    if len(kept) == DEPTH or len(found) < DEPTH * _OVERFETCH:
        return kept
    return generation.vectors.query(vector, DEPTH, only)


def document_of(passage_id: str) -> str:
    """A passage's id begins with its document's."""
    return passage_id.partition("-")[0]


def _hits(
    generation: Generation, best: Ranked, lists: dict[FoundBy, Ranked]
) -> tuple[Hit, ...]:
    passages = generation.catalogue.passages([id for id, _ in best])
    found = {name: dict(ranked) for name, ranked in lists.items()}
    return tuple(
        Hit(
            passage=passages[id],
            source=generation.sources[passages[id].document_id],
            score=min(score, 1.0),
            found_by=tuple(name for name, ranked in found.items() if id in ranked),
            cosine=found["dense"].get(id),
        )
        for id, score in best
    )
