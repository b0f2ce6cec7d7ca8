"""What the encoder's files are called and how large its numbers are; shared by the builder and the reader."""

from __future__ import annotations

from pathlib import Path

VERSION = "minilm-l6-2"  # raise the last number whenever the built graph would give other vectors
GRAPH = "minilm-l6-int8.onnx"
TOKENIZER = "tokenizer.json"
NOTE = "encoder.json"

LAYER_WIDTH = 384  # numbers that each layer of the model gives for a token
WIDTH = 2 * LAYER_WIDTH  # numbers in a sentence vector: the last layer's, then the fourth's
MOST_TOKENS = 128  # the model was trained on 128; a chat message has 10 to 40
MOST_CHARACTERS = 4000  # 128 tokens of any real text fit; bounds the tokenizer's own work
LIKELY_CHARACTERS = 1000  # 128 tokens of most texts fit; read first, for what is left out costs time all the same


def folder(home: Path) -> Path:
    """Where the encoder's files are, inside the product's own folder (`.frontdoor`)."""
    return home / "encoder"
