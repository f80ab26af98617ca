"""What Word and PowerPoint files share: a zip that is checked before anybody unpacks it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import datetime

from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from lxml.etree import LxmlError
from pptx.exc import PythonPptxError

from assistant.errors import DamagedFile, EncryptedFile
from ingest.read.extract import Metadata
from ingest.read.normalise import clean

OFFICE_ERRORS = (
    OpcError,
    PythonDocxError,
    PythonPptxError,
    LxmlError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the two libraries raise on damaged files. They trust a file's XML to be complete, so a missing
element surfaces as whatever Python raises on None."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_BYTES = 500_000_000
_MOST_RATIO = 200
_RATIO_COUNTS_FROM = 50_000_000
_MOST_PARTS = 50_000
# What the two libraries' own templates say of themselves; it is nothing about the document.
_TEMPLATE_AUTHORS = {"python-docx", "Steve Canny"}
_TEMPLATE_TITLES = {"PowerPoint Presentation", "PowerPoint-presentasjon", "Lysbilde 1", "Slide 1"}
_TEMPLATE_DATES = {"2013-12-23", "2013-01-27"}


def check_package(data: bytes, path: str, label: str, part: str) -> None:
    """Raises EncryptedFile or DamagedFile unless `data` is a zip that holds `part` and unpacks to a
    reasonable size: at most 500 MB, and at most 200 times its own size once that is over 50 MB."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise EncryptedFile(path)
        raise DamagedFile(path, label, "it is in the format of Office 97-2003")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
        raise DamagedFile(path, label, "it is not a zip archive, or it is cut off") from error
    if any(info.flag_bits & 1 for info in parts):
        raise EncryptedFile(path)
    size = sum(info.file_size for info in parts)
    bomb = size > _RATIO_COUNTS_FROM and size > _MOST_RATIO * len(data)
    if size > _MOST_BYTES or bomb or len(parts) > _MOST_PARTS:
        raise DamagedFile(path, label, f"it would unpack to {size / 1e6:.0f} MB")
    if not any(info.filename.startswith(part) for info in parts):
        raise DamagedFile(path, label, f"it has no {part}")


def office_metadata(
    title: str, author: str, category: str, language: str, created: datetime | None
) -> Metadata:
    """Core properties as metadata, without what only the program's template says."""
    date = created.date().isoformat() if created is not None else None
    return Metadata(
        title=None if clean(title) in _TEMPLATE_TITLES else clean(title) or None,
        date=None if date in _TEMPLATE_DATES else date,
        publisher=None if clean(author) in _TEMPLATE_AUTHORS else clean(author) or None,
        kind=clean(category) or None,
        language=clean(language) or None,
    )
