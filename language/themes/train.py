"""Trains the reader of comments on data/themes: `python -m language.themes.train <home> [folder]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from language.encoder import Encoder
from language.themes.examples import read_comments
from language.themes.fits import fit

DATA = Path(__file__).parents[2] / "data"


def train_into(home: Path, folder: Path, data: Path = DATA) -> Path:
    """Train and write the model to `folder`, whole or not at all; `home` holds the built encoder."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    comments = [one for file in sorted((data / "themes").glob("*.jsonl")) for one in read_comments(file)]
    with threadpool_limits(1):
        reader = fit(comments, Encoder.load(home))
    half = folder.with_name(f"new-{folder.name}")
    shutil.rmtree(half, ignore_errors=True)
    reader.save(half)
    if folder.is_symlink():
        folder.unlink()  # `frontdoor train` leaves a link there, and no folder can take the place of a link.
    shutil.rmtree(folder, ignore_errors=True)
    half.replace(folder)
    return folder


def main(argv: list[str] | None = None) -> int:
    """Train into `<home>/models/themes`, or into the folder given second; `.frontdoor` is home when none is."""
    given = sys.argv[1:] if argv is None else argv
    home = Path(given[0] if given else ".frontdoor")
    folder = Path(given[1]) if len(given) > 1 else home / "models" / "themes"
    sys.stdout.write(f"{train_into(home, folder)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
