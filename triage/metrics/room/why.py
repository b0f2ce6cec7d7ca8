"""Why a figure is what it is: which part moved most, and what an owner could do about it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.metrics.room.change import Verdict
from triage.metrics.rules import FEWEST_TO_JUDGE, beyond_chance, difference, told_apart, z_among
from triage.metrics.schemas import Row
from triage.metrics.statistics.nonresponse import Group
from triage.shares import Interval, Share

# Under this many answers in every hundred who were asked, how they were asked is looked at first (our choice).
LOW_REPLY = 10


@dataclass(frozen=True, slots=True)
class Mover:
    """A service or queue whose satisfaction differs from a year before by more than chance would explain.

    Its `difference` is as wide as so many comparisons ask for.
    """

    label: str
    code: str
    now: Share
    before: Share
    difference: Interval

    @property
    def rose(self) -> bool:
        """Whether it went up; what both round to may be the same."""
        return self.now.value > self.before.value

    @property
    def said(self) -> str:
        """'from 76 to 52 in every 100'; with a decimal place where whole numbers would not tell them apart."""
        return "from {} to {} in every 100".format(*told_apart(self.before, self.now))


def movers(now: Sequence[Row], before: Sequence[Row]) -> tuple[Mover, ...]:
    """What changed by more than chance would explain, the furthest down first.

    What is allowed to chance is shared out among all that are compared, and few answers are not.
    """
    both = _both(now, before)
    z = z_among(len(both))
    found = [
        Mover(row.label, row.code, share, earlier, difference(share, earlier, z))
        for row, share, earlier in both
        if beyond_chance(share, earlier, z)
    ]
    return tuple(sorted(found, key=lambda mover: (mover.now.value - mover.before.value, mover.label)))


def comparable(now: Sequence[Row], before: Sequence[Row]) -> int:
    """How many have enough answers now and before to be compared: of none is not the same as of no change."""
    return len(_both(now, before))


def _both(now: Sequence[Row], before: Sequence[Row]) -> list[tuple[Row, Share, Share]]:
    then = {row.code: row.share for row in before if row.share and row.n >= FEWEST_TO_JUDGE}
    return [
        (row, row.share, then[row.code]) for row in now if row.share and row.n >= FEWEST_TO_JUDGE and row.code in then
    ]


def anything_to_go_by(verdict: Verdict, compared: int, rows: Sequence[Row]) -> bool:
    """Whether anything was looked at that might have asked for something: the months, a year before, or the parts."""
    return verdict.direction is not None or compared > 0 or _least(rows) is not None


def advice(
    verdict: Verdict,
    moved: Sequence[Mover],
    rows: Sequence[Row],
    rate: Share | None,
    gaps: Sequence[tuple[str, Group]],
) -> tuple[tuple[str, str], ...]:
    """What to do, each with its reason, the most pressing first. Suggestions: a person decides."""
    found: list[tuple[str, str]] = []
    fallen = [mover for mover in moved if not mover.rose]
    if verdict.direction == -1 and verdict.since:
        found.append(
            (
                f"Ask the teams what changed in the months to {verdict.since.name}, and write it on the chart.",
                "Satisfaction is going down by more than chance would explain.",
            )
        )
    if verdict.direction == 1 and verdict.since:
        found.append(
            (
                f"Find out what went well in the months to {verdict.since.name}, keep it, and write it on the chart.",
                "Satisfaction is going up by more than chance would explain.",
            )
        )
    if fallen:
        worst = fallen[0]
        found.append(
            (
                f"Begin with {worst.label}: read what people say about it.",
                f"It fell {worst.said} in a year, more than chance would explain.",
            )
        )
    elif lowest := _lowest(rows):
        found.append(
            (
                f"Read what people say about {lowest[0].label}.",
                f"It has the fewest satisfied people ({lowest[1].hundred} in every 100), and fewer than the rest by "
                "more than chance would explain.",
            )
        )
    if rate and rate.hundred < LOW_REPLY:
        found.append(
            (
                "Look at when and how people are asked.",
                f"Only {rate.hundred} in every 100 of those asked have answered.",
            )
        )
    behind = [(label, group) for label, group in gaps if group.interval.high < 0]
    if behind:
        label, group = min(behind, key=lambda pair: pair[1].difference)
        found.append(
            (
                f"Hear more people about {label}, and read the weighted figure until then.",
                f"They are {group.could.hundred} in every 100 of those asked and {group.did.hundred} of those who "
                "answered.",
            )
        )
    return tuple(found)


def _lowest(rows: Sequence[Row]) -> tuple[Row, Share] | None:
    """The row with the least share, if it is lower than all the others together by more than chance.

    Whichever is the least is chosen from all of them, so it is asked for as much as if each had been compared.
    """
    least = _least(rows)
    if least is None:
        return None
    row, share, others = least
    judged = sum(row.share is not None and row.n >= FEWEST_TO_JUDGE for row in rows)
    return (row, share) if share.value < others.value and beyond_chance(others, share, z_among(judged)) else None


def _least(rows: Sequence[Row]) -> tuple[Row, Share, Share] | None:
    """The row with the least share, that share, and the one of all others together; None with too few to compare."""
    shown = [(row, row.share) for row in rows if row.share]
    judged = [(row, share) for row, share in shown if share.n >= FEWEST_TO_JUDGE]
    if not judged or len(shown) < 2:
        return None
    row, share = min(judged, key=lambda pair: pair[1].value)
    some = sum(other.some for _, other in shown) - share.some
    others = Share(some, sum(other.n for _, other in shown) - share.n)
    return (row, share, others) if others.n >= FEWEST_TO_JUDGE else None
