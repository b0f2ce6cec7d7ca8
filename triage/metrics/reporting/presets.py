"""Which results are Green and which Red: thresholds as data, one file a preset in data/reports/rag."""

import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from triage.catalogue import DATA, CatalogueWrong

Rag = Literal["green", "green_amber", "amber", "red_amber", "red", "monitor"]

NAMES: dict[Rag, str] = {
    "green": "Green",
    "green_amber": "Green Amber",
    "amber": "Amber",
    "red_amber": "Red Amber",
    "red": "Red",
    "monitor": "Monitor",
}


class Step(BaseModel):
    """One level and what a result must meet to be given it. Steps are tried in their order; the last asks nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rag: Rag
    # How far the result may fall short, in per cent of the target.
    miss_at_most: Decimal | None = Field(default=None, ge=0)
    # Whether it must be better than in the same period last year.
    improving: bool = False


class Preset(BaseModel):
    """A way of rating results, with where it comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    # What Green means, to stand after a count: "191 were on or above target".
    on_target: str
    # For the report's method note.
    about: str
    source: str
    # False: some of it is ours, and `about` says what.
    verified: bool
    steps: tuple[Step, ...]
    # Levels that need the comment of whoever answers for the result, and those that need a corrective action too.
    explain: tuple[Rag, ...]
    corrective_action: tuple[Rag, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Preset":
        levels = self.levels
        if not levels or levels[0] != "green" or "monitor" in levels or len(set(levels)) != len(levels):
            raise ValueError("steps begin with green, name each level once, and leave monitor out")
        last = self.steps[-1]
        if last.miss_at_most is not None or last.improving:
            raise ValueError("the last step asks nothing, so that every result has a level")
        ends = [step.miss_at_most for step in self.steps if step.miss_at_most is not None]
        if ends != sorted(ends):
            raise ValueError("each miss_at_most is larger than the one before it")
        if not set(self.explain) | set(self.corrective_action) <= set(levels):
            raise ValueError("explain and corrective_action name levels of this preset")
        return self

    @property
    def levels(self) -> tuple[Rag, ...]:
        """Its levels, best first."""
        return tuple(step.rag for step in self.steps)


def load(folder: Path) -> dict[str, Preset]:
    """Every preset by its id. Raises CatalogueWrong, which names the file and what to mend."""
    found: dict[str, Preset] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            preset = Preset.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            raise CatalogueWrong(f"{path}: {error}") from None
        if preset.id != path.stem:
            raise CatalogueWrong(f"{path}: id {preset.id!r} is not the file's name")
        found[preset.id] = preset
    return found


@lru_cache
def presets() -> dict[str, Preset]:
    """The presets of this deployment."""
    return load(DATA / "reports" / "rag")
