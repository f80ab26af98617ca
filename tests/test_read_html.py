"""Web pages: the article without the page around it."""

from __future__ import annotations

import pytest

from assistant.errors import DamagedFile
from assistant.types import Document
from ingest.read import read_document

PAGE = """<!doctype html>
<html lang="nn-NO"><head><title>Plan for hamna | Kommunen</title>
<meta property="article:published_time" content="2024-03-21T10:00:00+01:00">
<meta property="og:site_name" content="Kommunen"><link rel="canonical" href="https://kommunen.example/plan">
<style>p { color: red }</style></head>
<body><header><a href="/">Til framsida</a></header><nav><ul><li>Meny</li></ul></nav>
<div class="cookie-banner">Vi bruker informasjonskapslar</div>
<main><h1>Plan for hamna</h1>
<p>Hamna skal <b>byggjast</b> ut i <a href="x">to steg</a>.<br>Fyrste steg er kaia.</p>
Laus tekst i hovuddelen.<!-- ein merknad -->
<div>Tekst i ein div<ul><li>ytst<ul><li>inst</li></ul></li><li>ytst att<p>med avsnitt</p></li></ul></div>
<ol start="3"><li>tredje</li><li>fjerde</li></ol>
<p hidden>Gøymt</p><p style="display: none">Gøymt</p><p aria-hidden="true">Gøymt</p>
<table><caption>Kostnad</caption><thead><tr><th>Steg</th><th colspan="2">Mill. kroner</th></tr></thead>
<tr><td rowspan="2">Kai</td><td>12</td><td>2025</td></tr><tr><td>8</td><td>2026</td></tr></table>
<dl><dt>Kontakt</dt><dd>Teknisk etat</dd></dl>
<p>Areal: 310 km<sup>2</sup></p>
<form><label>Søk</label><input></form><script>alert(1)</script></main>
<aside>Les òg</aside><footer>Botn</footer></body></html>"""


def document(html: str | bytes) -> Document:
    data = html if isinstance(html, bytes) else html.encode()
    return read_document(data, "side.html", None, 50)[0]


def blocks(doc: Document) -> list[str]:
    return [doc.text[b.start : b.end] for b in doc.blocks]


def test_the_article_and_nothing_else() -> None:
    assert blocks(document(PAGE)) == [
        "Plan for hamna",
        "Hamna skal byggjast ut i to steg. Fyrste steg er kaia.",
        "Laus tekst i hovuddelen.",
        "Tekst i ein div",
        "- ytst",
        "- inst",
        "- ytst att",
        "med avsnitt",
        "3. tredje",
        "4. fjerde",
        "Kostnad",
        "Steg: Kai; Mill. kroner: 12; Mill. kroner: 2025",
        "Steg: Kai; Mill. kroner: 8; Mill. kroner: 2026",
        "Kontakt: Teknisk etat",
        "Areal: 310 km²",
    ]


def test_what_the_page_says_of_itself() -> None:
    source = document(PAGE).source
    assert (source.title, source.date, source.publisher) == ("Plan for hamna", "2024-03-21", "Kommunen")
    assert (source.language, source.url) == ("nn", "https://kommunen.example/plan")


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta name="dcterms.issued" content="2023-08-23">', "2023-08-23"),
        ('<meta name="citation_publication_date" content="2023/08/23">', "2023-08-23"),
        ('<meta itemprop="datePublished" content="23. august 2023">', "2023-08-23"),
        (
            '<script type="application/ld+json">{"@type": "Article", "datePublished": "2023-08-23"}</script>',
            "2023-08-23",
        ),
        ('<meta name="date" content="snart">', None),
    ],
)
def test_dates(head: str, date: str | None) -> None:
    assert document(f"<head>{head}</head><p>Ein tekst.</p>").source.date == date


def test_a_title_outside_the_main_part_is_kept() -> None:
    long = "Eit langt avsnitt om hamna. " * 30
    doc = document(f"<header><h1>Hamna</h1></header><main><p>{long}</p></main>")
    assert [b.heading_path for b in doc.blocks] == [("Hamna",), ("Hamna",)]


def test_a_page_inside_a_form_is_read() -> None:
    assert document("<form id=aspnetForm><h1>Tittel</h1><p>Innhald</p></form>").text == "Tittel\n\nInnhald"


def test_layout_tables_are_not_data() -> None:
    doc = document(
        "<table><tr><td><h2>Meldingar</h2><p>Eit avsnitt.</p><table><tr><td>a</td><td>b</td></tr></table>"
    )
    assert [b.kind for b in doc.blocks][:2] == ["heading", "paragraph"]


def test_encodings_from_the_page() -> None:
    text = "<p>Blåbærsyltetøy på brød</p>"
    assert document(f'<meta charset="iso-8859-1">{text}'.encode("latin-1")).text == "Blåbærsyltetøy på brød"
    assert document(("\ufeff" + text).encode("utf-8")).text == "Blåbærsyltetøy på brød"
    assert document(text.encode("utf-16")).text == "Blåbærsyltetøy på brød"


@pytest.mark.parametrize(
    "html",
    [
        "<p>open <b>bold <i>both</b> only</i><table><tr><td>x<tr><td>y<p>z",
        "</div></div><p>hei</p></p></html><p>etter",
        "<ul><p>a<li>b</ul></li>c<h2>d<p>e",
        "<table><tr><td colspan=999999999 rowspan=999999999>x<td>y</table>",
        "<ol start=99999999999999999999><li value=-1>x</ol>",
        "<dl><dd>x<dt></dl><br><br><br>y",
        "hei <" + "!-- <p>borte",
    ],
)
def test_malformed_pages_are_read(html: str) -> None:
    assert document(html).text


def test_deep_nesting_fails_cleanly_or_is_read() -> None:
    assert "hei" in document("<div>" * 3000 + "hei").text
    assert "hei" in document("<p>" * 30_000 + "hei").text
    with pytest.raises(DamagedFile):
        document("<div>" * 300_000 + "hei")
    with pytest.raises(DamagedFile):
        document(b"\x00\x01\x02" * 500)
