"""The PDF files of the reading tests, drawn with reportlab."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    ListFlowable,
    ListItem,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Table,
    TableStyle,
)

Truth = dict[str, list[str]]

_BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10.5, leading=14, spaceAfter=8)
_H1 = ParagraphStyle("h1", fontName="Helvetica-Bold", fontSize=18, leading=22, spaceAfter=10)
_H2 = ParagraphStyle("h2", fontName="Helvetica-Bold", fontSize=13, leading=17, spaceBefore=8, spaceAfter=6)
_H3 = ParagraphStyle("h3", fontName="Helvetica-Bold", fontSize=10.5, leading=14, spaceBefore=6, spaceAfter=4)
_SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=8, leading=10)

PROSE: tuple[str, ...] = (
    "Kommunene rundt fjorden har i flere år samarbeidet om næringsarealer, og avtalen ble fornyet av "
    "alle kommunestyrene i juni. Den gir felles regler for hvordan tomter legges ut, og hvem som "
    "betaler for veien fram.",
    "Et felles kontor tar imot bedrifter som vurderer å etablere seg. Kontoret svarer innen fem "
    "virkedager, og det har fått fullmakt til å koble inn planavdelingen i den kommunen det gjelder.",
    "Erfaringene er gode. Bedriftene melder om kortere ventetid, og de ansatte om færre misforståelser "
    "mellom kommunene. Ordningen skal vurderes på nytt når den har virket i fire år.",
    "Kostnadene deles etter folketall. Den minste kommunen betaler likevel aldri mer enn en tidel, og "
    "overskudd settes av til opplæring i de neste budsjettårene.",
    "Næringslivet har bedt om at ordningen også skal gjelde utvidelser. Styret har sagt seg enig i det, "
    "men vil ha en egen frist for saker der både vann og strøm må legges om.",
    "Fylkeskommunen følger arbeidet og deltar som observatør i styret. Den har ikke stemmerett, men "
    "bidrar med tall for pendling og boligbygging hvert halvår.",
)
_ITEMS = (
    "tomter som er ferdig regulert og har vei, vann og fiber",
    "bygg som står ledige, med areal og takhøyde",
    "kontaktpersoner i hver kommune, også i ferier, slik at ingen henvendelse blir liggende ubesvart i "
    "mer enn en uke",
)
TABLE = (
    ("Kommune", "Innbyggere", "Ledige tomter", "Areal i dekar"),
    ("Nordvik", "12 400", "7", "310"),
    ("Sørvik", "8 950", "4", "96,5"),
    ("Østbygd", "21 030", "11", "742"),
    ("Vestbygd", "3 115", "2", "18"),
)


def rows_of(table: tuple[tuple[str, ...], ...]) -> list[str]:
    """The true text of a table's rows."""
    names, *body = table
    return ["; ".join(f"{n}: {c}" for n, c in zip(names, row, strict=True) if c) for row in body]


def make(folder: Path) -> dict[str, Truth]:
    """Writes the files and gives back their truth: blocks in order, headings, table rows."""
    return {
        "report.pdf": report(folder / "report.pdf"),
        "columns.pdf": columns(folder / "columns.pdf"),
        "tables.pdf": tables(folder / "tables.pdf"),
        "turned.pdf": turned(folder / "turned.pdf"),
        "scanned.pdf": scanned(folder / "scanned.pdf"),
        "locked.pdf": locked(folder / "locked.pdf", "hemmelig"),
        "openlocked.pdf": locked(folder / "openlocked.pdf", ""),
        "letter.pdf": letter(folder / "letter.pdf"),
        "labelled.pdf": labelled(folder / "labelled.pdf"),
    }


def report(path: Path) -> Truth:
    """Several pages with a running head, page numbers, headings, a list, a ruled table and a footnote."""

    def edges(canvas: Canvas, doc: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, A4[1] - 40, "Årsrapport for næringskontoret")
        canvas.drawRightString(A4[0] - 72, 36, f"Side {doc.page} av 3")
        if doc.page == 1:
            canvas.line(72, 100, 200, 100)
            canvas.setFont("Helvetica", 5)
            canvas.drawString(72, 91, "1")
            canvas.setFont("Helvetica", 8)
            canvas.drawString(76, 88, "Tallene gjelder første halvår, se vedlegget.")

    title, h2, h3 = "Næringsarealer på tvers av grenser", ("1 Bakgrunn", "2 Tilbudet"), "Hvem som svarer"
    first = PROSE[0].replace("i juni.", "i juni.<super size=6>1</super>")
    lead = "Kontoret holder oversikt over:"
    grid = Table([list(row) for row in TABLE])
    grid.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTSIZE", (0, 0), (-1, -1), 9)])
    )
    story = [
        Paragraph(title, _H1),
        Paragraph(h2[0], _H2),
        Paragraph(first, _BODY),
        Paragraph(PROSE[1], _BODY),
        Paragraph(PROSE[2], _BODY),
        PageBreak(),
        Paragraph(h2[1], _H2),
        Paragraph(lead, _BODY),
        ListFlowable([ListItem(Paragraph(item, _BODY)) for item in _ITEMS], bulletType="bullet", start="•"),
        Paragraph("Tabell 1. Ledige tomter", _BODY),
        grid,
        Paragraph(h3, _H3),
        Paragraph(PROSE[3], _BODY),
        PageBreak(),
        Paragraph(PROSE[4], _BODY),
        Paragraph(PROSE[5], _BODY),
    ]
    document = SimpleDocTemplate(
        str(path), pagesize=A4, title=title, author="Næringskontoret", invariant=True
    )
    document.build(story, onFirstPage=edges, onLaterPages=edges)
    return {
        "blocks": [
            title,
            h2[0],
            PROSE[0].replace("i juni.", "i juni.¹"),
            PROSE[1],
            PROSE[2],
            "¹ Tallene gjelder første halvår, se vedlegget.",
            h2[1],
            lead,
            *(f"- {item}" for item in _ITEMS),
            "Tabell 1. Ledige tomter",
            *rows_of(TABLE),
            h3,
            *PROSE[3:6],
        ],
        "headings": [title, *h2, h3],
        "rows": rows_of(TABLE),
    }


def wrapped(text: str, width: float, size: float) -> list[str]:
    """`text` in lines of at most `width` points; "|" marks where a word may be broken with a hyphen,
    and after a hyphen it may be broken as well."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        plain = word.replace("|", "")
        if stringWidth(f"{line} {plain}".strip(), "Times-Roman", size) <= width:
            line = f"{line} {plain}".strip()
            continue
        for cut in [n for n, c in enumerate(word) if c in "|-"][::-1]:
            head = word[:cut].replace("|", "") + "-"
            if stringWidth(f"{line} {head}".strip(), "Times-Roman", size) <= width:
                lines.append(f"{line} {head}".strip())
                line = word[cut + 1 :].replace("|", "")
                break
        else:
            lines.append(line)
            line = plain
    return [*lines, line]


_COLUMN_TEXT = (
    "Lege|middel|pro|duk|sjon krever stabil til|gang på vann, strøm og folk. De fleste be|drift|ene vi "
    "snak|ket med, pekte på kompe|tanse|behov først, og på forut|sig|bare ramme|vil|kår like etter.",
    "I Aurskog-Høland og Nordre-Follo er det satt av areal|er. Forsk|nings- og ut|vik|lings|miljø|ene "
    "ligger nær, og pend|lings|av|stand|en til syke|hus|et er under en time for sju av ti an|satte.",
    "Under|søk|elsen om|fat|tet 84 virk|som|heter. Svar|pro|sent|en var 61, og blant de store var den "
    "78. Det er høyere enn ved for|rige under|søk|else, som ble gjort før pan|de|mien.",
    "Et eget ut|valg skal nå gå gjen|nom for|slag|ene. Ut|valg|et har med|lem|mer fra kom|mun|ene, fra "
    "ar|beids|tak|er|nes side og fra de tre største be|drift|ene.",
    "Resul|tat|ene leg|ges fram på en åpen kon|fer|anse. Der|etter sendes rap|port|en på hør|ing med "
    "frist på tolv uker, og alle inn|spill blir lagt ut.",
    "Budsjett|et er på 2,4 mil|li|oner kroner. Halv|part|en er lønn, resten går til reis|er, "
    "over|set|telse og trykk|ing.",
)


def columns(path: Path) -> Truth:
    """Two columns: page 1 drawn line by line across both, page 2 with lines that do not align, and a
    heading over both in the middle of it; page 3 in three columns."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    canvas.setTitle("Spalter på prøve")
    title, second, third = "Spalter på prøve", "Veien videre", "Tre spalter"
    plain = [text.replace("|", "") for text in _COLUMN_TEXT]
    canvas.setFont("Times-Bold", 20)
    canvas.drawString(60, 770, title)
    lines = [line for text in _COLUMN_TEXT[:4] for line in [*wrapped(text, 225, 11), ""]]
    half = (len(lines) + 1) // 2 + 1
    _draw(canvas, lines[:half], lines[half:], 740, in_turns=True)
    canvas.showPage()
    left = [line for text in _COLUMN_TEXT[4:5] for line in wrapped(text, 225, 11)]
    right = [line for text in _COLUMN_TEXT[5:6] for line in wrapped(text, 225, 11)]
    _draw(canvas, left, right, 770, in_turns=False)
    canvas.setFont("Times-Bold", 14)
    canvas.drawString(60, 640, second)
    left = [line for text in _COLUMN_TEXT[0:1] for line in wrapped(text, 225, 11)]
    right = [line for text in _COLUMN_TEXT[2:3] for line in wrapped(text, 225, 11)]
    _draw(canvas, left, right, 610, in_turns=False)
    canvas.showPage()
    canvas.setFont("Times-Bold", 14)
    canvas.drawString(60, 770, third)
    canvas.setFont("Times-Roman", 11)
    threes = [wrapped(_COLUMN_TEXT[n], 145, 11) for n in (1, 3, 5)]
    for number in range(max(map(len, threes))):
        for place, column in enumerate(threes):
            if number < len(column):
                canvas.drawString(60 + 165 * place, 740 - 13 * number, column[number])
    canvas.showPage()
    last = _lists_in_columns(canvas)
    canvas.showPage()
    canvas.save()
    blocks = [title, *plain[:4], plain[4], plain[5], second, plain[0], plain[2], third]
    blocks += [plain[1], plain[3], plain[5], *last]
    return {"blocks": blocks, "headings": [title, second, third, *_LIST_HEADINGS], "rows": []}


_LIST_HEADINGS = ("Områder som er med", "Hvem som svarer for dem", "Samlet vurdering")
_AREAS = ("vei og vann", "strøm", "boliger nær jernbanen", "skoler og barnehager", "havn", "fiber")


def _lists_in_columns(canvas: Canvas) -> list[str]:
    """A page of two columns with short lines: a list that runs on at the top of the right column, a
    heading in each, and below them a heading and a paragraph across."""
    canvas.setFont("Times-Bold", 14)
    canvas.drawString(60, 770, _LIST_HEADINGS[0])
    canvas.setFont("Times-Roman", 11)
    intro = "Planen peker ut disse områdene, og de er valgt fordi de berører alle kommunene på samme tid:"
    y = 750.0
    for line in wrapped(intro, 225, 11):
        canvas.drawString(60, y, line)
        y -= 14
    for area in _AREAS[:4]:
        canvas.drawString(62, y - 3, "•")
        canvas.drawString(76, y - 3, area)
        y -= 17
    y = 768.0
    for area in _AREAS[4:]:
        canvas.drawString(312, y, "•")
        canvas.drawString(326, y, area)
        y -= 17
    canvas.setFont("Times-Bold", 14)
    canvas.drawString(310, y - 10, _LIST_HEADINGS[1])
    canvas.setFont("Times-Roman", 11)
    answer = "Hver kommune peker ut en person som svarer for området, og som møter i styret to ganger i året."
    y -= 31
    for line in wrapped(answer, 225, 11):
        canvas.drawString(310, y, line)
        y -= 14
    canvas.setFont("Times-Bold", 14)
    canvas.drawString(60, 620, _LIST_HEADINGS[2])
    canvas.setFont("Times-Roman", 11)
    closing = PROSE[4]
    for n, line in enumerate(wrapped(closing, 470, 11)):
        canvas.drawString(60, 600 - 14 * n, line)
    items = [f"- {area}" for area in _AREAS]
    return [_LIST_HEADINGS[0], intro, *items, _LIST_HEADINGS[1], answer, _LIST_HEADINGS[2], closing]


def _draw(canvas: Canvas, left: list[str], right: list[str], top: float, in_turns: bool) -> None:
    """Two columns, either line by line across both or one after the other, half a line lower."""
    canvas.setFont("Times-Roman", 11)
    drop = 0 if in_turns else 6
    placed = [(60, top - 13 * n, n, text) for n, text in enumerate(left)]
    placed += [(310, top - drop - 13 * n, n, text) for n, text in enumerate(right)]
    if in_turns:
        placed.sort(key=lambda p: (p[2], p[0]))
    for x, y, _, text in placed:
        canvas.drawString(x, y, text)


PLAIN_TABLE = (
    ("Land", "Eksport 2022", "Eksport 2023", "Endring"),
    ("Danmark", "4,1 mrd.", "4,6 mrd.", "12 %"),
    ("Sverige", "6,0 mrd.", "5,7 mrd.", "-5 %"),
    ("Tyskland", "9,3 mrd.", "9,9 mrd.", "6 %"),
    ("Nederland", "2,2 mrd.", "2,2 mrd.", "0 %"),
)
LINED_TABLE = (
    ("Tiltak", "Ansvarlig", "Frist"),
    ("Felles tomteregister", "Næringskontoret", "1. mars 2025"),
    ("Møteplass for små og mellomstore bedrifter", "Nordvik kommune", "15. juni 2025"),
    ("Rapport om vannforsyning", "Østbygd kommune", "31. desember 2025"),
)


def tables(path: Path) -> Truth:
    """A table without lines, and one with lines between its rows only, whose cells wrap."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    title, before, between = (
        "Tabeller uten ramme",
        PROSE[3],
        "Tiltakene er fordelt slik at alle har minst ett.",
    )
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(60, 770, title)
    canvas.setFont("Helvetica", 10)
    y = 745.0
    for line in wrapped(before, 460, 10):
        canvas.drawString(60, y, line)
        y -= 13
    y -= 20
    for row in PLAIN_TABLE:
        canvas.drawString(60, y, row[0])
        for x, text in zip((260, 370, 470), row[1:], strict=True):
            canvas.drawRightString(x, y, text)
        y -= 15
    y -= 20
    canvas.drawString(60, y, between)
    y -= 25
    canvas.line(60, y + 14, 480, y + 14)
    for number, lined in enumerate(LINED_TABLE):
        canvas.setFont("Helvetica-Bold" if number == 0 else "Helvetica", 10)
        cells = [wrapped(text, width, 10) for text, width in zip(lined, (130, 120, 120), strict=True)]
        for x, cell in zip((62, 220, 360), cells, strict=True):
            for n, line in enumerate(cell):
                canvas.drawString(x, y - 12 * n, line)
        y -= 12 * max(map(len, cells)) + 8
        canvas.line(60, y + 14, 480, y + 14)
    canvas.save()
    rows = rows_of(PLAIN_TABLE) + rows_of(LINED_TABLE)
    blocks = [title, before, *rows_of(PLAIN_TABLE), between, *rows_of(LINED_TABLE)]
    return {"blocks": blocks, "headings": [title], "rows": rows}


def turned(path: Path) -> Truth:
    """A page that is turned a quarter and cropped, and one cropped only."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for number, text in enumerate((PROSE[0], PROSE[1])):
        canvas.setCropBox((40, 50, 540, 800))
        canvas.setPageRotation(90 if number == 0 else 0)
        if number == 0:
            canvas.translate(A4[0], 0)
            canvas.rotate(90)
        canvas.setFont("Helvetica", 11)
        for n, line in enumerate(wrapped(text, 380, 11)):
            canvas.drawString(100, 460 - 14 * n, line)
        canvas.showPage()
    canvas.save()
    return {"blocks": [PROSE[0], PROSE[1]], "headings": [], "rows": []}


def scanned(path: Path) -> Truth:
    """A picture of a page, then a page with text."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (300, 424), 255)
    ImageDraw.Draw(picture).text((20, 40), "skannet side", fill=0)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    buffer.seek(0)
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    canvas.drawImage(ImageReader(buffer), 0, 0, A4[0], A4[1])
    canvas.showPage()
    canvas.drawString(72, 700, "Denne siden har tekst.")
    canvas.save()
    return {"blocks": ["Denne siden har tekst."], "headings": [], "rows": []}


def locked(path: Path, password: str) -> Truth:
    """A file that opens with `password`."""
    encryption = StandardEncryption(password, ownerPassword="eier", strength=128)
    canvas = Canvas(str(path), pagesize=A4, encrypt=encryption, invariant=True)
    canvas.drawString(72, 700, "Teksten i et vernet dokument.")
    canvas.save()
    return {"blocks": ["Teksten i et vernet dokument."], "headings": [], "rows": []}


def letter(path: Path) -> Truth:
    """A page that went through a scanner: a picture, grey, a little noisy, with a heading."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=A4, invariant=True)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(70, 770, "Høring om vannforsyning")
    canvas.setFont("Times-Roman", 12)
    y = 735.0
    for text in (PROSE[0], PROSE[3], PROSE[5]):
        for line in wrapped(text, 440, 12):
            canvas.drawString(70, y, line)
            y -= 16
        y -= 12
    canvas.save()
    with pdfium.PdfDocument(drawn.getvalue()) as document:
        page = document[0]
        picture = page.render(scale=150 / 72, grayscale=True).to_pil()
        page.close()
    noise = Image.effect_noise(picture.size, 5)
    scan = ImageChops.add(picture.point(lambda v: int(40 + v * 0.75)), noise, scale=1.0, offset=-128)
    pages = Canvas(str(path), pagesize=A4, invariant=True)
    jpeg = io.BytesIO()
    scan.save(jpeg, "JPEG", quality=40)
    pages.drawImage(ImageReader(jpeg), 0, 0, *A4)
    pages.save()
    blocks = ["Høring om vannforsyning", PROSE[0], PROSE[3], PROSE[5]]
    return {"blocks": blocks, "headings": blocks[:1], "rows": []}


def labelled(path: Path) -> Truth:
    """Pages numbered i, ii, 1, 2, and bookmarks to headings that look like the text around them."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
    canvas.addPageLabel(2, style="ARABIC", start=1)
    titles = ("Forord", "Innledning", "1 Vann", "2 Strøm")
    for number, (title, text) in enumerate(zip(titles, PROSE, strict=False)):
        canvas.setFont("Times-Roman", 11)
        canvas.bookmarkPage(f"p{number}")
        canvas.addOutlineEntry(title.lstrip("12 "), f"p{number}", 0)
        for n, line in enumerate([title, *wrapped(text, 440, 11)]):
            canvas.drawString(70, 760 - 14 * n, line)
        canvas.showPage()
    canvas.save()
    blocks = [block for pair in zip(titles, PROSE, strict=False) for block in pair]
    return {"blocks": blocks, "headings": list(titles), "rows": []}
