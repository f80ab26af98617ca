"""Lines of a region to paragraphs, list items and tables."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.read.bullets import BULLETS, after_bullet, is_numbered
from ingest.read.extract import RawBlock
from ingest.read.pdf_lines import Line, has_leaders, line_of
from ingest.read.pdf_text import is_broken

_SENTENCE_END = ".!?:…"
_CLOSERS = "\"'»”)"
_SPACING = 1.3  # of the usual distance between lines: more parts paragraphs
_LOOSEST = 1.9  # of the type size: lines of one paragraph are never further apart
_GLUED_BULLETS = "•▪●■◦‣\uf0b7\uf0a7"


@dataclass(slots=True)
class Draft:
    """A block on its way: lines of text, or the rows of a table."""

    kind: str  # "paragraph", "item", "heading", "footnote" or "table"
    page: int
    lines: list[Line] = field(default_factory=list)
    rows: tuple[RawBlock, ...] = ()
    level: int = 1
    bullet: bool = False  # the first line begins with a bullet that is no part of the text
    edge: float = 0.0  # a list item's text begins here

    @property
    def size(self) -> float:
        return max(self.lines, key=lambda line: line.x1 - line.x0).size if self.lines else 0.0

    @property
    def bold(self) -> bool:
        return bool(self.lines) and all(line.bold for line in self.lines)

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether the text stops in the middle of a sentence."""
        last = self.lines[-1].words[-1]
        return is_broken(last) or last.text.rstrip(_CLOSERS)[-1:] not in _SENTENCE_END


def line_pitches(regions: Sequence[Sequence[Line]]) -> dict[float, float]:
    """The usual distance between two lines for each type size of the document."""
    seen: dict[float, Counter[float]] = {}
    for lines in regions:
        for above, line in itertools.pairwise(lines):
            gap = line.base - above.base
            if above.size == line.size and 0 < gap < _LOOSEST * line.size:
                seen.setdefault(line.size, Counter())[round(gap * 2) / 2] += 1
    return {size: counts.most_common(1)[0][0] for size, counts in seen.items()}


def text_drafts(lines: Sequence[Line], rights: Sequence[float], pitches: dict[float, float]) -> list[Draft]:
    """The paragraphs and list items that the lines of a region make. `rights` is how far to the right
    each line could have gone."""
    drafts: list[Draft] = []
    if not lines:
        return drafts
    left = min(line.x0 for line in lines)
    edges: list[float] = []
    before: Line | None = None
    right = 0.0
    for line, own_right in zip(lines, rights, strict=True):
        current = drafts[-1] if drafts else None
        if before is None or current is None or _begins_block(line, before, current, left, right, pitches):
            draft = _new_draft(line)
            edges = _nesting(draft, line, edges)
            drafts.append(draft)
        else:
            current.lines.append(line)
        before, right = line, own_right
    return drafts


def _new_draft(line: Line) -> Draft:
    page = line.words[0].page
    if _bullet_words(line) is not None:
        text_words = line.words[1:] if _bullet_words(line) == 1 else line.words
        return Draft("item", page, [line], bullet=True, edge=text_words[0].x0)
    if is_numbered(line.text):
        return Draft("item", page, [line], edge=line.words[1].x0)
    return Draft("paragraph", page, [line])


def _nesting(draft: Draft, line: Line, edges: list[float]) -> list[float]:
    """Sets a list item's level from how far its bullet is indented under those before it."""
    if draft.kind != "item":
        return []
    edges = [edge for edge in edges if edge < line.x0 - 3]
    edges.append(line.x0)
    draft.level = len(edges)
    return edges


def _bullet_words(line: Line) -> int | None:
    """How many words the bullet takes: 1, or 0 where it is stuck to the first word."""
    first = line.words[0].text
    is_bullet = (first in BULLETS and len(first) == 1) or (first == "o" and _is_set_off(line))
    if is_bullet and len(line.words) > 1:
        return 1
    return 0 if first[0] in _GLUED_BULLETS and len(first) > 1 else None


def _is_set_off(line: Line) -> bool:
    return len(line.words) > 1 and line.words[1].x0 - line.words[0].x1 > 0.6 * line.size


def _begins_block(
    line: Line, before: Line, current: Draft, left: float, right: float, pitches: dict[float, float]
) -> bool:
    if has_leaders(before):
        return True
    gap = line.base - before.base
    usual = min(pitches.get(line.size, 1.35 * line.size), _LOOSEST * line.size)
    if gap > _SPACING * max(usual, pitches.get(before.size, usual)) or gap < 0:
        return True
    if abs(line.size - before.size) > 0.08 * max(line.size, before.size) and not is_broken(before.words[-1]):
        return True
    full = _is_full(before, line, right)
    reads_on = full and before.text.rstrip(_CLOSERS)[-1] not in _SENTENCE_END
    if (_bullet_words(line) is not None or is_numbered(line.text)) and not (
        reads_on and current.kind == "paragraph" and abs(line.x0 - before.x0) < 2
    ):
        return True
    if line.bold != before.bold and (current.bold or (line.bold and not full)):
        return True
    if current.kind == "item":
        outside = line.x0 < current.edge - 0.6 * line.size and line.x0 <= current.lines[0].x0 + 1
        return outside and not full
    indented = line.x0 - before.x0 > 0.8 * line.size and before.x0 < left + 0.5 * line.size
    if indented and len(current.lines) > 1 and not line.text[0].islower():
        return True
    return not full and not line.text[0].islower() and not is_broken(before.words[-1])


def _is_full(before: Line, line: Line, right: float) -> bool:
    """Whether the next line's first word had no room on the line before."""
    word = line.words[0]
    return before.x1 + (word.x1 - word.x0) + 0.2 * line.size > right - 0.04 * (right - before.x0)


def mark_footnotes(drafts: list[Draft], body_size: float) -> tuple[list[Draft], list[Draft]]:
    """A page's drafts without the notes at the foot of its columns, and those notes.

    Notes are set smaller than the text, begin with a mark, and have nothing but small type below."""
    notes: list[Draft] = []
    kept: list[Draft] = []
    ends: list[bool] = [False] * len(drafts)
    small = True
    for number in range(len(drafts) - 1, -1, -1):
        draft = drafts[number]
        following = drafts[number + 1] if number + 1 < len(drafts) else None
        if following is not None and (not draft.lines or not following.lines or _is_above(following, draft)):
            small = True  # the next block stands at the top of another column
        small = small and draft.kind != "table" and 0 < draft.size <= 0.92 * body_size
        ends[number] = small
    open_note = False
    for draft, small_to_end in zip(drafts, ends, strict=True):
        open_note = small_to_end and (open_note or _begins_note(draft))
        if open_note:
            if (
                notes
                and not _begins_note(draft)
                and draft.kind == "paragraph"
                and draft.page == notes[-1].page
            ):
                notes[-1].lines.extend(draft.lines)
            else:
                draft.kind = "footnote"
                draft.bullet = False
                notes.append(draft)
        else:
            kept.append(draft)
    return kept, notes


def _is_above(one: Draft, other: Draft) -> bool:
    return one.lines[0].base < other.lines[0].base


def _begins_note(draft: Draft) -> bool:
    first = draft.lines[0].words[0].text
    mark = first.rstrip(".)")
    return first[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹*†‡" or (mark.isdigit() and len(mark) <= 3)


def item_lines(draft: Draft) -> list[Line]:
    """The lines of a draft without its bullet."""
    if not draft.bullet:
        return draft.lines
    first = draft.lines[0]
    if _bullet_words(first) == 1:
        return [line_of(first.words[1:]), *draft.lines[1:]]
    return draft.lines


def strip_bullet(text: str) -> str:
    """A text without the bullet that is stuck to its first word."""
    if text[:1] in _GLUED_BULLETS:
        return text[1:]
    return text[after_bullet(text) :]
