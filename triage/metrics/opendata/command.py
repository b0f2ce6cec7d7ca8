"""Withdrawing a published quarter from the command line, so that a corrected edition can follow."""

from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock, database
from triage.database import transaction
from triage.errors import Invalid, NotFound
from triage.metrics.opendata import repository, service
from triage.metrics.opendata.datasets import DATASETS
from triage.metrics.periods import Period, of_code
from triage.metrics.rules import FEWEST

# The sources that a council publishes, as a sentence has them.
FROM = {"live": "of our own surveys", "import": "of past figures"}


def _quarter(code: str) -> Period:
    try:
        return of_code(code)
    except ValueError:
        raise Invalid("Write the quarter by calendar, such as 2026-q2.") from None


async def withdraw(code: str, why: str, source: str = "live", *, dry_run: bool = False) -> list[str]:
    """Withdraw the standing editions of a quarter; what to print, first of all what the next will hold.

    When the file is next asked for, a new edition is made. Where it would tell too much beside the earlier ones
    (grouping.regrouped), the quarter's rows are withheld. Raises Invalid, and NotFound when nothing stands.
    """
    period, why = _quarter(code), why.strip()
    if not why:
        raise Invalid("Say why it is withdrawn.")
    if source not in FROM:
        raise Invalid(f"Say which source: {' or '.join(FROM)}.")
    try:
        async with transaction() as session:
            await repository.lock(session)
            measures = await repository.standing_measures(session, source, period.start)
            if not measures:
                raise NotFound(f"Nothing {FROM[source]} is published of that quarter.")
            said = [await _next(session, source, measure, period) for measure in measures]
            if dry_run:
                return [*said, "This was a dry run: nothing was withdrawn."]
            await repository.withdraw(session, source, period.start, clock.now())
            detail = {"why": why[:500], "source": source}
            await audit.note(session, "open_data_withdrawn", None, kind="open data", about=period.code, detail=detail)
        return [f"{period.name} is withdrawn.", *said]
    finally:
        await database.close()


async def _next(session: AsyncSession, source: str, measure: str, period: Period) -> str:
    """What will stand in the files of one measure."""
    dataset = next(one for one in DATASETS.values() if one.measure == measure and one.by == "quarter")
    found = await service.next_edition(session, source, dataset, period.start)
    if found is None:
        return f"{dataset.title}: nothing is counted of that quarter now, so it goes from the files."
    number, shown = found
    if shown:
        return f"{dataset.title}: what is counted now is published as edition {number} when a file is next asked for."
    return (
        f"{dataset.title}: what is counted now cannot be shown, because what fewer than {FEWEST} people said could be "
        f"worked out from it and an earlier edition. The quarter says withheld, as edition {number}."
    )
