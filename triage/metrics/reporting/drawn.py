"""Indicators that Frontdoor counts itself: any figure that can be judged, for each partner, now and before.

Only live counts, as for satisfaction. A partner's figure is left out where it is too few to show, and where the others
and the whole would give such a one away.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage.catalogue import catalogue
from triage.errors import Invalid
from triage.metrics import figures
from triage.metrics.figures import ALL, GROUPS, Definition, Filter, Value
from triage.metrics.figures.targets import target_on
from triage.metrics.periods import Period
from triage.metrics.reporting import satisfaction
from triage.metrics.reporting.fields import COUNTED
from triage.metrics.rules import withheld

# Satisfaction has rows of its own in every report, by queue and partner, and is drawn from those.
SATISFACTION = "satisfaction"


def offered() -> list[tuple[str, list[Definition]]]:
    """The figures that can be an indicator, in their groups: one value, of which more or less is better."""
    groups = [(name, [each for each in group if each.can_be_judged]) for name, group in GROUPS]
    return [(name, group) for name, group in groups if group]


async def indicators(session: AsyncSession, period: Period, chosen: Sequence[str]) -> list[dict[str, Any]]:
    """The indicators of the figures that are chosen, satisfaction when none is. Raises Invalid for no such figure."""
    made: list[dict[str, Any]] = []
    for key in dict.fromkeys(chosen or [SATISFACTION]):
        if key not in ALL or not ALL[key].can_be_judged:
            raise Invalid("Choose figures from the list: this one cannot be an indicator.")
        if key == SATISFACTION:
            found = await satisfaction.indicators(session, period)
        else:
            found = await _of(session, ALL[key], period)
        made += [_with_target(row, key, period) for row in found]
    return made


async def _of(session: AsyncSession, definition: Definition, period: Period) -> list[dict[str, Any]]:
    area = next(name for name, group in GROUPS if definition in group)
    now, before, year_before = [
        await by_partner(session, definition, one) for one in (period, period.before(), period.year_before())
    ]
    known = catalogue().partners
    return [
        {
            "key": f"{definition.id}-{code}",
            "name": definition.name,
            "definition": definition.sentence,
            "owner": "Service owner",
            "partner": known[code].name,
            "area": area,
            "contract": known[code].name,
            "polarity": definition.better,
            "unit": "%" if definition.unit == "share" else "minutes",
            "result": result(definition, value),
            "numerator": None if value.numerator is None else Decimal(value.numerator),
            "denominator": None if value.numerator is None else Decimal(value.n),
            "prior": result(definition, before[code]) if code in before else None,
            "year_before": result(definition, year_before[code]) if code in year_before else None,
            "source": f"{COUNTED}; some of it could still change" if value.provisional else COUNTED,
        }
        for code, value in now.items()
    ]


async def by_partner(session: AsyncSession, definition: Definition, period: Period) -> dict[str, Value]:
    """A figure of a quarter for each partner of whom it may be shown, by name."""
    view = Filter(period.start, period.end)
    found = await figures.side_by_side(session, definition, view, "partner")
    known = catalogue().partners
    # What nobody is named for is in the total, and so counts for what would be given away.
    codes = sorted(found, key=lambda code: (known[code].name if code in known else "", code))
    hidden = withheld([found[code].n for code in codes])
    return {
        code: found[code]
        for place, code in enumerate(codes)
        if place not in hidden and code in known and found[code].value is not None
    }


def result(definition: Definition, value: Value) -> Decimal:
    """A share in per cent, to six decimal places; a time in whole minutes, as it is read off inside a bin."""
    if value.numerator is not None:
        return satisfaction.per_cent(value.numerator, value.n)
    assert value.value is not None
    return Decimal(value.value).quantize(Decimal(1), ROUND_HALF_UP)


def _with_target(row: dict[str, Any], figure: str, period: Period) -> dict[str, Any]:
    partner = row["key"].removeprefix(f"{figure}-")
    target = target_on(period.end, figure, partner=partner)
    return row | ({"target": Decimal(str(target.value))} if target else {})
