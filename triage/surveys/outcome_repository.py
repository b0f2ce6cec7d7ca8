"""The SQL of the outcome check and of letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import Contact, OutcomeCheck, SurveyCase, SurveyLetter


async def plan(session: AsyncSession, contact: Contact, known: dict[str, Any]) -> UUID | None:
    """Write or renew a contact's check; its id, or None when it has been asked already."""
    row = insert(OutcomeCheck).values(contact_id=contact.id, channel=contact.channel, demo=contact.demo, **known)
    found: UUID | None = await session.scalar(
        row.on_conflict_do_update(
            index_elements=[OutcomeCheck.contact_id], set_=known, where=OutcomeCheck.asked_at.is_(None)
        ).returning(OutcomeCheck.id)
    )
    return found


async def plan_letter(session: AsyncSession, check_id: UUID, at: datetime) -> None:
    """The one letter of a check, to go out then."""
    letter = insert(SurveyLetter).values(check_id=check_id, kind="outcome", next_at=at)
    again = {"state": "due", "why": None, "attempts": 0, "next_at": at, "done_at": None}
    await session.execute(letter.on_conflict_do_update(index_elements=[SurveyLetter.check_id], set_=again))


async def plan_invite(session: AsyncSession, case_id: UUID, at: datetime) -> None:
    """The one letter that invites to answer about a case, to go out then, unless it is on its way."""
    letter = insert(SurveyLetter).values(case_id=case_id, kind="invite", next_at=at)
    again = {"state": "due", "why": None, "attempts": 0, "next_at": at, "done_at": None}
    await session.execute(
        letter.on_conflict_do_update(
            index_elements=[SurveyLetter.case_id, SurveyLetter.kind],
            set_=again,
            where=SurveyLetter.state == "not_sent",
        )
    )


async def put_off(session: AsyncSession, contact_id: UUID) -> None:
    """The check of a contact need not be asked, if nobody has asked it yet."""
    await session.execute(
        update(OutcomeCheck)
        .where(OutcomeCheck.contact_id == contact_id, OutcomeCheck.asked_at.is_(None))
        .values(why_not="open_again")
        .execution_options(synchronize_session=False)
    )


async def check_of_case(session: AsyncSession, case_id: UUID) -> OutcomeCheck | None:
    """The check of the contact that a case is about, locked."""
    found: OutcomeCheck | None = await session.scalar(
        select(OutcomeCheck)
        .join(SurveyCase, SurveyCase.contact_id == OutcomeCheck.contact_id)
        .where(SurveyCase.id == case_id)
        .with_for_update(of=OutcomeCheck)
    )
    return found


async def contact_of_case(session: AsyncSession, case_id: UUID) -> UUID | None:
    """The contact that a case is about, if it is about one; locks nothing."""
    return await session.scalar(select(SurveyCase.contact_id).where(SurveyCase.id == case_id))


async def check(session: AsyncSession, check_id: UUID) -> OutcomeCheck:
    """One check, locked."""
    return await session.get_one(OutcomeCheck, check_id, with_for_update=True, populate_existing=True)


async def expire(session: AsyncSession, before: datetime) -> None:
    """Say of every check that was due before then, asked and not answered, that it ran out."""
    await session.execute(
        update(OutcomeCheck)
        .where(
            OutcomeCheck.asked_at.is_not(None),
            OutcomeCheck.answered_at.is_(None),
            OutcomeCheck.why_not.is_(None),
            OutcomeCheck.due_at < before,
        )
        .values(why_not="expired")
        .execution_options(synchronize_session=False)
    )


async def due(session: AsyncSession, now: datetime, most: int) -> Sequence[UUID]:
    """The letters that are to go out by now."""
    found = select(SurveyLetter.id).where(SurveyLetter.state == "due", SurveyLetter.next_at <= now)
    return (await session.scalars(found.order_by(SurveyLetter.next_at).limit(most))).all()


async def to_send(session: AsyncSession, letter_id: UUID, now: datetime) -> SurveyLetter | None:
    """One due letter, locked; None when it is not due any more or somebody else sees to it at this moment."""
    found: SurveyLetter | None = await session.scalar(
        select(SurveyLetter)
        .where(SurveyLetter.id == letter_id, SurveyLetter.state == "due", SurveyLetter.next_at <= now)
        .with_for_update(skip_locked=True)
    )
    return found


async def letter(session: AsyncSession, letter_id: UUID) -> SurveyLetter | None:
    """One letter, locked."""
    return await session.get(SurveyLetter, letter_id, with_for_update=True)


async def forget_unsent(session: AsyncSession, case_id: UUID) -> None:
    """Remove the letters of a case that have not gone out, so that they can be written afresh."""
    await session.execute(
        delete(SurveyLetter).where(SurveyLetter.case_id == case_id, SurveyLetter.state.in_(("due", "not_sent")))
    )
