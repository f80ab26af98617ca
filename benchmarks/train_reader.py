"""Make the trained reader's weights, `assistant/weights/reader.onnx`.

    python -m benchmarks.train_reader WORKDIR TRAIN.json SWEDISH.json.gz [--steps N] [--only STAGE]

TRAIN is NorQuAD's training questions, SWEDISH the translated SQuAD 2.0; see benchmarks/README.md. Four
stages, each from what the one before left in WORKDIR:

    prepare   index the articles, search every question, read all with the lower half: data.pt (0.7 GB)
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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from torch import Tensor

from assistant.crossencoder import WEIGHTS
from assistant.embedding import BUNDLED
from benchmarks.reader_batches import Batch, Example, Split, batch_of, draw, first_passage, split
from benchmarks.reader_data import TrainingData, prepare
from benchmarks.reader_export import export
from benchmarks.reader_network import UpperHalf, bundled_weights, upper_half

STAGES = ("prepare", "train", "export", "publish")
STEPS = 812
THREADS = 2

SEED = 11
RATE, HEAD_RATE = 1.5e-4, 1e-3
WARM_UP = 40
DROPOUT = 0.05
REPORT_EVERY = 250

_ABSENT = -1e4
"""The logit of a sentence that is not there: nothing is left of it after an exponential."""
_HELD_OUT = Path(__file__).with_name("held_out.json")


@dataclass(frozen=True, slots=True)
class Figures:
    """On held-out questions: how often the best of a right and four wrong passages' sentences answers,
    and how well the best logit tells answerable from unanswerable (area under the ROC curve)."""

    hit: float
    norwegian_auc: float
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


def logits_of(upper: UpperHalf, batch: Batch, dropout: float = 0.0) -> Tensor:
    """Shape (pairs, sentences)."""
    with torch.autocast("cpu", torch.bfloat16):
        logits: Tensor = upper(batch.question, batch.passage, batch.mask, batch.pool, batch.cosine, dropout)
    return logits.float().masked_fill(~batch.present, _ABSENT)


def loss_of(upper: UpperHalf, examples: Sequence[Example]) -> Tensor:
    """That the right sentences win over all others and over "no answer here", whose logit is 0; and
    that "no answer here" wins in the wrong passages, which counts half beside a right one."""
    batch = batch_of([(one.asked, read) for one in examples for read in one.passages])
    logits = logits_of(upper, batch, DROPOUT)
    total, weight, end = torch.zeros(()), 0.0, 0
    for one in examples:
        begin, end = end, end + len(one.passages)
        mine = logits[begin:end]
        if one.right is None:
            total, weight = total + _any(mine), weight + 1
            continue
        right = torch.zeros_like(mine, dtype=torch.bool)
        right[0, list(one.right)] = True
        right &= batch.present[begin:end]
        if not right.any():  # cut off
            continue
        everything = torch.cat([mine.flatten(), torch.zeros(1)])
        total = total + torch.logsumexp(everything, 0) - torch.logsumexp(mine[right], 0)
        weight += 1
        if len(mine) > 1:
            total, weight = total + 0.5 * _any(mine[1:]), weight + 0.5
    return total / max(weight, 1)


def _any(logits: Tensor) -> Tensor:
    """The loss of saying that one of the sentences answers: minus the log probability that none does."""
    return F.softplus(torch.logsumexp(logits.flatten(), 0))


# --- training -----------------------------------------------------------------------------------


def train(folder: Path, steps: int) -> None:
    """From data.pt to upper.pt, which is written at every report."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    data: TrainingData = torch.load(folder / "data.pt", weights_only=False)
    questions = split(data)
    _write_held_out(folder / "held_out.json", questions)
    upper = upper_half(bundled_weights(folder / "models" / BUNDLED)).train()
    heads = [value for name, value in upper.named_parameters() if not name.startswith("layers")]
    body = list(upper.layers.parameters())
    optimiser = torch.optim.AdamW(
        [{"params": body, "base": RATE}, {"params": heads, "base": HEAD_RATE}], weight_decay=0.01
    )
    print(0, figures(upper, data, questions), flush=True)
    started, since, total = time.perf_counter(), 0, 0.0
    for step in range(1, steps + 1):
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1, step / WARM_UP) * max(0.02, 1 - step / steps)
        optimiser.zero_grad()
        loss = loss_of(upper, list(draw(questions, data.passages, rng)))
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
        optimiser.step()
        since, total = since + 1, total + float(loss.detach())
        if step % 100 == 0 or (step < 100 and step % 20 == 0):
            seconds = (time.perf_counter() - started) / step
            print(f"{step}: loss {total / since:.3f}, {seconds:.2f} s a step", flush=True)
            since, total = 0, 0.0
        if step % REPORT_EVERY == 0 or step == steps:
            print(step, figures(upper, data, questions), flush=True)
            torch.save(upper.state_dict(), folder / "upper.pt")


def figures(upper: UpperHalf, data: TrainingData, questions: Split, most: int = 150) -> Figures:
    """Of the first `most` held-out questions of each language."""
    upper.eval()
    hits, norwegian, swedish = [], [], []
    with torch.inference_mode():
        for asked in questions.norwegian_held_out[:most]:
            right = asked.right[0]
            pairs = [(asked, data.passages[id]) for id in (right.passage, *asked.wrong[:4])]
            logits = logits_of(upper, batch_of(pairs))
            passage, sentence = divmod(int(logits.flatten().argmax()), logits.shape[1])
            hits.append(passage == 0 and sentence in right.sentences)
            norwegian.append((True, float(logits.max())))
            norwegian.append((False, float(logits[1:].max()) if len(logits) > 1 else -9.0))
        for asked in questions.swedish_held_out[:most]:
            logits = logits_of(upper, batch_of([(asked, data.passages[first_passage(asked)])]))
            swedish.append((bool(asked.right), float(logits.max())))
    upper.train()
    return Figures(sum(hits) / len(hits), _auc(norwegian), _auc(swedish))


def _auc(rows: Sequence[tuple[bool, float]]) -> float:
    return float(roc_auc_score([answerable for answerable, _ in rows], [logit for _, logit in rows]))


def _write_held_out(path: Path, questions: Split) -> None:
    content = {
        "about": "Articles of the training file, as `assistant evaluate` numbers them, that the weights have "
        "not seen. Written by train_reader.py; what is fitted on top of the reader is fitted on these.",
        "documents": sorted({asked.document for asked in questions.norwegian_held_out}),
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# --- the stages ---------------------------------------------------------------------------------


def publish(folder: Path) -> None:
    WEIGHTS.parent.mkdir(exist_ok=True)
    shutil.copyfile(folder / "reader.onnx", WEIGHTS)
    shutil.copyfile(folder / "held_out.json", _HELD_OUT)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the trained reader's weights.")
    parser.add_argument("folder", metavar="WORKDIR", type=Path, help="keeps what the stages leave, 2 GB")
    parser.add_argument("norwegian", metavar="TRAIN.json", type=Path)
    parser.add_argument("swedish", metavar="SWEDISH.json.gz", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--only", choices=STAGES, help="one stage; all of them without this")
    chosen = parser.parse_args()
    folder: Path = chosen.folder
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(THREADS)
    torch.set_flush_denormal(True)  # weights that fade to almost nothing would slow each step down
    for stage in [chosen.only] if chosen.only else STAGES:
        print(stage, flush=True)
        if stage == "prepare":
            torch.save(prepare(folder, chosen.norwegian, chosen.swedish), folder / "data.pt")
        elif stage == "train":
            train(folder, chosen.steps)
        elif stage == "export":
            export(folder)
        else:
            publish(folder)


if __name__ == "__main__":
    main()
