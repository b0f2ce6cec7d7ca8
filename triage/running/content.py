"""Which content a trained model belongs to: a hash of everything that training reads. Standard library only."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

# Wording lives in service.toml and needs no training (DESIGN 4, decision 13), so only YAML counts.
TRAINED_ON = (
    ("data/services", "*.yml"),
    ("bot", "config.yml"),
    ("bot/components", "*.py"),
    ("language/encoder", "*"),
    ("language/intents", "*"),
    ("bot", "uv.lock"),
)


def trained_files(root: Path) -> Iterator[Path]:
    """Every file that training reads, in a fixed order."""
    for folder, pattern in TRAINED_ON:
        base = root / folder
        found = base.glob(pattern) if folder == "bot" else base.rglob(pattern)
        for path in sorted(found):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def content_hash(root: Path) -> str:
    """Sixteen hexadecimal digits that change when, and only when, the assistant must be trained again."""
    total = hashlib.sha256()
    for path in trained_files(root):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def model_path(home: Path, root: Path) -> Path:
    """Where the model trained on the present content is, or will be."""
    return home / "models" / f"{content_hash(root)}.tar.gz"
