"""`python -m bench` runs every comparison and writes one report; `python -m bench NAME …` runs one of them."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench
from bench.reporting import report


def names() -> list[str]:
    """The comparisons: every module of this package that is no folder, each with a `main`."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(bench.__path__)
        if not module.ispkg and not module.name.startswith("_")
    )


def main(argv: list[str]) -> int:
    """Hand the command line to the comparison that is named first, else to the report; 2 when none has that name."""
    known = names()
    module = argv[0].replace("-", "_") if argv else ""
    if module in known:
        return int(importlib.import_module(f"bench.{module}").main(argv[1:]) or 0)
    if argv and argv[0] in {"-h", "--help"}:
        print(f"python -m bench NAME …, where NAME is one of: {', '.join(known)}; with no name, all in one report.\n")
    elif argv and not argv[0].startswith("-"):
        print(f"There is no comparison called {argv[0]}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    return report.main(argv)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
