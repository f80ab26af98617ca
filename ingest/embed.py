"""Embed only what has not been embedded before.

A passage's vectors depend on its `indexed_text` and on where its sentences stand in it. They are taken from the
generation before, where the document's earlier version or another document of the same file has such a passage;
or from what an unfinished run has left; and only then made by the model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.catalogue import Catalogue
from assistant.embedding import Embedded, Passages
from assistant.errors import IndexDamaged
from assistant.types import Passage, Source
from ingest.journal import Journal

ROUND = 200
"""Passages embedded between two entries in the journal: what a run that is killed loses, some ten seconds."""


@dataclass(frozen=True, slots=True)
class Vectored:
    """A document's passages with their vectors. `anew` of them came from the model."""

    embedded: tuple[Embedded, ...]
    anew: int


class Embedder:
    """`open_model` is called when the first passage needs the model. `earlier` is the catalogue of the generation
    before, None where another model made it."""

    def __init__(self, open_model: Callable[[], Passages], journal: Journal, earlier: Catalogue | None) -> None:
        self._open_model = open_model
        self._model: Passages | None = None
        self._journal = journal
        self._earlier = earlier
        self._looked_up: tuple[Source | None, dict[bytes, str]] = (None, {})

    def embed(
        self, documents: Sequence[tuple[Source, Sequence[Passage]]], progress: Callable[[int, int], None]
    ) -> list[Vectored]:
        """One for each of `documents`. `progress` hears how many of how many passages are done. Raises
        ModelUnavailable, IndexNotWritten."""
        keys = [[key_of(passage) for passage in passages] for _, passages in documents]
        made: dict[bytes, Embedded] = {}
        for (source, _), mine in zip(documents, keys, strict=True):
            made.update(self._before(source, mine))
        made.update(self._journal.get([key for mine in keys for key in mine if key not in made]))
        left = {
            key: passage
            for (_, passages), mine in zip(documents, keys, strict=True)
            for key, passage in zip(mine, passages, strict=True)
            if key not in made
        }
        total = sum(len(mine) for mine in keys)
        done = total - len(left)
        progress(done, total)

        def more(count: int) -> None:
            nonlocal done
            done += count
            progress(done, total)

        self._make(left, made, more)
        fresh = set(left)
        vectored = []
        for mine in keys:
            vectored.append(Vectored(tuple(made[key] for key in mine), len(fresh & set(mine))))
            fresh -= set(mine)  # what two documents share was embedded once
        return vectored

    def _make(self, left: dict[bytes, Passage], made: dict[bytes, Embedded], more: Callable[[int], None]) -> None:
        """Embeds `left` into `made`."""
        # Passages of like length together waste the least padding, and a round's are put down together.
        ordered = sorted(left.items(), key=lambda item: len(item[1].indexed_text))
        for at in range(0, len(ordered), ROUND):
            keys, passages = zip(*ordered[at : at + ROUND], strict=True)
            self._model = self._model or self._open_model()
            fresh = dict(zip(keys, self._model.passages(passages, more), strict=True))
            self._journal.put(fresh)
            made.update(fresh)

    def _before(self, source: Source, keys: Sequence[bytes]) -> Iterator[tuple[bytes, Embedded]]:
        """What is asked for of the passages of the document's earlier version and of documents made of the same
        file."""
        if self._earlier is None:
            return
        try:
            known = self._earlier_ids(self._earlier, source)
            ids = {known[key]: key for key in keys if key in known}
            vectors = self._earlier.vectors(list(ids))
            dimension = len(next(iter(vectors.values()), ()))
            sentences = self._earlier.sentence_vectors(list(ids), dimension) if dimension else {}
            for id, vector in vectors.items():
                yield ids[id], Embedded(vector, sentences[id])
        except IndexDamaged:
            return  # then it is embedded again

    def _earlier_ids(self, earlier: Catalogue, source: Source) -> dict[bytes, str]:
        """The ids of all these passages by their keys: of a long document it is asked for once, not with each batch
        of its passages."""
        if self._looked_up[0] != source:
            found: dict[bytes, str] = {}
            for document in dict.fromkeys([source.id, *earlier.with_file(source.sha256)]):
                ids = earlier.passage_ids(document)
                for at in range(0, len(ids), ROUND):
                    some = earlier.passages(ids[at : at + ROUND])
                    found.update((key_of(passage), id) for id, passage in some.items())
            self._looked_up = source, found
        return self._looked_up[1]


def key_of(passage: Passage) -> bytes:
    """Of passages with the same key the vectors are the same."""
    spans = np.array([(span.start - passage.start, span.end - passage.start) for span in passage.sentences], "<u4")
    digest = hashlib.sha256(passage.indexed_text.encode())
    digest.update(f"\0{len(passage.text)}\0".encode())
    digest.update(spans.tobytes())
    return digest.digest()
