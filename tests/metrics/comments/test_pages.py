"""The owner's page of comments, and "you said, we did", as browsers get them."""

import csv
import io
from datetime import datetime, timedelta
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select

from tests.browsers import Browser, NewBrowser, SignIn
from tests.makers import make_agent
from tests.metrics.comments.conftest import MakeComment
from triage import clock
from triage.database import transaction
from triage.metrics.comments.service import months_up_to
from triage.tables import Annotation, Audit, YouSaid


@pytest.fixture
async def owner(sign_in: SignIn) -> Browser:
    return await sign_in(await make_agent(role="owner", name="Service owner"))


def lines(answer: httpx2.Response) -> list[dict[str, str]]:
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def month_before() -> datetime:
    """A moment in last month, in London."""
    first = clock.now().astimezone(clock.LONDON).replace(day=1, hour=12)
    return first - timedelta(days=3)


async def noted(what: str) -> int:
    async with transaction() as session:
        return len((await session.scalars(select(Audit.id).where(Audit.what == what))).all())


async def test_the_pages_are_for_owners(new_browser: NewBrowser, sign_in: SignIn) -> None:
    agent = await sign_in(await make_agent(role="agent"))
    for path in ("/owner/comments", "/owner/comments.csv", "/owner/said", f"/owner/said/{uuid4()}"):
        assert (await new_browser().get(path)).status_code in (303, 401)
        assert (await agent.get(path)).status_code == 403
    for path in ("/owner/said", f"/owner/said/{uuid4()}/publish", f"/owner/said/{uuid4()}/withdraw"):
        assert (await agent.post(path, data={})).status_code == 403


async def test_nothing_is_shown_under_ten(owner: Browser, make_comment: MakeComment) -> None:
    for _ in range(9):
        await make_comment("Took far too long", month_before(), "waiting", sentiment=4)
    page = (await owner.get("/owner/comments?theme=waiting")).text
    assert "Took far too long" not in page
    assert "Comments are shown from the tenth" in page
    assert "too few comments to show" in (await owner.get("/owner/comments")).text
    by_theme = {row["code"]: row for row in lines(await owner.get("/owner/comments.csv"))}
    assert by_theme["waiting"]["in every 100"] == ""
    assert by_theme["waiting"]["about this"] == "too few to show"
    assert await noted("words_seen") == 0


async def test_what_happened_stands_under_a_themes_trend(owner: Browser) -> None:
    """An owner's notes on the chart of satisfaction, of the same source and service."""
    writer, day = await make_agent(role="owner"), month_before().date()
    async with transaction() as session:
        for words, source, service in (
            ("A strike", "live", ""),
            ("A new bill", "live", "council_tax_bill"),
            ("Made up", "demo", ""),
        ):
            about = {"source": source, "service": service, "made_by": writer.id}
            session.add(Annotation(day=day, words=words, kind="event", change=False, **about))

    async def seen(query: str) -> set[str]:
        page = (await owner.get(f"/owner/comments?{query}")).text
        return {words for words in ("A strike", "A new bill", "Made up") if words in page}

    assert await seen("theme=waiting") == {"A strike"}
    assert await seen("theme=waiting&service=council_tax_bill") == {"A strike", "A new bill"}
    # Of all themes there is no trend, and of months before it nothing happened.
    assert await seen("") == await seen("theme=waiting&until=2020-01") == set()


async def test_from_ten_a_theme_has_its_share_trend_and_examples(owner: Browser, make_comment: MakeComment) -> None:
    for at in range(12):
        await make_comment(f"Slow, comment {at}", month_before() + timedelta(minutes=at), "waiting", sentiment=4)
    for _ in range(28):
        await make_comment("Lovely people", month_before(), "manner", sentiment=1)
    for _ in range(9):
        await make_comment("Slow in the demonstration", month_before(), "waiting", demo=True)
    by_theme = {row["code"]: row for row in lines(await owner.get("/owner/comments.csv"))}
    # 12 of 40: 30.0 %, Wilson 18.1 to 45.4; all 12 sound unhappy.
    waiting = by_theme["waiting"]
    assert [waiting[name] for name in ("comments", "about this", "in every 100", "low", "high")] == [
        "40",
        "12",
        "30.0",
        "18.1",
        "45.4",
    ]
    assert waiting["unhappy in every 100 of them"] == "100.0"
    page = (await owner.get("/owner/comments?theme=waiting")).text
    # The newest five and no more.
    assert [at for at in range(12) if f"Slow, comment {at}<" in page] == [7, 8, 9, 10, 11]
    assert "demonstration" not in page
    assert await noted("words_seen") == 1
    overview = (await owner.get("/owner/comments")).text
    assert (
        "“Staff and manner” is mentioned most: in 70 of every 100 comments (between 55 and 82; 40 comments)" in overview
    )
    assert "Slow, comment" not in overview


async def test_a_trend_is_said_and_drawn(owner: Browser, make_comment: MakeComment) -> None:
    before, now = month_before() - timedelta(days=31), month_before()
    for at, about in ((before, 12), (now, 48)):
        for number in range(60):
            await make_comment("About it", at, "getting_through" if number < about else "praise")
    page = (await owner.get("/owner/comments?theme=getting_through&months=3")).text
    assert "More people mention this now: 80 in every 100 comments" in page
    assert '<svg class="comments-chart"' in page
    by_month = lines(await owner.get("/owner/comments.csv?theme=getting_through&months=3"))
    assert [row["in every 100"] for row in by_month][:2] == ["20.0", "80.0"]


async def test_filters_stay_in_the_address(owner: Browser, make_comment: MakeComment) -> None:
    for service in ("missed_bin", "parks"):
        for _ in range(10):
            await make_comment(f"About {service}", month_before(), "waiting", service=service)
    page = (await owner.get("/owner/comments?theme=waiting&service=parks&months=6")).text
    assert "About parks" in page
    assert "About missed_bin" not in page
    assert "/owner/comments.csv?theme=waiting&amp;service=parks&amp;months=6" in page
    assert (await owner.get("/owner/comments?theme=nonsense")).status_code == 404
    assert (await owner.get("/owner/comments?months=1000")).status_code == 422


async def test_a_comment_is_text_on_the_page(owner: Browser, make_comment: MakeComment) -> None:
    for _ in range(10):
        await make_comment("<script>alert(1)</script>", month_before(), "waiting")
    page = (await owner.get("/owner/comments?theme=waiting")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_an_entry_is_drafted_changed_published_and_withdrawn(owner: Browser, new_browser: NewBrowser) -> None:
    public = new_browser()
    assert "Nothing has been published here yet" in (await public.get("/you-said-we-did")).text
    entry = {"theme": "getting_through", "service": "", "said": "You could not get through.", "did": "More people."}
    assert (await owner.post("/owner/said", data=entry)).status_code == 303
    async with transaction() as session:
        kept = (await session.scalars(select(YouSaid))).one()
    assert kept.state == "draft"
    assert "You could not get through" not in (await public.get("/you-said-we-did")).text
    changed = entry | {"did": "Two more people answer the phone from 9am."}
    assert "More people." in (await owner.get(f"/owner/said/{kept.id}")).text
    assert (await owner.post(f"/owner/said/{kept.id}", data=changed)).status_code == 303
    for _ in range(2):
        assert (await owner.post(f"/owner/said/{kept.id}/publish")).status_code == 303
    page = (await public.get("/you-said-we-did")).text
    assert "Two more people answer the phone from 9am." in page
    assert "Published" in page
    # What was published stays as it was said.
    assert (await owner.post(f"/owner/said/{kept.id}", data=entry)).status_code == 409
    assert (await owner.get(f"/owner/said/{kept.id}")).status_code == 409
    assert (await owner.post(f"/owner/said/{kept.id}/withdraw")).status_code == 303
    assert "Two more people" not in (await public.get("/you-said-we-did")).text
    assert (await owner.post(f"/owner/said/{kept.id}/publish")).status_code == 409
    assert [await noted(f"said_{what}") for what in ("written", "published", "withdrawn")] == [2, 1, 1]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"theme": ""}, "Choose a theme"),
        ({"service": "no_such_service"}, "Choose a service"),
        ({"said": " "}, "Write what people said, in 300 characters or fewer"),
        ({"did": "x" * 901}, "Write what we did, in 900 characters or fewer"),
    ],
)
async def test_what_cannot_be_kept_is_said_and_stays_typed(owner: Browser, wrong: dict[str, str], why: str) -> None:
    entry = {"theme": "waiting", "service": "", "said": "You waited.", "did": "We were quicker."} | wrong
    page = await owner.post("/owner/said", data=entry)
    assert page.status_code == 422
    assert why in page.text
    assert "We were quicker." in page.text or "did" in wrong


async def test_another_website_cannot_publish(owner: Browser) -> None:
    answer = await owner.post("/owner/said", data={}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_months_run_over_the_new_year() -> None:
    found = months_up_to(datetime(2026, 2, 3).date(), 3)
    assert [one.isoformat() for one in found] == ["2025-12-01", "2026-01-01", "2026-02-01"]
