"""The whole report: every part one after another, then `report.md` and `report.json`.

`python -m bench [--quick] [--out FOLDER] [--only PART …]`. The report is kept in the repository, published.
`--only` measures some parts again and leaves the others as they were; each part says when, on which commit and how
busy the machine was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.reporting.machine import machine
from bench.reporting.page import page
from bench.reporting.parts import PARTS, run

# What each part says of the moment in which it was measured.
MOMENT = ("measured_at", "commit", "load_at_start")
HERE = Path(__file__).parents[1]
SCHEMA = 2  # raise when a reader of report.json would have to change


def main(argv: Sequence[str]) -> int:
    """Run the parts, a line each, and write both files; 1 when a part ended without figures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small versions of each part, to see that they run")
    parser.add_argument("--out", type=Path, help="the folder to write to; bench/ of this checkout when none is named")
    parser.add_argument("--only", nargs="+", choices=[part.module for part in PARTS], help="run only these parts")
    given = parser.parse_args(argv)
    if given.quick and given.out is None:
        parser.error("a quick report is not the published one: name a folder with --out")
    out = given.out or HERE
    out.mkdir(parents=True, exist_ok=True)
    parts = _kept(out / "report.json", given.quick) if given.only else {}
    report: dict[str, Any] = {"schema": SCHEMA, "quick": given.quick, "machine": machine(), "parts": []}
    chosen = [part for part in PARTS if not given.only or part.module in given.only]
    for number, part in enumerate(chosen, 1):
        print(f"[{number}/{len(chosen)}] {part.title} …", file=sys.stderr, flush=True)
        moment = {key: machine()[key] for key in MOMENT}
        found = run(part, given.quick)
        figures, missing, error = found.pop("figures"), found.pop("missing", None), found.pop("error", None)
        seconds = found.pop("seconds")
        picture = None
        if svg := found.pop("svg", None):
            picture = f"{part.module}.svg"
            (out / picture).write_text(svg, encoding="utf-8")
        told = missing or error or f"{len(figures)} figures"
        print(f"[{number}/{len(chosen)}] {part.title}: {told}, {seconds:.0f} s", file=sys.stderr, flush=True)
        parts[part.module] = {
            "part": part.module,
            "title": part.title,
            "command": part.command,
            "seconds": seconds,
            "measured": moment,
            "missing": missing,
            "error": error,
            "figures": figures,
            "picture": picture,
            "detail": found,
        }
        report["parts"] = [parts[one.module] for one in PARTS if one.module in parts]
        # Written after each part, so that a run cut short has said what it found.
        (out / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        (out / "report.md").write_text(page(report), encoding="utf-8")
    print(f"{out / 'report.md'}\n{out / 'report.json'}")
    return int(any(part["error"] for part in report["parts"]))


def _kept(file: Path, quick: bool) -> dict[str, Any]:
    """The parts of an earlier report of the same kind, by their names; none when there is no such report."""
    if not file.is_file():
        return {}
    earlier = json.loads(file.read_text(encoding="utf-8"))
    same = earlier["schema"] == SCHEMA and earlier["quick"] == quick
    return {part["part"]: part for part in earlier["parts"]} if same else {}
