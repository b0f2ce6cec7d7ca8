"""What the tuned encoder's files are called; shared by the builder and the reader."""

from __future__ import annotations

from pathlib import Path

from language.encoder.files import folder as encoder_folder

VERSION = "tuned-1"  # raise the number whenever the same changes would be built into another graph
GRAPH = "tuned-int8.onnx"
TOKENIZER = "tokenizer.json"
HEADS = "heads.npz"
NOTE = "tuned.json"

MOST_TOKENS = 160  # most emails whole; the model knows 512 places, and was first trained on 128


def folder(home: Path) -> Path:
    """Where the files are, inside the product's own folder (`.frontdoor`): beside the plain encoder's."""
    return encoder_folder(home) / "tuned"
