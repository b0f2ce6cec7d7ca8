"""Trains the sorter on data/sorting: `python -m triage.sorting.training <home> <folder>`. Under a minute or two."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from triage.catalogue import DATA, Catalogue, catalogue
from triage.sorting.fitting import train
from triage.sorting.loading import readers
from triage.sorting.model import Example

CONTACTS = DATA / "sorting" / "contacts.jsonl"
DEVELOPMENT = 4  # one in so many is kept apart when figures are reported


def read_contacts(file: Path = CONTACTS) -> list[Example]:
    """The contacts that the sorter learns from, in the order of the file."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [Example(row["text"], row["channel"], row["service"], row["queue"], row["priority"]) for row in rows]


def is_development(text: str) -> bool:
    """Whether a contact is of the development part, by its text alone, so that it always is."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % DEVELOPMENT == 0


def queues_of(known: Catalogue) -> dict[str, str]:
    """The queue of each service at this council."""
    return {service.id: known.queue(service.queue) for service in known.services.values()}


def here(examples: Iterable[Example], known: Catalogue) -> list[Example]:
    """The examples with this council's queues: a small council has fewer of them."""
    return [Example(one.text, one.channel, one.service, known.queue(one.queue), one.priority) for one in examples]


def main(argv: list[str]) -> int:
    """Train and save into the folder. 2 when no folder is named."""
    if len(argv) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    known = catalogue()
    model = train(here(read_contacts(), known), readers(), queues_of(known))
    model.save(Path(argv[1]))
    measured = model.measured
    sys.stdout.write(
        f"{measured.examples} contacts; unseen: {measured.right:.1%} right of those not held, "
        f"{measured.held:.1%} held; threshold {model.threshold:.3f}, version {model.version}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
