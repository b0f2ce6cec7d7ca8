"""The question on a contact's own page: whether it is offered there, and with which link."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.surveying.links import token_for
from triage.surveying.questions import Question, questions
from triage.tables import Contact, SurveyCase

# Who could not be asked by other ways may still say how it went when they look.
STILL = (None, "no_way_to_ask", "undeliverable")


@dataclass(frozen=True)
class Offer:
    """The first question, and the token of the link that takes its answer."""

    token: str
    question: Question


def is_offered(case: SurveyCase) -> bool:
    """Whether somebody at the page may answer: drawn at the beginning, as everybody who is asked. Pure."""
    asked = case.kind == "contact" and case.sampled and case.eligible is True and case.ending is not None
    return asked and case.answered_at is None and case.why_not in STILL


async def offer_of(session: AsyncSession, contact: Contact) -> Offer | None:
    """The question for the page of a closed contact; None when there is nothing to ask. Looking changes nothing."""
    if contact.state != "closed":
        return None
    case = await session.scalar(select(SurveyCase).where(SurveyCase.contact_id == contact.id))
    if case is None or not is_offered(case):
        return None
    return Offer(token_for(case.id), questions().questions["satisfaction"])
