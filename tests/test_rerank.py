"""The order after the network has read: a passage is as good as its best sentence, and nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from assistant.embedding import Floats
from assistant.reading.crossencoder import CrossEncoder
from assistant.reading.features import SentenceFeatures, network_logit
from assistant.reading.fitted import Odds
from assistant.reading.quoting import Candidate
from assistant.rerank import ROUND, by_best_sentence, judge, settled
from assistant.types import Hit, Judgement, Passage, Span
from tests.fakes import hit

ODDS = Odds(bias=-1.0, slope=0.5)


def _hit(id: str, score: float = 0.5) -> Hit:
    return replace(hit(f"Tekst {id}.", id=id), score=score)


def _candidate(hit: Hit, score: float) -> Candidate:
    return Candidate(hit, hit.passage.sentences[0], SentenceFeatures(*[0.0] * len(SentenceFeatures._fields)), score)


def _ids(hits: Sequence[Hit]) -> list[str]:
    return [one.source.id for one in hits]


def test_a_passage_is_as_good_as_its_best_sentence() -> None:
    a, b, unread = _hit("a", 0.9), _hit("b", 0.4), _hit("unread", 1.0)
    found = by_best_sentence([unread, a, b], [_candidate(b, 3.0), _candidate(a, 2.0), _candidate(b, -4.0)], ODDS)
    assert _ids(found) == ["b", "a", "unread"]
    assert found[0].score == pytest.approx(1 / (1 + np.exp(-(-1.0 + 0.5 * 3.0))))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 < one.score < 1 for one in found[:2])


def test_what_was_not_read_stays_behind_in_the_order_of_search() -> None:
    read, one, other = _hit("read", 0.1), _hit("one", 0.8), _hit("other", 0.3)
    assert _ids(by_best_sentence([one, other, read], [_candidate(read, -5.0)], ODDS)) == ["read", "one", "other"]


def test_where_nothing_was_read_search_decides() -> None:
    assert _ids(by_best_sentence([_hit("a", 0.9), _hit("b", 0.4)], [], ODDS)) == ["a", "b"]


def test_sentences_follow_their_passages() -> None:
    a, b = _hit("a"), _hit("b")
    ranked = [_candidate(a, 3.0), _candidate(b, 2.9), _candidate(a, 1.0)]
    first = by_best_sentence([a, b], ranked, ODDS)
    same = settled(ranked, first, ODDS)
    assert [(one.hit.source.id, round(one.score, 6)) for one in same] == [("a", 3.0), ("b", 2.9), ("a", 1.0)]
    swapped = (replace(first[1], score=first[0].score), replace(first[0], score=first[1].score))
    moved = settled(ranked, swapped, ODDS)
    assert [(one.hit.source.id, round(one.score, 6)) for one in moved] == [("b", 3.0), ("a", 2.9), ("a", 0.9)]


class _Network:
    """Gives each passage the logit that stands at its end."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def judge(
        self, question: str, passages: Sequence[Passage], cosines: Sequence[Floats]
    ) -> list[tuple[Judgement, ...]]:
        self.asked.append(len(passages))
        return [(Judgement(float(one.text.split()[-1]), Span(0, 1)),) for one in passages]


@pytest.mark.parametrize(("logit", "rounds"), [(3.0, [ROUND]), (-3.0, [ROUND, ROUND, 1])])
def test_no_more_is_read_than_it_takes_to_be_sure(logit: float, rounds: list[int]) -> None:
    hits = [hit(f"Tekst {logit if at == 2 else -9.0}", id=str(at)) for at in range(2 * ROUND + 1)]
    vectors = {one.passage.id: np.ones((1, 2), np.float32) for one in hits}
    network = _Network()
    judged = judge(cast(CrossEncoder, network), "Hva?", np.ones(2, np.float32), hits, vectors, 0.9)
    assert network.asked == rounds
    assert _ids(judged) == _ids(hits)
    assert sum(one.judgements is not None for one in judged) == sum(rounds)


def test_a_passage_is_as_likely_as_its_sentences_together() -> None:
    assert network_logit((Judgement(0.0, Span(0, 1)), Judgement(0.0, Span(0, 1)))) == pytest.approx(0.6931, abs=1e-3)
    assert network_logit((Judgement(-50.0, Span(0, 1)),)) == pytest.approx(-50.0)
