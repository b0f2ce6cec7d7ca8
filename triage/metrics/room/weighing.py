"""The figure weighted to everybody who could have answered: by service, by channel and by how it ended. Pure.

The population is whoever's contact or chat ended in the period and who could be asked, whatever the end (the survey's
cases). Where that was not counted, of days before it was and in files, it is the contacts that arrived, without it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from triage.metrics.counting.measures import ARRIVED, ENDED, RATED, SATISFACTION
from triage.metrics.rules import FEWEST
from triage.metrics.statistics.raking import Cell, rake
from triage.metrics.statistics.weighting import Weighted, weighted

MEASURES = (SATISFACTION, RATED, ENDED, ARRIVED)
# Of more than this part of the answers not knowing how it ended, it is not weighted by that (our choice).
MOST_UNKNOWN = 0.05
BY_END, BY_ARRIVAL = ("service", "channel", "end"), ("service", "channel")
# What an end is called. The first are what a person closed a contact with, the others how a chat's case ended.
ENDS = {
    "done": "done",
    "answered": "answered",
    "passed_on": "passed on",
    "duplicate": "dealt with already",
    "no_reply": "no reply",
    "not_done": "not done",
    "settled": "settled by the assistant",
    "abandoned": "left in the middle",
    "not_eligible": "not likely, or not yet",
    "error": "we could not answer",
    "closed": "closed by an agent",
    "message_left": "message left",
    "": "not known",
}


@dataclass(frozen=True, slots=True)
class Corrected:
    """A period's figure weighted, and what must be known about the weights.

    Bounds and the fewest answers of a value (statistics/raking.py) keep it from resting on a handful of answers.
    """

    weighted: Weighted
    # To whom, in words: 'everybody whose contact arrived, by service and channel'.
    population: str
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Counts:
    answered: dict[Cell, int] = field(default_factory=lambda: defaultdict(int))
    some: dict[Cell, int] = field(default_factory=lambda: defaultdict(int))
    population: dict[Cell, int] = field(default_factory=lambda: defaultdict(int))

    def answer(self, cell: Cell, level: str, n: int) -> None:
        self.answered[cell] += n
        self.some[cell] += n if level in ("4", "5") else 0


def corrected(rows: Iterable[tuple[str, str, str, str, int]], name: Callable[[str, str], str]) -> Corrected | None:
    """From (service, channel, measure, level, count); None with too few answers or nobody to weight to.

    `name` says how a code of 'service' or 'channel' is called, for the notes.
    """
    by_end, plain = _Counts(), _Counts()
    for service, channel, measure, level, n in rows:
        cell = (name("service", service), name("channel", channel))
        if measure == SATISFACTION:
            plain.answer(cell, level, n)
        elif measure == RATED:
            end, _, stars = level.rpartition(":")
            by_end.answer((*cell, ENDS.get(end, end)), stars, n)
        elif measure == ENDED:
            by_end.population[*cell, ENDS.get(level, level)] += n
        elif measure == ARRIVED:
            plain.population[cell] += n
    n = sum(plain.answered.values())
    if n < FEWEST:
        return None
    if missing := _why_not_by_end(by_end, n):
        if not plain.population:
            return None
        return _weighted(plain, BY_ARRIVAL, "whose contact arrived, by service and channel", missing)
    return _weighted(by_end, BY_END, "who could have answered, by service, channel and how it ended", ())


def _why_not_by_end(counts: _Counts, n: int) -> tuple[str, ...]:
    """Why it cannot be weighted by how it ended, in a sentence; nothing when it can."""
    known = sum(counts.answered.values()) - sum(m for cell, m in counts.answered.items() if cell[2] == ENDS[""])
    if not counts.population and not known:
        return ("How it ended was not counted then.",)
    if sum(counts.answered.values()) != n or known < n * (1 - MOST_UNKNOWN):
        return (f"It is not weighted by how it ended: that is known of {known:,} of {n:,} answers.",)
    if sum(counts.population.values()) < n:
        return ("It is not weighted by how it ended: more answered than are known to have ended in that time.",)
    return ()


def _weighted(counts: _Counts, dimensions: tuple[str, ...], population: str, notes: tuple[str, ...]) -> Corrected:
    raked = rake(counts.answered, counts.population)
    found = weighted(counts.some, counts.answered, raked.weights)
    return Corrected(found, population, (*notes, *raked.notes(dimensions)))
