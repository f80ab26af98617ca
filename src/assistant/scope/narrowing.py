"""Which documents a question is put to: what the request says and what the question itself says, together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from assistant import phrases
from assistant.access import Groups
from assistant.filters import check, narrowed
from assistant.index import Generation
from assistant.scope import scope
from assistant.scope.names import Names
from assistant.types import Filters, Language, Recognised


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`text` is what to search for, `recognised` what of `filters` the question named itself."""

    text: str
    filters: Filters
    recognised: tuple[Recognised, ...] = ()


class Narrowing:
    """Keeps the names of the generation that was asked last, apart for each set of groups that sees of it; safe to
    use from many threads."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Groups], Names] = {}

    def of(
        self,
        generation: Generation,
        question: str,
        filters: Filters,
        language: Language,
        ignore: Collection[str] | None,
    ) -> Narrowed:
        """`ignore` holds the fields that the question's words are not to narrow; with None they narrow nothing.
        Raises what `filters.check` raises."""
        check(filters, generation.sources)
        if ignore is None:
            return Narrowed(question, filters)
        names = self._names(generation)
        allowed = frozenset(generation.allowed(filters)) if filters else None
        found = scope(question, names, allowed, ignore)
        if not found.recognised:
            return Narrowed(question, filters)
        labelled = tuple(
            replace(one, label=phrases.narrowed(language, one, _shown(one, names))) for one in found.recognised
        )
        return Narrowed(found.question, narrowed(filters, found.filters), labelled)

    def _names(self, generation: Generation) -> Names:
        key, kept = (generation.name, generation.groups), self._kept
        if key not in kept:
            others = {known: names for known, names in kept.items() if known[0] == generation.name}
            kept = self._kept = others | {key: Names(generation.sources.values())}
        return kept[key]


def _shown(one: Recognised, names: Names) -> tuple[str, ...]:
    """A filter's values as people know them: of a document its title."""
    return tuple(names.sources[id].title for id in one.values) if one.field == "documents" else one.values
