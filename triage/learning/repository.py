"""What learning reads and writes of decisions, corrections and examples."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, cast, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.learning.rules import Line, Verdict
from triage.tables import Contact, ContactHistory, Correction, LearnedExample, ShadowDecision, SortingDecision
from triage.tables.correction import ACCEPTED, DROPPED
from triage.timetable import HOLDING


async def contact(session: AsyncSession, contact_id: UUID) -> Contact | None:
    """A contact as it is now."""
    return await session.get(Contact, contact_id, populate_existing=True)


async def last_decision(session: AsyncSession, contact_id: UUID) -> SortingDecision | None:
    """The newest decision about a contact."""
    return await session.scalar(
        select(SortingDecision)
        .where(SortingDecision.contact_id == contact_id)
        .order_by(SortingDecision.decided_at.desc())
        .limit(1)
    )


async def trail(session: AsyncSession, contact_id: UUID) -> list[Line]:
    """The lines of a contact's audit trail that say where it belongs, oldest first."""
    rows = await session.execute(
        select(ContactHistory.what, ContactHistory.at, ContactHistory.agent_id, ContactHistory.detail)
        .where(
            ContactHistory.contact_id == contact_id,
            ContactHistory.what.in_(("transferred", "moved", "moved back", "corrected", "closed", "reopened")),
        )
        .order_by(ContactHistory.at, ContactHistory.id)
    )
    return [Line(*row) for row in rows]


async def keep_correction(session: AsyncSession, contact_id: UUID, decision: SortingDecision, found: Verdict) -> None:
    """Write a contact's correction whole; run again, it writes the same."""
    values = {
        "decision_id": decision.id,
        "from_queue": decision.queue,
        "from_service": decision.service,
        "to_queue": found.to_queue,
        "to_service": found.to_service,
        "verdict": found.verdict,
        "why": found.why,
        "agent_id": found.agent_id,
        "at": found.at,
        "settled_at": found.settled_at,
    }
    await session.execute(
        insert(Correction)
        .values(contact_id=contact_id, **values)
        .on_conflict_do_update(index_elements=["contact_id"], set_=values)
    )


class ToLearn(NamedTuple):
    """A settled correction of which no example has been made."""

    correction: Correction
    contact: Contact


async def without_example(session: AsyncSession, since: datetime, most: int) -> list[ToLearn]:
    """Settled corrections that say something new and are no example yet, newest first. None of them about a danger."""
    rows = await session.execute(
        select(Correction, Contact)
        .join(Contact, Contact.id == Correction.contact_id)
        .join(SortingDecision, SortingDecision.id == Correction.decision_id)
        .outerjoin(LearnedExample, LearnedExample.contact_id == Correction.contact_id)
        .where(
            Correction.settled_at >= since,
            Correction.to_queue != HOLDING,
            (Correction.verdict != "right") | (Correction.why == "service"),
            LearnedExample.id.is_(None),
            Contact.demo.is_(False),
            # What tells of a danger is not passed around, redacted or not.
            Contact.danger.is_(None),
            Contact.priority.not_in(("P0", "P1")),
            SortingDecision.priority.not_in(("P0", "P1")),
        )
        .order_by(Correction.settled_at.desc())
        .limit(most)
    )
    return [ToLearn(*row) for row in rows]


async def add_example(session: AsyncSession, example: dict[str, object]) -> bool:
    """Store one example unless its contact has one; whether it was stored."""
    made = await session.scalar(
        insert(LearnedExample).values(**example).on_conflict_do_nothing().returning(LearnedExample.id)
    )
    return made is not None


async def count_examples(session: AsyncSession) -> dict[str, int]:
    """How many examples are in each state."""
    rows = await session.execute(select(LearnedExample.state, func.count()).group_by(LearnedExample.state))
    return dict(rows.tuples().all())


async def examples(session: AsyncSession, state: str, most: int) -> Sequence[LearnedExample]:
    """Examples in one state, newest first."""
    rows = await session.scalars(
        select(LearnedExample)
        .where(LearnedExample.state == state)
        .order_by(LearnedExample.made_at.desc(), LearnedExample.id)
        .limit(most)
    )
    return rows.all()


async def example(session: AsyncSession, example_id: UUID) -> LearnedExample | None:
    """One example, locked."""
    return await session.get(LearnedExample, example_id, with_for_update=True, populate_existing=True)


async def forget_examples(session: AsyncSession, now: datetime) -> int:
    """Delete what is past its time; how many. What was dropped keeps no words, and goes with the rest."""
    gone = await session.execute(
        delete(LearnedExample).where(LearnedExample.expires_at < now).returning(LearnedExample.id)
    )
    return len(gone.all())


async def keep_accepted_to(session: AsyncSession, most: int) -> None:
    """Let go of the oldest accepted examples beyond `most`."""
    beyond = (
        select(LearnedExample.id)
        .where(LearnedExample.state == ACCEPTED)
        .order_by(LearnedExample.decided_at.desc())
        .offset(most)
    )
    await session.execute(
        update(LearnedExample)
        .where(LearnedExample.id.in_(beyond))
        .values(state=DROPPED, text="")
        .execution_options(synchronize_session=False)
    )


class Group(NamedTuple):
    """Settled contacts that went the same way, counted."""

    verdict: str
    from_queue: str
    to_queue: str
    from_service: str | None
    to_service: str | None
    n: int


async def settled_since(session: AsyncSession, since: datetime) -> list[Group]:
    """Settled contacts since a moment, by where they were put and where they belonged."""
    columns = (
        Correction.verdict,
        Correction.from_queue,
        Correction.to_queue,
        Correction.from_service,
        Correction.to_service,
    )
    rows = await session.execute(
        select(*columns, func.count())
        .join(Contact, and_(Contact.id == Correction.contact_id, Contact.demo.is_(False)))
        .where(Correction.settled_at >= since)
        .group_by(*columns)
    )
    return [Group(*row) for row in rows]


async def by_week(session: AsyncSession, since: datetime) -> list[tuple[object, str, int]]:
    """(the Monday, verdict, how many) of what was settled since a moment."""
    # As literals: parameters would make the column and what it is grouped by two things to the database.
    zone: ColumnElement[str] = literal_column(f"'{clock.LONDON.key}'")
    week = cast(func.date_trunc(literal_column("'week'"), func.timezone(zone, Correction.settled_at)), Date)
    rows = await session.execute(
        select(week, Correction.verdict, func.count())
        .join(Contact, and_(Contact.id == Correction.contact_id, Contact.demo.is_(False)))
        .where(Correction.settled_at >= since)
        .group_by(week, Correction.verdict)
        .order_by(week)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def decided_since(session: AsyncSession, since: datetime) -> tuple[int, int]:
    """(decisions, of which held) since a moment."""
    row = (
        await session.execute(
            select(func.count(), func.count().filter(SortingDecision.holding))
            .join(Contact, and_(Contact.id == SortingDecision.contact_id, Contact.demo.is_(False)))
            .where(SortingDecision.decided_at >= since)
        )
    ).one()
    return int(row[0]), int(row[1])


class Beside(NamedTuple):
    """The live sorter and the one in shadow on the same contacts."""

    decided: int
    same: int
    settled: int
    live_right: int
    live_held: int
    shadow_right: int
    shadow_held: int


async def beside(session: AsyncSession, version: str) -> Beside:
    """How the sorter in shadow decided beside the live one; those settled are judged by where people settled them."""
    belongs = Correction.settled_at.is_not(None)
    row = (
        await session.execute(
            select(
                func.count(),
                func.count().filter(ShadowDecision.queue == SortingDecision.queue),
                func.count().filter(belongs),
                func.count().filter(belongs, ~SortingDecision.holding, SortingDecision.queue == Correction.to_queue),
                func.count().filter(belongs, SortingDecision.holding),
                func.count().filter(belongs, ~ShadowDecision.holding, ShadowDecision.queue == Correction.to_queue),
                func.count().filter(belongs, ShadowDecision.holding),
            )
            .select_from(ShadowDecision)
            .join(SortingDecision, SortingDecision.id == ShadowDecision.decision_id)
            .join(Contact, and_(Contact.id == SortingDecision.contact_id, Contact.demo.is_(False)))
            .outerjoin(Correction, Correction.decision_id == SortingDecision.id)
            .where(ShadowDecision.version == version)
        )
    ).one()
    return Beside(*(int(n) for n in row))


async def keep_shadow(session: AsyncSession, decision_id: UUID, version: str, values: dict[str, object]) -> None:
    """Store what the sorter in shadow would have decided, once."""
    await session.execute(
        insert(ShadowDecision)
        .values(decision_id=decision_id, version=version, **values)
        .on_conflict_do_nothing(index_elements=["decision_id", "version"])
    )
