"""What the demonstration shows on every owner page: made up, said to be so, and by the way that real rows come."""

import csv
import html
import io
import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import func, select

from tests.demo.test_history import QUARTER
from tests.makers import make_agent, session_of
from triage import access, demo
from triage.app import build
from triage.database import transaction
from triage.demo.people import COMMENTS
from triage.demo.story import LEFT_BEHIND, WARDS
from triage.metrics.comments import steps
from triage.metrics.importing import service
from triage.settings import get_settings
from triage.tables import CommentReading, Fact, ImportedComment, Referral, SurveyImport, YouSaid

MADE_UP = "Demonstration, not real"


@pytest.fixture
async def owner(database: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser in which a service owner has signed in."""
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(build()), base_url="https://testserver", headers=headers
    ) as browser:
        browser.cookies.set(access.DESK_COOKIE, await session_of(await make_agent(role="owner", name="Service owner")))
        yield browser


async def text_of(owner: httpx2.AsyncClient, path: str) -> str:
    """The words of a page that says it is made up, one space between them."""
    page = await owner.get(path)
    assert page.status_code == 200, page.text
    assert MADE_UP in page.text, path
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


async def rows(owner: httpx2.AsyncClient, path: str) -> dict[str, dict[str, str]]:
    found = csv.DictReader(io.StringIO((await owner.get(path)).text))
    return {row.get("group") or row["code"]: row for row in found}


async def _comments() -> UUID:
    async with transaction() as session:
        found = await session.scalars(
            select(SurveyImport.id).where(SurveyImport.file_name == COMMENTS.name, SurveyImport.taken_back_at.is_(None))
        )
        return found.one()


async def _counted() -> tuple[int, int]:
    """How many facts there are without comments, and what they add up to."""
    async with transaction() as session:
        wanted = select(func.count(), func.sum(Fact.count)).where(Fact.measure != "comment")
        n, whole = (await session.execute(wanted)).one()
    return n, whole


async def test_every_page_of_the_demonstration_has_something_to_say(
    trained: None, owner: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await demo.load()
    # As in a house that has its history already, and is given the comments by an upgrade: the history stays.
    first = await _comments()
    async with transaction() as session:
        await service.take_back(session, first, "As if it were not there yet", None)
    await demo.make_history(*QUARTER)
    before = await _counted()
    await demo.load()
    assert await _counted() == before
    again = await _comments()
    async with transaction() as session:
        await steps.read_imported(session, again)

    # Comments, and what was done about them.
    said = await text_of(owner, "/owner/comments?source=demo")
    assert "12 months up to December 2016." in said
    assert "129 comments)" in said
    waiting = await text_of(owner, "/owner/comments?source=demo&theme=waiting&service=homelessness")
    assert "made up" in waiting and "You are right: it takes longer than it did in spring." in waiting
    assert "You are right" in await text_of(owner, "/you-said-we-did?source=demo")
    assert "Nothing has been published here yet" in (await owner.get("/you-said-we-did")).text

    # Groups: one ward where it is really worse, and one group that is further away by chance alone.
    groups = await text_of(owner, "/owner/gaps?source=demo")
    assert f"Worse for them, by more than chance explains: {LEFT_BEHIND} (" in groups
    assert "Better for them" not in groups
    found = await rows(owner, "/owner/gaps.csv?source=demo")
    verdicts = {name: row["verdict"] for name, row in found.items()}
    assert set(WARDS) <= set(found) and all(ward.endswith("(made up)") for ward in WARDS)
    assert [name for name, verdict in verdicts.items() if "lower" in verdict or "higher" in verdict] == [LEFT_BEHIND]
    apart = {name for name in WARDS if abs(float(found[name]["difference in points"])) > 5}
    assert apart > {LEFT_BEHIND} and {verdicts[name] for name in apart - {LEFT_BEHIND}} == {
        "no more than chance explains"
    }
    assert {row["source"] for row in found.values()} == {"demo"}
    assert (await owner.get("/owner/gaps?source=demo&quarter=2017-q1")).status_code == 422

    # Help into work: no real team's name beside what was made up.
    work = await text_of(owner, "/owner/referrals?source=demo")
    assert "people were referred to Jobs team (made up)." in work and "for each £1" in work
    assert "BOOST" not in work and "Task Force" not in work
    assert "Nobody was referred to BOOST." in (await owner.get("/owner/referrals")).text

    # Nothing of it is among residents', and in production there is none.
    async with transaction() as session:
        kinds = (CommentReading, Referral, YouSaid)
        assert [await session.scalar(select(func.count()).select_from(table)) for table in kinds] == [0, 0, 0]
        assert await session.scalar(select(func.count()).select_from(ImportedComment)) == 129
    assert "too few comments" in (await owner.get("/owner/comments?months=36")).text
    monkeypatch.setenv("FRONTDOOR_ENVIRONMENT", "production")
    get_settings.cache_clear()
    for path in ("/owner/comments", "/owner/comments.csv", "/owner/referrals", "/you-said-we-did"):
        answer = await owner.get(f"{path}?source=demo")
        assert answer.status_code == 404 and "There is no demonstration here" in answer.text, path
