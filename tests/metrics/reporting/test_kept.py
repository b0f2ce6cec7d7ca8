"""What was published stays as it was, whoever asks the database to change it."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.metrics.reporting.conftest import People, row
from triage.database import transaction
from triage.metrics.reporting import publishing, service
from triage.metrics.reporting.entries import read_one
from triage.tables import Audit, Report


def id_of(address: str) -> UUID:
    return UUID(address.rsplit("/", 1)[1])


async def run(statement: str, **values: object) -> None:
    async with transaction() as session:
        await session.execute(text(statement), values)


@pytest.mark.parametrize(
    "statement",
    [
        "update report set content = '{}'",
        "update report set pdf = 'x'",
        'update report set front = \'{"title": "Better"}\'',
        "update report set state = 'draft', approved_by = null",
        "delete from report",
        "truncate report cascade",
        "update report_indicator set result = 99",
        "delete from report_indicator",
        "truncate report_indicator",
        "insert into report_note (id, report_id, kind, partner, area, text, entered_by, entered_at) "
        "select gen_random_uuid(), id, 'success', 'CSG', 'CSG', 'All well', drafted_by, now() from report",
    ],
)
async def test_the_database_refuses_to_change_what_was_published(published: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"kept|only a draft"):
        await run(statement)


async def test_an_indicator_is_not_moved_out_of_a_published_report(people: People, published: str) -> None:
    async with transaction() as session:
        other = await service.begin(session, people.drafter, "2017-q1", "barnet")
    with pytest.raises(ProgrammingError, match="only a draft"):
        await run(
            "update report_indicator set report_id = :other where report_id = :this",
            other=other.id,
            this=id_of(published),
        )


@pytest.mark.parametrize("statement", ["update report_correction set now = 'x'", "delete from report_correction"])
async def test_a_correction_stays_too(people: People, published: str, statement: str) -> None:
    said = {"about": "CSG-01", "was": "97%", "now": "96%", "why": "Counted twice."}
    await people.approving.post(f"{published}/corrections", data=said)
    with pytest.raises(ProgrammingError, match="only added to"):
        await run(statement)


async def test_a_draft_is_not_corrected(people: People, draft: str) -> None:
    with pytest.raises(ProgrammingError, match="only a published report"):
        await run(
            "insert into report_correction (id, report_id, at, agent_id, role, about, was, now, why) "
            "values (:id, :report, now(), :agent, 'Service owner', 'a', 'b', 'c', 'd')",
            id=uuid4(),
            report=id_of(draft),
            agent=people.approver.id,
        )


async def test_an_approved_report_is_published_as_it_was_approved(people: People, draft: str) -> None:
    await people.approving.post(f"{draft}/approve")
    for statement in (
        "update report set front = '{}'",
        "update report set state = 'approved', preset = 'havering'",
        "update report set state = 'published', approved_digest = 'x'",
    ):
        with pytest.raises(ProgrammingError, match="as it was approved"):
            await run(statement)
    with pytest.raises(ProgrammingError, match="only a draft"):
        await run("update report_indicator set result = 99")


async def test_nobody_approves_their_own_by_the_back_door(draft: str) -> None:
    with pytest.raises(IntegrityError, match="four_eyes"):
        await run(
            "update report set state = 'approved', approved_by = drafted_by, approved_role = 'x', approved_at = now()"
        )
    with pytest.raises(ProgrammingError, match="approved before it is published"):
        await run("update report set state = 'published'")


async def test_a_draft_can_be_thrown_away(draft: str) -> None:
    await run("delete from report")
    async with transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Report)) == 0


async def test_every_step_is_in_the_audit_trail(people: People, published: str) -> None:
    said = {"about": "CSG-01", "was": "97%", "now": "96%", "why": "Counted twice."}
    await people.approving.post(f"{published}/corrections", data=said)
    async with transaction() as session:
        found = (
            await session.execute(
                select(Audit.what, Audit.agent_id)
                .where(Audit.kind == "report", Audit.about == "2016-q4")
                .order_by(Audit.at)
            )
        ).all()
    drafter, approver = people.drafter.id, people.approver.id
    assert [tuple(one) for one in found] == [
        ("report_drafted", drafter),
        ("report_changed", drafter),
        ("report_changed", drafter),
        ("report_changed", drafter),
        ("report_approved", approver),
        ("report_published", approver),
        ("report_corrected", approver),
    ]


async def test_a_change_waits_for_an_approval_that_is_under_way(people: People, draft: str) -> None:
    """Somebody who saves while another approves is told, and what was approved is what was looked at."""
    columns, wrong = read_one(row("CSG-08"))
    assert not wrong
    async with transaction() as session:
        await publishing.approve(session, people.approver, id_of(draft))
        with pytest.raises(Exception, match="lock timeout"):
            async with transaction() as other:
                await other.execute(text("set local lock_timeout = '300ms'"))
                await service.save_indicator(other, people.drafter, id_of(draft), columns)
