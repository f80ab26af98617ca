"""Which blocks of a PDF are headings, and of what depth: by size and weight beside the body text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ingest.read.pdf_blocks import Draft
from ingest.read.pdf_lines import has_leaders
from ingest.read.pdf_outline import outline_key
from ingest.read.pdf_words import PdfPage

_LARGER = 1.12
_MOST_LINES = 4
_LONGEST = 200
_LONGEST_BOLD = 120


def body_size_of(pages: Iterable[PdfPage]) -> float:
    """The type size that most of the document's text is set in, in points; 10 where there is none."""
    weights: Counter[float] = Counter()
    for page in pages:
        for word in page.words:
            weights[word.size] += len(word.text)
    return max(weights, key=lambda size: (weights[size], -size), default=10.0)


def mark_headings(drafts: Sequence[Draft], body_size: float, outline: Mapping[str, int]) -> None:
    """Turns drafts into headings and sets their levels.

    `outline` gives the level of each title in the file's own table of contents (see `pdf_outline`).
    Other headings get their level from the sizes used: the largest is 1, bold at body size the last."""
    bold_share = _bold_share(drafts)
    found: list[Draft] = []
    for draft in drafts:
        if draft.kind not in {"paragraph", "item"} or draft.bullet or any(map(has_leaders, draft.lines)):
            continue
        if outline_key(draft.text) in outline or _looks_like_heading(draft, body_size, bold_share):
            draft.kind = "heading"
            found.append(draft)
    _set_levels(found, outline)


def _bold_share(drafts: Sequence[Draft]) -> float:
    total = sum(len(d.text) for d in drafts if d.lines)
    return sum(len(d.text) for d in drafts if d.bold) / total if total else 0.0


def _looks_like_heading(draft: Draft, body_size: float, bold_share: float) -> bool:
    text = draft.text
    if len(draft.lines) > _MOST_LINES or len(text) > _LONGEST or not any(c.isalpha() for c in text):
        return False
    sentence = text.rstrip()[-1] in ".;,"
    if draft.size >= _LARGER * body_size:
        return not (sentence and len(text) > 80) and not text[0].islower()
    if not draft.bold or bold_share > 0.5 or draft.size < 0.95 * body_size:
        return False
    return len(text) <= _LONGEST_BOLD and not sentence and not text.endswith(":") and not text[0].islower()


def _set_levels(found: Sequence[Draft], outline: Mapping[str, int]) -> None:
    styles = sorted({(d.size, d.bold) for d in found}, reverse=True)
    levels: dict[tuple[float, bool], int] = {}
    level = 0
    last = float("inf")
    for size, bold in styles:
        if last - size > 0.6 or not bold:
            level += 1
        levels[(size, bold)] = level
        last = size
    shift = _outline_shift(found, levels, outline)
    for draft in found:
        listed = outline.get(outline_key(draft.text))
        draft.level = listed + shift if listed is not None else levels[(draft.size, draft.bold)]


def _outline_shift(
    found: Sequence[Draft], levels: Mapping[tuple[float, bool], int], outline: Mapping[str, int]
) -> int:
    """How far the outline's levels lie below those of the page: the title is seldom in the outline."""
    shifts = Counter(
        levels[(d.size, d.bold)] - outline[key] for d in found if (key := outline_key(d.text)) in outline
    )
    return max(0, shifts.most_common(1)[0][0]) if shifts else 0
