"""Days on which a contact comes back: a day to look at it again, and "I'll get back to you" said to its resident."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, hours, outbox, pages
from triage.desk import rules
from triage.desk.holding import changed, held, own_text
from triage.desk.service import say
from triage.errors import Invalid
from triage.events import ContactPostponed
from triage.tables import Agent

FARTHEST = timedelta(days=90)


def _day(text: str) -> date:
    """A day to come, as a form sends it. Raises Invalid."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("Give the day, such as 2026-11-30.") from None
    if not clock.today() < day <= clock.today() + FARTHEST:
        raise Invalid(f"Give a day after today, {FARTHEST.days} days ahead at most.")
    return day


def days_to_offer(opening: hours.Opening) -> list[date]:
    """The days that are offered for a promise: the next working day, the third and the fifth."""
    offered: list[date] = []
    for days in (1, 3, 5):
        offered.append(opening.add_working_days(clock.now(), days).astimezone(clock.LONDON).date())
    return list(dict.fromkeys(offered))


def sentence(day: date) -> str:
    """What a resident is told."""
    return f"I'll get back to you by {pages.plain_date(day)}."


async def look_again(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, on: str) -> None:
    """Put the contact under "Look at again" on a day, or take it away with no day. Raises as `held`, Invalid."""
    contact = await held(session, agent, contact_id, version)
    contact.follow_up_on = _day(on) if on.strip() else None
    detail = {"on": contact.follow_up_on.isoformat() if contact.follow_up_on else None}
    await contacts.note_history(session, contact_id, "look again", agent_id=agent.id, detail=detail)
    await changed(session, contact)


async def get_back(
    session: AsyncSession, agent: Agent, contact_id: UUID, version: int, on: str, keep: bool, words: str
) -> None:
    """Tell the resident by which day they hear from us, and let the contact rest until then; all in one step.

    `keep`: it stays with this agent; else it goes back to its queue and is nobody's turn before that day. Whoever
    talks in the chat need not wait there: the assistant is theirs again. Raises as `held`, Invalid, MessageTooLong.
    """
    contact = await held(session, agent, contact_id, version)
    day = _day(on)
    text = sentence(day)
    if words.strip():
        text = f"{own_text(words, rules.LONGEST_TEXT - 100, 'What you add')}\n\n{text}"
    await say(session, agent, contact, text)
    contact.follow_up_on = day
    detail = {"on": day.isoformat(), "keeps": keep}
    await contacts.note_history(session, contact_id, "promised", agent_id=agent.id, detail=detail)
    if not keep:
        contact.state, contact.agent_id, contact.lease_until = "queued", None, None
    was_live, contact.live = contact.live, False
    await changed(session, contact)
    if was_live:
        await outbox.publish(session, ContactPostponed(contact_id))
