"""Questions about the assistant itself: which documents it has, what it can do, who made it. Pure functions.

A question is one of these only when every word of it is accounted for: by the closed lists below, by a year,
or by a publisher or kind in the catalogue. One word more ("hva kan Siva gjøre?") and it is a question to the
documents. tests/data/about.json measures both errors."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.about.texts import TEXTS, AboutTexts
from assistant.phrases import document, listed
from assistant.text import content_words, stem, stems, words
from assistant.types import About, Filters, Language, Near, Source, near_of

MOST_LISTED = 10


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SELF = _set("du deg din di ditt dine dere dykk dykkar you your yours yourself")
_SMALL = _set(
    "hva kva hvem kven hvilke hvilken hvilket hvor kor mange mye mykje slags type typer for hvordan korleis what "
    "who which how many much kind kinds sort is are am do does did have has can could er har kan kunne vil bli "
    "det den de dei dette disse desse som en et ein eit ei noen nokon nokre noe noko alle all i på av til med og "
    "the a an of in on to with and any some me meg jeg eg oss vi us we my there this please egentlig eigentleg nå "
    "no her here"
)
_DOCUMENTS = _set(
    "dokument dokumenter dokumenta dokumentet dokumentene kilde kilder kildene kjelde kjelder kjeldene kjeldane "
    "fil filer filene filane document documents source sources file files"
)
_KINDS_OF_DOCUMENTS = _set(
    "rapport rapporter rapportar notat notater tekst tekster tekstar report reports note notes text texts"
)
_HAVING = _set(
    "finnes fins finst lest lese lesen lesne inn read ligger ligg tilgjengelig tilgjengelege tilgjengelige "
    "available vis vise show list liste opp up nevn nemn name gi give kjenner kjenn know svare svarer svarar "
    "answer bygger byggjer base based bruker brukar bruke use using søker søkjer search leser les fra frå from "
    "got tilgang access"
)
_ORDER: dict[str, Literal["newest", "oldest"]] = {
    **dict.fromkeys(("nyeste", "nyaste", "siste", "newest", "latest"), "newest"),
    **dict.fromkeys(("eldste", "oldest"), "oldest"),
}
_LANGUAGES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("engelsk", "engelske", "english"), ("en",)),
    **dict.fromkeys(("nynorsk", "nynorske"), ("nn",)),
    "bokmål": ("nb",),
    **dict.fromkeys(("norsk", "norske", "norwegian"), ("nb", "nn")),
}
_ABILITIES = _set(
    "gjøre gjere gjør gjer hjelpe hjelp help virker verkar fungerer fungerar funker work works brukes bruker "
    "brukar bruke use spørre spørje spør ask om about robot ki ai chatbot chatbotten chatgpt gpt maskin menneske "
    "program computer human machine bot assistent assistant kunstig intelligens artificial intelligence "
    "språkmodell språkmodellen modell language model llm språk languages snakker snakkar forstår speak understand "
    "svarer svarar svare svar svara svarene answer answers stole stola lite trust"
)
_GREETINGS = _set("hjelp help hei heisann hallo hello hi")
_MADE = _set(
    "laget laga lagde utviklet utvikla bygget bygde bygd programmert programmerte skapt skapte står stend bak "
    "eier eig drifter driftar driver driv made built build created developed programmed owns behind runs"
)
_BETWEEN = re.compile(
    r"\b(?:mellom|between|fra|frå|from)\s+(\d{4})\s*(?:og|and|til|to|–|-)\s*(\d{4})\b|\b(\d{4})\s*[–-]\s*(\d{4})\b"
)
_AFTER = re.compile(
    r"\b(etter|after|nyere enn|nyare enn|newer than|siden|sidan|since|fra og med|frå og med)\s+(\d{4})\b"
)
_BEFORE = re.compile(r"\b(før|before|eldre enn|older than|til og med|up to)\s+(\d{4})\b")
_IN_YEAR = re.compile(r"\b(?:(?:fra|frå|i|in|from)\s+)?(\d{4})\b")
_TOPIC = re.compile(r"\b(?:om|about|on)\s+(?P<topic>.+)$")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question about the assistant. `filters` and `title` (words that a title must hold) narrow down
    which documents are meant; `order` asks for one of them."""

    topic: About
    filters: Filters = field(default_factory=Filters)
    title: tuple[str, ...] = ()
    order: Literal["newest", "oldest"] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is said to an inquiry, a line each, and the documents that are named in it."""

    lines: tuple[str, ...]
    documents: tuple[Near, ...] = ()


def inquiry(question: str, sources: Collection[Source] = ()) -> Inquiry | None:
    """What the question asks of the assistant itself; None where it asks the documents."""
    found = {word for word, _, _ in words(question)}
    if found and found <= _GREETINGS:
        return Inquiry("abilities")
    asks_whom = _SELF & found
    rest = found - _SELF - _SMALL
    if asks_whom and rest & _MADE and rest <= _MADE:
        return Inquiry("maker")
    if rest <= _ABILITIES and (asks_whom or (rest & {"spørre", "spørje", "ask"} and found & {"jeg", "eg", "i"})):
        return Inquiry("abilities")
    return _of_documents(question, sources)


def told(asked: Inquiry, language: Language, sources: Sequence[Source], matching: Sequence[Source], model: str) -> Told:
    """The answer. `matching` are the documents that pass the inquiry's filters, `model` is "none" or the
    language model's name."""
    texts = TEXTS[language]
    manner = texts["quotes"] if model == "none" else texts["drafts"].format(model=model)
    if asked.topic == "abilities":
        what = texts["what"].format(total=len(sources)) if sources else texts["have_none"]
        return Told((what, manner, texts["points"], texts["honest"], texts["invites"]))
    if asked.topic == "maker":
        publishers = _most_common(source.publisher for source in sources if source.publisher)
        wrote = [texts["wrote"].format(publishers=listed(language, publishers))] if publishers else []
        return Told((texts["maker"], manner, *wrote))
    return _documents_told(asked, texts, language, sources, [one for one in matching if _titled(one, asked.title)])


# --- understanding ------------------------------------------------------------------------------


def _of_documents(question: str, sources: Collection[Source]) -> Inquiry | None:
    text = " ".join(question.lower().split()).strip(" ?.!")
    text, date_from, date_to = _dates(text)
    text, publishers = _publishers(text, sources)
    text, kinds = _kinds(text, sources)
    topic = _TOPIC.search(text)
    title = tuple(content_words(topic.group("topic"))) if topic else ()
    found = {word for word, _, _ in words(text[: topic.start()] if topic else text)}
    languages = tuple(dict.fromkeys(code for word in _LANGUAGES if word in found for code in _LANGUAGES[word]))
    order = next((_ORDER[word] for word in _ORDER if word in found), None)
    rest = found - _SELF - _SMALL - _HAVING - _LANGUAGES.keys() - _ORDER.keys()
    named = bool(rest & _DOCUMENTS) or (bool(kinds or rest & _KINDS_OF_DOCUMENTS) and bool(found & _SELF))
    is_asked = bool(found & _SELF) or (bool(found & _HAVING) and not topic)
    if not named or not is_asked or not rest <= _DOCUMENTS | _KINDS_OF_DOCUMENTS:
        return None
    if title and not any(_titled(source, title) for source in sources):
        return None  # what the documents say of it is another question
    spelt = {word.lower(): word for word in re.findall(r"[\w-]+", question)}
    filters = Filters(
        kinds=kinds, publishers=publishers, languages=languages, date_from=date_from, date_to=date_to
    )
    return Inquiry("documents", filters, tuple(spelt.get(word, word) for word in title), order)


def _dates(text: str) -> tuple[str, str | None, str | None]:
    """The text without the years it names, and from when to when they reach."""
    if match := _BETWEEN.search(text):
        first, last = (year for year in match.groups() if year)
        return _without(text, match), first, last
    if match := _AFTER.search(text):
        word, year = match.groups()
        is_open = word in ("etter", "after", "nyere enn", "nyare enn", "newer than")
        return _without(text, match), str(int(year) + is_open), None
    if match := _BEFORE.search(text):
        word, year = match.groups()
        return _without(text, match), None, str(int(year) - (word not in ("til og med", "up to")))
    if match := _IN_YEAR.search(text):
        return _without(text, match), match.group(1), match.group(1)
    return text, None, None


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()


def _publishers(text: str, sources: Collection[Source]) -> tuple[str, tuple[str, ...]]:
    """A publisher may be called by its whole name, without what is in brackets, or by that alone."""
    found = []
    for publisher in dict.fromkeys(source.publisher for source in sources if source.publisher):
        bare = re.sub(r"\s*\([^)]*\)", "", publisher)
        names = {publisher, bare, *re.findall(r"\(([^)]*)\)", publisher)} - {""}
        for name in sorted(names, key=len, reverse=True):
            if match := re.search(rf"(?<!\w){re.escape(name.lower())}s?(?!\w)", text):
                text = _without(text, match)
                found.append(publisher)
                break
    return text, tuple(found)


def _kinds(text: str, sources: Collection[Source]) -> tuple[str, tuple[str, ...]]:
    found = []
    for kind in dict.fromkeys(source.kind for source in sources if source.kind):
        wanted = stems(kind)
        held = list(words(text))
        for at in range(len(held) - len(wanted) + 1):
            if [stem(word) for word, _, _ in held[at : at + len(wanted)]] == wanted:
                text = f"{text[: held[at][1]]} {text[held[at + len(wanted) - 1][2] :]}"
                found.append(kind)
                break
    return text, tuple(found)


def _titled(source: Source, title: Sequence[str]) -> bool:
    return {stem(word.lower()) for word in title} <= set(stems(source.title))


# --- telling ------------------------------------------------------------------------------------


def _documents_told(
    asked: Inquiry, texts: AboutTexts, language: Language, sources: Sequence[Source], matching: Sequence[Source]
) -> Told:
    dated = sorted((one for one in matching if one.date), key=lambda one: one.date or "", reverse=True)
    ordered = [*dated, *(one for one in matching if not one.date)]
    criteria = _criteria(asked, texts)
    total, count = len(sources), len(matching)
    if not sources:
        return Told((texts["have_none"],))
    if not criteria:
        span = _span(texts, dated)
        lines = [texts["have" if total > 1 else "have_one"].format(total=total, span=f", {span}" if span else "")]
    else:
        lines = [texts["some" if count else "none"].format(count=count, total=total, criteria=criteria)]
    undated = sum(one.date is None for one in sources)
    if undated and (asked.filters.date_from or asked.filters.date_to):
        lines.append(texts["undated" if undated > 1 else "undated_one"].format(count=undated))
    if asked.order and dated:
        newest = asked.order == "newest"
        one = dated[0 if newest else -1]
        text = texts["the_newest" if newest else "the_oldest"]
        lines.append(text.format(document=document(language, one.title, one.date)))
        return Told(tuple(lines), (near_of(one),))
    shown = ordered[:MOST_LISTED]
    if shown:
        lines.append(texts["listed" if len(shown) == count else "newest"].format(count=len(shown)))
        lines += [f"– {document(language, one.title, one.date)}" for one in shown]
    if count > len(shown):
        lines.append(texts["more"].format(count=count - len(shown)))
    return Told(tuple(lines), tuple(map(near_of, shown)))


def _span(texts: AboutTexts, dated: Sequence[Source]) -> str:
    """From the year of the oldest to that of the newest."""
    if not dated:
        return ""
    first, last = (dated[-1].date or "")[:4], (dated[0].date or "")[:4]
    return texts["year"].format(first=first) if first == last else texts["years"].format(first=first, last=last)


def _criteria(asked: Inquiry, texts: AboutTexts) -> str:
    filters = asked.filters
    parts = []
    if filters.date_from and filters.date_to:
        key: Literal["year", "years"] = "year" if filters.date_from == filters.date_to else "years"
        parts.append(texts[key].format(first=filters.date_from, last=filters.date_to))
    elif filters.date_from:
        parts.append(texts["from_year"].format(first=filters.date_from))
    elif filters.date_to:
        parts.append(texts["to_year"].format(last=filters.date_to))
    parts += [texts["kind"].format(kind=kind) for kind in filters.kinds]
    parts += [texts["publisher"].format(publisher=publisher) for publisher in filters.publishers]
    parts += [texts["language"].format(language=texts["languages"][code]) for code in filters.languages]
    if asked.title:
        parts.append(texts["title"].format(words=" ".join(asked.title)))
    return ", ".join(parts)


def _most_common(names: Iterable[str]) -> list[str]:
    """The five most common, most common first."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))[:5]
