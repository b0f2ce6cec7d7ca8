"""The SQL of the outcome check and of letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import Contact, OutcomeCheck, SurveyCase, SurveyLetter


async def plan(session: AsyncSession, contact: Contact, known: dict[str, Any], most: int) -> UUID | None:
    """Write the check of a contact's closing, or renew one that nobody has been asked by; its id.

    None: it has been asked about this closing, or about `most` of them. The caller holds the contact.
    """
    newest = await session.scalar(_newest_first().where(OutcomeCheck.contact_id == contact.id).limit(1))
    if newest is not None and newest.asked_at is None:
        for name, value in known.items():
            setattr(newest, name, value)
        await session.flush()
        return newest.id
    if newest is not None:
        written = await session.scalar(select(func.count()).where(OutcomeCheck.contact_id == contact.id))
        if newest.closed_at == contact.closed_at or (written or 0) >= most:
            return None
    made = OutcomeCheck(contact_id=contact.id, channel=contact.channel, demo=contact.demo, **known)
    session.add(made)
    await session.flush()
    return made.id


def _newest_first() -> Select[OutcomeCheck]:
    """Checks, locked, as they are now."""
    found = select(OutcomeCheck).order_by(OutcomeCheck.closed_at.desc())
    return found.with_for_update(of=OutcomeCheck).execution_options(populate_existing=True)


async def plan_letter(session: AsyncSession, check_id: UUID, at: datetime) -> None:
    """The one letter of a check, to go out then."""
    letter = insert(SurveyLetter).values(check_id=check_id, kind="outcome", next_at=at)
    again = {"state": "due", "why": None, "attempts": 0, "next_at": at, "done_at": None}
    await session.execute(letter.on_conflict_do_update(index_elements=[SurveyLetter.check_id], set_=again))


async def plan_invite(session: AsyncSession, case_id: UUID, at: datetime) -> None:
    """The one letter that invites to answer about a case, to go out then, unless it is on its way or has arrived.

    One that failed is written again: the case was opened and closed again since, and its address may be another.
    """
    letter = insert(SurveyLetter).values(case_id=case_id, kind="invite", next_at=at)
    again = {"state": "due", "why": None, "attempts": 0, "next_at": at, "done_at": None}
    await session.execute(
        letter.on_conflict_do_update(
            index_elements=[SurveyLetter.case_id, SurveyLetter.kind],
            set_=again,
            where=SurveyLetter.state.in_(("not_sent", "failed")),
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
    """The check of the contact that a case is about, locked: the newest by which somebody was asked, if any was."""
    found: OutcomeCheck | None = await session.scalar(
        _newest_first()
        .join(SurveyCase, SurveyCase.contact_id == OutcomeCheck.contact_id)
        .where(SurveyCase.id == case_id)
        .order_by(None)
        .order_by(OutcomeCheck.asked_at.is_(None), OutcomeCheck.closed_at.desc())
        .limit(1)
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
    """Remove the letters of a case that have not gone out or never arrived, so that they can be written afresh."""
    unsent = SurveyLetter.state.in_(("due", "not_sent", "failed"))
    await session.execute(delete(SurveyLetter).where(SurveyLetter.case_id == case_id, unsent))
