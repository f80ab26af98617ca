"""What the product itself says in an answer, in its three languages."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Language

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
        "nb": "Tallet {detail} står ikke i kilden.",
        "nn": "Talet {detail} står ikkje i kjelda.",
        "en": "The figure {detail} is not in the source.",
    },
    "units": {
        "nb": "Kilden har tallet, men i en annen enhet: {detail}.",
        "nn": "Kjelda har talet, men i ei anna eining: {detail}.",
        "en": "The source has the figure, but in another unit: {detail}.",
    },
    "dates": {
        "nb": "Tidspunktet {detail} står ikke slik i kilden.",
        "nn": "Tidspunktet {detail} står ikkje slik i kjelda.",
        "en": "The source does not give {detail} as the time.",
    },
    "names": {
        "nb": "Navnet {detail} står ikke slik i kilden.",
        "nn": "Namnet {detail} står ikkje slik i kjelda.",
        "en": "The source does not have the name {detail} there.",
    },
    "bound": {
        "nb": "I kilden hører {detail} til noe annet.",
        "nn": "I kjelda høyrer {detail} til noko anna.",
        "en": "In the source, {detail} belongs to something else.",
    },
    "negation": {
        "nb": "Setningen og kilden er uenige om et {detail}.",
        "nn": "Setninga og kjelda er usamde om eit {detail}.",
        "en": "The sentence and the source disagree about a {detail}.",
    },
    "direction": {
        "nb": "Kilden sier det motsatte av {detail}.",
        "nn": "Kjelda seier det motsette av {detail}.",
        "en": "The source says the opposite of {detail}.",
    },
    "meaning": {
        "nb": "Kilden sier ikke det setningen sier.",
        "nn": "Kjelda seier ikkje det setninga seier.",
        "en": "The source does not say what the sentence says.",
    },
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
    """Why a drafted sentence was dropped: `reason` is a key of the table above, `detail` the words at fault."""
    return _UNSUPPORTED[reason][language].format(detail=_quoted(language, detail))


def _listed(language: Language, titles: Sequence[str]) -> str:
    quoted = [_quoted(language, title) for title in titles]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {_AND[language]} {quoted[-1]}"
