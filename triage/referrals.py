"""Referring a contact to a team for help into work: what was agreed about sharing it, and what came of it later."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.tables import Contact, Referral

# What an agent records, in the order that it is offered.
OUTCOMES = {
    "started_work": "Started work",
    "training": "Started a course or training",
    "benefit_changed": "Benefits or rent were put right",
    "no_change": "No change",
    "not_reached": "Could not be reached",
}


@dataclass(frozen=True)
class Consent:
    """Whether somebody agreed that we share what they told us: the question word for word, and when they answered.

    `words` says all of it in a sentence, for the person who takes the contact.
    """

    agreed: bool
    asked: str
    at: datetime
    words: str


async def refer(session: AsyncSession, contact_id: UUID, scheme: str, consent: Consent) -> None:
    """Note on a contact which scheme takes it and what was agreed about sharing."""
    contact = await session.get_one(Contact, contact_id)
    session.add(
        Referral(
            contact_id=contact_id,
            scheme=scheme,
            may_share=consent.agreed,
            asked=consent.asked,
            answered_at=consent.at,
            referred_at=clock.now(),
            demo=contact.demo,
        )
    )
    await session.flush()
