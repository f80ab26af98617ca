"""The one place that decides which characters a document's text may hold."""

from __future__ import annotations

import unicodedata

# Expanded by hand instead of with NFKC, which would also flatten "m²" to "m2" and "½" to "1⁄2".
_LIGATURES = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
}

# Letters without a shape, and selectors of a letter's variant, which can carry a text nobody sees.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f") | frozenset(
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _is_dropped(character: str) -> bool:
    # Cc control, Cf format (soft hyphen, zero-width space, BOM, direction marks), Cs lone surrogate;
    # of the unassigned only the noncharacters, which some PDF producers write for a hyphen.
    category = unicodedata.category(character)
    return (
        category in {"Cc", "Cf", "Cs"}
        or character in _INVISIBLE
        or (ord(character) & 0xFFFE) == 0xFFFE
        or 0xFDD0 <= ord(character) <= 0xFDEF
    )


def clean_word(word: str) -> str:
    """One whitespace-free word as it stands in a document: NFC, without invisible characters, with
    ligatures written out. May be empty."""
    if word.isascii() and word.isprintable():
        return word
    kept = "".join(_LIGATURES.get(c, c) for c in word if not _is_dropped(c))
    return unicodedata.normalize("NFC", kept)


def words_of(raw: str) -> list[str]:
    """The words of a raw text, cleaned, empty ones left out."""
    return [word for word in map(clean_word, raw.split()) if word]


def clean(raw: str) -> str:
    """A raw text on one line: words parted by single spaces."""
    return " ".join(words_of(raw))


def superscript(text: str) -> str:
    """`text` with its digits raised, so that "2021" with a note mark 2 does not become "20212".
    Anything that is not all digits stays as it is."""
    stripped = text.strip()
    if stripped.isascii() and stripped.isdigit():
        return text.translate(_SUPERSCRIPTS)
    return text
