"""One question on its way: what is said of it sentence by sentence, and the answer that comes of it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

from assistant import about, citations, drafts, phrases, stages
from assistant.chat import prompt
from assistant.chat.model import ChatModel
from assistant.citations import Numbering, Refused
from assistant.errors import ChatModelFailed
from assistant.filters import passes
from assistant.index import Generation
from assistant.reading.reader import Reading
from assistant.references import reference_list
from assistant.scope.narrowing import Narrowed
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
    in_force,
    near_of,
)
from assistant.verification.support import Meaning

_NEAR = 3
_MOST_DRAFTED = 6

log = logging.getLogger(__name__)


# --- events -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """What begins now: "search", "answer", "write" or "verify"."""

    name: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A follow-up as it is searched for, where that is not as it was asked; `language` is the answer's."""

    question: str
    language: Language


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


@dataclass(frozen=True, slots=True)
class Looked:
    """One of the things that a question asks: what was found for it, best first, and how it reads."""

    question: str
    hits: tuple[Hit, ...]
    reading: Reading


# --- one question -------------------------------------------------------------------------------


@dataclass(slots=True)
class Asking:
    """`asked` is the question as it was put, `whole` as it was understood."""

    generation: Generation
    asked: str
    whole: str
    language: Language
    narrowed: Narrowed
    conversation_id: str | None
    meaning: Meaning
    looked: list[Looked] = field(default_factory=list)
    sentences: list[AnswerSentence] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    suggestions: tuple[str, ...] = ()
    milliseconds: dict[str, float] = field(default_factory=dict)
    numbering: Numbering = field(init=False)
    inquiry: about.Inquiry | None = None
    named: tuple[Near, ...] = ()
    declined: bool = False
    replaced: bool = False
    notice: str | None = None

    def __post_init__(self) -> None:
        self.numbering = Numbering(self.generation.document)

    def timed(self, stage: str) -> stages.Stage:
        return stages.Stage(stage, self.milliseconds)

    @property
    def hits(self) -> list[Hit]:
        """Of all that was looked for, the best of each first, and none twice."""
        ranked = [one.hits for one in self.looked]
        longest = max(map(len, ranked), default=0)
        in_turn = [hits[at] for at in range(longest) for hits in ranked if at < len(hits)]
        return list({hit.passage.id: hit for hit in in_turn}.values())

    @property
    def near(self) -> tuple[Source, ...]:
        """The documents to look in where nothing is found, nearest first."""
        return distinct_sources(self.hits)[:_NEAR]

    # --- what is said ---

    def tell(self, inquiry: about.Inquiry, model: str) -> Iterator[Event]:
        """The answer to a question about the assistant itself, from the catalogue and fixed texts."""
        sources = tuple(self.generation.sources.values())
        matching = [source for source in sources if passes(source, inquiry.filters)]
        told = about.told(inquiry, self.language, sources, matching, model)
        self.inquiry, self.named = inquiry, told.documents
        for line in told.lines:
            self.sentences.append(AnswerSentence(line, ()))
            yield Verified(self.sentences[-1])

    def say(self, chat: ChatModel | None, threshold: float) -> Iterator[Event]:
        """What the reader is at least as sure of as `threshold`: its quotes, or a language model's draft. The
        parts of the question that it is not sure of are put down, where it is of another."""
        sure = self.sure(threshold)
        if not sure:
            return
        self.unanswered = [one.question for one in self.looked if one not in sure]
        if chat is None:
            yield from self.quote(sure)
        else:
            yield from self.draft(chat, sure)

    def sure(self, threshold: float) -> list[Looked]:
        """Those of the things asked for that the reader is at least so sure of."""
        return [one for one in self.looked if one.reading.confidence >= threshold]

    def quote(self, looked: Sequence[Looked]) -> Iterator[Event]:
        """The reader's answer: the quotes themselves, each introduced by its document and date, and whether
        the documents differ."""
        yield Stage("verify")
        said: set[tuple[str, int, int]] = set()
        before: str | None = None
        with self.timed("verify"):
            for one in looked:
                for quote in one.reading.quotes:
                    place = (quote.source.id, quote.start, quote.end)
                    if place not in said:
                        said.add(place)
                        yield self._verified(DraftSentence((quote,), self._introduced(quote, before)))
                        before = quote.source.id
                yield from self._conflict(one.reading)

    def _conflict(self, reading: Reading) -> Iterator[Event]:
        """That documents differ, after those of their quotes that are not shown yet."""
        if not reading.differing:
            return
        for quote in reading.differing:
            if not self._shows(quote):
                yield self._verified(DraftSentence((quote,), self._introduced(quote, None)))
        yield self._verified(DraftSentence(reading.differing, phrases.differ(self.language)))

    def _shows(self, quote: Quote) -> bool:
        return any(
            one.document_id == quote.source.id and one.start < quote.end and quote.start < one.end
            for one in self.numbering.citations
        )

    def _introduced(self, quote: Quote, before: str | None) -> str:
        source = quote.source
        newer = in_force(source, self.generation.sources)
        document = phrases.document(self.language, source.title, source.date, newer)
        return phrases.says(self.language, document, quote.text, again=source.id == before)

    def draft(self, chat: ChatModel, looked: Sequence[Looked]) -> Iterator[Event]:
        """A language model's answer, and whether the documents differ. Where it fails, what was shown of it stays;
        where nothing of it holds, the reader's answer comes in its place. Either is told."""
        readings = [one.reading for one in looked]
        cause = yield from self._drafted(chat, readings)
        if cause is not None:
            self.replaced = not self.sentences
            self.notice = phrases.notice(self.language, cause, cut=not self.replaced)
        if self.replaced:
            yield from self.quote(looked)
        else:
            for reading in readings:
                yield from self._conflict(reading)

    def _drafted(self, chat: ChatModel, readings: Sequence[Reading]) -> Generator[Event, None, str | None]:
        """Each sentence is checked as soon as it is whole. Returns what went wrong, a key of `phrases.notice`."""
        question = self.narrowed.text
        given = prompt.fitting(self.language, question, drafts.read_for(self.hits, readings), chat.room)
        request = prompt.request(self.language, question, given)
        unfinished = ""
        yield Stage("write")
        with self.timed("draft"):
            try:
                for piece in chat.stream(prompt.instructions(self.language), request):
                    yield Token(piece)
                    whole, unfinished = citations.whole_sentences(unfinished + piece)
                    yield from self._checked(whole, given, readings)
                    if len(self.sentences) + len(self.dropped) >= _MOST_DRAFTED:
                        self._leave_out(unfinished, "surplus")  # asked for three; a model that rambles is cut off
                        unfinished = ""
                        break
            except ChatModelFailed as error:
                log.warning("%s", error)
                self._leave_out(unfinished, "unfinished")
                return error.code
            yield Stage("verify")
            yield from self._checked(citations.whole_sentences(unfinished + "\n")[0], given, readings)
        if self.sentences:
            return None
        return "declined" if self.declined and not self.dropped else "unverified"

    def _checked(self, drafted: Sequence[str], given: Sequence[Hit], readings: Sequence[Reading]) -> Iterator[Event]:
        """The sentences that pass; those that do not are put down with the reason."""
        for text in drafted:
            if prompt.declines(text):
                self.declined = True
                continue
            result = drafts.to_the_point(citations.check(text, given, self.meaning), readings)
            if self._said(result.text):
                continue
            if isinstance(result, Refused):
                reason = phrases.unsupported(self.language, result.reason, result.detail)
                self.dropped.append(Dropped(result.text, reason))
            else:
                yield self._verified(result)

    def _leave_out(self, begun: str, reason: str) -> None:
        """The beginning of a sentence that will not be finished is put down too."""
        text = citations.without_markers(begun)
        if any(character.isalnum() for character in text):
            self.dropped.append(Dropped(f"{text} …", phrases.unsupported(self.language, reason)))

    def _said(self, text: str) -> bool:
        """Small models repeat themselves."""
        return text in [*(one.text for one in self.sentences), *(one.text for one in self.dropped)]

    def _verified(self, draft: DraftSentence) -> Verified:
        with self.timed("cite"):
            numbers = [self.numbering.cite(quote) for quote in draft.quotes]
        sentence = AnswerSentence(draft.text, tuple(dict.fromkeys(numbers)))
        self.sentences.append(sentence)
        return Verified(sentence)

    # --- what comes of it ---

    def answer(self, model: str) -> Answer:
        near = () if self.sentences else self.near
        coverage = self._coverage()
        return Answer(
            id=uuid.uuid4().hex,
            conversation_id=self.conversation_id or uuid.uuid4().hex,
            status="answered" if self.sentences else "no_answer",
            text=self._text(near, coverage),
            language=self.language,
            sentences=tuple(self.sentences),
            citations=tuple(self.numbering.citations),
            dropped=tuple(self.dropped),
            near=tuple(map(near_of, near)),
            coverage=coverage,
            model="none" if self.replaced else model,
            generation=self.generation.name,
            milliseconds={stage: round(spent, 1) for stage, spent in self.milliseconds.items()},
            references=reference_list(self.language, self.numbering.citations, self.generation.sources),
            recognised=self.narrowed.recognised,
            question=self.asked,
            understood_as=None if self.whole == self.asked else self.whole,
            about=self.inquiry.topic if self.inquiry else None,
            documents=self.named,
            unanswered=tuple(self.unanswered),
            suggestions=self.suggestions,
            notice=self.notice,
        )

    def _text(self, near: Sequence[Source], coverage: Coverage) -> str:
        if self.sentences:
            missing = [phrases.not_found_for(self.language, part) for part in self.unanswered]
            return "\n".join([*(_with_markers(sentence) for sentence in self.sentences), *missing])
        titles, within = [source.title for source in near], [one.label for one in self.narrowed.recognised]
        text = phrases.no_answer(self.language, titles, coverage.searched, coverage.total, within)
        return f"{text} {phrases.suggested(self.language, self.suggestions)}" if self.suggestions else text

    def _coverage(self) -> Coverage:
        total = len(self.generation.sources)
        return Coverage(0, total) if self.inquiry else coverage_of(self.generation, self.narrowed.filters)


def _with_markers(sentence: AnswerSentence) -> str:
    return sentence.text + "".join(f" [{number}]" for number in sentence.citations)


def coverage_of(generation: Generation, filters: Filters) -> Coverage:
    """How many of the documents `filters` lets through."""
    total = len(generation.sources)
    return Coverage(len(generation.allowed(filters)) if filters else total, total)


def distinct_sources(hits: Sequence[Hit]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(hit.source for hit in hits))
