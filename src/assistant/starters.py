"""Questions made from documents, so that nobody has to begin with an empty box. Pure: whether they are answered is
tried elsewhere (`suggestions`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.text import content_words
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
_NEAR: dict[Language, tuple[str, ...]] = {"nb": ("nb", "no", "nn"), "nn": ("nn", "no", "nb"), "en": ("en",)}
"""The languages of documents that a question in a language may be made of, the best first: a heading is taken over
as it is, and must fit the words around it."""


def candidates(document: Document, language: Language) -> tuple[str, ...]:
    """Questions that the document may answer, in `language`: of each heading that says something by itself."""
    if document.source.language not in _NEAR[language]:
        return ()
    found = []
    for heading in _headings(document):
        if heading.endswith("?"):
            found.append(heading)
        elif _is_subject(heading):
            found.append(_ABOUT[language].format(heading=_lowered(heading, document.text)))
    return tuple(dict.fromkeys(found))


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
