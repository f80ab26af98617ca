"""Suggested questions that are answered: each is put to search and reader before it is shown.

What a document answers is found once in each generation and language, when it is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from assistant.answer import DEPTH, Assistant
from assistant.index import Generation
from assistant.search import search
from assistant.starters import candidates, in_order
from assistant.types import Language

_TRIED = 6
"""Candidates of one document that are tried, ..."""
_FOUND = 3
"""... until so many are answered."""
_DOCUMENTS = 24
"""Documents that are looked through for questions to begin with."""
_KEPT = 2000
"""Documents whose questions are remembered."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question and the document that answers it."""

    text: str
    document_id: str


class Suggestions:
    """Safe to use from many threads. `threshold` is as the assistant's: how sure (0–1) is sure enough. The assistant
    that is handed in decides which documents there are."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._known: dict[tuple[str, str, Language], tuple[Suggestion, ...]] = {}
        self._lock = threading.Lock()

    def starters(self, assistant: Assistant, limit: int, language: Language) -> tuple[Suggestion, ...]:
        """Questions to begin with, each of another document. Raises like `Index.reading`."""
        with assistant.index.reading() as generation:
            ordered = in_order(generation.sources.values(), language)[:_DOCUMENTS]
            each = (self._of(assistant, generation, source.id, language) for source in ordered)
            return tuple(islice((found[0] for found in each if found), limit))

    def about(
        self, assistant: Assistant, documents: Sequence[str], limit: int, language: Language
    ) -> tuple[Suggestion, ...]:
        """Questions about some documents, of each in turn. Raises like `Index.reading`."""
        with assistant.index.reading() as generation:
            known = [id for id in dict.fromkeys(documents) if id in generation.sources]
            each = [self._of(assistant, generation, id, language) for id in known]
        return tuple(islice(_in_turn(each), limit))

    def _of(self, assistant: Assistant, generation: Generation, id: str, language: Language) -> tuple[Suggestion, ...]:
        key = (generation.name, id, language)
        with self._lock:  # one at a time: nobody waits for these, and questions have the processor
            found = self._known.get(key)
            if found is None:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                tried = candidates(generation.document(id), language)[:_TRIED]
                answered = (text for text in tried if self._answers(assistant, generation, text, id))
                found = tuple(Suggestion(text, id) for text in islice(answered, _FOUND))
                self._known[key] = found
        return found

    def _answers(self, assistant: Assistant, generation: Generation, question: str, id: str) -> bool:
        """Whether the reader is sure of it, and finds it in that document first."""
        vector = assistant.vector(question)
        hits = search(generation, question, vector, DEPTH)
        best, ranked = assistant.rerank(generation, question, vector, hits)
        reading = assistant.reader.read(question, ranked, best, generation.rarity)
        return reading.confidence >= self._threshold and any(quote.source.id == id for quote in reading.quotes)


def _in_turn(each: Iterable[Sequence[Suggestion]]) -> Iterable[Suggestion]:
    return (one for one in chain.from_iterable(zip_longest(*each)) if one is not None)
