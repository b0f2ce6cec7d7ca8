"""Figures as CSV files: the list, and each table of one figure. Every cell is safe (exports.as_csv)."""

from collections.abc import Iterable

from triage.metrics.exports import Cell, as_csv, percent
from triage.metrics.figure_pages.service import Everything, Line
from triage.metrics.figure_pages.showing import Shown
from triage.metrics.figures import Definition

NUMBERS = ("value", "low", "high", "unit", "numerator", "of", "target", "why not shown", "can still change")
MEANING = ("what is counted", "numerator is", "of is", "what it leaves out")
_UNITS = {"share": "%", "minutes": "minutes", "pounds": "£", "count": ""}


def everything_as_csv(found: Everything, source: str) -> str:
    """One line a figure, with the months before and its definition."""
    head = ["group", "figure", "name", "months", *NUMBERS, "value before", "of before", "change", *MEANING, "source"]
    return as_csv(
        head,
        (
            [
                name,
                card.definition.id,
                card.definition.name,
                found.span.name,
                *numbers(card.definition, card.now, card.goal.target.value if card.goal else None),
                numbers(card.definition, card.before, None)[0],
                card.before.n,
                card.change,
                *meaning(card.definition),
                source,
            ]
            for name, cards in found.groups
            for card in cards
        ),
    )


def lines_as_csv(definition: Definition, kind: str, lines: Iterable[Line], source: str) -> str:
    """One line a month, service, channel or partner."""
    head = [kind, "code", "figure", *NUMBERS, *MEANING, "source"]
    return as_csv(
        head,
        (
            [
                line.label,
                line.code,
                definition.id,
                *numbers(definition, line.shown, line.target),
                *meaning(definition),
                source,
            ]
            for line in lines
        ),
    )


def numbers(definition: Definition, shown: Shown, target: float | None) -> list[Cell]:
    """The columns of NUMBERS; a share is in per cent. What may not be shown has its reason, and how many it is of."""
    found, unit = shown.figure, _UNITS[definition.unit]
    goal: Cell = "" if target is None else target
    if found is None or not shown.value:
        return ["", "", "", unit, "", shown.n, goal, shown.why, ""]
    value = float(found.n) if definition.unit == "count" else found.value
    ends = [_cell(definition, each) for each in (value, found.low, found.high)]
    return [
        *ends,
        unit,
        "" if found.numerator is None else found.numerator,
        found.n,
        goal,
        "",
        "yes" if shown.provisional else "",
    ]


def _cell(definition: Definition, value: float | None) -> Cell:
    if value is None:
        return ""
    if definition.unit == "share":
        return percent(value)
    return int(value) if definition.unit == "count" else round(value, 2 if definition.unit == "pounds" else 1)


def meaning(definition: Definition) -> list[Cell]:
    """The columns of MEANING."""
    return [definition.sentence, definition.numerator, definition.denominator, definition.caveat]
