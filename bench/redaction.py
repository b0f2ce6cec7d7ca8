"""What says who somebody is: how much of it leaves held-out lines, and how many ordinary lines lose anything.

`python -m bench redaction [--quick]`. The lines are `tests/language/redaction_lines.jsonl`; only those marked
`held_out` count, and a thing counts as gone only when every letter and figure of it is.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.reporting.figures import Figure, printed
from language.entities import CouncilWords
from language.redaction import Redactor
from triage.catalogue import DATA, catalogue
from triage.settings import get_settings

_TESTS = Path(__file__).parents[1] / "tests" / "language"
LINES = _TESTS / "redaction_lines.jsonl"
# Nothing in these may be touched: streets, sites, shops and dates of the council, each scored once before it was read.
ORDINARY = (_TESTS / "redaction_ordinary_held_out.jsonl", _TESTS / "redaction_ordinary_held_out_2.jsonl")


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench redaction", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the same: it takes a second")
    parser.parse_args(argv)
    lines = [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines() if line.strip()]
    held_out = [line for line in lines if line["held_out"]]
    for file in ORDINARY:
        held_out += [json.loads(line) | {"spans": []} for line in file.read_text(encoding="utf-8").splitlines()]
    # As the product redacts: with the council's own places and telephone numbers left in.
    places = CouncilWords.load(DATA / "councils" / get_settings().council).kept_places
    redactor = Redactor(
        places=places, phones=[fact.value for fact in catalogue().facts.values() if fact.kind == "phone"]
    )
    redactor.redact("my name is Zebedee")
    took: list[float] = []
    gone: dict[str, list[bool]] = {"identifiers": [], "names": []}
    touched = []
    for line in held_out:
        started = time.perf_counter()
        read = redactor.redact(line["text"])
        took.append((time.perf_counter() - started) * 1000)
        covered = {place for span in read.spans for place in range(span.start, span.end)}
        for kind, whole in _gone(line, covered):
            gone["names" if kind == "name" else "identifiers"].append(whole)
        if not line["spans"]:
            touched.append(bool(read.spans))
    source = "promise 17 and the decision on redaction"
    figures = [
        Figure("held-out identifiers gone", _percent(gone["identifiers"]), "%", mark=95, source=source),
        Figure("held-out names gone", _percent(gone["names"]), "%", mark=85, source=source),
        Figure("held-out ordinary lines touched", _percent(touched), "%", mark=2, better="lower", source=source),
        Figure("a message, mean", round(statistics.mean(took), 2), "ms", mark=2, better="lower", source=source),
    ]
    counts = {"identifiers": len(gone["identifiers"]), "names": len(gone["names"]), "ordinary": len(touched)}
    return printed("redaction", figures, {"counts": counts})


def _gone(line: dict[str, Any], covered: set[int]) -> list[tuple[str, bool]]:
    """Each thing that must leave a line, and whether all of its letters and figures are covered."""
    found, at = [], 0
    for span in line["spans"]:
        at = line["text"].index(span["value"], at)
        needed = {at + place for place, character in enumerate(span["value"]) if character.isalnum()}
        at += len(span["value"])
        found.append((span["kind"], needed <= covered))
    return found


def _percent(found: Sequence[bool]) -> float | None:
    return round(100 * sum(found) / len(found), 1) if found else None
