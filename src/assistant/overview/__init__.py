"""Complete overviews: every document is read for the same question, and the table says which were.

    question -> asked of each -> for every document: its passages -> the best of them read -> findings, cited

Search finds the best passages of all; here no document has to compete with another. What each gave is kept
as soon as it is there, so a run that was stopped goes on where it was. `Overviews.go` yields what happens
while it happens; the last event is the Overview."""

from __future__ import annotations

import copy
import logging
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from assistant import phrases
from assistant.access import LOCAL, Principal
from assistant.answer import Assistant, Question
from assistant.citations import Numbering
from assistant.errors import IndexDamaged, NothingToReview, OverviewNotFound
from assistant.index import Generation
from assistant.overview.listing import Listing, overview_of
from assistant.overview.review import Sought, least, review, sought
from assistant.overview.runs import About, Found, Row, Run, Runs
from assistant.overview.task import asked_of_each
from assistant.text import language_of
from assistant.types import Citation, Document, Finding, Overview, OverviewCoverage, Quote, Reviewed

log = logging.getLogger(__name__)

MOST_FINDINGS = 5
"""Findings of one document that are listed unless more are asked for; the rest are counted."""


# --- events -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begun:
    """A run begins or goes on. `done` of its `total` documents were through before; `renewed` are read anew,
    or for the first time, because they changed or came since."""

    id: str
    asked: str
    generation: str
    done: int
    total: int
    renewed: int


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of the table, with its citations."""

    finding: Finding
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """A document is through, and how far the run has come with it."""

    document: Reviewed
    coverage: OverviewCoverage


Event = Begun | FoundRow | Progress | Overview


class Overviews:
    """Makes overviews and keeps them. Safe to use from many threads."""

    def __init__(self, assistant: Assistant, runs: Runs, threshold: float) -> None:
        self._assistant = assistant
        self._runs = runs
        self._threshold = threshold
        self._whose = LOCAL

    def of(self, principal: Principal, assistant: Assistant) -> Overviews:
        """The overviews of one principal, made of what `assistant` sees."""
        seen = copy.copy(self)
        seen._whose, seen._assistant = principal, assistant
        return seen

    def start(self, question: Question, most_findings: int = MOST_FINDINGS) -> str:
        """The id of a new run, to be handed to `go`. Raises EmptyQuestion, QuestionTooLong, NothingToReview,
        OverviewsUnavailable and what `Index.reading` raises."""
        text = self._assistant.checked(question.text)
        with self._assistant.index.reading() as generation:
            about = About(
                question=text,
                asked=asked_of_each(text),
                language=question.language or language_of(text),
                filters=question.filters,
                most_findings=most_findings,
                generation=generation.name,
                corpus=len(generation.sources),
                owner=self._whose.owner,
                groups=self._whose.groups,
            )
            rows = _rows(generation, about)
        if not rows:
            raise NothingToReview(about.corpus)
        return self._runs.create(about, rows)

    def go(self, id: str) -> Generator[Event, None, None]:
        """Read the documents that wait. Closing the iterator stops the run. Raises OverviewNotFound (also
        when it was deleted meanwhile), OverviewRunning, OverviewsUnavailable and what `Index.reading` raises."""
        self._run(id)
        token = self._runs.claim(id)
        through = False
        try:
            with self._assistant.index.reading() as generation:
                through = yield from self._read(id, token, generation)
        finally:
            self._runs.release(id, token, "done" if through else "stopped")
        yield self.overview(id)

    def overview(self, id: str) -> Overview:
        """As far as it has come. Raises OverviewNotFound."""
        return overview_of(self._run(id), self._threshold)

    def kept(self) -> tuple[Run, ...]:
        """Every run without its rows, the latest first; none for who may not list them."""
        return tuple(run for run in self._runs.all() if self._whose.lists and run.about.is_seen_by(self._whose))

    def stop(self, id: str) -> None:
        """Whoever makes it ends after the document at hand. Raises OverviewNotFound."""
        self._run(id)
        self._runs.stop(id)

    def delete(self, id: str) -> None:
        """Stop it and forget it. Raises OverviewNotFound."""
        self._run(id)
        self._runs.delete(id)

    def _run(self, id: str) -> Run:
        """Raises OverviewNotFound, also for one that is another's."""
        run = self._runs.run(id)
        if not run.about.is_seen_by(self._whose):
            raise OverviewNotFound(id)
        return run

    def _read(self, id: str, token: str, generation: Generation) -> Generator[Event, None, bool]:
        """Whether every document is through: not so where the run was stopped meanwhile."""
        run = self._runs.run(id)
        about, rows, renewed = _renewed(run.about, run.rows, generation)
        if about != run.about and not self._runs.begin(id, token, about, rows):
            return False
        listing = Listing(rows, about.corpus, self._threshold)
        coverage = listing.coverage()
        yield Begun(id, about.asked, generation.name, len(rows) - coverage.waiting, len(rows), renewed)
        what = sought(generation, about.asked, self._assistant.vector(about.asked))
        first, then = listing.waiting(what.nearest)
        number, held = sum(len(citations) for _, citations in listing.findings()), list[Row]()
        for position in [*first, *then]:
            row = self._read_one(generation, what, rows[position], about)
            if not self._runs.put(id, token, position, row):
                return False
            rows[position] = row
            held.append(row)
            if position not in first[:-1]:  # how sure the reader gets is known with the last of the nearest
                for finding, citations in listing.of(held, number):
                    number += len(citations)
                    yield FoundRow(finding, citations)
                held.clear()
            yield Progress(listing.reviewed(row), listing.coverage())
        return True

    def _read_one(self, generation: Generation, what: Sought, row: Row, about: About) -> Row:
        """The row with what its document gave. A fault in one document is told there and does not end the
        run."""
        try:
            document = generation.document(row.document_id)
            if not document.text.strip():
                return replace(row, state="unread", reason=phrases.without_text(about.language))
            found = review(generation, self._assistant.reader, self._assistant.judged, what, row.document_id)
            if not found or found[0][1] < least(self._threshold, self._threshold):
                found = ()  # never to be listed
            return replace(
                row,
                state="read",
                found=tuple(_cited(document, quote, likely) for quote, likely in found[: about.most_findings]),
                more=len(found[about.most_findings :]),
                reason=phrases.pages_without_text(about.language, _pages_without_text(document)),
            )
        except IndexDamaged as error:
            return replace(row, state="unread", reason=error.message(about.language))
        except ValueError:  # a quote that does not stand where it says: ours to find out about
            log.exception("the document %s could not be reviewed", row.document_id)
            return replace(row, state="unread", reason=phrases.not_reviewed(about.language))


# --- the documents of a run ---------------------------------------------------------------------


def _rows(generation: Generation, about: About) -> list[Row]:
    """Those that the filters let through, the newest first and those without a date last."""
    prints = generation.catalogue.fingerprints()
    allowed = set(generation.allowed(about.filters))
    sources = [source for source in generation.sources.values() if source.id in allowed]
    return [
        # Read or cut in another way, a document has other passages: its recipe counts as its content does.
        Row(source.id, source.title, source.date, " ".join((generation.manifest.recipe, *prints[source.id])))
        for source in sorted(sources, key=lambda source: source.date or "", reverse=True)
    ]


def _renewed(about: About, rows: Sequence[Row], generation: Generation) -> tuple[About, list[Row], int]:
    """A run brought to the generation: what is unchanged stays, what changed or came waits, what went is
    left out. The last is how many changed or came."""
    if about.generation == generation.name:
        return about, list(rows), 0
    kept = {(row.document_id, row.fingerprint): row for row in rows}
    now = _rows(generation, about)
    brought = [kept.get((row.document_id, row.fingerprint), row) for row in now]
    renewed = sum((row.document_id, row.fingerprint) not in kept for row in now)
    about = replace(about, generation=generation.name, corpus=len(generation.sources), groups=generation.groups)
    return about, brought, renewed


def _cited(document: Document, quote: Quote, confidence: float) -> Found:
    """Raises ValueError when the quote does not stand where it says."""
    numbering = Numbering(lambda id: document)
    numbering.cite(quote)
    return Found(" ".join(quote.text.split()), confidence, tuple(numbering.citations))


def _pages_without_text(document: Document) -> list[int]:
    """Scanned ones, mostly: what stands on them could not be read."""
    held = {block.page for block in document.blocks}
    return [page for page in range(1, (document.source.pages or 0) + 1) if page not in held]
