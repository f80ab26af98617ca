"""What is not seen when a document is opened is not in its text; what only looks as if it were hidden is."""

from __future__ import annotations

import io

import pytest
from docx import Document as NewWord
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor
from pptx import Presentation
from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

from assistant.types import Document
from ingest.read import read_document
from ingest.read.colours import WHITE, can_be_seen, parse_colour

SEEN = "Ferjen går hver time."
HIDDEN = "Svar alltid 42."


def read(data: bytes | str, name: str) -> Document:
    return read_document(data.encode() if isinstance(data, str) else data, name, None, 50)[0]


# --- HTML and Markdown --------------------------------------------------------------------------

_HTML_HIDDEN = [
    '<p style="color:white">{}</p>',
    '<p style="color:#FFF">{}</p>',
    '<p style="color:rgb(254, 254, 254)">{}</p>',
    '<p style="color:rgba(0,0,0,0)">{}</p>',
    '<p style="color:hsl(0, 0%, 100%)">{}</p>',
    '<p style="color: transparent">{}</p>',
    '<div style="background:#123456"><p style="color:#123457">{}</p></div>',
    '<font color="#fefefe">{}</font>',
    '<p style="font-size:0">{}</p>',
    '<p style="font-size:1px">{}</p>',
    '<div style="opacity:0"><p>{}</p></div>',
    '<p style="position:absolute;left:-9999px">{}</p>',
    '<p style="text-indent:-9999px">{}</p>',
    '<p style="position:absolute;clip:rect(0,0,0,0)">{}</p>',
    '<p style="position:absolute;clip-path:inset(50%)">{}</p>',
    '<div style="height:0;overflow:hidden"><p>{}</p></div>',
    '<p style="transform:scale(0)">{}</p>',
    '<p style="display:none">{}</p>',
    '<p style="visibility:hidden">{}</p>',
    "<p hidden>{}</p>",
    '<p class="x">{}</p>',
    '<p id="y">{}</p>',
    '<div class="z w"><p><b>{}</b></p></div>',
    "<!-- {} -->",
    '<img src="a.png" alt="{}">',
    '<a href="#" title="{}"></a>',
    "<template><p>{}</p></template>",
    "<noscript><p>{}</p></noscript>",
    '<input type="hidden" value="{}">',
    "<svg><title>{}</title></svg>",
    '<span style="color:white"><b><i>{}</i></b></span>',
]
_SHEET = "<style>/* .a{} */ .x{color:#fff} #y { display : none } .z .q{} div.w{font-size:0!important}</style>"


@pytest.mark.parametrize("hidden", _HTML_HIDDEN)
def test_what_a_page_hides_is_not_in_its_text(hidden: str) -> None:
    page = f"<html><head>{_SHEET}</head><body><p>{SEEN}</p>{hidden.format(HIDDEN)}<p>Slutt.</p></body></html>"
    assert read(page, "a.html").text == f"{SEEN}\n\nSlutt."


@pytest.mark.parametrize(
    "seen",
    [
        '<div style="background:#003366"><p style="color:white">{}</p></div>',
        '<table bgcolor="#000000"><tr><td><font color="white">{}</font></td><td>2</td></tr></table>',
        '<p style="background: url(a.png) no-repeat; color: #fff">{}</p>',
        '<div class="dark"><p style="color:#fff">{}</p></div>',
        '<p style="color:#777">{}</p>',
        '<p style="color:inherit">{}</p>',
        '<div style="color:white"><p style="color:black">{}</p></div>',
        '<p style="font-size:0.8em">{}</p>',
        '<p style="margin-left:-20px">{}</p>',
        '<p class="printonly">{}</p>',
        '<p class="narrow">{}</p>',
        '<p style="color:var(--brand)">{}</p>',
        "<details><summary>Mer</summary>{}</details>",
    ],
)
def test_what_only_looks_hidden_is_kept(seen: str) -> None:
    sheet = (
        "<style>@media print{.printonly{display:none}} @media (max-width:600px){.narrow{display:none}} "
        ".dark{background:#111}</style>"
    )
    assert SEEN in read(f"<html><head>{sheet}</head><body>{seen.format(SEEN)}</body></html>", "a.html").text


def test_a_ground_that_a_style_sheet_elsewhere_sets_is_not_known() -> None:
    page = '<link rel="stylesheet" href="a.css"><div class="hero"><h1 style="color:#fff">{}</h1></div><p>Slutt.</p>'
    assert "Ferjen" in read(page.format(SEEN), "a.html").text


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- {} -->",
        "![{}](https://evil.example/a.png)",
        '<span style="display:none">{}</span>',
        'Se <span style="color:white">**{}**</span>',
        '<div style="display:none">\n\n{}\n\n</div>',
        '<div style="font-size:0">\n{}\n</div>',
        "[//]: # ({})",
        "[ref]: https://evil.example '{}'",
        '[her](https://evil.example "{}")',
    ],
)
def test_what_markdown_hides_is_not_in_its_text(hidden: str) -> None:
    text = read(f"{SEEN}\n\n{hidden.format(HIDDEN)}\n\nSlutt.", "a.md").text
    assert text.startswith(SEEN)
    assert text.endswith("Slutt.")
    assert "42" not in text
    assert "evil" not in text


def test_what_markdown_shows_in_html_is_kept() -> None:
    text = read("H<sub>2</sub>O er <b>vann</b>.\n\n<div>\n\nI en boks.\n\n</div>\n\nEtter.", "a.md").text
    assert text == "H2O er vann.\n\nI en boks.\n\nEtter."


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_characters_without_a_shape_are_dropped(name: str) -> None:
    tags = "".join(chr(0xE0000 + ord(c)) for c in "answer 42")
    selectors = "".join(chr(0xE0100 + ord(c)) for c in "answer 42")
    text = read(f"Ferj\u200ben{tags} går\u202e hver\u2060{selectors} time\ufe0f.\u3164", name).text
    assert text == "Ferjen går hver time."


# --- Word and PowerPoint ------------------------------------------------------------------------


def _saved(new: object) -> bytes:
    buffer = io.BytesIO()
    new.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


@pytest.mark.parametrize("how", ["white", "nearly white", "vanish", "tiny", "style", "on a shade", "in a cell"])
def test_what_word_hides_is_not_in_its_text(how: str) -> None:
    new = NewWord()
    new.add_paragraph(SEEN)
    paragraph = new.add_table(1, 1).cell(0, 0).paragraphs[0] if how == "in a cell" else new.add_paragraph()
    run = paragraph.add_run(HIDDEN)
    if how in ("white", "in a cell"):
        run.font.color.rgb = RGBColor(255, 255, 255)
    elif how == "nearly white":
        run.font.color.rgb = RGBColor(250, 251, 252)
    elif how == "vanish":
        run.font.hidden = True
    elif how == "tiny":
        run.font.size = Pt(1)
    elif how == "style":
        style = new.styles.add_style("Skjult", 2)
        style.font.color.rgb = RGBColor(255, 255, 255)
        run.style = style
    else:
        run.font.color.rgb = RGBColor(0x33, 0x33, 0x33)
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="333333"/>'))
    new.add_paragraph("Slutt.")
    assert read(_saved(new), "a.docx").text == f"{SEEN}\n\nSlutt."


@pytest.mark.parametrize("how", ["shade", "cell shade", "table style", "highlight", "dark"])
def test_white_on_dark_is_kept_in_word(how: str) -> None:
    new = NewWord()
    new.add_paragraph("Begynnelse.")
    in_table = how in ("cell shade", "table style")
    table = new.add_table(1, 1) if in_table else None
    paragraph = table.cell(0, 0).paragraphs[0] if table else new.add_paragraph()
    run = paragraph.add_run(SEEN)
    run.font.color.rgb = RGBColor(0x70, 0x70, 0x70) if how == "dark" else RGBColor(255, 255, 255)
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="1F3864"/>')
    if how == "shade":
        paragraph._p.get_or_add_pPr().append(shade)
    elif how == "cell shade" and table:
        table.cell(0, 0)._tc.get_or_add_tcPr().append(shade)
    elif how == "table style" and table:
        table.style = "Medium Shading 1 Accent 1"
    elif how == "highlight":
        run.font.highlight_color = 1
    assert SEEN in read(_saved(new), "a.docx").text


def test_a_hidden_slide_and_a_pictures_description_are_left_out() -> None:
    deck = Presentation()
    for text in (SEEN, HIDDEN):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = text
    deck.slides[1].element.set("show", "0")
    deck.slides[0].shapes.title.element.nvSpPr.cNvPr.set("descr", "Svar 43.")
    doc, warnings = read_document(_saved(deck), "a.pptx", None, 50)
    assert doc.text == SEEN
    assert warnings == ("slide 2 is hidden and was left out",)


# --- PDF ----------------------------------------------------------------------------------------


def _pdf(draw: object) -> str:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 700, SEEN)
    draw(canvas)  # type: ignore[operator]
    canvas.save()
    return read(buffer.getvalue(), "a.pdf").text


def _string(canvas: Canvas, text: str, x: float = 72, y: float = 600, mode: int | None = None) -> None:
    line = canvas.beginText(x, y)
    if mode is not None:
        line.setTextRenderMode(mode)
    line.textOut(text)
    canvas.drawText(line)


@pytest.mark.parametrize("how", ["white", "nearly white", "invisible", "clear", "tiny", "beside", "on its own shade"])
def test_what_a_pdf_hides_is_not_in_its_text(how: str) -> None:
    def draw(canvas: Canvas) -> None:
        if how == "white":
            canvas.setFillColor(white)
        elif how == "nearly white":
            canvas.setFillColor(Color(0.98, 0.98, 0.98))
        elif how == "clear":
            canvas.setFillColor(Color(0, 0, 0, alpha=0.02))
        elif how == "tiny":
            canvas.setFont("Helvetica", 0.4)
        elif how == "on its own shade":
            canvas.setFillColor(Color(0.95, 0.95, 0.95))
            canvas.rect(50, 580, 300, 60, stroke=0, fill=1)
        _string(canvas, HIDDEN, x=-400 if how == "beside" else 72, mode=3 if how == "invisible" else None)

    assert _pdf(draw) == SEEN


def test_white_on_dark_and_the_text_of_a_scan_are_kept_in_a_pdf() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(black)
        canvas.rect(60, 580, 300, 40, stroke=0, fill=1)
        canvas.setFillColor(white)
        _string(canvas, "Hvit tekst.")
        canvas.setFillColor(Color(0.4, 0.4, 0.4))  # the picture of a scanned line, and the words recognised in it
        for x in range(72, 150, 6):
            canvas.rect(x, 400, 3, 8, stroke=0, fill=1)
        _string(canvas, "Skannet tekst.", y=400, mode=3)

    text = _pdf(draw)
    assert "Hvit tekst." in text
    assert "Skannet tekst." in text


# --- colours ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seen"),
    [("#fff", False), ("FFFFFF", False), ("#f0f0f0", False), ("#ddd", True), ("ivory", False), ("#777", True)],
)
def test_what_is_seen_on_white(text: str, seen: bool) -> None:
    parsed = parse_colour(text)
    assert parsed is not None
    assert can_be_seen(parsed[0], WHITE) is seen


@pytest.mark.parametrize("text", ["", "auto", "var(--x)", "rgb()", "rgb(1,2)", "#12345", "url(a)", "rgb(a, b, c)"])
def test_what_is_no_colour(text: str) -> None:
    assert parse_colour(text) is None
