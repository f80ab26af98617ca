"""What a Word document holds that nobody who opens it sees: text that is hidden, in the colour of the
paper, or of no size. Taken out before the document is read."""

from __future__ import annotations

from collections.abc import Iterator

from docx.document import Document as WordDocument
from lxml.etree import _Element

from ingest.read.colours import WHITE, Colour, can_be_seen, parse_colour
from ingest.read.word_styles import is_on, value, w

_PLAIN_TABLES = {"", "TableGrid", "TableNormal", "Tabellrutenett", "Vanligtabell"}
_SMALLEST = 3
"""In half points."""
_MOST_STYLES = 20


def remove_hidden(root: _Element, document: WordDocument) -> None:
    """Takes the text of hidden runs below `root` out of it."""
    styles = {e.get(w("styleId")) or "": e for e in document.styles.element.iter(w("style"))}
    paper = _paper(document)
    hidden = [run for run in root.iter(w("r")) if _is_hidden(run, styles, paper)]
    for run in hidden:
        for text in run.findall(w("t")):  # a drawing with text of its own may hang on the run
            run.remove(text)


def _paper(document: WordDocument) -> Colour | None:
    found = document.element.find(w("background"))
    return WHITE if found is None else _colour(found.get(w("color")))


def _is_hidden(run: _Element, styles: dict[str, _Element], paper: Colour | None) -> bool:
    paragraph = next(run.iterancestors(w("p")), None)
    own = list(_properties(run, paragraph, styles))
    if next((is_on(p, "vanish") for p in own if p.find(w("vanish")) is not None), False):
        return True
    size = next((value(found) for p in own if (found := p.find(w("sz"))) is not None), None)
    if size is not None and size.isdigit() and int(size) < _SMALLEST:
        return True
    written = next((value(found) for p in own if (found := p.find(w("color"))) is not None), None)
    colour = _colour(written)
    if colour is None:
        return False
    ground = _ground(run, paragraph, own, styles, paper)
    return ground is not None and not can_be_seen(colour, ground)


def _properties(run: _Element, paragraph: _Element | None, styles: dict[str, _Element]) -> Iterator[_Element]:
    """The run's properties, the nearest first: its own, its style's, its paragraph's style's."""
    own = run.find(w("rPr"))
    if own is not None:
        yield own
    for style in _chain(own, "rStyle", styles):
        if (found := style.find(w("rPr"))) is not None:
            yield found
    for style in _chain(None if paragraph is None else paragraph.find(w("pPr")), "pStyle", styles):
        if (found := style.find(w("rPr"))) is not None:
            yield found


def _chain(properties: _Element | None, name: str, styles: dict[str, _Element]) -> Iterator[_Element]:
    """A style and those it is based on."""
    named = None if properties is None else properties.find(w(name))
    for _ in range(_MOST_STYLES):
        style = None if named is None else styles.get(value(named) or "")
        if style is None:
            return
        yield style
        named = style.find(w("basedOn"))


def _ground(
    run: _Element, paragraph: _Element | None, own: list[_Element], styles: dict[str, _Element], paper: Colour | None
) -> Colour | None:
    """What the run stands on; None where that cannot be told, as in a drawn box or a table with a style."""
    if any(p.find(w("highlight")) is not None for p in own):
        return None
    shades = [p.find(w("shd")) for p in own]
    if paragraph is not None:
        properties = paragraph.find(w("pPr"))
        shades.append(None if properties is None else properties.find(w("shd")))
        shades += [style.find(f"{w('pPr')}/{w('shd')}") for style in _chain(properties, "pStyle", styles)]
    shades += [cell.find(f"{w('tcPr')}/{w('shd')}") for cell in run.iterancestors(w("tc"))]
    for shade in shades:
        if shade is not None and (shade.get(w("fill")) or "auto") != "auto":
            return _colour(shade.get(w("fill")))
    if next(run.iterancestors(w("txbxContent")), None) is not None:
        return None
    for table in run.iterancestors(w("tbl")):
        named = table.find(f"{w('tblPr')}/{w('tblStyle')}")
        if ((value(named) if named is not None else None) or "") not in _PLAIN_TABLES:
            return None
    return paper


def _colour(text: str | None) -> Colour | None:
    parsed = parse_colour(text or "")
    return parsed[0] if parsed else None
