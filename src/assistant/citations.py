"""From quotes to numbered citations, and from a model's draft to sentences that its sources bear.

Pure functions. This is the gate: what does not pass here is not shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.places import boxes_of
from assistant.text import sentences
from assistant.types import Citation, Document, DraftSentence, Hit, Quote
from assistant.verification.stretch import Fault
from assistant.verification.support import Meaning, support

_NUMBERS = r"\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\]"
_MARKER = re.compile(rf"[^\S\n]*({_NUMBERS})")
_MARKERS_AFTER_STOP = re.compile(rf"([.?!])((?:[^\S\n]*{_NUMBERS})+)")


@dataclass(frozen=True, slots=True)
class Refused:
    """A drafted sentence that did not pass. `reason` is a key of `phrases.unsupported`."""

    text: str
    reason: str
    detail: str = ""


# --- numbering ----------------------------------------------------------------------------------


class Numbering:
    """Gives each distinct quote its number, from 1, in the order they are used."""

    def __init__(self, document: Callable[[str], Document]) -> None:
        self._document = document
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []

    def cite(self, quote: Quote) -> int:
        """Raises ValueError when the quote does not stand where it says: a fault of ours, and never
        to be shown."""
        key = (quote.source.id, quote.start, quote.end)
        if key not in self._numbers:
            document = self._document(quote.source.id)
            if document.text[quote.start : quote.end] != quote.text:
                raise ValueError(f"the quote {quote.text!r} does not stand at its place in {quote.source.path!r}")
            self._numbers[key] = len(self._numbers) + 1
            self.citations.append(_citation(self._numbers[key], quote, document))
        return self._numbers[key]


def _citation(number: int, quote: Quote, document: Document) -> Citation:
    block = next((b for b in document.blocks if b.start <= quote.start < b.end), None)
    boxes = boxes_of(document, quote.start, quote.end)
    page = boxes[0].page if boxes else (block.page if block else None)
    labels = document.page_labels
    return Citation(
        number=number,
        passage_id=quote.passage.id,
        document_id=quote.source.id,
        title=quote.source.title,
        date=quote.source.date,
        page=page,
        heading_path=block.heading_path if block else quote.passage.heading_path,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        boxes=boxes,
        url=f"/source/{quote.source.id}?start={quote.start}&end={quote.end}",
        page_label=labels[page - 1] if page is not None and page <= len(labels) else None,
        row=block.row if block else None,
        media_type=quote.source.media_type,
        superseded_by=quote.source.superseded_by,
        unread=quote.source.unread,
        language=quote.source.language,
    )


# --- a model's draft ----------------------------------------------------------------------------


def whole_sentences(draft: str) -> tuple[list[str], str]:
    """The sentences that are finished in a growing draft, with their markers, and the unfinished rest."""
    draft = _MARKERS_AFTER_STOP.sub(r"\2\1", draft)
    lines, _, growing = draft.rpartition("\n")
    whole = [line[s.start : s.end] for line in lines.split("\n") for s in sentences(line)]
    last = sentences(growing)
    while len(last) > 1 and growing.startswith("[", last[-1].start):
        last.pop()  # a marker may follow the full stop, and has only begun to arrive
    whole += [growing[s.start : s.end] for s in last[:-1]]
    said = [sentence for sentence in whole if any(c.isalnum() for c in _MARKER.sub("", sentence))]
    return said, growing[last[-1].start :] if last else growing


def without_markers(drafted: str) -> str:
    return _MARKER.sub("", drafted).strip()


def check(drafted: str, hits: Sequence[Hit], meaning: Meaning | None = None) -> DraftSentence | Refused:
    """Hold a drafted sentence against the passages it cites: `[n]` is `hits[n - 1]`.

    It must cite, and all it cites must exist. One sentence of what it cites, or two neighbours, must bear
    its figures, names and negations, and say the same: by its words or, where `meaning` is given, by that.
    The sentences that bear it become its quotes."""
    numbers = [int(n) for n in dict.fromkeys(re.findall(r"\d+", "".join(_MARKER.findall(drafted))))]
    text = without_markers(drafted)
    if not numbers:
        return Refused(text, "uncited")
    if any(not 1 <= number <= len(hits) for number in numbers):
        return Refused(text, "unknown")
    cited = [hits[number - 1] for number in numbers]
    found = support(text, cited, hits, meaning)
    if isinstance(found, Fault):
        return Refused(text, found.reason, found.detail)
    return DraftSentence(found, text)
