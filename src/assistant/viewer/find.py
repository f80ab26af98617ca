"""Where a document says something: a reader's search inside it. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.types import Span

LONGEST = 200
"""Characters of a search that count."""

# å, ä and ö are letters of their own in the Nordic languages, and no accent makes another letter.
_ACCENTS = "\u0300\u0301\u0302\u0303\u030c\u0327"
_ALIKE = ("-\u2010\u2011\u2012\u2013\u2014\u2212", "'’‘`´", '"“”„«»')
"""What one key of a keyboard stands for in print."""


def hits(text: str, wanted: str) -> tuple[Span, ...]:
    """Every place in `text` (NFC) that holds the words `wanted`, in order, none overlapping.

    Capitals, accents (é, ò; not the ring of å), the shape of quotation marks and dashes, and the
    width of whitespace do not count."""
    words = unicodedata.normalize("NFC", wanted[:LONGEST]).split()
    if not words:
        return ()
    pattern = r"\s+".join("".join(map(_either, word)) for word in words)
    return tuple(Span(*match.span()) for match in re.finditer(pattern, text, re.IGNORECASE))


@lru_cache(maxsize=1000)
def _either(character: str) -> str:
    """A pattern of all that `character` may stand for."""
    for alike in _ALIKE:
        if character in alike:
            return f"[{re.escape(alike)}]"
    parts = unicodedata.normalize("NFD", character)
    base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _ACCENTS))
    if len(base) != 1:
        return re.escape(character)
    variants = {unicodedata.normalize("NFC", base + accent) for accent in _ACCENTS}
    return f"[{re.escape(base)}{''.join(sorted(one for one in variants if len(one) == 1))}]"
