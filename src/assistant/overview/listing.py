"""What a run's documents come to: which of them are listed, the numbers of their citations, the coverage.

Pure functions of the rows. A document is listed or not by how likely it is beside the likeliest, so reading one
more may take another off the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant import phrases
from assistant.moments import written_time
from assistant.overview.review import least
from assistant.overview.runs import Row, Run
from assistant.types import Citation, Finding, Overview, OverviewCoverage, Reviewed

Listed = tuple[Finding, tuple[Citation, ...]]
"""A finding and its citations."""


class Listing:
    """What has been made of a run's documents so far. Which of them are listed depends on the likeliest."""

    def __init__(self, rows: Sequence[Row], corpus: int, threshold: float) -> None:
        """`rows` may change as documents are read."""
        self._rows = rows
        self._corpus = corpus
        self._threshold = threshold

    def waiting(self, nearest: Sequence[str]) -> tuple[list[int], list[int]]:
        """The places of the documents that wait: of those `nearest`, then of the rest."""
        waiting = [at for at, row in enumerate(self._rows) if row.state == "waiting"]
        first = [at for at in waiting if self._rows[at].document_id in nearest]
        return first, [at for at in waiting if at not in first]

    def findings(self) -> Iterator[Listed]:
        """Citations are numbered in the order of the documents."""
        return self.of(self._rows, 0)

    def of(self, rows: Iterable[Row], number: int) -> Iterator[Listed]:
        """The findings of some of the documents; `number` citations stand before them."""
        enough = self._least()
        for row in rows:
            for finding, citations in _numbered(row, number) if self._likely(row) >= enough else ():
                number += len(citations)
                yield finding, citations

    def reviewed(self, row: Row) -> Reviewed:
        found, more = (len(row.found), row.more) if self._likely(row) >= self._least() else (0, 0)
        return Reviewed(row.document_id, row.title, row.date, row.state, found, more, row.reason)

    def coverage(self) -> OverviewCoverage:
        states = Counter(row.state for row in self._rows)
        enough = self._least()
        return OverviewCoverage(
            reviewed=states["read"],
            total=len(self._rows),
            with_findings=sum(self._likely(row) >= enough for row in self._rows),
            unread=states["unread"],
            waiting=states["waiting"],
            corpus=self._corpus,
        )

    def _least(self) -> float:
        return least(max(map(self._likely, self._rows), default=-1.0), self._threshold)

    @staticmethod
    def _likely(row: Row) -> float:
        return row.found[0].confidence if row.found else -1.0


def _numbered(row: Row, number: int) -> Iterator[Listed]:
    for found in row.found:
        cited = tuple(replace(one, number=number + at) for at, one in enumerate(found.citations, 1))
        number += len(cited)
        numbers = tuple(one.number for one in cited)
        yield Finding(row.document_id, row.title, row.date, found.text, numbers, found.confidence), cited


def overview_of(run: Run, threshold: float) -> Overview:
    """A run as it is shown."""
    about, listing = run.about, Listing(run.rows, run.about.corpus, threshold)
    found, coverage = list(listing.findings()), listing.coverage()
    return Overview(
        id=run.id,
        status=run.status,
        question=about.question,
        asked=about.asked,
        language=about.language,
        filters=about.filters,
        most_findings=about.most_findings,
        text=phrases.coverage(about.language, coverage, [row.title for row in run.rows if row.state == "unread"]),
        coverage=coverage,
        findings=tuple(finding for finding, _ in found),
        citations=tuple(citation for _, citations in found for citation in citations),
        documents=tuple(listing.reviewed(row) for row in run.rows),
        model="none",
        generation=about.generation,
        created=written_time(run.created),
        updated=written_time(run.updated),
    )
