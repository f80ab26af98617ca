"""The main path: a question becomes an answer, sentence by verified sentence, or an honest "not found".

    understand -> search -> rerank -> read -> draft -> verify -> answer

`Assistant.ask` yields what happens while it happens; the last event is the Answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from assistant import about, conversation, phrases, stages
from assistant.asking import (
    Asking,
    Event,
    Looked,
    Sources,
    Stage,
    Token,
    Understood,
    Verified,
    coverage_of,
    distinct_sources,
)
from assistant.chat.model import ChatModel
from assistant.conversation.archive import Archive
from assistant.conversation.rewriting import made_whole
from assistant.embedding import Floats, Queries
from assistant.errors import ArchiveUnavailable, EmptyQuestion, QuestionTooLong
from assistant.index import Generation, Index
from assistant.parts import whole_parts
from assistant.reading.crossencoder import CrossEncoder
from assistant.reading.quoting import Candidate
from assistant.reading.reader import Reader, SentenceVectors
from assistant.rerank import by_best_sentence, judge, settled
from assistant.scope.narrowing import Narrowing
from assistant.search import search
from assistant.spread import spread
from assistant.text import language_of, normalise
from assistant.ties import prefer
from assistant.types import Answer, Coverage, Filters, Hit, Language, Recognised, Turn
from assistant.verification.meaning import by_cosine

__all__ = ["Assistant", "Event", "Question", "Searched", "Sources", "Stage", "Token", "Understood", "Verified"]

DEPTH = 100
"""Hits that the reader sees: it reads the best of them, and judges these by the rest."""
ENOUGH = 0.5
"""How likely the trained network must take one of the passages to answer for it to read no further."""
_PREFERENCE = 0.15
"""What a passage of a document that the answer before cited is worth more, where the question picks from it."""

Narrower = Callable[[Generation, Sequence[str], Language], tuple[str, ...]]
"""Questions about some documents, by id, that are known to be answered. It tries none: a refusal waits for it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What a user asks. Without a `language` the answer is in the question's own.

    What was said before comes from the conversation that is kept, or, where none is, from `history`, oldest
    turn first. A `standalone` question is searched for as it stands, whatever was said. `ignore` holds the
    fields (see `Recognised`) that the question's own words are not to narrow the search by; None is for all."""

    text: str
    filters: Filters = field(default_factory=Filters)
    language: Language | None = None
    conversation_id: str | None = None
    history: tuple[Turn, ...] = ()
    standalone: bool = False
    ignore: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """The best passages, and which documents they were looked for in."""

    hits: tuple[Hit, ...]
    recognised: tuple[Recognised, ...]
    coverage: Coverage


class Assistant:
    """Everything a question needs. Safe to use from many threads. What `narrower` gives is offered where a question is
    not answered."""

    def __init__(
        self,
        index: Index,
        queries: Queries,
        network: CrossEncoder | None,
        reader: Reader,
        chat: ChatModel | None,
        answer_threshold: float,
        max_question_chars: int,
        archive: Archive,
    ) -> None:
        self.index = index
        self.archive = archive
        self.reader = reader
        self._queries = queries
        self._network = network
        self._chat = chat
        self._threshold = answer_threshold
        self._max_question_chars = max_question_chars
        self._narrowing = Narrowing()
        self.narrower: Narrower | None = None

    def vector(self, question: str) -> Floats:
        """A question's unit vector, shape (dimension,)."""
        return self._queries.query(question)

    def checked(self, question: str) -> str:
        """The question, normalised; raises EmptyQuestion and QuestionTooLong."""
        text = normalise(question)
        if not any(character.isalnum() for character in text):
            raise EmptyQuestion
        if len(text) > self._max_question_chars:
            raise QuestionTooLong(len(text), self._max_question_chars)
        return text

    def search(self, question: str, limit: int, filters: Filters, ignore: Collection[str] | None = ()) -> Searched:
        """The best passages. Raises EmptyQuestion, QuestionTooLong and what `Narrowing.of` and `Index.reading`
        raise. `ignore` is as in `Question`."""
        asked = self.checked(question)
        with self.index.reading() as generation:
            spent: dict[str, float] = {}
            with stages.Stage("understand", spent):
                narrowed = self._narrowing.of(generation, asked, filters, language_of(asked), ignore)
            with stages.Stage("search", spent):
                vector = self.vector(narrowed.text)
                hits = search(generation, narrowed.text, vector, max(limit, DEPTH), narrowed.filters)
            with stages.Stage("rerank", spent):
                best, _ = self.rerank(generation, narrowed.text, vector, hits)
            return Searched(best[:limit], narrowed.recognised, coverage_of(generation, narrowed.filters))

    def rerank(
        self, generation: Generation, question: str, vector: Floats, hits: Sequence[Hit]
    ) -> tuple[tuple[Hit, ...], list[Candidate]]:
        """Hits of search in the order that a reader would want, and the sentences of those that were read: what
        the trained network says, where there is one; room for other documents; ties decided."""
        vectors = sentence_vectors(generation, hits[: self.reader.weights.passages])
        judged = self.judged(question, vector, hits, vectors, ENOUGH)
        ranked = self.reader.rank(question, vector, judged, vectors, generation.rarity)
        odds = self.reader.weights.odds
        best = prefer(spread(question, by_best_sentence(judged, ranked, odds)))
        return best, settled(ranked, best, odds)

    def judged(
        self,
        question: str,
        vector: Floats,
        hits: Sequence[Hit],
        vectors: SentenceVectors,
        enough: float = 1.0,
    ) -> Sequence[Hit]:
        """Hits with the trained network's judgements: of those with `vectors`, until one is as likely to answer
        as `enough`; as they are without a network."""
        return hits if self._network is None else judge(self._network, question, vector, hits, vectors, enough)

    def ask(self, question: Question, looked: list[Looked] | None = None) -> Iterator[Event]:
        """Answer a question. Raises like `search`, and ArchiveUnavailable where
        a conversation is to be gone on with and cannot be read. What was found and read for it is
        added to `looked`, for who measures."""
        asked = self.checked(question.text)
        with self.index.reading() as generation:
            yield Stage("search")
            spent: dict[str, float] = {}
            with stages.Stage("understand", spent):
                history = self._history(question)
                whole = made_whole(asked, history, self._chat)
                language = question.language or language_of(asked, language_of(whole))
            if whole != asked:
                yield Understood(whole, language)
            with stages.Stage("understand", spent):
                narrowed = self._narrowing.of(generation, whole, question.filters, language, question.ignore)
            meaning = by_cosine(cache(self.vector))
            asking = Asking(
                generation, asked, whole, language, narrowed, question.conversation_id, meaning, milliseconds=spent
            )
            if looked is not None:
                asking.looked = looked
            inquiry = about.inquiry(whole, generation.sources.values())
            if inquiry:
                yield from asking.tell(inquiry, self._model)
            else:
                yield from self._look(asking, conversation.looks_within(asked, history))
                yield from asking.say(self._chat, self._threshold)
                if not asking.sentences and self.narrower is not None:
                    known = self.narrower(generation, [source.id for source in asking.near], language)
                    asking.suggestions = tuple(one for one in known if one != asked)
            yield self._kept(asking.answer(self._model), generation)

    def _kept(self, answer: Answer, generation: Generation) -> Answer:
        """The answer, put into its conversation; where that cannot be stored (a full disk), it says so."""
        try:
            self.archive.add(answer, generation.sources)
        except ArchiveUnavailable as error:
            log.warning("%s", error)
            told = [part for part in (answer.notice, phrases.not_kept(answer.language)) if part]
            return replace(answer, notice=" ".join(told))
        return answer

    def _look(self, asking: Asking, preferred: Sequence[str]) -> Generator[Event, None, None]:
        """Search, rerank and read, for each of the things that the question asks."""
        generation = asking.generation
        found: list[tuple[str, Floats, Sequence[Hit]]] = []
        with asking.timed("search"):
            for part in whole_parts(asking.narrowed.text):
                vector = self.vector(part)
                hits = search(generation, part, vector, DEPTH, asking.narrowed.filters)
                found.append((part, vector, _preferring(preferred, hits)))
        most = self.reader.weights.passages
        yield Sources(distinct_sources([hit for _, _, hits in found for hit in hits[:most]]))
        yield Stage("answer")
        for part, vector, fused in found:
            with asking.timed("rerank"):
                hits, ranked = self.rerank(generation, part, vector, fused)
            with asking.timed("read"):
                reading = self.reader.read(part, ranked, hits, generation.rarity)
            asking.looked.append(Looked(part, hits, reading))

    def quoted(self, generation: Generation, question: str, language: Language) -> frozenset[str]:
        """The documents that would be quoted, by id, were this asked by itself; none where it would be refused, or
        answered from the catalogue. Nothing is drafted or kept."""
        if about.inquiry(question, generation.sources.values()):
            return frozenset()
        narrowed = self._narrowing.of(generation, question, Filters(), language, ())
        trial = Asking(generation, question, question, language, narrowed, None, by_cosine(self.vector))
        for _ in self._look(trial, ()):
            pass
        return frozenset(quote.source.id for one in trial.sure(self._threshold) for quote in one.reading.quotes)

    @property
    def _model(self) -> str:
        return "none" if self._chat is None else self._chat.name

    def _history(self, question: Question) -> tuple[Turn, ...]:
        if question.standalone:
            return ()
        kept = self.archive.history(question.conversation_id) if question.conversation_id else ()
        return kept or question.history

    def answer(self, question: Question, looked: list[Looked] | None = None) -> Answer:
        """The answer alone."""
        for event in self.ask(question, looked):
            if isinstance(event, Answer):
                return event
        raise AssertionError("ask ends with an answer")


def _preferring(documents: Sequence[str], hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits with those of `documents` moved up, not the others left out: what is asked of the members of
    a list may stand elsewhere than the list."""
    if not documents:
        return hits
    return sorted(hits, key=lambda hit: -(hit.score + _PREFERENCE * (hit.source.id in documents)))


def sentence_vectors(generation: Generation, hits: Sequence[Hit]) -> SentenceVectors:
    """What the reader needs of the hits' passages."""
    ids = [hit.passage.id for hit in hits]
    return generation.catalogue.sentence_vectors(ids, generation.manifest.dimension)
