"""Lines to running text: words with their boxes, those broken at a line's end put together again."""

from __future__ import annotations

from collections.abc import Sequence, Set

from assistant.types import Box
from ingest.read.pdf_hyphens import rejoin
from ingest.read.pdf_lines import Line
from ingest.read.pdf_words import PdfPage, PdfWord
from ingest.read.tables import Words

_STRIPPED = ".,;:!?()«»“”\"'"


def running_text(lines: Sequence[Line], pages: Sequence[PdfPage], known: Set[str]) -> Words:
    """The words of `lines`. A word that was broken has a box for each half."""
    words: list[tuple[str, tuple[Box, ...]]] = []
    broken = False  # the word before goes on here
    for line in lines:
        for number, word in enumerate(line.words):
            box = pages[word.page - 1].box(word)
            text = word.text
            ends_line = number == len(line.words) - 1
            breaks = ends_line and (word.hyphen or _has_hyphen_at_end(text))
            if breaks and not word.hyphen:
                text = text[:-1]
            if broken:
                before, boxes = words.pop()
                parts = rejoin(before, text, known)
                words.append((parts[0], (*boxes, box) if len(parts) == 1 else boxes))
                if len(parts) == 2:
                    words.append((parts[1], (box,)))
            else:
                words.append((text, (box,)))
            broken = breaks
    if broken:
        text, boxes = words.pop()
        words.append((text + "-", boxes))
    return tuple((text, boxes) for text, boxes in words if text)


def _has_hyphen_at_end(text: str) -> bool:
    return len(text) > 2 and text[-1] in "-\u00ad\u2010" and text[-2].isalpha()


def vocabulary(pages: Sequence[PdfPage]) -> frozenset[str]:
    """The unbroken words of a document in lower case: how it writes them where it has the room."""
    return frozenset(
        word.text.strip(_STRIPPED).casefold() for page in pages for word in page.words if not word.hyphen
    )


def is_broken(word: PdfWord) -> bool:
    """Whether the word goes on at the start of the next line."""
    return word.hyphen or _has_hyphen_at_end(word.text)
