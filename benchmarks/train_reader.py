"""Make the trained reader's weights, `assistant/reading/weights/reader.onnx`.

    python -m benchmarks.train_reader WORKDIR TRAIN.json SWEDISH.json.gz [--steps N] [--resume STEP] [--only STAGE]

TRAIN is NorQuAD's training questions, SWEDISH the translated SQuAD 2.0; see benchmarks/README.md. Four
stages, each from what the one before left in WORKDIR:

    prepare   index the articles, search every question, read all with the lower half: data-*.pt (1.5 GB)
    train     the upper half, an eighth of the Norwegian articles held out: upper.pt, held_out.json
    export    both halves in 8 bits: reader.onnx
    publish   reader.onnx and held_out.json to where the product and the other benchmarks find them

The numbers that are drawn at random have fixed seeds; what comes out is the same to within rounding."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from torch import Tensor

from assistant.embedding import BUNDLED
from assistant.reading.crossencoder import WEIGHTS
from benchmarks.reader_batches import LONGEST, Example, Split, batch_of, split, steps
from benchmarks.reader_data import Asked, ReadPassage, TrainingData, prepare
from benchmarks.reader_export import export
from benchmarks.reader_network import Logits, UpperHalf, bundled_weights, half_precision, upper_half

STAGES = ("prepare", "train", "export", "publish")
STEPS = 1800
THREADS = 2

SEED = 11
RATE, HEAD_RATE = 1.5e-4, 1e-3
WARM_UP = 40
DROPOUT = 0.05
SPAN_WEIGHT = 0.25
"""What finding the answer's first and last token counts beside finding its sentence."""
REPORT_EVERY = 350
REPORTED = 80
"""Held-out questions of each sort that a report looks at."""

_ABSENT = -1e4
"""The logit of a sentence that is not there: nothing is left of it after an exponential."""
_HELD_OUT = Path(__file__).with_name("held_out.json")


@dataclass(frozen=True, slots=True)
class Figures:
    """On held-out questions: how often the best of a right and four wrong passages' sentences answers
    (NorQuAD's, and the written ones), and how well the best logit tells answerable from unanswerable
    (area under the ROC curve): another passage instead of NorQuAD's own, the written near misses, the
    Swedish ones."""

    hit: float
    written_hit: float
    other_passage_auc: float
    written_auc: float
    swedish_auc: float


# --- which questions ----------------------------------------------------------------------------


def held_out(documents: Iterable[str]) -> set[str]:
    """Those of the training file's articles, by path, that the published weights have not seen.

    Raises ValueError when `documents` are of another file."""
    known = set(documents)
    unseen = set(json.loads(_HELD_OUT.read_text(encoding="utf-8"))["documents"])
    if unseen - known:
        raise ValueError(f"{_HELD_OUT.name} is about another file; {min(unseen - known)!r} is not in this one")
    return unseen


# --- one step -----------------------------------------------------------------------------------


def logits_of(
    upper: UpperHalf, pairs: Sequence[tuple[Asked, ReadPassage]], dropout: float = 0.0
) -> list[Logits]:
    """A pair's, each without padding. The short and the long ones are read apart: less padding."""
    by_length = sorted(range(len(pairs)), key=lambda at: len(pairs[at][1].states))
    half = len(pairs) // 2
    found: dict[int, Logits] = {}
    for places in (by_length[:half], by_length[half:]):
        if not places:
            continue
        batch = batch_of([pairs[at] for at in places])
        with half_precision():
            logits = upper(batch.question, batch.passage, batch.mask, batch.pool, batch.cosine, dropout)
        sentences = logits.sentences.float().masked_fill(~batch.present, _ABSENT)
        for row, at in enumerate(places):
            read = pairs[at][1]
            length = min(LONGEST, len(read.states))
            found[at] = Logits(
                sentences[row, : len(read.sentences)],
                logits.starts[row, :length].float(),
                logits.ends[row, :length].float(),
            )
    return [found[at] for at in range(len(pairs))]


def loss_of(upper: UpperHalf, examples: Sequence[Example]) -> Tensor:
    """That the right sentences win over all others and over "no answer here", whose logit is 0; that
    "no answer here" wins in the wrong passages, which counts half beside a right one; and that the
    answer's first and last token win over all others."""
    logits = logits_of(upper, [(one.asked, read) for one in examples for read in one.passages], DROPOUT)
    total, weight, end = torch.zeros(()), 0.0, 0
    for one in examples:
        begin, end = end, end + len(one.passages)
        mine = logits[begin:end]
        if one.right is None:
            total, weight = total + _any([part.sentences for part in mine]), weight + 1
            continue
        right = mine[0].sentences[list(one.right.sentences)]
        if float(right.detach().max()) <= _ABSENT:  # cut off
            continue
        everything = torch.cat([*(part.sentences for part in mine), torch.zeros(1)])
        total = total + torch.logsumexp(everything, 0) - torch.logsumexp(right, 0)
        weight += 1
        first, last = one.right.answer[0], one.right.answer[1] - 1
        if last < len(mine[0].starts):
            starts, ends = (torch.cat([part[at] for part in mine]) for at in (1, 2))
            span = 2 * torch.logsumexp(torch.stack([starts, ends]), 1).mean() - starts[first] - ends[last]
            total = total + SPAN_WEIGHT * span
        if len(mine) > 1:
            total, weight = total + 0.5 * _any([part.sentences for part in mine[1:]]), weight + 0.5
    return total / max(weight, 1)


def _any(logits: Sequence[Tensor]) -> Tensor:
    """The loss of saying that one of the sentences answers: minus the log probability that none does."""
    return F.softplus(torch.logsumexp(torch.cat(list(logits)), 0))


# --- training -----------------------------------------------------------------------------------


def train(folder: Path, data: TrainingData, count: int, done: int) -> None:
    """Leaves upper.pt, which is written at every report; goes on from it where `done` steps have been."""
    torch.manual_seed(SEED)
    questions = split(data)
    _write_held_out(folder / "held_out.json", questions)
    upper = upper_half(bundled_weights(folder / "models" / BUNDLED)).train()
    if done:
        upper.load_state_dict(torch.load(folder / "upper.pt", weights_only=True))
    heads = [value for name, value in upper.named_parameters() if not name.startswith("layers")]
    body = list(upper.layers.parameters())
    optimiser = torch.optim.AdamW(
        [{"params": body, "base": RATE}, {"params": heads, "base": HEAD_RATE}], weight_decay=0.01
    )
    print(done, figures(upper, data, questions), flush=True)
    started, since, total = time.perf_counter(), 0, 0.0
    drawn = steps(questions.learnt, data.passages, random.Random(SEED))
    for step, examples in enumerate(islice(drawn, done, count), done + 1):
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1, (step - done) / WARM_UP) * max(0.02, 1 - step / count)
        optimiser.zero_grad()
        loss = loss_of(upper, examples)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
        optimiser.step()
        since, total = since + 1, total + float(loss.detach())
        if step % 100 == 0 or (step < 100 and step % 20 == 0):
            seconds = (time.perf_counter() - started) / (step - done)
            print(f"{step}: loss {total / since:.3f}, {seconds:.2f} s a step", flush=True)
            since, total = 0, 0.0
        if step % REPORT_EVERY == 0 or step == count:
            print(step, figures(upper, data, questions), flush=True)
            torch.save(upper.state_dict(), folder / "upper.pt")


def figures(upper: UpperHalf, data: TrainingData, questions: Split) -> Figures:
    """Of the first REPORTED held-out questions of each sort."""

    def held(origin: str, wanted: Callable[[Asked], bool]) -> list[Asked]:
        return [one for one in questions.held_out if one.origin == origin and wanted(one)][:REPORTED]

    def best(asked: Asked, ids: Sequence[str]) -> list[Tensor]:
        return [one.sentences for one in logits_of(upper, [(asked, data.passages[id]) for id in ids])]

    def hits(asked: Sequence[Asked]) -> tuple[float, list[tuple[bool, float]]]:
        """The share of hits, and the best logits with and without the right passage."""
        right, told = [], []
        for one in asked:
            found = best(one, (one.right[0].passage, *one.wrong[:4]))
            tops = [float(logits.max()) for logits in found]
            first = max(range(len(tops)), key=tops.__getitem__)
            right.append(first == 0 and int(found[0].argmax()) in one.right[0].sentences)
            told += [(True, max(tops)), (False, max(tops[1:], default=-9.0))]
        return sum(right) / max(len(right), 1), told

    def single(origin: str) -> list[tuple[bool, float]]:
        asked = [*held(origin, lambda one: bool(one.right)), *held(origin, lambda one: not one.right)]
        return [
            (bool(one.right), float(best(one, [one.right[0].passage if one.right else one.wrong[0]])[0].max()))
            for one in asked
        ]

    upper.eval()
    with torch.inference_mode():
        hit, told = hits(held("norquad", lambda one: bool(one.right)))
        written_hit, _ = hits(held("written", lambda one: bool(one.right)))
        found = Figures(hit, written_hit, _auc(told), _auc(single("written")), _auc(single("swedish")))
    upper.train()
    return found


def _auc(rows: Sequence[tuple[bool, float]]) -> float:
    return float(roc_auc_score([answerable for answerable, _ in rows], [logit for _, logit in rows]))


def _write_held_out(path: Path, questions: Split) -> None:
    content = {
        "about": "Articles of the training file, as `assistant evaluate` numbers them, that the weights have "
        "not seen. Written by train_reader.py; what is fitted on top of the reader is fitted on these.",
        "documents": sorted({asked.document for asked in questions.held_out if asked.origin == "norquad"}),
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# --- the stages ---------------------------------------------------------------------------------


def publish(folder: Path) -> None:
    WEIGHTS.parent.mkdir(exist_ok=True)
    shutil.copyfile(folder / "reader.onnx", WEIGHTS)
    shutil.copyfile(folder / "held_out.json", _HELD_OUT)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the trained reader's weights.")
    parser.add_argument("folder", metavar="WORKDIR", type=Path, help="keeps what the stages leave, 3 GB")
    parser.add_argument("norwegian", metavar="TRAIN.json", type=Path)
    parser.add_argument("swedish", metavar="SWEDISH.json.gz", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--resume", type=int, default=0, metavar="STEP", help="go on from upper.pt, made by STEP steps")
    parser.add_argument("--only", choices=STAGES, help="one stage; all of them without this")
    chosen = parser.parse_args()
    folder: Path = chosen.folder
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(THREADS)
    torch.set_flush_denormal(True)  # weights that fade to almost nothing would slow each step down
    for stage in [chosen.only] if chosen.only else STAGES:
        print(stage, flush=True)
        if stage in ("prepare", "train"):
            data = prepare(folder, chosen.norwegian, chosen.swedish)
            if stage == "train":
                train(folder, data, chosen.steps, chosen.resume)
        elif stage == "export":
            export(folder)
        else:
            publish(folder)


if __name__ == "__main__":
    main()
