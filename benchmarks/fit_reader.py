"""Fit the reader's weights on NorQuAD's training questions.

    python benchmarks/fit_reader.py TRAIN.json REPHRASED.json

Two models, both linear: which sentence answers (a conditional logit over a question's candidates),
and whether the best one does (a logistic regression; a question's document is taken out of the index
to make it unanswerable). A third of the questions is read with some of its words replaced by unknown
ones, since real askers have not seen the text. Prints the weights for `assistant/reader.py`, and what
they give on the rephrased questions, which take no part in the fit."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from assistant import reader
from assistant.answer import DEPTH, Assistant, sentence_vectors
from assistant.evaluation.questions import KnownQuestion, load, pattern_of
from assistant.evaluation.run import _index_articles
from assistant.features import AnswerFeatures, SentenceFeatures, ask
from assistant.index import Generation
from assistant.open import open_assistant
from assistant.search import search
from assistant.settings import Settings
from assistant.text import content_words
from assistant.types import Filters

Matrix = NDArray[np.float64]
SEED = 20261123
REPLACED_QUESTIONS = 1 / 3
REPLACED_WORDS = 0.4
