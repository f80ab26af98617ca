"""The one reader of all formats: a file's bytes become a Document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from assistant.errors import EmptyFile, FileTooLarge, NoText, UnsupportedFile
from assistant.types import Document
from ingest.read import csv_file, excel, html, mail, markdown, pdf, powerpoint, text, word
from ingest.read.assemble import assemble
from ingest.read.extract import Extract
from ingest.read.formats import FORMATS
from ingest.read.sidecar import merge, read_sidecar

_READERS: dict[str, Callable[[bytes, str], Extract]] = {
    "Markdown": markdown.read,
    "text": text.read,
    "HTML": html.read,
    "Word": word.read,
    "PowerPoint": powerpoint.read,
    "CSV": csv_file.read,
    "Excel": excel.read,
    "e-mail": mail.read,
}


def read(
    data: bytes, path: str, sidecar: bytes | None, max_mb: int, ocr_seconds: float
) -> tuple[Document, tuple[str, ...]]:
    """See `ingest.read.read_document`."""
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
    extract = pdf.read(data, path, ocr_seconds) if label == "PDF" else _READERS[label](data, path)
    if beside is not None:
        extract = replace(extract, metadata=merge(beside, extract.metadata))
    document = assemble(extract, path, data, media_type)
    if not document.blocks:
        raise NoText(path)
    return document, extract.warnings
