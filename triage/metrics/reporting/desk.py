"""What the owner's pages of one report show."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from triage.catalogue import catalogue
from triage.database import transaction
from triage.errors import FrontdoorError
from triage.metrics.periods import Period
from triage.metrics.reporting import approving, content, drawn, fields, publishing, repository, service, services
from triage.metrics.reporting.entries import Wrong
from triage.metrics.reporting.presets import Preset
from triage.metrics.reporting.rules import Judged, judge, plain
from triage.pages import render
from triage.roles import May, may
from triage.tables import Agent, Report, ReportCorrection, ReportIndicator, ReportNote

Write = Callable[[AsyncSession], Awaitable[object]]
# Of what is wrong in a file; more than these are mended no faster by being shown.
WRONG_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator as the page lists it."""

    row: ReportIndicator
    service: str
    judged: Judged
    result: str
    target: str
    lacks_comment: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One report on the owner's page."""

    report: Report
    period: Period
    preset: Preset
    lines: Sequence[Line]
    notes: Sequence[ReportNote]
    corrections: Sequence[ReportCorrection]
    missing: Sequence[approving.Missing]
    # Why the one who looks may not approve it: their role, or their own work in it. Empty: they may.
    why_not: str
    may_publish: bool
    names: dict[UUID, str]
    # The figures of ours that can be taken, in their groups: (id, name, whether it is ticked).
    ours: list[tuple[str, list[tuple[str, str, bool]]]]
    suggested: dict[str, list[str]]


def suggested(places: Iterable[tuple[str, str]], period: Period) -> dict[str, list[str]]:
    """What may be meant by who delivers something, its service area and its service: the report's names, the council's.

    One name written in two ways would make two sections of it.
    """
    own, known = list(places), catalogue()
    partners = {partner for partner, _ in own} | {partner.name for partner in known.partners.values()}
    areas = {area for _, area in own} | {queue.name for queue in known.queues.values()}
    by_name = {"partner": sorted(partners, key=str.casefold), "service_area": sorted(areas, key=str.casefold)}
    return by_name | {"service": services.names(period)}


async def page(session: AsyncSession, agent: Agent, report_id: UUID) -> Page:
    """Everything on the page of one report. Raises NotFound."""
    report = await repository.find(session, report_id)
    rows = await repository.indicators(session, report_id)
    given = await publishing.rows_of(session, report)
    period, preset = service.period_of(report.code), service.preset_of(report)
    lacking = await publishing.missing(session, report) if report.state == "draft" else []
    lacks = {one.indicator for one in lacking if one.words}
    may_approve = may(agent.role, May.APPROVE)
    wrote = await repository.wrote(session, report_id, agent.id)
    people = {report.drafted_by, report.approved_by, report.published_by} - {None}
    return Page(
        report=report,
        period=period,
        preset=preset,
        lines=[_line(row, columns, preset, row.id in lacks) for row, columns in zip(rows, given, strict=True)],
        notes=await repository.notes(session, report_id),
        corrections=await repository.corrections(session, report_id),
        missing=lacking,
        why_not=(approving.may_approve(agent.id, report.drafted_by, wrote) or "")
        if may_approve
        else "A service owner or an administrator approves it.",
        may_publish=may_approve,
        names=await repository.names(session, {one for one in people if one is not None}),
        ours=_ours(rows),
        suggested=suggested(await repository.places(session, report_id), period),
    )


def _ours(rows: Sequence[ReportIndicator]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What was taken before is ticked, and satisfaction when nothing was."""
    offered = drawn.offered()
    ids = {each.id for _, group in offered for each in group}
    taken = ids & {row.key.partition("-")[0] for row in rows} or {drawn.SATISFACTION}
    return [(name, [(each.id, each.name, each.id in taken) for each in group]) for name, group in offered]


def _line(row: ReportIndicator, columns: dict[str, Any], preset: Preset, lacks_comment: bool) -> Line:
    result, target = content.both_said(row.result, row.target, row.unit)
    return Line(row, columns["service_name"], judge(preset, content.measured(columns)), result, target, lacks_comment)


def as_typed(held: ReportIndicator) -> dict[str, str]:
    """An indicator as its form shows it, and `was`, which tells whether it has changed since.

    A comment is that of whoever answers for the result, unless somebody says otherwise.
    """
    typed = {one.name: _typed(getattr(held, fields.COLUMNS.get(one.name, one.name))) for one in fields.ENTERED}
    typed["service"] = services.name_of(held.service)
    return typed | {"comment_by": held.comment_role or held.owner, "was": service.seen(held)}


def _typed(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value).replace(",", "")
    return value or ""


def form(
    request: Request,
    agent: Agent,
    report: Report,
    indicator_id: UUID | None,
    typed: dict[str, str],
    wrong: Sequence[Wrong],
    places: Iterable[tuple[str, str]],
    *,
    status: int = 200,
) -> Response:
    """The form of one indicator, with what was typed, what is wrong with it, and the names of the report's `places`."""
    return render(
        request,
        "reporting/indicator.html",
        status=status,
        report=report,
        indicator_id=indicator_id,
        fields=fields.ENTERED,
        typed=typed,
        wrong={one.field: one.says for one in wrong},
        suggested=suggested(places, service.period_of(report.code)),
        agent=agent,
    )


async def show(
    request: Request,
    agent: Agent,
    report_id: UUID,
    error: str = "",
    status: int = 200,
    wrong: list[Wrong] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    async with transaction() as session:
        found = await page(session, agent, report_id)
    return render(
        request,
        "reporting/draft.html",
        status=status,
        found=found,
        error=error,
        wrong=wrong or [],
        typed=typed or {},
        agent=agent,
    )


async def do(
    request: Request, agent: Agent, report_id: UUID, write: Write, then: str = "", typed: dict[str, str] | None = None
) -> Response:
    """Write in one transaction, and show the report again; with what was wrong above it, if something was."""
    try:
        async with transaction() as session:
            await write(session)
    except FrontdoorError as error:
        if error.status == 404:
            raise
        return await show(request, agent, report_id, error.detail, error.status, typed=typed)
    return RedirectResponse(f"/owner/reports/{report_id}{then}", status_code=303)


async def typed_in(request: Request) -> dict[str, str]:
    return {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
