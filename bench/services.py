"""How well our own services are told apart, on lines that the reader has not seen; and how long a council's take.

`python -m bench services [--quick]`. Five folds: each is held out from everything, the threshold included. The second
half trains on 3,500 public messages with 90 labels, which is what a council with all of its services would have.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np

from bench.intents import Row, rows_of
from bench.reporting.figures import Figure, printed
from bench.reporting.own import asked_rows, own_rows
from bench.reporting.sets import SETS
from language.encoder import Encoder
from language.encoder.build import build
from language.intents import Reader, Reading
from language.intents.reader import OUTSIDE
from language.intents.training import folds
from language.intents.unseen import Line, answered, macro_f1
from triage.settings import get_settings

FOLDS = 5
# bot/components/intent_reader.py asks for it: the lines are border cases on purpose.
RIGHT_WHEN_ANSWERED = 0.90
COUNCIL_ROWS, COUNCIL_LABELS = 3_500, 90


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench services", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="six labels, and a small council")
    quick = parser.parse_args(argv).quick
    home = get_settings().home
    build(home)
    encoder = Encoder.load(home)
    rows = _fewer(own_rows(), 6) if quick else own_rows()
    labels = {label for _, label in rows}
    figures = crossed(rows, encoder, [(ask, label) for ask, label in asked_rows() if label in labels])
    council = _council(200 if quick else COUNCIL_ROWS, 8 if quick else COUNCIL_LABELS)
    if council:
        started = time.perf_counter()
        Reader.fit([text for text, _ in council], [label for _, label in council], encoder)
        labels = len({label for _, label in council})
        took = round(time.perf_counter() - started, 1)
        figures.append(Figure(f"training on {len(council):,} examples of {labels} labels", took, "s"))
    else:
        print(f"No sets at {SETS}: training at a council's size is left out.")
    return printed("services", figures, {"lines": len(rows), "labels": len({label for _, label in rows})})


def crossed(rows: Sequence[Row], encoder: Encoder, besides: Sequence[Row]) -> list[Figure]:
    """Read each line with a reader that has not seen its fold; every reader learns from the rows `besides`."""
    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    names = sorted(set(labels))
    fold_of = folds(np.array([names.index(label) for label in labels], dtype=np.int64))
    got: dict[int, Reading] = {}
    for fold in range(FOLDS):
        kept, held = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        reader = Reader.fit(
            [*(texts[at] for at in kept), *(ask for ask, _ in besides)],
            [*(labels[at] for at in kept), *(label for _, label in besides)],
            encoder,
            right_when_answered=RIGHT_WHEN_ANSWERED,
        )
        got.update(zip((int(at) for at in held), reader.read_many([texts[at] for at in held]), strict=True))
    lines = [
        Line(text, label, got[at].label, got[at].confidence, got[at].abstained) for at, (text, label) in enumerate(rows)
    ]
    inside = [line for line in lines if line.label != OUTSIDE]
    given = answered(inside, OUTSIDE)
    beyond = [line for line in lines if line.label == OUTSIDE]
    return [
        Figure("own lines, five folds: accuracy", _share(sum(line.right for line in lines), len(lines)), "%"),
        Figure("… macro-F1", round(100 * macro_f1(lines), 1), "%"),
        Figure("… of messages with an intent, answered", _share(len(given), len(inside)), "%"),
        Figure(
            "… right when answered",
            _share(sum(line.right for line in given), len(given)),
            "%",
            mark=100 * RIGHT_WHEN_ANSWERED,
            source="what the threshold is set for",
        ),
        Figure("… outside messages refused", _share(len(beyond) - len(answered(beyond, OUTSIDE)), len(beyond)), "%"),
    ]


def _share(some: int, every: int) -> float | None:
    return round(100 * some / every, 1) if every else None


def _fewer(rows: Sequence[Row], most: int) -> list[Row]:
    kept = sorted({label for _, label in rows if label != OUTSIDE})[: most - 1]
    return [row for row in rows if row[1] in (*kept, OUTSIDE)]


def _council(rows: int, labels: int) -> list[Row]:
    """Public messages, as many of each label as the number of rows allows; none when the sets are not there."""
    files = [SETS / "banking77_train.jsonl", SETS / "hwu64_train.jsonl"]
    if not all(file.is_file() for file in files):
        return []
    of_label: dict[str, list[Row]] = {}
    for file in files:
        for text, label in rows_of(file):
            of_label.setdefault(f"{file.stem} {label}", []).append((text, f"{file.stem} {label}"))
    largest = sorted(of_label.values(), key=len, reverse=True)[:labels]
    turns = [group[at] for at in range(len(largest[0])) for group in largest if at < len(group)]
    return turns[:rows]
