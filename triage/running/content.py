"""Which content a trained model belongs to: a hash of everything that training reads. Standard library only."""

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from triage.asks import asks_to_learn

# Wording lives in service.toml and needs no training (DESIGN 4, decision 13), so only YAML counts, and of service.toml
# the questions that are learned (`asks_to_learn`).
TRAINED_ON = (
    ("data/services", "*.yml"),
    ("triage/running", "rasa_files.py"),
    ("bot", "config.yml"),
    ("bot/components", "*.py"),
    ("language/encoder", "*"),
    ("language/intents", "*"),
    ("bot", "uv.lock"),
)
# What the danger model learns from, and the code that makes it.
# What is said for a danger and which numbers are given are wording too: `_read_by_training`.
SIGNALS = "signals.toml"
SAID_FOR_A_DANGER = ("name", "line", "note", "numbers", "ask_safe", "quick_exit")
DANGER_TRAINED_ON = (
    ("data/danger", SIGNALS),
    ("data/danger", "*.txt"),
    ("data/danger/examples", "*"),
    ("data/danger/languages", "*"),
    ("data/services", "nlu*.yml"),
    ("language/danger", "*.py"),
    ("language/encoder", "*"),
    ("language/intents", "*"),
)
# What the sorter learns from, beside the intent reader and the danger model that it builds on.
SORTING_TRAINED_ON = (
    *TRAINED_ON,
    *DANGER_TRAINED_ON,
    ("data/sorting", "*.jsonl"),
    ("data/tuning", "*.safetensors"),
    ("language/tuned", "*.py"),
    ("data/sorting", "*.toml"),
    ("triage/sorting", "features.py"),
    ("triage/sorting", "fitting.py"),
    ("triage/sorting", "letters.py"),
    ("triage/sorting", "likeness.py"),
    ("triage/sorting", "model.py"),
    ("triage/sorting", "training.py"),
    ("triage/sorting", "words.py"),
)
# What the reader of comments learns from, and the code that makes it.
THEMES_TRAINED_ON = (
    ("data/themes", "*.jsonl"),
    ("language/themes", "*.py"),
    ("language/encoder", "*"),
    ("language/intents", "*"),
)


def trained_files(root: Path, trained_on: tuple[tuple[str, str], ...] = TRAINED_ON) -> Iterator[Path]:
    """Every file that training reads, in a fixed order."""
    for folder, pattern in trained_on:
        base = root / folder
        found = base.glob(pattern) if folder == "bot" else base.rglob(pattern)
        for path in sorted(found):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def content_hash(root: Path, trained_on: tuple[tuple[str, str], ...] = TRAINED_ON) -> str:
    """Sixteen hexadecimal digits that change when, and only when, what reads those files must be trained again."""
    total = hashlib.sha256()
    for path in trained_files(root, trained_on):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(_read_by_training(path)).digest())
    if trained_on not in (DANGER_TRAINED_ON, THEMES_TRAINED_ON):
        for path in sorted((root / "data" / "services").glob("*/service.toml")):
            total.update("\0".join((path.parent.name, *asks_to_learn(path))).encode())
    return total.hexdigest()[:16]


def _read_by_training(path: Path) -> bytes:
    """What training reads of a file: all of it, but of the danger signals only how they are recognised."""
    if path.name != SIGNALS:
        return path.read_bytes()
    known = tomllib.loads(path.read_text(encoding="utf-8"))
    for signal in known.get("signals", {}).values():
        for name in SAID_FOR_A_DANGER:
            signal.pop(name, None)
    return json.dumps(known, default=str).encode()


def model_path(home: Path, root: Path) -> Path:
    """Where the model trained on the present content is, or will be."""
    return home / "models" / f"{content_hash(root)}.tar.gz"


def danger_path(home: Path, root: Path) -> Path:
    """Where the danger model trained on the present examples is, or will be."""
    return home / "models" / f"danger-{content_hash(root, DANGER_TRAINED_ON)}"


def sorting_path(home: Path, root: Path) -> Path:
    """Where the sorter trained on the present contacts is, or will be."""
    return home / "models" / f"sorting-{content_hash(root, SORTING_TRAINED_ON)}"


def themes_path(home: Path, root: Path) -> Path:
    """Where the reader of comments trained on the present comments is, or will be."""
    return home / "models" / f"themes-{content_hash(root, THEMES_TRAINED_ON)}"
