"""Examples of how residents speak: enough of them, and none that two services claim."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from triage.asks import asks_of
from triage.checking.faults import Fault, Page

FEWEST = 40


def lines_of(page: Page) -> Iterator[tuple[int, str, str]]:
    """Each example of a nlu.yml file: the number of its line, its intent, and what is said."""
    intent = ""
    for number, line in enumerate(page.lines, 1):
        if found := re.match(r"- intent: (\w+)", line.strip()):
            intent = found[1]
        elif line.startswith("    - "):
            yield number, intent, line[6:]


def check_examples(services: Path) -> Iterator[Fault]:
    """Every fault of the nlu.yml files under `services` (data/services)."""
    claimed: dict[str, tuple[str, Page, int]] = {}
    for path in sorted(services.glob("*/service.toml")):
        page = Page(path)
        for ask in (ask for asks in asks_of(path).values() for ask in asks):
            number = next((at for at, line in enumerate(page.lines, 1) if line.strip().startswith(f'"{ask}"')), 1)
            other, where, at = claimed.setdefault(_plain(ask), (path.parent.name, page, number))
            if other != path.parent.name:
                yield Fault(path, number, f"{ask!r} is asked of {other} too ({where.path}:{at})")
    for path in sorted(services.glob("*/nlu*.yml")):
        page, counts = Page(path), Counter[str]()
        for number, intent, line in lines_of(page):
            counts[intent] += 1
            other, where, at = claimed.setdefault(_plain(line), (intent, page, number))
            if other != intent:
                yield Fault(path, number, f"{line!r} is an example of {other} too ({where.path}:{at})")
            elif (where, at) != (page, number) and where.path.suffix == path.suffix:
                yield Fault(path, number, f"{line!r} stands twice (line {at} of {where.path})")
        service = path.parent.name
        yield from _unknown_points(page)
        if path.name == "nlu.yml" and service != "everyday" and counts[service] < FEWEST:
            yield Fault(path, 1, f"{counts[service]} examples of {service}; {FEWEST} at least")


def _plain(line: str) -> str:
    return re.sub(r"\W+", " ", line).strip().lower() or line.strip()


def _unknown_points(page: Page) -> Iterator[Fault]:
    """Blocks of examples that ask for a point which their service does not have."""
    content = page.path.with_name("service.toml")
    points = tomllib.loads(content.read_text(encoding="utf-8")).get("points", {}) if content.is_file() else {}
    for number, line in enumerate(page.lines, 1):
        if (found := re.match(r"metadata: \{point: (\w+)\}", line.strip())) and found[1] not in points:
            yield Fault(page.path, number, f"service.toml has no [points.{found[1]}] that these examples could ask for")
