"""What of the counts of comments may be shown, and as which share. Pure: every number can be worked out by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from triage.metrics.rules import FEWEST_TO_JUDGE, may_judge
from triage.metrics.statistics.suppression import one_way
from triage.shares import Share

FEWEST = 10
NONE = "no comments"
TOO_FEW = "too few to show"
HELD_BACK = "held back"


@dataclass(frozen=True, slots=True)
class Line:
    """Of `n` comments, how many are about a theme, and how many of those sound unhappy; hidden where `why` says so."""

    label: str
    code: str
    n: int
    about: int
    unhappy: int
    why: str = ""
    description: str = ""
    month: date | None = None

    @property
    def share(self) -> Share | None:
        """The share of comments that are about the theme, with its Wilson interval; None where it is hidden."""
        return None if self.why else Share(self.about, self.n)

    @property
    def unhappy_share(self) -> Share | None:
        """Of the comments about the theme, the share that sound negative or very negative."""
        return None if self.why else Share(self.unhappy, self.about)


def shown(lines: Sequence[Line], *, totalled: bool) -> list[Line]:
    """The lines, with `why` set on those that must not be shown.

    Fewer than FEWEST comments about the theme would point at people. Where the lines add up to a total that is shown
    (`totalled`), what is hidden could be worked out as a sum, so the next smallest are held back with it until that sum
    is of FEWEST or more (triage/metrics/statistics/suppression.py).
    """
    why = {at: NONE if one.n == 0 else TOO_FEW for at, one in enumerate(lines) if one.about < FEWEST}
    if totalled:
        hidden = one_way([one.about for one in lines], FEWEST)
        why |= dict.fromkeys(hidden - why.keys(), HELD_BACK)
    return [
        Line(
            one.label,
            one.code,
            0 if at in why and one.n < FEWEST else one.n,
            0 if at in why else one.about,
            0 if at in why else one.unhappy,
            why.get(at, ""),
            one.description,
            one.month,
        )
        for at, one in enumerate(lines)
    ]


def changed(lines: Sequence[Line]) -> str:
    """What the trend of a theme says in one sentence, '' when fewer than two months can be shown.

    Two months differ when their intervals do not meet: stricter than a test of the difference, so a claim holds.
    """
    seen = [(one, one.share) for one in lines if one.share is not None]
    if len(seen) < 2:
        return ""
    (first, before), (last, now) = seen[0], seen[-1]
    assert before is not None
    assert now is not None
    if not may_judge(before, now):
        return (
            f"Too few comments to say whether more people mention this than in {first.label}: we need "
            f"{FEWEST_TO_JUDGE} in each month."
        )
    said = f"{now.hundred} in every 100 comments in {last.label}, {before.hundred} in {first.label}"
    if now.interval.low > before.interval.high:
        return f"More people mention this now: {said}. That is more than chance would explain."
    if now.interval.high < before.interval.low:
        return f"Fewer people mention this now: {said}. That is more than chance would explain."
    return f"No clear change in how many mention this: {said}. Chance alone could explain the difference."
