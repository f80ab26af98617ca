"""What a language model is given to write from, and what of its draft is shown beyond what its sources bear: what
answers the question, by the reader's judgement. Pure functions.

The reader weighs every sentence of the passages that it reads, with the trained network's word for the question and
that sentence as one of the features. A drafted sentence is near enough where the sentence that it rests on is among
those that could be part of an answer (`Reading.apt`); so the model is given those passages, and no others."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.chat.dictation import dictates
from assistant.citations import Refused
from assistant.reading.reader import Reading
from assistant.types import DraftSentence, Hit, Quote


def read_for(hits: Sequence[Hit], readings: Sequence[Reading]) -> tuple[Hit, ...]:
    """Those of the hits that were read, in their order."""
    read = {candidate.hit.passage.id for reading in readings for candidate in reading.ranked}
    return tuple(hit for hit in hits if hit.passage.id in read)


def to_the_point(result: DraftSentence | Refused, readings: Sequence[Reading]) -> DraftSentence | Refused:
    """A sentence that its source bears is still refused where the source only tells an answerer to say it,
    or says it of something else than what was asked."""
    if isinstance(result, Refused):
        return result
    if any(dictates(quote.text) for quote in result.quotes):
        return Refused(result.text, "dictated")
    if not any(_is_apt(quote, reading) for quote in result.quotes for reading in readings):
        return Refused(result.text, "beside")
    return result


def _is_apt(quote: Quote, reading: Reading) -> bool:
    return any(quote.passage.id == id and quote.start <= start < quote.end for id, start in reading.apt)
