"""What one contact costs by channel: ranges with their year and source, from data/figures/unit_costs.toml."""

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from triage.catalogue import DATA


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

    @model_validator(mode="after")
    def in_order(self) -> "UnitCost":
        """The least first; what is typical between the two."""
        if not self.low <= (self.low if self.typical is None else self.typical) <= self.high:
            raise ValueError(f"{self.channel} from {self.from_}: low, typical and high are not in order")
        return self


@lru_cache
def unit_costs() -> tuple[UnitCost, ...]:
    """Every row of the file. Raises ValueError for a wrong file."""
    table: dict[str, Any] = tomllib.loads((DATA / "figures" / "unit_costs.toml").read_text(encoding="utf-8"))
    return tuple(UnitCost.model_validate(row) for row in table["cost"])


def cost_on(channel: str, day: date, rows: Iterable[UnitCost]) -> UnitCost | None:
    """What a contact by a channel costs on a day: the newest row that has begun; None when there is none."""
    begun = [row for row in rows if row.channel == channel and row.from_ <= day]
    return max(begun, key=lambda row: row.from_, default=None)
