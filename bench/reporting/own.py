"""Our own labelled lines: what residents are imagined to say, of every service, as the assistant learns from them."""

from __future__ import annotations

from pathlib import Path

from language.intents.examples import read_examples
from triage.asks import asks_to_learn

SERVICES = Path(__file__).parents[2] / "data" / "services"


def own_rows() -> list[tuple[str, str]]:
    """Every line and its label, in the order of the files."""
    return [(one.text, one.intent) for file in sorted(SERVICES.glob("*/nlu*.yml")) for one in read_examples(file)]


def asked_rows() -> list[tuple[str, str]]:
    """The questions of every service's points, from which the assistant learns too, and their label."""
    return [(ask, file.parent.name) for file in sorted(SERVICES.glob("*/service.toml")) for ask in asks_to_learn(file)]
