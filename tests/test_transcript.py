"""A conversation as a document to take along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.conversation.transcript import as_markdown
from assistant.types import LANGUAGES, Conversation, Exchange, Language
from tests.fakes import source
from tests.test_archive import answer

_SOURCE = replace(source("d1", title="Plan for Romerike", date="2021-02-08", kind="rapport"), publisher="Klyngen")
_TIME = "2024-03-21T12:00:00.000000Z"


def _conversation(*answers_: Exchange) -> Conversation:
    return Conversation("c1", _TIME, _TIME, answers_)


def test_questions_answers_sources_and_one_reference_list() -> None:
    second = answer("og når?", understood="Når koster <b>prosjektet</b>?")
    second = replace(second, citations=(replace(second.citations[0], page=5),))
    text = as_markdown(_conversation(Exchange(_TIME, answer(), (_SOURCE,)), Exchange(_TIME, second, (_SOURCE,))), "nb")
    assert text == """\
# Samtale 21. mars 2024

## Hva koster prosjektet?

I «Plan for Romerike» står det: «Prosjektet koster 4,2 millioner.» [1]

Kilder:

- [1] Plan for Romerike, 8. februar 2021, side 2: «Prosjektet koster 4,2 millioner.»

## og når?

*Forstått som: Når koster &lt;b>prosjektet&lt;/b>?*

I «Plan for Romerike» står det: «Prosjektet koster 4,2 millioner.» [1]

Kilder:

- [1] Plan for Romerike, 8. februar 2021, side 5: «Prosjektet koster 4,2 millioner.»

## Referanseliste

- Klyngen. (2021, 8. februar). *Plan for Romerike* (s. 2, 5) [Rapport].
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_in_the_language_asked_for(language: Language) -> None:
    text = as_markdown(_conversation(Exchange(_TIME, answer(understood="Hva?"), (_SOURCE,))), language)
    heading = {"nb": "Samtale 21. mars 2024", "nn": "Samtale 21. mars 2024", "en": "Conversation 21 March 2024"}
    assert text.startswith(f"# {heading[language]}\n")
    assert {"nb": "Kilder", "nn": "Kjelder", "en": "Sources"}[language] in text
    assert "{" not in text


def test_a_list_in_an_answer_stays_one_list() -> None:
    listed = replace(answer(), text="Deltakerne er:\n\n- Bayer\n- Pharmaq\n\nDer står det også: noe", citations=())
    text = as_markdown(_conversation(Exchange(_TIME, listed)), "nb")
    assert "Deltakerne er:\n\n- Bayer\n- Pharmaq\n\nDer står det også: noe\n" in text
    assert "Referanseliste" not in text
