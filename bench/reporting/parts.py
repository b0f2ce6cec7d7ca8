"""The parts of the report, each a comparison run in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Part:
    """One comparison: `module` of this package, what the report calls it, and how a quick report runs it.

    `quick` None: a quick report leaves it out, and `left_out` says why.
    """

    module: str
    title: str
    quick: tuple[str, ...] | None = ("--quick",)
    left_out: str = ""

    @property
    def command(self) -> str:
        """How to run this part alone."""
        return f"python -m bench {self.module}"


PARTS = (
    Part("encoder", "Sentence encoder"),
    Part("published", "Intents, on public sets"),
    Part("services", "Intents, on our own services"),
    Part("danger", "Danger", quick=()),
    Part("sorting", "Sorting of contacts"),
    Part("themes", "Comments: themes and sentiment"),
    Part("languages", "Languages", quick=()),
    Part("redaction", "Redaction"),
    Part("understand", "frontdoor understand"),
    Part("fuzz", "Messages that nobody should send"),
    Part("claims", "Claiming the next contact: a million contacts, 50 agents"),
    Part("figures", "Figures: five years of 50 million contacts and 10 million answers"),
    Part("desk", "The desk, full", quick=("--pages", "40", "--seconds", "8")),
    Part(
        "delivery",
        "Handing on: a supplier away for hours, our worker killed",
        quick=("--requests", "40", "--hours", "0.3"),
    ),
    Part("charts", "The p-chart: what it sees, and how often it cries wolf"),
    Part("turns", "Turns, beside a stock Rasa bot", quick=None, left_out="a stock bot takes minutes to train"),
)


def run(part: Part, quick: bool) -> dict[str, Any]:
    """What the part found: `figures` and all that it printed as JSON, or `missing` or `error`, and `seconds`."""
    if importlib.util.find_spec(f"bench.{part.module}") is None:
        return {"figures": [], "missing": f"there is no bench/{part.module}.py", "seconds": 0.0}
    if quick and part.quick is None:
        return {"figures": [], "missing": f"left out of a quick report: {part.left_out}", "seconds": 0.0}
    started = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-m", "bench", part.module, *((part.quick or ()) if quick else ())],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    found = last_line(ran.stdout)
    seconds = round(time.perf_counter() - started, 1)
    if found is None:
        return {
            "figures": [],
            "error": f"`{part.command}` ended with {ran.returncode} and no figures",
            "seconds": seconds,
        }
    found.pop("bench", None)
    return {**found, "figures": found.get("figures") or numbers_in(found), "seconds": seconds}


def last_line(printed: str) -> dict[str, Any] | None:
    """The last line that is a JSON object naming its bench, or None."""
    for line in reversed(printed.splitlines()):
        if line.startswith("{"):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict) and "bench" in found:
                return found
    return None


def numbers_in(found: Any, under: str = "") -> list[dict[str, Any]]:
    """Every number of a result that names no figures, as figures without a mark; nested names are joined."""
    if isinstance(found, bool) or found is None or isinstance(found, str):
        return []
    if isinstance(found, int | float):
        return [
            {"name": under, "value": found, "unit": "", "mark": None, "better": "higher", "source": "", "reached": None}
        ]
    pairs = found.items() if isinstance(found, dict) else enumerate(found, 1)
    return [
        figure
        for name, value in pairs
        for figure in numbers_in(value, f"{under}, {name}".removeprefix(", ").replace("_", " "))
    ]
