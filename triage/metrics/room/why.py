"""Why a figure is what it is: which part moved most, and what an owner could do about it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.metrics.room.change import Verdict
from triage.metrics.rules import beyond_chance, difference
from triage.metrics.schemas import Row
from triage.metrics.statistics.nonresponse import Group
from triage.shares import Interval, Share

# Under this many answers in every hundred who were asked, how they were asked is looked at first (our choice).
LOW_REPLY = 10


@dataclass(frozen=True, slots=True)
class Mover:
    """A service or queue whose satisfaction differs from a year before by more than chance would explain."""

    label: str
    code: str
    now: Share
    before: Share
    difference: Interval

    @property
    def points(self) -> int:
        """By how many in every 100."""
        return self.now.hundred - self.before.hundred


def movers(now: Sequence[Row], before: Sequence[Row]) -> tuple[Mover, ...]:
    """What changed by more than chance would explain, the furthest down first."""
    then = {row.code: row.share for row in before if row.share}
    found = [
        Mover(row.label, row.code, row.share, then[row.code], difference(row.share, then[row.code]))
        for row in now
        if row.share and row.code in then and beyond_chance(row.share, then[row.code])
    ]
    return tuple(sorted(found, key=lambda mover: (mover.now.value - mover.before.value, mover.label)))


def advice(
    verdict: Verdict,
    moved: Sequence[Mover],
    rows: Sequence[Row],
    rate: Share | None,
    gaps: Sequence[tuple[str, Group]],
) -> tuple[tuple[str, str], ...]:
    """What to do, each with its reason, the most pressing first. Suggestions: a person decides."""
    found: list[tuple[str, str]] = []
    fallen = [mover for mover in moved if mover.points < 0]
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
                f"It fell from {worst.before.hundred} to {worst.now.hundred} in every 100 in a year, "
                "more than chance would explain.",
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
    """The row with the least share, if it is lower than all the others together by more than chance."""
    shown = [(row, row.share) for row in rows if row.share]
    if len(shown) < 2:
        return None
    row, share = min(shown, key=lambda pair: pair[1].value)
    some = sum(other.some for _, other in shown) - share.some
    others = Share(some, sum(other.n for _, other in shown) - share.n)
    return (row, share) if beyond_chance(others, share) and share.value < others.value else None
