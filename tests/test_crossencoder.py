"""What the trained network says of a sentence: how likely it is to answer, and with which of its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from assistant.reading.crossencoder import CrossEncoder, _Encoded, _judged
from assistant.types import Passage, Span
from tests.fakes import hit

_TEXT = "Sju kommuner deltar (med Nes). Arbeidet begynte 8. februar 2021."
_SENTENCES = ("Sju kommuner deltar (med Nes).", "Arbeidet begynte 8. februar 2021.")


def _passage(text: str, *sentences: str, start: int = 0) -> Passage:
    """It stands at `start` in its document."""
    found = hit(text, *sentences).passage
    moved = tuple(Span(span.start + start, span.end + start) for span in found.sentences)
    return replace(found, start=start, end=start + len(text), sentences=moved)


def _answers(passage: Passage, starts: Mapping[str, float], ends: Mapping[str, float], unread: int = 0) -> list[str]:
    """Each sentence's answer, where a token is a word, and each word has the logits given for it, or 0; the last
    `unread` sentences lie beyond the limit of tokens."""
    places = [match.start() + passage.start for match in re.finditer(r"\S+", passage.text)]
    words = ["Tittel", *passage.text.split()]
    read = passage.sentences[: len(passage.sentences) - unread]
    inside = [[n for n, at in enumerate(places, 1) if span.start <= at < span.end] for span in read]
    ranges = [(numbers[0], numbers[-1] + 1) for numbers in inside] + [(0, 0)] * unread
    encoded = _Encoded(list(range(len(words))), ranges, [-7, *places])
    first, last = (np.array([logits.get(word, 0.0) for word in words], np.float32) for logits in (starts, ends))
    judged = _judged(passage, encoded, np.zeros(len(ranges), np.float32), first, last)
    return [passage.between(one.answer.start, one.answer.end) for one in judged]


@pytest.mark.parametrize("start", [0, 1000])
def test_the_answer_is_of_the_likeliest_first_and_last_word_without_the_marks_around(start: int) -> None:
    passage = _passage(_TEXT, *_SENTENCES, start=start)
    starts, ends = {"Sju": 5.0, "8.": 5.0}, {"kommuner": 5.0, "2021.": 5.0}
    assert _answers(passage, starts, ends) == ["Sju kommuner", "8. februar 2021"]
    assert _answers(passage, {"(med": 5.0, "2021.": 5.0}, {"Nes).": 5.0, "2021.": 5.0}) == ["med Nes", "2021"]


def test_an_answer_does_not_end_before_it_begins() -> None:
    passage = _passage(_TEXT, *_SENTENCES)
    assert _answers(passage, {"2021.": 6.0}, {"begynte": 5.0})[1] == "2021"


def test_an_answer_is_no_longer_than_thirty_words() -> None:
    words = [f"ord{number}" for number in range(40)]
    passage = _passage(" ".join(words))
    assert _answers(passage, {"ord0": 5.0}, {"ord39": 5.0, "ord30": 4.0, "ord29": 3.0}) == [" ".join(words[:30])]


def test_where_no_words_are_left_or_none_were_read_the_answer_is_the_sentence() -> None:
    bare = _passage("Prisen var ( ikke oppgitt.")
    assert _answers(bare, {"(": 5.0}, {"(": 5.0}) == ["Prisen var ( ikke oppgitt."]
    assert _answers(_passage(_TEXT, *_SENTENCES), {"8.": 9.0}, {"2021.": 9.0}, unread=1)[1] == _SENTENCES[1]


def test_the_real_network_finds_the_sentence_and_the_words_in_it() -> None:
    long = " ".join(["Møtet handlet om vær og vind."] * 80)
    passages = [
        _passage(f"{long} Prosjektet koster 9,8 millioner kroner.", long, "Prosjektet koster 9,8 millioner kroner."),
        _passage("Sju kommuner deltar i prosjektet. Prosjektet koster 4,2 millioner kroner.",
                 "Sju kommuner deltar i prosjektet.", "Prosjektet koster 4,2 millioner kroner.", start=50),
    ]  # fmt: skip
    cosines = [np.full(2, 0.85, np.float32)] * 2
    (_, unread), (count, cost) = CrossEncoder(threads=1).judge("Hva koster prosjektet?", passages, cosines)
    assert cost.logit > count.logit
    assert cost.logit > unread.logit
    assert passages[1].between(cost.answer.start, cost.answer.end).startswith("4,2 millioner")
    assert unread.answer == passages[0].sentences[1]  # beyond the limit of tokens
