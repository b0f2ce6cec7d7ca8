"""The owner's pages of reports: begin, fill in, comment, approve, publish, correct. Every form is a plain post."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from triage import clock
from triage.access import SignedInApprover, SignedInReporter
from triage.database import transaction
from triage.errors import FrontdoorError
from triage.metrics.exports import download
from triage.metrics.periods import period_of
from triage.metrics.reporting import (
    desk,
    exporting,
    fields,
    pdf,
    public,
    publishing,
    repository,
    service,
)
from triage.metrics.reporting.presets import presets
from triage.pages import render
from triage.tables import Agent

router = APIRouter(prefix="/owner/reports", include_in_schema=False)

Text = Annotated[str, Form()]


def _back(address: str) -> Response:
    return RedirectResponse(address, status_code=303)


@router.get("")
async def reports_page(request: Request, agent: SignedInReporter) -> Response:
    """Every report, and the form that begins one."""
    return await _reports(request, agent)


async def _reports(request: Request, agent: Agent, error: str = "", status: int = 200) -> Response:
    async with transaction() as session:
        found = await repository.every(session)
    return render(
        request,
        "reporting/drafts.html",
        status=status,
        reports=found,
        quarter=period_of(clock.today(), "quarter").before(),
        presets=presets(),
        error=error,
        agent=agent,
    )


@router.post("")
async def begin(request: Request, agent: SignedInReporter, code: Text = "", preset: Text = "") -> Response:
    """Begin the report of a quarter."""
    try:
        async with transaction() as session:
            report = await service.begin(session, agent, code.strip(), preset, request)
    except FrontdoorError as error:
        return await _reports(request, agent, error.detail, error.status)
    return _back(f"/owner/reports/{report.id}")


@router.get("/indicators.csv")
async def empty_csv(agent: SignedInReporter) -> Response:
    """A file with the columns' names, to fill in."""
    return download(exporting.empty_csv(), "indicators.csv")


@router.get("/{report_id}")
async def report_page(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """One report: where it stands, what it lacks, and what can be done with it."""
    return await desk.show(request, agent, report_id)


@router.get("/{report_id}/preview")
async def preview(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """The report as everybody would read it, before it is published."""
    return public.show(request, await _preview(report_id))


@router.get("/{report_id}/preview.pdf")
async def preview_pdf(agent: SignedInReporter, report_id: UUID) -> Response:
    """The same as a PDF."""
    made = await pdf.made(await _preview(report_id), clock.now())
    return Response(made, media_type="application/pdf")


async def _preview(report_id: UUID) -> dict[str, Any]:
    async with transaction() as session:
        report = await repository.find(session, report_id)
        return publishing.stamped(await publishing.content_now(session, report), report.approved_role or "", None)


@router.get("/{report_id}/front")
async def front_page(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """The front page's fields."""
    async with transaction() as session:
        report = await repository.find(session, report_id)
    return render(
        request, "reporting/front.html", report=report, parts=fields.FRONT, typed=report.front, error="", agent=agent
    )


@router.post("/{report_id}/front")
async def save_front(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """Keep the front page's fields."""
    typed = await desk.typed_in(request)
    try:
        async with transaction() as session:
            await service.save_front(session, agent, report_id, typed)
    except FrontdoorError as error:
        if error.status == 404:
            raise
        async with transaction() as session:
            report = await repository.find(session, report_id)
        return render(
            request,
            "reporting/front.html",
            status=error.status,
            report=report,
            parts=fields.FRONT,
            typed=typed,
            error=error.detail,
            agent=agent,
        )
    return _back(f"/owner/reports/{report_id}")


@router.post("/{report_id}/notes")
async def add_note(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """Add a success, a challenge or an experience."""
    typed = await desk.typed_in(request)
    return await desk.do(
        request, agent, report_id, lambda session: service.add_note(session, agent, report_id, typed), "#notes", typed
    )


@router.post("/{report_id}/notes/{note_id}/remove")
async def remove_note(request: Request, agent: SignedInReporter, report_id: UUID, note_id: UUID) -> Response:
    """Take one out."""
    return await desk.do(
        request, agent, report_id, lambda session: service.remove_note(session, agent, report_id, note_id), "#notes"
    )


@router.post("/{report_id}/discard")
async def discard(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """Throw a draft away."""
    try:
        async with transaction() as session:
            await service.discard(session, agent, report_id, request)
    except FrontdoorError as error:
        if error.status == 404:
            raise
        return await desk.show(request, agent, report_id, error.detail, error.status)
    return _back("/owner/reports")


@router.post("/{report_id}/approve")
async def approve(request: Request, agent: SignedInApprover, report_id: UUID) -> Response:
    """Approve it, as somebody who did not write it."""
    return await desk.do(request, agent, report_id, lambda s: publishing.approve(s, agent, report_id, request))


@router.post("/{report_id}/send-back")
async def send_back(request: Request, agent: SignedInApprover, report_id: UUID) -> Response:
    """Make an approved report a draft again."""
    return await desk.do(request, agent, report_id, lambda s: publishing.send_back(s, agent, report_id, request))


@router.post("/{report_id}/publish")
async def publish(request: Request, agent: SignedInApprover, report_id: UUID) -> Response:
    """Publish it for good."""
    return await desk.do(request, agent, report_id, lambda s: publishing.publish(s, agent, report_id, request))


@router.post("/{report_id}/corrections")
async def correct(request: Request, agent: SignedInApprover, report_id: UUID) -> Response:
    """Add a correction to a published report."""
    typed = await desk.typed_in(request)
    return await desk.do(
        request,
        agent,
        report_id,
        lambda session: publishing.correct(session, agent, report_id, typed, request),
        "#corrections",
        typed,
    )
