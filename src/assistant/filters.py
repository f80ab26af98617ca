"""Which documents may answer: filters held against the catalogue. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from assistant.errors import BadPeriod, DocumentNotFound, UnknownFilterValue
from assistant.text import normalise
from assistant.types import Filters, Source


@lru_cache(maxsize=10_000)
def folded(text: str) -> str:
    """How the values of a filter are compared: whatever their case, Unicode form and spaces."""
    return normalise(text).casefold()


def passes(source: Source, filters: Filters) -> bool:
    """A document without a date passes no date filter. Dates are compared as far as both are given: in a
    document or a filter a year or a month lets through whatever may lie within."""
    if filters.documents and source.id not in filters.documents:
        return False
    if source.id in filters.without:
        return False
    checks = (
        (filters.kinds, source.kind),
        (filters.publishers, source.publisher),
        (filters.languages, source.language),
    )
    for wanted, value in checks:
        if wanted and (value is None or folded(value) not in map(folded, wanted)):
            return False
    if filters.date_from and not (source.date and source.date >= filters.date_from[: len(source.date)]):
        return False
    return not (filters.date_to and not (source.date and source.date[: len(filters.date_to)] <= filters.date_to))


def check(filters: Filters, sources: Mapping[str, Source]) -> None:
    """Raises DocumentNotFound and UnknownFilterValue for what no document has (a misspelt kind would else look
    like documents without an answer), BadPeriod for a date that is none and a period that ends before it
    begins. What is in `without` need not be there."""
    for id in filters.documents:
        if id not in sources:
            raise DocumentNotFound(id)
    every = sources.values()
    for field, wanted, known in (
        ("kind", filters.kinds, (source.kind for source in every)),
        ("publisher", filters.publishers, (source.publisher for source in every)),
        ("language", filters.languages, (source.language for source in every)),
    ):
        if wanted:
            _check_known(field, wanted, known)
    for value in (filters.date_from, filters.date_to):
        if value is not None and not _is_date(value):
            raise BadPeriod(value)
    if filters.date_from and filters.date_to and filters.date_to < filters.date_from[: len(filters.date_to)]:
        raise BadPeriod(f"{filters.date_from}–{filters.date_to}")


def _check_known(field: str, wanted: Iterable[str], values: Iterable[str | None]) -> None:
    known = {folded(value): value for value in values if value}
    for value in wanted:
        if folded(value) not in known:
            raise UnknownFilterValue(field, value, ", ".join(sorted(known.values())))


def _is_date(value: str) -> bool:
    """An ISO 8601 year, month or day."""
    try:
        date.fromisoformat(value + "0001-01-01"[len(value) :])
    except ValueError:
        return False
    return len(value) in (4, 7, 10)


def narrowed(given: Filters, further: Filters) -> Filters:
    """Both together, where all values of `further` are those of documents that pass `given`."""
    return replace(
        given,
        documents=further.documents or given.documents,
        kinds=further.kinds or given.kinds,
        publishers=further.publishers or given.publishers,
        languages=further.languages or given.languages,
        date_from=max(filter(None, (given.date_from, further.date_from)), default=None),
        date_to=_earlier(given.date_to, further.date_to),
    )


def _earlier(one: str | None, other: str | None) -> str | None:
    """The one that lets less through: 2023-05 rather than 2023, which goes to the year's end."""
    return min(filter(None, (one, other)), key=lambda value: value + "9999-99-99"[len(value) :], default=None)
