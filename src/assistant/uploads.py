"""A file that somebody sends: is it what its name says, and where does it belong? Then it lies in the
documents' folder, whole, and nothing that lay there is lost unasked.

What cannot be read in earnest is found out by the job; here only what is plainly something else is refused."""

from __future__ import annotations

import io
import os
import secrets
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from assistant.errors import (
    BadUploadName,
    CorpusNotWritable,
    DocumentExists,
    EmptyFile,
    FileTooLarge,
    NoSuchFolder,
    UnsupportedFile,
    UploadMismatch,
)

_LONGEST = 150
"""Bytes of a name; with what is put around it, it stays below what a file system takes (255)."""
_DEEPEST = 8
_HIDDEN = (".", "~$")
_SIDECARS = (".yaml", ".yml")
_START = 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", _OLD_OFFICE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def save(corpus: Path, folder: str, name: str, data: bytes, max_mb: int, replace: bool) -> tuple[str, bool]:
    """Put a file into the documents' folder. Returns its path there, and whether it took another's place.

    `folder` is relative to it, with `/`, "" for itself; it is made where it is not there. Raises BadUploadName,
    UnsupportedFile, EmptyFile, FileTooLarge, UploadMismatch, NoSuchFolder, CorpusNotWritable, and
    DocumentExists unless `replace`."""
    path = place_of(folder, name)
    check_content(path, data, max_mb)
    try:
        target = _target(corpus, path)
        return path, _written(target, path, data, replace)
    except OSError as error:
        raise CorpusNotWritable(str(corpus), error.strerror or str(error)) from error


def place_of(folder: str, name: str) -> str:
    """The path of a file in the documents' folder. Raises BadUploadName for what could lead elsewhere, or
    would be passed over by the job."""
    parts = [*(folder.split("/") if folder else ()), name]
    parts = [unicodedata.normalize("NFC", part) for part in parts]
    if len(parts) > _DEEPEST or not all(map(_is_name, parts)):
        raise BadUploadName("/".join(parts)[:200])
    return "/".join(parts)


def check_content(path: str, data: bytes, max_mb: int) -> None:
    """Raises as `save` does of the content."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in LOOKS:
        raise UnsupportedFile(path, " ".join(LOOKS))
    if not data:
        raise EmptyFile(path)
    if len(data) > max_mb * 1_000_000:
        raise FileTooLarge(path, len(data) / 1_000_000, max_mb)
    if not LOOKS[suffix](data):
        raise UploadMismatch(path, suffix)


def remove(corpus: Path, path: str) -> bool:
    """Take a document, and what stands beside it, out of the folder; it may be gone already. Returns whether it was
    there and was the last. Raises CorpusNotWritable."""
    root = corpus.resolve()
    file = root / path
    try:
        if not file.parent.resolve().is_relative_to(root):
            return False  # what a link led to then is not ours
        was_there = file.is_file()
        file.unlink(missing_ok=True)
        for sidecar in _sidecars(file):
            sidecar.unlink(missing_ok=True)
        return was_there and not any(_has_documents(names) for _, _, names in os.walk(root))
    except OSError as error:
        raise CorpusNotWritable(str(corpus), error.strerror or str(error)) from error


def _has_documents(names: Sequence[str]) -> bool:
    return any(not name.startswith(_HIDDEN) for name in names)


# --- names --------------------------------------------------------------------------------------


def _is_name(part: str) -> bool:
    if not part or part != part.strip() or part.startswith(_HIDDEN) or part.endswith(("~", ".")):
        return False
    if len(part.encode("utf-8", "replace")) > _LONGEST:
        return False
    # Letters of other scripts are welcome; what is not seen, turns the writing round, or parts paths is not.
    return not any(character in '/\\:*?"<>|' or unicodedata.category(character)[0] == "C" for character in part)


def _sidecars(file: Path) -> list[Path]:
    """Those that are this document's alone."""
    found = [file.with_name(file.name + suffix) for suffix in _SIDECARS]
    if not any(other.stem == file.stem and other.suffix.lower() in LOOKS for other in _beside(file)):
        found += [file.with_suffix(suffix) for suffix in _SIDECARS]
    return found


def _beside(file: Path) -> list[Path]:
    with suppress(FileNotFoundError):
        return [other for other in file.parent.iterdir() if other.name != file.name]
    return []


# --- writing ------------------------------------------------------------------------------------


def _target(corpus: Path, path: str) -> Path:
    """Where the file is to lie; its folder is there when this returns."""
    if not corpus.is_dir():
        raise NoSuchFolder(str(corpus))
    root = corpus.resolve()
    folder = root
    for part in path.split("/")[:-1]:
        folder = _called(folder, part)
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise BadUploadName(path)  # a link may lead out, or into another group
        folder.mkdir(exist_ok=True)
    return _called(folder, path.rpartition("/")[2])


def _called(folder: Path, name: str) -> Path:
    """What lies there under the name, also where that is written with other code points; else what would."""
    for other in folder.iterdir():
        if unicodedata.normalize("NFC", other.name) == name:
            return other
    return folder / name


def _written(target: Path, path: str, data: bytes, replace: bool) -> bool:
    """Hidden until it is whole: the job passes hidden files over."""
    if target.is_dir():
        raise BadUploadName(path)
    aside = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with aside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        aside.chmod(0o644)  # the job may be another user's
        there = target.exists() or target.is_symlink()
        if replace:
            os.replace(aside, target)
        else:
            os.link(aside, target)  # fails where something has that name, also when it came just now
        return there and replace
    except FileExistsError as error:
        raise DocumentExists(path) from error
    finally:
        aside.unlink(missing_ok=True)


# --- what a file looks like ---------------------------------------------------------------------


def _pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:_START]


def _office(part: str) -> Callable[[bytes], bool]:
    """A package of Office's whose main part lies in the folder `part`."""

    def looks(data: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                names = set(package.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            # A file with a password is no zip but an older container: the job says what to do about it.
            return data.startswith(_OLD_OFFICE)
        return "[Content_Types].xml" in names and any(name.startswith(f"{part}/") for name in names)

    return looks


def _text(data: bytes) -> bool:
    start = data[:_START]
    if start.startswith(_UTF16):
        with suppress(UnicodeDecodeError):
            return bool(data.decode("utf-16"))
        return False
    return b"\0" not in data and not start.startswith(_BINARY)


LOOKS: dict[str, Callable[[bytes], bool]] = {
    ".md": _text,
    ".markdown": _text,
    ".txt": _text,
    ".html": _text,
    ".htm": _text,
    ".pdf": _pdf,
    ".docx": _office("word"),
    ".pptx": _office("ppt"),
    ".xlsx": _office("xl"),
    ".csv": _text,
    ".tsv": _text,
    ".eml": _text,
}
"""The endings that the job reads, and whether a file looks like one of them."""
