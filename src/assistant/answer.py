"""The main path: a question becomes an answer, sentence by verified sentence, or an honest "not found".

    understand -> search -> read -> draft -> verify -> answer

`Assistant.ask` yields what happens while it happens; the last event is the Answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

from assistant import about, citations, conversation, phrases, prompt
from assistant.archive import Archive
from assistant.citations import Numbering, Refused
from assistant.embedding import Floats, Queries
from assistant.errors import EmptyQuestion, QuestionTooLong
from assistant.index import Generation, Index, passes
from assistant.model import ChatModel
from assistant.reader import Reader, SentenceVectors
from assistant.references import reference_list
from assistant.rewriting import made_whole
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
    Turn,
)

DEPTH = 100
"""Hits that the reader sees: it reads the best of them, and judges these by the rest."""
_PREFERENCE = 0.15
"""What a passage of a document that the answer before cited is worth more, where the question picks from it."""
_NEAR = 3
_MOST_DRAFTED = 6


@dataclass(frozen=True, slots=True)
class Question:
    """What a user asks. Without a `language` the answer is in the question's own.

    What was said before comes from the conversation that is kept, or, where none is, from `history`, oldest
    turn first. A `standalone` question is searched for as it stands, whatever was said."""

    text: str
    filters: Filters = field(default_factory=Filters)
    language: Language | None = None
    conversation_id: str | None = None
    history: tuple[Turn, ...] = ()
    standalone: bool = False


# --- events -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """What begins now: "search", "answer" or "verify"."""

    name: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A follow-up as it is searched for, where that is not as it was asked."""

    question: str


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


Event = Stage | Understood | Sources | Token | Verified | Answer


class Assistant:
    """Everything a question needs. Safe to use from many threads."""

    def __init__(
        self,
        index: Index,
        queries: Queries,
        reader: Reader,
        chat: ChatModel | None,
        answer_threshold: float,
        max_question_chars: int,
        archive: Archive,
    ) -> None:
        self.index = index
        self.archive = archive
        self._queries = queries
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
            return search(generation, text, self.vector(text), limit, filters)

    def checked(self, question: str) -> str:
        """The question, normalised; raises EmptyQuestion and QuestionTooLong."""
        text = normalise(question)
        if not any(character.isalnum() for character in text):
            raise EmptyQuestion
        if len(text) > self._max_question_chars:
            raise QuestionTooLong(len(text), self._max_question_chars)
        return text

    def ask(self, question: Question) -> Iterator[Event]:
        """Answer a question. Raises like `search`, ChatModelFailed and ArchiveUnavailable."""
        asked = self.checked(question.text)
        with self.index.reading() as generation:
            yield Stage("search")
            history = self._history(question)
            text = made_whole(asked, history, self._chat)
            if text != asked:
                yield Understood(text)
            asking = _Asking(generation, question, asked, text)
            inquiry = about.inquiry(text, generation.sources.values())
            if inquiry:
                yield from asking.tell(inquiry, self._model)
                answer = asking.answer((), self._model)
            else:
                hits = yield from self._found(asking, conversation.looks_within(asked, history))
                answer = asking.answer(hits, self._model)
            self.archive.add(answer, generation.sources)
            yield answer

    def _found(self, asking: _Asking, preferred: Sequence[str]) -> Generator[Event, None, Sequence[Hit]]:
        """Search, read, say; the hits."""
        generation, text = asking.generation, asking.text
        with asking.timed("search"):
            vector = self.vector(text)
            hits = _preferring(preferred, search(generation, text, vector, DEPTH, asking.question.filters))
            best = hits[: self.reader.weights.passages]
        yield Sources(_distinct_sources(best))
        yield Stage("answer")
        with asking.timed("read"):
            vectors = sentence_vectors(generation, best)
            reading = self.reader.read(text, vector, hits, vectors, generation.rarity)
        if reading.confidence >= self._threshold:
            if self._chat is None:
                yield from asking.quote(reading.quotes)
            else:
                yield from asking.draft(self._chat, text, best)
        return hits

    @property
    def _model(self) -> str:
        return "none" if self._chat is None else self._chat.name

    def _history(self, question: Question) -> tuple[Turn, ...]:
        if question.standalone:
            return ()
        kept = self.archive.history(question.conversation_id) if question.conversation_id else ()
        return kept or question.history

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
    asked: str
    text: str
    sentences: list[AnswerSentence] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    milliseconds: dict[str, float] = field(default_factory=dict)
    numbering: Numbering = field(init=False)
    language: Language = field(init=False)
    inquiry: about.Inquiry | None = None
    named: tuple[Near, ...] = ()

    def __post_init__(self) -> None:
        self.numbering = Numbering(self.generation.document)
        self.language = self.question.language or language_of(self.asked, language_of(self.text))

    def timed(self, stage: str) -> _Timer:
        return _Timer(stage, self.milliseconds)

    def tell(self, inquiry: about.Inquiry, model: str) -> Iterator[Event]:
        """The answer to a question about the assistant itself, from the catalogue and fixed texts."""
        sources = tuple(self.generation.sources.values())
        matching = [source for source in sources if passes(source, inquiry.filters)]
        told = about.told(inquiry, self.language, sources, matching, model)
        self.inquiry, self.named = inquiry, told.documents
        for line in told.lines:
            self.sentences.append(AnswerSentence(line, ()))
            yield Verified(self.sentences[-1])

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
        total = len(self.generation.sources)
        searched = len(self.generation.allowed(self.question.filters)) if self.question.filters else total
        searched = 0 if self.inquiry else searched
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
            model=model,
            generation=self.generation.name,
            milliseconds={stage: round(spent, 1) for stage, spent in self.milliseconds.items()},
            references=reference_list(self.language, self.numbering.citations, self.generation.sources),
            question=self.asked,
            understood_as=None if self.text == self.asked else self.text,
            about=self.inquiry.topic if self.inquiry else None,
            documents=self.named,
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


def _preferring(documents: Sequence[str], hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits with those of `documents` moved up, not the others left out: what is asked of the members of
    a list may stand elsewhere than the list."""
    if not documents:
        return hits
    return sorted(hits, key=lambda hit: -(hit.score + _PREFERENCE * (hit.source.id in documents)))


def _distinct_sources(hits: Sequence[Hit]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(hit.source for hit in hits))


def sentence_vectors(generation: Generation, hits: Sequence[Hit]) -> SentenceVectors:
    """What the reader needs of the hits' passages."""
    ids = [hit.passage.id for hit in hits]
    return generation.catalogue.sentence_vectors(ids, generation.manifest.dimension)
