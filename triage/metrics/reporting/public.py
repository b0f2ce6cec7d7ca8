"""What anybody may read: the published reports as pages, PDF, CSV and JSON. A published report never changes."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from triage.access import Anyone
from triage.database import transaction
from triage.errors import NotFound
from triage.metrics.exports import download
from triage.metrics.opendata import licence
from triage.metrics.reporting import exporting, repository
from triage.metrics.reporting.content import below_target, no_result
from triage.metrics.reporting.presets import NAMES
from triage.pages import render
from triage.tables import Report, ReportCorrection

router = APIRouter(tags=["reports"], dependencies=[Anyone])


@router.get("/reports", include_in_schema=False)
async def reports_page(request: Request) -> Response:
    """Every published report, newest first."""
    async with transaction() as session:
        found = await repository.published(session)
    return render(request, "reporting/reports.html", reports=found)


@router.get("/reports/newest", include_in_schema=False)
async def newest_report() -> Response:
    """To the published report of the newest quarter; while there is none, to the list, which says so."""
    async with transaction() as session:
        newest = await repository.newest_code(session)
    return RedirectResponse(f"/reports/{newest}" if newest else "/reports", status_code=303)


@router.get("/reports/dictionary.json")
async def dictionary() -> Response:
    """What each field of the reports' files means."""
    return exporting.dictionary()


@router.get("/reports/schema.json", response_class=Response)
async def schema() -> Response:
    """What the JSON of a published report holds (JSON Schema)."""
    return exporting.schema()


@router.get("/reports/{code}.pdf")
async def report_pdf(code: str) -> Response:
    """A published report as PDF/UA-1; `code` is such as 2016-q4."""
    async with transaction() as session:
        report = await _published(session, code, with_pdf=True)
    assert report.pdf is not None
    return Response(
        report.pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="contract-report-{report.code}.pdf"'},
    )


@router.get("/reports/{code}.json")
async def report_json(code: str) -> Response:
    """A published report as JSON, with its corrections."""
    async with transaction() as session:
        report = await _published(session, code)
        corrections = await repository.corrections(session, report.id)
    assert report.content is not None and report.digest is not None
    corrected = [_corrected(one) for one in corrections]
    return exporting.whole(report.content, report.digest, corrected, licence.known())


@router.get("/reports/{code}/indicators.csv")
async def report_indicators(code: str) -> Response:
    """The indicators of a published report as CSV."""
    async with transaction() as session:
        report = await _published(session, code)
    assert report.content is not None
    return download(exporting.indicators_csv(report.content), f"indicators-{report.code}.csv")


async def _published(session: AsyncSession, code: str, *, with_pdf: bool = False) -> Report:
    report = await repository.published_by_code(session, code, with_pdf=with_pdf)
    if report is None:
        raise NotFound("No report has been published for that quarter. The list of reports has those that have been.")
    return report


def _corrected(one: ReportCorrection) -> dict[str, Any]:
    return {"at": one.at.isoformat(), "role": one.role} | {
        name: getattr(one, name) for name in ("about", "was", "now", "why")
    }


async def page(request: Request, session: AsyncSession, code: str) -> Response | None:
    """The page of a quarter's published report, or None when there is none: then the figures of the day are shown."""
    report = await repository.published_by_code(session, code)
    if report is None:
        return None
    corrections = await repository.corrections(session, report.id)
    return show(request, report.content or {}, report=report, corrections=corrections)


def show(request: Request, content: dict[str, Any], **more: Any) -> Response:
    """A report's page from its content, published or not."""
    given = {"report": None, "corrections": []} | more
    return render(
        request,
        "reporting/report.html",
        content=content,
        below=below_target(content),
        ungiven=no_result(content),
        rag_names=NAMES,
        **given,
    )
