"""Room among the best hits: repetitions and crowding give way, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from assistant.spread import MOST, spread
from assistant.types import Hit
from tests.fakes import hit

_PRESS_RELEASE = "Fabrikken i Hillerød bygges ut for seks milliarder kroner og gir tre hundre nye arbeidsplasser."


def _hit(text: str, id: str, at: int, score: float, title: str = "Tittel") -> Hit:
    found = hit(text, id=id, title=title)
    return replace(found, score=score, passage=replace(found.passage, id=f"{id}-{at}"))


def _order(question: str, hits: list[Hit]) -> list[str]:
    return [one.passage.id for one in spread(question, hits)]


def test_the_same_press_release_twice_gives_way_to_something_new() -> None:
    hits = [
        _hit(_PRESS_RELEASE, "a", 0, 0.9),
        _hit(_PRESS_RELEASE + " Kilde: NTB", "b", 0, 0.85),
        _hit("Kommunen har vedtatt en plan for næringsutvikling på Romerike.", "c", 0, 0.4),
    ]
    assert _order("Hva bygges?", hits) == ["a-0", "c-0", "b-0"]


def _crowd(title: str = "Tittel") -> list[Hit]:
    parts = ["vann", "veier", "skoler", "barnehager", "parker", "havner"]
    text = "Her står det om {} og kostnaden i kommunen."
    own = [_hit(text.format(part), "a", at, 0.8, title) for at, part in enumerate(parts)]
    return [*own, _hit("Et annet dokument sier noe om penger.", "b", 0, 0.6)]


def test_the_fourth_passage_of_a_document_gives_way() -> None:
    assert _order("Hva koster det?", _crowd()).index("b-0") == MOST


def test_a_document_that_the_question_names_may_crowd() -> None:
    assert _order("Hva står i Kommuneplanen om kostnaden?", _crowd("Kommuneplanen"))[-1] == "b-0"


def test_nothing_is_lost_and_scores_fall() -> None:
    hits = [*_crowd(), *(_hit(f"Noe helt annet nummer {at}", f"d{at}", 0, 0.01) for at in range(60))]
    found = spread("Hva koster det?", hits)
    assert {one.passage.id for one in found} == {one.passage.id for one in hits}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
