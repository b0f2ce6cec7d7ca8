"""Whether a group is served otherwise than everybody else, by more than chance explains. Pure."""

from collections.abc import Sequence
from statistics import NormalDist

from triage.metrics.groups.cells import Cell
from triage.metrics.rules import difference

# Nothing is said of a group with fewer, or beside fewer: as of a month of the owner's chart.
FEWEST_TO_JUDGE = 30
TOO_FEW_TO_SAY = "too few to say"
NO_MORE = "no more than chance explains"
MORE, LESS = "higher than chance explains", "lower than chance explains"


def may_judge(cell: Cell) -> bool:
    """Whether there are enough people on both sides."""
    return cell.shares is not None and min(share.n for share in cell.shares) >= FEWEST_TO_JUDGE


def verdicts(cells: Sequence[Cell]) -> list[str]:
    """A verdict of each cell, '' where nothing is shown.

    Of twenty groups one would be called different by chance alone, so that each is asked for more: what is allowed to
    chance, 5 in 100, is shared out among all groups that are judged (Bonferroni; Dunn 1961, JASA 56:52).
    """
    judged = sum(may_judge(cell) for cell in cells)
    z = NormalDist().inv_cdf(1 - 0.05 / (2 * judged)) if judged else 0.0
    return [_verdict(cell, z) for cell in cells]


def _verdict(cell: Cell, z: float) -> str:
    if cell.shares is None:
        return ""
    if not may_judge(cell):
        return TOO_FEW_TO_SAY
    low, high = difference(*cell.shares, z)
    return MORE if low > 0 else LESS if high < 0 else NO_MORE
