"""Which documents supersede which: the `replaces` of sidecars and front matter, held against the catalogue."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.catalogue import Catalogue
from assistant.errors import FileError, ReplacedInCircle, ReplacedMissing
from assistant.types import Source
from ingest.read import document_id


@dataclass(frozen=True, slots=True)
class Replacements:
    """`successors` has the newer document's id by the older's; `wrong` has what could not be followed, each with the
    path of the document that says it."""

    successors: dict[str, str]
    wrong: tuple[tuple[str, FileError], ...]


def replacements(catalogue: Catalogue) -> Replacements:
    """Those of a generation. Raises IndexDamaged."""
    stated = catalogue.replacements()
    return resolve(catalogue.sources(), stated) if stated else Replacements({}, ())


def resolve(sources: Sequence[Source], stated: Mapping[str, Sequence[str]]) -> Replacements:
    """`stated` has by a document's id the paths that it says it replaces: relative to the corpus folder, or else to
    the document's own. Of two that replace the same one the newer counts."""
    paths = {source.id: source.path for source in sources}
    successors: dict[str, str] = {}
    wrong: list[tuple[str, FileError]] = []
    for newer in sorted(sources, key=lambda source: (source.date or "", source.path), reverse=True):
        for target in stated.get(newer.id, ()):
            older = next((id for id in _candidates(newer.path, target) if id in paths), None)
            if older is None:
                wrong.append((newer.path, ReplacedMissing(newer.path, target)))
            elif older in _chain(newer.id, successors):
                wrong.append((newer.path, ReplacedInCircle(newer.path, target)))
            else:
                successors.setdefault(older, newer.id)
    return Replacements(successors, tuple(wrong))


def _candidates(path: str, target: str) -> Iterator[str]:
    """The ids that a path in `replaces` of the document at `path` may mean."""
    target = target.replace("\\", "/").lstrip("/")
    yield document_id(posixpath.normpath(target))
    yield document_id(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))


def _chain(id: str, successors: Mapping[str, str]) -> list[str]:
    """`id`, what superseded it, what superseded that, and so on."""
    chain = [id]
    while chain[-1] in successors:
        chain.append(successors[chain[-1]])
    return chain
