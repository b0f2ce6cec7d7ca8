"""Somebody rings about a contact that they have: what they say is kept with it, as their words.

As on the page about a contact (intake/following.py), and by the same code: it is added, or opens what was closed.
Whoever works its queue may write it down, also of what a colleague has: the caller is on the line now, and learns no
more by it than their own page shows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, following_up, hearing
from triage.access import SignedInAgent
from triage.database import transaction
from triage.desk import around, repository, views
from triage.desk.service import may_open
from triage.desk.writing import Text, refused
from triage.errors import Conflict, EmptyMessage, Erased, Invalid, MessageTooLong, NotFound, TooMany
from triage.pages import render
from triage.ringing import Rang
from triage.settings import get_settings
from triage.tables import Agent, Contact

router = APIRouter()

OPEN = "open"
NONE = "There is no such contact in your queues. Look it up by its reference, or write down a new call."
EMPTY = "Nothing was written down. Write what the caller said."
TOO_MANY = (
    "More has been added to this contact within an hour than we take. Try again later. What tells of a danger is "
    "always taken."
)


@dataclass(frozen=True)
class Written:
    """What was done with what a caller said. `opened`: it was closed, and is open again. `closed`: it still is.

    `opens`: the agent may look at it now. `safe_known`: whether it is safe to contact them was asked. `danger`: what to
    say while they are on the line, as helping.danger_help.
    """

    reference: str
    part_of: str | None
    opened: bool
    closed: bool
    due: datetime | None
    opens: bool
    queue: str
    safe_known: bool
    danger: dict[str, Any] | None


def words_of(text: str, most: int) -> str:
    """What the caller said, tidied. Raises EmptyMessage, MessageTooLong."""
    said = text.replace("\x00", "").strip()
    if not said:
        raise EmptyMessage(EMPTY)
    if len(said) > most:
        raise MessageTooLong(f"This is {len(said) - most:,} characters too long. Shorten it to {most:,}.")
    return said


def may_write(agent: Agent, contact: Contact | None) -> Contact:
    """The contact, if `agent` may write down a call about it. Raises NotFound for another team's, Erased."""
    if contact is None or not around.of_their_queues(agent, contact):
        raise NotFound(NONE)
    if contact.erased_at is not None:
        raise Erased
    return contact


async def write_down(
    session: AsyncSession, agent: Agent, contact_id: UUID, text: str, does: str, saw: str, key: str
) -> Written:
    """Keep what a caller said with their contact; the same under the same key is kept once. What follows: ringing.py.

    `saw`: how the contact stood when the agent began to write. Raises NotFound, Erased, EmptyMessage, MessageTooLong,
    TooMany, and as ringing.opens_again.
    """
    contact = may_write(agent, await repository.contact(session, contact_id))
    said = words_of(text, get_settings().message_limit)
    once = contacts.once_key(key, str(contact_id), str(agent.id), does, said) or ""
    rang = Rang(agent.id, does, saw_open=saw == OPEN)
    heard, danger = await hearing.hear_counted(session, contact_id, said, once, rang)
    whole = await following_up.whole_of(session, contact)
    return Written(
        reference=heard.reference,
        part_of=heard.part_of,
        opened=heard.what == following_up.REOPENED,
        closed=whole.state == "closed",
        due=heard.due if whole.state != "closed" else None,
        opens=may_open(agent, contact),
        queue=views.queue_name(whole.queue),
        safe_known=contact.safe_to_contact is not None,
        danger=danger,
    )


@router.post("/desk/contacts/{contact_id}/rang")
async def rang(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    text: Text = "",
    does: Annotated[str, Form(max_length=20)] = "",
    saw: Annotated[str, Form(max_length=10)] = "",
    key: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Keep what a caller said about this contact, and show what to tell them; or why not, with what was typed."""
    try:
        async with transaction() as session:
            written = await write_down(session, agent, contact_id, text, does, saw, key)
            work = await views.work_of(session, agent)
    except TooMany:
        return refused(request, contact_id, TooMany(TOO_MANY), text)
    except (Conflict, Invalid) as error:
        return refused(request, contact_id, error, text)
    return render(request, "desk/rang.html", work=work, now=clock.now(), written=written, contact_id=contact_id)
