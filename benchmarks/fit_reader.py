"""Fit the reader's weights on NorQuAD's training questions.

    python -m benchmarks.fit_reader TRAIN.json plain|trained [QUESTIONS]

Two models, both linear: which sentence answers (a conditional logit over a question's candidates),
and whether the best one does (a logistic regression; a question's document is taken out of the index
to make it unanswerable). A third of the questions is also read with some of its words replaced by
unknown ones, since real askers have not seen the text. For the trained reader only questions count
whose articles its cross-encoder has not seen.

Prints the weights for `assistant/reader.py`; then, on the forty rephrased questions beside this file,
which take no part in the fit, what they give, and at each threshold the false refusals and answers."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answer import DEPTH, Assistant, sentence_vectors
from assistant.evaluation.questions import KnownQuestion, load
from assistant.evaluation.run import covers, holds, index_articles, spans_of
from assistant.features import AnswerFeatures, SentenceFeatures, ask
from assistant.index import Generation
from assistant.open import open_assistant
from assistant.reader import answer_features
from assistant.search import search
from assistant.settings import Settings
from assistant.text import content_words, language_of, words
from assistant.types import Filters
from benchmarks.train_reader import held_out

Matrix = NDArray[np.float64]

SEED = 20261123
REPLACED_QUESTIONS = 1 / 3
REPLACED_WORDS = 0.4
PENALTY = 2e-3
REPHRASED = Path(__file__).with_name("rephrased.json")


class Asking(NamedTuple):
    """A question as it is put: `words` go to everything that compares words, `meaning` is embedded."""

    known: KnownQuestion
    manner: str
    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading. `features` has a row a candidate; `right` marks those that cover the answer and
    `hits` those that hold its words; `answer` are the best candidate's features under today's weights."""

    manner: str
    answerable: bool
    features: Matrix
    right: NDArray[np.bool_]
    holding: NDArray[np.bool_]
    answer: list[AnswerFeatures]


def main(train: Path, reader: str, most: int) -> None:
    say = sys.stderr.write
    file = load(train)
    assert file.articles is not None
    base = Settings.model_validate({"reader": reader})
    assistant = open_assistant(index_articles(train, file.articles, base, lambda text: None))
    rng = random.Random(SEED)
    questions = [known for known in file.questions if known.answers]
    if reader == "trained":
        unseen = held_out(article.path for article in file.articles)
        questions = [known for known in questions if known.documents[0] in unseen]
    rng.shuffle(questions)
    askings = [asking for known in questions[:most] for asking in _askings(known, rng)]
    say(f"{len(askings)} questions to fit on\n")
    with assistant.index.reading() as generation:
        samples = list(_samples(assistant, generation, askings))
        tests = list(_samples(assistant, generation, _rephrased(train, file.questions)))
    weights = fit_sentences(samples)
    print(SentenceFeatures(*weights.round(2).tolist()))
    model = LogisticRegression(C=1.0, max_iter=5000)
    model.fit(_answers(samples, weights), [sample.answerable for sample in samples])
    print(AnswerFeatures(*model.coef_[0].round(2).tolist()), f"bias={model.intercept_[0]:.2f}")
    for manner in dict.fromkeys(sample.manner for sample in tests):
        _tell([sample for sample in tests if sample.manner == manner], weights, model, manner)


# --- reading ------------------------------------------------------------------------------------


def _askings(known: KnownQuestion, rng: random.Random) -> Iterator[Asking]:
    yield Asking(known, "as asked", known.text, known.text)
    if rng.random() < REPLACED_QUESTIONS:
        yield Asking(known, "words replaced", _replaced(known.text, rng), known.text)


def _replaced(question: str, rng: random.Random) -> str:
    """Some content words, names and figures apart, become words that stand nowhere."""
    content = set(content_words(question))
    for word, start, end in reversed(list(words(question))):
        kept = word not in content or question[start].isupper() or question[start].isdigit()
        if not kept and rng.random() < REPLACED_WORDS:
            unknown = "qx" + "".join(rng.choice("bcdfghjkz") for _ in range(6))
            question = question[:start] + unknown + question[end:]
    return question


def _rephrased(train: Path, questions: Sequence[KnownQuestion]) -> Iterator[Asking]:
    data = cast("list[dict[str, object]]", json.loads(train.read_text(encoding="utf-8"))["data"])
    parts = [part for entry in data for part in cast("list[dict[str, list[dict[str, str]]]]", entry["paragraphs"])]
    ids = [asked["id"] for part in parts for asked in part["qas"]]
    by_id = dict(zip(ids, questions, strict=True))
    for one in json.loads(REPHRASED.read_text(encoding="utf-8"))["questions"]:
        known = by_id[one["id"]]
        for manner, text in {"as asked": known.text, **one}.items():
            if manner != "id":
                yield Asking(known, manner, text, text)


def _samples(assistant: Assistant, generation: Generation, askings: Iterable[Asking]) -> Iterator[Sample]:
    paths = {source.path: source.id for source in generation.sources.values()}
    for asking in askings:
        gold = paths[asking.known.documents[0]]
        spans = spans_of(generation.document(gold), asking.known)
        others = Filters(documents=tuple(id for id in generation.sources if id != gold))
        vector = assistant.vector(asking.meaning)
        for answerable in (True, False):
            hits = search(generation, asking.words, vector, DEPTH, Filters() if answerable else others)
            vectors = sentence_vectors(generation, hits[: assistant.reader.weights.passages])
            ranked = assistant.reader.rank(asking.words, vector, hits, vectors, generation.rarity)
            language = language_of(asking.words)
            asked = ask(asking.words)
            # Refitted weights may prefer another candidate, so each is described as if it were the best.
            answers = [
                answer_features(
                    asked, language, [one, *(o for o in ranked if o is not one)], hits, generation.rarity
                )
                for one in ranked
            ]
            ours = [one.hit.source.id == gold for one in ranked]
            yield Sample(
                manner=asking.manner,
                answerable=answerable,
                features=np.array([one.features for one in ranked], float),
                right=np.array(
                    [
                        mine and covers(one.span.start, one.span.end, spans)
                        for mine, one in zip(ours, ranked, strict=True)
                    ]
                ),
                holding=np.array(
                    [mine and holds(one.text, asking.known) for mine, one in zip(ours, ranked, strict=True)]
                ),
                answer=answers,
            )


# --- fitting ------------------------------------------------------------------------------------


def fit_sentences(samples: Sequence[Sample]) -> NDArray[np.float64]:
    """Maximum likelihood of the right candidates among all (McFadden 1974), with a small ridge."""
    usable = [sample for sample in samples if sample.answerable and sample.right.any()]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for sample in usable:
            scores = sample.features @ weights
            everyone = np.exp(scores - logsumexp(scores))
            right = np.where(sample.right, np.exp(scores - logsumexp(scores[sample.right])), 0.0)
            total += float(logsumexp(scores) - logsumexp(scores[sample.right])) / len(usable)
            gradient = gradient + sample.features.T @ (everyone - right) / len(usable)
        return total, gradient

    start = np.zeros(len(SentenceFeatures._fields))
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def _answers(samples: Sequence[Sample], weights: NDArray[np.float64]) -> Matrix:
    """The features of each sample's best candidate under new weights."""
    lead = AnswerFeatures._fields.index("lead")
    rows = []
    for sample in samples:
        scores = sample.features @ weights
        best = int(scores.argmax())
        row = np.array(sample.answer[best], float)
        row[lead] = scores[best] - logsumexp(scores)
        rows.append(row)
    return np.array(rows)


def _tell(samples: Sequence[Sample], weights: NDArray[np.float64], model: LogisticRegression, manner: str) -> None:
    asked = [sample for sample in samples if sample.answerable]
    orders = [np.argsort(-(sample.features @ weights), kind="stable")[:3] for sample in asked]
    first = np.mean([sample.holding[order[0]] for sample, order in zip(asked, orders, strict=True)])
    among = np.mean([sample.holding[order].any() for sample, order in zip(asked, orders, strict=True)])
    likely = model.predict_proba(_answers(samples, weights))[:, 1]
    answerable = np.array([sample.answerable for sample in samples])
    print(f"\n{manner}: {len(asked)} questions, sentence_hit@1 {first:.3f}, @3 {among:.3f}, "
          f"AUC {roc_auc_score(answerable, likely):.3f}")
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        refused = np.mean(likely[answerable] < threshold)
        false = np.mean(likely[~answerable] >= threshold)
        print(f"  threshold {threshold}: false refusals {refused:.3f}, false answers {false:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 10_000)
