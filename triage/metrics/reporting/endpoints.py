"""The owner's pages of reports: begin, fill in, comment, approve, publish, correct. Every form is a plain post."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.access import SignedInApprover, SignedInReporter
from triage.database import transaction
from triage.errors import FrontdoorError
from triage.metrics.exports import download
from triage.metrics.periods import period_of
from triage.metrics.reporting import desk, exporting, fields, pdf, public, repository, service
from triage.metrics.reporting.entries import Wrong, read_csv, read_one
from triage.metrics.reporting.presets import presets
from triage.pages import render
from triage.tables import Agent

router = APIRouter(prefix="/owner/reports", include_in_schema=False)

Text = Annotated[str, Form()]
Write = Callable[[AsyncSession], Awaitable[object]]


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
    return await _report(request, agent, report_id)


async def _report(
    request: Request,
    agent: Agent,
    report_id: UUID,
    error: str = "",
    status: int = 200,
    wrong: list[Wrong] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    async with transaction() as session:
        found = await desk.page(session, agent, report_id)
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


async def _do(
    request: Request, agent: Agent, report_id: UUID, write: Write, then: str = "", typed: dict[str, str] | None = None
) -> Response:
    """Write in one transaction, and show the report again; with what was wrong above it, if something was."""
    try:
        async with transaction() as session:
            await write(session)
    except FrontdoorError as error:
        if error.status == 404:
            raise
        return await _report(request, agent, report_id, error.detail, error.status, typed=typed)
    return _back(f"/owner/reports/{report_id}{then}")


async def _typed(request: Request) -> dict[str, str]:
    return {key: value for key, value in (await request.form()).items() if isinstance(value, str)}


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
        return service.stamped(await service.content_now(session, report), report.approved_role or "", None)


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
    typed = await _typed(request)
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


@router.get("/{report_id}/indicators/new")
async def new_indicator(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """An empty form."""
    async with transaction() as session:
        report = await repository.find(session, report_id)
    return desk.form(request, agent, report, None, {}, [])


@router.post("/{report_id}/indicators/new")
async def add_indicator(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """Add an indicator."""
    return await _save(request, agent, report_id, None)


@router.get("/{report_id}/indicators/{indicator_id}")
async def indicator_page(request: Request, agent: SignedInReporter, report_id: UUID, indicator_id: UUID) -> Response:
    """An indicator to change or to comment on."""
    async with transaction() as session:
        report = await repository.find(session, report_id)
        held = await repository.indicator(session, report_id, indicator_id)
    return desk.form(request, agent, report, indicator_id, desk.as_typed(held), [])


@router.post("/{report_id}/indicators/{indicator_id}")
async def change_indicator(request: Request, agent: SignedInReporter, report_id: UUID, indicator_id: UUID) -> Response:
    """Keep a changed indicator."""
    return await _save(request, agent, report_id, indicator_id)


async def _save(request: Request, agent: Agent, report_id: UUID, indicator_id: UUID | None) -> Response:
    typed = await _typed(request)
    row, wrong = read_one(typed)
    async with transaction() as session:
        report = await repository.find(session, report_id)
        if indicator_id is not None:
            await repository.indicator(session, report_id, indicator_id)
    if not wrong:
        try:
            async with transaction() as session:
                await service.save_indicator(session, agent, report_id, row, indicator_id, typed.get("was", ""))
            return _back(f"/owner/reports/{report_id}#indicators")
        except FrontdoorError as error:
            wrong = [Wrong("id", error.detail)]
            # They have been told: what they keep next is what they mean.
            typed.pop("was", None)
    return desk.form(request, agent, report, indicator_id, typed, wrong, status=422)


@router.post("/{report_id}/indicators/{indicator_id}/remove")
async def remove_indicator(request: Request, agent: SignedInReporter, report_id: UUID, indicator_id: UUID) -> Response:
    """Take an indicator out."""
    return await _do(
        request,
        agent,
        report_id,
        lambda session: service.remove_indicator(session, agent, report_id, indicator_id),
        "#indicators",
    )


@router.post("/{report_id}/csv")
async def take_csv(
    request: Request,
    agent: SignedInReporter,
    report_id: UUID,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Add and change indicators from a CSV file: all its lines, or none and what is wrong with each."""
    raw = await file.read() if file else b""
    async with transaction() as session:
        await repository.find(session, report_id)
    try:
        found = read_csv(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return await _report(request, agent, report_id, "Save the file as CSV in UTF-8, and send it again.", 422)
    if found.wrong:
        return await _report(
            request, agent, report_id, "Nothing was taken from the file.", 422, wrong=found.wrong[: desk.WRONG_SHOWN]
        )
    return await _do(
        request,
        agent,
        report_id,
        lambda session: service.take_rows(session, agent, report_id, found.rows, "csv"),
        "#indicators",
    )


@router.post("/{report_id}/figures")
async def take_figures(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """Add the indicators that Frontdoor counts itself."""
    return await _do(
        request, agent, report_id, lambda session: service.take_figures(session, agent, report_id), "#indicators"
    )


@router.post("/{report_id}/notes")
async def add_note(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """Add a success, a challenge or an experience."""
    typed = await _typed(request)
    return await _do(
        request, agent, report_id, lambda session: service.add_note(session, agent, report_id, typed), "#notes", typed
    )


@router.post("/{report_id}/notes/{note_id}/remove")
async def remove_note(request: Request, agent: SignedInReporter, report_id: UUID, note_id: UUID) -> Response:
    """Take one out."""
    return await _do(
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
        return await _report(request, agent, report_id, error.detail, error.status)
    return _back("/owner/reports")


@router.post("/{report_id}/approve")
async def approve(request: Request, agent: SignedInApprover, report_id: UUID) -> Response:
    """Approve it, as somebody who did not write it."""
    return await _do(request, agent, report_id, lambda s: service.approve(s, agent, report_id, request))


@router.post("/{report_id}/send-back")
async def send_back(request: Request, agent: SignedInApprover, report_id: UUID) -> Response:
    """Make an approved report a draft again."""
    return await _do(request, agent, report_id, lambda s: service.send_back(s, agent, report_id, request))


@router.post("/{report_id}/publish")
async def publish(request: Request, agent: SignedInApprover, report_id: UUID) -> Response:
    """Publish it for good."""
    return await _do(request, agent, report_id, lambda s: service.publish(s, agent, report_id, request))


@router.post("/{report_id}/corrections")
async def correct(request: Request, agent: SignedInApprover, report_id: UUID) -> Response:
    """Add a correction to a published report."""
    typed = await _typed(request)
    return await _do(
        request,
        agent,
        report_id,
        lambda session: service.correct(session, agent, report_id, typed, request),
        "#corrections",
        typed,
    )
