"""Withdrawing a published quarter of our own surveys from the command line, so that a corrected edition can follow."""

from triage import audit, clock, database
from triage.database import transaction
from triage.errors import Invalid, NotFound
from triage.metrics.opendata import repository
from triage.metrics.periods import Period, quarter


def _quarter(code: str) -> Period:
    year, _, number = code.partition("-q")
    try:
        return quarter(int(year), int(number))
    except ValueError:
        raise Invalid("Write the quarter by calendar, such as 2026-q2.") from None


async def withdraw(code: str, why: str) -> list[str]:
    """Withdraw the standing editions of a quarter; what to print. Raises Invalid, and NotFound when there are none.

    When the file is next asked for, a new edition is made, unless it would tell too much beside the earlier ones
    (grouping.regrouped): then the quarter is not published again.
    """
    period, why = _quarter(code), why.strip()
    if not why:
        raise Invalid("Say why it is withdrawn.")
    try:
        async with transaction() as session:
            await repository.lock(session)
            count = await repository.withdraw(session, "live", period.start, clock.now())
            if not count:
                raise NotFound("Nothing is published of that quarter.")
            detail = {"why": why[:500]}
            await audit.note(session, "open_data_withdrawn", None, kind="open data", about=period.code, detail=detail)
        return [f"{period.name} is withdrawn. What is counted now is published when the files are next asked for."]
    finally:
        await database.close()
