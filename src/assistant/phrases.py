"""What the product itself says in an answer, in its three languages."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Citation, Language, OverviewCoverage, Recognised, Source

_MONTHS: dict[Language, tuple[str, ...]] = {
    "nb": tuple("januar februar mars april mai juni juli august september oktober november desember".split()),
    "nn": tuple("januar februar mars april mai juni juli august september oktober november desember".split()),
    "en": tuple(
        "January February March April May June July August September October November December".split()
    ),
}
PAGE: dict[Language, str] = {"nb": "side", "nn": "side", "en": "page"}
UNREAD: dict[Language, str] = {
    "nb": "siste lesbare versjon",
    "nn": "siste lesbare versjon",
    "en": "last readable version",
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
_WITHIN: dict[Language, str] = {
    "nb": "Jeg søkte bare i {searched} av {total} dokumenter, fordi spørsmålet avgrenser til {labels}.",
    "nn": "Eg søkte berre i {searched} av {total} dokument, fordi spørsmålet avgrensar til {labels}.",
    "en": "I searched only {searched} of {total} documents, because the question limits it to {labels}.",
}
_SUPERSEDED: dict[Language, tuple[str, str]] = {
    "nb": ("erstattet av {document}", "fra"),
    "nn": ("erstatta av {document}", "frå"),
    "en": ("replaced by {document}", "of"),
}
_NARROWED: dict[Language, dict[str, str]] = {
    "nb": {"kinds": "typen {values}", "publishers": "utgiveren {values}", "languages": "språket {values}",
           "one": "{first}", "between": "{first} til {last}", "from": "{first} og senere", "to": "{last} og tidligere"},
    "nn": {"kinds": "typen {values}", "publishers": "utgjevaren {values}", "languages": "språket {values}",
           "one": "{first}", "between": "{first} til {last}", "from": "{first} og seinare",
           "to": "{last} og tidlegare"},
    "en": {"kinds": "the kind {values}", "publishers": "the publisher {values}", "languages": "{values}",
           "one": "{first}", "between": "{first} to {last}", "from": "{first} and later", "to": "{last} and earlier"},
}  # fmt: skip
_LANGUAGE_NAMES: dict[Language, dict[str, str]] = {
    "nb": {"nb": "bokmål", "nn": "nynorsk", "no": "norsk", "en": "engelsk", "da": "dansk", "sv": "svensk",
           "de": "tysk"},
    "nn": {"nb": "bokmål", "nn": "nynorsk", "no": "norsk", "en": "engelsk", "da": "dansk", "sv": "svensk",
           "de": "tysk"},
    "en": {"nb": "Norwegian (bokmål)", "nn": "Norwegian (nynorsk)", "no": "Norwegian", "en": "English", "da": "Danish",
           "sv": "Swedish", "de": "German"},
}  # fmt: skip
_DIFFER: dict[Language, str] = {
    "nb": "Dokumentene oppgir ikke det samme.",
    "nn": "Dokumenta opplyser ikkje det same.",
    "en": "The documents do not say the same.",
}
_NOT_FOUND_FOR: dict[Language, str] = {
    "nb": "Dette finner jeg ikke i dokumentene: {part}",
    "nn": "Dette finn eg ikkje i dokumenta: {part}",
    "en": "This I do not find in the documents: {part}",
}
_SUGGESTED: dict[Language, str] = {
    "nb": "Du kan spørre smalere: {questions}",
    "nn": "Du kan spørje smalare: {questions}",
    "en": "You can ask more narrowly: {questions}",
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
    "dictated": {
        "nb": "Kilden sier hva som skal svares, ikke at det er slik.",
        "nn": "Kjelda seier kva som skal svarast, ikkje at det er slik.",
        "en": "The source says what to answer, not that it is so.",
    },
    "beside": {
        "nb": "Setningen handler ikke om det du spurte om.",
        "nn": "Setninga handlar ikkje om det du spurde om.",
        "en": "The sentence is not about what you asked.",
    },
    "unfinished": {
        "nb": "Språkmodellen ble avbrutt før setningen var ferdig.",
        "nn": "Språkmodellen vart avbroten før setninga var ferdig.",
        "en": "The language model was cut off before the sentence was finished.",
    },
    "surplus": {
        "nb": "Språkmodellen skrev mer enn den ble bedt om; resten er ikke tatt med.",
        "nn": "Språkmodellen skreiv meir enn han vart beden om; resten er ikkje teken med.",
        "en": "The language model wrote more than it was asked for; the rest is left out.",
    },
}
_CAUSES: dict[str, dict[Language, str]] = {
    "chat_model_failed": {
        "nb": "Språkmodellen svarte ikke som den skal.",
        "nn": "Språkmodellen svarte ikkje som han skal.",
        "en": "The language model did not answer as it should.",
    },
    "chat_model_unreachable": {
        "nb": "Språkmodellen kunne ikke nås.",
        "nn": "Språkmodellen kunne ikkje nåast.",
        "en": "The language model could not be reached.",
    },
    "chat_key_refused": {
        "nb": "Språkmodellen godtok ikke nøkkelen.",
        "nn": "Språkmodellen godtok ikkje nøkkelen.",
        "en": "The language model did not accept the key.",
    },
    "chat_model_unknown": {
        "nb": "Tjeneren har ikke språkmodellen.",
        "nn": "Tenaren har ikkje språkmodellen.",
        "en": "The server does not have the language model.",
    },
    "chat_model_busy": {
        "nb": "Språkmodellen har for mye å gjøre akkurat nå.",
        "nn": "Språkmodellen har for mykje å gjere akkurat no.",
        "en": "The language model has too much to do just now.",
    },
    "chat_model_slow": {
        "nb": "Språkmodellen svarte ikke i tide.",
        "nn": "Språkmodellen svarte ikkje i tide.",
        "en": "The language model did not answer in time.",
    },
    "chat_reply_cut": {
        "nb": "Språkmodellen skrev for langt.",
        "nn": "Språkmodellen skreiv for langt.",
        "en": "The language model wrote too much.",
    },
    "unverified": {
        "nb": "Det språkmodellen skrev, lot seg ikke bekrefte i dokumentene.",
        "nn": "Det språkmodellen skreiv, lét seg ikkje stadfeste i dokumenta.",
        "en": "What the language model wrote could not be confirmed in the documents.",
    },
    "declined": {
        "nb": "Språkmodellen fant ikke svaret i utdragene den fikk.",
        "nn": "Språkmodellen fann ikkje svaret i utdraga han fekk.",
        "en": "The language model did not find the answer in the excerpts it was given.",
    },
}
_INSTEAD: dict[Language, str] = {
    "nb": "Svaret er derfor sitater fra dokumentene.",
    "nn": "Svaret er derfor sitat frå dokumenta.",
    "en": "The answer is therefore quotations from the documents.",
}
_NOT_KEPT: dict[Language, str] = {
    "nb": "Samtalen kunne ikke lagres; et oppfølgingsspørsmål må derfor stilles i sin helhet.",
    "nn": "Samtalen kunne ikkje lagrast; eit oppfølgingsspørsmål må difor stillast i sin heilskap.",
    "en": "The conversation could not be stored, so ask any follow-up question in full.",
}
_CUT: dict[Language, str] = {
    "nb": "Svaret ble derfor avbrutt; det som står her, er kontrollert.",
    "nn": "Svaret vart derfor avbrote; det som står her, er kontrollert.",
    "en": "The answer was therefore cut short; what stands here has been checked.",
}
_UNDERSTOOD: dict[Language, str] = {"nb": "Forstått som", "nn": "Forstått som", "en": "Understood as"}
_NOTE: dict[Language, str] = {"nb": "Merk", "nn": "Merk", "en": "Note"}


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


def says(language: Language, document: str, quote: str, again: bool) -> str:
    """A quote with its document as `document` names it; `again` when the sentence before quoted the same one."""
    first, further = _SAYS[language]
    return (further if again else first).format(document=document, quote=_quoted(language, quote))


def _quoted(language: Language, text: str) -> str:
    """In the language's quotation marks, or the other ones where the text itself holds those."""
    angled = language != "en"
    if ("«" in text or "»" in text) if angled else ("“" in text or "”" in text):
        angled = not angled
    return f"«{text}»" if angled else f"“{text}”"


def document(language: Language, title: str, date: str | None, successor: Source | None = None) -> str:
    """A title and, where they are known, a date and what has taken its place, as they are named in running text."""
    known = [written_date(language, date)] if date else []
    if successor:
        replaced, dated = _SUPERSEDED[language]
        when = f" {dated} {written_date(language, successor.date)}" if successor.date else ""
        known.append(replaced.format(document=_quoted(language, successor.title)) + when)
    return f"{_quoted(language, title)} ({', '.join(known)})" if known else _quoted(language, title)


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


def place(language: Language, citation: Citation) -> str:
    """Where a citation is from: title, date, page, and whether the file could be read last."""
    parts = [citation.title]
    if citation.date:
        parts.append(written_date(language, citation.date))
    if citation.page:
        parts.append(f"{PAGE[language]} {citation.page}")
    if citation.unread:
        parts.append(UNREAD[language])
    return ", ".join(parts)


def no_answer(
    language: Language, near: Sequence[str], searched: int, total: int, within: Sequence[str] = ()
) -> str:
    """`near` are titles, nearest first; `within` are the labels of what the question itself limits the search to."""
    not_found, coverage, closest = _NO_ANSWER[language]
    limited = _WITHIN[language] if within else coverage
    parts = [not_found, limited.format(searched=searched, total=total, labels=listed(language, within))]
    if near:
        parts.append(closest.format(near=_listed(language, near)))
    return " ".join(parts)


def differ(language: Language) -> str:
    """That the quotes before give different answers."""
    return _DIFFER[language]


def not_found_for(language: Language, part: str) -> str:
    """That one of the things asked for was not found."""
    return _NOT_FOUND_FOR[language].format(part=part)


def suggested(language: Language, questions: Sequence[str]) -> str:
    return _SUGGESTED[language].format(questions=" ".join(questions))


def unsupported(language: Language, reason: str, detail: str = "") -> str:
    """Why a drafted sentence was dropped: `reason` is a key of the table above, `detail` the words at fault."""
    return _UNSUPPORTED[reason][language].format(detail=_quoted(language, detail))


def narrowed(language: Language, one: Recognised, values: Sequence[str]) -> str:
    """A filter in words. `values` are its own, documents by their titles."""
    texts = _NARROWED[language]
    if one.field == "date":
        first, last = ("" if end == ".." else written_date(language, end) for end in values[0].split("/"))
        key = "one" if first == last else "between" if first and last else "from" if first else "to"
        return texts[key].format(first=first, last=last)
    if one.field == "documents":
        return _listed(language, values)
    if one.field == "languages":
        values = [_LANGUAGE_NAMES[language].get(value, value) for value in values]
    return texts[one.field].format(values=listed(language, values))


def notice(language: Language, cause: str, cut: bool) -> str:
    """That the language model's answer was replaced by quotes, or `cut` short; `cause` is an error's code, or
    a key of the table above."""
    return f"{_CAUSES[cause][language]} {(_CUT if cut else _INSTEAD)[language]}"


def understood(language: Language, question: str) -> str:
    """How a follow-up was read, as a line above its answer."""
    return f"{_UNDERSTOOD[language]}: {question}"


def note(language: Language, notice: str) -> str:
    """A notice where nothing but its words can set it off from the answer."""
    return f"{_NOTE[language]}: {notice}"


def not_kept(language: Language) -> str:
    """That the conversation could not be stored, beside an answer that holds all the same."""
    return _NOT_KEPT[language]


def _listed(language: Language, titles: Sequence[str]) -> str:
    return listed(language, [_quoted(language, title) for title in titles])


def listed(language: Language, names: Sequence[str]) -> str:
    """ "A, B og C"."""
    return f"{', '.join(names[:-1])} {_AND[language]} {names[-1]}" if len(names) > 1 else "".join(names)


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
