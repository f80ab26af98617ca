"""Bytes of a text file to text, whatever it was saved as."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The bytes that cp1252 has no character for.
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_MAC_NORWEGIAN = re.compile(rb"[a-zA-Z][\x8c\xbf\xbe]|[\x8c\xbf\xbe][a-z]")
_WINDOWS_NORWEGIAN = re.compile(rb"[\xe5\xf8\xe6\xc5\xd8\xc6\xe4\xf6\xe9]")


def decode(data: bytes, declared: str | None = None) -> tuple[str, str, bool]:
    """The text, the encoding's name, and whether the encoding was a guess.

    A byte order mark decides; then UTF-8 if the bytes are valid UTF-8; then `declared` (what the
    file says of itself); then UTF-16 without a mark; then the encodings of older Norwegian files:
    Mac Roman where its æøå are what the bytes mean, else Windows-1252, which holds all of Latin-1."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return (
                data[len(mark) :].decode("utf-8", "replace")
                if encoding == "utf-8"
                else data.decode(encoding, "replace"),
                encoding,
                False,
            )
    wide = _wide_encoding(data)
    if wide is not None:
        return data.decode(wide, "replace"), wide, True
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        pass
    if declared is not None:
        try:
            return data.decode(declared), declared.lower(), False
        except (LookupError, UnicodeError):
            pass
    return _legacy(data)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a byte order mark shows as a zero in every other byte."""
    sample = data[:4000]
    if len(sample) < 8 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.6 * half and even < 0.2 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.2 * half:
        return "utf-16-be"
    return None


def _legacy(data: bytes) -> tuple[str, str, bool]:
    if len(_MAC_NORWEGIAN.findall(data)) > len(_WINDOWS_NORWEGIAN.findall(data)):
        return data.decode("mac_roman"), "mac_roman", True
    if _NOT_CP1252.search(data):
        return data.decode("latin-1"), "latin-1", True
    return data.decode("cp1252"), "windows-1252", True


def encoding_warning(encoding: str) -> str:
    """What the user is told of a guessed encoding."""
    return f"the file does not say its encoding; it was read as {encoding}"
