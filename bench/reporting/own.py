"""Our own labelled lines: what residents are imagined to say, of every service, as the assistant learns from them."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

SERVICES = Path(__file__).parents[2] / "data" / "services"
# Rasa's marks for what is named in a line: "[blue](stream)", "[N3 1AB]{...}".
_MARKED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def own_rows() -> list[tuple[str, str]]:
    """Every line and its label, in the order of the files."""
    rows = []
    for file in sorted(SERVICES.glob("*/nlu*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", []):
            if "intent" in entry:
                lines = entry.get("examples", "").splitlines()
                rows += [(_MARKED.sub(r"\1", line[2:]), entry["intent"]) for line in lines if line.startswith("- ")]
    return rows
