"""What the product itself says in an answer, in its three languages."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Language, OverviewCoverage

_MONTHS: dict[Language, tuple[str, ...]] = {
    "nb": tuple("januar februar mars april mai juni juli august september oktober november desember".split()),
    "nn": tuple("januar februar mars april mai juni juli august september oktober november desember".split()),
    "en": tuple(
        "January February March April May June July August September October November December".split()
    ),
}
_SAYS: dict[Language, tuple[str, str]] = {
    "nb": ("I {document} står det: {quote}", "Der står det også: {quote}"),
    "nn": ("I {document} står det: {quote}", "Der står det òg: {quote}"),
    "en": ("{document} says: {quote}", "It also says: {quote}"),
}
_NO_ANSWER: dict[Language, tuple[str, str, str]] = {
    "nb": (
        "Det finner jeg ikke i dokumentene.",
        "Jeg søkte i {searched} av {total} dokumenter.",
        "Nærmest er {near}, uten at jeg finner svaret der.",
    ),
    "nn": (
        "Det finn eg ikkje i dokumenta.",
        "Eg søkte i {searched} av {total} dokument.",
        "Nærast er {near}, utan at eg finn svaret der.",
    ),
    "en": (
        "I don't find that in the documents.",
        "I searched {searched} of {total} documents.",
        "Closest is {near}, but I do not find the answer there.",
    ),
}
_AND: dict[Language, str] = {"nb": "og", "nn": "og", "en": "and"}
_UNSUPPORTED: dict[str, dict[Language, str]] = {
    "uncited": {
        "nb": "Setningen viste ikke til noen kilde.",
        "nn": "Setninga viste ikkje til noka kjelde.",
        "en": "The sentence cited no source.",
    },
    "unknown": {
        "nb": "Setningen viste til en kilde som ikke finnes.",
        "nn": "Setninga viste til ei kjelde som ikkje finst.",
        "en": "The sentence cited a source that does not exist.",
    },
    "figures": {
        "nb": "Tall i setningen står ikke i kilden: {detail}.",
        "nn": "Tal i setninga står ikkje i kjelda: {detail}.",
        "en": "Figures in the sentence are not in the source: {detail}.",
    },
    "words": {
        "nb": "Kilden handler ikke om det setningen sier.",
        "nn": "Kjelda handlar ikkje om det setninga seier.",
        "en": "The source is not about what the sentence says.",
    },
}


_COVERAGE: dict[Language, tuple[str, str, str]] = {
    "nb": (
        "{reviewed} av {total} dokumenter gjennomgått, {found} med funn.",
        "Kunne ikke leses gjennom: {titles}.",
        "{waiting} gjenstår.",
    ),
    "nn": (
        "{reviewed} av {total} dokument gjennomgått, {found} med funn.",
        "Kunne ikkje lesast gjennom: {titles}.",
        "{waiting} står att.",
    ),
    "en": (
        "{reviewed} of {total} documents reviewed, {found} with findings.",
        "Could not be read through: {titles}.",
        "{waiting} remain.",
    ),
}
_WITHOUT_TEXT: dict[Language, str] = {
    "nb": "Dokumentet har ingen tekst som kan leses.",
    "nn": "Dokumentet har ingen tekst som kan lesast.",
    "en": "The document has no text that can be read.",
}
_PAGES_WITHOUT_TEXT: dict[Language, tuple[str, str]] = {
    "nb": ("Side {pages} har ingen tekst som kan leses.", "Sidene {pages} har ingen tekst som kan leses."),
    "nn": ("Side {pages} har ingen tekst som kan lesast.", "Sidene {pages} har ingen tekst som kan lesast."),
    "en": ("Page {pages} has no text that can be read.", "Pages {pages} have no text that can be read."),
}
_NOT_REVIEWED: dict[Language, str] = {
    "nb": "En feil hos oss; årsaken står i loggen.",
    "nn": "Ein feil hos oss; årsaka står i loggen.",
    "en": "A fault of ours; the log holds the reason.",
}


def says(language: Language, title: str, date: str | None, quote: str, again: bool) -> str:
    """A quote with its document and date; `again` when the sentence before quoted the same one."""
    first, further = _SAYS[language]
    return (further if again else first).format(
        document=document(language, title, date), quote=_quoted(language, quote)
    )


def _quoted(language: Language, text: str) -> str:
    """In the language's quotation marks, or the other ones where the text itself holds those."""
    angled = language != "en"
    if ("«" in text or "»" in text) if angled else ("“" in text or "”" in text):
        angled = not angled
    return f"«{text}»" if angled else f"“{text}”"


def document(language: Language, title: str, date: str | None) -> str:
    """A title and, where it is known, a date, as they are named in running text."""
    quoted = _quoted(language, title)
    return f"{quoted} ({written_date(language, date)})" if date else quoted


def written_date(language: Language, date: str) -> str:
    """An ISO date, month or year as it is written in running text."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = _MONTHS[language][int(rest[0]) - 1]
    if len(rest) == 1:
        return f"{month} {year}"
    day = str(int(rest[1]))
    return f"{day} {month} {year}" if language == "en" else f"{day}. {month} {year}"


def no_answer(language: Language, near: Sequence[str], searched: int, total: int) -> str:
    """`near` are titles, nearest first."""
    not_found, coverage, closest = _NO_ANSWER[language]
    parts = [not_found, coverage.format(searched=searched, total=total)]
    if near:
        parts.append(closest.format(near=_listed(language, near)))
    return " ".join(parts)


def unsupported(language: Language, reason: str, detail: str = "") -> str:
    """Why a drafted sentence was dropped; `reason` is a key of the table above."""
    return _UNSUPPORTED[reason][language].format(detail=detail)


def _listed(language: Language, titles: Sequence[str]) -> str:
    quoted = [_quoted(language, title) for title in titles]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {_AND[language]} {quoted[-1]}"


# --- an overview --------------------------------------------------------------------------------


def coverage(language: Language, covered: OverviewCoverage, unread: Sequence[str]) -> str:
    """How far an overview has come; `unread` are the titles that could not be read through."""
    reviewed, not_read, remaining = _COVERAGE[language]
    parts = [reviewed.format(reviewed=covered.reviewed, total=covered.total, found=covered.with_findings)]
    if unread:
        parts.append(not_read.format(titles=_listed(language, unread)))
    if covered.waiting:
        parts.append(remaining.format(waiting=covered.waiting))
    return " ".join(parts)


def without_text(language: Language) -> str:
    return _WITHOUT_TEXT[language]


def pages_without_text(language: Language, pages: Sequence[int]) -> str | None:
    """None where every page has text."""
    if not pages:
        return None
    one, several = _PAGES_WITHOUT_TEXT[language]
    return (one if len(pages) == 1 else several).format(pages=", ".join(map(str, pages)))


def not_reviewed(language: Language) -> str:
    return _NOT_REVIEWED[language]
