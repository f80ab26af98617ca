"""This project beside what one builds with LangChain: same model, same files, same questions, same run.

    python -m benchmarks.peers WORKDIR QUESTIONS.json [--articles N] [--pipelines NAME …]

The SQuAD file's articles become text files. Each pipeline ingests the folder in one process and answers the
questions in another; both are measured from outside or by themselves, nothing is shared but the unpacked
model in WORKDIR/models. Prints tables in Markdown and keeps each pipeline's rows in WORKDIR, for
`assistant.evaluation.compare`. Nothing else may run on the machine meanwhile.

A passage is relevant when it is of the right document and covers the answer. LangChain's chunks overlap, so
two may hold the same answer: it counts once, where it first comes. Counted twice, nDCG would hold the overlap
against them."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, quantiles
from typing import NamedTuple, cast

from assistant.embedding import BUNDLED
from assistant.evaluation.compare import Difference, against, save
from assistant.evaluation.metrics import Row, report
from assistant.evaluation.questions import Article, KnownQuestion, QuestionFile, load
from assistant.evaluation.run import covers, spans_in
from assistant.index import Folders
from benchmarks import peers_found
from benchmarks.peers_found import Found, Place
from benchmarks.unpacked import unpack

LABELS = {
    "trained": "ours",
    "plain": "ours, plain reader",
    "tutorial": "LangChain's tutorial",
    "hybrid": "LangChain's hybrid",
    "hybrid-stems": "LangChain's hybrid, Norwegian stems",
}
OURS = ("trained", "plain")
FIGURES = ("ndcg@10", "mrr@10", "recall@1", "recall@5", "recall@10", "document_recall@5")
SAMPLED = 0.05
"""Seconds between two looks at a process's memory."""


class Ran(NamedTuple):
    """`megabytes` is the most that a process and those it started had resident together."""

    seconds: float
    megabytes: float
    output: str


@dataclass(frozen=True, slots=True)
class Ingested:
    index: Path
    passages: int
    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Measured:
    """`ready` is seconds from the start of the process to its first answer."""

    ingested: Ingested
    ready: float
    found: Found
    rows: tuple[Row, ...]


# --- running ------------------------------------------------------------------------------------


def run(command: Sequence[str], settings: Mapping[str, str]) -> Ran:
    """A module of ours to its end, in a session of its own; its errors go to the terminal."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    environment |= {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "LANGSMITH_TRACING": "false", **settings}
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=environment, stdout=output, start_new_session=True
        )
        most = 0.0
        try:
            while process.poll() is None:
                most = max(most, _resident(process.pid))
                time.sleep(SAMPLED)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        seconds = time.monotonic() - started
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}: exit {process.returncode}")
        output.seek(0)
        return Ran(seconds, most, output.read())


def _resident(session: int) -> float:
    """Megabytes of all processes of a session, from Linux's /proc."""
    pages = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        if int(fields[3]) == session:
            pages += int(fields[21])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def settings_of(data: Path, reader: str) -> dict[str, str]:
    return {
        "ASSISTANT_DATA_DIR": str(data),
        "ASSISTANT_CHROMA_URL": "",
        "ASSISTANT_EMBEDDING_MODEL": BUNDLED,
        "ASSISTANT_CHAT_MODEL": "none",
        "ASSISTANT_READER": reader,
    }


# --- ingesting ----------------------------------------------------------------------------------


def ingest_ours(corpus: Path, work: Path) -> Ingested:
    data = _empty(work / "ours")
    ran = run(["ingest", str(corpus), "--json"], settings_of(data, "plain"))
    folders = Folders(data)
    index = folders.generation(str(folders.current_name()))
    return Ingested(index, json.loads(ran.output)["passages"], ran.seconds, ran.megabytes)


def ingest_langchain(corpus: Path, work: Path) -> Ingested:
    index = _empty(work / "langchain")
    ran = run(["benchmarks.peers_langchain", "ingest", str(corpus), str(_model(work)), str(index)], {})
    return Ingested(index, json.loads(ran.output)["passages"], ran.seconds, ran.megabytes)


def write_corpus(articles: Iterable[Article], folder: Path) -> Path:
    _empty(folder)
    for article in articles:
        (folder / article.path).write_text(article.text, encoding="utf-8")
    return folder


def _model(work: Path) -> Path:
    return work / "models" / BUNDLED


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


# --- asking -------------------------------------------------------------------------------------


def ask(pipeline: str, corpus: Path, work: Path, questions: Sequence[KnownQuestion], ingested: Ingested) -> Measured:
    asked, result = work / "questions.json", work / f"found-{pipeline}.json"
    asked.write_text(json.dumps([one.text for one in questions], ensure_ascii=False), encoding="utf-8")
    started = time.monotonic()
    if pipeline in OURS:
        run(["benchmarks.peers_ours", str(asked), str(result)], settings_of(work / "ours", pipeline))
    else:
        paths = map(str, (corpus, _model(work), ingested.index, asked, result))
        run(["benchmarks.peers_langchain", "ask", *paths, pipeline], {})
    found = peers_found.load(result)
    rows = rows_of(questions, found)
    save(rows, work / f"rows-{pipeline}.json")
    return Measured(ingested, found.asked.ready - started, found, rows)


def rows_of(questions: Sequence[KnownQuestion], found: Found) -> tuple[Row, ...]:
    passages: dict[str, list[Place]] = {}
    for place in found.passages:
        passages.setdefault(place.document, []).append(place)
    asked = zip(questions, found.asked.hits, found.asked.milliseconds, strict=True)
    return tuple(row_of(one, hits, passages, found.texts, spent) for one, hits, spent in asked)


def row_of(
    known: KnownQuestion,
    hits: Sequence[Place],
    passages: Mapping[str, Sequence[Place]],
    texts: Mapping[str, str],
    milliseconds: float,
) -> Row:
    """What search alone gave; the fields about answers are left empty. An answer that no passage covers,
    because the splitting cut it in two, is a miss."""
    relevant = set()
    for document in known.documents:
        spans = spans_in(texts[document], known)
        relevant |= {place for place in passages[document] if covers(place.start, place.end, spans)}
    ranks = [rank for rank, place in enumerate(hits, 1) if place in relevant]
    order = list(dict.fromkeys(place.document for place in hits))
    return Row(
        question=known.text,
        language=known.language,
        style=known.style,
        category=known.category,
        asks="",
        overlap="",
        answerable=bool(known.answers),
        answered=False,
        relevant=min(len(relevant), 1),
        relevant_ranks=tuple(ranks[:1]),
        document_rank=next((rank for rank, one in enumerate(order, 1) if one in known.documents), None),
        sentence_rank=None,
        quoted=False,
        f1=0.0,
        citations=0,
        right_citations=0,
        seconds=milliseconds / 1000,
        found="",
        shown="",
    )


# --- telling ------------------------------------------------------------------------------------


def quality(measured: Mapping[str, Measured]) -> str:
    lines = []
    for name, one in measured.items():
        figures = report(one.rows)
        cells = (f"{_figure(figures, figure):.3f}" for figure in FIGURES)
        lines.append([LABELS[name], *cells])
    return _table(["Pipeline", *FIGURES], lines)


def _figure(figures: Mapping[str, object], name: str) -> float:
    """`recall@5` is found under `recall`, `5`."""
    group, _, cut = name.partition("@")
    value = figures[name] if name in figures else cast("dict[str, object]", figures[group])[cut]
    return cast("float", value)


def differences(measured: Mapping[str, Measured]) -> str:
    """The first pipeline against each other one, in points, with the interval."""
    (first, ours), *others = measured.items()
    lines = []
    for name, theirs in others:
        found = against(ours.rows, theirs.rows, name)
        lines.append([LABELS[name], *(_difference(found[figure]) for figure in FIGURES)])
    return _table([f"{LABELS[first]} minus …", *FIGURES], lines)


def _difference(one: Difference) -> str:
    return f"{100 * one.mean:+.1f} [{100 * one.low:+.1f}, {100 * one.high:+.1f}]"


def costs(measured: Mapping[str, Measured], characters: int) -> str:
    lines = []
    for name, one in measured.items():
        ingested, spent = one.ingested, one.found.asked.milliseconds
        size = sum(file.stat().st_size for file in ingested.index.rglob("*") if file.is_file())
        lines.append(
            [
                LABELS[name],
                f"{ingested.passages:,} of {mean(place.end - place.start for place in one.found.passages):.0f}",
                f"{ingested.seconds:.0f}",
                f"{ingested.passages / ingested.seconds:.1f}",
                f"{characters / ingested.seconds:,.0f}",
                f"{ingested.megabytes:.0f}",
                f"{size / 1e6:.1f}",
                f"{one.ready:.1f}",
                f"{median(spent):.0f}",
                f"{quantiles(spent, n=20)[-1]:.0f}",
                f"{one.found.asked.megabytes:.0f}",
            ]
        )
    head = (
        "Pipeline; Passages, of how many characters; Ingest, s; Passages/s; Characters/s; Ingest, MB; Index, MB;"
        " Ready after, s; Query p50, ms; p95, ms; Query, MB"
    )
    return _table(head.split("; "), lines)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *lines])


# --- the command --------------------------------------------------------------------------------


def subset(file: QuestionFile, count: int) -> tuple[list[Article], list[KnownQuestion]]:
    """Of a SQuAD file, `count` articles, those that are asked about first, and the questions that they
    answer."""
    if file.articles is None:
        raise SystemExit("a golden file has no articles: give a SQuAD file")
    about = {document for one in file.questions for document in one.documents}
    articles = sorted(file.articles, key=lambda article: article.path not in about)[:count]
    paths = {article.path for article in articles}
    return articles, [one for one in file.questions if one.answers and paths.issuperset(one.documents)]


def measure(work: Path, articles: Sequence[Article], questions: Sequence[KnownQuestion], names: Sequence[str]) -> None:
    unpack(_model(work))
    first = write_corpus(articles[:1], work / "first")  # what is done once, and files into the page cache
    ingest_ours(first, work)
    ingest_langchain(first, work)
    corpus = write_corpus(articles, work / "corpus")
    ours, langchain = ingest_ours(corpus, work), ingest_langchain(corpus, work)
    measured = {}
    for name in names:
        measured[name] = ask(name, corpus, work, questions, ours if name in OURS else langchain)
    characters = sum(len(article.text) for article in articles)
    print(f"{len(articles)} articles, {characters:,} characters, {len(questions)} questions")
    for table in (quality(measured), differences(measured), costs(measured, characters)):
        print(f"\n{table}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure search beside what one builds with LangChain.")
    parser.add_argument("folder", metavar="WORKDIR", type=Path)
    parser.add_argument("questions", metavar="QUESTIONS.json", type=Path)
    parser.add_argument("--articles", type=int, default=sys.maxsize, help="how many of them; all")
    parser.add_argument("--pipelines", nargs="+", choices=LABELS, default=list(LABELS), help="the first is compared")
    given = parser.parse_args()
    articles, questions = subset(load(given.questions), given.articles)
    measure(given.folder, articles, questions, given.pipelines)


if __name__ == "__main__":
    main()
