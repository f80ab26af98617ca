"""How complete overviews are, and what their threshold trades.

    python -m benchmarks.overview [OVERVIEWS.json] [--reports]

Asks every question of the file of every document of the index in use. Of the documents that state the thing,
how many were listed (recall); of those listed, how many do (precision); in how many of the right ones a quote
holds it; how many of the quotes do. Prints this over all questions for a grid of the two numbers that decide
(`ASSISTANT_OVERVIEW_THRESHOLD`, and `NEAR_THE_BEST` in assistant/overview/review.py), then by question as it is
set, and the documents a second. `--reports` does the same on thirty yearly reports that are made up, ingested into a
temporary folder first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from assistant.answer import Assistant
from assistant.evaluation.questions import squeezed
from assistant.index import Generation
from assistant.open import open_assistant
from assistant.overview import MOST_FINDINGS
from assistant.overview.review import NEAR_THE_BEST, Likely, least, review, sought
from assistant.overview.task import asked_of_each
from assistant.settings import Settings
from assistant.types import Filters
from tests.reports import QUESTIONS, reports

OVERVIEWS = Path(__file__).parent.parent / "tests" / "evals" / "overviews.json"
THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
NEAR = (0.02, 0.03, 0.05, 0.1)


@dataclass(frozen=True, slots=True)
class Known:
    """A question, and the documents that state what it asks for, each with wordings of which one must be
    quoted. `partly` are documents about which one may disagree: they count neither way."""

    id: str
    question: str
    kinds: tuple[str, ...]
    documents: Mapping[str, Sequence[str]]
    partly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a document gave for a question. `stated` is None where it does not state the thing."""

    path: str
    stated: Sequence[str] | None
    found: tuple[Likely, ...]

    def holding(self) -> list[bool]:
        """Of each quote that may be listed, whether it holds what was asked for."""
        return [any(word in squeezed(quote.text) for word in self.stated or ()) for quote, _ in self.found]


class Figures(NamedTuple):
    """Counts over the documents of one question or several."""

    stating: int
    right: int
    wrong: int
    quoted: int
    quotes: int
    right_quotes: int

    def __str__(self) -> str:
        listed = self.right + self.wrong
        return (
            f"recall {_share(self.right, self.stating)}  precision {_share(self.right, listed)}  "
            f"quoted {_share(self.quoted, self.stating)}  quotes right {_share(self.right_quotes, self.quotes)}  "
            f"({self.right} of {self.stating} found, {self.wrong} more listed, {self.quotes} quotes)"
        )


def main(file: Path, settings: Settings, with_reports: bool) -> None:
    known = list(of_reports() if with_reports else load(file))
    assistant = open_assistant(settings)
    try:
        with assistant.index.reading() as generation:
            started = time.perf_counter()
            read = {question.id: list(_read(assistant, generation, question)) for question in known}
            seconds = time.perf_counter() - started
    finally:
        assistant.index.close()
    print(f"{len(known)} questions, reader {settings.reader}; mean of the questions' recall and precision, then all")
    for threshold in THRESHOLDS:
        for near in NEAR:
            figures = [_figures(its, threshold, near) for its in read.values()]
            together = Figures(*map(sum, zip(*figures, strict=True)))
            print(f"{threshold:.2f} near {near:.2f}  {_means(figures)}  {together}")
    print(f"\nat {settings.overview_threshold} near {NEAR_THE_BEST}, by question")
    for id, its in read.items():
        print(f"{id:22} {_figures(its, settings.overview_threshold, NEAR_THE_BEST)}")
    print(f"\n{sum(map(len, read.values())) / seconds:.1f} documents a second")


def load(file: Path) -> Iterator[Known]:
    """The questions of a file as `tests/evals/README.md` describes it."""
    for one in json.loads(file.read_text(encoding="utf-8"))["questions"]:
        kinds = one.get("filters", {}).get("kinds", [])
        yield Known(one["id"], one["question"], tuple(kinds), one["documents"], tuple(one.get("partly", ())))


def of_reports() -> Iterator[Known]:
    stated = {one.path: [*one.measures, *map(_capital, one.measures)] for one in reports() if one.measures}
    for language, question in QUESTIONS.items():
        yield Known(f"reports-{language}", question, (), stated)


def _read(assistant: Assistant, generation: Generation, known: Known) -> Iterator[Read]:
    text = asked_of_each(known.question)
    what = sought(generation, text, assistant.vector(text))
    paths = {source.path: id for id, source in generation.sources.items()}
    missing = (set(known.documents) | set(known.partly)) - set(paths)
    if missing:
        raise SystemExit(f"{known.id}: not in the index: {', '.join(sorted(missing))}")
    for id in generation.allowed(Filters(kinds=known.kinds)):
        path = generation.sources[id].path
        if path not in known.partly:
            found = review(generation, assistant.reader, assistant.judged, what, id)
            yield Read(path, known.documents.get(path), found)


def _figures(read: Sequence[Read], threshold: float, near: float) -> Figures:
    best = max((one.found[0][1] for one in read if one.found), default=0.0)
    enough = least(best, threshold, near)
    listed = [one for one in read if one.found and one.found[0][1] >= enough]
    right = [one for one in listed if one.stated is not None]
    quotes = [one.holding()[:MOST_FINDINGS] for one in listed]
    return Figures(
        stating=sum(one.stated is not None for one in read),
        right=len(right),
        wrong=len(listed) - len(right),
        quoted=sum(map(any, quotes)),
        quotes=sum(map(len, quotes)),
        right_quotes=sum(map(sum, quotes)),
    )


def _means(figures: Sequence[Figures]) -> str:
    """Over the questions that something states; where nothing is listed, nothing is wrong."""
    asked = [one for one in figures if one.stating]
    recall = mean(one.right / one.stating for one in asked)
    precision = mean(one.right / (one.right + one.wrong) if one.right + one.wrong else 1.0 for one in asked)
    vain = sum(one.wrong for one in figures if not one.stating)
    return f"R {recall:.2f} P {precision:.2f}, {vain} where nothing is stated;"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "   –"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ingested(folder: Path, settings: Settings) -> Settings:
    """The made-up reports as an index of their own, with the models that are unpacked already."""
    corpus, data = folder / "corpus", folder / "data"
    data.mkdir()
    (data / "models").symlink_to((settings.data_dir / "models").resolve(), target_is_directory=True)
    for report in reports():
        (corpus / report.path).parent.mkdir(parents=True, exist_ok=True)
        (corpus / report.path).write_text(report.text, encoding="utf-8")
    environment = os.environ | {"ASSISTANT_DATA_DIR": str(data), "ASSISTANT_CHROMA_URL": ""}
    subprocess.run([sys.executable, "-m", "ingest", str(corpus)], env=environment, check=True)
    return settings.model_copy(update={"data_dir": data, "corpus_dir": corpus, "chroma_url": ""})


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if not word.startswith("-")]
    set_ = Settings()
    if "--reports" in sys.argv:
        with tempfile.TemporaryDirectory() as temporary:
            main(OVERVIEWS, _ingested(Path(temporary), set_), with_reports=True)
    else:
        main(Path(given[0]) if given else OVERVIEWS, set_, with_reports=False)
