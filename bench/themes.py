"""How rightly comments are read: themes (micro- and macro-F1) and sentiment, on comments that were not learned from.

`--train A.jsonl --test B.jsonl` learns from one file and reads the other (`text`, `themes`, `sentiment`). Without them
the public NHS comments are split: whole groups of near-duplicates, three in ten by a hash of their words, are held out
(language/themes/likeness.py). `--learn FILE` writes the part that is learned from, which is data/themes/nhs_fft.jsonl.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.reporting.figures import Figure, printed
from bench.reporting.sets import SETS
from language.encoder import Encoder
from language.themes.examples import Comment, read_comments, write_comments
from language.themes.fits import fit, macro_f1, micro_f1
from language.themes.likeness import held_out, plain, tenth
from triage.settings import get_settings

WHOLE = "nhs_fft_train.jsonl"
MARK_THEMES, MARK_SENTIMENT = 0.72, 0.70


def main(argv: list[str]) -> int:
    """`python -m bench themes [--train A --test B]`: figures, and the same as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench themes", description=__doc__)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--learn", type=Path, help="only write the part of the public set that is learned from")
    parser.add_argument("--quick", action="store_true", help="the one split only")
    given = parser.parse_args(argv)
    if bool(given.train) != bool(given.test):
        parser.error("--train and --test come together")
    if given.train:
        figures = measured("", read_comments(given.train), read_comments(given.test))
        return printed("themes", figures, {"train": given.train.name, "test": given.test.name})
    if not (SETS / WHOLE).exists():
        return printed("themes", [], {"missing": f"there is no {WHOLE} in the folder of public test sets"})
    comments = read_comments(SETS / WHOLE)
    kept = held_out([one.text for one in comments])
    learn = [one for one, out in zip(comments, kept, strict=True) if not out]
    if given.learn:
        write_comments(given.learn, learn)
        return 0
    figures = measured("", learn, [one for one, out in zip(comments, kept, strict=True) if out])
    if not given.quick:
        # "Nothing" is one comment in fourteen, all of them on one side: each distinct comment once.
        once = {plain(one.text): one for one, out in zip(comments, kept, strict=True) if out}
        figures += measured("each comment once, ", learn, list(once.values()))
        # As others split it: any row anywhere, so that "Nothing" is on both sides.
        rows = [tenth(f"{at} {plain(one.text)}") < 3 for at, one in enumerate(comments)]
        apart = [[one for one, out in zip(comments, rows, strict=True) if out is side] for side in (False, True)]
        figures += measured("split by row, ", *apart)
    return printed("themes", figures, {"split": "groups of near-duplicates, SHA-256 of their words, tenths 0 to 2"})


def measured(named: str, learn: Sequence[Comment], test: Sequence[Comment]) -> list[Figure]:
    """Learn from some and read the others."""
    started = time.perf_counter()
    reader = fit(learn, Encoder.load(get_settings().home))
    taught = time.perf_counter() - started
    started = time.perf_counter()
    readings = reader.read_many([one.text for one in test])
    each = 1000 * (time.perf_counter() - started) / len(test)
    names = sorted({theme for one in (*test, *readings) for theme in one.themes})
    said, right = (
        np.array([[name in one.themes for name in names] for one in many], dtype=bool) for many in (readings, test)
    )
    told = [(a.sentiment, b.sentiment) for a, b in zip(readings, test, strict=True) if b.sentiment is not None]
    agree = sum(a == b for a, b in told) / max(len(told), 1)
    near = sum(abs(a - b) <= 1 for a, b in told) / max(len(told), 1)
    return [
        Figure(
            f"{named}{len(learn)} learned, {len(test)} read: theme micro-F1",
            round(micro_f1(said, right), 4),
            "",
            MARK_THEMES,
            source="published 0.77 on more data; SVM 0.66",
        ),
        Figure(f"{named}theme macro-F1", round(macro_f1(said, right), 4), "", source="published 0.71; SVM 0.45"),
        Figure(f"{named}sentiment accuracy", round(agree, 4), "", MARK_SENTIMENT, source="published 0.70; SVM 0.65"),
        Figure(f"{named}sentiment within one", round(near, 4), ""),
        Figure(f"{named}seconds to learn", round(taught, 1), "s", 60.0, "lower"),
        Figure(f"{named}milliseconds a comment", round(each, 1), "ms", better="lower"),
    ]
