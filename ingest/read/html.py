"""HTML: the article without the page around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.errors import DamagedFile
from ingest.read.decoding import decode, encoding_warning
from ingest.read.extract import Extract, RawBlock
from ingest.read.html_hidden import remove_hidden
from ingest.read.html_metadata import page_metadata
from ingest.read.html_parts import INLINE, LEFT_OUT, is_left_out, main_part, nested_too_deeply, text_of
from ingest.read.html_tables import definition_blocks, html_table_blocks, is_layout_table
from ingest.read.normalise import superscript
from ingest.read.text import text_blocks

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""",
    re.I,
)
_HEADING = re.compile(r"h[1-6]")


@dataclass(slots=True)
class _List:
    """A list the walk is in. `number` is the next item's, None in a bulleted list."""

    number: int | None


@dataclass(slots=True)
class _Builder:
    """Gathers inline text until a block's edge, then says what kind of block it was."""

    blocks: list[RawBlock] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    item_prefix: str | None = None  # set from an item's start until its first text
    heading: int = 0
    raised: int = 0
    breaks: int = 0

    def text(self, text: str) -> None:
        if text.strip():
            self.breaks = 0
        self.buffer.append(superscript(text) if self.raised else text)

    def line_break(self) -> None:
        self.breaks += 1
        if self.breaks > 1 and not self.heading:
            self.flush()  # two <br> are how older pages part paragraphs
        else:
            self.buffer.append(" ")

    def flush(self) -> None:
        text = "".join(self.buffer)
        self.buffer.clear()
        if not text.strip():
            return
        if self.heading:
            self.blocks.append(RawBlock("heading", text, level=self.heading))
        elif self.item_prefix is not None:
            self.blocks.append(
                RawBlock("list_item", self.item_prefix + text.lstrip(), level=max(1, len(self.lists)))
            )
            self.item_prefix = None
        else:
            self.blocks.append(RawBlock("paragraph", text))


def read(data: bytes, path: str) -> Extract:
    """The blocks of a web page. Raises DamagedFile for binary data or nesting no page needs."""
    text, encoding, guessed = decode(data, _declared_charset(data))
    if text.count("\0") > len(text) / 100:
        raise DamagedFile(path, "HTML", "it holds binary data")
    if nested_too_deeply(text):
        raise DamagedFile(path, "HTML", "its elements are nested too deeply")
    tree = LexborHTMLParser(text)
    remove_hidden(tree)
    body = tree.body
    if body is None:
        return Extract((), page_metadata(tree))
    part = main_part(body)
    blocks = _page_title(body, part) + _blocks_in(part)
    warnings = (encoding_warning(encoding),) if guessed else ()
    return Extract(tuple(blocks), page_metadata(tree), warnings=warnings)


def html_blocks(fragment: str) -> list[RawBlock]:
    """The blocks of a piece of HTML, such as one inside a Markdown file."""
    if nested_too_deeply(fragment):
        return []
    tree = LexborHTMLParser(fragment)
    remove_hidden(tree)
    body = tree.body
    return _blocks_in(body) if body is not None else []


def _declared_charset(data: bytes) -> str | None:
    match = _CHARSET.search(data[:4096])
    if match is None:
        return None
    name = (match[1] or match[2]).decode("ascii").lower()
    # Browsers read "Latin-1" as Windows-1252, so pages that say the one mean the other.
    return "cp1252" if name in {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"} else name


def _page_title(body: LexborNode, part: LexborNode) -> list[RawBlock]:
    """The page's h1 where it stands outside the main part."""
    if part.css_first("h1") is not None:
        return []
    outside = [text_of(h1) for h1 in body.css("h1")]
    return [RawBlock("heading", outside[0], level=1)] if len(outside) == 1 and outside[0].strip() else []


def _blocks_in(root: LexborNode) -> list[RawBlock]:
    """All blocks below `root`. Iterative: a page's nesting may be deeper than Python's stack."""
    builder = _Builder()
    node: LexborNode | None = root.child
    depth = 1
    while node is not None and depth > 0:
        child = node.child if _enter(node, builder) else None
        if child is not None:
            node, depth = child, depth + 1
            continue
        _leave(node, builder)
        while node is not None and node.next is None:
            node, depth = node.parent, depth - 1
            if node is None or depth == 0:
                break
            _leave(node, builder)
        if node is not None and depth > 0:
            node = node.next
    builder.flush()
    return builder.blocks


def _enter(node: LexborNode, builder: _Builder) -> bool:
    """Takes in what begins at `node`; False where its children are not to be walked."""
    tag = node.tag or ""
    if node.is_text_node:
        builder.text(node.text_content or "")
        return False
    if tag in LEFT_OUT or node.is_comment_node or is_left_out(node):
        if tag not in INLINE:
            builder.flush()
        return False
    if tag == "br":
        builder.line_break()
    elif tag == "sup":
        builder.raised += 1
    elif tag not in INLINE:
        builder.flush()
        return _enter_block(tag, node, builder)
    return True


def _enter_block(tag: str, node: LexborNode, builder: _Builder) -> bool:
    if tag == "table" and not is_layout_table(node):
        builder.blocks.extend(html_table_blocks(node))
        return False
    if tag == "dl" and (found := definition_blocks(node)):
        builder.blocks.extend(found)
        return False
    if tag == "pre":
        builder.blocks.extend(text_blocks(text_of(node)))
        return False
    if _HEADING.fullmatch(tag):
        builder.heading = int(tag[1])
    elif tag in {"ul", "menu"}:
        builder.lists.append(_List(None))
    elif tag == "ol":
        start = node.attributes.get("start") or ""
        builder.lists.append(_List(int(start) if start.isascii() and start.isdigit() else 1))
    elif tag == "li":
        builder.item_prefix = _item_prefix(node, builder.lists)
    return True


def _item_prefix(node: LexborNode, lists: list[_List]) -> str:
    if not lists or lists[-1].number is None:
        return ""
    value = node.attributes.get("value") or ""
    number = int(value) if value.isascii() and value.isdigit() else lists[-1].number
    lists[-1].number = number + 1
    return f"{number}. "


def _leave(node: LexborNode, builder: _Builder) -> None:
    tag = node.tag or ""
    if node.is_text_node or tag in LEFT_OUT or node.is_comment_node or tag == "br" or is_left_out(node):
        return
    if tag == "sup":
        builder.raised -= 1
        return
    if tag in INLINE:
        return
    builder.flush()
    if _HEADING.fullmatch(tag):
        builder.heading = 0
    elif tag in {"ul", "menu", "ol"} and builder.lists:
        builder.lists.pop()
    elif tag == "li":
        builder.item_prefix = None
