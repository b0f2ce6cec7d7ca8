"""What the page of groups is asked for, and what it is given to show."""

from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from triage.metrics.figures.shapes import Definition, Dimension
from triage.metrics.groups.cells import Cell
from triage.metrics.periods import Period
from triage.metrics.schemas import Source


class GroupView(BaseModel):
    """What to show, kept in the address: one figure, one settled quarter, and all services or one.

    There is no queue, partner, channel or month here, and there must not be: see the decision that cells.py names.
    """

    # Past files know no groups.
    source: Source = "live"
    figure: str = Field(default="satisfaction", max_length=40)
    service: str = Field(default="", max_length=80)
    quarter: str = Field(default="", pattern=r"^$|^[12]\d{3}-q[1-4]$")

    def address(self, **changes: str) -> str:
        """This view's query string with `changes`, without what is as usual; '' when all of it is."""
        usual = type(self)().model_dump()
        said = {key: value for key, value in (self.model_dump() | changes).items() if usual.get(key) != value}
        return f"?{urlencode(said)}" if said else ""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One line of a table of groups; `verdict` says whether chance could explain the difference."""

    code: str
    label: str
    cell: Cell
    verdict: str

    @property
    def points(self) -> float | None:
        """The group's share less everybody else's, in every hundred."""
        shares = self.cell.shares
        return None if shares is None else 100 * (shares[0].value - shares[1].value)


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The groups of one dimension; `unknown` says of how many nothing is known."""

    dimension: Dimension
    title: str
    meaning: str
    lines: tuple[GroupLine, ...]
    unknown: str
    # Between how many groups the verdicts choose.
    judged: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """Everything on the page of groups."""

    definition: Definition
    quarter: Period
    quarters: tuple[Period, ...]
    sentences: tuple[str, ...]
    tables: tuple[GroupTable, ...]
    # (value, label) of what can be chosen.
    figures: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, str], ...]
