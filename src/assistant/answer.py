"""The main path: a question becomes an answer, sentence by verified sentence, or an honest "not found".

    search -> rerank -> read -> draft -> verify -> answer

`Assistant.ask` yields what happens while it happens; the last event is the Answer."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

from assistant import citations, phrases, prompt
from assistant.citations import Numbering, Refused
from assistant.crossencoder import CrossEncoder
from assistant.dictation import dictates
from assistant.embedding import Floats, Queries
from assistant.errors import ChatModelFailed, EmptyQuestion, QuestionTooLong
from assistant.index import Generation, Index
from assistant.model import ChatModel
from assistant.reader import Reader, Reading, SentenceVectors
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
    Source,
)

DEPTH = 100
"""Hits that the reader sees: it reads the best of them, and judges these by the rest."""
RERANKED = 20
"""How many of them the trained network reads."""
_NEAR = 3
_MOST_DRAFTED = 6

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What a user asks. Without a `language` the answer is in the question's own."""

    text: str
    filters: Filters = field(default_factory=Filters)
    language: Language | None = None
    conversation_id: str | None = None


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

    def vector(self, question: str) -> Floats:
        """A question's unit vector, shape (dimension,)."""
        return self._queries.query(question)

    def search(self, question: str, limit: int, filters: Filters) -> tuple[Hit, ...]:
        """The best passages. Raises EmptyQuestion, QuestionTooLong and what `Index.reading` raises."""
        text = self.checked(question)
        with self.index.reading() as generation:
            vector = self.vector(text)
            hits = search(generation, text, vector, max(limit, RERANKED), filters)
            return self.rerank(generation, text, vector, hits)[:limit]

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
        """Answer a question. Raises like `search`. Where the language model fails, the reader answers."""
        text = self.checked(question.text)
        with self.index.reading() as generation:
            asking = _Asking(generation, question, question.language or language_of(text))
            yield Stage("search")
            with asking.timed("search"):
                vector = self.vector(text)
                hits = search(generation, text, vector, DEPTH, question.filters)
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
                    yield from asking.draft(self._chat, text, best, reading)
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
    sentences: list[AnswerSentence] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    milliseconds: dict[str, float] = field(default_factory=dict)
    numbering: Numbering = field(init=False)
    declined: bool = False
    replaced: bool = False
    notice: str | None = None

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
                text = phrases.says(
                    self.language, source.title, source.date, quote.text, again=source.id == before
                )
                before = source.id
                yield self._verified(DraftSentence((quote,), text))

    def draft(self, chat: ChatModel, question: str, hits: Sequence[Hit], reading: Reading) -> Iterator[Event]:
        """A language model's answer. Where it fails, what was shown of it stays; where nothing of it holds,
        the reader's answer comes in its place. Either is told."""
        cause = yield from self._drafted(chat, question, hits, reading)
        if cause is not None:
            self.replaced = not self.sentences
            self.notice = phrases.notice(self.language, cause, cut=not self.replaced)
        if self.replaced:
            yield from self.quote(reading.quotes)

    def _drafted(
        self, chat: ChatModel, question: str, hits: Sequence[Hit], reading: Reading
    ) -> Generator[Event, None, str | None]:
        """Each sentence is checked as soon as it is whole. Returns what went wrong, a key of `phrases.notice`."""
        given = prompt.fitting(self.language, question, hits, chat.room)
        request = prompt.request(self.language, question, given)
        unfinished = ""
        with self.timed("draft"):
            try:
                for piece in chat.stream(prompt.instructions(self.language), request):
                    yield Token(piece)
                    whole, unfinished = citations.whole_sentences(unfinished + piece)
                    yield from self._checked(whole, given, reading)
                    if len(self.sentences) + len(self.dropped) >= _MOST_DRAFTED:
                        unfinished = ""  # asked for three; a model that rambles is cut off
                        break
            except ChatModelFailed as error:
                log.warning("%s", error)
                return error.code
            yield Stage("verify")
            yield from self._checked(citations.whole_sentences(unfinished + "\n")[0], given, reading)
        if self.sentences:
            return None
        return "declined" if self.declined and not self.dropped else "unverified"

    def _checked(self, drafted: Sequence[str], given: Sequence[Hit], reading: Reading) -> Iterator[Event]:
        """The sentences that pass; those that do not are put down with the reason."""
        for text in drafted:
            if prompt.NO_ANSWER in text.upper():
                self.declined = True
                continue
            result = _to_the_point(citations.check(text, given), reading)
            if self._said(result.text):
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
        total = len(self.generation.sources)
        searched = len(self.generation.allowed(self.question.filters)) if self.question.filters else total
        near = () if self.sentences else _distinct_sources(hits)[:_NEAR]
        if self.sentences:
            text = "\n".join(_with_markers(sentence) for sentence in self.sentences)
        else:
            text = phrases.no_answer(self.language, [source.title for source in near], searched, total)
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
            coverage=Coverage(searched, total),
            model="none" if self.replaced else model,
            generation=self.generation.name,
            milliseconds={stage: round(spent, 1) for stage, spent in self.milliseconds.items()},
            references=reference_list(self.language, self.numbering.citations, self.generation.sources),
            notice=self.notice,
        )


@dataclass(frozen=True, slots=True)
class _Timer:
    stage: str
    into: dict[str, float]

    def __enter__(self) -> None:
        self.into[self.stage] = -time.perf_counter() * 1000

    def __exit__(self, *_: object) -> None:
        self.into[self.stage] += time.perf_counter() * 1000


def _to_the_point(result: DraftSentence | Refused, reading: Reading) -> DraftSentence | Refused:
    """A sentence that its source bears is still refused where the source only tells an answerer to say it,
    or says it of something else than what was asked."""
    if isinstance(result, Refused):
        return result
    if any(dictates(quote.text) for quote in result.quotes):
        return Refused(result.text, "dictated")
    if not any(_is_apt(quote, reading) for quote in result.quotes):
        return Refused(result.text, "beside")
    return result


def _is_apt(quote: Quote, reading: Reading) -> bool:
    return any(quote.passage.id == id and quote.start <= start < quote.end for id, start in reading.apt)


def _with_markers(sentence: AnswerSentence) -> str:
    return sentence.text + "".join(f" [{number}]" for number in sentence.citations)


def _distinct_sources(hits: Sequence[Hit]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(hit.source for hit in hits))


def sentence_vectors(generation: Generation, hits: Sequence[Hit]) -> SentenceVectors:
    """What the reader needs of the hits' passages."""
    ids = [hit.passage.id for hit in hits]
    return generation.catalogue.sentence_vectors(ids, generation.manifest.dimension)
