"""Room for more than one document among the best hits: what says the same again, and the fourth passage
of a document, count less. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.text import content_words, stems, words
from assistant.types import Hit

WINDOW = 30
"""How many of the best hits are looked at."""
SAME = 0.85
"""The share of common words (Jaccard) from which one passage says again what another said."""
AGAIN, CROWDING = 0.25, 0.7
"""What such a passage's score is multiplied by, and that of each passage beyond MOST of one document."""
MOST = 3


def spread(question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """All of `hits`, best first, with their new scores. A document that the question names by its title may
    take as much room as it likes."""
    asked = set(stems(question))
    kept: list[tuple[Hit, frozenset[str]]] = []
    taken: Counter[str] = Counter()
    for hit in hits[:WINDOW]:
        held = frozenset(word for word, _, _ in words(hit.passage.text))
        again = any(_alike(held, other) >= SAME for _, other in kept)
        crowding = 0 if _named(hit, asked) else max(0, taken[hit.source.id] + 1 - MOST)
        score = hit.score * (AGAIN if again else 1.0) * CROWDING**crowding
        kept.append((replace(hit, score=score), held))
        taken[hit.source.id] += 1
    found = [hit for hit, _ in kept]
    return tuple(sorted([*found, *hits[WINDOW:]], key=lambda hit: (-hit.score, hit.passage.id)))


def _alike(ours: frozenset[str], theirs: frozenset[str]) -> float:
    if min(len(ours), len(theirs)) < SAME * max(len(ours), len(theirs)):
        return 0.0
    return len(ours & theirs) / max(len(ours | theirs), 1)


def _named(hit: Hit, asked: set[str]) -> bool:
    title = stems(" ".join(content_words(hit.source.title)))
    return bool(title) and asked.issuperset(title)
