"""What an agent records of a referral for help into work, and the day on which its person is asked about it."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, taking
from triage.catalogue import catalogue
from triage.desk import repository
from triage.desk.service import open_contact
from triage.errors import Invalid, NotFound
from triage.referrals import OUTCOMES
from triage.tables import Agent, Referral

MOST_REMINDED = 100
ASK = "Ask how it went: has the help led to work, a course, or benefits put right? Then record it on this page."


async def _own(session: AsyncSession, agent: Agent, contact_id: UUID) -> Referral:
    """The referral, locked, of a contact that this agent has or that was closed. Raises NotFound, AlreadyTaken."""
    contact = await open_contact(session, agent, contact_id)
    referral = await repository.referral(session, contact_id, lock=True)
    if referral is None or not (contact.state == "closed" or contact.agent_id == agent.id):
        raise NotFound
    return referral


async def withdraw(session: AsyncSession, agent: Agent, contact_id: UUID) -> None:
    """The resident no longer agrees to share: from now on partners are told nothing (UK GDPR article 7(3)).

    What was agreed before stays on record. Raises NotFound, AlreadyTaken.
    """
    referral = await _own(session, agent, contact_id)
    if referral.may_share:
        referral.may_share = False
        await contacts.note_history(session, contact_id, "withdrew", agent_id=agent.id)
        await taking.announce_change(session, contact_id)


async def record(session: AsyncSession, agent: Agent, contact_id: UUID, outcome: str, happened_on: str) -> None:
    """Record what came of a referral, while it is open with this agent or after it was closed.

    The newest stands; each one stays in the contact's history. Raises NotFound, AlreadyTaken, Invalid.
    """
    referral = await _own(session, agent, contact_id)
    if outcome not in OUTCOMES:
        raise Invalid("Choose what came of it.")
    today = clock.today()
    try:
        day = date.fromisoformat(happened_on) if happened_on.strip() else today
    except ValueError:
        raise Invalid("Give the day on which it happened, such as 2026-11-26.") from None
    if not referral.referred_at.astimezone(clock.LONDON).date() <= day <= today:
        raise Invalid("Give a day between the day of the referral and today.")
    referral.outcome, referral.outcome_on = outcome, day
    # What is recorded on or after the day of asking is its answer; what was known before is asked about again.
    if referral.follow_up_on is not None and referral.follow_up_on <= today:
        referral.follow_up_on = None
    detail = {"outcome": outcome, "on": day.isoformat()}
    await contacts.note_history(session, contact_id, "outcome", agent_id=agent.id, detail=detail)
    await taking.announce_change(session, contact_id)


async def plan_follow_up(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactClosed: set the day on which a referred person is asked how it went. It may run twice."""
    contact = await repository.contact(session, contact_id)
    referral = await repository.referral(session, contact_id, lock=True)
    if contact is None or contact.closed_at is None or referral is None:
        return
    referrals = catalogue().referrals
    schemes = referrals.schemes.items() if referrals else ()
    scheme = next((one for key, one in schemes if key == referral.scheme), None)
    if scheme is None or referral.follow_up_on is not None or referral.reminded_at is not None:
        return
    closed = contact.closed_at.astimezone(clock.LONDON).date()
    referral.follow_up_on = closed + timedelta(weeks=scheme.follow_up_weeks)


async def remind(session: AsyncSession) -> int:
    """Put a note on each contact whose person is to be asked today or should have been; how many."""
    due = await repository.to_remind(session, clock.today(), MOST_REMINDED)
    for referral in due:
        referral.reminded_at = clock.now()
        await contacts.note_history(session, referral.contact_id, "noted", detail={"text": ASK})
    return len(due)
