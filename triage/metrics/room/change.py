"""Whether satisfaction is changing, in words, from the p-chart's readings. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from triage.metrics.periods import Period
from triage.metrics.rules import Counts
from triage.metrics.statistics.charts import (
    FEWEST_IN_BASELINE,
    FIRST_BASELINE,
    WINDOW,
    Month,
    Reading,
    Rule,
    read,
)
from triage.shares import in_hundred

# The words for a month in which nothing is flagged: that nothing changed is more than anybody knows.
CANNOT_TELL = "We can't tell a change from chance yet"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the newest month says: 1 going up, -1 going down, 0 neither, None: nothing can be said yet."""

    direction: int | None
    sentences: tuple[str, ...]
    # The month in which what is flagged now was first flagged.
    since: Period | None = None


def readings(months: Sequence[tuple[Period, Counts]], changes: frozenset[date], today: date) -> tuple[Reading, ...]:
    """Months read against their baseline; each day of `changes` begins a new one with its month.

    Only months that have ended are judged, or help to make a baseline.
    """
    starts = {day.replace(day=1) for day in changes}
    begin = {place for place, (period, _) in enumerate(months) if period.start in starts}
    every = [Month(period.code, counts.levels) for period, counts in months]
    ended = sum(period.end < today for period, _ in months)
    found = read(every[:ended], {place for place in begin if place < ended})
    for place, month in enumerate(every[ended:], start=ended):
        # What it will be held against; nothing yet where a new baseline begins with it.
        usual = found[-1].baseline if found and place not in begin and found[-1].baseline else None
        found = (*found, Reading(month, usual, in_baseline=False, limits=None, begins=place in begin, ended=False))
    return found


def verdict(
    months: Sequence[tuple[Period, Counts]], found: Sequence[Reading], hidden: Collection[Period] = ()
) -> Verdict:
    """What the readings say of the newest month. `found` are the readings of `months`.

    Of months that are `hidden` no number is said, and none of several months together with one of them.
    """
    # What was said of the months before a declared change is not said of those after it.
    begun = max((place for place, reading in enumerate(found) if reading.begins), default=0)
    judged = [place for place, reading in enumerate(found) if reading.judged and place >= begun]
    if not judged:
        some = months[begun:]
        n = sum(counts.n for _, counts in some)
        after = f" since a new baseline began in {some[0][0].name}" if begun else ""
        return Verdict(
            None,
            (
                "It is too early to say whether this is changing: that needs "
                f"{FIRST_BASELINE} months with {FEWEST_IN_BASELINE} answers or more to compare with, and there "
                f"{'is' if len(some) == 1 else 'are'} {len(some)} with {n:,}{after}.",
            ),
        )
    newest = judged[-1]
    reading = found[newest]
    assert reading.baseline is not None
    usual = f"its usual {in_hundred(reading.baseline.share)} in every 100"
    period = months[newest][0]
    if not reading.signals:
        said = [f"{CANNOT_TELL}: up to {period.name}, nothing is further from {usual} than chance would explain."]
        if reading.visible is not None and reading.visible < max(reading.baseline.share, 1 - reading.baseline.share):
            points = ceil(round(100 * reading.visible, 6))
            said.append(
                f"With so many answers, a change of {points} in every 100 that stays for {WINDOW} months would most "
                "likely have shown; a smaller one may be there."
            )
        flagged = [place for place in judged if found[place].signals and found[place].baseline == reading.baseline]
        if flagged:
            last = months[flagged[-1]][0]
            way = "higher" if found[flagged[-1]].direction > 0 else "lower"
            said.append(f"It was last {way} than chance would explain in {last.name}.")
        return Verdict(0, tuple(said))
    first = newest
    while first - 1 in judged and found[first - 1].direction == reading.direction:
        first -= 1
    since = months[first][0]
    way = "up" if reading.direction > 0 else "down"
    rule = reading.signals[0].rule
    together = months[max(0, newest - WINDOW + 1) : newest + 1]
    if rule is Rule.MONTH:
        together = together[-1:]
    share = sum(counts.satisfied for _, counts in together) / sum(counts.n for _, counts in together)
    when = period.name if len(together) == 1 else f"the {len(together)} months to {period.name} together"
    said = [f"It is going {way}: in {when}, {in_hundred(share)} in every 100 were satisfied, against {usual}."]
    if any(month in hidden for month, _ in together):
        said = [f"It is going {way} from {usual}, by the answers in {when}. How far is held back."]
    if rule is Rule.LEVELS:
        said.append(
            "The share of satisfied people alone could still be chance; all five answers together have moved by more."
        )
    else:
        said.append("That is more than chance would explain.")
    if since != period:
        said.append(f"It was first flagged in {since.name}.")
    return Verdict(reading.direction, tuple(said), since)
