"""Any figure that can be judged becomes an indicator for each partner, and gives no small one away."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from tests.metrics.conftest import MakeFact
from tests.metrics.reporting.conftest import People, row
from triage.catalogue import catalogue
from triage.content import Target, Targeted
from triage.database import transaction
from triage.errors import Invalid
from triage.metrics.figures import ALL, targets
from triage.metrics.figures.targets import nearest
from triage.metrics.periods import quarter
from triage.metrics.reporting import drawn

NOW, BEFORE = date(2016, 11, 1), date(2016, 8, 1)
DATED: Any = {"source": "council_home", "reviewed_on": "2026-11-01", "review_by": "2099-01-01"}


def target(value: float, **about: Any) -> Target:
    return Target(figure="first_in_time", value=value, **{"from": date(2016, 1, 1)}, **DATED, **about)


async def indicators(*chosen: str) -> dict[str, dict[str, Any]]:
    async with transaction() as session:
        return {one["key"]: one for one in await drawn.indicators(session, quarter(2016, 4), chosen)}


async def first(fact: MakeFact, day: date, within: int, late: int, partner: str) -> None:
    await fact(day, "clock", "first:within", within, partner=partner)
    await fact(day, "clock", "first:late", late, partner=partner)


def test_what_can_be_judged_is_what_can_have_a_target() -> None:
    offered = {each.id for _, group in drawn.offered() for each in group}
    assert offered == set(get_args(Targeted)) == {each.id for each in ALL.values() if each.can_be_judged}
    # A person is one press away: settling a chat without one is never a goal.
    assert not offered & {"containment", "handovers", "contacts", "cost_each"}


def test_the_nearest_target_counts_and_only_on_its_days() -> None:
    found = [target(90), target(95, partner="csg"), target(80, service="pothole", to=date(2016, 6, 30))]

    def value(day: date, service: str = "", partner: str = "") -> float | None:
        one = nearest(found, day, "first_in_time", service, partner)
        return one.value if one else None

    assert [value(NOW), value(NOW, partner="csg"), value(NOW, partner="re")] == [90, 95, 90]
    assert [value(date(2016, 6, 30), "pothole", "csg"), value(date(2016, 7, 1), "pothole")] == [80, 90]
    assert value(date(2015, 12, 31)) is None


async def test_each_partner_has_the_figure_now_and_before(fact: MakeFact, monkeypatch: pytest.MonkeyPatch) -> None:
    await first(fact, NOW, 30, 10, "csg")
    await first(fact, NOW, 19, 1, "re")
    await first(fact, BEFORE, 10, 10, "csg")
    known = replace(catalogue(), targets=(target(92.5, partner="csg"),))
    monkeypatch.setattr(targets, "catalogue", lambda: known)
    found = await indicators("first_in_time")
    assert set(found) == {"first_in_time-csg", "first_in_time-re"}
    one = found["first_in_time-csg"]
    assert (one["result"], one["numerator"], one["denominator"], one["prior"]) == (75, 30, 40, 50)
    assert (one["year_before"], one["target"], one["polarity"], one["area"]) == (
        None,
        Decimal("92.5"),
        "higher",
        "Time",
    )
    assert one["definition"].startswith("Of the first answers") and one["source"] == "Counted by Frontdoor"
    assert "target" not in found["first_in_time-re"]


async def test_a_partner_with_nine_takes_the_next_smallest_along(fact: MakeFact) -> None:
    for partner, within in (("csg", 9), ("re", 20), ("council", 50)):
        await fact(NOW, "clock", "first:within", within, partner=partner)
    assert set(await indicators("first_in_time")) == {"first_in_time-council"}
    for wrong in ("containment", "cost_each", "no_such_figure"):
        with pytest.raises(Invalid):
            await indicators(wrong)


async def test_a_draft_takes_the_figures_that_are_ticked_and_keeps_a_target(
    people: People, draft: str, fact: MakeFact
) -> None:
    await first(fact, NOW, 30, 10, "csg")
    await fact(NOW, "settle_time", "60", 40, partner="csg")
    chosen = {"figure": ["first_in_time", "settlement_median"]}
    assert (await people.drafting.post(f"{draft}/figures", data=chosen)).status_code == 303
    page = (await people.drafting.get(draft)).text
    assert "first_in_time-csg: First answer in time" in page
    # Half of 40 times that lie evenly between 30 and 60 minutes.
    assert "45 minutes" in page and 'value="settlement_median" checked' in page
    address = page.split('">first_in_time-csg: ')[0].rsplit('href="', 1)[1]
    typed = row("first_in_time-csg", target="80", result="75")
    assert (await people.drafting.post(address, data=typed)).status_code == 303
    assert (await people.drafting.post(f"{draft}/figures", data=chosen)).status_code == 303
    assert 'name="target" value="80"' in (await people.drafting.get(address)).text
    assert (await people.drafting.post(f"{draft}/figures", data={"figure": "containment"})).status_code == 422
