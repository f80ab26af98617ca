"""The files of a run, read one after the other while those before them are embedded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.catalogue import Known
from assistant.errors import FileError
from assistant.index import Folders
from assistant.types import Passage
from ingest.ahead import Ahead
from ingest.cluster import Cluster
from ingest.files import Begun, Reader, ReadFile, read_copy, read_file
from ingest.folder import Found
from ingest.outcome import Options
from ingest.publish import keep_original

_ROOM = 2_000_000
"""Characters that may wait, some 2,500 passages."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What has become of a file: `read` goes into the index. With an `error` it is the last good version, or None."""

    found: Found
    read: ReadFile | None
    warnings: tuple[str, ...] = ()
    error: FileError | None = None

    @property
    def size(self) -> int:
        return self.read.document.source.characters if self.read is not None else 0


@dataclass(frozen=True, slots=True)
class Intake:
    """`copies` has the documents whose last good version is to be read from our copy where the file fails. A
    `cluster` reads in place of `reader`, but for those copies."""

    options: Options
    folders: Folders
    reader: Reader
    copies: Mapping[str, Known]
    cluster: Cluster | None = None

    def ahead(self, files: Sequence[Found]) -> Ahead[Taken]:
        return Ahead(map(self._take, self._begun(files)), lambda taken: taken.size, _ROOM, self.reader.close)

    def _begun(self, files: Sequence[Found]) -> Iterator[Begun]:
        if self.cluster is not None:
            yield from self.cluster.begin(files, self.options)
            return
        limits = self.options.max_file_mb, self.options.settle_seconds
        for found in files:
            yield found, partial(read_file, found, self.reader, *limits)

    def _take(self, begun: Begun) -> Taken:
        found, finish = begun
        try:
            read, warnings = finish()
        except FileError as error:
            return Taken(found, self._last_good(found), error=error)
        return Taken(found, self._kept(read), warnings)

    def _last_good(self, found: Found) -> ReadFile | None:
        known = self.copies.get(found.id)
        if known is None:
            return None
        read = read_copy(found, self.folders.original(known.sha256), self.reader, self.options.max_file_mb)
        return self._kept(read) if read is not None else None

    def _kept(self, read: ReadFile) -> ReadFile:
        """The file's bytes go to disk here and are let go of: those of a round would be a gigabyte."""
        keep_original(self.folders, read.document.source.sha256, read.data)
        return replace(read, data=b"")


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a file's passages, in their order."""

    file: ReadFile
    passages: Sequence[Passage]
    is_first: bool


def batches(taken: Iterator[ReadFile], ahead: Ahead[Taken], least: int, most: int) -> Iterator[list[Part]]:
    """Passages together, `most` of them, however many a document has; or `least`, when the next document would have
    to be waited for."""
    batch: list[Part] = []
    room = most
    for file in taken:
        at = 0
        while at < len(file.passages):
            some = file.passages[at : at + room]
            batch.append(Part(file, some, at == 0))
            at, room = at + len(some), room - len(some)
            if room == 0:
                yield batch
                batch, room = [], most
        if most - room >= least and not ahead.has_more_ready():
            yield batch
            batch, room = [], most
    if batch:
        yield batch
