"""Cut a document into passages of about 800 characters: the unit that is embedded and found.

A passage ends at a paragraph's or a sentence's end. A list stays with the sentence that leads into
it and a table with its caption as long as they fit twice the size; the rest of a longer one carries
its lead-in in `indexed_text`."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.text import sentences
from assistant.types import Block, Document, Passage, Span

VERSION = 3
"""Part of an index's recipe: raise it when the same document is cut in another way."""

TARGET = 800
MOST = 2 * TARGET
ENOUGH = TARGET // 2
"""From here on a heading, or a paragraph that does not fit, begins a new passage."""

SHORT_ITEM = 120
"""Items of this mean length or less are quoted as one list, longer ones one by one."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch that is not cut: a sentence, a short list with its lead-in, a table row, a heading."""

    start: int
    end: int
    block: Block
    quotable: bool = True
    opens: bool = False
    """A paragraph, list or table begins here: a good place for a new passage."""
    glued: bool = False
    """It belongs with the unit before, as an item with its lead-in or a row with its table."""
    lead_in: str = ""
    """What an item or row far from its list's beginning needs to be understood."""


def split(document: Document) -> tuple[Passage, ...]:
    """The passages of a document, in order; together they hold every block but leading headings."""
    seen: Counter[str] = Counter()
    return tuple(_passage(document, run, seen) for run in _runs(list(_units(document))))


# --- units --------------------------------------------------------------------------------------


def _units(document: Document) -> Iterator[_Unit]:
    blocks = document.blocks
    at = 0
    while at < len(blocks):
        block = blocks[at]
        group = _group(blocks, at)
        if len(group) > 1 or block.kind == "table_row":
            yield from _group_units(document, group)
        elif block.kind == "heading":
            yield _Unit(block.start, block.end, block, quotable=False, opens=True)
        else:
            yield from _sentence_units(document, block)
        at += len(group)


def _group(blocks: Sequence[Block], at: int) -> Sequence[Block]:
    """The list or table that begins at `at`, with the paragraph that leads into it."""
    first = blocks[at]
    end = at + 1
    leads = first.kind == "paragraph" and end < len(blocks)
    kind = blocks[end].kind if leads else first.kind
    if kind not in ("list_item", "table_row"):
        return blocks[at : at + 1]
    while end < len(blocks) and blocks[end].kind == kind and blocks[end].heading_path == first.heading_path:
        end += 1
    return blocks[at:end]


def _group_units(document: Document, group: Sequence[Block]) -> Iterator[_Unit]:
    first, items = group[0], group
    head: list[Span] = []
    if first.kind == "paragraph":
        head = list(_sentences(document.text, first))
        items = group[1:]
    lead = head[-1] if head else None
    lead_in = document.text[lead.start : lead.end] if lead else ""
    for number, span in enumerate(head[:-1]):
        yield _Unit(span.start, span.end, first, opens=number == 0)
    start = lead.start if lead else items[0].start
    length = items[-1].end - items[0].start
    is_short_list = items[0].kind == "list_item" and length <= SHORT_ITEM * len(items)
    if is_short_list and items[-1].end - start <= TARGET:
        yield _Unit(start, items[-1].end, first, opens=len(head) < 2)
        return
    if lead:
        # "These are:" and a caption such as "Table 2" say nothing by themselves; a sentence does.
        quotable = lead_in.endswith((".", "!", "?"))
        yield _Unit(lead.start, lead.end, first, opens=len(head) < 2, quotable=quotable)
    for number, item in enumerate(items):
        for piece, span in enumerate(_item(document.text, item)):
            opens = number == piece == 0 and not lead
            glued = bool(lead) or (item.kind == "table_row" and number > 0)
            yield _Unit(span.start, span.end, item, opens=opens, glued=glued, lead_in=lead_in)


def _item(text: str, item: Block) -> Iterator[Span]:
    """A row as it is, and an item too unless it is as long as a passage: numbered paragraphs can be."""
    if item.kind == "list_item" and item.end - item.start > TARGET:
        yield from _sentences(text, item)
    else:
        yield Span(item.start, item.end)


def _sentence_units(document: Document, block: Block) -> Iterator[_Unit]:
    for number, span in enumerate(_sentences(document.text, block)):
        yield _Unit(span.start, span.end, block, opens=number == 0)


def _sentences(text: str, block: Block) -> Iterator[Span]:
    for span in sentences(text, block.start, block.end):
        yield from _pieces(text, span)


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """A sentence as it is; one longer than a passage may be, cut between words."""
    start = span.start
    while span.end - start > MOST:
        cut = text.rfind(" ", start + 1, start + MOST)
        cut = cut if cut > start else start + MOST
        yield Span(start, cut)
        start = cut + (text[cut] == " ")
    yield Span(start, span.end)


# --- passages -----------------------------------------------------------------------------------


def _runs(units: list[_Unit]) -> Iterator[list[_Unit]]:
    """Fill passages with units from the front."""
    run: list[_Unit] = []
    for at, unit in enumerate(units):
        if any(u.quotable for u in run) and _full(run, units, at):
            body = _without_trailing_headings(run)
            yield body
            run = run[len(body) :]
        run.append(unit)
    if run:
        yield run


def _reach(units: Sequence[_Unit], at: int) -> int:
    """Where the paragraph, list or table that begins at `at` ends; past a heading, what it heads."""
    end = units[at].end
    heading = units[at].block.kind == "heading"
    for unit in map(units.__getitem__, range(at + 1, len(units))):  # a slice would copy the whole rest
        if unit.opens and not heading:
            break
        heading = unit.block.kind == "heading"
        end = unit.end
    return end


def _full(run: list[_Unit], units: Sequence[_Unit], at: int) -> bool:
    """Whether the unit `at` begins a new passage."""
    unit = units[at]
    start, end = run[0].start, run[-1].end
    if unit.glued or run[-1].block.kind == "heading":
        return unit.end - start > MOST
    if unit.opens and end - start >= ENOUGH:
        return unit.block.kind == "heading" or _reach(units, at) - start > TARGET
    return unit.end - start > TARGET


def _without_trailing_headings(run: list[_Unit]) -> list[_Unit]:
    end = len(run)
    while end > 1 and run[end - 1].block.kind == "heading":
        end -= 1
    return run[:end]


def _passage(document: Document, run: list[_Unit], seen: Counter[str]) -> Passage:
    body = [unit for unit in run if unit.block.kind != "heading"]
    first = body[0] if body else run[0]
    start, end = first.start, run[-1].end
    text = document.text[start:end]
    path = first.block.heading_path
    key = "\x1f".join((document.source.id, *path, text))
    seen[key] += 1
    digest = hashlib.sha256(f"{key}\x1f{seen[key]}".encode()).hexdigest()
    lead_in = first.lead_in if first.lead_in not in text else ""
    pages = sorted({unit.block.page for unit in run if unit.block.page is not None})
    leading = [document.text[unit.start : unit.end] for unit in run[: run.index(first)]]
    return Passage(
        id=f"{document.source.id}-{digest[:12]}",
        document_id=document.source.id,
        start=start,
        end=end,
        text=text,
        indexed_text="\n".join([*_distinct(text, document.source.title, *path, *leading, lead_in), text]),
        heading_path=path,
        pages=tuple(pages),
        sentences=tuple(Span(u.start, u.end) for u in run if u.quotable) or (Span(start, end),),
    )


def _distinct(text: str, *parts: str) -> list[str]:
    return list(dict.fromkeys(part for part in parts if part and part != text))
