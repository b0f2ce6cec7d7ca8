"""Examples of how residents speak: enough of them, and none that two services claim."""

import re
from collections.abc import Iterator
from pathlib import Path

from triage.checking.faults import Fault, Page

FEWEST = 40


def check_examples(services: Path) -> Iterator[Fault]:
    """Every fault of the nlu.yml files under `services` (data/services)."""
    claimed: dict[str, tuple[str, Page, int]] = {}
    for path in sorted(services.glob("*/nlu*.yml")):
        page, intent, count = Page(path), "", 0
        for number, line in enumerate(page.lines, 1):
            if found := re.match(r"- intent: (\w+)", line.strip()):
                intent, count = found[1], 0
            elif line.startswith("    - "):
                count += 1
                said = re.sub(r"\W+", " ", line[6:]).strip().lower() or line[6:].strip()
                other, where, at = claimed.setdefault(said, (intent, page, number))
                if other != intent:
                    yield Fault(path, number, f"{line[6:]!r} is an example of {other} too ({where.path}:{at})")
                elif (where, at) != (page, number):
                    yield Fault(path, number, f"{line[6:]!r} stands twice (line {at} of {where.path})")
            if intent == path.parent.name and path.name == "nlu.yml" and number == len(page.lines) and count < FEWEST:
                yield Fault(path, 1, f"{count} examples of {intent}; {FEWEST} at least")
