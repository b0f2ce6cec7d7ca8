"""A figure's value as people read it, or why it is not shown. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.metrics.counting.measures import CHAT
from triage.metrics.figures.shapes import Definition, Unit, Value
from triage.metrics.periods import Period, period_of
from triage.metrics.rules import FEWEST, FEWEST_TO_JUDGE, NONE, TOO_FEW, Share, beyond_chance, may_judge, withheld
from triage.shares import in_hundred

HOUR, DAY = 60, 1440
TOO_FEW_TO_JUDGE = f"too few to say: we need {FEWEST_TO_JUDGE} each time"
OTHER_QUESTION = "not compared: the question changed"
TOO_EARLY = "too early to say: some of it can still change"


@dataclass(frozen=True, slots=True)
class Shown:
    """A value in words. `value` is empty where there is none, and then `why` says why; `n` is always shown.

    `figure` is the value itself, for charts and files: None where it may not be shown.
    """

    value: str
    # Between what it very likely lies: '67 to 84' for a table, 'between 67 and 84' for a sentence.
    ends: str
    between: str
    counts: str
    why: str
    n: int
    figure: Value | None = None

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """What it is made of; nothing where it may not be shown."""
        return self.figure.parts if self.figure else ()

    @property
    def provisional(self) -> bool:
        """Whether what is shown can still change."""
        return self.figure is not None and self.figure.provisional

    @property
    def share(self) -> Share | None:
        """The share that it is, if it is one that may be shown."""
        found = self.figure
        return None if found is None or found.numerator is None else Share(found.numerator, found.n)


def shown(definition: Definition, value: Value, why: str = "") -> Shown:
    """A value in words; `why` hides it, and so does resting on fewer than ten. A plain count is always shown."""
    counted = definition.unit == "count"
    if not why and 0 < value.n < FEWEST and not counted:
        why = TOO_FEW
    if why:
        return Shown("", "", "", f"of {value.n:,}", why, value.n)
    said = _said(definition.unit, value)
    ends = _ends(definition.unit, value)
    between = f"between {ends.replace(' to ', ' and ')}" if " to " in ends else ends
    if value.numerator is not None:
        counts = f"{value.numerator:,} of {value.n:,}"
    else:
        counts = "" if counted or not value.n else f"{value.n:,} {_what(definition)}"
    return Shown(said, ends, between, counts, "" if said else value.why, value.n, value)


def _what(definition: Definition) -> str:
    """What a time or a cost rests on."""
    if definition.unit == "minutes":
        return "contacts"
    return "chats" if definition.measures == (CHAT,) else "contacts and chats"


def _said(unit: Unit, value: Value) -> str:
    if unit == "count":
        return f"{value.n:,}"
    if unit == "pounds":
        return "" if value.low is None or value.high is None else f"{pounds(value.low)} to {pounds(value.high)}"
    if value.value is None:
        return ""
    return length(value.value) if unit == "minutes" else f"{in_hundred(value.value)} in every 100"


def _ends(unit: Unit, value: Value) -> str:
    low, high = value.low, value.high
    if low is None or unit not in ("share", "minutes"):
        return ""
    if high is None:
        return f"{length(low)} or more"
    return f"{in_hundred(low)} to {in_hundred(high)}" if unit == "share" else f"{length(low)} to {length(high)}"


def length(minutes: float) -> str:
    """A time as people say it: 'under a minute', '45 minutes', '3 hours 20 minutes', '2 days 4 hours'."""
    whole = round(minutes)
    if whole < 1:
        return "under a minute"
    if whole < 2 * HOUR:
        return _many(whole, "minute")
    if whole < 2 * DAY:
        return _two(whole, HOUR, "hour", "minute")
    return _two(round(whole / HOUR), 24, "day", "hour")


def _two(whole: int, size: int, large: str, small: str) -> str:
    rest = whole % size
    return _many(whole // size, large) + (f" {_many(rest, small)}" if rest else "")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def pounds(amount: float) -> str:
    """An amount of money: '£0.15', '£12,340'."""
    return f"£{amount:,.2f}" if amount < 100 else f"£{amount:,.0f}"


def target_said(definition: Definition, value: float) -> str:
    """A target in the words of its figure: '95 in every 100', '2 days'."""
    return length(value) if definition.unit == "minutes" else f"{value:g} in every 100"


def change(now: Shown, before: Shown, *, same_question: bool = True) -> str:
    """Whether a share changed by more than chance would explain; '' where that cannot be said.

    Not while either can still change: of people who have days left to answer or to come back, fewer have than will.
    """
    one, two = now.share, before.share
    if one is None or two is None:
        return ""
    if not same_question:
        return OTHER_QUESTION
    if now.provisional or before.provisional:
        return TOO_EARLY
    if not may_judge(one, two):
        return TOO_FEW_TO_JUDGE
    if not beyond_chance(one, two):
        return "no more than chance explains"
    return f"{'up' if one.value > two.value else 'down'} by more than chance explains"


def months_hidden(definition: Definition, values: Sequence[tuple[Period, Value]]) -> dict[Period, str]:
    """Months of a series that are not shown: their whole is published beside them, and each of their quarters too."""
    if definition.unit == "count":
        return {}
    quarters: dict[Period, list[tuple[Period, Value]]] = {}
    for month, value in values:
        quarters.setdefault(period_of(month.start, "quarter"), []).append((month, value))
    found: dict[Period, str] = {}
    for table in (values, *quarters.values()):
        for place, why in withheld([value.n for _, value in table]).items():
            if why != NONE:
                found.setdefault(table[place][0], why)
    return found


def codes_hidden(definition: Definition, values: dict[str, Value]) -> dict[str, str]:
    """Codes of a table with its total that are not shown, and why."""
    if definition.unit == "count":
        return {}
    codes = list(values)
    return {codes[place]: why for place, why in withheld([values[code].n for code in codes]).items() if why != NONE}
