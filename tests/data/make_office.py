"""The Word and PowerPoint files of the reading tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from pptx import Presentation
from pptx.util import Cm

from tests.data.make_pdf import PROSE, TABLE, Truth, rows_of

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_WPS = (
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def make(folder: Path) -> dict[str, Truth]:
    """Writes the files and gives back their truth: blocks in order, headings, table rows."""
    return {"report.docx": report(folder / "report.docx"), "slides.pptx": slides(folder / "slides.pptx")}


def report(path: Path) -> Truth:
    """Headings by style and by bold type, lists, merged cells, a footnote, a text box, tracked changes."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.category = (
        "Samarbeid om tomter",
        "Næringskontoret",
        "rapport",
    )
    properties.created = datetime(2024, 5, 2)
    document.add_heading("Samarbeid om tomter", 0)
    document.add_heading("Bakgrunn", 1)
    noted = document.add_paragraph(PROSE[0])
    noted._p.append(parse_xml(f'<w:r {_W}><w:footnoteReference w:id="1"/></w:r>'))
    _add_notes(document, "Avtalen er lagt ved.")
    changed = document.add_paragraph("Fristen er ")
    changed._p.append(parse_xml(f"<w:del {_W}><w:r><w:delText>1. mai</w:delText></w:r></w:del>"))
    changed._p.append(parse_xml(f"<w:ins {_W}><w:r><w:t>1. juni</w:t></w:r></w:ins>"))
    changed.add_run(", og arealet er 40 km")
    changed.add_run("2").font.superscript = True
    changed.add_run(".")
    document.add_heading("Oppgaver", 2)
    document.add_paragraph("Kontoret skal:")
    document.add_paragraph("føre register", style="List Bullet")
    document.add_paragraph("over tomter", style="List Bullet 2")
    document.add_paragraph("svare bedrifter", style="List Bullet")
    document.add_paragraph("Søk sendes inn.", style="List Number")
    document.add_paragraph("Søket vurderes.", style="List Number")
    document.add_paragraph().add_run("Tall for tomtene").bold = True
    document.add_paragraph(PROSE[3])
    _add_table(document)
    boxed = document.add_paragraph("Avsnittet som rammen er festet i.")
    boxed._p.append(_text_box("Teksten i rammen."))
    document.add_paragraph(PROSE[4])
    document.sections[0].header.paragraphs[0].text = "Topptekst som ikke hører med"
    document.sections[0].footer.paragraphs[0].text = "Bunntekst som ikke hører med"
    document.save(str(path))
    rows = [*rows_of(TABLE), "Kommune: Samlet; Innbyggere: 45 490; Ledige tomter: se vedlegget"]
    blocks = [
        "Samarbeid om tomter",
        "Bakgrunn",
        PROSE[0] + "¹",
        "¹ Avtalen er lagt ved.",
        "Fristen er 1. juni, og arealet er 40 km².",
        "Oppgaver",
        "Kontoret skal:",
        "- føre register",
        "- over tomter",
        "- svare bedrifter",
        "1. Søk sendes inn.",
        "2. Søket vurderes.",
        "Tall for tomtene",
        PROSE[3],
        *rows,
        "Avsnittet som rammen er festet i.",
        "Teksten i rammen.",
        PROSE[4],
    ]
    return {
        "blocks": blocks,
        "headings": ["Samarbeid om tomter", "Bakgrunn", "Oppgaver", "Tall for tomtene"],
        "rows": rows,
    }


def _add_notes(document: WordDocument, text: str) -> None:
    blob = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {_W}>'
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    part = Part(
        PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, blob.encode(), document.part.package
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _text_box(text: str) -> BaseOxmlElement:
    shape = f"<wps:txbx><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></wps:txbx>"
    old = f"<w:pict><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:pict>"
    return parse_xml(
        f"<w:r {_W} {_WPS}><mc:AlternateContent><mc:Choice Requires='wps'>"
        f"<w:drawing><wps:wsp>{shape}</wps:wsp>"
        f"</w:drawing></mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def _add_table(document: WordDocument) -> None:
    """The table, with a last row in which two cells are merged."""
    table = document.add_table(rows=0, cols=4)
    for row in (*TABLE, ("Samlet", "45 490", "se vedlegget", "")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.cell(5, 2).merge(table.cell(5, 3))


def slides(path: Path) -> Truth:
    """Bullets in two levels, shapes out of order, a group, a table, notes."""
    deck = Presentation()
    deck.core_properties.title = "Tomter i regionen"
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "Tomter i regionen"
    frame = first.placeholders[1].text_frame
    frame.text = "Fire kommuner er med"
    below = frame.add_paragraph()
    below.text, below.level = "Alle har signert", 1
    first.notes_slide.notes_text_frame.text = "Nevn at avtalen gjelder i fire år."
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Tall"
    second.shapes.add_textbox(Cm(2), Cm(15), Cm(8), Cm(1)).text_frame.text = "Nederst på siden"
    group = second.shapes.add_group_shape()
    group.shapes.add_textbox(Cm(14), Cm(4), Cm(8), Cm(1)).text_frame.text = "Øverst til høyre"
    second.shapes.add_textbox(Cm(2), Cm(4), Cm(8), Cm(1)).text_frame.text = "Øverst til venstre"
    table = second.shapes.add_table(len(TABLE), 4, Cm(2), Cm(7), Cm(20), Cm(5)).table
    for y, row in enumerate(TABLE):
        for x, text in enumerate(row):
            table.cell(y, x).text = text
    deck.slides.add_slide(deck.slide_layouts[6])
    deck.save(str(path))
    blocks = [
        "Tomter i regionen",
        "- Fire kommuner er med",
        "- Alle har signert",
        "Notater",
        "Nevn at avtalen gjelder i fire år.",
        "Tall",
        "Øverst til venstre",
        "Øverst til høyre",
        *rows_of(TABLE),
        "Nederst på siden",
    ]
    return {"blocks": blocks, "headings": ["Tomter i regionen", "Notater", "Tall"], "rows": rows_of(TABLE)}
