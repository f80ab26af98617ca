"""Complete overviews: every document is gone through, what stands in it is quoted, and what was not is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Question
from assistant.errors import EmptyQuestion, NothingToReview, OverviewNotFound, OverviewRunning, QuestionTooLong
from assistant.overview import Begun, Event, FoundRow, Overviews, Progress
from assistant.overview.runs import Runs
from assistant.types import LANGUAGES, Filters, Overview
from tests.conftest import PLAN, REPORT, TRIP, WATER
from tests.fakes import Workshop

_COST = "Gå gjennom alle dokumentene og finn hva prosjektet koster"


@contextmanager
def _overviews(place: Workshop, threshold: float = 0.0) -> Iterator[Overviews]:
    with place.assistant() as assistant:
        yield Overviews(assistant, Runs(place.data / "overviews.sqlite", 30), threshold)


def _put_four(place: Workshop) -> None:
    for path, text in (("plan.md", PLAN), ("reise.md", TRIP), ("export.html", REPORT), ("vann.txt", WATER)):
        place.put(path, text)


@pytest.fixture
def four(workshop: Workshop) -> Workshop:
    """Four documents of one's own."""
    _put_four(workshop)
    assert workshop.run().added == 4
    return workshop


def _made(overviews: Overviews, id: str) -> Overview:
    *_, last = overviews.go(id)
    assert isinstance(last, Overview)
    return last


def _until(events: Iterator[Event], documents: int) -> list[Event]:
    """The events until so many documents are through."""
    seen: list[Event] = []
    while sum(isinstance(event, Progress) for event in seen) < documents:
        seen.append(next(events))
    return seen


def _stands(place: Workshop, overview: Overview) -> None:
    """Every finding is a quote at its place, and every citation is numbered and used."""
    with place.reading() as generation:
        for citation in overview.citations:
            text = generation.document(citation.document_id).text
            assert text[citation.start : citation.end] == citation.quote
    assert [one.number for one in overview.citations] == list(range(1, len(overview.citations) + 1))
    by_number = {one.number: one for one in overview.citations}
    for finding in overview.findings:
        (citation,) = (by_number[number] for number in finding.citations)
        assert finding.text == " ".join(citation.quote.split())
        assert (finding.document_id, finding.title, finding.date) == (
            citation.document_id, citation.title, citation.date,
        )  # fmt: skip
    counts = {one.document_id: one.findings for one in overview.documents}
    assert sum(counts.values()) == len(overview.findings) == len(overview.citations)
    assert overview.coverage.with_findings == sum(count > 0 for count in counts.values())


# --- what it gives ------------------------------------------------------------------------------


def test_every_document_is_gone_through_and_what_it_says_is_quoted(four: Workshop) -> None:
    with _overviews(four) as overviews:
        made = _made(overviews, overviews.start(Question(_COST)))
    _stands(four, made)
    coverage = made.coverage
    assert (coverage.reviewed, coverage.total, coverage.corpus, coverage.unread, coverage.waiting) == (4, 4, 4, 0, 0)
    assert made.text == f"4 av 4 dokumenter gjennomgått, {coverage.with_findings} med funn."
    assert (made.status, made.question, made.asked) == ("done", _COST, "Hva prosjektet koster")
    assert "Prosjektet koster 4,2 millioner kroner." in [finding.text for finding in made.findings]
    assert [one.title for one in made.documents][:3] == ["Reise til København", "Export report", "Plan for Romerike"]


def test_what_happens_is_told_while_it_happens(four: Workshop) -> None:
    with _overviews(four) as overviews:
        id = overviews.start(Question(_COST))
        begun, *events = overviews.go(id)
        assert begun == Begun(id, "Hva prosjektet koster", four.folders.current_name() or "", 0, 4, 0)
        progress = [event.coverage for event in events if isinstance(event, Progress)]
        assert [one.total - one.waiting for one in progress] == [1, 2, 3, 4]
        told = [event for event in events if isinstance(event, FoundRow)]
        made = events[-1]
        assert isinstance(made, Overview)
        assert {event.finding.text for event in told} >= {finding.text for finding in made.findings}
        assert [n for event in told for n in event.finding.citations] == list(range(1, len(told) + 1))
        assert overviews.overview(id) == made


def test_a_reader_that_is_never_sure_finds_nothing_and_says_so(four: Workshop) -> None:
    with _overviews(four, threshold=1.0) as overviews:
        made = _made(overviews, overviews.start(Question(_COST)))
    assert (made.findings, made.citations) == ((), ())
    assert made.text == "4 av 4 dokumenter gjennomgått, 0 med funn."


def test_only_the_documents_asked_for_are_read(four: Workshop) -> None:
    with _overviews(four) as overviews:
        made = _made(overviews, overviews.start(Question(_COST, Filters(kinds=("prosjektdokument", "reisenotat")))))
        assert {one.title for one in made.documents} == {"Plan for Romerike", "Reise til København"}
        assert (made.coverage.total, made.coverage.corpus) == (2, 4)
        with pytest.raises(NothingToReview, match="4 documents"):
            overviews.start(Question(_COST, Filters(kinds=("brev",))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_language_asked_for(four: Workshop, language: str) -> None:
    with _overviews(four) as overviews:
        made = _made(overviews, overviews.start(replace(Question(_COST), language=language)))  # type: ignore[arg-type]
    told = {"nb": "av 4 dokumenter gjennomgått", "nn": "av 4 dokument gjennomgått", "en": "of 4 documents reviewed"}
    assert told[made.language] in made.text


def test_findings_beyond_the_most_are_counted(workshop: Workshop) -> None:
    wheres = ("", " der", " nå", " så", " på")
    workshop.put("skjermer.md", "# Rapport\n\n" + "\n\n".join(f"Vi satte opp støyskjerm{where}." for where in wheres))
    workshop.run()
    with _overviews(workshop) as overviews:
        made = _made(overviews, overviews.start(Question("Hvor ble det satt opp støyskjerm?"), most_findings=2))
        assert (made.documents[0].findings, made.documents[0].more) == (2, 3)
        _stands(workshop, made)


@pytest.mark.parametrize(("text", "error"), [("?", EmptyQuestion), ("x" * 3000, QuestionTooLong)])
def test_a_question_that_is_none_is_refused(four: Workshop, text: str, error: type[Exception]) -> None:
    with _overviews(four) as overviews, pytest.raises(error):
        overviews.start(Question(text))


# --- what could not be read ---------------------------------------------------------------------


def test_a_document_that_cannot_be_read_is_counted_and_named(four: Workshop) -> None:
    name = four.folders.current_name() or ""
    with sqlite3.connect(four.folders.generation(name) / "catalogue.sqlite") as catalogue:
        catalogue.execute("UPDATE documents SET text = x'00' WHERE path = 'vann.txt'")
        catalogue.execute("UPDATE documents SET text = ? WHERE path = 'reise.md'", (b"x\x9c\x03\x00\x00\x00\x00\x01",))
    with _overviews(four) as overviews:
        made = _made(overviews, overviews.start(Question(_COST)))
    assert (made.status, made.coverage.reviewed, made.coverage.unread) == ("done", 2, 2)
    unread = {one.title: one.reason for one in made.documents if one.state == "unread"}
    assert unread["Reise til København"] == "Dokumentet har ingen tekst som kan leses."
    assert "catalogue.sqlite" in str(unread.pop("vann"))
    assert "2 av 4 dokumenter gjennomgått" in made.text
    assert "Kunne ikke leses gjennom: «Reise til København» og «vann»." in made.text


def test_a_quote_that_does_not_stand_where_it_says_is_never_shown(
    four: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    name = four.folders.current_name() or ""
    with sqlite3.connect(four.folders.generation(name) / "catalogue.sqlite") as catalogue:
        catalogue.execute("UPDATE passages SET text = upper(text) WHERE text LIKE '%millioner%'")
    with _overviews(four) as overviews:
        made = _made(overviews, overviews.start(Question(_COST)))
    (unread,) = [one for one in made.documents if one.state == "unread"]
    assert (unread.title, unread.reason) == ("Plan for Romerike", "En feil hos oss; årsaken står i loggen.")
    assert "could not be reviewed" in caplog.text
    _stands(four, made)


def test_a_page_without_text_is_named(workshop: Workshop, tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.drawString(72, 700, "Prosjektet koster 4,2 millioner kroner, skriver kommunen i planen.")
    canvas.showPage()
    canvas.rect(72, 300, 200, 200, fill=1)
    canvas.showPage()
    canvas.save()
    workshop.put("plan.pdf", (tmp_path / "a.pdf").read_bytes())
    workshop.run()
    with _overviews(workshop) as overviews:
        made = _made(overviews, overviews.start(Question(_COST)))
    (document,) = made.documents
    assert (document.state, document.reason) == ("read", "Side 2 har ingen tekst som kan leses.")
    assert made.citations[0].page == 1


# --- stopped and gone on with -------------------------------------------------------------------


def test_a_run_that_is_broken_off_goes_on_where_it_was(four: Workshop) -> None:
    with _overviews(four) as overviews:
        whole = _made(overviews, overviews.start(Question(_COST)))
        id = overviews.start(Question(_COST))
        events = overviews.go(id)
        _until(events, 2)
        with pytest.raises(OverviewRunning):
            next(overviews.go(id))
        events.close()
        half = overviews.overview(id)
        assert (half.status, half.coverage.reviewed, half.coverage.waiting) == ("stopped", 2, 2)
        assert half.text.endswith("2 gjenstår.")
    with _overviews(four) as later:  # another process
        begun, *events_then = later.go(id)
        assert isinstance(begun, Begun)
        assert (begun.done, begun.total, begun.renewed) == (2, 4, 0)
        assert sum(isinstance(event, Progress) for event in events_then) == 2
        made = events_then[-1]
        assert isinstance(made, Overview)
        assert (made.findings, made.citations, made.documents) == (whole.findings, whole.citations, whole.documents)
        again = list(later.go(id))
        assert [type(event) for event in again] == [Begun, Overview]


def test_it_can_be_stopped_from_elsewhere(four: Workshop) -> None:
    with _overviews(four) as overviews:
        id = overviews.start(Question(_COST))
        events = overviews.go(id)
        _until(events, 1)
        overviews.stop(id)
        last = list(events)[-1]
        assert isinstance(last, Overview)
        assert (last.status, last.coverage.reviewed) == ("stopped", 1)
        assert _made(overviews, id).status == "done"


def test_a_run_that_is_deleted_meanwhile_ends_with_that(four: Workshop) -> None:
    with _overviews(four) as overviews:
        id = overviews.start(Question(_COST))
        events = overviews.go(id)
        _until(events, 1)
        overviews.delete(id)
        with pytest.raises(OverviewNotFound):
            list(events)
        assert overviews.kept() == ()


def test_a_run_that_is_broken_off_lets_its_generation_go(four: Workshop) -> None:
    from assistant.index import in_use

    with _overviews(four) as overviews:
        events = overviews.go(overviews.start(Question(_COST)))
        _until(events, 1)
        events.close()
    assert not in_use(four.folders, four.folders.current_name() or "")


def test_when_the_index_has_changed_what_changed_is_read_anew(four: Workshop) -> None:
    with _overviews(four) as overviews:
        id = overviews.start(Question(_COST))
        before = _made(overviews, id)
    four.put("plan.md", PLAN.replace("4,2 millioner", "9,9 millioner"))
    four.put("ny.md", "# Ny plan\n\nProsjektet koster 7 millioner kroner i år.")
    (four.corpus / "vann.txt").unlink()
    four.run()
    with _overviews(four) as overviews:
        begun, *events = overviews.go(id)
        assert isinstance(begun, Begun)
        assert (begun.done, begun.total, begun.renewed) == (2, 4, 2)
        assert begun.generation != before.generation
        read = [event.document.title for event in events if isinstance(event, Progress)]
        assert sorted(read) == ["Ny plan", "Plan for Romerike"]
        made = events[-1]
        assert isinstance(made, Overview)
    _stands(four, made)
    quotes = " ".join(citation.quote for citation in made.citations)
    assert "9,9 millioner" in quotes
    assert "7 millioner" in quotes
    assert "4,2 millioner" not in quotes
    assert "vann" not in [one.title for one in made.documents]


def test_a_run_keeps_to_the_generation_it_began_with(four: Workshop) -> None:
    with _overviews(four) as overviews:
        events = overviews.go(overviews.start(Question(_COST)))
        begun, *_ = _until(events, 1)
        four.put("plan.md", PLAN.replace("4,2 millioner", "9,9 millioner"))
        four.run()
        *_, made = events
        assert isinstance(begun, Begun)
        assert isinstance(made, Overview)
        assert made.generation == begun.generation
        assert "9,9 millioner" not in " ".join(citation.quote for citation in made.citations)
