"""Seconds that `frontdoor understand` takes for a thousand lines, its start included, as anybody would run it.

`python -m bench understand [--lines 1000] [--quick]`. The lines are our own services', one JSON object each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import cycle, islice
from random import Random

import psutil

from bench.reporting.figures import Figure, printed
from bench.reporting.own import own_rows
from triage.settings import ROOT

MOST_S = 15.0


def main(argv: Sequence[str]) -> int:
    """Run the command, check that it answered every line, and print; 1 when it did not."""
    parser = argparse.ArgumentParser(prog="python -m bench understand", description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000)
    parser.add_argument("--quick", action="store_true", help="20 lines")
    given = parser.parse_args(argv)
    texts = [text for text, _ in own_rows()]
    Random(1).shuffle(texts)
    lines = list(islice(cycle(texts), 20 if given.quick else given.lines))
    started, used = time.perf_counter(), _children_s()
    ran = subprocess.run(
        [sys.executable, "-m", "triage.cli", "understand"],
        input="".join(json.dumps({"text": text}) + "\n" for text in lines),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    took, worked = time.perf_counter() - started, _children_s() - used
    answered = len(ran.stdout.splitlines())
    if ran.returncode or answered != len(lines):
        print(f"frontdoor understand answered {answered} of {len(lines)} lines: {ran.stderr[-200:]}", file=sys.stderr)
        return 1
    mark = None if given.quick else MOST_S
    figures = [
        Figure(f"{len(lines):,} lines, start included", round(took, 1), "s", mark=mark, better="lower"),
        Figure("… processor time", round(worked, 1), "s"),
    ]
    return printed("understand", figures, {"lines": len(lines)})


def _children_s() -> float:
    """Processor seconds of the processes that this one has waited for."""
    times = psutil.Process().cpu_times()
    return float(times.children_user + times.children_system)
