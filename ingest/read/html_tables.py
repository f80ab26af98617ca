"""Tables and definition lists of a web page."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from ingest.read.extract import RawBlock
from ingest.read.html_parts import is_left_out, text_of
from ingest.read.normalise import clean, words_of
from ingest.read.tables import EMPTY, Cell, table_blocks

_MOST_COLUMNS = 500
_BLOCKS = "h1, h2, h3, h4, h5, h6, ul, ol, table, form, article, section, p + p, div p"


def is_layout_table(table: LexborNode) -> bool:
    """Whether a table only places things on the page: it says so, or its cells hold whole sections."""
    if table.attributes.get("role") in {"presentation", "none"}:
        return True
    if len(table.css("table")) > 1:  # the table itself is one of them
        return True
    rows = _rows(table)
    if max((len(_cells(row)) for row in rows), default=0) < 2:
        return True
    return table.css_first("th") is None and any(
        c.css_first(_BLOCKS) is not None and len(text_of(c)) > 300 for row in rows for c in _cells(row)
    )


def html_table_blocks(table: LexborNode) -> list[RawBlock]:
    """A data table: its caption as a paragraph, then a block a row."""
    caption = table.css_first("caption")
    before = (
        [RawBlock("paragraph", text_of(caption))] if caption is not None and text_of(caption).strip() else []
    )
    rows = _rows(table)
    in_head = sum(row.parent is not None and row.parent.tag == "thead" for row in rows)
    return before + table_blocks(_grid(rows), header_rows=in_head or None)


def definition_blocks(node: LexborNode) -> list[RawBlock]:
    """A <dl> as "term: definition" rows; nothing where its definitions are longer than a line or two."""
    pairs: list[tuple[str, list[str]]] = []
    for child in node.css("dt, dd"):
        text = clean(text_of(child))
        if child.tag == "dt":
            pairs.append((text, []))
        elif pairs and len(text) <= 300:
            pairs[-1][1].append(text)
        else:
            return []
    return [
        RawBlock("table_row", f"{term.rstrip(':')}: {'; '.join(texts)}")
        for term, texts in pairs
        if term and any(texts)
    ]


def _rows(table: LexborNode) -> list[LexborNode]:
    """The table's own rows, not those of tables inside it."""
    rows: list[LexborNode] = []
    for child in table.iter():
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in {"thead", "tbody", "tfoot"}:
            rows.extend(row for row in child.iter() if row.tag == "tr")
    return [row for row in rows if not is_left_out(row)]


def _cells(row: LexborNode) -> list[LexborNode]:
    return [c for c in row.iter() if c.tag in {"td", "th"} and not is_left_out(c)]


def _grid(rows: list[LexborNode]) -> list[list[Cell]]:
    """The cells in their places, a spanning cell in each place it covers."""
    grid: list[dict[int, Cell]] = [{} for _ in rows]
    for y, row in enumerate(rows):
        x = 0
        for node in _cells(row):
            while x in grid[y]:
                x += 1
            made = Cell(tuple((word, ()) for word in words_of(text_of(node))), node.tag == "th")
            wide, high = _span(node, "colspan"), _span(node, "rowspan")
            for below in range(y, min(y + high, len(rows))):
                for right in range(x, min(x + wide, _MOST_COLUMNS)):
                    grid[below].setdefault(right, made)
            x += wide
    width = max((max(row, default=-1) for row in grid), default=-1) + 1
    return [[row.get(x, EMPTY) for x in range(width)] for row in grid]


def _span(node: LexborNode, name: str) -> int:
    value = node.attributes.get(name) or ""
    return (
        min(max(int(value), 1), _MOST_COLUMNS)
        if value.isascii() and value.isdigit() and len(value) < 6
        else 1
    )
