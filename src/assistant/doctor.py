"""`assistant doctor`: looks at everything that the service needs, and says what is wrong and the way out."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from assistant.access.keys import Keys
from assistant.api.caller import is_loopback
from assistant.errors import AssistantError, NoSuchFolder, UnreadableFolder
from assistant.open import open_assistant, open_chat
from assistant.settings import Settings
from assistant.types import Filters, Language

Verdict = Literal["ok", "note", "wrong"]

_LEAST_FREE = 1_000_000_000
"""Bytes: a generation is a copy of the one before."""

_TEXTS: dict[Language, dict[str, str]] = {
    "nb": {
        "corpus": "Dokumentmappen {folder} kan leses.",
        "corpus_read_only": "Dokumentmappen {folder} kan leses, men ikke endres: opplasting og sletting virker ikke.",
        "data": "Datamappen {folder} kan skrives; {free:.1f} GB er ledig.",
        "data_small": "Datamappen {folder} har bare {free:.1f} GB ledig. Hver innlesing lager en ny generasjon av indeksen.",
        "data_closed": "Datamappen {folder} kan ikke skrives. Gi den som kjører tjenesten lov, eller sett ASSISTANT_DATA_DIR.",
        "index": "Indeksen er åpen: generasjon {name}, {documents} dokumenter, {passages} passasjer.",
        "search": "Et søk finner det det skal.",
        "search_wrong": "Et søk etter tittelen «{title}» finner ikke dokumentet. Les inn på nytt med «python -m ingest».",
        "model": "Språkmodellen {model} svarer.",
        "no_model": "Ingen språkmodell: svarene er sitater.",
        "silent": "Språkmodellen {model} svarer med ingenting. Velg en annen.",
        "keys": "Nøkkelfilen {file} er i orden: {count} nøkler.",
        "no_keys": "Ingen nøkler: bare denne maskinen kan spørre, og ingen kan laste opp.",
        "everybody": "Alle som når {host}, kan spørre og lese dokumentene uten nøkkel (ASSISTANT_ANONYMOUS).",
        "nobody": "Tjenesten lytter på {host}, men ingen utenfor denne maskinen slipper inn. Lag nøkler, eller sett ASSISTANT_ANONYMOUS.",
        "ocr": "Tesseract er her, med norsk: skannede sider kan leses.",
        "no_ocr": "Tesseract mangler, eller norsk i den: skannede sider blir ikke lest (tesseract-ocr og tesseract-ocr-nor).",
        "port": "Porten {port} er ledig.",
        "port_taken": "Porten {port} er i bruk, kanskje av tjenesten selv.",
    },
    "nn": {
        "corpus": "Dokumentmappa {folder} kan lesast.",
        "corpus_read_only": "Dokumentmappa {folder} kan lesast, men ikkje endrast: opplasting og sletting verkar ikkje.",
        "data": "Datamappa {folder} kan skrivast; {free:.1f} GB er ledig.",
        "data_small": "Datamappa {folder} har berre {free:.1f} GB ledig. Kvar innlesing lagar ein ny generasjon av indeksen.",
        "data_closed": "Datamappa {folder} kan ikkje skrivast. Gi den som køyrer tenesta lov, eller set ASSISTANT_DATA_DIR.",
        "index": "Indeksen er open: generasjon {name}, {documents} dokument, {passages} passasjar.",
        "search": "Eit søk finn det det skal.",
        "search_wrong": "Eit søk etter tittelen «{title}» finn ikkje dokumentet. Les inn på nytt med «python -m ingest».",
        "model": "Språkmodellen {model} svarar.",
        "no_model": "Ingen språkmodell: svara er sitat.",
        "silent": "Språkmodellen {model} svarar med ingenting. Vel ein annan.",
        "keys": "Nøkkelfila {file} er i orden: {count} nøklar.",
        "no_keys": "Ingen nøklar: berre denne maskina kan spørje, og ingen kan laste opp.",
        "everybody": "Alle som når {host}, kan spørje og lese dokumenta utan nøkkel (ASSISTANT_ANONYMOUS).",
        "nobody": "Tenesta lyttar på {host}, men ingen utanfor denne maskina slepp inn. Lag nøklar, eller set ASSISTANT_ANONYMOUS.",
        "ocr": "Tesseract er her, med norsk: skanna sider kan lesast.",
        "no_ocr": "Tesseract manglar, eller norsk i han: skanna sider blir ikkje lesne (tesseract-ocr og tesseract-ocr-nor).",
        "port": "Porten {port} er ledig.",
        "port_taken": "Porten {port} er i bruk, kanskje av tenesta sjølv.",
    },
    "en": {
        "corpus": "The documents' folder {folder} can be read.",
        "corpus_read_only": "The documents' folder {folder} can be read but not changed: uploading and deleting do not work.",
        "data": "The data folder {folder} can be written; {free:.1f} GB are free.",
        "data_small": "The data folder {folder} has only {free:.1f} GB free. Each ingestion makes a new generation of the index.",
        "data_closed": "The data folder {folder} cannot be written. Let whoever runs the service, or set ASSISTANT_DATA_DIR.",
        "index": "The index is open: generation {name}, {documents} documents, {passages} passages.",
        "search": "A search finds what it should.",
        "search_wrong": "A search for the title '{title}' does not find the document. Ingest again with 'python -m ingest'.",
        "model": "The language model {model} answers.",
        "no_model": "No language model: answers are quotes.",
        "silent": "The language model {model} answers nothing. Choose another.",
        "keys": "The file of keys {file} is in order: {count} keys.",
        "no_keys": "No keys: only this machine can ask, and nobody can upload.",
        "everybody": "Everybody who reaches {host} can ask and read the documents without a key (ASSISTANT_ANONYMOUS).",
        "nobody": "The service listens on {host}, but nobody outside this machine is let in. Make keys, or set ASSISTANT_ANONYMOUS.",
        "ocr": "Tesseract is here, with Norwegian: scanned pages can be read.",
        "no_ocr": "Tesseract is missing, or Norwegian in it: scanned pages are not read (tesseract-ocr and tesseract-ocr-nor).",
        "port": "The port {port} is free.",
        "port_taken": "The port {port} is in use, perhaps by the service itself.",
    },
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and that in words."""

    check: str
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class _Said:
    verdict: Verdict
    key: str
    values: dict[str, object]


def examine(settings: Settings) -> Iterator[Finding]:
    """One finding or more a check, as they are made. A check that fails is a finding; the others go on."""
    texts = _TEXTS[settings.language]
    for name, check in _CHECKS.items():
        try:
            for said in check(settings):
                yield Finding(name, said.verdict, texts[said.key].format_map(said.values))
        except AssistantError as error:
            yield Finding(name, "wrong", error.message(settings.language))


def _corpus(settings: Settings) -> Iterator[_Said]:
    """The folder is opened: what its mode promises, a share or a mount may not keep."""
    folder = settings.corpus_dir
    try:
        with os.scandir(f"{folder}/.") as entries:  # by way of itself: it takes the right to go in, too
            next(entries, None)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoSuchFolder(str(folder)) from error
    except OSError as error:
        raise UnreadableFolder(str(folder), error.strerror or str(error)) from error
    writable = _may(folder, os.W_OK | os.X_OK)
    yield _Said("ok" if writable else "note", "corpus" if writable else "corpus_read_only", {"folder": folder})


def _data(settings: Settings) -> Iterator[_Said]:
    folder = settings.data_dir
    there = next(one for one in (folder, *folder.absolute().parents) if os.path.exists(one))
    free = shutil.disk_usage(there).free
    values: dict[str, object] = {"folder": folder, "free": free / 1e9}
    if not _may(there, os.R_OK | os.W_OK | os.X_OK):
        yield _Said("wrong", "data_closed", values)
    elif free < _LEAST_FREE:
        yield _Said("note", "data_small", values)
    else:
        yield _Said("ok", "data", values)


def _may(folder: Path, mode: int) -> bool:
    """Whether whoever this runs for may: the files are opened with the effective rights."""
    return os.access(folder, mode, effective_ids=True)


def _index(settings: Settings) -> Iterator[_Said]:
    """The models are opened too: a question needs them all."""
    assistant = open_assistant(settings.model_copy(update={"chat_model": "none"}))
    with closing(assistant.index):
        with assistant.index.reading() as generation:
            manifest, sources = generation.manifest, list(generation.sources.values())
            yield _Said(
                "ok",
                "index",
                {"name": generation.name, "documents": manifest.documents, "passages": manifest.passages},
            )
        for source in islice((one for one in sources if one.passages), 1):
            title = source.title[: settings.max_question_chars]
            hits = assistant.search(title, 20, Filters(), None).hits
            if any(hit.source.title == source.title for hit in hits):
                yield _Said("ok", "search", {})
            else:
                yield _Said("wrong", "search_wrong", {"title": title})


def _model(settings: Settings) -> Iterator[_Said]:
    """A word of it is asked for: an address alone says nothing."""
    chat = open_chat(settings)
    if chat is None:
        yield _Said("ok", "no_model", {})
        return
    pieces = chat.stream("Svar med ett ord.", "Hei!")
    said = next(pieces, "")
    with suppress(AttributeError):
        pieces.close()  # type: ignore[attr-defined]
    yield _Said("ok" if said else "wrong", "model" if said else "silent", {"model": chat.name})


def _access(settings: Settings) -> Iterator[_Said]:
    count = 0
    if settings.api_keys_file is None:
        yield _Said("note", "no_keys", {})
    else:
        count = len(Keys(settings.api_keys_file).all())
        yield _Said("ok" if count else "note", "keys", {"file": settings.api_keys_file, "count": count})
    if not is_loopback(settings.host) and settings.anonymous == "reader":
        yield _Said("note", "everybody", {"host": settings.host})
    elif not is_loopback(settings.host) and not count:
        yield _Said("note", "nobody", {"host": settings.host})


def _reading(settings: Settings) -> Iterator[_Said]:
    program = shutil.which("tesseract")
    known: list[str] = []
    if program is not None:
        with suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
            known = done.stdout.split()
    yield _Said("ok", "ocr", {}) if "nor" in known else _Said("note", "no_ocr", {})


def _port(settings: Settings) -> Iterator[_Said]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError:
        yield _Said("note", "port_taken", {"port": settings.port})
    else:
        yield _Said("ok", "port", {"port": settings.port})


_CHECKS: dict[str, Callable[[Settings], Iterator[_Said]]] = {
    "corpus": _corpus,
    "data": _data,
    "index": _index,
    "model": _model,
    "access": _access,
    "reading": _reading,
    "port": _port,
}
