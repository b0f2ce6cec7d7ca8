"""A report whose answers are to another question than last year's names both results and gives no direction."""

import csv
import io
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

from tests.metrics.conftest import MakeFact
from tests.metrics.reporting.conftest import QUARTER, People, row
from tests.metrics.reporting.test_pdf import text_of
from triage.metrics.periods import quarter
from triage.metrics.reporting.presets import presets
from triage.metrics.reporting.questions import why_not
from triage.metrics.reporting.rules import Measured, direction, judge, rate
from triage.metrics.versions import Versions

MakeFacts = Callable[..., Awaitable[None]]
NOW, YEAR_AGO = date(2016, 11, 1), date(2015, 11, 1)
REASON = "The question changed on 3 October 2016: this compares different questions, so no direction is given."
ASKED = Versions.of([("one", YEAR_AGO), ("two", date(2016, 10, 3))])


def test_no_direction_and_nothing_that_follows_from_one() -> None:
    improved = Measured("higher", Decimal(95), Decimal(80), Decimal(60))
    other = Measured("higher", Decimal(95), Decimal(80), Decimal(60), REASON)
    assert (direction(improved).name, direction(other).name) == ("Improved", "Different questions")
    assert direction(other).way is None and direction(other).reason == REASON
    # Havering's Amber is for what improves: of that nothing is known here.
    havering = presets()["havering"]
    assert (rate(havering, improved).rag, rate(havering, other).rag) == ("amber", "red")
    assert judge(presets()["barnet"], other).direction.way is None
    # Without a result of last year it is that which is said.
    none = Measured("higher", None, Decimal(80), None, REASON)
    assert direction(none).name == "Not known"


def test_only_what_we_counted_of_answers_is_known_to_ask_otherwise() -> None:
    ours = {"key": "satisfaction-csg", "source": "Counted by Frontdoor from residents' answers"}
    assert why_not(quarter(2016, 4), ours, ASKED) == REASON
    assert why_not(quarter(2016, 4), ours | {"key": "got_it-csg"}, ASKED) == REASON
    for other in ({"key": "first_in_time-csg"}, {"key": "CSG-01"}, {"source": "The contractor"}):
        assert why_not(quarter(2016, 4), ours | other, ASKED) == ""
    assert why_not(quarter(2015, 4), ours, ASKED) == ""


async def test_page_pdf_csv_and_json_say_so(people: People, draft: str, make_facts: MakeFacts, fact: MakeFact) -> None:
    await make_facts(NOW, (1, 1, 2, 6, 30), queue="Q-CTAX")
    await make_facts(YEAR_AGO, (20, 0, 0, 0, 20), queue="Q-CTAX")
    await fact(YEAR_AGO, "version", "one", 40)
    await fact(date(2016, 10, 3), "version", "two", 40)
    assert (await people.drafting.post(f"{draft}/figures")).status_code == 303
    assert "Different questions" in (await people.drafting.get(draft)).text
    address = (await people.drafting.get(draft)).text.split('">satisfaction-csg: ')[0].rsplit('href="', 1)[1]
    ours = row("satisfaction-csg", target="95", result="90", numerator="36", denominator="40")
    ours |= {"same_period_last_year": "50", "source": "Counted by Frontdoor from residents' answers"}
    ours |= {"comment": "The question is new.", "comment_by": "Head of service"}
    assert (await people.drafting.post(address, data=ours)).status_code == 303
    for step in ("approve", "publish"):
        done = await people.approving.post(f"{draft}/{step}")
        assert done.status_code == 303, done.text
    page = (await people.public.get(f"/reports/{QUARTER}")).text
    assert "Different questions" in page and REASON in page
    assert "It was 50 a year before, in answer to another question (it changed on 3 October 2016)" in page
    # Lines end where they are full, so spaces are left out.
    read = "".join(text_of((await people.public.get(f"/reports/{QUARTER}.pdf")).content).split())
    assert "".join(REASON.split()) in read
    whole = (await people.public.get(f"/reports/{QUARTER}.json")).json()
    one = next(each for s in whole["sections"] for each in s["indicators"] if each["id"] == "satisfaction-csg")
    assert (one["direction_of_travel"], one["direction_reason"]) == ("", REASON)
    assert one["same_period_last_year"] == 50
    # Two have a result of last year: CSG-02 improved, and the one with another question is not among them.
    assert (whole["summary"]["with_direction"], whole["summary"]["improved_or_same"]["count"]) == (1, 1)
    file = (await people.public.get(f"/reports/{QUARTER}/indicators.csv")).text
    line = next(each for each in csv.DictReader(io.StringIO(file)) if each["id"] == "satisfaction-csg")
    assert line["direction_reason"] == REASON
    fields = (await people.public.get("/reports/dictionary.json")).json()["indicator"]
    assert "direction_reason" in {each["name"] for each in fields}
