"""The indicators of a draft: by form, from a file, or from our own figures."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from triage.access import SignedInReporter
from triage.database import transaction
from triage.errors import FrontdoorError
from triage.metrics.reporting import desk, repository, service, services
from triage.metrics.reporting.entries import Wrong, read_csv, read_one
from triage.tables import Agent

router = APIRouter(prefix="/owner/reports", include_in_schema=False)


@router.get("/{report_id}/indicators/new")
async def new_indicator(request: Request, agent: SignedInReporter, report_id: UUID) -> Response:
    """An empty form."""
    async with transaction() as session:
        report = await repository.find(session, report_id)
        places = await repository.places(session, report_id)
    return desk.form(request, agent, report, None, {}, [], places)


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
        places = await repository.places(session, report_id)
    return desk.form(request, agent, report, indicator_id, desk.as_typed(held), [], places)


@router.post("/{report_id}/indicators/{indicator_id}")
async def change_indicator(request: Request, agent: SignedInReporter, report_id: UUID, indicator_id: UUID) -> Response:
    """Keep a changed indicator."""
    return await _save(request, agent, report_id, indicator_id)


async def _save(request: Request, agent: Agent, report_id: UUID, indicator_id: UUID | None) -> Response:
    typed = await desk.typed_in(request)
    row, wrong = read_one(typed)
    if not row["comment"]:
        # The form names whoever answers for it beforehand: where nothing was said, it is nobody's comment.
        row["comment_role"] = ""
    async with transaction() as session:
        report = await repository.find(session, report_id)
        places = await repository.places(session, report_id)
        if indicator_id is not None:
            await repository.indicator(session, report_id, indicator_id)
    if not wrong:
        _, fault = services.read(row, service.period_of(report.code))
        wrong = [Wrong("service", fault)] if fault else []
    if not wrong:
        try:
            async with transaction() as session:
                await service.save_indicator(session, agent, report_id, row, indicator_id, typed.get("was", ""))
            return RedirectResponse(f"/owner/reports/{report_id}#indicators", status_code=303)
        except FrontdoorError as error:
            wrong = [Wrong("id", error.detail)]
            # They have been told: what they keep next is what they mean.
            typed.pop("was", None)
    return desk.form(request, agent, report, indicator_id, typed, wrong, places, status=422)


@router.post("/{report_id}/indicators/{indicator_id}/remove")
async def remove_indicator(request: Request, agent: SignedInReporter, report_id: UUID, indicator_id: UUID) -> Response:
    """Take an indicator out."""
    return await desk.do(
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
        return await desk.show(request, agent, report_id, "Save the file as CSV in UTF-8, and send it again.", 422)
    if found.wrong:
        return await desk.show(
            request, agent, report_id, "Nothing was taken from the file.", 422, wrong=found.wrong[: desk.WRONG_SHOWN]
        )
    return await desk.do(
        request,
        agent,
        report_id,
        lambda session: service.take_rows(session, agent, report_id, found.rows, "csv"),
        "#indicators",
    )


@router.post("/{report_id}/figures")
async def take_figures(
    request: Request,
    agent: SignedInReporter,
    report_id: UUID,
    figure: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Add the indicators that Frontdoor counts itself: of each figure that is ticked, satisfaction when none is."""
    return await desk.do(
        request,
        agent,
        report_id,
        lambda session: service.take_figures(session, agent, report_id, figure or ()),
        "#indicators",
    )
