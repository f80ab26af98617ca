"""The text of one Word paragraph, as it stands once tracked changes are accepted."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element

from ingest.read.normalise import superscript
from ingest.read.word_styles import is_on, tag, w

# What is not part of the text as shown: deletions, field codes, the older copy of a drawing.
_LEFT_OUT = {
    "del",
    "moveFrom",
    "delText",
    "instrText",
    "Fallback",
    "pPr",
    "rPr",
    "sdtPr",
    "rubyPr",
    "rt",
    "fldData",
}
_NOTE_MARKS = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


@dataclass(slots=True)
class Paragraph:
    """`boxes` are the contents of text boxes anchored here; `notes` the marks and ids of footnotes;
    `bold` whether all of the text is."""

    parts: list[str] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    bold: bool = False
    plain_seen: bool = False

    @property
    def text(self) -> str:
        return "".join(self.parts)


def read_paragraph(element: _Element) -> Paragraph:
    """The text of a `w:p` element and what hangs on it."""
    paragraph = Paragraph()
    _walk(element, paragraph)
    paragraph.bold = paragraph.bold and not paragraph.plain_seen
    return paragraph


def _walk(element: _Element, paragraph: Paragraph) -> None:
    for child in element:
        name = tag(child)
        if name in _LEFT_OUT or name == "":
            continue
        if name == "r":
            _take_run(child, paragraph)
        elif name == "txbxContent":
            paragraph.boxes.append(child)
        elif name == "sdt" and child.find(f"{w('sdtPr')}/{w('showingPlcHdr')}") is not None:
            continue  # "Click here to enter text"
        elif name == "t" and child.text:
            paragraph.parts.append(child.text)  # a formula's text stands in no run of Word's own
        else:
            _walk(child, paragraph)


def _take_run(run: _Element, paragraph: Paragraph) -> None:
    properties = run.find(w("rPr"))
    if properties is not None and is_on(properties, "vanish"):
        return
    raised = (
        properties is not None
        and (found := properties.find(w("vertAlign"))) is not None
        and (found.get(w("val")) == "superscript")
    )
    for child in run:
        name = tag(child)
        if name == "t" and child.text:
            paragraph.parts.append(superscript(child.text) if raised else child.text)
            _note_weight(child.text, properties, paragraph)
        elif name in {"tab", "ptab"}:
            paragraph.parts.append(" ")
        elif name in {"br", "cr"}:
            paragraph.parts.append("\n")
        elif name == "noBreakHyphen":
            paragraph.parts.append("-")
        elif name == "sym":
            paragraph.parts.append(_symbol(child))
        elif name in _NOTE_MARKS:
            _take_note(child, _NOTE_MARKS[name], paragraph)
        elif name not in _LEFT_OUT:
            _walk(child, paragraph)


def _note_weight(text: str, properties: _Element | None, paragraph: Paragraph) -> None:
    if not text.strip():
        return
    if properties is not None and is_on(properties, "b"):
        paragraph.bold = True
    else:
        paragraph.plain_seen = True


def _symbol(element: _Element) -> str:
    code = element.get(w("char")) or ""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    # F000-F0FF are places in a symbol font, which mean nothing outside it.
    return "" if 0xE000 <= number <= 0xF8FF or number > 0xFFFF else chr(number)


def _take_note(element: _Element, kind: str, paragraph: Paragraph) -> None:
    number = element.get(w("id")) or ""
    mark = superscript(number)
    paragraph.parts.append(mark)
    paragraph.notes.append((mark, kind + number))
