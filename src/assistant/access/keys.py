"""The file of keys: made and revoked on the command line, looked up by the service.

A key is 256 random bits, so its SHA-256 is all that is kept: nothing that a slow hash would protect can be
guessed. The service notices a change of the file at the next request."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from assistant import moments
from assistant.access import Principal, Role, holder
from assistant.errors import KeyNotFound, KeysFileBusy, KeysFileInvalid, KeysFileOpen

_PREFIX = "ra"
_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept. `groups` is None for all; `created` is ISO 8601 UTC."""

    id: str
    name: str
    role: Role
    groups: tuple[str, ...] | None
    created: str
    sha256: str

    @property
    def principal(self) -> Principal:
        return holder(self.id, self.role, None if self.groups is None else frozenset(self.groups))


_KEYS = TypeAdapter(tuple[Key, ...])


class Keys:
    """Safe to use from many threads. Where there is no file there are no keys. Every method raises
    KeysFileInvalid, and KeysFileOpen where others than its owner may read or write it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: dict[str, Key] = {}
        self._stamp: tuple[int, ...] | None = None

    def principal(self, key: str) -> Principal | None:
        """Who holds the key; None for one that is not, or no longer, in the file."""
        parts = key.split("_", 2)
        with self._lock:
            found = self._current().get(parts[1] if len(parts) == 3 else "")
        if found is None or not hmac.compare_digest(found.sha256, _sha256(key)):
            return None
        return found.principal

    def all(self) -> tuple[Key, ...]:
        """In the order they were made."""
        with self._lock:
            return tuple(self._current().values())

    def make(self, name: str, role: Role, groups: Sequence[str] | None) -> tuple[Key, str]:
        """A new key, and its text, which is not kept anywhere. Raises KeysFileBusy too."""
        with self._changing() as known:
            id = secrets.token_hex(4)
            while id in known:
                id = secrets.token_hex(4)
            text = f"{_PREFIX}_{id}_{secrets.token_urlsafe(32)}"
            ordered = None if groups is None else tuple(sorted(set(groups)))
            known[id] = Key(id, name, role, ordered, moments.now(), _sha256(text))
        return known[id], text

    def revoke(self, id: str) -> Key:
        """Raises KeyNotFound, and KeysFileBusy too."""
        with self._changing() as known:
            if id not in known:
                raise KeyNotFound(id)
            return known.pop(id)

    # --- the file ---

    def _current(self) -> dict[str, Key]:
        """The keys as they are in the file now."""
        try:
            found = self._file.stat()
        except FileNotFoundError:
            self._known, self._stamp = {}, None
            return self._known
        except OSError as error:
            raise KeysFileInvalid(str(self._file), error.strerror or "") from error
        # Also the change time: a mode that was put right is no other content.
        stamp = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
        if stamp != self._stamp:
            self._known, self._stamp = {}, None  # what cannot be read lets nobody in
            _check_private(self._file, found)
            self._known, self._stamp = _read(self._file), stamp
        return self._known

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Key]]:
        """The keys, to be changed; they are written when the block ends."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._lock, FileLock(f"{self._file}.lock", timeout=_WAIT_SECONDS):
                known = dict(self._current())
                yield known
                _write(self._file, known)
                self._stamp = None
        except Timeout as error:
            raise KeysFileBusy(str(self._file)) from error
        except OSError as error:
            raise KeysFileInvalid(str(self._file), error.strerror or str(error)) from error


def _check_private(file: Path, found: os.stat_result) -> None:
    if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid not in (os.geteuid(), 0):
        raise KeysFileOpen(str(file), f"{stat.S_IMODE(found.st_mode):04o}")


def _read(file: Path) -> dict[str, Key]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return {key.id: key for key in _KEYS.validate_python(content["keys"], strict=False)}
    except ValidationError as error:  # its text would show what is in the file
        raise KeysFileInvalid(str(file), f"{error.error_count()} × {error.errors()[0]['msg']}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeysFileInvalid(str(file), type(error).__name__) from error


def _write(file: Path, known: dict[str, Key]) -> None:
    """Whole or not at all, and for its owner alone from the first byte on."""
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    text = json.dumps({"keys": [asdict(key) for key in known.values()]}, ensure_ascii=False, indent=1)
    handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(aside, file)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
