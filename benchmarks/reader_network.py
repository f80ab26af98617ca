"""The trained reader's networks, in torch: a cross-encoder made of the bundled embedding model.

Its lower half, layers 0-5, stays as it is and reads question and passage apart. Its upper half, layers
6-11 and its heads, is trained: it reads them together and gives each sentence of the passage a logit,
of which 0 stands for "no answer here", and each token one for being the answer's first and one for its
last. `WholeReader` is both, as `assistant/reading/crossencoder.py` runs them.

Throughout, B is a number of passages, Q and P the tokens of question and passage, S sentences. A mask
is 1 (or true) for a token and 0 for padding."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

HIDDEN, HEADS, FEED_FORWARD, POSITIONS = 384, 12, 1536, 512
"""The bundled model's shape."""
LAYERS = 6
"""Of each half."""

_EPSILON = 1e-12
_PAD = 1
_MASKED = -10_000.0
"""Added to an attention score: nothing is left of it after the softmax."""
_BERT_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "output_norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "norm": "output.LayerNorm",
}

Attention = Callable[[Tensor, Tensor, Tensor, Tensor | None], Tensor]
"""From query, key and value, shape (B, heads, tokens, width), and a mask that broadcasts over the
scores, to what is attended to, of the query's shape."""


def half_precision() -> torch.autocast:
    """bfloat16 on a processor that has it; without it, it is a hundred times as slow as 32 bits."""
    has_it = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.autocast("cpu", torch.bfloat16, enabled=has_it)


def fused_attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Torch's own, the faster: for training."""
    read = None if mask is None else mask.bool()  # a mask of numbers would be added to the scores
    return F.scaled_dot_product_attention(query, key, value, attn_mask=read)


def plain_attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """The same of plain operations: for the export, which has names for no others."""
    scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(HIDDEN // HEADS)
    if mask is not None:
        scores = scores + (1.0 - mask.float()) * _MASKED
    return torch.matmul(torch.softmax(scores, -1), value)


class Layer(nn.Module):
    """BERT's (Devlin et al. 2018): attention, then a wide layer, each added to its input and normed."""

    def __init__(self, attention: Attention) -> None:
        super().__init__()
        self._attention = attention
        self.query, self.key, self.value, self.output = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.output_norm = nn.LayerNorm(HIDDEN, eps=_EPSILON)
        self.wide = nn.Linear(HIDDEN, FEED_FORWARD)
        self.narrow = nn.Linear(FEED_FORWARD, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=_EPSILON)

    def forward(self, x: Tensor, mask: Tensor | None, dropout: float = 0.0) -> Tensor:
        """(B, tokens, HIDDEN) to the same; `mask` is (B, 1, 1, tokens), None where nothing is padding."""
        batch, length, _ = x.shape

        def by_head(states: Tensor) -> Tensor:
            return states.reshape(batch, length, HEADS, HIDDEN // HEADS).transpose(1, 2)

        attended = self._attention(by_head(self.query(x)), by_head(self.key(x)), by_head(self.value(x)), mask)
        together = self.output(attended.transpose(1, 2).reshape(batch, length, HIDDEN))
        x = self.output_norm(x + F.dropout(together, dropout, self.training))
        thought: Tensor = self.narrow(F.gelu(self.wide(x)))
        normed: Tensor = self.norm(x + F.dropout(thought, dropout, self.training))
        return normed


class LowerHalf(nn.Module):
    def __init__(self, attention: Attention = fused_attention) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(attention) for _ in range(LAYERS))
        self.positions = nn.Embedding(POSITIONS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=_EPSILON)
        self.token_type = nn.Parameter(torch.zeros(HIDDEN))

    def forward(self, words: Tensor, mask: Tensor | None) -> Tensor:
        """From word embeddings, shape (B, tokens, HIDDEN), to states of the same shape."""
        x: Tensor = self.norm(words + self.positions.weight[: words.shape[1]] + self.token_type)
        for layer in self.layers:
            x = layer(x, mask)
        return x


class Logits(NamedTuple):
    """Of sentences, shape (B, S), and of the passage's tokens to begin and to end the answer, (B, P)."""

    sentences: Tensor
    starts: Tensor
    ends: Tensor


class UpperHalf(nn.Module):
    """A sentence's logit is the sum of what its tokens say (their soft maximum), its mean, the whole
    passage (the state of its first token), and three cosines: of the question with its tokens, with
    its mean, and the embedding model's own. Without the cosines, training does not get going."""

    def __init__(self, attention: Attention = fused_attention) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(attention) for _ in range(LAYERS))
        self.segment = nn.Parameter(torch.zeros(HIDDEN))
        self.token_head = nn.Linear(HIDDEN, 1)
        self.span_head = nn.Linear(HIDDEN, 2)
        self.sentence_head = nn.Linear(HIDDEN, 1)
        self.passage_head = nn.Linear(HIDDEN, 1)
        self.scales = nn.Parameter(torch.tensor([6.0, 6.0, 4.0, 6.0, 6.0]))
        self.bias = nn.Parameter(torch.tensor(0.0))
        for head in (self.token_head, self.span_head, self.sentence_head, self.passage_head):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def forward(
        self,
        question: Tensor,
        passage: Tensor,
        mask: Tensor,
        pool: Tensor,
        cosine: Tensor,
        dropout: float = 0.0,
    ) -> Logits:
        """From the lower half's states of the question, (B, Q, HIDDEN), and of the
        passage, (B, P, HIDDEN); `mask` is (B, 1, 1, Q + P); a row of `pool`, (B, S, P), sums to 1 over
        the sentence's tokens; `cosine`, (B, S), is the embedding model's."""
        length = question.shape[1]
        x = torch.cat([question + self.segment, passage], 1)
        for layer in self.layers:
            x = layer(x, mask, dropout)
        x = x.float()
        asked = _mean(x[:, :length], mask[:, 0, 0, :length].float()[:, :, None])
        tokens = x[:, length:]
        # The numbers taken off the cosines are about what they are for unrelated texts.
        token_cosine = _cosine(tokens, asked)
        by_token = self.token_head(tokens)[..., 0] + self.scales[0] * (token_cosine - 0.7)
        by_sentence = torch.logsumexp(by_token[:, None, :] + torch.log(pool + 1e-12), -1)
        means = torch.matmul(pool, tokens)
        logits: Tensor = (
            by_sentence
            + self.sentence_head(means)[..., 0]
            + self.scales[1] * (_cosine(means, asked) - 0.8)
            + self.scales[2] * (cosine - 0.8) * 5
            + self.passage_head(x[:, 0])
            - 3.0
            + self.bias
        )
        spans = self.span_head(tokens) + self.scales[3:] * (token_cosine - 0.7)[..., None]
        return Logits(logits, spans[..., 0], spans[..., 1])


def _mean(states: Tensor, weights: Tensor) -> Tensor:
    """Of length 1, over the tokens that `weights`, (B, tokens, 1), does not make 0."""
    mean = (states * weights).sum(1) / weights.sum(1)
    return mean / _norm(mean)[:, None]


def _cosine(states: Tensor, unit: Tensor) -> Tensor:
    """Of each of `states`, (B, any, HIDDEN), with the one of `unit`, (B, HIDDEN)."""
    norm = _norm(states)
    return torch.matmul(states, unit[:, :, None])[..., 0] / norm


def _norm(states: Tensor) -> Tensor:
    return torch.sqrt((states * states).sum(-1) + 1e-6)


class WholeReader(nn.Module):
    """One question and the passages to read for it."""

    def __init__(self, lower: LowerHalf, upper: UpperHalf) -> None:
        super().__init__()
        self.lower, self.upper = lower, upper

    def forward(self, question: Tensor, passages: Tensor, mask: Tensor, pool: Tensor, cosine: Tensor) -> Logits:
        """From word embeddings: of the question (1, Q, HIDDEN), of the passages
        (B, P, HIDDEN), with their mask (B, P); the rest as `UpperHalf` takes it."""
        asked = self.lower(question, None)
        by_key = mask[:, None, None, :]
        read = self.lower(passages, by_key)
        asked = asked.expand(passages.shape[0], -1, -1)
        whole = torch.ones_like(asked[:, :, 0])[:, None, None, :]
        logits: Logits = self.upper(asked, read, torch.cat([whole, by_key], -1), pool, cosine)
        return logits


# --- from the bundled model ---------------------------------------------------------------------


def bundled_weights(folder: Path) -> dict[str, Tensor]:
    """The embedding model's, by BERT's names, from the folder that `unpacked.unpack` wrote."""
    return load_file(folder / "model.safetensors")


def word_embeddings(weights: Mapping[str, Tensor]) -> Tensor:
    """Shape (vocabulary, HIDDEN)."""
    return weights["embeddings.word_embeddings.weight"]


def lower_half(weights: Mapping[str, Tensor], attention: Attention = fused_attention) -> LowerHalf:
    """As it stays."""
    lower = LowerHalf(attention)
    _fill(lower.layers, weights, 0)
    lower.positions.weight.data.copy_(weights["embeddings.position_embeddings.weight"])
    lower.norm.weight.data.copy_(weights["embeddings.LayerNorm.weight"])
    lower.norm.bias.data.copy_(weights["embeddings.LayerNorm.bias"])
    lower.token_type.data.copy_(weights["embeddings.token_type_embeddings.weight"][0])
    return lower.eval()


def upper_half(weights: Mapping[str, Tensor], attention: Attention = fused_attention) -> UpperHalf:
    """As training begins: layers from the model, a head drawn from torch's random numbers."""
    upper = UpperHalf(attention)
    _fill(upper.layers, weights, LAYERS)
    return upper


def _fill(layers: nn.ModuleList, weights: Mapping[str, Tensor], first: int) -> None:
    for number, layer in enumerate(layers, first):
        for ours, theirs in _BERT_NAMES.items():
            part = layer.get_submodule(ours)
            part.get_parameter("weight").data.copy_(weights[f"encoder.layer.{number}.{theirs}.weight"])
            part.get_parameter("bias").data.copy_(weights[f"encoder.layer.{number}.{theirs}.bias"])


def states_of(lower: LowerHalf, words: Tensor, texts: Sequence[Sequence[int]]) -> Tensor:
    """The lower half's states of texts given as token ids: shape (texts, longest, HIDDEN)."""
    longest = max(map(len, texts))
    ids = torch.full((len(texts), longest), _PAD)
    mask = torch.zeros(len(texts), 1, 1, longest, dtype=torch.bool)
    for at, text in enumerate(texts):
        ids[at, : len(text)] = torch.tensor(text)
        mask[at, ..., : len(text)] = True
    states: Tensor = lower(F.embedding(ids, words), mask)
    return states
