"""Figures: each is a definition with its arithmetic beside it, and one way to have its value for a view."""

from triage.metrics.figures import answers, asked, chats, contacts, costs, times
from triage.metrics.figures.reading import figure, figures, series, side_by_side
from triage.metrics.figures.shapes import Counts, Definition, Filter, Value, named

# Every figure that there is, in the groups and the order in which pages show them.
GROUPS: tuple[tuple[str, tuple[Definition, ...]], ...] = (
    ("What people say", answers.DEFINITIONS),
    ("Who is asked, and if it lasts", asked.DEFINITIONS),
    ("Contacts", contacts.DEFINITIONS),
    ("Time", times.DEFINITIONS),
    ("Chats with the assistant", chats.DEFINITIONS),
    ("What it costs", costs.DEFINITIONS),
)
ALL: dict[str, Definition] = named(definition for _, group in GROUPS for definition in group)

__all__ = [
    "ALL",
    "GROUPS",
    "Counts",
    "Definition",
    "Filter",
    "Value",
    "figure",
    "figures",
    "series",
    "side_by_side",
]
