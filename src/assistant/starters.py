"""Questions made from documents, so that nobody has to begin with an empty box. Pure: whether they are answered is
tried elsewhere (`suggestions`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

from assistant.text import content_words, sentences
from assistant.types import Document, Language, Source

_MOST_CHARACTERS = 60
_NUMBER = re.compile(r"^[\d.]+\s+")
_ASKS = re.compile(
    r"(?:hv|kv|wh|how)\w*\b|(?:kilder|kjelder|sources|les også|les òg|read more|se også)\b", re.IGNORECASE
)
"""A heading that begins as a question would be a question within a question; the others lead away."""

_CLAUSE = frozenset(
    "som skal er var har hadde ble blir vert vart kan kunne vil ville må bør ikke ikkje samme same noen nokre "
    "interessant vi me oss vår dette disse desse which that is are was were has have will can not some this we our"
    .split()
)
"""Words of headings that say something of something, or point at what stands before: no subject to ask about."""

_ABOUT: dict[Language, str] = {
    "nb": "Hva står det om {heading}?",
    "nn": "Kva står det om {heading}?",
    "en": "What do the documents say about {heading}?",
}
_MONTHS = {
    "nb": "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember",
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
}
_ASIDE = re.compile(r" \([^)]*\)")
_ABOUT_SUBJECT = r"^(?P<what>[«“\"]?[A-ZÆØÅ][^.;:!?]{2,120}?)"
_PARTICLE = r"(?P<done>\w{3,}(?:t|dd)(?: (?:fram|frem|i gang|opp|ut|ned|saman|sammen))?)"
_IN_NORWEGIAN = rf"(?:den |i )?(?:\d{{1,2}}\. )?(?:(?:{_MONTHS['nb']}) )?(?:19|20)\d\d\b"
_DATED: dict[Language, tuple[re.Pattern[str], str]] = {
    "nb": (re.compile(rf"{_ABOUT_SUBJECT} (?P<was>ble) {_PARTICLE} {_IN_NORWEGIAN}"), "Når {was} {what} {done}?"),
    "nn": (re.compile(rf"{_ABOUT_SUBJECT} (?P<was>vart|blei) {_PARTICLE} {_IN_NORWEGIAN}"), "Når {was} {what} {done}?"),
    "en": (
        re.compile(
            rf"{_ABOUT_SUBJECT} (?P<was>was|were) (?P<done>\w+(?:ed|n|t|d)) "
            rf"(?:on|in) (?:\d{{1,2}} )?(?:(?:{_MONTHS['en']}) )?(?:19|20)\d\d\b"
        ),
        "When {was} {what} {done}?",
    ),
}
"""A sentence that says when something was done, and the question that it answers."""

_ASKS_BY_ITSELF: dict[Language, re.Pattern[str]] = {
    "nb": re.compile(r"(?:Hva|Hvem) (?:ble|er|var|har) "),
    "nn": re.compile(r"(?:Kva|Kven) (?:vart|blei|er|var|har) "),
    "en": re.compile(r"(?:What|Who) (?:was|were|is|are|has|have) "),
}
"""A heading that is a question but for its mark: who or what is its subject."""

_POINTS_BACK = frozenset(
    "den det de dei han hun ho hen dette disse desse dere dykk her der "
    "it they this these that he she we you there".split()
)
"""Words that point at what stands before, which a question has not."""

_NEAR: dict[Language, tuple[str, ...]] = {"nb": ("nb", "no", "nn"), "nn": ("nn", "no", "nb"), "en": ("en",)}
"""The languages of documents that a question in a language may be made of, the best first: a heading is taken over
as it is, and must fit the words around it."""

_OWN: dict[Language, tuple[str, ...]] = {"nb": ("nb", "no"), "nn": ("nn",), "en": ("en",)}
"""The languages of documents whose sentences can be turned into a question in a language."""


def candidates(document: Document, language: Language) -> tuple[str, ...]:
    """Questions that the document may answer, in `language`: of each heading that says something by itself, and of
    sentences that say when something was done, in turn."""
    if document.source.language not in _NEAR[language]:
        return ()
    each = zip_longest(_of_headings(document, language), _of_dates(document, language))
    return tuple(dict.fromkeys(found for found in chain.from_iterable(each) if found))


def in_order(sources: Iterable[Source], language: Language) -> tuple[Source, ...]:
    """Documents to begin with: in force, in the reader's language, the newest first, and of each kind in turn."""
    near = _NEAR[language]
    living = [source for source in sources if source.superseded_by is None and source.language in near]
    living.sort(key=lambda source: source.path)
    living.sort(key=lambda source: source.date or "", reverse=True)
    living.sort(key=lambda source: near.index(source.language))
    kinds: dict[tuple[int, str | None], int] = {}
    turns: list[tuple[tuple[int, int], Source]] = []
    for source in living:
        place = near.index(source.language)
        turn = kinds.get((place, source.kind), 0)
        kinds[place, source.kind] = turn + 1
        turns.append(((place, turn), source))
    turns.sort(key=lambda one: one[0])
    return tuple(source for _, source in turns)


def _of_headings(document: Document, language: Language) -> Iterator[str]:
    for heading in _headings(document):
        if heading.endswith("?"):
            yield heading
        elif _asks_by_itself(heading, language):
            yield f"{heading}?"
        elif _is_subject(heading):
            yield _ABOUT[language].format(heading=_lowered(heading, document.text))


def _of_dates(document: Document, language: Language) -> Iterator[str]:
    """Only in the document's own language: its words become the question's."""
    if document.source.language not in _OWN[language]:
        return
    pattern, question = _DATED[language]
    for block in document.blocks:
        if block.kind == "paragraph":
            for span in sentences(document.text, block.start, block.end):
                found = pattern.match(_ASIDE.sub("", " ".join(document.text[span.start : span.end].split())))
                what = _subject(found["what"], document.text) if found else ""
                if found and what:
                    yield question.format(was=found["was"], what=what, done=found["done"])


def _subject(words: str, text: str) -> str:
    """What a sentence is about, as it stands in the middle of one; "" where it does not stand by itself."""
    bare = re.sub(r", [^,]+,$", "", words)
    within = bare.lower().split()
    if "," in bare or len(bare) > _MOST_CHARACTERS or within[0] in _POINTS_BACK or _CLAUSE & set(within):
        return ""
    if within[0] in ("the", "a", "an"):
        return f"{bare[:1].lower()}{bare[1:]}"
    return _lowered(bare, text)


def _asks_by_itself(heading: str, language: Language) -> bool:
    """It names something, so that one knows what is asked about without the document around it."""
    words = heading.split()
    named = any(word[:1].isupper() for word in words[1:])
    return bool(_ASKS_BY_ITSELF[language].match(heading)) and named and not _POINTS_BACK & set(heading.lower().split())


def _headings(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if block.kind == "heading":
            heading = _NUMBER.sub("", " ".join(document.text[block.start : block.end].split())).rstrip(" .:")
            if heading and heading != document.source.title and len(heading) <= _MOST_CHARACTERS:
                yield heading


def _is_subject(heading: str) -> bool:
    words = heading.lower().split()
    return not (_ASKS.match(heading) or _CLAUSE & set(words)) and len(set(content_words(heading))) >= 2


def _lowered(heading: str, text: str) -> str:
    """The heading within a sentence: its first word keeps its capital where it is a name, which the text shows by
    writing it so within a sentence, or the next word by having one too."""
    first, _, rest = heading.partition(" ")
    named = rest[:1].isupper() or re.search(rf"[^\W\d_],? {re.escape(first)}(?!\w)", text)
    return heading if named or first[1:2].isupper() else f"{first[:1].lower()}{first[1:]} {rest}".strip()
