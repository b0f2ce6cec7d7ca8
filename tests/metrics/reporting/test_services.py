"""An indicator that somebody enters may be about one of its partner's services, and is shown under it everywhere."""

import csv
import html
import io
import re

import pytest

from tests.metrics.reporting.conftest import QUARTER, People, row
from tests.metrics.reporting.test_content import columns, made
from tests.metrics.reporting.test_pdf import text_of
from triage.metrics.periods import quarter
from triage.metrics.reporting.rules import Measured
from triage.metrics.reporting.services import names, of_partner, read

PERIOD = quarter(2016, 4)
BILL, BILL_NAME = "council_tax_bill", "Council tax bill and payments"


def test_a_partner_has_the_services_of_the_queues_that_it_ran() -> None:
    by_id, by_name = of_partner("csg", PERIOD), of_partner("Customer and Support Group (Capita)", PERIOD)
    assert by_id == by_name and by_id[BILL] == BILL_NAME
    assert "missed_bin" not in by_id and "missed_bin" in of_partner("council", PERIOD)
    # Before the partnership began, and somebody whom we do not know.
    assert of_partner("csg", quarter(2013, 2)) == of_partner("Somebody else", PERIOD) == {}
    assert {BILL_NAME, "Missed bin"} <= set(names(PERIOD))


@pytest.mark.parametrize("typed", [BILL, BILL_NAME, BILL_NAME.upper()])
def test_it_is_named_by_name_or_id(typed: str) -> None:
    assert read({"partner": "CSG", "service": typed}, PERIOD) == (BILL, "")


def test_somebody_elses_service_is_refused_with_what_to_do() -> None:
    assert read({"partner": "CSG", "service": ""}, PERIOD) == ("", "")
    assert read({"partner": "CSG", "service": "missed_bin"}, PERIOD)[1].startswith("missed_bin is none of the services")
    assert "Leave the service empty" in read({"partner": "Somebody else", "service": BILL}, PERIOD)[1]


def test_indicators_of_one_service_stand_together_after_those_of_none() -> None:
    given = Measured("higher", None, None, None)
    named = (("D", "Parking"), ("C", "Council tax"), ("B", ""), ("A", "Parking"))
    report = made([columns(key, given, service=name, service_name=name) for key, name in named])
    assert [one["id"] for one in report["sections"][0]["indicators"]] == ["B", "C", "A", "D"]


async def test_it_is_shown_by_service_in_page_pdf_csv_and_json(people: People, draft: str) -> None:
    typed = row("CSG-04", service=BILL_NAME, result="90", comment="Why.", comment_by="Head of service")
    assert (await people.drafting.post(f"{draft}/indicators/new", data=typed)).status_code == 303
    assert f"CSG, Customer services, {BILL_NAME}" in (await people.drafting.get(draft)).text
    for step in ("approve", "publish"):
        assert (await people.approving.post(f"{draft}/{step}")).status_code == 303
    page = (await people.public.get(f"/reports/{QUARTER}")).text
    heads = re.findall(r'<h4 class="govuk-heading-s" id="(table-section-[\d-]+)">([^<]*)<', page)
    assert heads == [
        ("table-section-1", "Indicators of CSG: Customer services"),
        ("table-section-1-2", f"Indicators of CSG: Customer services: {BILL_NAME}"),
    ]
    own = page.split('id="table-section-1-2"')[1].split("</table>")[0]
    assert "CSG-04" in own and "CSG-01" not in own
    assert f"Delivered by CSG (service: {BILL_NAME})" in page.split('id="below-target"')[1]
    # Lines end where they are full, so spaces are left out.
    read_out = "".join(text_of((await people.public.get(f"/reports/{QUARTER}.pdf")).content).split())
    assert "Customerservices:Counciltaxbill" in read_out and "(service:Counciltaxbill" in read_out
    sections = (await people.public.get(f"/reports/{QUARTER}.json")).json()["sections"]
    found = {one["id"]: (one["service"], one["service_name"]) for s in sections for one in s["indicators"]}
    assert found == {"CSG-01": ("", ""), "CSG-02": ("", ""), "CSG-04": (BILL, BILL_NAME)}
    file = (await people.public.get(f"/reports/{QUARTER}/indicators.csv")).text
    line = next(each for each in csv.DictReader(io.StringIO(file)) if each["id"] == "CSG-04")
    assert (line["service"], line["service_name"]) == (BILL, BILL_NAME)
    fields = {one["name"]: one for one in (await people.public.get("/reports/dictionary.json")).json()["indicator"]}
    assert not fields["service"]["required"] and "partner's services" in fields["service"]["meaning"]
    assert "service_name" in fields


async def test_the_form_and_the_file_refuse_a_service_of_somebody_else(people: People, draft: str) -> None:
    wrong = await people.drafting.post(f"{draft}/indicators/new", data=row("CSG-04", service="Missed bin"))
    assert wrong.status_code == 422
    assert 'href="#service">Missed bin is none of the services that CSG delivered' in wrong.text
    assert 'name="service" value="Missed bin"' in wrong.text
    head = "id,name,owner,partner,service_area,polarity,service\n"
    for name, status in (("Missed bin", 422), (BILL_NAME, 303)):
        sent = {"file": ("i.csv", f"{head}CSG-04,Name,Owner,CSG,Customer services,higher,{name}\n", "text/csv")}
        assert (await people.drafting.post(f"{draft}/csv", files=sent)).status_code == status
    # The form has its name, and a file without the column leaves it.
    page = (await people.drafting.get(draft)).text
    address = page.split('">CSG-04: ')[0].rsplit('href="', 1)[1]
    without = {"file": ("i.csv", f"{head[:-9]}\nCSG-04,Other name,Owner,CSG,Customer services,higher\n", "text/csv")}
    assert (await people.drafting.post(f"{draft}/csv", files=without)).status_code == 303
    form = html.unescape((await people.drafting.get(address)).text)
    assert f'name="service" value="{BILL_NAME}"' in form and 'value="Other name"' in form
    listed = form.split('<datalist id="service-known">')[1].split("</datalist>")[0]
    assert f'value="{BILL_NAME}"' in listed


async def test_the_next_report_carries_it(people: People, draft: str) -> None:
    await people.drafting.post(f"{draft}/indicators/new", data=row("CSG-04", service=BILL))
    for step in ("approve", "publish"):
        assert (await people.approving.post(f"{draft}/{step}")).status_code == 303
    begun = await people.drafting.post("/owner/reports", data={"code": "2017-q1", "preset": "barnet"})
    assert f"CSG, Customer services, {BILL_NAME}" in (await people.drafting.get(begun.headers["location"])).text
