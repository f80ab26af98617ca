"""Measures the verifier of drafted sentences: what it lets through of what is false, and drops of what is true.

    python -m benchmarks.verifier [SQUAD.json …] [--paraphrases FILE] [--each 150] [--seed 1] [--show 5]

Sentences of the sample corpus and of the articles in SQuAD files are made false by rule (tests/mutations.py),
each cites the passage it was taken from; none may pass. As they stand, all should. Sentences that cite another
passage of their document should not pass either. Paraphrases (see tests/evals/README.md) should."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from assistant.citations import Refused, check
from assistant.embedding import BUNDLED, open_queries
from assistant.evaluation.questions import load, squeezed
from assistant.types import Document, Hit, sentences_of
from assistant.verification.meaning import by_cosine
from assistant.verification.support import Meaning
from ingest.read import read_document
from ingest.split import split
from tests.mutations import mutations

ROOT = Path(__file__).parent.parent
PARAPHRASES = ROOT / "tests" / "evals" / "paraphrases.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("squad", type=Path, nargs="*")
    parser.add_argument("--paraphrases", type=Path, default=PARAPHRASES)
    parser.add_argument("--each", type=int, default=150, help="mutations of a kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5, help="failures to print of a kind")
    given = parser.parse_args()
    sample = [hits_of(document) for document in sample_corpus()]
    articles = [hits_of(document) for path in given.squad for document in squad_articles(path)]
    embedding = open_queries(BUNDLED)
    vector = lru_cache(maxsize=50_000)(embedding.query)
    meaning = by_cosine(vector)
    for name, documents in (("sample corpus", sample), ("SQuAD articles", articles)):
        if documents:
            print(f"\n{name}: {len(documents)} documents")
            false_sentences(documents, given.each, given.seed, given.show, meaning)
            true_sentences(documents, given.seed, given.show, meaning)
            other_passages(documents, given.seed, given.show, meaning)
    if given.paraphrases.exists():
        paraphrases(given.paraphrases, {d[0].source.path: d for d in sample if d}, given.show, meaning)


# --- documents ----------------------------------------------------------------------------------


def sample_corpus(root: Path = ROOT / "corpus") -> list[Document]:
    found = []
    for file in sorted(root.rglob("*")):
        if file.is_file() and file.suffix != ".yaml":
            beside = file.with_suffix(".yaml")
            sidecar = beside.read_bytes() if beside.exists() else None
            found.append(read_document(file.read_bytes(), file.relative_to(root).as_posix(), sidecar, 50)[0])
    return found


def squad_articles(path: Path) -> list[Document]:
    found = []
    for article in load(path).articles or ():
        sidecar = json.dumps({"title": article.title}).encode()  # JSON is YAML
        found.append(read_document(article.text.encode(), article.path, sidecar, 50)[0])
    return found


def hits_of(document: Document) -> list[Hit]:
    return [Hit(passage, document.source, 1.0, ("stems",)) for passage in split(document)]


# --- what is measured ---------------------------------------------------------------------------


def false_sentences(documents: Sequence[Sequence[Hit]], each: int, seed: int, show: int, meaning: Meaning) -> None:
    made = mutations([hit for hits in documents for hit in hits], each, seed)
    passed: dict[str, list[str]] = {}
    reasons: dict[str, Counter[str]] = {}
    started = time.perf_counter()
    for one in made:
        result = check(f"{one.mutated} [1]", [one.hit], meaning)
        if isinstance(result, Refused):
            reasons.setdefault(one.kind, Counter())[result.reason] += 1
        else:
            passed.setdefault(one.kind, []).append(f"{one.sentence}\n      → {one.mutated}")
    seconds = time.perf_counter() - started
    for kind in dict.fromkeys(one.kind for one in made):
        of_kind = [one for one in made if one.kind == kind]
        wrong = passed.get(kind, [])
        near = sum(one.near for one in of_kind)
        print(f"  {kind:14} {1 - len(wrong) / len(of_kind):.4f} of {len(of_kind)} rejected ({near} near) {dict(reasons.get(kind, {}))}")
        for text in wrong[:show]:
            print(f"      {text}")
    wrong_total = sum(map(len, passed.values()))
    print(f"  all            {1 - wrong_total / len(made):.4f} of {len(made)} rejected, {1000 * seconds / len(made):.1f} ms each")


def true_sentences(documents: Sequence[Sequence[Hit]], seed: int, show: int, meaning: Meaning) -> None:
    """Every sentence bears itself."""
    all_of_them = [(s, hit) for hits in documents for hit in hits for s in sentences_of(hit.passage) if "\n" not in s and len(s) > 25]
    drawn = random.Random(seed).sample(all_of_them, min(1000, len(all_of_them)))
    wrong = [(s, r) for s, hit in drawn if isinstance(r := check(f"{s} [1]", [hit], meaning), Refused)]
    print(f"  verbatim       {1 - len(wrong) / len(drawn):.4f} of {len(drawn)} kept")
    for sentence, result in wrong[:show]:
        print(f"      {result.reason} {result.detail!r}: {sentence}")


def other_passages(documents: Sequence[Sequence[Hit]], seed: int, show: int, meaning: Meaning) -> None:
    draw = random.Random(seed)
    pairs = []
    for hits in documents:
        for hit in hits:
            others = [other for other in hits if other is not hit]
            sentences = [s for s in sentences_of(hit.passage) if "\n" not in s and len(s) > 40]
            if others and sentences:
                pairs.append((draw.choice(sentences), draw.choice(others)))
    drawn = draw.sample(pairs, min(1000, len(pairs)))
    passed = [(s, r) for s, hit in drawn if not isinstance(r := check(f"{s} [1]", [hit], meaning), Refused)]
    print(f"  other passage  {1 - len(passed) / max(1, len(drawn)):.4f} of {len(drawn)} rejected")
    for sentence, result in passed[:show]:
        print(f"      {sentence}\n      ~ {result.quotes[0].text}")


def paraphrases(file: Path, by_path: dict[str, list[Hit]], show: int, meaning: Meaning) -> None:
    rows: list[dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))["paraphrases"]
    print(f"\nparaphrases: {len(rows)}")
    halves = (("first half", rows[: len(rows) // 2]), ("second half", rows[len(rows) // 2 :]))
    for name, half in halves:
        kept: Counter[str] = Counter()
        total: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        shown = 0
        for row in half:
            sentence = squeezed(row["sentence"])  # of a list on one line, which has several in its document
            hits = [hit for hit in by_path[row["document"]] if sentence in squeezed(hit.passage.indexed_text)]
            if not hits:
                print(f"      not in one passage: {row['sentence']!r}")
                continue
            total[row["language"]] += 1
            result = check(f"{row['paraphrase']} [1]", hits[:1], meaning)
            if not isinstance(result, Refused):
                kept[row["language"]] += 1
                continue
            reasons[result.reason] += 1
            if shown < show:
                shown += 1
                print(f"      {result.reason} {result.detail!r}\n        {row['sentence']}\n        {row['paraphrase']}")
        of_language = ", ".join(f"{one} {kept[one] / total[one]:.3f} of {total[one]}" for one in sorted(total))
        print(f"  {name:14} {kept.total() / max(1, total.total()):.4f} of {total.total()} kept: {of_language} {dict(reasons)}")


if __name__ == "__main__":
    main()
