"""The reference list: APA 7 as it is written in Norway, one line a document, with the pages cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from assistant.answer import Question
from assistant.references import apa, reference_list
from assistant.types import Citation, Language, Source
from tests.fakes import Workshop

_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_SOURCE = Source(
    id="d1", path="d1.pdf", sha256="0" * 64, media_type="application/pdf", title="Besøket hos AGC",
    language="nb", date="2024-03-21", publisher="Legemiddelindustrien", kind="reisenotat",
    url="https://www.lmi.no/notat", pages=9, characters=1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nb", "Legemiddelindustrien. (2024, 21. mars). *Besøket hos AGC* (s. 3) [Reisenotat]. https://www.lmi.no/notat"),
        ("nn", "Legemiddelindustrien. (2024, 21. mars). *Besøket hos AGC* (s. 3) [Reisenotat]. https://www.lmi.no/notat"),
        ("en", "Legemiddelindustrien. (2024, March 21). *Besøket hos AGC* (p. 3) [Reisenotat]. https://www.lmi.no/notat"),
    ],
)  # fmt: skip
def test_a_reference_has_publisher_date_title_page_kind_and_address(language: Language, line: str) -> None:
    assert apa(language, _SOURCE, ["3"]) == line


@pytest.mark.parametrize(
    ("date", "nb", "en"),
    [
        ("2024-03-01", "(2024, 1. mars).", "(2024, March 1)."),
        ("2024-03-01T10:00:00Z", "(2024, 1. mars).", "(2024, March 1)."),
        ("2024-12", "(2024, desember).", "(2024, December)."),
        ("2024", "(2024).", "(2024)."),
        ("2024-13", "(2024).", "(2024)."),
        ("i fjor", "(u.å.).", "(n.d.)."),
        ("", "(u.å.).", "(n.d.)."),
        (None, "(u.å.).", "(n.d.)."),
    ],
)
def test_dates(date: str | None, nb: str, en: str) -> None:
    source = replace(_SOURCE, date=date)
    assert f". {nb} *" in apa("nb", source)
    assert f". {nb} *" in apa("nn", source)
    assert f". {en} *" in apa("en", source)


@pytest.mark.parametrize(
    ("pages", "nb", "en"),
    [
        ([], "AGC* [", "AGC* ["),
        (["2", "3", "4", "7"], "(s. 2–4, 7)", "(pp. 2–4, 7)"),
        (["iv", "v", "1"], "(s. iv, v, 1)", "(pp. iv, v, 1)"),
        (["A-3"], "(s. A-3)", "(p. A-3)"),
    ],
)
def test_pages(pages: Sequence[str], nb: str, en: str) -> None:
    assert nb in apa("nb", _SOURCE, pages)
    assert en in apa("en", _SOURCE, pages)


@pytest.mark.parametrize(("language", "words"), [("nb", "(lysbilde 3)"), ("nn", "(lysbilete 3)"), ("en", "(slide 3)")])
def test_slides_are_no_pages(language: Language, words: str) -> None:
    assert words in apa(language, replace(_SOURCE, media_type=_SLIDES), ["3"])


_BY = "Legemiddelindustrien. (2024, 21. mars)."


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"publisher": None}, "*Besøket hos AGC* [Reisenotat]. (2024, 21. mars). https://www.lmi.no/notat"),
        ({"kind": None, "url": None}, f"{_BY} *Besøket hos AGC*."),
        ({"kind": None, "url": None, "publisher": None}, "*Besøket hos AGC*. (2024, 21. mars)."),
        ({"url": "lmi.no"}, f"{_BY} *Besøket hos AGC* [Reisenotat]. lmi.no"),
        ({"url": "l.no", "publisher": "l.no"}, "l.no. (2024, 21. mars). *Besøket hos AGC* [Reisenotat]."),
        ({"url": "javascript:x()"}, f"{_BY} *Besøket hos AGC* [Reisenotat]."),
        ({"title": "Hva nå?", "kind": None, "url": None}, f"{_BY} *Hva nå?*"),
        ({"title": "Et notat.", "kind": None, "url": None}, f"{_BY} *Et notat*."),
        ({"publisher": "Vekst A.S.", "url": None}, "Vekst A.S. (2024, 21. mars). *Besøket hos AGC* [Reisenotat]."),
        ({"title": "A * B\n C", "kind": "x*", "url": None}, rf"{_BY} *A \* B C* [X\*]."),
    ],
)
def test_what_is_not_known_is_left_out(changed: dict[str, str | None], line: str) -> None:
    known = {"title": _SOURCE.title, "publisher": _SOURCE.publisher, "kind": _SOURCE.kind, "url": _SOURCE.url} | changed
    source = replace(
        _SOURCE, title=known["title"] or "", publisher=known["publisher"], kind=known["kind"], url=known["url"]
    )
    assert apa("nb", source) == line


@pytest.mark.parametrize(
    ("language", "fetched", "end"),
    [
        ("nb", "2024-05-03", ". Hentet 3. mai 2024 fra https://www.lmi.no/notat"),
        ("nn", "2024-05-03", ". Henta 3. mai 2024 frå https://www.lmi.no/notat"),
        ("en", "2024-05-03", ". Retrieved May 3, 2024, from https://www.lmi.no/notat"),
        ("nb", "2024-05", ". Hentet mai 2024 fra https://www.lmi.no/notat"),
        ("en", "2024-05", ". Retrieved May 2024, from https://www.lmi.no/notat"),
        ("nb", "2024", ". Hentet 2024 fra https://www.lmi.no/notat"),
    ],
)
def test_what_was_fetched_says_when(language: Language, fetched: str, end: str) -> None:
    assert apa(language, replace(_SOURCE, fetched=fetched)).endswith(f"[Reisenotat]{end}")


def _cited(source: Source, page: int | None, label: str | None = None) -> Citation:
    return Citation(
        number=1, passage_id="p", document_id=source.id, title=source.title, date=source.date, page=page,
        heading_path=(), quote="x", start=0, end=1, boxes=(), url="", page_label=label,
    )  # fmt: skip


def test_a_document_cited_twice_has_one_line_with_its_pages_in_order() -> None:
    cited = [_cited(_SOURCE, 7), _cited(_SOURCE, 3, "ii"), _cited(_SOURCE, 7)]
    (line,) = reference_list("nb", cited, {"d1": _SOURCE})
    assert "*Besøket hos AGC* (s. ii, 7) [" in line


def test_lines_are_in_the_order_of_the_norwegian_alphabet() -> None:
    names = ["Årnes", "Zeta", "Ørlandet", "ære", "aure", "Ålesund"]
    sources = {name: replace(_SOURCE, id=name, publisher=name) for name in names}
    lines = reference_list("nb", [_cited(source, None) for source in sources.values()], sources)
    assert [line.split(".")[0] for line in lines] == ["aure", "Zeta", "ære", "Ørlandet", "Ålesund", "Årnes"]


def test_an_answer_brings_its_reference_list(library: Workshop) -> None:
    with library.assistant() as assistant:
        answer = assistant.answer(Question("Hva koster prosjektet?"))
    cited = {citation.document_id for citation in answer.citations}
    assert cited and len(answer.references) == len(cited)
    for citation in answer.citations:
        assert any(f"*{citation.title}*" in line for line in answer.references)
    with library.assistant(threshold=1.1) as assistant:
        assert assistant.answer(Question("Hva koster prosjektet?")).references == ()


def test_the_list_is_in_the_answer_s_language_over_http(client: TestClient) -> None:
    body = {"question": "Kor mange tilsette har fabrikken i Hillerød?"}
    for language, date in (("nn", "(2023, mai)"), ("en", "(2023, May)")):
        answer = client.post("/api/v1/ask", json={**body, "language": language}).json()
        assert f"Klyngen. {date}. *Reise til København* [Reisenotat]." in answer["references"]
