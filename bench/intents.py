"""How well the intent reader reads: trained on one labelled set, tried on another.

`python -m bench intents --train A.jsonl --test B.jsonl [--outside C.jsonl]`, rows `{"text", "label"}`. Rows
labelled `oos` belong to none of the labels. Prints one JSON line, then the same as a table.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from language.encoder import Encoder
from language.encoder.build import build
from language.intents import Reader, Reading

OUTSIDE = "oos"
TIMED = 300  # messages read one by one for the time a message takes

Row = tuple[str, str]


def main(argv: Sequence[str]) -> int:
    """Train, read and print; 1 with one line when a file is missing."""
    options = _options(argv)
    files = [options.train, options.test, *([options.outside] if options.outside else [])]
    for path in files:
        if not path.is_file():
            print(f"No test set at {path}: nothing to compare.")
            return 1
    outside = rows_of(options.outside, always=OUTSIDE) if options.outside else []
    result = compare(rows_of(options.train), rows_of(options.test) + outside, options.home)
    print(json.dumps(result))
    print()
    for name, value in result.items():
        print(f"{name.replace('_', ' '):<28} {'-' if value is None else value}")
    return 0


def compare(
    train: Sequence[Row], test: Sequence[Row], home: Path, threshold: float | None = None
) -> dict[str, float | int | None]:
    """Train a reader on `train` and measure it on `test`; shares are percentages, times as named.

    With a `threshold` two more: of the messages inside the share that is right and at least so sure
    (`accuracy_at`), and of those outside the share that is less sure or read as outside (`outside_recall_at`).
    """
    build(home)
    encoder = Encoder.load(home)
    started = time.perf_counter()
    reader = Reader.fit([text for text, _ in train], [label for _, label in train], encoder, outside=OUTSIDE)
    trained_in = time.perf_counter() - started
    readings = reader.read_many([text for text, _ in test])
    inside = [(got, label) for got, (_, label) in zip(readings, test, strict=True) if label != OUTSIDE]
    beyond = [got for got, (_, label) in zip(readings, test, strict=True) if label == OUTSIDE]
    answered = [(got, label) for got, label in inside if _answered(got)]
    at = threshold or 0.0
    fixed = {
        "accuracy_at": _percent([got.label == label and got.confidence >= at for got, label in inside]),
        "outside_recall_at": _percent([got.label == OUTSIDE or got.confidence < at for got in beyond]),
    }
    return {
        **(fixed if threshold is not None else {}),
        "train_rows": len(train),
        "labels": len(reader.labels),
        "test_rows": len(inside),
        "accuracy": _percent([got.label == label for got, label in inside]),
        "answered": _percent([_answered(got) for got, _ in inside]),
        "right_when_answered": _percent([got.label == label for got, label in answered]),
        "outside_rows": len(beyond),
        "outside_recall": _percent([not _answered(got) for got in beyond]),
        "ms_a_message": round(_median_ms(reader, [text for text, _ in test[:TIMED]]), 2),
        "seconds_to_train": round(trained_in, 1),
    }


def rows_of(path: Path, always: str | None = None) -> list[Row]:
    """The `text` and `label` of each JSON line; `always` gives every row that label instead of its own."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(str(line["text"]), always or str(line["label"])) for line in lines]


def _answered(got: Reading) -> bool:
    return not got.abstained and got.label != OUTSIDE


def _percent(found: Sequence[bool]) -> float | None:
    return round(100 * sum(found) / len(found), 2) if found else None


def _median_ms(reader: Reader, texts: Sequence[str]) -> float:
    times = []
    for text in texts:
        started = time.perf_counter()
        reader.read(text)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times) if times else 0.0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench intents", description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="labelled rows to learn from")
    parser.add_argument("--test", type=Path, required=True, help="labelled rows to be tried on")
    parser.add_argument("--outside", type=Path, help="rows that belong to none of the labels")
    parser.add_argument("--home", type=Path, default=Path(".frontdoor"), help="where the encoder is built")
    return parser.parse_args(argv)
