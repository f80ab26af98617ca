"""Ask every question of a file and see what came of it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.answer import Assistant, Question
from assistant.asking import Looked
from assistant.conversation import turn_of
from assistant.errors import BadEvaluationFile
from assistant.evaluation import metrics
from assistant.evaluation.compare import Difference
from assistant.evaluation.metrics import Row
from assistant.evaluation.questions import (
    Article,
    KnownQuestion,
    QuestionFile,
    load,
    pattern_of,
    squeezed,
)
from assistant.index import Generation
from assistant.open import open_assistant
from assistant.reading.asks import ask
from assistant.reading.features import share
from assistant.reading.quoting import Candidate
from assistant.settings import Settings
from assistant.text import content_words, stems
from assistant.types import Answer, Document, Hit, Passage, Span, Turn

Say = Callable[[str], None]

FEW, SOME = 0.5, 0.8
"""Up to which share of a question's words the answering passage holds few of them, and some."""


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of one file, and their figures: over all, and by slice ("language nb", "asks time")."""

    rows: tuple[Row, ...]

    def figures(self) -> dict[str, object]:
        return metrics.report(self.rows)

    def slices(self) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = {}
        for name in metrics.SLICES:
            values = sorted({getattr(row, name) for row in self.rows})
            for value in values if len(values) > 1 else ():
                rows = [row for row in self.rows if getattr(row, name) == value]
                found[f"{name} {value}"] = metrics.report(rows)
        return found

    def misses(self) -> list[Row]:
        """Answerable questions whose answer was not shown, and others that were answered."""
        return [row for row in self.rows if row.answerable != row.quoted or row.answerable != row.answered]

    def as_json(self) -> dict[str, object]:
        return {
            **self.figures(),
            "slices": self.slices(),
            "misses": [asdict(row) for row in self.misses()],
        }


def evaluate_file(path: Path, settings: Settings, say: Say) -> Report:
    """Raises BadEvaluationFile, and whatever a part that is missing raises: nothing is left out."""
    file = load(path)
    if file.articles is not None:
        settings = index_articles(path, file.articles, settings, say)
    assistant = open_assistant(settings.model_copy(update={"conversation_days": 0}))  # measuring is no conversation
    rows = []
    try:
        with assistant.index.reading() as generation:
            paths = {source.path: source.id for source in generation.sources.values()}
            _check_documents(path, file, paths)
            for number, known in enumerate(file.questions, 1):
                rows.append(row(generation, known, put(assistant, known), paths))
                if number % 100 == 0:
                    say(f"{number} / {len(file.questions)}")
    finally:
        assistant.index.close()
    return Report(tuple(rows))


def index_articles(path: Path, articles: Sequence[Article], settings: Settings, say: Say) -> Settings:
    """Ingest a SQuAD file's contexts as any folder of documents is; kept for the next time."""
    name = f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
    folder = settings.data_dir / "evaluations" / name
    corpus, data = folder / "corpus", folder / "data"
    if not corpus.exists():
        aside = folder / "corpus.new"
        aside.mkdir(parents=True, exist_ok=True)
        for article in articles:
            (aside / article.path).write_text(article.text, encoding="utf-8")
            sidecar = json.dumps({"title": article.title}, ensure_ascii=False)  # JSON is YAML
            (aside / article.path).with_suffix(".yaml").write_text(sidecar, encoding="utf-8")
        os.replace(aside, corpus)
    data.mkdir(exist_ok=True)
    say(f"{len(articles)} → {data}")
    environment = os.environ | {
        "ASSISTANT_DATA_DIR": str(data),
        "ASSISTANT_EMBEDDING_MODEL": settings.embedding_model,
        "ASSISTANT_CHROMA_URL": "",
    }
    code = subprocess.run([sys.executable, "-m", "ingest", str(corpus)], env=environment, check=False).returncode
    if code:
        raise BadEvaluationFile(str(path), f"its articles could not all be ingested (exit {code})")
    return settings.model_copy(update={"data_dir": data, "corpus_dir": corpus, "chroma_url": ""})


def _check_documents(path: Path, file: QuestionFile, paths: dict[str, str]) -> None:
    missing = {document for known in file.questions for document in known.documents} - set(paths)
    if missing:
        raise BadEvaluationFile(str(path), f"not in the index: {', '.join(sorted(missing)[:5])}")


# --- one question -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Put:
    """What came of a question that was put: the answer, what was found for it, and what it took."""

    answer: Answer
    looked: tuple[Looked, ...]
    seconds: float


def put(assistant: Assistant, known: KnownQuestion) -> Put:
    """Ask a question after those that came before it. Raises like `Assistant.ask`."""
    turns: list[Turn] = []
    for earlier in known.history:
        turns.append(turn_of(assistant.answer(Question(earlier, history=tuple(turns)))))
    looked: list[Looked] = []
    started = time.perf_counter()
    answer = assistant.answer(Question(known.text, history=tuple(turns)), looked)
    return Put(answer, tuple(looked), time.perf_counter() - started)


def row(generation: Generation, known: KnownQuestion, came: Put, paths: Mapping[str, str]) -> Row:
    """`paths` are the documents' ids by path."""
    answer = came.answer
    hits = came.looked[0].hits if came.looked else ()
    ranked = came.looked[0].reading.ranked if came.looked else ()
    right = {paths[document] for document in known.documents}
    spans = {id: spans_of(generation.document(id), known) for id in right}
    relevant = relevant_passages(generation, spans)
    ids = {passage.id for passage in relevant}
    return replace(
        row_of(known, relevant),
        answered=answer.status == "answered",
        relevant_ranks=tuple(rank for rank, hit in enumerate(hits, 1) if hit.passage.id in ids),
        document_rank=_document_rank(hits, right),
        sentence_rank=_sentence_rank(ranked, known, right),
        quoted=_quoted(answer, known, right),
        f1=_f1(answer, known),
        citations=len(answer.citations),
        right_citations=sum(citation.document_id in right for citation in answer.citations),
        seconds=came.seconds,
        found=f"{ranked[0].hit.source.title}: {ranked[0].text}" if ranked else "",
        shown=answer.text,
    )


def row_of(known: KnownQuestion, relevant: Sequence[Passage]) -> Row:
    """What is known of a question before it is asked; `relevant` are the passages that answer it."""
    return Row(
        question=known.text,
        language=known.language,
        style=known.style,
        category=known.category,
        asks=ask(known.text).asks_for,
        overlap=_overlap(known, relevant),
        answerable=bool(known.answers),
        relevant=len(relevant),
    )


def spans_of(document: Document, known: KnownQuestion) -> list[Span]:
    """Where the answers stand in a right document's text."""
    return spans_in(document.text, known)


def spans_in(text: str, known: KnownQuestion) -> list[Span]:
    spans = []
    for answer in known.answers:
        places = [Span(*match.span()) for match in pattern_of(answer.text).finditer(text)]
        if answer.occurrence is None:
            spans += places
        elif answer.occurrence < len(places):
            spans.append(places[answer.occurrence])
    return spans


def covers(start: int, end: int, spans: Sequence[Span] | None) -> bool:
    return any(start <= span.start and span.end <= end for span in spans or ())


def relevant_passages(generation: Generation, spans: dict[str, list[Span]]) -> list[Passage]:
    """The passages of the index that cover an answer. None may: an answer that the splitting cut in two
    is a miss, and ours."""
    found: list[Passage] = []
    for document, places in spans.items():
        passages = generation.catalogue.passages(generation.catalogue.passage_ids(document))
        found += [passage for passage in passages.values() if covers(passage.start, passage.end, places)]
    return found


def _overlap(known: KnownQuestion, relevant: Sequence[Passage]) -> str:
    """By the passage with most of the question's words."""
    asked = stems(" ".join(content_words(known.text)))
    shares = [share(asked, stems(passage.indexed_text), lambda _: 1.0) for passage in relevant]
    if not shares:
        return "none"
    return "few" if max(shares) <= FEW else "some" if max(shares) <= SOME else "most"


def _document_rank(hits: Sequence[Hit], right: set[str]) -> int | None:
    order = list(dict.fromkeys(hit.source.id for hit in hits))
    return next((rank for rank, document in enumerate(order, 1) if document in right), None)


def _sentence_rank(ranked: Sequence[Candidate], known: KnownQuestion, right: set[str]) -> int | None:
    for rank, candidate in enumerate(ranked, 1):
        if candidate.hit.source.id in right and holds(candidate.text, known):
            return rank
    return None


def holds(text: str, known: KnownQuestion) -> bool:
    squeezed_text = squeezed(text)
    return any(squeezed(answer.text) in squeezed_text for answer in known.answers)


def _quoted(answer: Answer, known: KnownQuestion, right: set[str]) -> bool:
    quotes = [citation.quote for citation in answer.citations if citation.document_id in right]
    together = squeezed(" ".join(quotes))
    return any(holds(quote, known) for quote in quotes) and all(squeezed(part) in together for part in known.all_of)


def _f1(answer: Answer, known: KnownQuestion) -> float:
    """Of the best quote with the best answer; a refusal has none."""
    return max(
        (metrics.f1(citation.quote, one.text) for citation in answer.citations for one in known.answers),
        default=0.0,
    )


# --- for people ---------------------------------------------------------------------------------


def table(name: str, report: Report) -> str:
    """The figures as lines, slices beside them, and then the misses."""
    columns = {name: report.figures(), **report.slices()}
    width = max(len(column) for column in columns) + 2
    lines = [" " * 24 + "".join(f"{column:>{width}}" for column in columns)]
    for key in _flat(next(iter(columns.values()))):
        cells = [_flat(figures)[key] for figures in columns.values()]
        lines.append(f"{key:<24}" + "".join(f"{'–' if cell is None else cell:>{width}}" for cell in cells))
    for row in report.misses():
        kind = "refused" if row.answerable and not row.answered else "missed" if row.answerable else "false answer"
        lines.append(f"\n{kind}: {row.question}\n    found: {row.found}\n    shown: {row.shown}")
    return "\n".join(lines)


def compared(found: Mapping[str, Difference]) -> str:
    """Differences as lines; a star where the interval leaves out zero."""
    lines = [f"{'':<24}{'difference':>12}{'95 % interval':>22}{'questions':>12}"]
    for name, one in found.items():
        interval = f"[{one.low:+.4f}, {one.high:+.4f}]"
        star = " *" if one.low > 0 or one.high < 0 else ""
        lines.append(f"{name:<24}{one.mean:>+12.4f}{interval:>22}{one.questions:>12}{star}")
    return "\n".join(lines)


def _flat(figures: dict[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in figures.items():
        if isinstance(value, dict):
            flat |= {f"{key}@{cut}": cell for cut, cell in value.items()}
        else:
            flat[key] = value
    return flat
