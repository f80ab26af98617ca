"""What lies in a folder of documents."""

from __future__ import annotations

import errno
import hashlib
import os
import stat as modes
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from assistant.errors import FileError, NameTwice, NoSuchFolder, UnreadableFile, UnreadableFolder
from ingest.read import document_id
from ingest.seen import Seen, Sight

_SIDECAR = (".yaml", ".yml")
_UNFINISHED = (
    ".part", ".partial", ".filepart", ".crdownload", ".opdownload", ".download", ".tmp", ".temp", ".swp", ".swx",
)  # fmt: skip
WEB_LIST = "sources.yaml"
"""In the corpus folder itself: what is to be fetched from the web."""
_NO_DOCUMENTS = ("thumbs.db", "desktop.ini")  # file managers leave them in every folder of a share
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
"""Nothing lies there; a link that leads back to itself is one that leads nowhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read. `path` is relative to the corpus, with `/`; `file` is where it lies, and `sight` how."""

    path: str
    file: Path
    sidecar: Path | None
    size: int
    modified: float = 0.0
    sight: Sight | None = None
    sidecar_sight: Sight | None = None

    @property
    def id(self) -> str:
        return document_id(self.path)


@dataclass(frozen=True, slots=True)
class Listing:
    """`wrong` has what could not be looked at, files and folders, by path."""

    found: tuple[Found, ...]
    wrong: tuple[tuple[str, FileError], ...]


def scan(corpus: Path) -> Iterator[Found]:
    """Every file that is a document, by path."""
    yield from look(corpus).found


def look(corpus: Path, seen: Seen | None = None) -> Listing:
    """Every file that is a document, by path, and what could not be looked at. Hidden, temporary and half-copied
    files are passed over, and so are links that lead out of the folder, or to a folder: what that holds is read where
    it lies."""
    if not os.path.isdir(corpus):
        raise NoSuchFolder(str(corpus))
    root = corpus.resolve()
    found: dict[str, Found] = {}
    wrong: list[tuple[str, FileError]] = []

    def unlisted(error: OSError) -> None:
        path = plain(Path(error.filename).relative_to(root).as_posix())
        if path == ".":
            raise NoSuchFolder(str(corpus)) from error
        wrong.append((path, UnreadableFolder(path, error.strerror or "")))

    for folder, subfolders, names in os.walk(root, onerror=unlisted):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        sidecars = _sidecars(names)
        here = Path(folder)
        prefix = "" if here == root else f"{here.relative_to(root).as_posix()}/"
        for name in sorted(names):
            if _passed_over(name) or name in sidecars.all or (name == WEB_LIST and not prefix):
                continue
            try:
                one = _found(root, here, prefix, name, sidecars)
            except OSError as error:  # of a folder, too, where the system does not say what is one
                path = _unicode(f"{prefix}{name}")
                wrong.append((path, UnreadableFile(path, error.strerror or "")))
                continue
            if one is None:
                continue
            other = found.setdefault(one.id, one)
            if other is not one:  # å composed and å as a + ring may stand side by side in a folder
                found[one.id], lesser = (one, other) if _is_composed(name) else (other, one)
                if not _same_content(one, other, seen):
                    wrong.append((lesser.path, NameTwice(lesser.path)))
    return Listing(tuple(found.values()), tuple(wrong))


def _found(root: Path, folder: Path, prefix: str, name: str, sidecars: _Sidecars) -> Found | None:
    """None for what is no file, leads out of the folder, or has gone meanwhile. Raises OSError."""
    file = folder / name
    stat = _stat(file, root)
    if stat is None:
        return None
    beside = sidecars.of(name)
    sidecar = folder / beside if beside else None
    return Found(
        path=_unicode(f"{prefix}{name}"),
        file=file,
        sidecar=sidecar,
        size=stat.st_size,
        modified=stat.st_mtime,
        sight=Sight.of(stat),
        sidecar_sight=_sight(sidecar) if sidecar else None,
    )


def _stat(file: Path, within: Path) -> os.stat_result | None:
    """Of what a link leads to, too, as long as that lies `within` a folder. Raises OSError where only that cannot be
    told: a share that fails says nothing of what lies there."""
    try:
        stat = os.lstat(file)
        if modes.S_ISLNK(stat.st_mode):
            if not Path(os.path.realpath(file)).is_relative_to(within):
                return None
            stat = os.stat(file)
    except OSError as error:
        if error.errno in _GONE:
            return None
        raise
    return stat if modes.S_ISREG(stat.st_mode) else None


def _sight(sidecar: Path) -> Sight | None:
    """None where it cannot be told; reading it will say what is wrong."""
    try:
        return Sight.of(os.stat(sidecar))
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class _Sidecars:
    """Of a folder: `beside` has them by the name, whole or without its ending, of what they stand beside."""

    beside: dict[str, str]
    all: frozenset[str]

    def of(self, name: str) -> str | None:
        """The sidecar of a file."""
        if not self.beside:
            return None
        return self.beside.get(plain(name)) or self.beside.get(plain(os.path.splitext(name)[0]))


def _sidecars(names: Sequence[str]) -> _Sidecars:
    """`report.yaml` beside `report.pdf`, or `report.pdf.yaml`."""
    whole = {plain(name) for name in names}
    stems = Counter(plain(os.path.splitext(name)[0]) for name in names)
    beside: dict[str, str] = {}
    every = []
    for name in sorted(names, reverse=True):  # of two, `.yaml` counts before `.yml`
        stem, suffix = os.path.splitext(name)
        stem = plain(stem)
        if suffix.lower() in _SIDECAR and (stem in whole or stems[stem] > 1):
            beside[stem] = name
            every.append(name)
    return _Sidecars(beside, frozenset(every))


def plain(name: str) -> str:
    """A name as it is compared: however å is written."""
    return composed(_unicode(name))


def composed(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _is_composed(name: str) -> bool:
    return plain(name) == name


def _same_content(one: Found, other: Found, seen: Seen | None) -> bool:
    try:
        return fingerprint_of(one, seen) == fingerprint_of(other, seen)
    except OSError:
        return False


def _unicode(path: str) -> str:
    """A name that is not UTF-8, as in archives from old systems, is taken for Latin-1."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("latin-1")
    return path


def fingerprint_of(found: Found, seen: Seen | None = None) -> tuple[str, str]:
    """The sha256 of the file and of its sidecar ("" without one). Raises OSError."""
    sidecar = _sha256(found.sidecar, found.sidecar_sight, seen) if found.sidecar else ""
    return _sha256(found.file, found.sight, seen), sidecar


def _sha256(file: Path, sight: Sight | None, seen: Seen | None) -> str:
    if seen is not None and sight is not None:
        return seen.sha256(file, sight)
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_passed_over(path: PurePath, is_folder: bool) -> bool:
    """Whether no document lies at a path in the corpus, or under it."""
    return any(part.startswith(".") for part in path.parts) or (not is_folder and _passed_over(path.name))


def _passed_over(name: str) -> bool:
    lower = name.lower()
    return name.startswith((".", "~$")) or name.endswith("~") or lower.endswith(_UNFINISHED) or lower in _NO_DOCUMENTS
