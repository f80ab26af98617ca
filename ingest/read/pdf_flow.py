"""A document's pages to its blocks in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.read.pdf_blocks import Draft, line_pitches, mark_footnotes, text_drafts
from ingest.read.pdf_columns import column_regions
from ingest.read.pdf_furniture import without_furniture
from ingest.read.pdf_lines import Line, line_of
from ingest.read.pdf_tables import FoundTable, Frame, aligned_tables, frames_beside_text, ruled_tables
from ingest.read.pdf_text import running_text
from ingest.read.pdf_words import PdfPage, PdfWord
from ingest.read.tables import Words

_TABLE_MARK = "\ufffc"


@dataclass(frozen=True, slots=True)
class Reading:
    """What every step needs of the whole document. `known` are its words, see
    pdf_text.vocabulary."""

    pages: tuple[PdfPage, ...]
    known: frozenset[str]
    body_size: float

    def text_of(self, rows: Sequence[list[PdfWord]]) -> Words:
        return running_text([line_of(row) for row in rows], self.pages, self.known)


@dataclass(frozen=True, slots=True)
class _Step:
    """What a region holds, one after another: lines of text, or a table. `rights` is how far to the
    right each line could have gone."""

    lines: tuple[Line, ...] = ()
    rights: tuple[float, ...] = ()
    table: FoundTable | None = None


@dataclass(frozen=True, slots=True)
class _PageSteps:
    """A page's regions in reading order, and its boxes, each with the regions inside."""

    regions: list[list[_Step]]
    boxes: list[list[list[_Step]]]


def page_drafts(reading: Reading) -> list[Draft]:
    """The blocks of all pages in reading order, a page's footnotes after its text."""
    tables = [ruled_tables(page, reading.text_of) for page in reading.pages]
    rest = [_without_tables(page, found) for page, found in zip(reading.pages, tables, strict=True)]
    words = without_furniture(rest, reading.body_size)
    steps = [_page_steps(*of_page, reading) for of_page in zip(reading.pages, words, tables, strict=True)]
    pitches = line_pitches(
        [
            step.lines
            for page in steps
            for regions in (page.regions, *page.boxes)
            for region in regions
            for step in region
        ]
    )
    drafts: list[Draft] = []
    for page, found in zip(reading.pages, steps, strict=True):
        on_page = _region_drafts(found.regions, page.number, pitches)
        for box in found.boxes:
            _insert_box(_region_drafts(box, page.number, pitches), on_page)
        kept, notes = mark_footnotes(on_page, reading.body_size)
        drafts.extend(kept + _turned(page) + notes)
    return drafts


def _without_tables(page: PdfPage, tables: list[FoundTable]) -> PdfPage:
    taken = {id(word) for table in tables for word in table.words}
    return replace(page, words=tuple(w for w in page.words if id(w) not in taken and w.upright))


def _page_steps(
    page: PdfPage, words: list[PdfWord], tables: list[FoundTable], reading: Reading
) -> _PageSteps:
    frames = frames_beside_text(page, words)
    taken = {id(word) for frame in frames for word in frame.words}
    flow = [word for word in words if id(word) not in taken] + _stand_ins(tables)
    return _PageSteps(
        [
            _with_rights(_steps(region, tables, page.number, reading), frames)
            for region in _whole_blocks(column_regions(flow))
        ],
        [
            [
                _with_rights(_steps(region, [], page.number, reading), [], frame)
                for region in column_regions(frame.words)
            ]
            for frame in frames
        ],
    )


def _with_rights(steps: list[_Step], beside: list[Frame], around: Frame | None = None) -> list[_Step]:
    """The steps of a region with their lines' right edges: the region's, nearer where a box stands
    beside the line, and that of the box where the lines are in one."""
    lines = [line for step in steps for line in step.lines]
    if not lines:
        return steps
    edge = max(line.x1 for line in lines)
    if around is not None:
        edge = max(edge, around.x1 - (min(line.x0 for line in lines) - around.x0))
    rights = dict.fromkeys(range(len(lines)), edge)
    for frame in beside:
        near = [
            n
            for n, line in enumerate(lines)
            if line.y0 < frame.y1 and line.y1 > frame.y0 and line.x1 <= frame.x0
        ]
        rights.update(dict.fromkeys(near, max((lines[n].x1 for n in near), default=edge)))
    place = iter(range(len(lines)))
    return [replace(step, rights=tuple(rights[next(place)] for _ in step.lines)) for step in steps]


def _whole_blocks(regions: list[list[list[PdfWord]]]) -> list[list[list[PdfWord]]]:
    """The regions, with the last line of a heading or paragraph over columns put back to it: too short
    to reach across the gutter, it was taken for the first line of the left column."""
    for above, below in pairwise(regions):
        last, first = above[-1][0], below[0][0] if below else None
        if first is None or not below[1:]:
            continue
        gap = first.base - last.base
        same = first.size == last.size and first.bold == last.bold and abs(first.x0 - last.x0) < 2
        goes_on = first.text[0].islower() or gap < below[1][0].base - first.base - 0.2 * first.size
        if same and 0 < gap < 1.45 * first.size and goes_on:
            above.append(below.pop(0))
    return regions


def _stand_ins(tables: list[FoundTable]) -> list[PdfWord]:
    """For each table one word of its size, to find its place among the columns."""
    return [
        PdfWord(f"{_TABLE_MARK}{n}", t.x0, t.y0, t.x1, t.y1, t.y0 + 1.0, 10.0, False, 0)
        for n, t in enumerate(tables)
    ]


def _steps(rows: list[list[PdfWord]], tables: list[FoundTable], page: int, reading: Reading) -> list[_Step]:
    """A region's rows as runs of lines with the tables between them."""
    steps: list[_Step] = []
    plain: list[list[PdfWord]] = []

    def close() -> None:
        first = 0
        for start, end, table in aligned_tables(plain, reading.text_of, page):
            steps.append(_Step(tuple(line_of(row) for row in plain[first:start])))
            steps.append(_Step(table=table))
            first = end
        steps.append(_Step(tuple(line_of(row) for row in plain[first:])))
        plain.clear()

    for row in rows:
        words = [w for w in row if not w.text.startswith(_TABLE_MARK)]
        if words:
            plain.append(words)
        for mark in row:
            if mark.text.startswith(_TABLE_MARK):
                close()
                steps.append(_Step(table=tables[int(mark.text[1:])]))
    close()
    return [step for step in steps if step.lines or step.table]


def _region_drafts(regions: list[list[_Step]], page: int, pitches: dict[float, float]) -> list[Draft]:
    return [
        draft
        for region in regions
        for step in region
        for draft in (
            [Draft("table", page, rows=step.table.blocks)]
            if step.table
            else text_drafts(step.lines, step.rights, pitches)
        )
    ]


def _insert_box(box: list[Draft], drafts: list[Draft]) -> None:
    """Puts a box's blocks behind the paragraph that its top stands beside."""
    top = min((line.y0 for draft in box for line in draft.lines), default=0.0)
    beside = (n for n, draft in enumerate(drafts) if draft.lines and draft.lines[-1].base > top)
    place = next(beside, len(drafts) - 1) + 1
    drafts[place:place] = box


def _turned(page: PdfPage) -> list[Draft]:
    """Text that runs up or down the page, as one paragraph for each direction."""
    down = [w for w in page.words if w.turn == 90]
    up = [w for w in page.words if w.turn == 270]
    back = [w for w in page.words if w.turn == 180]
    down.sort(key=lambda w: (-round(w.x1 / w.size), w.y0))
    up.sort(key=lambda w: (round(w.x0 / w.size), -w.y1))
    back.sort(key=lambda w: (-round(w.y1 / w.size), -w.x1))
    return [Draft("paragraph", page.number, [line_of(words)]) for words in (down, up, back) if words]


def joined(drafts: list[Draft]) -> list[Draft]:
    """Drafts with those put together that a column's or a page's end parted in mid-sentence."""
    done: list[Draft] = []
    last: Draft | None = None  # the last block of running text; footnotes may stand after it
    for draft in drafts:
        if last is not None and draft.kind == "paragraph" and _goes_on(last, draft):
            last.lines.extend(draft.lines)
            continue
        done.append(draft)
        if draft.kind != "footnote":
            last = draft if draft.kind in {"paragraph", "item"} else None
    return done


def _goes_on(before: Draft, draft: Draft) -> bool:
    above, below = before.lines[-1], draft.lines[0]
    elsewhere = below.words[0].page != above.words[0].page or below.base < above.base
    if not elsewhere or not before.is_open or abs(above.size - below.size) > 0.5:
        return False
    if below.text[0].islower() or above.words[-1].hyphen:
        return True
    # A name or a figure at the top of a column: the line before it must have been full.
    first = below.words[0]
    full = above.x1 + (first.x1 - first.x0) + 0.2 * above.size > max(line.x1 for line in before.lines)
    return full and len(before.lines) > 1 and before.kind == "paragraph" and not draft.bold
