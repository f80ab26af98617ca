"""Reading: a file's bytes become a Document. One module a format, one place that assembles."""

from __future__ import annotations

from assistant.types import Document
from ingest.read.assemble import document_id
from ingest.read.formats import FORMATS
from ingest.read.ocr import is_installed as _has_ocr

__all__ = ["FORMATS", "VERSION", "document_id", "read_document", "recipe"]

VERSION = 3
"""Part of an index's recipe: raise it when the same file is read in another way."""


def recipe() -> str:
    """What decides how a file is read: scans are read anew once Tesseract is there."""
    return f"{VERSION} with text recognition" if _has_ocr() else str(VERSION)


def read_document(
    data: bytes, path: str, sidecar: bytes | None, max_mb: int, ocr_seconds: float = 45.0
) -> tuple[Document, tuple[str, ...]]:
    """The document in `data`, and English sentences about what could not be read.

    `path` is relative to the corpus folder; `sidecar` holds the bytes of `name.yaml`, whose fields
    weigh more than the file's own; `ocr_seconds` is how long text recognition may take in all. Raises
    a FileError: UnsupportedFile, EmptyFile, FileTooLarge, EncryptedFile, DamagedFile, NoText,
    BadSidecar. In this process and without limits; the job reads through `IsolatedReader`."""
    from ingest.read.documents import read  # the parsers take long to import, and the job needs none here

    return read(data, path, sidecar, max_mb, ocr_seconds)
