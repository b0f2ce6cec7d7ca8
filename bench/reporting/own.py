"""Our own labelled lines: what residents are imagined to say, of every service, as the assistant learns from them."""

from __future__ import annotations

from pathlib import Path

from language.intents.examples import read_examples

SERVICES = Path(__file__).parents[2] / "data" / "services"


def own_rows() -> list[tuple[str, str]]:
    """Every line and its label, in the order of the files."""
    return [(one.text, one.intent) for file in sorted(SERVICES.glob("*/nlu*.yml")) for one in read_examples(file)]
