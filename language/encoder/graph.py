"""The MiniLM graph in ONNX, written node by node from its weights (no torch, no exporter).

One text at a time: the input is `ids`, shape (tokens,). The output `vector`, shape (768,) and of length 1, is the
mean of all tokens after the last layer and after the fourth, each scaled to the same length.
Architecture: BERT (Devlin et al. 2019) with 6 layers, 12 heads of 32, exact GELU, layer norm after each half.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper, numpy_helper

from language.encoder.files import LAYER_WIDTH, MOST_TOKENS, WIDTH

Weights = dict[str, NDArray[np.float32]]
Sizes = dict[str, NDArray[np.float32]]  # of a dense step's inputs: the largest number seen in each column

LAYERS = 6
EARLY = 3  # the fourth layer, counted from 0
HEADS = 12
EPSILON = 1e-12
OPSET = 17  # the first with LayerNormalization, and read by every onnxruntime since 2022
IR = 8
OWN = "com.microsoft"  # onnxruntime's own operators
BLOCK = 128  # weights that share a scale, where inputs are scaled by runs too
INT8_SUMS = 4  # onnxruntime's `accuracy_level` for sums in int8
COLUMN_STEPS = 63.0  # 7 bits: pairs of products stay within 16 bits on processors that would cut them off
EVENNESS = 0.65  # how much of the unevenness of the inputs is moved into the weights (Xiao et al. 2023: 0.5 and up)


class _Pencil:
    """Collects nodes and constants; each call draws one node and returns the name of its output.

    `sizes` is None for a graph in float32.
    """

    def __init__(self, sizes: Sizes | None) -> None:
        self.sizes = sizes
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def draw(self, kind: str, *inputs: str, named: str | None = None, **settings: Any) -> str:
        name = named or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"node_{name}", **settings))
        return name

    def thirds(self, x: str) -> list[str]:
        """The last axis cut into three alike."""
        names = [f"Split_{len(self.nodes)}_{part}" for part in range(3)]
        self.nodes.append(helper.make_node("Split", [x], names, axis=2))
        return names

    def dense(self, x: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """x @ weight.T + bias, the weight in float32 or in 8 bits."""
        if self.sizes is None:
            product = self.draw("MatMul", x, self.constant(f"{name}.weight", weight.T))
            return self.draw("Add", product, self.constant(f"{name}.bias", bias))
        added = self.constant(f"{name}.bias", bias)
        if weight.shape[1] > LAYER_WIDTH:
            return self._dense_by_runs(x, name, weight, added)
        return self._dense_by_columns(x, name, weight, added)

    def norm(self, x: str, name: str, weights: Weights) -> str:
        scale = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        shift = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.draw("LayerNormalization", x, scale, shift, axis=-1, epsilon=EPSILON)

    def _dense_by_columns(self, x: str, name: str, weight: NDArray[np.float32], bias: str) -> str:
        """One scale for all of the input: the quickest, once columns of the input are made more even."""
        sizes = self.sizes or {}
        if name in sizes:
            parts = evened(sizes[name], weight)
            weight = weight * parts
            x = self.draw("Mul", x, self.constant(f"{name}.even", 1.0 / parts))
        scale = np.maximum(np.abs(weight).max(axis=1) / COLUMN_STEPS, 1e-12).astype(np.float32)
        steps = np.rint(weight / scale[:, None]).astype(np.int8)
        return self.draw(
            "DynamicQuantizeMatMul",
            x,
            self.constant(f"{name}.steps", steps.T),
            self.constant(f"{name}.scale", scale),
            "",
            bias,
            domain=OWN,
        )

    def _dense_by_runs(self, x: str, name: str, weight: NDArray[np.float32], bias: str) -> str:
        """A scale for each run of 128 of the input and of the weights: for inputs with a few huge numbers."""
        wide, deep = weight.shape
        blocks = weight.reshape(wide, deep // BLOCK, BLOCK)
        scale = np.maximum(np.abs(blocks).max(axis=2, keepdims=True) / 127.0, 1e-12).astype(np.float32)
        steps = (np.rint(blocks / scale) + 128).astype(np.uint8)
        return self.draw(
            "MatMulNBits",
            x,
            self.constant(f"{name}.steps", steps),
            self.constant(f"{name}.scale", scale.reshape(wide, deep // BLOCK)),
            "",
            "",
            bias,
            domain=OWN,
            K=deep,
            N=wide,
            bits=8,
            block_size=BLOCK,
            accuracy_level=INT8_SUMS,
        )

    def rows(self, name: str, table: NDArray[np.float32], places: str) -> str:
        """table[places], the table in float32 or in 8 bits with one scale a row."""
        if self.sizes is None:
            return self.draw("Gather", self.constant(name, table), places)
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / 127.0, 1e-12).astype(np.float32)
        steps = self.constant(f"{name}.steps", np.rint(table / scale).astype(np.int8))
        found = self.draw("Cast", self.draw("Gather", steps, places), to=TensorProto.FLOAT)
        return self.draw("Mul", found, self.draw("Gather", self.constant(f"{name}.scale", scale), places))


def evened(sizes: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """What to divide each input column by, and multiply its weights by, so that both are easier to round."""
    wanted = sizes**EVENNESS / np.maximum(np.abs(weight).max(axis=0), 1e-5) ** (1 - EVENNESS)
    wanted = np.maximum(wanted, 1e-6)
    return np.asarray(np.maximum(wanted / np.exp(np.log(wanted).mean()), 1e-3), dtype=np.float32)


def draw_graph(weights: Weights, sizes: Sizes | None, tokens: int = MOST_TOKENS) -> Any:
    """The whole model as an `onnx.ModelProto`; `weights` are named as in the safetensors file.

    With `sizes` (see `language.encoder.sizes`) the weights are 8-bit numbers (23 MB) and sums are in int8; without,
    everything is float32 (90 MB). `tokens` is how many a text may have at most.
    """
    p = _Pencil(sizes)
    x = p.draw("Unsqueeze", _embeddings(p, weights, tokens), p.constant("first", np.array([0], dtype=np.int64)))
    early = x
    for layer in range(LAYERS):
        x = _layer(p, weights, x, f"encoder.layer.{layer}")
        early = x if layer == EARLY else early
    means = [p.draw("ReduceMean", y, axes=[0, 1], keepdims=0) for y in (x, early)]  # [CLS] and [SEP] included
    halves = [p.draw("LpNormalization", mean, axis=0, p=2) for mean in means]
    p.draw("LpNormalization", p.draw("Concat", *halves, axis=0), named="vector", axis=0, p=2)
    graph = helper.make_graph(
        p.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["tokens"])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [WIDTH])],
        p.constants,
    )
    known = [helper.make_opsetid("", OPSET), helper.make_opsetid(OWN, 1)]
    model = helper.make_model(graph, opset_imports=known, producer_name="frontdoor")
    model.ir_version = IR
    checker.check_model(model)
    return model


def _embeddings(p: _Pencil, weights: Weights, tokens: int) -> str:
    """Word + position + the one token type we use (folded into the positions), then layer norm."""
    words = p.rows("words", weights["embeddings.word_embeddings.weight"], "ids")
    kinds = weights["embeddings.token_type_embeddings.weight"][0]
    places = p.constant("places", weights["embeddings.position_embeddings.weight"][:tokens] + kinds)
    start = p.constant("start", np.array([0], dtype=np.int64))
    here = p.draw("Slice", places, start, p.draw("Shape", "ids"))
    return p.norm(p.draw("Add", words, here), "embeddings.LayerNorm", weights)


def _layer(p: _Pencil, weights: Weights, x: str, name: str) -> str:
    """Self-attention and feed-forward, each added to what came in and normed."""
    own = f"{name}.attention.self"
    # Query, key and value in one product.
    parts = [(weights[f"{own}.{k}.weight"], weights[f"{own}.{k}.bias"]) for k in ("query", "key", "value")]
    joined = p.dense(x, own, np.concatenate([w for w, _ in parts]), np.concatenate([b for _, b in parts]))
    seen = p.draw("MultiHeadAttention", *p.thirds(joined), domain=OWN, num_heads=HEADS)
    x = _half(p, weights, seen, x, f"{name}.attention.output")
    wide = f"{name}.intermediate.dense"
    middle = p.draw("Gelu", p.dense(x, wide, weights[f"{wide}.weight"], weights[f"{wide}.bias"]), domain=OWN)
    return _half(p, weights, middle, x, f"{name}.output")


def _half(p: _Pencil, weights: Weights, x: str, came_in: str, name: str) -> str:
    """A dense step, added to what came in, then normed (onnxruntime's fused operator for this was slower)."""
    out = p.dense(x, f"{name}.dense", weights[f"{name}.dense.weight"], weights[f"{name}.dense.bias"])
    return p.norm(p.draw("Add", out, came_in), f"{name}.LayerNorm", weights)
