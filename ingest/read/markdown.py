"""Markdown, through markdown-it's tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.errors import DamagedFile
from ingest.read.decoding import decode, encoding_warning
from ingest.read.extract import Extract, Metadata, RawBlock
from ingest.read.html import html_blocks
from ingest.read.html_hidden import hides
from ingest.read.normalise import superscript
from ingest.read.sidecar import read_front_matter
from ingest.read.tables import Cell, cell, table_blocks
from ingest.read.text import text_blocks

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_OPENED = re.compile(r"\s*<([A-Za-z][A-Za-z0-9]*)\b[^>]*>")
_DEEPEST = 60
_TASK = re.compile(r"\[[ xX]\]\s+")


@dataclass(slots=True)
class _State:
    """Where the walk over the tokens is."""

    blocks: list[RawBlock] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)  # the next number, None in a bulleted list
    item_open: bool = False  # the next inline text is an item's first
    heading: int = 0
    rows: list[list[Cell]] = field(default_factory=list)
    in_table: bool = False
    hidden: str = ""  # the element around that hides what is in it


def read(data: bytes, path: str) -> Extract:
    """The blocks of a Markdown file, without its front matter and comments."""
    text, encoding, guessed = decode(data)
    if text.count("\0") > len(text) / 100:
        raise DamagedFile(path, "Markdown", "it holds binary data")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    metadata = Metadata()
    if match := _FRONT_MATTER.match(text):
        metadata = read_front_matter((match[1] or "").encode("utf-8", "replace"), path)
        text = text[match.end() :]
    warnings = (encoding_warning(encoding),) if guessed else ()
    # What is nested beyond all reason comes out empty; as plain text it can at least be found.
    blocks = markdown_blocks(text) or text_blocks(_COMMENT.sub("", text))
    return Extract(tuple(blocks), metadata, warnings=warnings)


def markdown_blocks(text: str) -> list[RawBlock]:
    """The blocks of Markdown text."""
    state = _State()
    for token in (
        MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"]).parse(text)
    ):
        _take(token, state)
    return state.blocks


def _hidden_by(html: str, hidden: str) -> str:
    """The name of the element that hides what comes after `html`, "" where none does. `hidden` is the one
    that hid what came before."""
    if hidden:
        return "" if f"</{hidden}" in html.lower() else hidden
    opened = _OPENED.match(html)
    if opened is None or f"</{opened[1]}" in html.lower():
        return ""
    return opened[1].lower() if hides(opened[0]) else ""


def _take(token: Token, state: _State) -> None:
    if token.type == "html_block" or state.hidden:
        before = state.hidden
        state.hidden = _hidden_by(token.content if token.type == "html_block" else "", before)
        if before:
            return
    match token.type:
        case "heading_open":
            state.heading = int(token.tag[1:])
        case "heading_close":
            state.heading = 0
        case "bullet_list_open":
            state.lists.append(None)
        case "ordered_list_open":
            state.lists.append(int(token.attrs.get("start", 1)))
        case "bullet_list_close" | "ordered_list_close":
            state.lists.pop()
            state.item_open = False
        case "list_item_open":
            state.item_open = True
        case "list_item_close":
            _close_item(state)
        case "table_open":
            state.rows, state.in_table = [], True
        case "tr_open":
            state.rows.append([])
        case "table_close":
            state.blocks.extend(table_blocks(state.rows, header_rows=_header_rows(state.rows)))
            state.in_table = False
        case "inline":
            _take_text(_inline_text(token.children or []), state)
        case "fence" | "code_block":
            for line in token.content.split("\n"):
                _take_text(line, state)
        case "html_block":
            state.blocks.extend(html_blocks(_COMMENT.sub("", token.content)))
        case _:
            pass


def _header_rows(rows: list[list[Cell]]) -> int:
    # Markdown cannot leave the names out; people leave them empty instead.
    return 1 if rows and any(c.words for c in rows[0]) else 0


def _close_item(state: _State) -> None:
    state.item_open = False
    if state.lists and state.lists[-1] is not None:
        state.lists[-1] += 1


def _take_text(text: str, state: _State) -> None:
    if state.in_table:
        state.rows[-1].append(cell(text))
    elif not text.strip():
        return
    elif state.heading:
        state.blocks.append(RawBlock("heading", text, level=state.heading))
    elif state.item_open and state.lists:
        number = state.lists[-1]
        prefix = "" if number is None else f"{number}. "
        state.blocks.append(
            RawBlock("list_item", prefix + _TASK.sub("", text, count=1), level=len(state.lists))
        )
        state.item_open = False
    else:
        state.blocks.append(RawBlock("paragraph", text))


def _inline_text(children: list[Token]) -> str:
    """The text as a reader sees it: of a link its text."""
    parts: list[str] = []
    raised = False
    hidden = ""
    for child in children:
        if child.type == "html_inline" or hidden:
            hidden = _hidden_by(child.content if child.type == "html_inline" else "", hidden)
            if hidden:
                continue
        match child.type:
            case "text" | "code_inline" | "text_special":
                parts.append(superscript(child.content) if raised else child.content)
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "html_inline":
                raised = child.content.lower().startswith("<sup")
                if child.content.lower().startswith("<br"):
                    parts.append("\n")
            case _:
                pass  # a picture's description among them: it is read where the picture is not seen
    return "".join(parts)
