"""Which files can be read."""

from __future__ import annotations

FORMATS: dict[str, tuple[str, str]] = {
    ".md": ("Markdown", "text/markdown"),
    ".markdown": ("Markdown", "text/markdown"),
    ".txt": ("text", "text/plain"),
    ".html": ("HTML", "text/html"),
    ".htm": ("HTML", "text/html"),
    ".pdf": ("PDF", "application/pdf"),
    ".docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".pptx": ("PowerPoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".csv": ("CSV", "text/csv"),
    ".tsv": ("CSV", "text/tab-separated-values"),
    ".eml": ("e-mail", "message/rfc822"),
}
"""Suffix -> (label, media type)."""
