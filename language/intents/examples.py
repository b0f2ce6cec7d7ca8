"""What residents are imagined to say: the examples of data/services/*/nlu.yml, with their intent and their point.

The blocks of an intent are Rasa's own form. A block may say for which of the service's points its examples ask
(`metadata: {point: <id>}`); the others ask for the service in general. Rasa learns the intent alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

# Rasa's marks for what is named in a line: "[blue](stream)", "[N3 1AB]{...}".
_MARKED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody says, the intent that it is an example of, and the point that it asks for ("" for none)."""

    text: str
    intent: str
    point: str = ""


def read_examples(file: Path) -> Iterator[Example]:
    """The examples of one nlu.yml, in its order, without Rasa's marks of what is named in them."""
    # The parser written in C reads all services in a third of a second; the one in Python takes four.
    for block in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get("nlu", []):
        if "intent" not in block:
            continue
        point = str((block.get("metadata") or {}).get("point", ""))
        for line in block.get("examples", "").splitlines():
            if line.startswith("- "):
                yield Example(_MARKED.sub(r"\1", line[2:]).strip(), block["intent"], point)
