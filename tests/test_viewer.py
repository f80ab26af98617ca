"""The source viewer: what is marked is the quote, what a document says stays text, boxes lie on the words."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from starlette.testclient import TestClient

from assistant import links
from assistant.api.app import create_app
from assistant.errors import PageNotFound
from assistant.places import boxes_of, boxes_on, find_quote
from assistant.types import LANGUAGES, Block, BlockKind, Box, Document, Language, Source, Word
from assistant.viewer import source_page
from assistant.viewer.find import hits
from assistant.viewer.look import Look
from assistant.viewer.picture import page_png
from tests.fakes import Workshop, settings_over

_HOSTILE = '</title><script>alert("1")</script>" onload="x" <b>&amp;\''


_SOURCE = Source(
    id="d1", path="d1.md", sha256="0" * 64, media_type="text/markdown", title="Veikart for helse",
    language="nb", date="2024-02-08", publisher="Klyngen", kind="notat", url=None, pages=None, characters=0,
)  # fmt: skip


def _document(blocks: list[tuple[BlockKind, str, int | None]], source: Source = _SOURCE) -> Document:
    """Blocks of (kind, text, page), an empty line between them; headings are all of the first level."""
    text, made = "", []
    path: tuple[str, ...] = ()
    for kind, words, page in blocks:
        start = len(text) + 2 if text else 0
        text = f"{text}\n\n{words}" if text else words
        path = (words,) if kind == "heading" else path
        made.append(Block(kind, start, len(text), page, path))
    return Document(replace(source, characters=len(text)), text, tuple(made))


_NOTE = _document(
    [
        ("heading", "Bakgrunn", None),
        (
            "paragraph",
            "Prosjektet varte i to år. Det kostet 4,2 millioner kroner, og sju kommuner deltok.",
            None,
        ),
        ("list_item", "- Første punkt om opplæring", None),
        ("list_item", "- Andre punkt om eksport", None),
        ("table_row", "År: 2021, beløp: 4,2", None),
        ("paragraph", "Slutt.", None),
    ]
)


def _html(
    document: Document, start: int | None, end: int | None, page: int | None, language: Language, has_pages: bool
) -> str:
    return source_page(document, Look(start, end, page), language, has_pages)


class _Page(HTMLParser):
    """What a browser would make of a page: its elements, and the text inside each `<mark>`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.marks: list[str] = []
        self.text = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "mark":
            self._inside = True
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._inside = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            self.marks[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _words(text: str) -> str:
    return re.sub(r"\s", "", text)


# --- marks --------------------------------------------------------------------------------------


def test_the_mark_is_the_quote_and_can_be_found_by_its_id() -> None:
    place = find_quote(_NOTE, "Det kostet 4,2 millioner kroner, og sju kommuner deltok.")
    assert place is not None
    page = _Page(_html(_NOTE, *place, None, "nb", False))
    assert page.marks == ["Det kostet 4,2 millioner kroner, og sju kommuner deltok."]
    assert [mark.get("id") for mark in page.all("mark")] == ["mark"]


def test_every_stretch_of_a_document_is_marked_exactly() -> None:
    for start in range(0, len(_NOTE.text), 7):
        for end in range(start + 1, len(_NOTE.text) + 1, 11):
            page = _Page(_html(_NOTE, start, end, None, "nb", False))
            assert _words("".join(page.marks)) == _words(_NOTE.text[start:end])
            assert [mark.get("id") for mark in page.all("mark")][:1] == ["mark"][: len(page.marks)]


def test_a_quote_over_several_blocks_has_one_mark_each_and_one_id() -> None:
    start = _NOTE.text.index("Første")
    end = _NOTE.text.index("4,2", start) + 3
    page = _Page(_html(_NOTE, start, end, None, "nb", False))
    assert page.marks == ["Første punkt om opplæring", "- Andre punkt om eksport", "År: 2021, beløp: 4,2"]
    assert [mark.get("id") for mark in page.all("mark")] == ["mark", None, None]


@pytest.mark.parametrize(
    "start, end",
    [(5, 2), (5, 5), (-3, 4), (0, 10_000_000), (10**30, 10**31), (3, None), (None, 3), (8, 10)],
    ids=["reversed", "empty", "negative", "beyond", "huge", "no end", "no start", "only whitespace"],
)
def test_a_place_that_is_not_there_is_said_and_nothing_marked(start: int | None, end: int | None) -> None:
    html = _html(_NOTE, start, end, None, "nn", False)
    assert "<mark" not in html
    assert "Ingenting er markert" in html
    assert "sju kommuner deltok" in html


def test_no_place_asked_for_gives_no_notice() -> None:
    for language in LANGUAGES:
        assert 'class="notice"' not in _html(_NOTE, None, None, None, language, False)


@pytest.mark.parametrize(
    "quote",
    ["Det kostet\n 4,2  millioner", "to år. Det", "to a\u030ar. Det", "opplæring - Andre", "opplæring"],
)
def test_a_quote_is_found_whatever_its_whitespace_and_composition(quote: str) -> None:
    place = find_quote(_NOTE, quote)
    assert place is not None
    assert _NOTE.text[slice(*place)].split() == quote.replace("a\u030a", "å").split()


@pytest.mark.parametrize("quote", ["", " \n", "4,3 millioner", "4.2 millioner", "(", "det kostet"])
def test_what_is_not_said_word_for_word_is_not_found(quote: str) -> None:
    assert find_quote(_NOTE, quote) is None


# --- what a document says is text ---------------------------------------------------------------


@pytest.mark.parametrize("has_pages", [False, True])
def test_hostile_titles_and_texts_stay_text(has_pages: bool) -> None:
    source = replace(
        _SOURCE, id='x"/><script>', title=_HOSTILE, publisher=_HOSTILE, kind=_HOSTILE, date=_HOSTILE,
        language='"><script>', media_type=_HOSTILE, url="javascript:alert(1)",
    )  # fmt: skip
    blocks: list[tuple[BlockKind, str, int | None]] = [
        ("heading", _HOSTILE, 1), ("paragraph", _HOSTILE, 1), ("list_item", _HOSTILE, 1),
    ]  # fmt: skip
    document = _document(blocks, source)
    plain = _document([("paragraph", "a", 1)])
    html = _html(document, 3, len(document.text), None, "nb", has_pages)
    page = _Page(html)
    assert [attributes.get("src") for attributes in page.all("script")] == ["/static/source.js"]
    assert not [element for element in page.all("b")]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert "javascript:" not in html
    assert page.text.count(_HOSTILE.split("<script>")[0]) >= 5
    assert len(page.all("a")) == len(_Page(_html(plain, 0, 1, None, "nb", has_pages)).all("a"))


def test_nothing_in_the_page_needs_inline_script_or_style() -> None:
    page = _Page(_html(_NOTE, 0, 5, None, "en", True))
    assert not page.all("style")
    assert not [attributes for _, attributes in page.elements if "style" in attributes]
    hosts = [value for _, attributes in page.elements for value in attributes.values() if "//" in (value or "")]
    assert hosts == []


def test_a_web_address_is_linked_and_the_facts_are_there_in_the_reader_s_language() -> None:
    document = replace(_NOTE, source=replace(_NOTE.source, url="https://example.org/a?b=1&c=2"))
    dates: dict[Language, str] = {"nb": "8. februar 2024", "nn": "8. februar 2024", "en": "8 February 2024"}
    for language, date in dates.items():
        page = _Page(_html(document, None, None, None, language, False))
        assert f"Klyngen · {date} · notat" in page.text
        assert [link["href"] for link in page.all("a")] == [
            "/api/v1/documents/d1/file",
            "https://example.org/a?b=1&c=2",
        ]
        assert page.all("html") == [{"lang": language}]
        assert page.all("h1") == page.all("title") == page.all("article") == [{"lang": "nb"}]


def test_blocks_become_headings_lists_and_rows() -> None:
    html = _html(_NOTE, None, None, None, "nb", False)
    assert "<h2>Bakgrunn</h2>" in html
    assert html.count("<ul>") == 1 and html.count("<li ") == 2
    assert '<div class="rows">\n<p class="table_row">År: 2021, beløp: 4,2</p>\n</div>' in html


def test_an_inner_list_is_set_in() -> None:
    text = "- Ytre\n  - Indre"
    blocks = (Block("list_item", 0, 6, None, ()), Block("list_item", 9, 16, None, ()))
    html = _html(Document(_SOURCE, text, blocks), None, None, None, "nb", False)
    assert '<li class="level1">- Ytre</li>\n<li class="level2">- Indre</li>' in html


def test_a_heading_that_repeats_the_title_is_shown_once_unless_it_is_the_quote() -> None:
    document = _document([("heading", _SOURCE.title, None), ("paragraph", "Tekst.", None)])
    assert _Page(_html(document, None, None, None, "nb", False)).text.count(_SOURCE.title) == 2  # with <title>
    assert _Page(_html(document, 0, 4, None, "nb", False)).marks == [_SOURCE.title[:4]]


def test_a_document_without_text_says_so() -> None:
    assert "Open the original to see what it holds" in _html(_document([]), None, None, None, "en", False)


# --- pages --------------------------------------------------------------------------------------

_LINES = [
    # (page, x, y from the top, words), in points
    (1, 72.0, 100.0, "Klyngen ble stiftet i 2011 og har"),
    (1, 72.0, 116.0, "sytti medlemmer i sju kommuner."),
    (1, 330.0, 100.0, "I spalten ved siden av står noe annet."),
    (2, 72.0, 100.0, "Side to begynner her og"),
    (2, 72.0, 116.0, "slutter her."),
]


def _drawn() -> tuple[bytes, Document]:
    """A PDF of two pages, the first in two columns, and what a parser makes of it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    width, height = A4
    words, text, blocks, page = [], "", [], 1
    for number, x, y, line in _LINES:
        if number != page:
            canvas.showPage()
            page = number
        canvas.setFont("Helvetica", 11)
        canvas.drawString(x, height - y, line)
        first = len(text)
        for word in line.split():
            at = x + stringWidth(line[: len(text) - first], "Helvetica", 11)
            right = at + stringWidth(word, "Helvetica", 11)
            box = Box(page, at / width, (y - 9) / height, right / width, (y + 2.5) / height)
            words.append(Word(len(text), len(text) + len(word), (box,)))
            text += word + " "
        blocks.append(Block("paragraph", first, len(text) - 1, page, ()))
    canvas.save()
    source = replace(_NOTE.source, media_type="application/pdf", pages=2)
    return out.getvalue(), Document(source, text.rstrip(), tuple(blocks), tuple(words))


_PDF, _PRINTED = _drawn()


def _text_in(boxes: tuple[Box, ...]) -> str:
    """What pdfium reads inside the boxes."""
    with pypdfium2.PdfDocument(_PDF) as document:
        parts = []
        for box in boxes:
            page = document[box.page - 1]
            wide, high = page.get_size()
            inside = page.get_textpage().get_text_bounded(
                box.x0 * wide, high * (1 - box.y1), box.x1 * wide, high * (1 - box.y0)
            )
            parts.append(inside.strip())
        return " ".join(parts)


@pytest.mark.parametrize(
    "quote, lines",
    [
        ("stiftet i 2011", 1),
        ("2011 og har sytti medlemmer", 2),
        ("i sju kommuner. I spalten ved siden", 2),
        ("har sytti medlemmer i sju kommuner. I spalten", 3),
        ("noe annet. Side to begynner her og slutter", 3),
    ],
)
def test_boxes_cover_the_quoted_words_line_by_line(quote: str, lines: int) -> None:
    place = find_quote(_PRINTED, quote)
    assert place is not None
    boxes = boxes_of(_PRINTED, *place)
    assert len(boxes) == lines
    assert sorted(_text_in(boxes).split()) == sorted(quote.split())


def test_columns_at_the_same_height_are_not_joined() -> None:
    boxes = boxes_of(_PRINTED, 0, len(_PRINTED.text))
    assert [(box.page, round(box.x0 * A4[0])) for box in boxes] == [
        (1, 72),
        (1, 330),
        (1, 72),
        (2, 72),
        (2, 72),
    ]


def test_a_column_name_that_several_words_share_has_one_box() -> None:
    name, first, second = (
        Box(1, 0.1, 0.1, 0.2, 0.12),
        Box(1, 0.1, 0.3, 0.2, 0.32),
        Box(1, 0.1, 0.5, 0.2, 0.52),
    )
    words = (Word(0, 4, (name,)), Word(5, 8, (first,)), Word(9, 13, (name,)), Word(14, 17, (second,)))
    document = Document(_NOTE.source, "År: 201 År: 202 x", (), words)
    assert boxes_of(document, 0, 17) == (name, first, second)


def _colours(png: bytes, box: Box) -> set[tuple[int, ...]]:
    image = Image.open(io.BytesIO(png))
    wide, high = image.size
    part = image.crop((int(box.x0 * wide), int(box.y0 * high), int(box.x1 * wide), int(box.y1 * high)))
    pixels = part.tobytes()
    return {tuple(pixels[at : at + 3]) for at in range(0, len(pixels), 3)}


def test_a_page_is_drawn_with_the_boxes_in_yellow_and_the_words_still_dark() -> None:
    place = find_quote(_PRINTED, "sytti medlemmer i sju kommuner.")
    assert place is not None
    boxes = boxes_of(_PRINTED, *place)
    png = page_png(_PDF, 1, boxes, 800)
    wide, high = Image.open(io.BytesIO(png)).size
    assert wide == 800 and abs(high - 800 * A4[1] / A4[0]) <= 1
    inside = _colours(png, boxes[0])
    assert min(sum(pixel) for pixel in inside) < 200  # letters
    assert (255, 255, 255) not in inside
    assert all(blue < red for red, _, blue in inside if red > 100)  # the paper is yellow all over
    beside = _colours(png, boxes_of(_PRINTED, 0, 7)[0])
    assert (255, 255, 255) in beside and all(red == blue for red, _, blue in beside)
    assert min(map(sum, inside)) < min(map(sum, beside)) + 30  # the letters are as dark as ever
    other = page_png(_PDF, 2, boxes, 800)
    assert all(red == blue for red, _, blue in _colours(other, Box(2, 0, 0, 1, 1)))


@pytest.mark.parametrize("page", [0, -1, 3, 10**9])
def test_a_page_that_is_not_there(page: int) -> None:
    with pytest.raises(PageNotFound) as caught:
        page_png(_PDF, page, (), 800)
    assert caught.value.status == 404 and caught.value.code == "page_not_found"
    assert all(str(page) in caught.value.message(language) for language in LANGUAGES)


@pytest.mark.parametrize("pdf", [b"", b"not a pdf", _PDF[: len(_PDF) // 3]], ids=["empty", "text", "cut"])
def test_what_pdfium_cannot_draw_is_our_own_error(pdf: bytes) -> None:
    with pytest.raises(PageNotFound):
        page_png(pdf, 1, (), 800)


def test_a_page_of_absurd_size_gives_a_picture_of_a_sane_one() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(10, 14_000))
    canvas.drawString(1, 50, "x")
    canvas.save()
    wide, high = Image.open(io.BytesIO(page_png(out.getvalue(), 1, (), 2000))).size
    assert wide * high <= 12_100_000


def test_a_pdf_opens_at_the_page_of_the_mark_with_its_picture_and_text() -> None:
    place = find_quote(_PRINTED, "Side to begynner")
    assert place is not None
    page = _Page(_html(_PRINTED, *place, None, "nb", True))
    images = page.all("img")
    assert [image["src"] for image in images] == [f"/api/v1/documents/d1/pages/2.png?start={place[0]}&end={place[1]}"]
    assert float(images[0]["data-top"] or "") == pytest.approx((100 - 9) / A4[1], abs=1e-3)
    assert page.marks == ["Side to begynner"]
    assert "Klyngen ble stiftet" not in page.text and "slutter her" in page.text
    links = [link["href"] for link in page.all("a")]
    assert links == [
        "/api/v1/documents/d1/file#page=2",
        f"/source/d1?page=1&start={place[0]}&end={place[1]}&language=nb",
    ]


def test_a_mark_over_the_turn_of_a_page_shows_both_pages() -> None:
    place = find_quote(_PRINTED, "noe annet. Side to")
    assert place is not None
    page = _Page(_html(_PRINTED, *place, None, "en", True))
    assert [image["alt"] for image in page.all("img")] == [
        "Picture of page 1. The text follows below.",
        "Picture of page 2. The text follows below.",
    ]
    assert page.marks == ["noe annet.", "Side to"]


def test_turning_the_page_keeps_a_way_back_to_the_mark() -> None:
    page = _Page(_html(_PRINTED, 0, 7, 2, "en", True))
    assert page.marks == [] and "Back to the marked text" in page.text
    assert "Nothing is marked" not in page.text
    assert "/source/d1?start=0&end=7&language=en" in [link["href"] for link in page.all("a")]


@pytest.mark.parametrize("wanted", [0, -4, 3, 10**12])
def test_a_page_beyond_the_document_is_said_and_the_first_shown(wanted: int) -> None:
    page = _Page(_html(_PRINTED, None, None, wanted, "en", True))
    assert f"The document has no page {wanted}. This is page 1 instead." in page.text
    assert [image["src"] for image in page.all("img")] == ["/api/v1/documents/d1/pages/1.png"]


def test_slides_are_named_and_the_one_asked_for_can_be_found() -> None:
    media_type = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    source = replace(_SOURCE, media_type=media_type, pages=2)
    deck = _document([("heading", "En", 1), ("paragraph", "To", 2)], source)
    page = _Page(_html(deck, None, None, 2, "nb", False))
    assert "Lysbilde 1" in page.text and "Lysbilde 2" in page.text
    assert [attributes.get("id") for attributes in page.all("p") if attributes.get("class") == "label"] == [
        None,
        "place",
    ]


# --- a quote and the page it is expected on -----------------------------------------------------

_TWICE = _document(
    [("paragraph", "Målet står fast.", 1), ("paragraph", "Annet. Målet står fast.", 2), ("paragraph", "Slutt.", 3)],
    replace(_SOURCE, media_type="application/pdf", pages=3),
)


@pytest.mark.parametrize(("page", "shown"), [(None, 1), (1, 1), (2, 2)])
def test_of_several_places_with_the_quote_the_one_on_the_page_is_marked(page: int | None, shown: int) -> None:
    html = source_page(_TWICE, Look(page=page, quote="Målet  står fast."), "nb", True)
    assert _Page(html).marks == ["Målet står fast."]
    assert f"Side {shown} av 3" in html and 'class="notice" role' not in html


def test_a_quote_that_is_on_another_page_is_shown_there_and_said() -> None:
    html = source_page(_TWICE, Look(page=3, quote="Målet står fast."), "nb", True)
    assert _Page(html).marks == ["Målet står fast."]
    assert "Sitatet står ikke på side 3, men på side 1." in html


def test_a_quote_that_is_nowhere_is_said_in_three_languages_and_the_page_kept() -> None:
    said = {"nb": "Sitatet finnes ikke", "nn": "Sitatet finst ikkje", "en": "The quote is not in"}
    for language in LANGUAGES:
        html = source_page(_TWICE, Look(page=2, quote="Målet står ikke fast."), language, True)
        assert said[language] in html
        page = _Page(html)
        assert page.marks == []
        assert [image["src"] for image in page.all("img")] == ["/api/v1/documents/d1/pages/2.png"]


def test_a_place_is_believed_before_a_quote() -> None:
    page = _Page(source_page(_TWICE, Look(0, 5, None, "finnes ikke"), "nb", True))
    assert page.marks == ["Målet"] and "finnes ikke" not in page.text


# --- searching in a document --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("Kommune, KOMMUNE og kommunene", "kommune", ["Kommune", "KOMMUNE", "kommune"]),
        ("Én kafé\n\ni  Årnes", "en KAFE i årnes", ["Én kafé\n\ni  Årnes"]),
        ("en kafe", "kafé", ["kafe"]),
        ("ar og år", "år", ["år"]),
        ("ar og år", "ar", ["ar"]),
        ("år", "a\u030ar", ["år"]),
        ("for og fôr", "fôr", ["for", "fôr"]),
        ("2022–2030, COVID‑19", "2022-2030", ["2022–2030"]),
        ("«Det» og “Det”", '"det"', ["«Det»", "“Det”"]),
        ("a.b axb (a.b)", "a.b", ["a.b", "a.b"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("straße", "STRASSE", []),
        ("tekst", "  ", []),
        ("tekst", "", []),
        ("tekst", "([*+?\\^$", []),
        ("x" * 300, "x" * 250, ["x" * 200]),
    ],
)
def test_words_are_found_whatever_their_capitals_accents_and_typography(
    text: str, wanted: str, found: list[str]
) -> None:
    assert [text[span.start : span.end] for span in hits(text, wanted)] == found


@pytest.mark.parametrize("wanted", ["e", "o", "punkt om", "4,2", "r. Det", "bakgrunn prosjektet", "slutt."])
def test_every_hit_is_marked_one_is_the_one_looked_at_and_the_quote_stays(wanted: str) -> None:
    quote = find_quote(_NOTE, "Det kostet 4,2 millioner kroner")
    assert quote is not None
    spans = hits(_NOTE.text, wanted)
    assert spans
    for number, span in enumerate(spans, 1):
        page = _Page(source_page(_NOTE, Look(*quote, find=wanted, hit=number), "nb", False))
        marked = [(a.get("class") or "", text) for a, text in zip(page.all("mark"), page.marks, strict=True)]
        assert _words("".join(t for kind, t in marked if "hit" in kind)) == _words(
            "".join(_NOTE.text[one.start : one.end] for one in spans)
        )
        assert _words("".join(t for kind, t in marked if "current" in kind)) == _words(
            _NOTE.text[span.start : span.end]
        )
        assert _words("".join(t for kind, t in marked if "quoted" in kind or not kind)) == _words(
            _NOTE.text[slice(*quote)]
        )
        assert [mark.get("id") for mark in page.all("mark")].count("hit") == 1
        assert f"{number} av {len(spans)}" in page.text


def test_next_and_previous_go_round_and_the_way_out_leads_back_to_the_mark() -> None:
    def ways(number: int) -> dict[str, str | None]:
        page = _Page(source_page(_NOTE, Look(0, 8, find="pun kt", hit=number), "en", False))
        assert page.all("mark")[0].get("id") == "mark"  # nothing found
        page = _Page(source_page(_NOTE, Look(0, 8, find="Punkt", hit=number), "en", False))
        return {str(link["id"]): link["href"] for link in page.all("a") if link.get("class") == "step"}

    start = "/source/d1?start=0&end=8"
    assert ways(1) == {
        "previous-hit": f"{start}&find=Punkt&hit=2&language=en#hit",
        "next-hit": f"{start}&find=Punkt&hit=2&language=en#hit",
        "end-find": f"{start}&language=en",
    }
    assert ways(2)["next-hit"] == f"{start}&find=Punkt&hit=1&language=en#hit"
    assert ways(99) == ways(2)
    assert ways(-1) == ways(1)


def test_nothing_found_is_said_and_the_words_stay_in_the_field() -> None:
    html = source_page(_NOTE, Look(find='  "><b>  '), "nn", False)
    page = _Page(html)
    assert "Ingen treff" in page.text and not page.all("mark")
    fields = {field["name"]: field["value"] for field in page.all("input")}
    assert fields == {"language": "nn", "find": '"><b>'}
    assert not page.all("b")


def test_a_hit_in_the_heading_that_repeats_the_title_is_shown() -> None:
    document = _document([("heading", _SOURCE.title, None), ("paragraph", "Tekst.", None)])
    assert _Page(source_page(document, Look(find="helse"), "nb", False)).marks == ["helse"]


def test_a_search_in_a_pdf_goes_to_the_page_of_the_hit_with_its_box_in_view() -> None:
    page = _Page(source_page(_PRINTED, Look(0, 7, find="her", hit=2), "en", True))
    assert [image["src"] for image in page.all("img")] == [
        "/api/v1/documents/d1/pages/2.png?start=0&end=7&find=her&hit=2"
    ]
    assert page.all("img")[0]["data-top"] == f"{(116 - 9) / A4[1]:.4f}"
    assert page.marks == ["her", "her"] and "2 of 2" in page.text
    hrefs = [link["href"] for link in page.all("a")]
    assert "/source/d1?start=0&end=7&find=her&hit=1&language=en" in hrefs
    assert "/source/d1?page=1&start=0&end=7&find=her&language=en" in hrefs  # turning the page keeps the search


def test_turning_pages_during_a_search_keeps_the_place_between_the_hits() -> None:
    document = _document(
        [("paragraph", "Treff her.", 1), ("paragraph", "Ingenting.", 2), ("paragraph", "Treff, treff.", 3)],
        replace(_SOURCE, media_type="application/pdf", pages=3),
    )
    page = _Page(source_page(document, Look(page=2, find="treff"), "nb", True))
    assert "3 treff" in page.text and page.marks == []
    ways = {link.get("id"): link["href"] for link in page.all("a")}
    assert ways["previous-hit"] == "/source/d1?find=treff&hit=1&language=nb"
    assert ways["next-hit"] == "/source/d1?find=treff&hit=2&language=nb"
    assert ways["end-find"] == "/source/d1?page=2&language=nb"


def test_boxes_of_hits_are_those_of_the_page() -> None:
    spans = hits(_PRINTED.text, "her")
    assert [len(boxes_on(_PRINTED, spans, page)) for page in (1, 2, 3)] == [0, 2, 0]
    assert boxes_on(_PRINTED, spans, 2) == tuple(box for s in spans for box in boxes_of(_PRINTED, s.start, s.end))


def test_hits_on_a_picture_have_their_own_colours() -> None:
    first, second = (boxes_of(_PRINTED, s.start, s.end) for s in hits(_PRINTED.text, "her"))
    png = page_png(_PDF, 2, (), 800, first + second, second)
    paper = [max(_colours(png, box), key=sum) for box in (first[0], second[0])]
    assert paper == [(190, 222, 255), (255, 176, 112)]


# --- where it was published ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://example.org/a?b#c", "web"),
        ("HTTP://example.org", "web"),
        ("lmi.no", "domain"),
        ("l-a.no", "domain"),
        ("lillestrom.kommune.no/planer/2022-2030.pdf", "domain"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://", None),
        ("http://[", None),
        ("https://example.org/a b", None),
        ("https://exa\nmple.org", None),
        ("Rådhuset", None),
        ("", None),
        (None, None),
    ],
)
def test_only_full_web_addresses_are_addresses(url: str | None, kind: str | None) -> None:
    assert links.kind_of_address(url) == kind
    document = replace(_NOTE, source=replace(_SOURCE, url=url))
    page = _Page(source_page(document, Look(), "nb", False))
    hrefs = [link["href"] for link in page.all("a")]
    assert hrefs == ["/api/v1/documents/d1/file"] + ([url] if kind == "web" else [])
    assert ("Publisert på" in page.text) == (kind == "domain")


@pytest.mark.parametrize(
    ("quote", "directive"),
    [
        ("Det kostet 4,2 millioner kroner", "Det%20kostet%204%2C2%20millioner%20kroner"),
        ("Prosjektet varte i to år. Det kostet 4,2 millioner kroner, og sju kommuner deltok.",
         "Prosjektet%20varte%20i%20to%20%C3%A5r.,kroner%2C%20og%20sju%20kommuner%20deltok."),
        ("- Første punkt om opplæring", "F%C3%B8rste%20punkt%20om%20oppl%C3%A6ring"),
        ("deltok.\n\n- Første punkt", "deltok.,F%C3%B8rste%20punkt"),
        ("År: 2021, beløp: 4,2", None),
    ],
)  # fmt: skip
def test_a_web_page_is_opened_at_the_quote(quote: str, directive: str | None) -> None:
    place = find_quote(_NOTE, quote)
    assert place is not None
    for url, joined in (("https://a.no/x", "#:~:text="), ("https://a.no/x#y", ":~:text=")):
        document = replace(_NOTE, source=replace(_SOURCE, url=url))
        page = _Page(source_page(document, Look(*place), "nb", False))
        assert page.all("a")[1]["href"] == (url + joined + directive if directive else url)


def test_a_hyphen_is_no_syntax_in_a_text_fragment() -> None:
    document = _document([("paragraph", "Nord-Amerika & Europa", None)])
    at = links.at_text("https://a.no", document, 0, len(document.text))
    assert at == "https://a.no#:~:text=Nord%2DAmerika%20%26%20Europa"


@pytest.mark.parametrize("url", ["https://a.no/r.pdf", "https://a.no/r.PDF?v=1#page=7"])
def test_a_published_pdf_is_opened_at_the_page(url: str) -> None:
    document = replace(_PRINTED, source=replace(_PRINTED.source, url=url))
    place = find_quote(document, "Side to")
    assert place is not None
    page = _Page(source_page(document, Look(*place), "nb", True))
    assert page.all("a")[1]["href"] == url.split("#")[0] + "#page=2"


# --- over HTTP ----------------------------------------------------------------------------------


@pytest.fixture
def over_http(tmp_path: Path, fake_model: None) -> Iterator[tuple[TestClient, str]]:
    """A service over one PDF, and the id of that."""
    place = Workshop(tmp_path)
    place.put("rapport.pdf", _PDF)
    assert place.run().failed == []
    with TestClient(create_app(settings_over(place))) as client:
        yield client, client.get("/api/v1/documents").json()["documents"][0]["id"]


def test_the_viewer_s_own_search_may_be_sent_and_its_pictures_are_marked(over_http: tuple[TestClient, str]) -> None:
    client, id = over_http
    response = client.get(f"/source/{id}", params={"quote": "slutter her", "page": 2, "find": "sytti", "hit": 1})
    assert "form-action 'self'" in response.headers["content-security-policy"]
    page = _Page(response.text)
    assert page.marks == ["sytti"] and "Side 1 av 2" in page.text
    marked = client.get(str(page.all("img")[0]["src"]))
    plain = client.get(f"/api/v1/documents/{id}/pages/1.png")
    assert marked.headers["content-type"] == plain.headers["content-type"] == "image/png"
    box = boxes_on(_PRINTED, hits(_PRINTED.text, "sytti"), 1)[0]
    assert (255, 176, 112) in _colours(marked.content, box)
    assert (255, 176, 112) not in _colours(plain.content, box)


def test_a_page_is_marked_by_a_citation_s_place_or_its_quote(over_http: tuple[TestClient, str]) -> None:
    client, id = over_http
    place = find_quote(_PRINTED, "slutter her", 2)
    assert place is not None
    address = f"/api/v1/documents/{id}/pages/2.png"
    by_place = client.get(address, params={"start": place[0], "end": place[1]}).content
    assert client.get(address, params={"highlight": "slutter  her"}).content == by_place
    assert client.get(address, params={"highlight": "står ikke her"}).content == client.get(address).content != by_place


@pytest.mark.parametrize("query", ["find=" + "x" * 4001, "hit=x", f"find=a&hit={10**30}", "find=a&hit=-5", "find=%00"])
def test_whatever_is_searched_for_there_is_a_page_or_a_problem(over_http: tuple[TestClient, str], query: str) -> None:
    client, id = over_http
    for path in (f"/source/{id}", f"/api/v1/documents/{id}/pages/1.png"):
        response = client.get(f"{path}?{query}")
        assert response.status_code in (200, 422)
