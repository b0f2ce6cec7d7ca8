"""Notes on the chart, saved views and the monthly summary, as an owner keeps them."""

import csv
import io
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import select, update

from connectors.console.messages import ConsoleMessages
from connectors.errors import MessageRefused, SupplierUnavailable
from connectors.shapes import Receipt
from tests.makers import make_agent, session_of
from triage import access, clock
from triage.database import transaction
from triage.metrics.periods import Period
from triage.metrics.room import service, summaries
from triage.metrics.room.schemas import View
from triage.tables import Agent, Annotation, Audit, OwnerSubscription, OwnerSummary, SavedView, SignIn

MakeFacts = Callable[..., Awaitable[None]]
HERE = {"sec-fetch-site": "same-origin"}
USUAL = (9, 13, 14, 54, 60)


async def post(owner: httpx2.AsyncClient, path: str, **data: str) -> httpx2.Response:
    """Send one of the page's forms."""
    return await owner.post(path, data=data, headers=HERE)


async def two_years(make_facts: MakeFacts, **about: str) -> None:
    """24 months of 150 answers, 76 in every 100 satisfied."""
    for place in range(24):
        await make_facts(date(2014 + place // 12, place % 12 + 1, 9), USUAL, source="demo", **about)


async def test_a_note_is_on_the_chart_of_its_view_and_of_narrower_ones(
    owner: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    await two_years(make_facts)
    sent = await post(owner, "/owner/notes?source=demo&queue=Q-WASTE", words="Strike  at the\ndepot", month="2015-08")
    assert (sent.status_code, sent.headers["location"]) == (303, "/owner?source=demo&queue=Q-WASTE#notes")
    for address in ("queue=Q-WASTE", "queue=Q-WASTE&service=missed_bin"):
        page = (await owner.get(f"/owner?source=demo&{address}")).text
        assert "August 2015: Strike at the depot" in page
        assert page.count("owner-pchart__mark") >= 1
    for address in ("source=demo", "queue=Q-WASTE"):
        assert "Strike at the depot" not in (await owner.get(f"/owner?{address}")).text


async def test_a_declared_change_begins_a_new_baseline(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await two_years(make_facts)
    for month in range(1, 13):
        await make_facts(date(2016, month, 9), (3, 5, 7, 55, 80), source="demo")
    assert "It is going up" in (await owner.get("/owner?source=demo")).text
    await post(owner, "/owner/notes?source=demo", words="A new round", month="2016-01", change="true", kind="service")
    page = (await owner.get("/owner?source=demo")).text
    assert "It is going up" not in page and "A new baseline begins." in page
    lines = (await owner.get("/owner/satisfaction.csv?source=demo&table=month")).text.splitlines()
    assert "A new round (a new baseline begins)" in lines[25] and "part of the baseline" in lines[25]


async def test_what_kind_of_note_it_is_and_whose_is_shown_and_in_the_file(
    owner: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    await two_years(make_facts)
    await post(owner, "/owner/notes?source=demo", words="A new round", month="2015-08", kind="service")
    await post(owner, "/owner/notes?source=demo", words="Strike", month="2015-08")
    page = " ".join((await owner.get("/owner?source=demo")).text.split())
    shown = (
        r"August 2015: A new round <span[^>]*>\(The service changed. Written by: service owner\)</span>",
        r"August 2015: Strike <span[^>]*>\(Something that happened. Written by: service owner\)</span>",
    )
    assert all(re.search(words, page) for words in shown)
    assert "Something that happened (a strike, a storm)" in page
    file = (await owner.get("/owner/satisfaction.csv?source=demo&table=month")).text
    line = next(line for line in csv.DictReader(io.StringIO(file)) if line["code"] == "2015-08")
    assert set(line["notes"].split("; ")) == {"A new round", "Strike"}
    assert set(line["kinds of note"].split("; ")) == {"The service changed", "Something that happened"}
    assert line["written by"] == "service owner; service owner"
    # Under the same view's other figures, of the months that they show.
    there = "/owner/figures/satisfaction?source=demo&since=2015-06&until="
    assert re.search(shown[0], " ".join((await owner.get(f"{there}2015-09")).text.split()))
    for elsewhere in (f"{there}2015-07", f"{there.replace('demo', 'import')}2015-09"):
        assert "A new round" not in (await owner.get(elsewhere)).text


async def test_who_wrote_and_who_took_off_is_on_record(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await two_years(make_facts)
    await post(owner, "/owner/notes?source=demo", words="Strike", month="2015-08")
    async with transaction() as session:
        note = (await session.scalars(select(Annotation))).one()
    assert (await post(owner, f"/owner/notes/{note.id}/remove?source=demo")).status_code == 303
    assert "August 2015: Strike" not in (await owner.get("/owner?source=demo")).text
    async with transaction() as session:
        trail = (await session.scalars(select(Audit).where(Audit.kind == "chart").order_by(Audit.at))).all()
        kept = (await session.scalars(select(Annotation))).one()
    assert [line.what for line in trail] == ["chart_noted", "chart_note_removed"]
    assert all(line.agent_id == note.made_by and line.about == str(note.id) for line in trail)
    assert trail[1].detail["words"] == "Strike" and kept.removed_by == note.made_by
    assert (await post(owner, f"/owner/notes/{note.id}/remove")).status_code == 404


@pytest.mark.parametrize(
    ("words", "month"),
    [("", "2015-08"), ("   ", "2015-08"), ("x" * 201, "2015-08"), ("x", "August"), ("x", "9999-01"), ("x", "1066-10")],
)
async def test_a_note_that_makes_no_sense_is_not_kept_and_said_so(
    owner: httpx2.AsyncClient, words: str, month: str
) -> None:
    answer = await post(owner, "/owner/notes", words=words, month=month)
    assert answer.status_code == 422 and "This was not kept" in answer.text
    async with transaction() as session:
        assert not (await session.scalars(select(Annotation))).all()


async def test_a_form_of_another_site_writes_nothing(owner: httpx2.AsyncClient) -> None:
    for path in ("/owner/notes", "/owner/views", "/owner/summary", "/owner/summary/stop"):
        answer = await owner.post(
            path, data={"words": "x", "month": "2015-08"}, headers={"sec-fetch-site": "cross-site"}
        )
        assert answer.status_code == 403


async def test_a_view_is_kept_under_its_name_and_is_nobody_elses(owner: httpx2.AsyncClient) -> None:
    await post(owner, "/owner/views?service=missed_bin", name="Bins")
    await post(owner, "/owner/views?service=missed_bin&by=month", name="Bins")
    page = (await owner.get("/owner")).text
    assert 'href="/owner?service=missed_bin&amp;by=month">Bins</a>' in page and page.count(">Bins</a>") == 1
    async with transaction() as session:
        kept = (await session.scalars(select(SavedView))).one()
    mine = owner.cookies[access.DESK_COOKIE]
    owner.cookies.set(access.DESK_COOKIE, await session_of(await make_agent(role="owner", name="Another owner")))
    assert ">Bins</a>" not in (await owner.get("/owner")).text
    assert (await post(owner, f"/owner/views/{kept.id}/remove")).status_code == 404
    owner.cookies.set(access.DESK_COOKIE, mine)
    assert ">Bins</a>" in (await owner.get("/owner")).text
    await post(owner, f"/owner/views/{kept.id}/remove")
    assert ">Bins</a>" not in (await owner.get("/owner")).text
    assert (await post(owner, "/owner/views", name=" ")).status_code == 422


async def test_the_summary_is_sent_once_a_month_to_whoever_asked(
    owner: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    month = service.summary_month(clock.today())
    await make_facts(month.start, USUAL)
    console = ConsoleMessages()
    assert await summaries.deliver_by(console) == 0
    assert (await post(owner, "/owner/summary?service=missed_bin", email="owner@example.gov.uk")).status_code == 303
    assert await summaries.deliver_by(console) == 1
    assert await summaries.deliver_by(console) == 0
    (sent,) = console.outbox
    assert sent.to == "owner@example.gov.uk" and sent.fields["subject"] == f"{month.name}: how satisfied people were"
    # 114 of 150: 76, Wilson 68.6 to 82.1.
    assert f"In {month.name}, 76 in every 100 people who rated" in sent.fields["text"]
    assert "(between 69 and 82; 150 answers)" in sent.fields["text"]
    assert "/owner?service=missed_bin" in sent.fields["text"]


async def test_a_summary_does_not_say_what_the_page_holds_back(database: str, make_facts: MakeFacts) -> None:
    for month, levels in ((1, (6, 0, 0, 12, 12)), (2, (3, 0, 0, 0, 9)), (3, (4, 0, 0, 0, 0))):
        await make_facts(date(2026, month, 15), levels)
    async with transaction() as session:
        february = (await summaries.write(session, View(), Period(date(2026, 2, 1), "month")))["text"]
        march = (await summaries.write(session, View(), Period(date(2026, 3, 1), "month")))["text"]
    assert "In February 2026, 12 people rated us. What they said is held back" in february
    assert "in every 100 people who rated us" not in february
    assert "In March 2026, 4 people rated us: too few to show a figure" in march and "75" not in march


async def test_whoever_stops_it_gets_none(owner: httpx2.AsyncClient) -> None:
    await post(owner, "/owner/summary", email="owner@example.gov.uk")
    assert "Sent to owner@example.gov.uk" in (await owner.get("/owner")).text
    await post(owner, "/owner/summary/stop")
    console = ConsoleMessages()
    assert await summaries.deliver_by(console) == 0 and not console.outbox
    async with transaction() as session:
        trail = (await session.scalars(select(Audit).where(Audit.kind == "person").order_by(Audit.at))).all()
    assert [line.what for line in trail] == ["summary_asked", "summary_stopped"]
    assert "example.gov.uk" not in str([line.detail for line in trail])


@pytest.mark.parametrize("email", ["", "nobody", "07700 900123", "a@example.org, b@example.org"])
async def test_only_an_email_address_is_taken(owner: httpx2.AsyncClient, email: str) -> None:
    assert (await post(owner, "/owner/summary", email=email)).status_code == 422


class Failing:
    """A supplier that fails as it is told to."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.tried = 0

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """See connectors.kinds.Messages.send."""
        self.tried += 1
        raise self.error


At = Callable[[datetime], Awaitable[None]]


@pytest.fixture
def at(owner: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> At:
    """Holds the clock at a moment, with the owner signed in then."""

    async def hold(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)
        # How a supplier is doing is another test's matter.
        monkeypatch.setattr(summaries, "left_alone_until", _never_left_alone)
        async with transaction() as session:
            agent = (await session.scalars(select(Agent).where(Agent.role == "owner"))).one()
        owner.cookies.set(access.DESK_COOKIE, await session_of(agent))
        # Tables have the clock as it was when they were read in, and a session that has rested too long ends.
        async with transaction() as session:
            await session.execute(update(SignIn).values(acted_at=moment, seen_at=moment))

    return hold


async def _never_left_alone(*_: object) -> None:
    return None


# The first try of the day on which summaries begin to go out.
FIRST = datetime(2026, 12, 1, 7, 11, tzinfo=UTC)


async def summary() -> OwnerSummary:
    """The only one that there is."""
    async with transaction() as session:
        return (await session.scalars(select(OwnerSummary))).one()


@pytest.mark.parametrize(
    ("error", "state", "said"),
    [
        (SupplierUnavailable("down"), "due", "could not be sent yet. We will try again."),
        (MessageRefused("no such address"), "failed", "could not be sent. All of it is on this page."),
        (RuntimeError("bug"), "due", "could not be sent yet. We will try again."),
    ],
)
async def test_a_summary_that_could_not_be_sent_waits_or_is_given_up_and_the_page_says_so(
    owner: httpx2.AsyncClient, at: At, error: Exception, state: str, said: str
) -> None:
    await post(owner, "/owner/summary", email="owner@example.gov.uk")
    assert "could not be sent" not in (await owner.get("/owner")).text
    await at(FIRST)
    failing = Failing(error)
    assert await summaries.deliver_by(failing) == 0
    assert await summaries.deliver_by(failing) == 0
    # Not again at once: two hours later, or not at all.
    assert failing.tried == 1
    assert (await summary()).state == state
    page = await owner.get("/owner")
    assert f"The summary of November 2026 {said}" in page.text
    # Whoever asks again, with the right address perhaps, is sent it.
    await post(owner, "/owner/summary/stop")
    assert "could not be sent" not in (await owner.get("/owner")).text
    await at(FIRST + timedelta(hours=3))
    await post(owner, "/owner/summary", email="right@example.gov.uk")
    console = ConsoleMessages()
    assert await summaries.deliver_by(console) == 1
    assert console.outbox[0].to == "right@example.gov.uk"
    assert "could not be sent" not in (await owner.get("/owner")).text


async def test_tries_are_spread_over_days_and_what_is_left_is_given_up(owner: httpx2.AsyncClient, at: At) -> None:
    await post(owner, "/owner/summary", email="owner@example.gov.uk")
    failing, tried = Failing(SupplierUnavailable("down")), []
    for hour in range(24 * 7):
        moment = FIRST + timedelta(hours=hour)
        await at(moment)
        before = failing.tried
        await summaries.deliver_by(failing)
        tried += [hour] if failing.tried > before else []
    assert tried == [0, 2, 8, 32, 80]
    assert (await summary()).state == "failed"


async def test_a_summary_of_an_earlier_month_that_did_not_go_out_is_not_left_as_due(
    owner: httpx2.AsyncClient, at: At
) -> None:
    await post(owner, "/owner/summary", email="owner@example.gov.uk")
    await at(datetime(2026, 12, 7, 16, 30, tzinfo=UTC))
    await summaries.deliver_by(Failing(SupplierUnavailable("down")))
    # Two hours later nobody sends any more.
    assert (await summary()).state == "failed"
    async with transaction() as session:
        (await session.scalars(select(OwnerSummary))).one().state = "due"
    assert "The summary of November 2026 could not be sent yet" in (await owner.get("/owner")).text
    await at(datetime(2027, 1, 1, 8, tzinfo=UTC))
    assert "The summary of November 2026 could not be sent. All" in (await owner.get("/owner")).text
    assert await summaries.deliver_by(ConsoleMessages()) == 1
    async with transaction() as session:
        kept = {one.month: one.state for one in await session.scalars(select(OwnerSummary))}
    assert kept == {date(2026, 11, 1): "failed", date(2026, 12, 1): "sent"}


async def test_the_months_of_a_view_are_not_those_of_its_summary(
    owner: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    month = service.summary_month(clock.today())
    await make_facts(month.start, USUAL)
    address = "/owner/summary?service=missed_bin&since=2015-01&until=2016-03&by=month"
    assert (await post(owner, address, email="owner@example.gov.uk")).status_code == 303
    async with transaction() as session:
        kept = (await session.scalars(select(OwnerSubscription))).one()
    assert kept.address == "?service=missed_bin"
    console = ConsoleMessages()
    await summaries.deliver_by(console)
    assert f"In {month.name}, 76 in every 100 people who rated" in console.outbox[0].fields["text"]


@pytest.mark.parametrize("source", ["import", "demo"])
async def test_of_figures_to_which_no_new_ones_come_no_summary_is_taken(owner: httpx2.AsyncClient, source: str) -> None:
    answer = await post(owner, f"/owner/summary?source={source}", email="owner@example.gov.uk")
    assert answer.status_code == 422 and "Open the page of live figures, and ask there." in answer.text
    assert 'name="email"' not in (await owner.get(f"/owner?source={source}")).text
    async with transaction() as session:
        assert not (await session.scalars(select(OwnerSubscription))).all()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("?service=missed_bin&until=2016-03&since=2015-01", ""),
        ("?source=import&service=missed_bin", "You asked for a summary of past figures."),
        ("?source=demo&partner=csg", "You asked for a summary of made-up figures."),
        ("?ward=Hendon", "You asked for a summary of one ward."),
    ],
)
async def test_what_was_kept_before_such_views_were_refused_does_not_say_that_nobody_rated_us(
    owner: httpx2.AsyncClient, make_facts: MakeFacts, address: str, why: str
) -> None:
    month = service.summary_month(clock.today())
    await make_facts(month.start, USUAL)
    await post(owner, "/owner/summary", email="owner@example.gov.uk")
    async with transaction() as session:
        (await session.scalars(select(OwnerSubscription))).one().address = address
    console = ConsoleMessages()
    assert await summaries.deliver_by(console) == 1
    text = console.outbox[0].fields["text"]
    assert text.startswith(why) and "nobody rated" not in text
    assert f"In {month.name}, 76 in every 100 people who rated" in text
