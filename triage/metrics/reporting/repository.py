"""The SQL of reports."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from triage import clock
from triage.errors import NotFound
from triage.tables import Agent, Report, ReportCorrection, ReportIndicator, ReportNote, ReportWriter

CODE = re.compile(r"[0-9]{4}-q[1-4]")
# A council writes four reports a year: this is twenty-five years of them.
REPORTS_AT_MOST = 100


async def every(session: AsyncSession) -> Sequence[Report]:
    """All reports, newest quarter first."""
    return (await session.scalars(select(Report).order_by(Report.code.desc()).limit(REPORTS_AT_MOST))).all()


async def published(session: AsyncSession) -> Sequence[Report]:
    """What anybody may read, newest quarter first."""
    found = await session.scalars(
        select(Report).where(Report.state == "published").order_by(Report.code.desc()).limit(REPORTS_AT_MOST)
    )
    return found.all()


async def published_codes(session: AsyncSession) -> list[str]:
    """The quarters of which a report is published, newest first, such as '2016-q4'."""
    found = await session.scalars(
        select(Report.code).where(Report.state == "published").order_by(Report.code.desc()).limit(REPORTS_AT_MOST)
    )
    return list(found)


async def newest_code(session: AsyncSession) -> str | None:
    """The newest quarter of which a report is published, such as '2016-q4'."""
    found: str | None = await session.scalar(select(func.max(Report.code)).where(Report.state == "published"))
    return found


async def find(session: AsyncSession, report_id: UUID, *, lock: bool = False) -> Report:
    """A report, its row locked until commit if asked. Raises NotFound."""
    found = await session.get(Report, report_id, with_for_update=lock or None)
    if found is None:
        raise NotFound("There is no such report. Go back to the list of reports.")
    return found


async def by_code(session: AsyncSession, code: str) -> Report | None:
    """The report of a quarter, in whatever state."""
    found: Report | None = await session.scalar(select(Report).where(Report.code == code))
    return found


async def published_by_code(session: AsyncSession, code: str, *, with_pdf: bool = False) -> Report | None:
    """The published report of a quarter, or None; also where `code`, which anybody can type, is no quarter."""
    if not CODE.fullmatch(code):
        return None
    wanted = select(Report).where(Report.code == code, Report.state == "published")
    if with_pdf:
        wanted = wanted.options(undefer(Report.pdf))
    found: Report | None = await session.scalar(wanted)
    return found


async def last_published_before(session: AsyncSession, code: str) -> Report | None:
    """The newest published report of an earlier quarter. Codes sort as their quarters do."""
    found: Report | None = await session.scalar(
        select(Report).where(Report.state == "published", Report.code < code).order_by(Report.code.desc()).limit(1)
    )
    return found


async def indicators(session: AsyncSession, report_id: UUID) -> Sequence[ReportIndicator]:
    """A report's indicators, in the order of their partner, service and id."""
    found = await session.scalars(
        select(ReportIndicator)
        .where(ReportIndicator.report_id == report_id)
        .order_by(ReportIndicator.partner, ReportIndicator.area, ReportIndicator.key)
    )
    return found.all()


async def indicator(session: AsyncSession, report_id: UUID, indicator_id: UUID) -> ReportIndicator:
    """One indicator of a report. Raises NotFound."""
    found = await session.get(ReportIndicator, indicator_id)
    if found is None or found.report_id != report_id:
        raise NotFound("There is no such indicator in this report. Go back to the report.")
    return found


async def indicator_by_key(session: AsyncSession, report_id: UUID, key: str) -> ReportIndicator | None:
    """One indicator of a report by its own id."""
    found: ReportIndicator | None = await session.scalar(
        select(ReportIndicator).where(ReportIndicator.report_id == report_id, ReportIndicator.key == key)
    )
    return found


async def places(session: AsyncSession, report_id: UUID) -> list[tuple[str, str]]:
    """(partner, service area) of every section that a report has."""
    of_rows = select(ReportIndicator.partner, ReportIndicator.area).where(ReportIndicator.report_id == report_id)
    of_notes = select(ReportNote.partner, ReportNote.area).where(ReportNote.report_id == report_id)
    return [(partner, area) for partner, area in await session.execute(of_rows.union(of_notes))]


async def note_writer(session: AsyncSession, report_id: UUID, agent_id: UUID, keys: Iterable[str], deed: str) -> None:
    """Keep who entered or removed indicators; twice is once."""
    rows = [
        {"report_id": report_id, "agent_id": agent_id, "key": key, "deed": deed, "at": clock.now()}
        for key in sorted(set(keys))
    ]
    if rows:
        await session.execute(insert(ReportWriter).on_conflict_do_nothing(), rows)


async def wrote(session: AsyncSession, report_id: UUID, agent_id: UUID) -> list[tuple[str, str]]:
    """(the indicator's id, entered or removed) of everything that somebody ever did in a report."""
    found = await session.execute(
        select(ReportWriter.key, ReportWriter.deed)
        .where(ReportWriter.report_id == report_id, ReportWriter.agent_id == agent_id)
        .order_by(ReportWriter.key)
    )
    return [(key, deed) for key, deed in found]


async def notes(session: AsyncSession, report_id: UUID) -> Sequence[ReportNote]:
    """A report's successes, challenges and what customers' experience was, in the order they were written."""
    found = await session.scalars(
        select(ReportNote).where(ReportNote.report_id == report_id).order_by(ReportNote.entered_at, ReportNote.id)
    )
    return found.all()


async def remove_note(session: AsyncSession, report_id: UUID, note_id: UUID) -> None:
    """Take a note out; nothing happens when it has gone already."""
    await session.execute(delete(ReportNote).where(ReportNote.report_id == report_id, ReportNote.id == note_id))


async def corrections(session: AsyncSession, report_id: UUID) -> Sequence[ReportCorrection]:
    """What was put right after publication, oldest first."""
    found = await session.scalars(
        select(ReportCorrection).where(ReportCorrection.report_id == report_id).order_by(ReportCorrection.at)
    )
    return found.all()


async def names(session: AsyncSession, ids: set[UUID]) -> dict[UUID, str]:
    """What people call themselves, by their id."""
    found = await session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(ids)))
    return {row.id: row.name for row in found}


def columns(row: ReportIndicator) -> dict[str, Any]:
    """An indicator as columns' names and values."""
    return {column.key: getattr(row, column.key) for column in ReportIndicator.__table__.columns}
