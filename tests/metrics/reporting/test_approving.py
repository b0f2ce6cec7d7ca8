"""What a report must have before it is approved, by whom, and that what was approved is what is published."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.metrics.reporting.conftest import QUARTER, People, row
from tests.metrics.reporting.test_content import columns, made
from tests.metrics.reporting.test_pdf import text_of
from triage.metrics.periods import quarter
from triage.metrics.reporting.approving import missing
from triage.metrics.reporting.content import no_result
from triage.metrics.reporting.presets import presets
from triage.metrics.reporting.rules import Measured

UNGIVEN = Measured("higher", Decimal(95), None, Decimal(90))


def lacks(*rows: dict[str, Any], preset: str = "barnet") -> list[str]:
    front = {"title": "T", "summary": "S"}
    return [one.says for one in missing(quarter(2016, 4), date(2017, 3, 1), presets()[preset], front, rows)]


def test_a_target_whose_result_was_left_out_needs_a_comment_with_its_role() -> None:
    says = "A, Indicator A: a target and no result, without the comment of whoever answers for it."
    assert lacks(columns("A", UNGIVEN)) == lacks(columns("A", UNGIVEN, comment="The system was off.")) == [says]
    assert lacks(columns("A", UNGIVEN, comment="It was off.", comment_role="Head of service")) == []
    # Without a target there is nothing that could have been missed.
    assert lacks(columns("A", Measured("higher", None, None, None))) == []


def test_what_has_a_target_and_no_result_is_named() -> None:
    report = made([columns("A", UNGIVEN), columns("B", Measured("higher", None, None, None))])
    assert [one["id"] for one in no_result(report)] == ["A"]
    assert report["headline"][-1] == "1 indicator with a target has no result."


async def test_the_page_and_the_pdf_name_what_has_no_result(people: People, draft: str) -> None:
    assert "No result given" not in (await people.drafting.get(f"{draft}/preview")).text
    left_out = row(
        "CSG-04", result="", name="Calls answered", comment="The system was off.", comment_by="Head of service"
    )
    await people.drafting.post(f"{draft}/indicators/new", data=left_out)
    for step in ("approve", "publish"):
        assert (await people.approving.post(f"{draft}/{step}")).status_code == 303
    page = (await people.public.get(f"/reports/{QUARTER}")).text
    head = page.split("No result given</h2>")[1].split("</h2>")[0]
    assert "CSG-04: Calls answered" in head and "The system was off." in head
    read = text_of((await people.public.get(f"/reports/{QUARTER}.pdf")).content)
    assert read.index("No result given") < read.index("The system was off.")


async def test_a_miss_inside_the_tolerance_is_in_the_list_of_page_and_pdf(people: People) -> None:
    begun = await people.drafting.post("/owner/reports", data={"code": QUARTER, "preset": "havering"})
    draft = begun.headers["location"]
    await people.drafting.post(f"{draft}/front", data={"title": "T", "summary": "S"})
    await people.drafting.post(f"{draft}/indicators/new", data=row("CSG-01", result="90"))
    page = (await people.drafting.get(f"{draft}/preview")).text
    says = "missed, but by no more than this way of rating allows"
    assert "No rated indicator was below its target." not in page and says in page
    assert says in text_of((await people.drafting.get(f"{draft}/preview.pdf")).content)
