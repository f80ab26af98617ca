"""The order after the network has read: its word counts beside search's, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.rerank import WEIGHTS, network_logit, ordered
from assistant.types import Hit, Judgement, Span
from tests.fakes import hit


def _hit(id: str, score: float, logit: float | None) -> Hit:
    judgements = None if logit is None else (Judgement(logit, Span(0, 4)), Judgement(-9.0, Span(0, 4)))
    return replace(hit(f"Tekst {id}.", id=id), score=score, judgements=judgements)


def test_what_the_network_is_sure_of_comes_first() -> None:
    found = ordered([_hit("a", 0.9, -6.0), _hit("b", 0.7, 4.0), _hit("c", 0.8, -6.0)])
    assert [one.source.id for one in found] == ["b", "a", "c"]
    assert all(0 < one.score < 1 for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_where_the_network_sees_no_difference_search_decides() -> None:
    found = ordered([_hit("a", 0.5, 1.0), _hit("b", 0.6, 1.0)])
    assert [one.source.id for one in found] == ["b", "a"]


def test_what_was_not_read_stands_where_the_network_is_not_sure() -> None:
    found = ordered([_hit("sure", 0.5, 5.0), _hit("unread", 0.5, None), _hit("no", 0.5, WEIGHTS.unread - 5)])
    assert [one.source.id for one in found] == ["sure", "unread", "no"]
    assert {one.source.id for one in found if one.judgements is None} == {"unread"}


def test_a_passage_is_as_likely_as_its_sentences_together() -> None:
    assert network_logit((Judgement(0.0, Span(0, 1)), Judgement(0.0, Span(0, 1)))) == pytest.approx(0.6931, abs=1e-3)
    assert network_logit((Judgement(-50.0, Span(0, 1)),)) == pytest.approx(-50.0)
