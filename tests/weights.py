"""An embedder without weights. By itself, since the job is started with it as a process of its own, which has little
else to import."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from assistant.embedding import Embedded, Floats, Progress
from assistant.text import content_words, stems
from assistant.types import Passage, sentences_of

DIMENSION = 32


class FakeModel:
    """Embeds a text as its stems, hashed. Cosines lie about 0.7-1, as the default model's do."""

    def query(self, text: str) -> Floats:
        bag = np.zeros(DIMENSION - 1, np.float32)
        for stem in stems(" ".join(content_words(text))):
            digest = hashlib.sha256(stem.encode()).digest()
            bag[digest[0] % (DIMENSION - 1)] += 1 if digest[1] % 2 else -1
        bag /= max(float(np.linalg.norm(bag)), 1e-12)
        vector = np.concatenate([[np.sqrt(0.75)], np.sqrt(0.25) * bag])
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    def passages(self, passages: Sequence[Passage], progress: Progress) -> list[Embedded]:
        progress(len(passages))
        return [
            Embedded(self.query(p.indexed_text), np.stack([self.query(s) for s in sentences_of(p)]))
            for p in passages
        ]
