"""The owner's rooms (its first page is room/), and the public quarterly report."""

from fastapi import APIRouter, Request, Response

from triage import clock
from triage.access import Anyone, SignedInOwner
from triage.database import transaction
from triage.errors import NotFound
from triage.metrics import exports, referrals, service
from triage.metrics.asked import there_is
from triage.metrics.figure_pages import endpoints as figure_pages
from triage.metrics.groups import endpoints as groups
from triage.metrics.periods import Period, quarter
from triage.metrics.reporting import public
from triage.metrics.room import endpoints as room
from triage.metrics.schemas import Report, Source
from triage.metrics.settling import last_settled, settles_on
from triage.pages import render
from triage.referrals import OUTCOMES
from triage.settings import get_settings

router = APIRouter(tags=["figures"])
router.include_router(room.router)
router.include_router(figure_pages.router)
router.include_router(groups.router)


@router.get("/owner/referrals", include_in_schema=False)
async def referrals_page(request: Request, owner: SignedInOwner, source: Source = "live") -> Response:
    """What came of referrals for help into work, and the return on each pound spent."""
    there_is(source)
    async with transaction() as session:
        found = await referrals.schemes(session, source)
    return render(
        request,
        "metrics/referrals.html",
        schemes=found,
        outcomes=OUTCOMES,
        values=referrals.unit_values(source),
        source=source,
        owner=owner,
    )


@router.get("/reports/{code}.csv", dependencies=[Anyone])
async def report_csv(code: str, source: Source = "live") -> Response:
    """A quarter's report as CSV; `code` is such as 2016-q3. None before its figures are settled."""
    period = _quarter(code)
    if _to_come(period, source):
        raise NotFound(f"The figures of {period.name} are published on {settles_on(period):%-d %B %Y}.")
    report = await _report(period, source)
    return exports.download(exports.report_as_csv(report), f"satisfaction-{report.period.code}-{source}.csv")


@router.get("/reports/{code}", dependencies=[Anyone], include_in_schema=False)
async def report_page(request: Request, code: str, source: Source = "live") -> Response:
    """A quarter's report for everybody, as it was published or else as it was counted; such as 2016-q3.

    Until its figures are settled it has none: what lies between two looks at them may be one person's answer.
    """
    if source == "live":
        async with transaction() as session:
            if (published := await public.page(request, session, code)) is not None:
                return published
    period = _quarter(code)
    if _to_come(period, source):
        last = last_settled(clock.today())
        return render(request, "metrics/report_to_come.html", period=period, on=settles_on(period), last=last)
    return render(request, "metrics/report.html", report=await _report(period, source))


def _to_come(period: Period, source: Source) -> bool:
    return source == "live" and settles_on(period) > clock.today()


async def _report(period: Period, source: Source) -> Report:
    # In production nothing that was made up is public.
    if source == "demo" and get_settings().environment != "development":
        raise NotFound("There is no demonstration here. The published reports are at /reports.")
    async with transaction() as session:
        return await service.report(session, period, source)


def _quarter(code: str) -> Period:
    """The quarter of a report's address. Raises NotFound when it is not one, or has not begun."""
    year, mark, number = code.partition("-q")
    try:
        if not (mark and len(year) == 4 and len(number) == 1 and code.isascii()):
            raise ValueError(code)
        period = quarter(int(year), int(number))
    except ValueError:
        raise NotFound("There is no report at this address. One looks like /reports/2016-q3.") from None
    if period.start > clock.today():
        raise NotFound("That quarter has not begun, so there is no report of it yet.")
    return period
