"""What lies in the corpus folder, and what of it is new since the last generation."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import NoSuchFolder
from ingest.read import document_id

_SIDECAR = (".yaml", ".yml")
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".swp")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read. `path` is relative to the corpus, with `/`; `file` is where it lies."""

    path: str
    file: Path
    sidecar: Path | None
    size: int

    @property
    def id(self) -> str:
        return document_id(self.path)


@dataclass(frozen=True, slots=True)
class Changes:
    """`added` and `changed` are to be read; `removed` are ids of documents that are gone."""

    added: tuple[Found, ...]
    changed: tuple[Found, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def find_changes(
    corpus: Path, before: Mapping[str, tuple[str, str]], anew: bool, only: Sequence[Path] = ()
) -> Changes:
    """Compare the folder with the fingerprints of the generation before, by content.

    `anew` says that nothing of that generation can be kept: every file counts as changed or added.
    Otherwise `only` may name files and folders in the corpus; all others are left as they are."""
    added: list[Found] = []
    changed: list[Found] = []
    unchanged: list[str] = []
    seen: set[str] = set()
    limits = () if anew else [path.resolve() for path in only]
    for found in scan(corpus):
        seen.add(found.id)
        if limits and not any(found.file.is_relative_to(limit) for limit in limits):
            if found.id in before:
                unchanged.append(found.id)
        elif found.id not in before:
            added.append(found)
        elif anew or _differs(found, before[found.id]):
            changed.append(found)
        else:
            unchanged.append(found.id)
    removed = () if limits else tuple(id for id in before if id not in seen)
    return Changes(tuple(added), tuple(changed), tuple(unchanged), removed)


def scan(corpus: Path) -> Iterator[Found]:
    """Every file that is a document, by path. Hidden, temporary and half-copied files are passed over,
    and so are links that lead out of the folder."""
    if not corpus.is_dir():
        raise NoSuchFolder(str(corpus))
    root = corpus.resolve()
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        present = set(names)
        for name in sorted(names):
            file = Path(folder, name)
            if _passed_over(name) or _is_sidecar(name, present) or not _inside(file, root):
                continue
            path = _unicode(file.relative_to(root).as_posix())
            yield Found(path, file, _sidecar_of(file, present), file.stat().st_size)


def _unicode(path: str) -> str:
    """A name that is not UTF-8, as in archives from old systems, is taken for Latin-1."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("latin-1")
    return path


def _differs(found: Found, before: tuple[str, str]) -> bool:
    try:
        return fingerprint(found) != before
    except OSError:
        return True  # reading it will tell what is wrong


def fingerprint(found: Found) -> tuple[str, str]:
    """The sha256 of the file and of its sidecar ("" without one)."""
    return _sha256(found.file), _sha256(found.sidecar) if found.sidecar else ""


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _passed_over(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith("~") or name.lower().endswith(_UNFINISHED)


def _is_sidecar(name: str, present: set[str]) -> bool:
    """`report.yaml` beside `report.pdf`, or `report.pdf.yaml`."""
    stem, suffix = os.path.splitext(name)
    if suffix.lower() not in _SIDECAR:
        return False
    return any(other != name and (other == stem or os.path.splitext(other)[0] == stem) for other in present)


def _sidecar_of(file: Path, present: set[str]) -> Path | None:
    for name in (file.name, file.stem):
        for suffix in _SIDECAR:
            if name + suffix in present and name + suffix != file.name:
                return file.with_name(name + suffix)
    return None


def _inside(file: Path, root: Path) -> bool:
    return file.is_file() and file.resolve().is_relative_to(root)
