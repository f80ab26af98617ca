"""The bundled model's tokenizer, for the few words of a question and a handful of passages.

SentencePiece's unigram model (Kudo 2018): a word is cut into the pieces of its vocabulary whose scores
sum highest. The `tokenizers` package does the same, and embeds passages in the ingestion job; loading
it costs a server 2 s and 300 MB, this 0.3 s and 40."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache

from assistant.embedding import bundled

BEGIN, END, UNKNOWN = 0, 2, 3

_WORD = re.compile("[^ \t\n\f\r\xa0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2581\u3000\ufeff\ufffd]+")
"""What stands between blanks; the model's normalisation (nmt_nfkc) takes zero-width characters, marks
of writing direction and characters that could not be decoded for blanks too."""
_DROPPED = dict.fromkeys([*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F])
"""The control characters, which that normalisation leaves out; a table for `str.translate`."""
_SPACE = "▁"
_UNKNOWN_PENALTY = 10.0


class Tokenizer:
    def __init__(self) -> None:
        self._ids, self._scores = bundled.vocabulary()
        self._longest = max(map(len, self._ids))
        self._unknown_score = float(self._scores.min()) - _UNKNOWN_PENALTY
        self._word = lru_cache(maxsize=50_000)(self._cut)

    def encode(self, text: str, limit: int) -> tuple[list[int], list[int]]:
        """Token ids, begin and end marked, and for each the offset in `text` of the word it belongs to
        (-1 for the marks). At most `limit` tokens."""
        ids, places = [BEGIN], [-1]
        for match in _WORD.finditer(text):
            for id in self._word(match.group()):
                ids.append(id)
                places.append(match.start())
        ids, places = ids[: limit - 1], places[: limit - 1]
        return [*ids, END], [*places, -1]

    def _cut(self, word: str) -> tuple[int, ...]:
        """The best pieces of a word; one is UNKNOWN for each run of characters outside the vocabulary."""
        pieces: list[int] = []
        for part in unicodedata.normalize("NFKC", word.translate(_DROPPED)).split(" "):
            if part:
                pieces += self._best(_SPACE + part)
        return tuple(pieces)

    def _best(self, word: str) -> list[int]:
        best = [0.0] + [-math.inf] * len(word)
        came: list[tuple[int, int]] = [(0, UNKNOWN)] * (len(word) + 1)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - self._longest), end):
                id = self._ids.get(word[start:end])
                if id is not None:
                    score = best[start] + float(self._scores[id])
                elif start == end - 1:
                    id, score = UNKNOWN, best[start] + self._unknown_score
                else:
                    continue
                if score > best[end]:
                    best[end], came[end] = score, (start, id)
        found: list[int] = []
        end = len(word)
        while end:
            end, id = came[end]
            if not (id == UNKNOWN and found and found[-1] == UNKNOWN):
                found.append(id)
        return found[::-1]
