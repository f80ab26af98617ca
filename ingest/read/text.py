"""Plain text: paragraphs, lists, and the few headings that are plain to see."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from assistant.errors import DamagedFile
from ingest.read.bullets import after_bullet, is_numbered
from ingest.read.decoding import decode, encoding_warning
from ingest.read.extract import Extract, RawBlock
from ingest.read.tables import cell, table_blocks

_UNDERLINE = re.compile(r"[ \t]*(={3,}|-{3,})[ \t]*")
_RULE = re.compile(r"[ \t]*([-=_*~#])(?:[ \t]*\1){2,}[ \t]*")
_SENTENCE_END = re.compile(r"[.:;,!?…][\"'»”)]*$")
_WIDEST_WRAP = 120
_SHORTEST_WRAP = 30
_LONGEST_HEADING = 80


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines between two blank lines, or one list item, or an underlined heading."""

    kind: str
    lines: tuple[str, ...]
    indent: int = 0
    level: int = 1
    alone: bool = False  # between blank lines

    @property
    def text(self) -> str:
        return " ".join(line.strip() for line in self.lines)


def read(data: bytes, path: str) -> Extract:
    """The blocks of a text file. Raises DamagedFile for bytes that are no text."""
    text, encoding, guessed = decode(data)
    if text.count("\0") > len(text) / 100:
        raise DamagedFile(path, "text", "it holds binary data")
    warnings = (encoding_warning(encoding),) if guessed else ()
    return Extract(tuple(text_blocks(text)), warnings=warnings)


def text_blocks(text: str) -> list[RawBlock]:
    """The blocks of decoded plain text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").expandtabs(8).split("\n")
    width = max((len(line.rstrip()) for line in lines), default=0)
    tabbed = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")
    chunks: list[_Chunk] = []
    for group in _groups(lines, tabbed):
        found = _chunks(group, width)
        chunks.extend([replace(found[0], alone=True)] if len(found) == 1 else found)
    return _blocks(chunks)


def _groups(lines: list[str], tabbed: list[str]) -> list[list[tuple[str, str]]]:
    """Runs of lines between blank lines, each line with and without its tabs spread out."""
    groups: list[list[tuple[str, str]]] = [[]]
    for line, raw in zip(lines, tabbed, strict=False):
        if line.strip():
            groups[-1].append((line, raw))
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _chunks(group: list[tuple[str, str]], width: int) -> list[_Chunk]:
    if _is_tabbed_table([raw for _, raw in group]):
        return [_Chunk("table", tuple(raw for _, raw in group))]
    lines = [line for line, _ in group]
    chunks: list[_Chunk] = []
    run: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        below = lines[position + 1] if position + 1 < len(lines) else ""
        if _is_underlined(line, below):
            chunks.extend(_paragraphs(run, width))
            run = []
            chunks.append(_Chunk("heading", (line,), level=1 if "=" in below else 2))
            position += 2
            continue
        if _RULE.fullmatch(line):
            chunks.extend(_paragraphs(run, width))
            run = []
        elif _begins_item(line):
            chunks.extend(_paragraphs(run, width))
            run = []
            item = [line.lstrip()[after_bullet(line.lstrip()) :]]
            while position + 1 < len(lines) and _continues_item(
                lines[position + 1], lines[position], line, width
            ):
                position += 1
                item.append(lines[position])
            chunks.append(_Chunk("item", tuple(item), indent=_indent(line)))
        else:
            run.append(line)
        position += 1
    return chunks + _paragraphs(run, width)


def _is_tabbed_table(lines: list[str]) -> bool:
    counts = {line.strip().count("\t") for line in lines}
    return len(lines) > 1 and len(counts) == 1 and counts != {0}


def _is_underlined(line: str, below: str) -> bool:
    if not _UNDERLINE.fullmatch(below) or _RULE.fullmatch(line) or _begins_item(line):
        return False
    # A rule under a paragraph runs the page's width; an underline is about as long as its heading.
    return len(line.strip()) <= _LONGEST_HEADING and len(below.strip()) <= len(line.strip()) * 2 + 4


def _begins_item(line: str) -> bool:
    text = line.lstrip()
    return after_bullet(text) > 0 or is_numbered(text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _continues_item(line: str, before: str, first: str, width: int) -> bool:
    if _begins_item(line) or _RULE.fullmatch(line):
        return False
    return _indent(line) > _indent(first) or _is_forced(before, line, width)


def _is_forced(line: str, following: str, width: int) -> bool:
    """Whether the next line's first word would not have fitted on this one."""
    first = following.split(maxsplit=1)[0]
    return width <= _WIDEST_WRAP and len(line.rstrip()) + 1 + len(first) > width * 0.97


def _paragraphs(lines: list[str], width: int) -> list[_Chunk]:
    """A run of plain lines: wrapped lines joined, else a paragraph each."""
    if len(lines) < 2:
        return [_Chunk("paragraph", tuple(lines))] if lines else []
    own = max(len(line.rstrip()) for line in lines)
    measure = width if width <= _WIDEST_WRAP else own
    breaks = [_is_forced(a, b, measure) for a, b in itertools.pairwise(lines)]
    near = [len(a.rstrip()) >= measure * 0.75 for a in lines[:-1]]
    wrapped = measure >= _SHORTEST_WRAP and (
        sum(breaks) >= 0.6 * len(breaks) or (all(near) and _reads_on(lines))
    )
    chunks: list[list[str]] = [[lines[0]]]
    for before, line in itertools.pairwise(lines):
        lower = line.strip()[0].islower()
        if wrapped:
            joins = lower or len(before.rstrip()) + 1 + len(line.split(maxsplit=1)[0]) >= measure * 0.7
        else:
            joins = (
                lower and len(before.strip()) >= _SHORTEST_WRAP and not _SENTENCE_END.search(before.rstrip())
            )
        if joins:
            chunks[-1].append(line)
        else:
            chunks.append([line])
    return [_Chunk("paragraph", tuple(chunk)) for chunk in chunks]


def _reads_on(lines: list[str]) -> bool:
    """Whether most lines end in the middle of a sentence."""
    open_ends = sum(not _SENTENCE_END.search(line.rstrip()) for line in lines[:-1])
    return open_ends * 3 > (len(lines) - 1) * 2


def _blocks(chunks: list[_Chunk]) -> list[RawBlock]:
    blocks: list[RawBlock] = []
    indents: list[int] = []
    for number, chunk in enumerate(chunks):
        following = chunks[number + 1] if number + 1 < len(chunks) else None
        if chunk.kind == "table":
            blocks.extend(table_blocks([[cell(c) for c in line.split("\t")] for line in chunk.lines]))
        elif chunk.kind == "heading":
            blocks.append(RawBlock("heading", chunk.text, level=chunk.level))
        elif _is_heading(chunk, chunks[number - 1] if number else None, following):
            first = not any(block.kind == "heading" for block in blocks) and number == 0
            blocks.append(RawBlock("heading", chunk.text, level=1 if first else 2))
        elif chunk.kind == "item":
            indents = [i for i in indents if i < chunk.indent] + [chunk.indent]
            blocks.append(RawBlock("list_item", chunk.text, level=len(indents)))
            continue
        else:
            blocks.append(RawBlock("paragraph", chunk.text))
        indents = []
    return blocks


def _is_heading(chunk: _Chunk, before: _Chunk | None, following: _Chunk | None) -> bool:
    """A short line by itself, without a full stop, over a paragraph that has one."""
    if not chunk.alone or chunk.kind == "table" or len(chunk.lines) > 1 or following is None:
        return False
    text = chunk.text
    if (
        len(text) > _LONGEST_HEADING
        or _SENTENCE_END.search(text)
        or not (text[0].isupper() or text[0].isdigit())
    ):
        return False
    if chunk.kind == "item":  # "2. Bakgrunn" between paragraphs; a bullet is never a heading
        alone = (before is None or before.kind != "item") and following.kind == "paragraph"
        return alone and text[0].isdigit() and bool(_SENTENCE_END.search(following.text))
    if following.kind in {"item", "table"}:
        return before is None or text.isupper()
    if before is None and following.alone and not _SENTENCE_END.search(following.text):
        return True  # a title over a heading
    lead_in = following.text.endswith(":")
    return (lead_in or len(following.text) > len(text)) and bool(_SENTENCE_END.search(following.text))
