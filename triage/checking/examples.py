"""Examples of how residents speak: enough of them, and none that two services claim."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

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
    for path in sorted(services.glob("*/nlu*.yml")):
        page, counts = Page(path), Counter[str]()
        for number, intent, line in lines_of(page):
            counts[intent] += 1
            said = re.sub(r"\W+", " ", line).strip().lower() or line.strip()
            other, where, at = claimed.setdefault(said, (intent, page, number))
            if other != intent:
                yield Fault(path, number, f"{line!r} is an example of {other} too ({where.path}:{at})")
            elif (where, at) != (page, number):
                yield Fault(path, number, f"{line!r} stands twice (line {at} of {where.path})")
        service = path.parent.name
        if path.name == "nlu.yml" and service != "everyday" and counts[service] < FEWEST:
            yield Fault(path, 1, f"{counts[service]} examples of {service}; {FEWEST} at least")
