"""What lies in the corpus folder, and what of it is new since the last generation."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.catalogue import Known
from assistant.errors import FileError, NameTwice, NoSuchFolder, UnreadableFolder
from ingest.read import document_id

_SIDECAR = (".yaml", ".yml")
_UNFINISHED = (
    ".part", ".partial", ".filepart", ".crdownload", ".opdownload", ".download", ".tmp", ".temp", ".swp", ".swx",
)  # fmt: skip
WEB_LIST = "sources.yaml"
"""In the corpus folder itself: what is to be fetched from the web."""
_NO_DOCUMENTS = ("thumbs.db", "desktop.ini")  # file managers leave them in every folder of a share


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read. `path` is relative to the corpus, with `/`; `file` is where it lies."""

    path: str
    file: Path
    sidecar: Path | None
    size: int
    modified: float = 0.0

    @property
    def id(self) -> str:
        return document_id(self.path)


@dataclass(frozen=True, slots=True)
class Listing:
    """`wrong` has what could not be looked at, by path; a folder's path ends in `/`."""

    found: tuple[Found, ...]
    wrong: tuple[tuple[str, FileError], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """`added` and `changed` are to be read; `removed` are ids of documents that are gone, and `moved` of them have
    come back under another name. `apart` are ids, some of the unchanged, that were not looked at; `hidden` are those
    of documents in folders that cannot be listed now."""

    added: tuple[Found, ...]
    changed: tuple[Found, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    moved: int = 0
    apart: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    wrong: tuple[tuple[str, FileError], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def find_changes(
    corpus: Path,
    before: Mapping[str, Known],
    anew: bool,
    only: Sequence[Path] = (),
    beside: Mapping[str, Path] | None = None,
) -> Changes:
    """Compare the folder with what the generation before knows of it, by content.

    `anew` says that nothing of that generation can be kept: every file counts as changed or added.
    Otherwise `only` may name files and folders in the corpus; all others are left as they are. `beside` are folders
    whose documents are put under the names they have there."""
    sorted_out = _Sorting(before, anew)
    root = corpus.resolve()
    limits = () if anew else tuple(_relative(path, root) for path in only)
    listing = look(corpus)
    for name, folder in (beside or {}).items():
        listing = _joined(listing, name, look(folder)) if folder.is_dir() else listing
    for found in listing.found:
        if _within(found.path, limits):
            sorted_out.take(found)
    unlisted = tuple(path for path, _ in listing.wrong if path.endswith("/"))
    gone = [id for id, known in before.items() if id not in sorted_out.seen and _within(known.path, limits)]
    hidden = tuple(id for id in gone if _composed(before[id].path).startswith(unlisted)) if unlisted else ()
    apart = tuple(id for id, known in before.items() if not _within(known.path, limits)) if limits else ()
    removed = tuple(id for id in gone if id not in hidden)
    return Changes(
        added=tuple(sorted_out.added),
        changed=tuple(sorted_out.changed),
        unchanged=(*sorted_out.unchanged, *apart),
        removed=removed,
        moved=_moved(before, removed, sorted_out),
        apart=apart,
        hidden=hidden,
        wrong=listing.wrong,
    )


@dataclass(slots=True)
class _Sorting:
    """Files by what has become of them."""

    before: Mapping[str, Known]
    anew: bool
    added: list[Found] = field(default_factory=list)
    changed: list[Found] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def take(self, found: Found) -> None:
        id = found.id
        self.seen.add(id)
        known = self.before.get(id)
        if known is None:
            self.added.append(found)
        elif self.anew or self._differs(found, known):
            self.changed.append(found)
        else:
            self.unchanged.append(id)

    def _differs(self, found: Found, known: Known) -> bool:
        try:
            return fingerprint_of(found) != (known.sha256, known.sidecar_sha256)
        except OSError:
            return True  # reading it will tell what is wrong


def _moved(before: Mapping[str, Known], removed: Sequence[str], sorted_out: _Sorting) -> int:
    """How many of the removed files lie elsewhere with the same content."""
    gone = Counter(before[id].sha256 for id in removed)
    count = 0
    for found in sorted_out.added if gone else ():
        try:
            content, _ = fingerprint_of(found)
        except OSError:
            continue
        if gone[content] > 0:
            gone[content] -= 1
            count += 1
    return count


def _relative(path: Path, root: Path) -> str:
    """A path as documents' paths are written, "" for the corpus itself."""
    relative = _plain(path.resolve().relative_to(root).as_posix())
    return "" if relative == "." else relative


def _joined(listing: Listing, name: str, more: Listing) -> Listing:
    found = [replace(one, path=f"{name}/{one.path}") for one in more.found]
    wrong = [(f"{name}/{path}", error) for path, error in more.wrong]
    return Listing((*listing.found, *found), (*listing.wrong, *wrong))


def _within(path: str, limits: Sequence[str]) -> bool:
    path = _composed(path)
    return not limits or any(not limit or path == limit or path.startswith(f"{limit}/") for limit in limits)


# --- the folder ---------------------------------------------------------------------------------


def scan(corpus: Path) -> Iterator[Found]:
    """Every file that is a document, by path."""
    yield from look(corpus).found


def look(corpus: Path) -> Listing:
    """Every file that is a document, by path, and what could not be looked at. Hidden, temporary and half-copied
    files are passed over, and so are links that lead out of the folder."""
    if not corpus.is_dir():
        raise NoSuchFolder(str(corpus))
    root = corpus.resolve()
    found: dict[str, Found] = {}
    wrong: list[tuple[str, FileError]] = []

    def unlisted(error: OSError) -> None:
        path = _plain(Path(error.filename).relative_to(root).as_posix())
        if path == ".":
            raise NoSuchFolder(str(corpus)) from error
        wrong.append((f"{path}/", UnreadableFolder(path, error.strerror or "")))

    for folder, subfolders, names in os.walk(root, onerror=unlisted):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        sidecars = _sidecars(names)
        for name in sorted(names):
            if _passed_over(name) or name in sidecars.all or (name == WEB_LIST and Path(folder) == root):
                continue
            one = _found(root, Path(folder, name), sidecars)
            if one is None:
                continue
            other = found.setdefault(one.id, one)
            if other is not one:  # å composed and å as a + ring may stand side by side in a folder
                found[one.id], lesser = (one, other) if _is_composed(name) else (other, one)
                if not _same_content(one, other):
                    wrong.append((lesser.path, NameTwice(lesser.path)))
    return Listing(tuple(found.values()), tuple(wrong))


def _found(root: Path, file: Path, sidecars: _Sidecars) -> Found | None:
    """None for what is no file, leads out of the folder, or has gone meanwhile."""
    try:
        if not (file.is_file() and file.resolve().is_relative_to(root)):
            return None
        stat = file.stat()
    except OSError:
        return None
    sidecar = sidecars.beside.get(_plain(file.name)) or sidecars.beside.get(_plain(file.stem))
    path = _unicode(file.relative_to(root).as_posix())
    return Found(path, file, file.with_name(sidecar) if sidecar else None, stat.st_size, stat.st_mtime)


@dataclass(frozen=True, slots=True)
class _Sidecars:
    """Of a folder: `beside` has them by the name, whole or without its ending, of what they stand beside."""

    beside: dict[str, str]
    all: frozenset[str]


def _sidecars(names: Sequence[str]) -> _Sidecars:
    """`report.yaml` beside `report.pdf`, or `report.pdf.yaml`."""
    whole = {_plain(name) for name in names}
    stems = Counter(_plain(os.path.splitext(name)[0]) for name in names)
    beside: dict[str, str] = {}
    every = []
    for name in sorted(names, reverse=True):  # of two, `.yaml` counts before `.yml`
        stem, suffix = os.path.splitext(name)
        stem = _plain(stem)
        if suffix.lower() in _SIDECAR and (stem in whole or stems[stem] > 1):
            beside[stem] = name
            every.append(name)
    return _Sidecars(beside, frozenset(every))


def _plain(name: str) -> str:
    """A name as it is compared: however å is written."""
    return _composed(_unicode(name))


def _composed(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _is_composed(name: str) -> bool:
    return _plain(name) == name


def _same_content(one: Found, other: Found) -> bool:
    try:
        return fingerprint_of(one) == fingerprint_of(other)
    except OSError:
        return False


def _unicode(path: str) -> str:
    """A name that is not UTF-8, as in archives from old systems, is taken for Latin-1."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("latin-1")
    return path


def fingerprint_of(found: Found) -> tuple[str, str]:
    """The sha256 of the file and of its sidecar ("" without one)."""
    return _sha256(found.file), _sha256(found.sidecar) if found.sidecar else ""


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _passed_over(name: str) -> bool:
    lower = name.lower()
    return name.startswith((".", "~$")) or name.endswith("~") or lower.endswith(_UNFINISHED) or lower in _NO_DOCUMENTS
