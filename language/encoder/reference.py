"""The same model in plain NumPy and float32: slow, short, and what the ONNX graph is tested against."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]

_erf = np.vectorize(math.erf, otypes=[np.float64])


EARLY = 3  # the fourth layer


def reference_vector(
    ids: NDArray[np.int64], weights: Weights, watch: Callable[[str, NDArray[np.float64]], None] | None = None
) -> NDArray[np.float64]:
    """The unit sentence vector, shape (768,), of one text's token ids, shape (tokens,): last layer and fourth.

    `watch` is shown what goes into the attention and into the first half of the feed-forward of each layer.
    """
    w = {name: np.asarray(value, dtype=np.float64) for name, value in weights.items()}

    def dense(x: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def norm(x: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        centred = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return np.asarray(centred / spread * w[f"{name}.weight"] + w[f"{name}.bias"])

    def heads(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return x.reshape(len(x), 12, 32).transpose(1, 0, 2)

    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    means = []
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        if watch:
            watch(f"{name}.attention.self", x)
        query, key, value = (heads(dense(x, f"{name}.attention.self.{k}")) for k in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(32)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        seen = (shares @ value).transpose(1, 0, 2).reshape(len(ids), 384)
        x = norm(x + dense(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        if watch:
            watch(f"{name}.intermediate.dense", x)
        wide = dense(x, f"{name}.intermediate.dense")
        wide = wide * 0.5 * (1.0 + _erf(wide / math.sqrt(2.0)))
        x = norm(x + dense(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        means.append(x.mean(0))
    halves = [mean / np.linalg.norm(mean) for mean in (means[-1], means[EARLY])]
    return np.asarray(np.concatenate(halves) / math.sqrt(2))
