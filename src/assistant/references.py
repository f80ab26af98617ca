"""The reference list of an answer, after APA 7 as it is written in Norway. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.links import kind_of_address
from assistant.types import Citation, Language, Source
from assistant.viewer.texts import TEXTS

_UNDATED: dict[Language, str] = {"nb": "u.å.", "nn": "u.å.", "en": "n.d."}
_RETRIEVED: dict[Language, str] = {
    "nb": "Hentet {date} fra {address}", "nn": "Henta {date} frå {address}", "en": "Retrieved {date}, from {address}",
}  # fmt: skip
_PAGE: dict[Language, tuple[str, str]] = {"nb": ("s.", "s."), "nn": ("s.", "s."), "en": ("p.", "pp.")}
_ALPHABET = str.maketrans({"æ": "z{", "ä": "z{", "ø": "z|", "ö": "z|", "å": "z}"})


def reference_list(language: Language, citations: Iterable[Citation], sources: Mapping[str, Source]) -> tuple[str, ...]:
    """One reference for each document cited, with all the pages cited of it, in the order of the Norwegian
    alphabet. `sources` holds the cited documents by id."""
    places: dict[str, dict[int, str]] = {}
    for citation in citations:
        places.setdefault(citation.document_id, {})
        if citation.page is not None:
            places[citation.document_id][citation.page] = citation.page_label or str(citation.page)
    references = [
        apa(language, sources[id], [label for _, label in sorted(pages.items())]) for id, pages in places.items()
    ]
    return tuple(sorted(references, key=lambda line: line.replace("*", "").casefold().translate(_ALPHABET)))


def apa(language: Language, source: Source, pages: Sequence[str] = ()) -> str:
    """`source` as one line of a reference list, `pages` being the printed numbers of pages or slides.

    The title stands between asterisks, for italics as in Markdown; other asterisks are escaped. Without
    a publisher the title takes its place; a date that is no ISO 8601 date counts as none. A full
    web address is given whole and a bare domain as it is; neither has a full stop after it, and before it stands
    when the document was fetched from there."""
    title = f"*{_plain(source.title).rstrip('.')}*"
    details = _pages(language, source, pages) + (f" [{_capital(_plain(source.kind))}]" if source.kind else "")
    named = title + details
    when = f"({_date(language, source.date)})."
    publisher = _plain(source.publisher or "")
    parts = [_stopped(publisher), when, _stopped(named)] if publisher else [_stopped(named), when]
    if kind_of_address(source.url) and source.url != source.publisher:
        parts.append(_address(language, _plain(source.url or ""), source.fetched))
    return " ".join(parts)


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("*", r"\*")


def _stopped(text: str) -> str:
    """With a full stop, unless it ends with a mark that serves as one."""
    return text if text.rstrip("*")[-1:] in (".", "?", "!", "…") else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _address(language: Language, address: str, fetched: str | None) -> str:
    year, day = _year_and_day(language, fetched)
    if not year:
        return address
    comma = "," if language == "en" and day[-1:].isdecimal() else ""
    return _RETRIEVED[language].format(date=f"{day}{comma} {year}".strip(), address=address)


def _date(language: Language, date: str | None) -> str:
    """ "2024, 21. mars", "2024, mars" or "2024"; "2024, March 21" in English."""
    return ", ".join(filter(None, _year_and_day(language, date))) or _UNDATED[language]


def _year_and_day(language: Language, date: str | None) -> tuple[str, str]:
    """ "2024" and "21. mars", "mars" or ""; twice "" for what is no date."""
    parts = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?", date or "")
    if not parts:
        return "", ""
    year, month, day = parts.groups()
    if month is None or not 1 <= int(month) <= 12:
        return year, ""
    name = TEXTS[language]["months"].split()[int(month) - 1]
    if day is None:
        return year, name
    return year, f"{name} {int(day)}" if language == "en" else f"{int(day)}. {name}"


def _pages(language: Language, source: Source, pages: Sequence[str]) -> str:
    """ " (s. 2–4, 7)": what follows the title; empty without pages."""
    if not pages:
        return ""
    runs: list[list[str]] = []
    for page in pages:
        follows = runs and page.isdecimal() and runs[-1][-1].isdecimal() and int(page) == int(runs[-1][-1]) + 1
        if follows:
            runs[-1].append(page)
        else:
            runs.append([page])
    listed = ", ".join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    if "presentation" in source.media_type:
        return f" ({TEXTS[language]['slide'].format(page=listed).lower()})"
    return f" ({_PAGE[language][len(pages) > 1]} {listed})"
