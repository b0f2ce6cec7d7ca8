"""What residents said of the quarter, from the figures: for the report's section, and as indicators of a contract.

Only live answers: what was imported or made up for a demonstration is never added to them, nor set beside them here.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage.catalogue import catalogue
from triage.metrics import service
from triage.metrics.figures.answers import SATISFIED
from triage.metrics.periods import Period
from triage.metrics.reporting.entries import SIX_PLACES
from triage.metrics.reporting.fields import COUNTED
from triage.metrics.schemas import Report, Row

METHOD = (
    "Satisfaction: satisfied means “very satisfied” or “satisfied”, out of all who chose one of the five answers. The "
    "question is asked at the end of a conversation or when a contact is closed, whatever the outcome.",
    "“Between” is where the figure would very likely lie (95 times in 100) if everybody like these people had answered "
    "(Wilson interval). People who answer may differ from people who do not. With fewer than 10 answers no figure is "
    "shown, and no contract's figure that would give one away.",
)


async def section(session: AsyncSession, period: Period) -> dict[str, Any]:
    """The quarter's satisfaction for the report: sentences first, then the rows they come from."""
    found = await service.report(session, period, "live")
    return {
        "sentences": list(found.sentences),
        "rows": [_shown(row) for row in (*found.rows, found.total)] if found.rows else [],
        "method": list(METHOD),
    }


def _shown(row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = {"queue": row.label, "run_by": row.partner, "answers": row.n, "why_not": row.why}
    if row.share:
        low, high = row.share.bounds
        shown |= {"satisfied_in_100": row.share.hundred, "low": low, "high": high}
    return shown


def by_contract(found: Report) -> dict[str, tuple[int, int]]:
    """Satisfied and all answers of each partner; none where one of its queues is too few to show or held back.

    A partner's sum beside its other queues would give that one away by subtraction.
    """
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    hidden: set[str] = set()
    for row in found.rows:
        if row.share is None:
            hidden.add(row.partner)
        satisfied, n = sums[row.partner]
        sums[row.partner] = (satisfied + row.tally.counts.satisfied, n + row.n)
    return {partner: both for partner, both in sums.items() if partner not in hidden}


async def indicators(session: AsyncSession, period: Period) -> list[dict[str, Any]]:
    """One indicator for each partner: of those who rated its queues, how many were satisfied, now and before."""
    now, before, year_before = [
        by_contract(await service.report(session, one, "live"))
        for one in (period, period.before(), period.year_before())
    ]
    names = {partner.name: key for key, partner in catalogue().partners.items()}
    made = []
    for partner, (satisfied, n) in sorted(now.items()):
        if partner not in names:
            continue
        made.append(
            {
                "key": f"satisfaction-{names[partner]}",
                "name": "Residents satisfied with how we dealt with them",
                "definition": SATISFIED.sentence,
                "owner": "Service owner",
                "partner": partner,
                "area": "Customer experience",
                "contract": partner,
                "polarity": "higher",
                "unit": "%",
                "result": per_cent(satisfied, n),
                "numerator": Decimal(satisfied),
                "denominator": Decimal(n),
                "prior": per_cent(*before[partner]) if partner in before else None,
                "year_before": per_cent(*year_before[partner]) if partner in year_before else None,
                "source": f"{COUNTED} from residents' answers",
            }
        )
    return made


def per_cent(some: int, n: int) -> Decimal:
    """A share in per cent, to six decimal places."""
    return (Decimal(100 * some) / n).quantize(SIX_PLACES, ROUND_HALF_UP)
