"""One document against one question: no passage of it is passed over, and what is listed is near the best."""

from __future__ import annotations

import math

import pytest

from assistant.overview.review import MOST_PASSAGES, SURE, Sought, least, review, sought
from assistant.reading.fitted import PLAIN
from assistant.reading.reader import Reader
from tests.fakes import Workshop
from tests.weights import FakeModel

_READER = Reader(PLAIN)


def _chapters(count: int) -> str:
    words = "kommunen vedtok budsjettet og sendte saken videre til neste møte om høsten".split()
    sentences = [" ".join(words[n % 9 :] + words[: n % 9]) for n in range(count * 9)]
    chapters = [f"## Kapittel {n}\n\n" + ". ".join(sentences[n * 9 : n * 9 + 9]) for n in range(count)]
    return ".\n\n".join(chapters) + "."


def _sought(workshop: Workshop, text: str) -> Sought:
    with workshop.reading() as generation:
        return sought(generation, text, FakeModel().query(text))


def _found(workshop: Workshop, text: str, path: str) -> list[str]:
    with workshop.reading() as generation:
        (id,) = [id for id, source in generation.sources.items() if source.path == path]
        what = sought(generation, text, FakeModel().query(text))
        found = review(generation, _READER, lambda text, vector, hits, vectors: hits, what, id)
        for quote, likely in found:
            assert generation.document(id).text[quote.start : quote.end] == quote.text
            assert 0 < likely < 1
        assert [likely for _, likely in found] == sorted((likely for _, likely in found), reverse=True)
        return [quote.text for quote, _ in found]


def test_the_answer_is_found_at_the_very_end_of_a_long_document(workshop: Workshop) -> None:
    workshop.put("lang.md", f"# Lang\n\n{_chapters(60)}\n\n## Vedlegg\n\nTunnelen under fjorden kostet 812 millioner.")
    for number in range(30):  # that say more about it: the best passages of all are not in the long document
        workshop.put(f"kort-{number}.md", f"# Tunnel {number}\n\nHva kostet tunnelen under fjorden? Den kostet mye.")
    workshop.run()
    assert _found(workshop, "Hva kostet tunnelen under fjorden?", "lang.md")[0].endswith("kostet 812 millioner.")


def test_more_passages_are_read_as_long_as_they_give_findings(workshop: Workshop) -> None:
    filler = " ".join(f"Møte {n} ble holdt i rådhuset, og protokollen er lagt ved." for n in range(10))
    wheres = ("", " der", " nå", " så")
    said = [f"{who} satte opp støyskjerm{where}." for who in ("Vi", "De", "Han") for where in wheres]
    workshop.put("skjermer.md", "# Rapport\n\n" + "\n\n".join(f"## Del\n\n{one}\n\n{filler}" for one in said))
    workshop.run()
    found = _found(workshop, "Hvor satte vi opp støyskjerm?", "skjermer.md")
    assert _READER.weights.passages < len(said) < MOST_PASSAGES
    assert set(said) <= set(found)


def test_what_is_said_twice_is_found_once(workshop: Workshop) -> None:
    said = "Prosjektet koster 4,2 millioner kroner."
    workshop.put("to.md", f"# To\n\n## Sammendrag\n\n{said} {_chapters(2)[17:]}\n\n## Kostnader\n\n{said}")
    workshop.run()
    assert _found(workshop, "Hva koster prosjektet?", "to.md").count(said) == 1


def test_the_nearest_documents_are_those_that_search_finds(workshop: Workshop) -> None:
    for number in range(9):
        workshop.put(f"annet-{number}.md", f"# Annet\n\nBudsjettet for {number} ble vedtatt.")
    workshop.put("vann.md", "# Vann\n\nKommunen leverer vann til 900 husstander.")
    workshop.run()
    what = _sought(workshop, "Hvem leverer vann?")
    with workshop.reading() as generation:
        assert generation.sources[what.nearest[0]].path == "vann.md"
    assert len(what.nearest) == 5
    assert what.spread > 0


@pytest.mark.parametrize("best", [0.3, 0.5, 0.9, 0.99, 1.0])
def test_a_document_is_listed_for_being_near_the_best_or_sure(best: float) -> None:
    enough = least(best, threshold=0.3)
    assert 0 < enough <= min(best, SURE)
    assert least(best, threshold=0.3, near=0.5) >= enough


def test_nothing_is_listed_where_the_reader_is_never_sure() -> None:
    assert least(0.29, threshold=0.3) == math.inf
    assert least(0.0, threshold=0.0) == 0
