"""Reading: a file's bytes become a Document. One module a format, one place that assembles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from assistant.errors import EmptyFile, FileTooLarge, NoText, UnsupportedFile
from assistant.types import Document
from ingest.read import html, markdown, pdf, powerpoint, text, word
from ingest.read.assemble import assemble, document_id
from ingest.read.extract import Extract
from ingest.read.sidecar import merge, read_sidecar

__all__ = ["FORMATS", "VERSION", "document_id", "read_document"]

VERSION = 1
"""Part of an index's recipe: raise it when the same file is read in another way."""

FORMATS: dict[str, tuple[str, str]] = {
    ".md": ("Markdown", "text/markdown"),
    ".markdown": ("Markdown", "text/markdown"),
    ".txt": ("text", "text/plain"),
    ".html": ("HTML", "text/html"),
    ".htm": ("HTML", "text/html"),
    ".pdf": ("PDF", "application/pdf"),
    ".docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".pptx": ("PowerPoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
"""Suffix -> (label, media type)."""

_READERS: dict[str, Callable[[bytes, str], Extract]] = {
    "Markdown": markdown.read,
    "text": text.read,
    "HTML": html.read,
    "PDF": pdf.read,
    "Word": word.read,
    "PowerPoint": powerpoint.read,
}


def read_document(
    data: bytes, path: str, sidecar: bytes | None, max_mb: int
) -> tuple[Document, tuple[str, ...]]:
    """The document in `data`, and English sentences about what could not be read.

    `path` is relative to the corpus folder; `sidecar` holds the bytes of `name.yaml`, whose fields
    weigh more than the file's own. Raises a FileError: UnsupportedFile, EmptyFile, FileTooLarge,
    EncryptedFile, DamagedFile, NoText, BadSidecar."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in FORMATS:
        raise UnsupportedFile(path, " ".join(FORMATS))
    if not data:
        raise EmptyFile(path)
    megabytes = len(data) / 1_000_000
    if megabytes > max_mb:
        raise FileTooLarge(path, megabytes, max_mb)
    label, media_type = FORMATS[suffix]
    beside = None if sidecar is None else read_sidecar(sidecar, str(PurePosixPath(path).with_suffix(".yaml")))
    extract = _READERS[label](data, path)
    if beside is not None:
        extract = replace(extract, metadata=merge(beside, extract.metadata))
    document = assemble(extract, path, data, media_type)
    if not document.blocks:
        raise NoText(path)
    return document, extract.warnings
