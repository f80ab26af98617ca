"""What of the corpus folder is new since the last generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.catalogue import Known
from assistant.errors import FileError
from ingest.folder import Found as Found
from ingest.folder import Listing, composed, look, plain
from ingest.folder import fingerprint_of as fingerprint_of
from ingest.folder import scan as scan
from ingest.seen import Seen

WEB = "@web"
"""The folder that the copies of what is fetched from the web have among the documents."""


@dataclass(frozen=True, slots=True)
class Changes:
    """`added` and `changed` are to be read; `removed` are ids of documents that are gone, and `moved` of them have
    come back under another name. `apart` are ids, some of the unchanged, that were not looked at; `hidden` has
    by id the codes of the errors for which it cannot be told now whether files are there."""

    added: tuple[Found, ...]
    changed: tuple[Found, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    moved: int = 0
    apart: tuple[str, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[tuple[str, FileError], ...] = ()
    emptied: bool = False
    """The folder holds nothing at all, and documents were read from it before."""

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def find_changes(
    corpus: Path,
    before: Mapping[str, Known],
    anew: bool,
    only: Sequence[Path] = (),
    beside: Mapping[str, Path] | None = None,
    seen: Seen | None = None,
) -> Changes:
    """Compare the folder with what the generation before knows of it, by content; of a file that lies as `seen`
    remembers it, the content is known.

    `anew` says that nothing of that generation can be kept: every file counts as changed or added.
    Otherwise `only` may name files and folders in the corpus; all others are left as they are. `beside` are folders
    whose documents are put under the names they have there."""
    sorted_out = _Sorting(before, anew, seen)
    root = corpus.resolve()
    limits = () if anew else tuple(_relative(path, root) for path in only)
    listing = look(corpus, seen)
    bare = not (listing.found or listing.wrong)
    for name, folder in (beside or {}).items():
        listing = _joined(listing, name, look(folder, seen)) if folder.is_dir() else listing
    for found in listing.found:
        if _within(found.path, limits):
            sorted_out.take(found)
    gone = [id for id, known in before.items() if id not in sorted_out.seen and _within(known.path, limits)]
    hidden = _hidden(before, gone, listing)
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
        emptied=bare and any(not before[id].path.startswith(f"{WEB}/") for id in removed),
    )


@dataclass(slots=True)
class _Sorting:
    """Files by what has become of them."""

    before: Mapping[str, Known]
    anew: bool
    hashes: Seen | None
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
            return fingerprint_of(found, self.hashes) != (known.sha256, known.sidecar_sha256)
        except OSError:
            return True  # reading it will tell what is wrong


def _moved(before: Mapping[str, Known], removed: Sequence[str], sorted_out: _Sorting) -> int:
    """How many of the removed files lie elsewhere with the same content."""
    gone = Counter(before[id].sha256 for id in removed)
    count = 0
    for found in sorted_out.added if gone else ():
        try:
            content, _ = fingerprint_of(found, sorted_out.hashes)
        except OSError:
            continue
        if gone[content] > 0:
            gone[content] -= 1
            count += 1
    return count


def _relative(path: Path, root: Path) -> str:
    """A path as documents' paths are written, "" for the corpus itself."""
    relative = plain(path.resolve().relative_to(root).as_posix())
    return "" if relative == "." else relative


def _joined(listing: Listing, name: str, more: Listing) -> Listing:
    found = [replace(one, path=f"{name}/{one.path}") for one in more.found]
    wrong = [(f"{name}/{path}", error) for path, error in more.wrong]
    return Listing((*listing.found, *found), (*listing.wrong, *wrong))


def _hidden(before: Mapping[str, Known], gone: Sequence[str], listing: Listing) -> dict[str, str]:
    """Those of the documents not found that may lie where nothing could be looked at."""
    places = [(composed(place), error.code) for place, error in listing.wrong]
    found: dict[str, str] = {}
    for id in gone:
        for place, code in places:
            if lies_at(before[id].path, place):
                found.setdefault(id, code)
    return found


def lies_at(path: str, place: str) -> bool:
    """Whether a document's path is `place`, or leads into it."""
    path, place = composed(path), composed(place)
    return path == place or path.startswith(f"{place}/")


def _within(path: str, limits: Sequence[str]) -> bool:
    return not limits or any(not limit or lies_at(path, limit) for limit in limits)
