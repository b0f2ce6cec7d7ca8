"""The MiniLM graph in ONNX, written node by node from its weights (no torch, no exporter).

One text at a time: the input is `ids`, shape (tokens,), and the output `vector`, shape (384,), of length 1.
Architecture: BERT (Devlin et al. 2019) with 6 layers, 12 heads of 32, exact GELU, layer norm after each half.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper, numpy_helper

from language.encoder.files import MOST_TOKENS, WIDTH

Weights = dict[str, NDArray[np.float32]]

LAYERS = 6
HEADS = 12
HEAD_WIDTH = WIDTH // HEADS
EPSILON = 1e-12
OPSET = 17  # the first with LayerNormalization, and read by every onnxruntime since 2022
IR = 8
BLOCK = 128  # weights that share a scale
INT8_SUMS = 4  # onnxruntime's `accuracy_level` for sums in int8


class _Pencil:
    """Collects nodes and constants; each call draws one node and returns the name of its output."""

    def __init__(self, exact: bool) -> None:
        self.exact = exact
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def draw(self, kind: str, *inputs: str, named: str | None = None, **settings: Any) -> str:
        name = named or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"node_{name}", **settings))
        return name

    def dense(self, x: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """x @ weight.T + bias, the weight in float32 or in 8 bits by blocks."""
        if self.exact:
            product = self.draw("MatMul", x, self.constant(f"{name}.weight", weight.T))
        else:
            product = self._dense_in_8_bits(x, name, weight)
        return self.draw("Add", product, self.constant(f"{name}.bias", bias))

    def norm(self, x: str, name: str, weights: Weights) -> str:
        scale = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        shift = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.draw("LayerNormalization", x, scale, shift, axis=-1, epsilon=EPSILON)

    def _dense_in_8_bits(self, x: str, name: str, weight: NDArray[np.float32]) -> str:
        wide, deep = weight.shape
        blocks = weight.reshape(wide, deep // BLOCK, BLOCK)
        scale = np.maximum(np.abs(blocks).max(axis=2, keepdims=True) / 127.0, 1e-12).astype(np.float32)
        steps = (np.rint(blocks / scale) + 128).astype(np.uint8)
        return self.draw(
            "MatMulNBits",
            x,
            self.constant(f"{name}.steps", steps),
            self.constant(f"{name}.scale", scale.reshape(wide, deep // BLOCK)),
            domain="com.microsoft",
            K=deep,
            N=wide,
            bits=8,
            block_size=BLOCK,
            accuracy_level=INT8_SUMS,
        )

    def rows(self, name: str, table: NDArray[np.float32], places: str) -> str:
        """table[places], the table in float32 or in 8 bits with one scale a row."""
        if self.exact:
            return self.draw("Gather", self.constant(name, table), places)
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / 127.0, 1e-12).astype(np.float32)
        steps = self.constant(f"{name}.steps", np.rint(table / scale).astype(np.int8))
        found = self.draw("Cast", self.draw("Gather", steps, places), to=TensorProto.FLOAT)
        return self.draw("Mul", found, self.draw("Gather", self.constant(f"{name}.scale", scale), places))


def draw_graph(weights: Weights, exact: bool = False) -> Any:
    """The whole model as an `onnx.ModelProto`; `weights` are named as in the safetensors file.

    `exact` keeps every weight in float32 (90 MB); otherwise they are 8-bit numbers with a scale for each run
    of 128, and onnxruntime sums in int8, scaling what comes in by runs of 128 as well.
    """
    p = _Pencil(exact)
    x = _embeddings(p, weights)
    for layer in range(LAYERS):
        x = _layer(p, weights, x, f"encoder.layer.{layer}")
    mean = p.draw("ReduceMean", x, axes=[0], keepdims=0)  # the mean of all tokens, [CLS] and [SEP] included
    length = p.draw("ReduceL2", mean, axes=[0], keepdims=1)
    p.draw("Div", mean, length, named="vector")
    graph = helper.make_graph(
        p.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["tokens"])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [WIDTH])],
        p.constants,
    )
    known = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=known, producer_name="frontdoor")
    model.ir_version = IR
    checker.check_model(model)
    return model


def _embeddings(p: _Pencil, weights: Weights) -> str:
    """Word + position + the one token type we use (folded into the positions), then layer norm."""
    words = p.rows("words", weights["embeddings.word_embeddings.weight"], "ids")
    kinds = weights["embeddings.token_type_embeddings.weight"][0]
    places = p.constant("places", weights["embeddings.position_embeddings.weight"][:MOST_TOKENS] + kinds)
    start = p.constant("start", np.array([0], dtype=np.int64))
    here = p.draw("Slice", places, start, p.draw("Shape", "ids"))
    return p.norm(p.draw("Add", words, here), "embeddings.LayerNorm", weights)


def _layer(p: _Pencil, weights: Weights, x: str, name: str) -> str:
    """Self-attention and feed-forward, each added to what came in and normed."""
    own = f"{name}.attention.self"
    # Query, key and value in one product; the 1/sqrt(32) of attention is folded into the query.
    scale = np.float32(1.0 / np.sqrt(HEAD_WIDTH))
    parts = [(weights[f"{own}.{k}.weight"], weights[f"{own}.{k}.bias"]) for k in ("query", "key", "value")]
    parts[0] = (parts[0][0] * scale, parts[0][1] * scale)
    joined = p.dense(x, f"{own}.joined", np.concatenate([w for w, _ in parts]), np.concatenate([b for _, b in parts]))
    heads = p.constant(f"{own}.heads", np.array([-1, 3, HEADS, HEAD_WIDTH], dtype=np.int64))
    stacked = p.draw("Transpose", p.draw("Reshape", joined, heads), perm=[1, 2, 0, 3])  # (3, heads, tokens, 32)
    query, key, value = (
        p.draw("Gather", stacked, p.constant(f"{own}.{i}", np.array(i, dtype=np.int64)), axis=0) for i in range(3)
    )
    scores = p.draw("MatMul", query, p.draw("Transpose", key, perm=[0, 2, 1]))
    seen = p.draw("MatMul", p.draw("Softmax", scores, axis=-1), value)
    flat = p.constant(f"{own}.flat", np.array([-1, WIDTH], dtype=np.int64))
    together = p.draw("Reshape", p.draw("Transpose", seen, perm=[1, 0, 2]), flat)
    x = _half(p, weights, together, x, f"{name}.attention.output")
    wide = f"{name}.intermediate.dense"
    middle = _gelu(p, p.dense(x, wide, weights[f"{wide}.weight"], weights[f"{wide}.bias"]), wide)
    return _half(p, weights, middle, x, f"{name}.output")


def _half(p: _Pencil, weights: Weights, x: str, came_in: str, name: str) -> str:
    """A dense step, added to what came in, then normed."""
    out = p.dense(x, f"{name}.dense", weights[f"{name}.dense.weight"], weights[f"{name}.dense.bias"])
    return p.norm(p.draw("Add", out, came_in), f"{name}.LayerNorm", weights)


def _gelu(p: _Pencil, x: str, name: str) -> str:
    """x * (1 + erf(x / sqrt 2)) / 2, in the shape onnxruntime knows to fuse."""
    root = p.constant(f"{name}.root2", np.array(np.sqrt(2.0), dtype=np.float32))
    one = p.constant(f"{name}.one", np.array(1.0, dtype=np.float32))
    half = p.constant(f"{name}.half", np.array(0.5, dtype=np.float32))
    inner = p.draw("Add", p.draw("Erf", p.draw("Div", x, root)), one)
    return p.draw("Mul", p.draw("Mul", x, inner), half)
