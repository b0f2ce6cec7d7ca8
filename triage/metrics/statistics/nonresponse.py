"""Who answered against who could have: the share of each group in both, and whether chance explains the gap. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from triage.shares import Interval, Share


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its share of those who could have answered, of those who did, and the difference in parts of 1."""

    name: str
    could: Share
    did: Share
    difference: float
    interval: Interval

    @property
    def beyond_chance(self) -> bool:
        """Whether this group answered more or less readily than chance would explain."""
        return self.interval.low > 0 or self.interval.high < 0

    @property
    def rate(self) -> Share:
        """Of this group, how many answered."""
        return Share(self.did.some, self.could.some)


def compare(could: Mapping[str, int], did: Mapping[str, int]) -> tuple[Group, ...]:
    """Every group that could have answered, by name. Raises ValueError when more of a group did than could.

    Those who answered are among those who could have, so the two shares are not independent. Their difference is
    (1 - response rate) × (share among those who answered - share among those who did not), and those two groups of
    people are: Newcombe's interval of that difference (1998, Statistics in Medicine 17:873, method 10) is scaled.
    """
    if any(n > could.get(name, 0) for name, n in did.items()):
        raise ValueError("more people answered than could have")
    every, heard = sum(could.values()), sum(did.values())
    if not heard:
        return ()
    silent = every - heard
    found = []
    for name, n in sorted(could.items()):
        if not n:
            continue
        whole, answering = Share(n, every), Share(did.get(name, 0), heard)
        gap, interval = 0.0, Interval(0.0, 0.0)
        if silent:
            rest = Share(n - did.get(name, 0), silent)
            part = silent / every
            between = answering.value - rest.value
            gap = part * between
            one, two = answering.interval, rest.interval
            interval = Interval(
                part * (between - sqrt((answering.value - one.low) ** 2 + (two.high - rest.value) ** 2)),
                part * (between + sqrt((one.high - answering.value) ** 2 + (rest.value - two.low) ** 2)),
            )
        found.append(Group(name, whole, answering, gap, interval))
    return tuple(found)
