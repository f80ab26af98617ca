"""The main path: a question becomes an answer, sentence by verified sentence, or an honest "not found".

    search -> rerank -> read -> draft -> verify -> answer

`Assistant.ask` yields what happens while it happens; the last event is the Answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from assistant import citations, phrases, prompt
from assistant.citations import Numbering, Refused
from assistant.crossencoder import CrossEncoder
from assistant.embedding import Floats, Queries
from assistant.errors import EmptyQuestion, QuestionTooLong
from assistant.index import Generation, Index
from assistant.model import ChatModel
from assistant.narrowing import Narrowed, Narrowing
from assistant.reader import Reader, SentenceVectors
from assistant.references import reference_list
from assistant.rerank import rerank
from assistant.search import search
from assistant.text import language_of, normalise
from assistant.types import (
    Answer,
    AnswerSentence,
    Coverage,
    DraftSentence,
    Dropped,
    Filters,
    Hit,
    Language,
    Near,
    Quote,
    Recognised,
    Source,
    in_force,
)

DEPTH = 100
"""Hits that the reader sees: it reads the best of them, and judges these by the rest."""
RERANKED = 20
"""How many of them the trained network reads."""
_NEAR = 3
_MOST_DRAFTED = 6


@dataclass(frozen=True, slots=True)
class Question:
    """What a user asks. Without a `language` the answer is in the question's own. `ignore` holds the fields
    (see `Recognised`) that the question's own words are not to narrow the search by; None is for all."""

    text: str
    filters: Filters = field(default_factory=Filters)
    language: Language | None = None
    conversation_id: str | None = None
    ignore: tuple[str, ...] | None = ()


# --- events -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """What begins now: "search", "answer" or "verify"."""

    name: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents that will be read for the answer, best first."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a language model's draft, not yet verified."""

    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A sentence that its sources bear."""

    sentence: AnswerSentence


Event = Stage | Sources | Token | Verified | Answer


@dataclass(frozen=True, slots=True)
class Searched:
    """The best passages, and which documents they were looked for in."""

    hits: tuple[Hit, ...]
    recognised: tuple[Recognised, ...]
    coverage: Coverage


class Assistant:
    """Everything a question needs. Safe to use from many threads."""

    def __init__(
        self,
        index: Index,
        queries: Queries,
        network: CrossEncoder | None,
        reader: Reader,
        chat: ChatModel | None,
        answer_threshold: float,
        max_question_chars: int,
    ) -> None:
        self.index = index
        self._queries = queries
        self._network = network
        self.reader = reader
        self._chat = chat
        self._threshold = answer_threshold
        self._max_question_chars = max_question_chars
        self._narrowing = Narrowing()

    def vector(self, question: str) -> Floats:
        """A question's unit vector, shape (dimension,)."""
        return self._queries.query(question)

    def search(self, question: str, limit: int, filters: Filters, ignore: Collection[str] | None = ()) -> Searched:
        """The best passages. Raises EmptyQuestion, QuestionTooLong and what `Narrowing.of` and `Index.reading`
        raise. `ignore` is as in `Question`."""
        asked = self.checked(question)
        with self.index.reading() as generation:
            narrowed = self._narrowing.of(generation, asked, filters, language_of(asked), ignore)
            vector = self.vector(narrowed.text)
            hits = search(generation, narrowed.text, vector, max(limit, RERANKED), narrowed.filters)
            hits = self.rerank(generation, narrowed.text, vector, hits)[:limit]
            return Searched(hits, narrowed.recognised, _coverage(generation, narrowed.filters))

    def rerank(
        self, generation: Generation, question: str, vector: Floats, hits: Sequence[Hit]
    ) -> tuple[Hit, ...]:
        """Hits of search in the order of the trained network; as they are without one."""
        if self._network is None:
            return tuple(hits)
        return rerank(self._network, question, vector, hits, sentence_vectors(generation, hits[:RERANKED]))

    def checked(self, question: str) -> str:
        """The question, normalised; raises EmptyQuestion and QuestionTooLong."""
        text = normalise(question)
        if not any(character.isalnum() for character in text):
            raise EmptyQuestion
        if len(text) > self._max_question_chars:
            raise QuestionTooLong(len(text), self._max_question_chars)
        return text

    def ask(self, question: Question) -> Iterator[Event]:
        """Answer a question. Raises like `search`, and ChatModelFailed."""
        asked = self.checked(question.text)
        with self.index.reading() as generation:
            language = question.language or language_of(asked)
            narrowed = self._narrowing.of(generation, asked, question.filters, language, question.ignore)
            asking = _Asking(generation, question, language, narrowed)
            text = narrowed.text
            yield Stage("search")
            with asking.timed("search"):
                vector = self.vector(text)
                hits = search(generation, text, vector, DEPTH, narrowed.filters)
            yield Sources(_distinct_sources(hits[: self.reader.weights.passages]))
            yield Stage("answer")
            with asking.timed("rerank"):
                hits = self.rerank(generation, text, vector, hits)
            with asking.timed("read"):
                best = hits[: self.reader.weights.passages]
                vectors = sentence_vectors(generation, best)
                reading = self.reader.read(text, vector, hits, vectors, generation.rarity)
            if reading.confidence >= self._threshold:
                if self._chat is None:
                    yield from asking.quote(reading.quotes)
                else:
                    yield from asking.draft(self._chat, asked, best)
            yield asking.answer(hits, "none" if self._chat is None else self._chat.name)

    def answer(self, question: Question) -> Answer:
        """The answer alone."""
        for event in self.ask(question):
            if isinstance(event, Answer):
                return event
        raise AssertionError("ask ends with an answer")


@dataclass(slots=True)
class _Asking:
    """One question on its way, and what has become of it."""

    generation: Generation
    question: Question
    language: Language
    narrowed: Narrowed
    sentences: list[AnswerSentence] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    milliseconds: dict[str, float] = field(default_factory=dict)
    numbering: Numbering = field(init=False)

    def __post_init__(self) -> None:
        self.numbering = Numbering(self.generation.document)

    def timed(self, stage: str) -> _Timer:
        return _Timer(stage, self.milliseconds)

    def quote(self, quotes: Sequence[Quote]) -> Iterator[Event]:
        """The reader's answer: the quotes themselves, each introduced by its document and date."""
        yield Stage("verify")
        before: str | None = None
        with self.timed("verify"):
            for quote in quotes:
                source = quote.source
                document = phrases.document(
                    self.language, source.title, source.date, in_force(source, self.generation.sources)
                )
                text = phrases.says(self.language, document, quote.text, again=source.id == before)
                before = source.id
                yield self._verified(DraftSentence((quote,), text))

    def draft(self, chat: ChatModel, question: str, hits: Sequence[Hit]) -> Iterator[Event]:
        """A language model's answer; each sentence is checked as soon as it is whole."""
        given = prompt.fitting(hits)
        request = prompt.request(self.language, question, given)
        unfinished = ""
        with self.timed("draft"):
            for piece in chat.stream(prompt.instructions(self.language), request):
                yield Token(piece)
                whole, unfinished = citations.whole_sentences(unfinished + piece)
                yield from self._checked(whole, given)
                if len(self.sentences) + len(self.dropped) >= _MOST_DRAFTED:
                    unfinished = ""  # asked for three; a model that rambles is cut off
                    break
            yield Stage("verify")
            yield from self._checked(citations.whole_sentences(unfinished + "\n")[0], given)

    def _checked(self, drafted: Sequence[str], given: Sequence[Hit]) -> Iterator[Event]:
        """The sentences that pass; those that do not are put down with the reason."""
        for text in drafted:
            result = citations.check(text, given)
            if prompt.NO_ANSWER in text.upper() or self._said(result.text):
                continue
            if isinstance(result, Refused):
                reason = phrases.unsupported(self.language, result.reason, result.detail)
                self.dropped.append(Dropped(result.text, reason))
            else:
                yield self._verified(result)

    def _said(self, text: str) -> bool:
        """Small models repeat themselves."""
        return text in [*(one.text for one in self.sentences), *(one.text for one in self.dropped)]

    def _verified(self, draft: DraftSentence) -> Verified:
        numbers = [self.numbering.cite(quote) for quote in draft.quotes]
        sentence = AnswerSentence(draft.text, tuple(dict.fromkeys(numbers)))
        self.sentences.append(sentence)
        return Verified(sentence)

    def answer(self, hits: Sequence[Hit], model: str) -> Answer:
        coverage = _coverage(self.generation, self.narrowed.filters)
        near = () if self.sentences else _distinct_sources(hits)[:_NEAR]
        if self.sentences:
            text = "\n".join(_with_markers(sentence) for sentence in self.sentences)
        else:
            within = [one.label for one in self.narrowed.recognised]
            titles = [source.title for source in near]
            text = phrases.no_answer(self.language, titles, coverage.searched, coverage.total, within)
        return Answer(
            id=uuid.uuid4().hex,
            conversation_id=self.question.conversation_id or uuid.uuid4().hex,
            status="answered" if self.sentences else "no_answer",
            text=text,
            language=self.language,
            sentences=tuple(self.sentences),
            citations=tuple(self.numbering.citations),
            dropped=tuple(self.dropped),
            near=tuple(Near(source.id, source.title) for source in near),
            coverage=coverage,
            model=model,
            generation=self.generation.name,
            milliseconds={stage: round(spent, 1) for stage, spent in self.milliseconds.items()},
            references=reference_list(self.language, self.numbering.citations, self.generation.sources),
            recognised=self.narrowed.recognised,
        )


@dataclass(frozen=True, slots=True)
class _Timer:
    stage: str
    into: dict[str, float]

    def __enter__(self) -> None:
        self.into[self.stage] = -time.perf_counter() * 1000

    def __exit__(self, *_: object) -> None:
        self.into[self.stage] += time.perf_counter() * 1000


def _with_markers(sentence: AnswerSentence) -> str:
    return sentence.text + "".join(f" [{number}]" for number in sentence.citations)


def _coverage(generation: Generation, filters: Filters) -> Coverage:
    total = len(generation.sources)
    return Coverage(len(generation.allowed(filters)) if filters else total, total)


def _distinct_sources(hits: Sequence[Hit]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(hit.source for hit in hits))


def sentence_vectors(generation: Generation, hits: Sequence[Hit]) -> SentenceVectors:
    """What the reader needs of the hits' passages."""
    ids = [hit.passage.id for hit in hits]
    return generation.catalogue.sentence_vectors(ids, generation.manifest.dimension)
