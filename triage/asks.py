"""What the points of a service are asked. Standard library only: whether to train is decided before anything else."""

import re
import tomllib
from collections import Counter
from pathlib import Path

# A point of which so many examples ask is known to the reader by them. Learning the questions of every point doubled
# the time of training, and read fresh questions no better (docs/decisions/2026-11-26-points.md).
ENOUGH_EXAMPLES = 2


def asks_of(service: Path) -> dict[str, list[str]]:
    """The questions of each point of a service.toml. Everyday's are of no service and are matched as they are."""
    if service.parent.name == "everyday":
        return {}
    points = tomllib.loads(service.read_text(encoding="utf-8")).get("points", {})
    return {name: point["asks"] for name, point in points.items()}


def asks_to_learn(service: Path) -> list[str]:
    """The questions of the points that hardly any example asks for: the reader would not know what they are about."""
    examples = service.with_name("nlu.yml")
    known = _examples_of_points(examples.read_text(encoding="utf-8")) if examples.is_file() else Counter()
    return [ask for name, asks in asks_of(service).items() if known[name] < ENOUGH_EXAMPLES for ask in asks]


def _examples_of_points(nlu: str) -> Counter[str]:
    found, point = Counter[str](), ""
    for line in nlu.splitlines():
        if line.startswith("- intent:"):
            point = ""
        elif named := re.match(r"  metadata: \{point: (\w+)\}", line):
            point = named[1]
        elif line.startswith("    - "):
            found[point] += 1
    return found
