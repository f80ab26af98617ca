"""What begins an item of a list, in formats that have no lists of their own."""

from __future__ import annotations

import re

_MONTHS = (
    "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|"
    "january|february|march|may|june|july|october|december|marts|maj|januari|februari|augusti"
)

BULLETS = "•‣▪▫●◦○·■□➢➤►▶✓✔❖§*+–—-\uf0b7\uf0a7\uf0d8\uf02d\uf0fc\uf076"
"""Characters that stand for a bullet when a space follows; the last ones are Word's Symbol and Wingdings."""

_BULLET = re.compile(rf"(?:[{re.escape(BULLETS)}]|o(?=\s{{2,}}|\t))\s+(?=\S)")
_NUMBER = re.compile(
    rf"(?:\d{{1,3}}[.)]|[a-z]\)|\((?:\d{{1,2}}|[a-z])\))\s+(?!(?:{_MONTHS})\b)(?=\S)", re.IGNORECASE
)


def after_bullet(text: str) -> int:
    """Where the item's text begins behind a bullet; 0 where `text` begins with none."""
    match = _BULLET.match(text)
    return match.end() if match else 0


def is_numbered(text: str) -> bool:
    """Whether `text` begins with an item's number: "1. ", "2) ", "a) ", "(b) ", but not "3. mai"."""
    return bool(_NUMBER.match(text))
