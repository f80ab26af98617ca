"""A conversation as a Markdown document, with its sources and a reference list. Pure functions."""

from __future__ import annotations

from typing import TypedDict

from assistant.phrases import written_date
from assistant.references import reference_list
from assistant.types import Answer, Citation, Conversation, Language


class _Texts(TypedDict):
    conversation: str
    understood: str
    sources: str
    references: str
    page: str


_TEXTS: dict[Language, _Texts] = {
    "nb": {
        "conversation": "Samtale",
        "understood": "Forstått som: {question}",
        "sources": "Kilder",
        "references": "Referanseliste",
        "page": "side",
    },
    "nn": {
        "conversation": "Samtale",
        "understood": "Forstått som: {question}",
        "sources": "Kjelder",
        "references": "Referanseliste",
        "page": "side",
    },
    "en": {
        "conversation": "Conversation",
        "understood": "Understood as: {question}",
        "sources": "Sources",
        "references": "Reference list",
        "page": "page",
    },
}


def as_markdown(conversation: Conversation, language: Language) -> str:
    """Each question, its answer and what the answer quotes; last one reference list for all of it, in APA
    style. A number belongs to the answer it stands in."""
    texts = _TEXTS[language]
    parts = [f"# {texts['conversation']} {written_date(language, conversation.started[:10])}"]
    for turn in conversation.turns:
        parts += _turn(turn.answer, language)
    citations = [citation for turn in conversation.turns for citation in turn.answer.citations]
    sources = {source.id: source for turn in conversation.turns for source in turn.sources}
    if citations:
        listed = reference_list(language, citations, sources)
        parts += [f"## {texts['references']}", "\n".join(f"- {_safe(reference)}" for reference in listed)]
    return "\n\n".join(parts) + "\n"


def _turn(answer: Answer, language: Language) -> list[str]:
    texts = _TEXTS[language]
    parts = [f"## {_safe(' '.join(answer.question.split()))}"]
    if answer.understood_as:
        parts.append(f"*{texts['understood'].format(question=_safe(answer.understood_as))}*")
    parts.append(_paragraphs(answer.text))
    if answer.citations:
        parts.append(f"{texts['sources']}:")
        parts.append("\n".join(_source(citation, language) for citation in answer.citations))
    return parts


def _paragraphs(text: str) -> str:
    """A line of an answer is a paragraph, but the lines of a list are one."""
    lines = [_safe(line) for line in text.split("\n") if line.strip()]
    made = "".join(
        ("\n" if line.startswith("- ") and before.startswith("- ") else "\n\n") + line
        for before, line in zip(["", *lines], lines, strict=False)
    )
    return made.strip()


def _source(citation: Citation, language: Language) -> str:
    place = [_safe(citation.title)]
    if citation.date:
        place.append(written_date(language, citation.date))
    if citation.page:
        place.append(f"{_TEXTS[language]['page']} {citation.page_label or citation.page}")
    return f"- [{citation.number}] {', '.join(place)}: «{_safe(' '.join(citation.quote.split()))}»"


def _safe(text: str) -> str:
    """A document's or a user's text must not become a tag in what shows the Markdown."""
    return text.replace("<", "&lt;")
