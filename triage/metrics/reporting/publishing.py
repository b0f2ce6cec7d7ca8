"""A report that is whole: approved by somebody else, published for good, and what is put right after that."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock
from triage.catalogue import catalogue
from triage.errors import Conflict, Invalid, NotAllowed, ReportKept
from triage.metrics.reporting import (
    approving,
    content,
    pdf,
    questions,
    recounting,
    repository,
    satisfaction,
    service,
    services,
)
from triage.metrics.reporting.entries import tidy
from triage.roles import ROLES
from triage.tables import Agent, Report, ReportCorrection

# Of each part of a correction.
LONGEST = 2000


async def rows_of(session: AsyncSession, report: Report) -> list[dict[str, Any]]:
    """A report's indicators as columns' names and values; their service's name, and why one is not compared."""
    rows = [
        repository.columns(row) | {"service_name": services.name_of(row.service)}
        for row in await repository.indicators(session, report.id)
    ]
    return await questions.marked(session, service.period_of(report.code), rows)


async def content_now(session: AsyncSession, report: Report) -> dict[str, Any]:
    """What the report says: as it was published, or as it would be today."""
    if report.content is not None:
        return report.content
    period = service.period_of(report.code)
    notes = await repository.notes(session, report.id)
    return content.build(
        content.Given(
            council=catalogue().council["name"],
            period=period,
            preset=service.preset_of(report),
            front=report.front,
            indicators=await rows_of(session, report),
            notes=[{"kind": n.kind, "partner": n.partner, "area": n.area, "text": n.text} for n in notes],
            satisfaction=await satisfaction.section(session, period),
        )
    )


async def missing(session: AsyncSession, report: Report) -> list[approving.Missing]:
    """What stands in the way of approving it."""
    rows, period = await rows_of(session, report), service.period_of(report.code)
    found = approving.missing(period, clock.today(), service.preset_of(report), report.front, rows)
    found += recounting.unsettled(period, clock.today(), rows)
    return found + await recounting.outdated(session, period, rows)


async def approve(session: AsyncSession, agent: Agent, report_id: UUID, request: Request | None = None) -> None:
    """Approve a draft that is whole, by somebody who did not write it. Raises NotAllowed, Invalid and ReportKept."""
    report = await service.draft(session, report_id)
    why_not = approving.may_approve(agent.id, report.drafted_by, await repository.wrote(session, report.id, agent.id))
    if why_not:
        raise NotAllowed(why_not)
    if await missing(session, report):
        raise Invalid("It is not whole yet. What is missing is listed below.")
    approved = content.digest(await content_now(session, report))
    report.state, report.approved_by, report.approved_at = "approved", agent.id, clock.now()
    report.approved_role, report.approved_digest = ROLES[agent.role].name, approved
    await session.flush()
    detail = {"digest": approved}
    await audit.note(
        session, "report_approved", agent, request=request, kind="report", about=report.code, detail=detail
    )


async def send_back(session: AsyncSession, agent: Agent, report_id: UUID, request: Request | None = None) -> None:
    """Make an approved report a draft again. Raises ReportKept once it is published."""
    report = await repository.find(session, report_id, lock=True)
    if report.state == "published":
        raise ReportKept
    report.state, report.approved_by, report.approved_role, report.approved_at = "draft", None, None, None
    report.approved_digest = None
    await session.flush()
    await audit.note(session, "report_sent_back", agent, request=request, kind="report", about=report.code)


async def publish(session: AsyncSession, agent: Agent, report_id: UUID, request: Request | None = None) -> str:
    """Publish an approved report for good; its code. Its content and its PDF are kept as they are at this moment.

    Raises ReportKept, and Conflict when it says anything else than it did when it was approved: it is made anew, with
    the ways of rating and the answers of today.
    """
    report = await repository.find(session, report_id, lock=True)
    if report.state == "published":
        raise ReportKept
    if report.state != "approved":
        raise Conflict("It must be approved before it is published.")
    rows, period = await rows_of(session, report), service.period_of(report.code)
    if early := recounting.unsettled(period, clock.today(), rows):
        raise Conflict(early[0].says)
    if await recounting.outdated(session, period, rows):
        raise Conflict("Our figures have changed since it was approved. Send it back and take our figures again.")
    said = await content_now(session, report)
    if report.approved_digest != content.digest(said):
        raise Conflict(
            "It says something else than when it was approved: how results are rated or what residents answered has "
            "changed. Send it back, read it again and have it approved again."
        )
    at = clock.now()
    made = stamped(said, report.approved_role or "", at)
    report.pdf = await pdf.made(made, at)
    report.content, report.digest = made, content.digest(made)
    report.state, report.published_by, report.published_at = "published", agent.id, at
    await session.flush()
    await audit.note(
        session,
        "report_published",
        agent,
        request=request,
        kind="report",
        about=report.code,
        detail={"digest": report.digest},
    )
    return report.code


def stamped(made: dict[str, Any], approved_by: str, at: datetime | None) -> dict[str, Any]:
    """The content with who approved it, as a role, and when it was published; a draft has neither."""
    return made | {"approved_by": approved_by, "published_at": at.isoformat(timespec="seconds") if at else None}


async def correct(
    session: AsyncSession, agent: Agent, report_id: UUID, given: Mapping[str, str], request: Request | None = None
) -> None:
    """Add a dated correction to a published report. Raises Invalid and Conflict."""
    report = await repository.find(session, report_id, lock=True)
    if report.state != "published":
        raise Conflict("Only a published report is corrected: change the draft instead.")
    said = {name: tidy(given.get(name, ""), lines=True) for name in ("about", "was", "now", "why")}
    if not all(said.values()):
        raise Invalid("Enter what it is about, what it said, what it should say, and why.")
    if max(map(len, said.values())) > LONGEST:
        raise Invalid(f"Each must have {LONGEST:,} characters or fewer.")
    session.add(ReportCorrection(report_id=report_id, agent_id=agent.id, role=ROLES[agent.role].name, **said))
    await session.flush()
    await audit.note(session, "report_corrected", agent, request=request, kind="report", about=report.code)
