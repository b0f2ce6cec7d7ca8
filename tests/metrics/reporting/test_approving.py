"""What a report must have before it is approved, by whom, and that what was approved is what is published."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from tests.metrics.reporting.conftest import QUARTER, People, row
from tests.metrics.reporting.test_content import columns, made
from tests.metrics.reporting.test_pdf import text_of
from triage.metrics.periods import quarter
from triage.metrics.reporting import service
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


async def test_whoever_wrote_a_number_that_was_written_over_does_not_approve(people: People, draft: str) -> None:
    mine = await _indicator(people.approving, draft, "CSG-01")
    await people.approving.post(mine, data=row("CSG-01", result="96"))
    await people.drafting.post(mine, data=row("CSG-01", result="97"))
    answer = await people.approving.post(f"{draft}/approve")
    assert answer.status_code == 403
    assert "You entered CSG-01, so somebody else approves it." in answer.text


async def test_whoever_took_an_indicator_out_does_not_approve(people: People, draft: str) -> None:
    mine = await _indicator(people.approving, draft, "CSG-01")
    assert (await people.approving.post(f"{mine}/remove")).status_code == 303
    # Entered again by somebody else, it names only them.
    await people.drafting.post(f"{draft}/indicators/new", data=row("CSG-01"))
    answer = await people.approving.post(f"{draft}/approve")
    assert answer.status_code == 403
    assert "You took out CSG-01, so somebody else approves it." in answer.text


async def _indicator(client: httpx2.AsyncClient, draft: str, key: str) -> str:
    page = (await client.get(draft)).text
    return page.split(f'">{key}: ')[0].rsplit('href="', 1)[1]


async def test_what_was_approved_is_what_is_published(
    people: People, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await people.approving.post(f"{draft}/approve")).status_code == 303
    # Somebody moves the end of Green Amber meanwhile: 92 of 95 is missed by 3.2%.
    barnet = presets()["barnet"]
    steps = (barnet.steps[0], barnet.steps[1].model_copy(update={"miss_at_most": Decimal(3)}), *barnet.steps[2:])
    changed = {"barnet": barnet.model_copy(update={"steps": steps})}
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(service, "presets", lambda: changed)
        refused = await people.approving.post(f"{draft}/publish")
        assert refused.status_code == 409
        assert "It says something else than when it was approved" in refused.text
        assert (await people.public.get(f"/reports/{QUARTER}.json")).status_code == 404
        for step in ("send-back", "approve", "publish"):
            assert (await people.approving.post(f"{draft}/{step}")).status_code == 303
    report = (await people.public.get(f"/reports/{QUARTER}.json")).json()
    assert report["sections"][0]["indicators"][1]["rag"] == "red_amber"


async def test_an_answer_that_comes_after_approval_is_not_published_unseen(
    people: People, draft: str, make_facts: Callable[..., Awaitable[None]]
) -> None:
    assert (await people.approving.post(f"{draft}/approve")).status_code == 303
    await make_facts(date(2016, 11, 1), (1, 2, 2, 5, 10), queue="Q-CTAX", service="council_tax_bill")
    assert (await people.approving.post(f"{draft}/publish")).status_code == 409


def test_the_comment_is_of_whoever_answers_for_the_result() -> None:
    red = Measured("higher", Decimal(95), Decimal(50), None)
    others = columns("A", red, comment="Why", comment_role="Service owner")
    assert lacks(others) == [
        "A, Indicator A: Red, with a comment of Service owner, and Head of service answers for it. "
        "One of the two has to be put right."
    ]
    assert lacks(columns("A", red, comment="Why", comment_role=" head of Service")) == []
    # Where no comment is asked for, anybody may make one.
    assert lacks(others | {"result": Decimal(95)}) == []


async def test_the_form_names_whoever_answers_for_it_as_the_one_who_comments(people: People, draft: str) -> None:
    address = await _indicator(people.drafting, draft, "CSG-01")
    assert 'name="comment_by" value="Head of service"' in (await people.drafting.get(address)).text
    await people.drafting.post(address, data=row("CSG-01", comment_by="Head of service"))
    for step in ("approve", "publish"):
        await people.approving.post(f"{draft}/{step}")
    one = (await people.public.get(f"/reports/{QUARTER}.json")).json()["sections"][0]["indicators"][0]
    # Nobody said anything, so nobody is named.
    assert (one["comment"], one["comment_by"]) == ("", "")
