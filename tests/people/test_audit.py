"""The audit trail is only added to, and an administrator finds in it who did what, without residents' words."""

import ast
import csv
import html
import io
import re
from datetime import timedelta
from uuid import uuid4

import httpx2
import procrastinate
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.browsers import SignIn
from tests.makers import make_agent, make_contact
from triage import audit, clock, contacts, journey, switching
from triage.database import transaction
from triage.outbox import jobs
from triage.people import trail
from triage.people.auditing import as_csv
from triage.people.schemas import AuditLine, AuditView
from triage.people.trail import PAGE_SIZE, WORDS
from triage.people.words import CONTACT, LEARNING, SWITCHES
from triage.settings import ROOT, get_settings
from triage.tables import Agent, Audit, Contact, LearningChange


@pytest.fixture
async def admin(signed_in: SignIn) -> httpx2.AsyncClient:
    """An administrator's browser."""
    return await signed_in(await make_agent(login="admin.test", name="Administrator", role="administrator"))


async def noted(what: str, by: Agent | None = None, **more: object) -> None:
    async with transaction() as session:
        await audit.note(session, what, by, **more)  # type: ignore[arg-type]


async def count() -> int:
    async with transaction() as session:
        return await session.scalar(select(func.count()).select_from(Audit)) or 0


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set what = 'signed_out'",
        "delete from audit",
        "truncate audit",
        "delete from audit where at < now()",
    ],
)
async def test_the_database_refuses_to_change_the_trail(database: str, statement: str) -> None:
    await noted("signed_in")
    with pytest.raises(DBAPIError, match="only added to"):
        async with transaction() as session:
            await session.execute(text(statement))
    assert await count() == 1


async def test_what_is_past_its_time_is_forgotten_by_its_own_function_alone(database: str) -> None:
    async with transaction() as session:
        session.add(Audit(what="signed_in", at=clock.now() - timedelta(days=800), detail={}))
        session.add(Audit(what="signed_in", at=clock.now() - timedelta(days=100), detail={}))
    with pytest.raises(DBAPIError, match="kept for a year"):
        async with transaction() as session:
            await session.execute(text("select audit_forget(now() - interval '30 days')"))
    assert await count() == 2
    async with transaction() as session:
        assert await session.scalar(text("select audit_forget(now() - interval '730 days')")) == 1
    with pytest.raises(DBAPIError):
        async with transaction() as session:
            await session.execute(text("delete from audit"))
    assert await count() == 1


async def test_only_what_has_a_word_is_noted(database: str) -> None:
    with pytest.raises(KeyError):
        await noted("something_else")
    kinds = (audit.WHAT, CONTACT, LEARNING, SWITCHES)
    assert len(WORDS) == sum(map(len, kinds)), "a word means one thing on the page"


def test_whatever_a_contacts_history_says_has_its_words() -> None:
    said = set()
    for path in (ROOT / "triage").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            where = {"note_history": 2, "_note": 2, "history_line": 1}.get(called)
            if where is not None and len(node.args) > where:
                said |= {one.value for one in ast.walk(node.args[where]) if isinstance(one, ast.Constant)}
    assert {"viewed", "moved", "sent again", "paused"} <= said <= set(CONTACT)


async def test_what_people_change_about_sorting_and_queues_is_on_it(admin: httpx2.AsyncClient) -> None:
    agent = await make_agent(login="supervisor.test", name="Supervisor, Test", role="supervisor")
    rule = str(uuid4())
    async with transaction() as session:
        for what, detail in (
            ("promoted", {"version": "better", "instead_of": "built", "reason": "Zelkova says so"}),
            ("rolled_back", {"version": "better", "to": "built", "reason": "Zelkova says so"}),
            ("rule_on", {"rule": rule, "name": "Zelkova trees", "version": 3}),
        ):
            session.add(LearningChange(what=what, agent_id=agent.id, detail=detail))
        await switching.switch(session, agent, "Q-WASTE", "auto")
        await switching.switch(session, await make_agent(), "Q-LIB", "by hand")

    async def rows(**asked: str) -> list[dict[str, str]]:
        found = await admin.get("/desk/audit.csv", params=asked)
        assert "Zelkova" not in found.text
        return list(csv.DictReader(io.StringIO(found.text)))

    found = {row["what"]: (row["about"], row["detail"]) for row in await rows(who="supervisor.test")}
    assert found["Promoted a sorter"] == ("better", "instead of: built")
    assert found["Went back to an earlier sorter"] == ("better", "to: built")
    assert found["Switched a rule for sorting on"] == (rule, "version: 3")
    queue, how = found[SWITCHES["assign_switched"]]
    assert queue == "Q-WASTE" and "assign: auto" in how
    assert [row["about"] for row in await rows(what="assign_switched")] == ["Q-LIB", "Q-WASTE"]
    assert [row["about"] for row in await rows(what="promoted")] == ["better"]
    assert not await rows(reference="BN-AAAA-BBBB")
    assert "Promoted a sorter" in (await admin.get("/desk/audit")).text


async def test_at_night_what_is_past_its_time_is_forgotten(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_AUDIT_DAYS", "400")
    get_settings.cache_clear()
    async with transaction() as session:
        for days in (401, 399):
            session.add(Audit(what="signed_in", at=clock.now() - timedelta(days=days), detail={}))
    connector = procrastinate.PsycopgConnector(conninfo=database)
    with jobs.replace_connector(connector):
        async with jobs.open_async():
            await journey.nightly(0)
    assert await count() == 1


async def test_the_page_shows_both_trails_and_no_residents_words(admin: httpx2.AsyncClient, signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE", login="agent.bins", name="Agent, Bins")
    contact_id = await make_contact(text="Priya Zelkova of 47 Quillfeather Road")
    client = await signed_in(agent)
    await client.get(f"/desk/contacts/{contact_id}")
    async with transaction() as session:
        reference = await session.scalar(select(Contact.reference))
        for what, detail in (("noted", {"text": "she is called Zelkova"}), ("closed", {"outcome": "told Zelkova"})):
            await contacts.note_history(session, contact_id, what, agent_id=agent.id, detail=detail)
        moved = {"from": "Q-WASTE", "to": "Q-STREET", "reason": "Zelkova says so"}
        await contacts.note_history(session, contact_id, "transferred", agent_id=agent.id, detail=moved)
    for page in (await admin.get("/desk/audit"), await admin.get("/desk/audit.csv")):
        assert page.status_code == 200
        for words in ("Looked at a contact", "Wrote a private note", "Passed a contact on", "Q-STREET", str(reference)):
            assert words in page.text, words
        assert "Agent, Bins (agent.bins)" in page.text
        for private in ("Zelkova", "Quillfeather"):
            assert private not in page.text
    # A look at a contact stands in its own history, and not twice.
    async with transaction() as session:
        assert not (await session.scalars(select(Audit).where(Audit.kind == "contact"))).all()


async def test_it_is_searched_by_person_reference_kind_and_day(admin: httpx2.AsyncClient) -> None:
    bins = await make_agent(login="agent.bins", name="Agent, Bins")
    tax = await make_agent(login="agent.tax", name="Agent, Tax")
    one, two = await make_contact(), await make_contact()
    async with transaction() as session:
        references = {row.id: row.reference for row in await session.scalars(select(Contact))}
        await contacts.note_history(session, one, "answered", agent_id=bins.id)
        await contacts.note_history(session, two, "answered", agent_id=tax.id)
        session.add(Audit(what="signed_in", agent_id=tax.id, at=clock.now() - timedelta(days=30), detail={}))

    async def rows(**asked: str) -> list[dict[str, str]]:
        found = await admin.get("/desk/audit.csv", params=asked)
        return list(csv.DictReader(io.StringIO(found.text)))

    assert {row["who"] for row in await rows(who="BINS")} == {"Agent, Bins (agent.bins)"}
    assert [row["about"] for row in await rows(reference=f" {references[one].lower()} ", what="answered")] == [
        references[one]
    ]
    assert len(await rows(what="answered")) == 2
    assert await rows(what="signed_in") == []
    day = (clock.today() - timedelta(days=30)).isoformat()
    assert len(await rows(what="signed_in", **{"from": day, "to": day})) == 1
    for odd in ({"who": "%"}, {"who": "_gent"}, {"what": "'; drop table audit"}, {"reference": "\\"}):
        assert not [row for row in await rows(**odd) if row["what"] != "Exported data"]
    for odd in ({"from": "yesterday"}, {"page": "-1"}, {"page": "999999999999"}, {"to": "2026-02-31"}):
        assert (await admin.get("/desk/audit", params=odd)).status_code == 200


async def test_it_is_read_a_page_at_a_time(admin: httpx2.AsyncClient) -> None:
    agent = await make_agent(login="agent.busy", name="Agent, Busy")
    async with transaction() as session:
        for _ in range(PAGE_SIZE + 5):
            await audit.note(session, "signed_out", agent)
    first = await admin.get("/desk/audit", params={"who": "agent.busy"})
    older = re.search(r'href="([^"]*before=[^"]*)">Older', first.text)
    assert older is not None
    second = await admin.get(html.unescape(older[1]))
    cell = '<td class="govuk-table__cell">Signed out</td>'
    assert (first.text.count(cell), second.text.count(cell)) == (PAGE_SIZE, 5)
    assert ">Newest</a>" not in first.text and ">Newest</a>" in second.text and ">Older</a>" not in second.text
    for odd in (
        "yesterday~1",
        "~",
        "2026-11-25T10:00:00~1",
        "2026-11-25T10:00:00+00:00~",
        "9999-12-31T23:59:59.999999+00:00~1",
        "'; drop table audit",
    ):
        again = await admin.get("/desk/audit", params={"who": "agent.busy", "before": odd})
        assert again.status_code == 200 and again.text.count(cell) == PAGE_SIZE, odd


async def test_a_busy_day_is_read_and_taken_away_whole(
    admin: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PAGE_SIZE", 4)
    monkeypatch.setattr(trail, "PART", 4)
    agent = await make_agent(login="agent.busy", name="Agent, Busy")
    moment = clock.now()
    async with transaction() as session:
        # Two at each moment, as of what is done in one transaction.
        session.add_all(
            Audit(
                what="signed_out",
                agent_id=agent.id,
                at=moment - timedelta(seconds=number // 2),
                detail={},
                about=str(number),
            )
            for number in range(11)
        )
    file = await admin.get("/desk/audit.csv", params={"who": "agent.busy"})
    assert [row["who"] for row in csv.DictReader(io.StringIO(file.text))] == ["Agent, Busy (agent.busy)"] * 11
    assert len({row["about"] for row in csv.DictReader(io.StringIO(file.text))}) == 11
    view, read = AuditView(who="agent.busy"), []
    while True:
        async with transaction() as session:
            found = await trail.search(session, view)
        read += [line.about for line in found.lines]
        if not found.older:
            break
        view = AuditView(who="agent.busy", before=found.older)
    assert len(read) == len(set(read)) == 11


async def test_reading_it_and_taking_it_away_are_on_it(admin: httpx2.AsyncClient) -> None:
    await admin.get("/desk/audit", params={"reference": "BN-AAAA-BBBB"})
    await admin.get("/desk/audit.csv", params={"who": "somebody"})
    async with transaction() as session:
        lines = (await session.scalars(select(Audit).order_by(Audit.at))).all()
    assert [(line.what, line.role, line.about) for line in lines] == [
        ("audit_read", "administrator", "BN-AAAA-BBBB"),
        ("exported", "administrator", None),
    ]
    assert lines[1].detail == {"searched": ["who"]}


def test_no_cell_starts_a_formula() -> None:
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", 'a"b', "a,b"]
    text_of = as_csv([AuditLine(clock.now(), name, name, name, name, name) for name in names])
    rows = list(csv.reader(io.StringIO(text_of)))
    assert len(rows) == len(names) + 1
    for row in rows[1:]:
        for cell in row[1:]:
            assert cell[0] == "'" or cell in ('a"b', "a,b"), cell


async def test_a_name_that_is_a_formula_is_safe_in_the_file(admin: httpx2.AsyncClient) -> None:
    agent = await make_agent(name="=HYPERLINK(1)")
    await noted("signed_in", agent)
    assert "'=HYPERLINK(1)" in (await admin.get("/desk/audit.csv")).text


async def test_an_address_is_kept_as_a_hash_that_only_we_can_make(database: str, signed_in: SignIn) -> None:
    client = await signed_in(await make_agent())
    await client.post("/desk/sign-out")
    async with transaction() as session:
        line = (await session.scalars(select(Audit))).one()
    assert line.address_hash is not None and len(line.address_hash) == 16
    assert b"127.0.0.1" not in line.address_hash
