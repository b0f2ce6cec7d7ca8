"""What came of referrals for help into work, and the return on each pound spent on them. Arithmetic alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from triage.content import UnitValue
from triage.metrics.rules import FEWEST, TOO_FEW
from triage.referrals import OUTCOMES

# Nothing changed, or nobody knows: worth nothing by definition, so no value is asked for.
WORTH_NOTHING = ("no_change", "not_reached")
NO_SPEND = "no cost is recorded"
PENNY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Return:
    """What outcomes were worth for each pound spent; `pounds` is None, and `why` says so, where it may not be shown."""

    pounds: Decimal | None
    worth: Decimal
    spent: Decimal
    n: int
    why: str = ""


def return_per_pound(counts: Mapping[str, int], values: Mapping[str, UnitValue], spent: Decimal, today: date) -> Return:
    """The recorded outcomes, each times its unit value, divided by the recorded cost; to the penny.

    Not shown with fewer than FEWEST outcomes, without a cost, or when an outcome that happened has no value that is
    verified and in date (DESIGN decision 6). What would have happened without the help is not taken off.
    """
    n = sum(counts.values())
    if n < FEWEST:
        return Return(None, Decimal(0), spent, n, TOO_FEW)
    if spent <= 0:
        return Return(None, Decimal(0), spent, n, NO_SPEND)
    worth = Decimal(0)
    for outcome, count in counts.items():
        if not count or outcome in WORTH_NOTHING:
            continue
        value = values.get(outcome)
        if value is None or not value.can_state(today):
            why = f"the value of \u201c{OUTCOMES[outcome].lower()}\u201d is not confirmed"
            return Return(None, Decimal(0), spent, n, why)
        worth += count * value.pounds
    return Return((worth / spent).quantize(PENNY, ROUND_HALF_UP), worth, spent, n)
