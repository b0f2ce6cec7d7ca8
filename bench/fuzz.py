"""Whatever is sent is read or refused cleanly, in bounded time: messages made by chance through the whole reading.

`python -m bench fuzz [--inputs 100000] [--seed 1] [--web 500]`. Each message goes through codes, danger rules, encoder,
danger model, intent reader, entities and redaction, as `frontdoor understand` and `redact` read it; a few also through
the web app, over a database of their own. Times are of processor time, so that what else the machine does counts
little; the time on the clock is beside them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bench.fuzzing import web
from bench.fuzzing.messages import make, real_lines
from bench.reporting.figures import Figure, printed
from language.entities import CouncilWords, read_entities
from language.redaction import Redactor
from triage import clock, codes, reading
from triage.catalogue import DATA
from triage.settings import get_settings

P99_MS = 50.0
TOLD_EVERY = 10_000

Step = Callable[[dict[str, Any]], object]


def main(argv: Sequence[str]) -> int:
    """Read, and print a table and one JSON line; 1 when anything crashed."""
    parser = argparse.ArgumentParser(prog="python -m bench fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--web", type=int, default=500, help="how many of them also go through the web app")
    parser.add_argument("--quick", action="store_true", help="300 inputs, 20 of them through the web app")
    given = parser.parse_args(argv)
    if given.quick:
        given.inputs, given.web = 300, 20
    result = {"inputs": given.inputs, "seed": given.seed, **read_all(given.inputs, given.seed)}
    sent = web.send_all(given.web, given.seed) if given.web else None
    result["web"] = sent
    figures = [
        Figure("messages that crashed the reading", result["crashes"], "", mark=0, better="lower"),
        Figure("processor time a message, p50", result["p50_ms"], "ms"),
        Figure("processor time a message, p99", result["p99_ms"], "ms", mark=P99_MS, better="lower"),
        Figure(f"processor time of the worst ({result['worst']['kind']})", result["worst"]["ms"], "ms"),
        Figure("on the clock beside whatever else ran, p99", result["p99_clock_ms"], "ms"),
    ]
    if sent:
        figures.append(
            Figure("messages that the web app answered with a fault (5xx)", sent["faults"], "", mark=0, better="lower")
        )
    return printed("fuzz", figures, result) or int(bool(result["crashes"] or (sent and sent["faults"])))


def read_all(inputs: int, seed: int) -> dict[str, Any]:
    """Put the messages through every step; times in milliseconds, crashes named by kind, step and number."""
    steps = _steps()
    for line in real_lines():  # What is made at first need is made: a server has read for a while.
        reading.dangers().rules.look(line)
    took: dict[str, list[float]] = defaultdict(list)
    by_kind: dict[str, list[float]] = defaultdict(list)
    on_the_clock: list[float] = []
    crashed: list[dict[str, Any]] = []
    worst: dict[str, Any] = {"kind": "", "ms": 0.0}
    for number, (kind, text) in enumerate(make(seed, inputs)):
        held: dict[str, Any] = {"text": text}
        began, spent = time.perf_counter(), {}
        for name, step in steps.items():
            started = time.thread_time()
            try:
                step(held)
            except Exception as error:
                crashed.append({"number": number, "kind": kind, "step": name, "error": type(error).__name__})
                break
            spent[name] = (time.thread_time() - started) * 1000
            took[name].append(spent[name])
        on_the_clock.append((time.perf_counter() - began) * 1000)
        whole = sum(spent.values())
        by_kind[kind].append(whole)
        if whole > worst["ms"]:
            steps_ms = {name: round(ms, 1) for name, ms in spent.items()}
            worst = {"kind": kind, "ms": round(whole, 1), "number": number, "characters": len(text), "steps": steps_ms}
        if (number + 1) % TOLD_EVERY == 0:
            print(f"{number + 1} read, {len(crashed)} crashed", file=sys.stderr, flush=True)
    every = [ms for times in by_kind.values() for ms in times]
    return {
        "crashes": len(crashed),
        "crashed": crashed[:20],
        "crashed_kinds": Counter(one["kind"] for one in crashed),
        "p50_ms": _percentile(every, 50),
        "p99_ms": _percentile(every, 99),
        "p99_clock_ms": _percentile(on_the_clock, 99),
        "worst": worst,
        "steps": {name: _spread(times) for name, times in took.items()},
        "kinds": {kind: _spread(times) for kind, times in sorted(by_kind.items())},
    }


def _steps() -> dict[str, Step]:
    """What is done with a message, in order; each takes and leaves what it needs in one dict."""
    reader, dangers = reading.reader(), reading.dangers()
    words = CouncilWords.load(DATA / "councils" / get_settings().council)
    redactor = Redactor(places=words.kept_places)

    def hide(held: dict[str, Any]) -> None:
        codes.find_code(held["text"])
        held["text"] = codes.hide_codes(held["text"])

    def encode(held: dict[str, Any]) -> None:
        held["vector"] = reader.encoder.encode([held["text"]])

    def rules(held: dict[str, Any]) -> None:
        held["seen"] = dangers.rules.look(held["text"])

    return {
        "codes": hide,
        "danger rules": rules,
        "encoder": encode,
        "danger model": lambda held: dangers.look_again(held["text"], held["seen"], held["vector"][0]),
        "intent reader": lambda held: reader.read_many([held["text"]], held["vector"]),
        "entities": lambda held: read_entities(held["text"], clock.now().astimezone(clock.LONDON), words),
        "redaction": lambda held: json.dumps(redactor.redact(held["text"]).text),
    }


def _spread(times: Sequence[float]) -> dict[str, float]:
    return {"p50_ms": _percentile(times, 50), "p99_ms": _percentile(times, 99), "most_ms": round(max(times), 1)}


def _percentile(times: Sequence[float], share: float) -> float:
    return round(float(np.percentile(times, share)), 2) if times else 0.0
