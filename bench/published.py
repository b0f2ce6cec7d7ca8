"""The intent reader on public sets, beside what others have published: BANKING77, HWU64 and HINT3.

`python -m bench published [--quick]`. The sets are no part of the product; without them this says so and measures
nothing. Training on all of BANKING77 and all of HWU64 takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.intents import Row, compare, rows_of
from bench.reporting.figures import Figure, printed
from bench.reporting.sets import BOTS, BOTS_THRESHOLD, SETS, TRIALS, Trial
from triage.settings import get_settings

QUICK_LABELS = 6
NEAR_MISSES_SHOWN = 120  # as in the decision on reading

Result = dict[str, float | int | None]


def main(argv: Sequence[str]) -> int:
    """Train and test on each set that is there, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench published", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="six labels of BANKING77 and one bot of HINT3")
    quick = parser.parse_args(argv).quick
    if not (SETS / "README.md").is_file():
        print(f"No public sets at {SETS}: nothing to compare.")
        return printed("published", [], {"missing": "the public sets"})
    figures: list[Figure] = []
    results: dict[str, Result] = {}
    for trial in TRIALS[1:2] if quick else TRIALS:
        results[trial.name] = got = _tried(trial, quick)
        mark = None if quick else trial.mark
        figures.append(Figure(f"{trial.name}: accuracy", got["accuracy"], "%", mark=mark, source=trial.source))
        _told(trial.name)
    timed = results[TRIALS[1].name]
    figures.append(Figure("reading a message, intent and confidence, p50", timed["ms_a_message"], "ms"))
    for bot in list(BOTS)[-1:] if quick else list(BOTS):
        results[f"HINT3 {bot}"] = got = _bot(bot)
        mark, source = BOTS[bot]
        at = f"at {BOTS_THRESHOLD}"
        figures += [
            Figure(f"HINT3 {bot}: in scope, right {at}", got["accuracy_at"], "%", mark=mark, source=source),
            Figure(f"HINT3 {bot}: out of scope refused {at}", got["outside_recall_at"], "%"),
            Figure(f"HINT3 {bot}: in scope answered at our threshold", got["answered"], "%"),
            Figure(f"HINT3 {bot}: … of them right", got["right_when_answered"], "%"),
            Figure(f"HINT3 {bot}: out of scope refused at our threshold", got["outside_recall"], "%"),
        ]
        _told(f"HINT3 {bot}")
    for shown in () if quick else (0, NEAR_MISSES_SHOWN):
        name = f"BANKING77 near misses, {shown or 'none'} shown in training"
        results[name] = got = _near_misses(shown)
        figures += [
            Figure(f"{name}: refused", got["outside_recall"], "%"),
            Figure(f"{name}: right when answered", got["right_when_answered"], "%"),
        ]
        _told(name)
    return printed("published", figures, {"sets": results})


def _tried(trial: Trial, quick: bool) -> Result:
    train, test = rows_of(SETS / f"{trial.train}.jsonl"), rows_of(SETS / f"{trial.test}.jsonl")
    if trial.shots:
        train = first_of_each(train, trial.shots)
    if quick:
        kept = sorted({label for _, label in train})[:QUICK_LABELS]
        train, test = ([row for row in rows if row[1] in kept] for rows in (train, test))
    return _compared(train, test)


def _bot(bot: str) -> Result:
    train, test = (_rows_of_bot(SETS / f"hint3_{part}.jsonl", bot) for part in ("train", "test"))
    return _compared(train, test)


def _near_misses(shown: int) -> Result:
    """Ten examples of each intent that no near miss belongs to; the near misses of the test part are outside."""
    near = {
        "train": rows_of(SETS / "banking77_near_oos_train.jsonl"),
        "test": rows_of(SETS / "banking77_near_oos_test.jsonl"),
    }
    texts = {text for rows in near.values() for text, _ in rows}
    known = [*rows_of(SETS / "banking77_train.jsonl"), *rows_of(SETS / "banking77_test.jsonl")]
    beyond = {label for text, label in known if text in texts}
    train = [row for row in rows_of(SETS / "banking77_train_10.jsonl") if row[1] not in beyond]
    test = [row for row in rows_of(SETS / "banking77_test.jsonl") if row[1] not in beyond]
    step = max(1, len(near["train"]) // shown) if shown else 1
    examples = near["train"][::step][:shown]
    return _compared([*train, *examples], [*test, *near["test"]])


def _compared(train: Sequence[Row], test: Sequence[Row]) -> Result:
    return compare(train, test, get_settings().home, threshold=BOTS_THRESHOLD)


def first_of_each(rows: Sequence[Row], most: int) -> list[Row]:
    """The first `most` rows of each label, in their order."""
    seen: Counter[str] = Counter()
    kept = []
    for row in rows:
        seen[row[1]] += 1
        if seen[row[1]] <= most:
            kept.append(row)
    return kept


def _rows_of_bot(path: Path, bot: str) -> list[Row]:
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [(line["text"], line["label"]) for line in lines if line["bot"] == bot]


def _told(name: str) -> None:
    print(f"  {name}: done", file=sys.stderr, flush=True)
