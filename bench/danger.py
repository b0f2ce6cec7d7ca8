"""How well danger is noticed in a file of marked lines: rules and model together, as a conversation asks them.

The file holds JSON lines: `text`, `signal` and `level` (both null where there is no danger) and, where there is none,
`kind`: "ordinary", or anything else ("hard", "near_miss") for a near miss. An alarm is a sighting of level now or
today, or of the line's own level; noticed are alarms, lines of level "concern" and the gentle question together.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.reporting.figures import Figure, printed
from language.danger import DangerRules, Sighting
from language.danger.model import MAY_BE, DangerModel, Dangers
from language.danger.signals import LEVELS
from language.encoder import Encoder
from triage.settings import ROOT, get_settings

Row = dict[str, Any]
NO_DANGER = ("near miss", "ordinary")


@dataclass(frozen=True)
class Scored:
    """One line and what was seen in it. `kind` is its level, or one of NO_DANGER."""

    text: str
    signal: str | None
    kind: str
    seen: Sighting | None
    ruled: Sighting | None

    @property
    def alarmed(self) -> bool:
        """Whether it was raised at its level or graver; of a line without danger, whether it stopped anything."""
        return raised(self.seen, self.kind)

    @property
    def noticed(self) -> bool:
        """Whether anything was said: an alarm, a line beside the answer, or the gentle question."""
        return self.seen is not None


def raised(seen: Sighting | None, kind: str) -> bool:
    """Whether a sighting is an alarm for a line of this kind; the gentle question never is."""
    if seen is None or seen.signal == MAY_BE:
        return False
    limit = kind if kind in LEVELS else "today"
    return LEVELS.index(seen.level) <= LEVELS.index(limit)  # type: ignore[arg-type]


def main(argv: list[str]) -> None:
    """`python -m bench danger [FILE]`: a table, every miss and false alarm, and the same as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench danger", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "tests" / "language" / "danger_held_out_3.jsonl")
    parser.add_argument("--model", type=Path, help="the trained model's folder; that of the product when not given")
    parser.add_argument("--quiet", action="store_true", help="the table alone, without any message")
    given = parser.parse_args(argv)
    home = get_settings().home
    model = DangerModel.load(given.model or home / "models" / "danger", Encoder.load(home))
    scored = score(given.file, Dangers(DangerRules.load(ROOT / "data" / "danger"), model))
    rows = table(scored)
    print(f"{'':12}{'lines':>7}{'alarmed':>17}{'noticed':>17}{'rules alone':>17}")
    for row in rows:
        print(
            f"{row['kind']:12}{row['lines']:>7}{_share(row['alarmed'], row['lines'])}"
            f"{_share(row['noticed'], row['lines'])}{_share(row['by_rules'], row['lines'])}"
        )
    if not given.quiet:
        _print_wrong(scored)
    printed("danger", figures_of(rows), {"file": given.file.name, "rows": rows})


# What issue and promises ask for: of dangers noticed, and of harmless messages alarmed, in 100.
MARKS_NOTICED = {"now": 99.0, "rest": 95.0}
MARKS_ALARMED = {"near miss": 3.0, "ordinary": 1.0}


def figures_of(rows: Sequence[Row]) -> list[Figure]:
    """The rows as figures in 100, beside their marks."""
    figures = []
    for row in rows:
        kind, lines = row["kind"], row["lines"]
        alarmed, noticed, ruled = (round(100 * row[key] / lines, 1) for key in ("alarmed", "noticed", "by_rules"))
        if kind in NO_DANGER:
            mark = MARKS_ALARMED[kind]
            figures.append(Figure(f"{kind}, {lines} lines: alarmed", alarmed, "%", mark=mark, better="lower"))
            figures.append(Figure(f"{kind}: … or asked about", noticed, "%"))
            continue
        named = "today and concern" if kind == "rest" else kind
        figures.append(Figure(f"{named}, {lines} lines: noticed", noticed, "%", mark=MARKS_NOTICED.get(kind)))
        figures.append(Figure(f"{named}: … alarmed", alarmed, "%"))
        figures.append(Figure(f"{named}: … alarmed by the rules alone", ruled, "%"))
    return figures


def score(file: Path, dangers: Dangers) -> list[Scored]:
    """Look at every line of the file. Raises KeyError or ValueError for a line of another form."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = row["level"] or ("ordinary" if row.get("kind") == "ordinary" else "near miss")
        ruled = dangers.rules.look(row["text"])
        found.append(Scored(row["text"], row["signal"], kind, dangers.look_again(row["text"], ruled), ruled))
    return found


def table(scored: Sequence[Scored]) -> list[Row]:
    """For each level and kind, how many lines were alarmed, noticed, and alarmed by the rules alone."""
    rows = []
    for kind in (*LEVELS, "rest", *NO_DANGER):
        lines = [one for one in scored if one.kind == kind or (kind == "rest" and one.kind in LEVELS[1:])]
        if lines:
            rows.append(
                {
                    "kind": kind,
                    "lines": len(lines),
                    "alarmed": sum(one.alarmed for one in lines),
                    "noticed": sum(one.noticed for one in lines),
                    "by_rules": sum(raised(one.ruled, one.kind) for one in lines),
                }
            )
    return rows


def _share(count: int, lines: int) -> str:
    return f"{count:>9} {count / lines:>6.1%}"


def _print_wrong(scored: Sequence[Scored]) -> None:
    danger = [one for one in scored if one.signal is not None]
    calm = [one for one in scored if one.signal is None]
    for title, lines in (
        ("Dangers that nobody noticed", [one for one in danger if not one.noticed]),
        ("Dangers asked about, or shown a lesser line", [one for one in danger if one.noticed and not one.alarmed]),
        ("False alarms", [one for one in calm if one.alarmed]),
        ("Asked about, or shown a line, without danger", [one for one in calm if one.noticed and not one.alarmed]),
    ):
        print(f"\n{title}: {len(lines)}")
        for one in lines:
            how = f"{one.seen.signal} by {one.seen.rule}" if one.seen else "nothing"
            print(f"  {one.signal or one.kind} ({how}): {one.text}")
    print()
