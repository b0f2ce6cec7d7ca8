"""Tunes the encoder on data/tuning and the services' examples: `python -m triage.sorting.tuning [FILE] [--epochs N]`.

Needs PyTorch, which is not among what Frontdoor installs: `uv pip install torch` into the environment first. Writes
data/tuning/changes.safetensors unless another file is named, and takes most of an hour. `make train` then builds the
encoder from it and trains the sorter, which learns on other contacts (data/sorting) how far to trust it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from triage.catalogue import DATA, Catalogue, catalogue
from triage.sorting.letters import read_letter
from triage.sorting.training import queues_of
from triage.sorting.words import SorterWords
from triage.timetable import HOLDING

FOLDER = DATA / "tuning"
CHANGES = FOLDER / "changes.safetensors"
ALSO = 0.25
"""The share of the queues that a supervisor would accept beside the right one."""
OF_AN_EXAMPLE = 0.5
"""What a chat line of a service's examples counts beside a contact: they are many, short, and of fewer queues."""


def contacts(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """The contacts that the encoder is tuned on, as data/tuning/README.md describes them."""
    for file in sorted(folder.glob("*.jsonl")):
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def main(argv: list[str]) -> int:
    """Learn and write the changes; 0 when they are written."""
    import torch
    from safetensors.torch import load_file, save_file

    from language.encoder import open_tokenizer
    from language.encoder.build import SPLITTER, WEIGHTS, wheel_file
    from language.tuned.files import MOST_TOKENS
    from language.tuned.learning import Ways, learn

    parser = argparse.ArgumentParser(prog="python -m triage.sorting.tuning", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=CHANGES)
    parser.add_argument("--epochs", type=int, default=Ways.epochs)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args(argv)
    torch.set_num_threads(given.threads)
    lines = [*_of_contacts(), *_of_services(catalogue())]
    sys.stdout.write(f"{len(lines)} lines\n")
    tokenizer = open_tokenizer(wheel_file(SPLITTER), MOST_TOKENS)
    ways = replace(Ways(), epochs=given.epochs)
    learner = learn(lines, load_file(wheel_file(WEIGHTS)), tokenizer, ways, _tell)
    save_file(learner.found(), given.file, {"queues": json.dumps(learner.queues)})
    sys.stdout.write(f"{given.file}\n")
    return 0


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _of_contacts() -> Iterator[Any]:
    from language.tuned.learning import Line

    shorthand = SorterWords.load(DATA / "sorting").shorthand
    for row in contacts():
        also = row["accept"]
        shares = {row["queue"]: 1.0 - (ALSO if also else 0.0)} | {queue: ALSO / len(also) for queue in also}
        harm = row["priority"] if row["priority"] in ("P0", "P1") else ""
        yield Line(shorthand.written_out(read_letter(row["text"]).body), shares, row["service"], harm)


def _of_services(known: Catalogue) -> Iterator[Any]:
    """The examples of the intent reader. What is no service, such as a greeting, speaks for asking."""
    from language.intents.examples import read_examples
    from language.tuned.learning import Line

    queue_of = queues_of(known)
    for file in sorted((DATA / "services").glob("*/nlu.yml")):
        for one in read_examples(file):
            yield Line(one.text, {queue_of.get(one.intent, HOLDING): 1.0}, one.intent, None, OF_AN_EXAMPLE)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
