"""What one contact costs by channel: ranges with their year and source, from data/figures/unit_costs.toml.

A council's own, in data/councils/<council>/unit_costs.toml, go before those from the day on which they begin.
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from triage.catalogue import DATA, catalogue


class UnitCost(BaseModel):
    """One contact by one channel, from a day on, in pounds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: str
    from_: date = Field(alias="from")
    low: float = Field(ge=0)
    typical: float | None = Field(None, ge=0)
    high: float = Field(ge=0)
    year: int
    source: str
    # It is the council's own, and not of the survey of many.
    own: bool = False

    @model_validator(mode="after")
    def in_order(self) -> "UnitCost":
        """The least first; what is typical between the two."""
        if not self.low <= (self.low if self.typical is None else self.typical) <= self.high:
            raise ValueError(f"{self.channel} from {self.from_}: low, typical and high are not in order")
        return self


def unit_costs() -> tuple[UnitCost, ...]:
    """Every row of the common file, and of this council's own if it has one. Raises ValueError for a wrong file."""
    return _read(DATA, str(catalogue().council["slug"]))


@lru_cache
def _read(data: Path, council: str) -> tuple[UnitCost, ...]:
    own = data / "councils" / council / "unit_costs.toml"
    files = [(data / "figures" / "unit_costs.toml", False), *([(own, True)] if own.exists() else [])]
    return tuple(
        UnitCost.model_validate(row | {"own": is_own})
        for path, is_own in files
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["cost"]
    )


def cost_on(channel: str, day: date, rows: Iterable[UnitCost]) -> UnitCost | None:
    """What a contact by a channel costs on a day: the council's own, else the newest row that has begun; None: nothing
    is known."""
    begun = [row for row in rows if row.channel == channel and row.from_ <= day]
    return max(begun, key=lambda row: (row.own, row.from_), default=None)
