"""An overview on the terminal: how far it has come, and its table as text."""

from __future__ import annotations

import shutil
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import TextIO, TypedDict

from assistant.errors import CannotWrite
from assistant.overview import Begun, Event, Progress
from assistant.overview.export import Format, exported, place
from assistant.phrases import written_date
from assistant.types import Citation, Language, Overview

_BAR = 24
_LINES = 10
"""In a log a run says so many times how far it has come."""


class _Words(TypedDict):
    reads: str
    renewed: str
    found: str
    page: str
    slide: str
    row: str
    more: str


_WORDS: dict[Language, _Words] = {
    "nb": {
        "reads": "Leser {total} dokumenter etter: {asked} (oversikt {id})",
        "renewed": "Indeksen er endret siden sist: {renewed} dokumenter er nye eller endret og leses på nytt.",
        "found": "med funn",
        "page": "side",
        "slide": "lysbilde",
        "row": "rad",
        "more": "+{more} flere",
    },
    "nn": {
        "reads": "Les {total} dokument etter: {asked} (oversyn {id})",
        "renewed": "Indeksen er endra sidan sist: {renewed} dokument er nye eller endra og blir lesne på nytt.",
        "found": "med funn",
        "page": "side",
        "slide": "lysbilete",
        "row": "rad",
        "more": "+{more} fleire",
    },
    "en": {
        "reads": "Reading {total} documents for: {asked} (overview {id})",
        "renewed": "The index has changed since: {renewed} documents are new or changed and are read anew.",
        "found": "with findings",
        "page": "page",
        "slide": "slide",
        "row": "row",
        "more": "+{more} more",
    },
}


def follow(events: Generator[Event, None, None], to: TextIO, language: Language) -> Overview:
    """Show on `to` how the run comes on, as a bar on a terminal and as a few lines elsewhere. However this
    ends, `events` is closed, so that a run which is broken off counts as stopped."""
    words, speed = _WORDS[language], _Speed()
    with closing(events):
        for event in events:
            if isinstance(event, Begun):
                to.write(words["reads"].format(total=event.total, asked=event.asked, id=event.id) + "\n")
                if event.renewed:
                    to.write(words["renewed"].format(renewed=event.renewed) + "\n")
            elif isinstance(event, Progress):
                speed.add()
                done, total = event.coverage.total - event.coverage.waiting, event.coverage.total
                state = f"{done}/{total}, {event.coverage.with_findings} {words['found']}, {speed.per_second():.1f}/s"
                if to.isatty():
                    to.write(_bar(done, total, f"{state}  {event.document.title}"))
                elif done == total or done % max(1, total // _LINES) == 0:
                    to.write(f"{state}\n")
            elif isinstance(event, Overview):
                if to.isatty():
                    to.write("\n")
                return event
            to.flush()
    raise AssertionError("a run ends with an overview")


class _Speed:
    """Documents a second since it was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._count = 0

    def add(self) -> None:
        self._count += 1

    def per_second(self) -> float:
        return self._count / max(time.monotonic() - self._began, 1e-6)


def _bar(done: int, total: int, state: str) -> str:
    """A line in the place of the one before."""
    filled = _BAR * done // total
    line = f"[{'#' * filled}{'.' * (_BAR - filled)}] {state}"
    width = shutil.get_terminal_size().columns - 1
    return f"\r{line[:width]:<{width}}"


def write(overview: Overview, file: Path, format: Format) -> Path:
    """The file. Raises CannotWrite."""
    try:
        file.write_bytes(exported(overview, format))
    except OSError as error:
        raise CannotWrite(str(file), error.strerror or "") from error
    return file


def shown(overview: Overview, written: Sequence[Path] = ()) -> str:
    """The table, or where it was written instead; then the coverage, and what is to be known of single
    documents."""
    table = _table(overview) if not written else [f"→ {file}" for file in written]
    remarks = [f"- {one.title}: {one.reason}" for one in overview.documents if one.reason]
    return "\n".join([*table, overview.text, *remarks])


def _table(overview: Overview) -> list[str]:
    words = _WORDS[overview.language]
    citations = {citation.number: citation for citation in overview.citations}
    documents = {one.document_id: one for one in overview.documents}
    lines = []
    for id, findings in groupby(overview.findings, key=lambda finding: finding.document_id):
        document = documents[id]
        dated = f" ({written_date(overview.language, document.date)})" if document.date else ""
        lines.append(f"{document.title}{dated}")
        for finding in findings:
            cited = [citations[number] for number in finding.citations]
            places = ", ".join(filter(None, (_where(words, citation) for citation in cited)))
            lines.append(f"  [{cited[0].number}] {finding.text}" + (f" ({places})" if places else ""))
        if document.more:
            lines.append(f"  {words['more'].format(more=document.more)}")
        lines.append("")
    return lines


def _where(words: _Words, citation: Citation) -> str:
    shown = place(citation)
    if shown is None:
        return ""
    if citation.page is None:
        return f"{words['row']} {shown}"
    slides = citation.media_type.endswith("presentationml.presentation")
    return f"{words['slide'] if slides else words['page']} {shown}"
