"""Figures: each is a definition with its arithmetic beside it, and one way to have its value for a view."""

from triage.metrics.figures import answers, asked, chats, contacts, costs, times
from triage.metrics.figures.reading import Gap, figure, figures, gaps, series, side_by_side
from triage.metrics.figures.shapes import Counts, Definition, Filter, Value, named

# Every figure that there is, by id, in the order in which pages show them.
ALL: dict[str, Definition] = named(
    (
        *answers.DEFINITIONS,
        *asked.DEFINITIONS,
        *contacts.DEFINITIONS,
        *times.DEFINITIONS,
        *chats.DEFINITIONS,
        *costs.DEFINITIONS,
    )
)

__all__ = [
    "ALL",
    "Counts",
    "Definition",
    "Filter",
    "Gap",
    "Value",
    "figure",
    "figures",
    "gaps",
    "series",
    "side_by_side",
]
