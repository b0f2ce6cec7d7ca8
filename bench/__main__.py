"""`python -m bench NAME …` runs one comparison; with no name, says which there are."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench


def names() -> list[str]:
    """The comparisons: every module of this package that has a `main`."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))


def main(argv: list[str]) -> int:
    """Hand the rest of the command line to the comparison that was named; 2 when there is none of that name."""
    known = names()
    if not argv or argv[0] not in known:
        if argv and argv[0] not in {"-h", "--help"}:
            print(f"There is no comparison called {argv[0]}.", file=sys.stderr)
        print("python -m bench NAME …, where NAME is one of: " + ", ".join(known), file=sys.stderr)
        return 2 if argv and argv[0] not in {"-h", "--help"} else 0
    module = importlib.import_module(f"bench.{argv[0]}")
    return int(module.main(argv[1:]) or 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
