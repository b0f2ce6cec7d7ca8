"""Sentence vectors: a short text becomes 768 numbers, and texts that mean the same lie close together.

The model is all-MiniLM-L6-v2 (Apache-2.0, Wang et al. 2020 and the sentence-transformers project), rewritten as
an 8-bit ONNX graph by `language.encoder.build`. Reading needs onnxruntime, tokenizers and NumPy, nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from language.encoder.files import (
    GRAPH,
    LIKELY_CHARACTERS,
    MOST_CHARACTERS,
    MOST_TOKENS,
    NOTE,
    TOKENIZER,
    VERSION,
    WIDTH,
    folder,
)

__all__ = ["WIDTH", "Encoder", "EncoderNotBuilt"]


class EncoderNotBuilt(RuntimeError):
    """The encoder's files are missing or were built by another version of this code."""

    def __init__(self, home: Path, why: str) -> None:
        super().__init__(f"{why} Run: python -m language.encoder.build {home}")


class Encoder:
    """Turns texts into unit vectors, on one thread.

    Each text goes through the graph alone. The 8-bit graph scales its numbers by the largest in what it is given,
    so a text read among others would come out slightly different from the same text read alone: alone, the
    vectors seen in training are exactly the vectors seen in use, and no padding is computed.
    """

    def __init__(self, session: Any, tokenizer: Tokenizer, fingerprint: str, most_tokens: int = MOST_TOKENS) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._most = most_tokens
        self.fingerprint = fingerprint  # says which weights and which builder made these vectors

    @classmethod
    def load(cls, home: Path) -> Encoder:
        """Open the encoder that `build(home)` wrote; raises `EncoderNotBuilt` when it is not there or is stale."""
        place = folder(home)
        for name in (NOTE, GRAPH, TOKENIZER):
            if not (place / name).is_file():
                raise EncoderNotBuilt(home, f"The sentence encoder is not built: {place / name} is missing.")
        note = json.loads((place / NOTE).read_text(encoding="utf-8"))
        if note.get("version") != VERSION:
            raise EncoderNotBuilt(home, f"The sentence encoder in {place} was built by another version.")
        return cls.open(place / GRAPH, place / TOKENIZER, f"{note['version']}-{note['weights_sha256'][:16]}")

    @classmethod
    def open(cls, graph: Path, tokenizer: Path, fingerprint: str, most_tokens: int = MOST_TOKENS) -> Encoder:
        """The encoder of a graph that reads so many tokens of a text at most."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # two threads were slower on texts this short
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(graph), sess_options=options, providers=["CPUExecutionProvider"])
        return cls(session, open_tokenizer(tokenizer, most_tokens), fingerprint, most_tokens)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Sentence vectors of the texts, shape (len(texts), 768), each of length 1.

        The first half is the mean of the last layer, which knows best what a text means; the second that of the
        fourth of six, which knows better how it is said. Only the first 128 tokens of a text are read, so a very
        long text costs no more than a long one.
        """
        return self.encode_tokens([self.tokens(text) for text in texts])

    def encode_tokens(self, texts: Sequence[list[int]]) -> NDArray[np.float32]:
        """`encode` of texts whose tokens the caller has already."""
        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)
        for row, tokens in enumerate(texts):
            vectors[row] = self._session.run(None, {"ids": np.asarray(tokens, dtype=np.int64)})[0]
        return vectors

    def tokens(self, text: str) -> list[int]:
        """The tokens of a text that are read, 2 to 128 of them: about a tenth of a millisecond each to encode."""
        # Half a surrogate pair is no text to the tokenizer; it is read as a question mark.
        whole = text[:MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        # No token reaches over a blank: where the text up to one has all the tokens that are read, the rest is spared.
        blank = whole.rfind(" ", 0, LIKELY_CHARACTERS) if len(whole) > LIKELY_CHARACTERS else -1
        if blank > 0:
            ids: list[int] = self._tokenizer.encode(whole[:blank]).ids
            if len(ids) == self._most:
                return ids
        ids = self._tokenizer.encode(whole).ids
        return ids


def open_tokenizer(path: Path, most_tokens: int = MOST_TOKENS) -> Tokenizer:
    """The WordPiece tokenizer, cutting at 128 tokens and never padding (its file asks for padding to 128)."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=most_tokens)
    return tokenizer
