"""What each indicator counts, and out of how many, stands in the page and in the PDF."""

import html
import re
from datetime import date

from tests.metrics.conftest import MakeFact
from tests.metrics.reporting.conftest import QUARTER, People, row
from tests.metrics.reporting.test_pdf import text_of
from triage.catalogue import catalogue


async def test_the_published_report_says_what_it_counts_and_of_how_many(
    people: People, draft: str, fact: MakeFact
) -> None:
    for level, count in (("within", 30), ("late", 10)):
        await fact(date(2016, 11, 1), "clock", f"first:{level}", count, partner="csg")
    await fact(date(2016, 11, 1), "settle_time", "2880", 40, partner="csg")
    chosen = {"figure": ["first_in_time", "settlement_median"]}
    assert (await people.drafting.post(f"{draft}/figures", data=chosen)).status_code == 303
    calls = {"definition": "Calls that a person answered within a minute.", "source": "The phone system"}
    typed = row("CSG-04", numerator="970", denominator="1000", **calls)
    assert (await people.drafting.post(f"{draft}/indicators/new", data=typed)).status_code == 303
    # A source alone does not say what is counted.
    only_source = row("CSG-05", source="Its own books")
    assert (await people.drafting.post(f"{draft}/indicators/new", data=only_source)).status_code == 303
    for step in ("approve", "publish"):
        assert (await people.approving.post(f"{draft}/{step}")).status_code == 303
    page = (await people.public.get(f"/reports/{QUARTER}")).text
    read = text_of((await people.public.get(f"/reports/{QUARTER}.pdf")).content)
    for shown in (page, read):
        # Lines end where they are full, so spaces are left out.
        text = shown.replace(" ", "")
        assert "30of40" in text and "970of1,000" in text
        # All 40 lie evenly between one day and two.
        assert "36hours" in text and "2,160minutes" not in text
        listed = text.split("Whateachindicatorcounts")[1]
        assert "Callsthatapersonansweredwithinaminute.Source:Thephonesystem." in listed
        assert "Ofthefirstanswers" in listed
        assert "Source:Itsownbooks." in listed and "What3indicatorscountwasnotwrittendown." in listed


async def test_the_next_report_carries_what_it_counts(people: People, draft: str) -> None:
    await people.drafting.post(f"{draft}/indicators/new", data=row("CSG-04", definition="Calls in a minute."))
    for step in ("approve", "publish"):
        await people.approving.post(f"{draft}/{step}")
    begun = await people.drafting.post("/owner/reports", data={"code": "2017-q1", "preset": "barnet"})
    page = (await people.drafting.get(begun.headers["location"])).text
    address = page.split('">CSG-04: ')[0].rsplit('href="', 1)[1]
    assert ">Calls in a minute.</textarea>" in (await people.drafting.get(address)).text


async def test_the_names_of_partners_and_areas_are_suggested(people: People, draft: str) -> None:
    note = {"kind": "success", "partner": "Re", "area": "Planning", "text": "Faster."}
    await people.drafting.post(f"{draft}/notes", data=note)
    ours = {partner.name for partner in catalogue().partners.values()}
    for path, area in ((draft, "area"), (f"{draft}/indicators/new", "service_area")):
        page = (await people.drafting.get(path)).text
        assert ours | {"CSG", "Re"} == set(_known(page, "partner"))
        assert {"Customer services", "Planning"} <= set(_known(page, area))


def _known(page: str, name: str) -> list[str]:
    assert f'list="{name}-known"' in page
    listed = page.split(f'<datalist id="{name}-known">')[1].split("</datalist>")[0]
    return [html.unescape(one) for one in re.findall('<option value="([^"]*)">', listed)]
