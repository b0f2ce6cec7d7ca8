"""Whether a group is served otherwise than everybody else, by more than chance explains. Pure."""

from collections.abc import Sequence

from triage.metrics.groups.cells import Cell
from triage.metrics.rules import FEWEST_TO_JUDGE as FEWEST_TO_JUDGE
from triage.metrics.rules import difference, z_among

TOO_FEW_TO_SAY = "too few to say"
NO_MORE = "no more than chance explains"
MORE, LESS = "higher than chance explains", "lower than chance explains"


def may_judge(cell: Cell) -> bool:
    """Whether there are enough people on both sides."""
    return cell.shares is not None and min(share.n for share in cell.shares) >= FEWEST_TO_JUDGE


def verdicts(cells: Sequence[Cell], among: int | None = None) -> list[str]:
    """A verdict of each cell, '' where nothing is shown.

    What is allowed to chance is shared out among all groups that are judged on the page: these, unless `among` says
    how many they are with those of its other tables.
    """
    z = z_among(sum(may_judge(cell) for cell in cells) if among is None else among)
    return [_verdict(cell, z) for cell in cells]


def _verdict(cell: Cell, z: float) -> str:
    if cell.shares is None:
        return ""
    if not may_judge(cell):
        return TOO_FEW_TO_SAY
    low, high = difference(*cell.shares, z)
    return MORE if low > 0 else LESS if high < 0 else NO_MORE
