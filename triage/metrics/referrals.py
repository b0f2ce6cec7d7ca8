"""The page of referrals: what came of them for each team, and the return on what was spent. From rows to figures."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import DATA, catalogue
from triage.content import Referrals, Spend, UnitValue
from triage.metrics import repository
from triage.metrics.returns import Return, return_per_pound
from triage.metrics.rules import FEWEST, Share
from triage.metrics.schemas import Source
from triage.metrics.sentences import people
from triage.referrals import OUTCOMES


@dataclass(frozen=True, slots=True)
class Budget:
    """One sum that was spent, the outcomes of the people referred in its days, and the return."""

    spend: Spend
    outcomes: Counter[str]
    result: Return


@dataclass(frozen=True, slots=True)
class SchemePage:
    """One team: everybody referred to it, how many of them an outcome is recorded for, and what it was."""

    name: str
    referred: int
    may_share: int
    outcomes: Counter[str]
    budgets: tuple[Budget, ...]

    @property
    def recorded(self) -> int:
        """People for whom an outcome is recorded."""
        return self.outcomes.total()

    @property
    def shown(self) -> bool:
        """Whether outcomes may be shown one by one."""
        return self.recorded >= FEWEST

    @property
    def sentence(self) -> str:
        """What a councillor could read aloud."""
        sent = (
            f"{people(self.referred).capitalize()} {'was' if self.referred <= 1 else 'were'} referred to {self.name}."
        )
        if not self.referred:
            return sent
        if not self.shown:
            return (
                f"{sent} What came of it is recorded for {people(self.recorded)}: too few to show (we need {FEWEST})."
            )
        share = Share(self.outcomes["started_work"], self.recorded)
        low, high = share.bounds
        return (
            f"{sent} Of the {self.recorded:,} for whom we know what came of it, {share.some:,} started work: "
            f"{share.hundred} in every 100 (between {low} and {high})."
        )


@lru_cache
def _made_up() -> Referrals:
    file = DATA / "samples" / "made_up_referrals.toml"
    return Referrals.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


def _known(source: Source) -> Referrals | None:
    """The council's teams, values and costs; the demonstration has its own, which are made up."""
    return _made_up() if source == "demo" else catalogue().referrals


async def schemes(session: AsyncSession, source: Source = "live") -> tuple[SchemePage, ...]:
    """Every scheme of the council's referrals.toml; none where there is no such file. Or those of the demonstration."""
    referrals = _known(source)
    if referrals is None:
        return ()
    values = {str(outcome): value for outcome, value in referrals.values.items()}
    found = []
    for key, scheme in referrals.schemes.items():
        referred, may_share, outcomes = await _counts(session, source, key)
        budgets = [await _budget(session, source, row, values) for row in referrals.spend if row.scheme == key]
        found.append(SchemePage(scheme.name, referred, may_share, outcomes, tuple(budgets)))
    return tuple(found)


async def _budget(session: AsyncSession, source: Source, row: Spend, values: Mapping[str, UnitValue]) -> Budget:
    _, _, outcomes = await _counts(session, source, row.scheme, row.from_, row.to)
    return Budget(row, outcomes, return_per_pound(outcomes, values, row.pounds, clock.today()))


async def _counts(
    session: AsyncSession, source: Source, scheme: str, start: date | None = None, end: date | None = None
) -> tuple[int, int, Counter[str]]:
    """People referred (from `start` to `end`), how many let us share, and how many have each outcome."""
    referred = may_share = 0
    outcomes: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
    read = repository.made_up_referrals if source == "demo" else repository.referrals
    for outcome, shares, count in await read(session, scheme, start, end):
        referred += count
        may_share += count if shares else 0
        if outcome is not None:
            outcomes[outcome] += count
    return referred, may_share, outcomes


def unit_values(source: Source = "live") -> list[tuple[str, Decimal, str, str, date, bool]]:
    """(outcome, pounds, source, its address, when it was read, whether it may be used today) of each unit value."""
    referrals = _known(source)
    today = clock.today()

    def told(value: UnitValue) -> tuple[str, str]:
        if source == "demo":
            return "Made up for the demonstration", ""
        found = catalogue().source(value.source)
        return found.name, found.url

    return [
        (OUTCOMES[outcome], value.pounds, *told(value), value.reviewed_on, value.can_state(today))
        for outcome, value in (referrals.values.items() if referrals else ())
    ]
