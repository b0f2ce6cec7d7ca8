"""A report waits until every figure of ours in it is final, where that has a day; else its source says it is not."""

from datetime import date

import pytest

from tests.metrics.conftest import MakeFact
from tests.metrics.reporting.conftest import People
from tests.metrics.reporting.test_content import columns
from triage import clock
from triage.metrics.figures import ALL
from triage.metrics.periods import quarter
from triage.metrics.reporting.recounting import unsettled
from triage.metrics.reporting.rules import Measured
from triage.metrics.settling import settles_on

PERIOD = quarter(2016, 4)
# The quarter's days are counted no more from 22 January; whether it was really settled can be said until 8 February.
SETTLED, LAST, FINAL = date(2017, 1, 22), date(2017, 2, 8), date(2017, 2, 9)
SAYS = "still_settled-csg, Indicator still_settled-csg: it can still change, and is final on 9 February 2017. "
GIVEN = Measured("higher", None, None, None)


def held(key: str, source: str = "Counted by Frontdoor", result: int | None = 90) -> dict[str, object]:
    return columns(key, GIVEN, source=source) | {"result": result}


def test_it_waits_for_what_is_final_later_than_the_quarters_days() -> None:
    assert settles_on(PERIOD) == SETTLED and ALL["still_settled"].settles_in == 39
    found = unsettled(PERIOD, LAST, [held("still_settled-csg")])
    assert [one.says.startswith(SAYS) for one in found] == [True] and found[0].indicator
    assert unsettled(PERIOD, FINAL, [held("still_settled-csg")]) == []


def test_what_was_not_counted_here_or_is_final_with_its_days_is_not_waited_for() -> None:
    rows = [
        held("still_settled-csg", source="The contractor"),
        held("still_settled-csg", result=None),
        held("satisfaction-csg"),
        held("response_rate-csg"),
        held("CSG-01"),
        # No day is known on which it changes no more: its source says so.
        held("avoidable_contact-csg", source="Counted by Frontdoor; some of it could still change"),
    ]
    assert unsettled(PERIOD, SETTLED, rows) == []


async def test_a_report_with_it_is_not_approved_before_and_without_it_is(
    people: People, draft: str, fact: MakeFact, monkeypatch: pytest.MonkeyPatch
) -> None:
    for level, count in (("yes", 40), ("no", 10)):
        await fact(date(2016, 11, 1), "outcome", level, count, partner="csg")
    monkeypatch.setattr(clock, "today", lambda: LAST)
    await people.drafting.post(f"{draft}/figures", data={"figure": "still_settled"})
    page = (await people.drafting.get(draft)).text
    assert "it can still change, and is final on 9 February 2017. Approve the report from then on" in page
    assert "some of it could still change" in (await people.drafting.get(f"{draft}/preview")).text
    assert (await people.approving.post(f"{draft}/approve")).status_code == 422
    # It is final, and is taken again, so that its source says so.
    monkeypatch.setattr(clock, "today", lambda: FINAL)
    await people.drafting.post(f"{draft}/figures", data={"figure": "still_settled"})
    page = (await people.drafting.get(draft)).text
    assert "it can still change" not in page
    assert (await people.approving.post(f"{draft}/approve")).status_code == 303
    # Were people given longer to say meanwhile, it would not be published before they had.
    monkeypatch.setattr(clock, "today", lambda: LAST)
    early = await people.approving.post(f"{draft}/publish")
    assert early.status_code == 409 and "is final on 9 February 2017" in early.text
    monkeypatch.setattr(clock, "today", lambda: FINAL)
    assert (await people.approving.post(f"{draft}/publish")).status_code == 303
