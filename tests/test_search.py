"""Search over a real small index: fused scores, filters, hostile questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index import Generation
from assistant.search import WEIGHTS, document_of, fuse, search
from assistant.types import Filters, FoundBy, Hit
from tests.fakes import Workshop
from tests.weights import FakeModel


@pytest.fixture(scope="module")
def generation(library: Workshop) -> Iterator[Generation]:
    with library.reading() as opened:
        yield opened


def _search(generation: Generation, question: str, filters: Filters | None = None, limit: int = 10) -> tuple[Hit, ...]:
    return search(generation, question, FakeModel().query(question), limit, filters)


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("Hva koster prosjektet?", "plan.md"),
        ("Hvor mange ansatte har fabrikken?", "reiser/københavn.md"),
        ("How much did exports grow?", "export.html"),
        ("Fra når er ledningene for vann?", "vann.txt"),
    ],
)
def test_the_right_document_is_first(generation: Generation, question: str, path: str) -> None:
    assert _search(generation, question)[0].source.path == path


def test_hits_are_ordered_whole_and_say_who_found_them(generation: Generation) -> None:
    hits = _search(generation, "Hva koster prosjektet på Romerike?")
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(0 <= h.score <= 1 for h in hits)
    assert len({h.passage.id for h in hits}) == len(hits)
    assert hits[0].found_by == ("dense", "stems", "grams")
    for hit in hits:
        assert document_of(hit.passage.id) == hit.passage.document_id == hit.source.id
        assert generation.document(hit.source.id).text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert (hit.cosine is None) == ("dense" not in hit.found_by)
        assert hit.cosine is None or -1.001 <= hit.cosine <= 1.001


def test_the_same_question_gives_the_same_order(generation: Generation) -> None:
    first = [h.passage.id for h in _search(generation, "prosjekt kommune vann")]
    assert all([h.passage.id for h in _search(generation, "prosjekt kommune vann")] == first for _ in range(5))


def test_a_limit_cuts_the_list_and_nothing_else(generation: Generation) -> None:
    every = _search(generation, "Hva koster prosjektet?", limit=100)
    assert _search(generation, "Hva koster prosjektet?", limit=2) == every[:2]


@pytest.mark.parametrize("question", ['"', "((", "felt:verdi AND", "🦊🦊", "hva er det", "\x00 x", "*", "x" * 5000])
def test_hostile_questions_are_searched_like_any_other(generation: Generation, question: str) -> None:
    assert all(0 <= hit.score <= 1 for hit in _search(generation, question))


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        (Filters(kinds=("reisenotat",)), {"reiser/københavn.md"}),
        (Filters(languages=("en",)), {"export.html"}),
        (Filters(publishers=("Klyngen",)), {"plan.md", "reiser/københavn.md"}),
        (Filters(date_from="2022"), {"export.html", "reiser/københavn.md"}),
        (Filters(date_from="2022", date_to="2022-12"), {"export.html"}),
        (Filters(date_to="2021-02-08"), {"plan.md"}),
        (Filters(kinds=("reisenotat",), languages=("en",)), set()),
        (Filters(documents=("nobody",)), set()),
    ],
)
def test_only_what_a_filter_lets_through(generation: Generation, filters: Filters, paths: set[str]) -> None:
    assert {h.source.path for h in _search(generation, "Hva koster prosjektet og eksporten?", filters)} == paths


def test_a_narrow_filter_in_a_large_index_still_finds(workshop: Workshop) -> None:
    """More passages than the dense list fetches before it sifts, and all of them nearer."""
    chapters = [f"# Kapittel {n}\n\nProsjektet koster {n} millioner kroner. " for n in range(450)]
    workshop.put("stor.md", "\n\n".join(chapter + "Mer om dette. " * 30 for chapter in chapters))
    workshop.put("liten.md", "Sauene på øya spiser gress.")
    workshop.run()
    with workshop.reading() as generation:
        assert generation.manifest.passages > 400
        (small,) = [s.id for s in generation.sources.values() if s.path == "liten.md"]
        hits = _search(generation, "Hva koster prosjektet?", Filters(documents=(small,)))
        assert [h.source.path for h in hits] == ["liten.md"]
        assert hits[0].cosine is not None


def test_an_index_without_documents_finds_nothing(workshop: Workshop) -> None:
    file = workshop.put("a.md", "Noe om vekst.")
    workshop.run()
    file.unlink()
    workshop.options = replace(workshop.options, allow_empty=True)
    outcome = workshop.run()
    assert (outcome.removed, outcome.documents, outcome.passages) == (1, 0, 0)
    with workshop.reading() as generation:
        assert _search(generation, "Noe om vekst") == ()


# --- fusing -------------------------------------------------------------------------------------


def test_a_clear_best_stays_clear() -> None:
    fused = fuse({"dense": [("a", 0.9), ("b", 0.8), ("c", 0.7)], "stems": [("b", 30.0), ("a", 2.0)], "grams": []})
    assert fused == pytest.approx({"a": 0.5, "b": 0.25 + 0.25, "c": 0.0})


def test_a_list_of_one_counts_in_full() -> None:
    assert fuse({"dense": [], "stems": [("a", 3.0)], "grams": []}) == {"a": WEIGHTS["stems"]}


_SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1, 50), max_size=8)
_RANKED = _SCORES.map(lambda found: list(found.items()))


@given(_RANKED, _RANKED, _RANKED)
def test_fused_scores_lie_between_none_and_all(
    dense: list[tuple[str, float]], stems: list[tuple[str, float]], grams: list[tuple[str, float]]
) -> None:
    lists: dict[FoundBy, list[tuple[str, float]]] = {"dense": dense, "stems": stems, "grams": grams}
    fused = fuse(dict(lists))
    assert set(fused) == {id for ranked in lists.values() for id, _ in ranked}
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fused.values())
