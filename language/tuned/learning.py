"""Learns the low-rank changes to the encoder, with PyTorch, which nothing else of the product needs.

Every dense layer keeps its own weights and is given a product of two thin matrices beside them (Hu et al. 2021), with
new biases and norms; the word embeddings stay. Three heads read the mean of the last layer, scaled to one length: the
queue, the service, and harm. The same lines and seed give the same changes on the same machine.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as fn
from tokenizers import Tokenizer

from language.encoder.graph import EPSILON, HEADS, LAYERS
from language.tuned.build import DOWN, UP

HARMS = ("P0", "P1", "")
"""A life or safety now, serious harm today, neither. The heads of harm and service only teach the layers."""
LENGTH = 12.0
"""What a vector of length 1 is multiplied by before the heads, so that their weights stay small."""
DENSE = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")
MOST_IN_BATCH, TOKENS_IN_BATCH = 64, 2400


@dataclass(frozen=True)
class Line:
    """A text and what it is about. `queues` are shares that sum to 1; `harm` is None where nobody judged it."""

    text: str
    queues: Mapping[str, float]
    service: str | None
    harm: str | None
    weight: float = 1.0


@dataclass(frozen=True)
class Ways:
    """How it is learned; measured, see docs/decisions/2026-11-27-a-tuned-encoder.md."""

    rank: int = 16
    epochs: int = 3
    rate: float = 1e-3
    heads_rate: float = 2e-3
    dropout: float = 0.1
    smoothing: float = 0.05
    warm: float = 0.06  # of all steps
    seed: int = 1


@dataclass
class Learner:
    """The encoder with its changes and heads."""

    weights: dict[str, Any]
    queues: Sequence[str]
    services: Sequence[str]
    ways: Ways
    changes: dict[str, Any] = field(default_factory=dict)
    heads: dict[str, Any] = field(default_factory=dict)
    learning: bool = True

    def __post_init__(self) -> None:
        for name in self._dense():
            wide, deep = self.weights[f"{name}.weight"].shape
            self.changes[name + DOWN] = torch.randn(self.ways.rank, deep) / math.sqrt(deep)
            self.changes[name + UP] = torch.zeros(wide, self.ways.rank)
            self.changes[f"{name}.bias"] = self.weights[f"{name}.bias"].clone()
        for name in ("embeddings.LayerNorm", *(f"encoder.layer.{at}.{norm}" for at in range(LAYERS) for norm in NORMS)):
            for part in ("weight", "bias"):
                self.changes[f"{name}.{part}"] = self.weights[f"{name}.{part}"].clone()
        for head, size in (("queue", len(self.queues)), ("service", len(self.services)), ("harm", len(HARMS))):
            self.heads[f"{head}.weight"] = torch.randn(size, self._width) * 0.03
            self.heads[f"{head}.bias"] = torch.zeros(size)
        for one in (*self.changes.values(), *self.heads.values()):
            one.requires_grad_(True)

    @property
    def _width(self) -> int:
        return int(self.weights["embeddings.word_embeddings.weight"].shape[1])

    @staticmethod
    def _dense() -> list[str]:
        return [f"encoder.layer.{at}.{name}" for at in range(LAYERS) for name in DENSE]

    def vectors(self, ids: Any, there: Any) -> Any:
        """The mean of the last layer over the tokens that are there, of length 1; both shaped (texts, tokens)."""
        known = self.weights
        x = known["embeddings.word_embeddings.weight"][ids] + known["embeddings.token_type_embeddings.weight"][0]
        x = self._drop(self._norm(x + known["embeddings.position_embeddings.weight"][: ids.shape[1]], "embeddings."))
        seen = there[:, None, None, :].bool()
        for at in range(LAYERS):
            x = self._layer(x, seen, f"encoder.layer.{at}.")
        mask = there[:, :, None].float()
        return fn.normalize((x * mask).sum(1) / mask.sum(1), dim=1)

    def said(self, vectors: Any) -> dict[str, Any]:
        """The scores of each head."""
        x = self._drop(vectors * LENGTH)
        return {
            head: fn.linear(x, self.heads[f"{head}.weight"], self.heads[f"{head}.bias"])
            for head in ("queue", "service", "harm")
        }

    def found(self) -> dict[str, Any]:
        """What is kept: the changes, and the heads for vectors of length 1, in 16 bits."""
        heads = {f"head.{name}": v * LENGTH if name.endswith("weight") else v for name, v in self.heads.items()}
        return {name: value.detach().half().contiguous() for name, value in (self.changes | heads).items()}

    def _layer(self, x: Any, seen: Any, name: str) -> Any:
        texts, tokens, width = x.shape
        query, key, value = (
            self._linear(x, f"{name}attention.self.{part}").view(texts, tokens, HEADS, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        heard = fn.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        heard = self._linear(heard.transpose(1, 2).reshape(texts, tokens, width), f"{name}attention.output.dense")
        x = self._norm(x + self._drop(heard), f"{name}attention.output.")
        wide = self._linear(fn.gelu(self._linear(x, f"{name}intermediate.dense")), f"{name}output.dense")
        return self._norm(x + self._drop(wide), f"{name}output.")

    def _linear(self, x: Any, name: str) -> Any:
        # Two thin products beside the fixed one: added up first, the slope of all of the weight would be worked out.
        change = fn.linear(fn.linear(x, self.changes[name + DOWN]), self.changes[name + UP])
        return fn.linear(x, self.weights[f"{name}.weight"], self.changes[f"{name}.bias"]) + change

    def _norm(self, x: Any, place: str) -> Any:
        name = f"{place}LayerNorm"
        return fn.layer_norm(
            x, (self._width,), self.changes[f"{name}.weight"], self.changes[f"{name}.bias"], eps=EPSILON
        )

    def _drop(self, x: Any) -> Any:
        return fn.dropout(x, self.ways.dropout, self.learning)


def learn(
    lines: Sequence[Line],
    weights: Mapping[str, Any],
    tokenizer: Tokenizer,
    ways: Ways,
    tell: Callable[[str], object],
) -> Learner:
    """The learner after all epochs; `tell` is given a line of progress after each fiftieth step.

    15,000 lines of 40 tokens take most of an hour on two cores.
    """
    torch.manual_seed(ways.seed)
    chance = random.Random(ways.seed)  # noqa: S311 - it only orders the lines
    queues = sorted({queue for line in lines for queue in line.queues})
    learner = Learner(dict(weights), queues, sorted({one.service for one in lines if one.service}), ways)
    ids = [tokenizer.encode(line.text).ids for line in lines]
    plan = [batch for _ in range(ways.epochs) for batch in _batches(ids, chance)]
    body, heads = list(learner.changes.values()), list(learner.heads.values())
    steps = torch.optim.AdamW(
        [{"params": body, "lr": ways.rate}, {"params": heads, "lr": ways.heads_rate}], weight_decay=0.01
    )
    rates = torch.optim.lr_scheduler.LambdaLR(steps, lambda at: _rate(at / len(plan), ways.warm))
    began, total = time.monotonic(), 0.0
    for at, batch in enumerate(plan, start=1):
        loss = _loss(learner, [lines[place] for place in batch], *_padded([ids[place] for place in batch]))
        steps.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*body, *heads], 1.0)
        steps.step()
        rates.step()
        total += float(loss.detach())
        if at % 50 == 0 or at == len(plan):
            tell(f"step {at} of {len(plan)}, loss {total / at:.3f} so far, {time.monotonic() - began:.0f} s")
    learner.learning = False
    return learner


def _rate(done: float, warm: float) -> float:
    """Up to the full rate, then down to a fiftieth of it."""
    return done / warm if done < warm else max(0.02, (1.0 - done) / (1.0 - warm))


def _loss(learner: Learner, lines: Sequence[Line], ids: Any, there: Any) -> Any:
    said, smooth = learner.said(learner.vectors(ids, there)), learner.ways.smoothing
    weight = torch.tensor([line.weight for line in lines])
    shares = torch.tensor([[line.queues.get(queue, 0.0) for queue in learner.queues] for line in lines])
    shares = shares * (1.0 - smooth) + smooth / len(learner.queues)
    loss = (-(shares * fn.log_softmax(said["queue"], 1)).sum(1) * weight).sum()
    for head, names, answers in (
        ("service", learner.services, [line.service for line in lines]),
        ("harm", HARMS, [line.harm for line in lines]),
    ):
        known = [at for at, answer in enumerate(answers) if answer is not None]
        if known:
            right = torch.tensor([names.index(answers[at]) for at in known])
            each = fn.cross_entropy(said[head][known], right, reduction="none", label_smoothing=smooth)
            loss = loss + 0.5 * (each * weight[known]).sum()
    return loss / len(lines)


def _batches(ids: Sequence[Sequence[int]], chance: random.Random) -> list[list[int]]:
    """All places in batches of about as many tokens, those of like length together, in an order drawn anew."""
    order = sorted(range(len(ids)), key=lambda at: len(ids[at]) + chance.uniform(-6, 6))
    found = list(_cut(order, ids))
    chance.shuffle(found)
    return found


def _cut(order: Sequence[int], ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    batch: list[int] = []
    for at in order:
        batch.append(at)
        if len(batch) * len(ids[at]) >= TOKENS_IN_BATCH or len(batch) == MOST_IN_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _padded(ids: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    longest = max(map(len, ids))
    rows = torch.zeros(len(ids), longest, dtype=torch.long)
    there = torch.zeros(len(ids), longest, dtype=torch.long)
    for at, one in enumerate(ids):
        rows[at, : len(one)] = torch.tensor(one)
        there[at, : len(one)] = 1
    return rows, there
