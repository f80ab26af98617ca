"""From a parser's blocks to a Document: the one place where text is normalised and given offsets."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import PurePosixPath

from assistant.types import Block, Box, Document, Source, Word
from ingest.read.bullets import is_numbered
from ingest.read.extract import Extract, RawBlock
from ingest.read.language import language_of
from ingest.read.normalise import clean, clean_word

_BULLET = "- "
_INDENT = "  "


def assemble(extract: Extract, path: str, data: bytes, media_type: str) -> Document:
    """The document made of `extract`'s blocks. `path` is relative to the corpus folder; `data` is
    the file, for its hash. Blocks that hold nothing visible are left out."""
    text, blocks, words = _join(extract.blocks)
    metadata = extract.metadata
    source = Source(
        id=document_id(path),
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type,
        title=clean(metadata.title or "") or _first_heading(text, blocks) or _title_from(path),
        language=language_of(metadata.language, text),
        date=metadata.date,
        publisher=metadata.publisher,
        kind=metadata.kind,
        url=metadata.url,
        pages=extract.pages,
        characters=len(text),
        fetched=metadata.fetched,
    )
    return Document(source, text, blocks, words, extract.page_labels, metadata.replaces or ())


def document_id(path: str) -> str:
    """16 hexadecimal digits from a relative path, the same for both ways of writing å in a name."""
    return hashlib.sha256(unicodedata.normalize("NFC", path).encode("utf-8", "replace")).hexdigest()[:16]


def _join(raw_blocks: tuple[RawBlock, ...]) -> tuple[str, tuple[Block, ...], tuple[Word, ...]]:
    pieces: list[str] = []
    blocks: list[Block] = []
    words: list[Word] = []
    headings: list[tuple[int, str]] = []
    position = 0
    for raw in raw_blocks:
        cleaned = _cleaned(raw)
        if not cleaned:
            continue
        line = " ".join(word for word, _ in cleaned)
        gap = _gap(blocks[-1].kind if blocks else None, raw)
        bullet = _BULLET if raw.kind == "list_item" and not is_numbered(line) else ""
        if raw.kind == "heading":
            headings = [h for h in headings if h[0] < raw.level] + [(raw.level, line)]
        start = position + len(gap)
        end = start + len(bullet) + len(line)
        path = tuple(title for _, title in headings)
        blocks.append(Block(raw.kind, start, end, raw.page, path, raw.row))
        words.extend(_placed(cleaned, start + len(bullet)))
        pieces.extend((gap, bullet, line))
        position = end
    return "".join(pieces), tuple(blocks), tuple(words)


def _cleaned(raw: RawBlock) -> list[tuple[str, tuple[Box, ...]]]:
    found = raw.text.split()
    boxes = raw.word_boxes or ((),) * len(found)
    return [(word, b) for w, b in zip(found, boxes, strict=True) if (word := clean_word(w))]


def _gap(before: str | None, raw: RawBlock) -> str:
    if before is None:
        return ""
    indent = _INDENT * (raw.level - 1) if raw.kind == "list_item" else ""
    together = before == raw.kind and raw.kind in {"list_item", "table_row"}
    return ("\n" if together else "\n\n") + indent


def _placed(cleaned: list[tuple[str, tuple[Box, ...]]], start: int) -> list[Word]:
    placed = []
    for word, boxes in cleaned:
        if boxes:
            placed.append(Word(start, start + len(word), boxes))
        start += len(word) + 1
    return placed


def _first_heading(text: str, blocks: tuple[Block, ...]) -> str | None:
    return next((text[b.start : b.end] for b in blocks if b.kind == "heading"), None)


def _title_from(path: str) -> str:
    return clean(PurePosixPath(path).stem.replace("_", " ").replace("-", " ")) or path
