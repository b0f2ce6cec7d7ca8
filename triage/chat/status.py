"""Where a contact has got to, and what its resident says about it then: in the chat."""

from uuid import UUID

from triage import clock, codes
from triage.chat import answering, repository
from triage.chat.doing import Doing
from triage.chat.rendering import Said, plain_date
from triage.following_up import say_more
from triage.record import SHOWN
from triage.tables import Contact

FORM = "contact_status"


async def own_status(doing: Doing) -> list[Said]:
    """Where the newest contact of this very conversation has got to; nothing when there is none."""
    contact = await repository.newest_contact(doing.session, doing.conversation.id)
    return [_status(doing, contact)] if contact else []


async def contact_status(doing: Doing) -> list[Said]:
    """Where a contact has got to, for whoever holds its code, or began it in this conversation."""
    reference = codes.find_reference(str(doing.turn.slots.get("contact_reference") or ""))
    contact = await repository.contact_by_reference(doing.session, reference) if reference else None
    allowed = contact is not None and (
        contact.conversation_id == doing.conversation.id
        or (doing.code is not None and codes.matches(doing.code, contact.secret_hash))
    )
    if contact is None or not allowed:
        return [answering.form_note(doing.room, FORM, "not_found", {})]
    return [_status(doing, contact)]


def _status(doing: Doing, contact: Contact) -> Said:
    doing.conversation.context = {**doing.conversation.context, SHOWN: str(contact.id)}
    due = contact.settle_due_at
    return answering.form_note(
        doing.room,
        FORM,
        "late" if contact.state != "closed" and due and due < clock.now() else contact.state,
        {
            "reference": contact.reference,
            "due": plain_date(due.astimezone(clock.LONDON).date()) if due else None,
            "outcome": contact.outcome,
        },
    )


async def follow_up(doing: Doing) -> list[Said]:
    """What the resident says is still wrong, or adds, about the contact just shown, or else their newest one here.

    What is done goes by how the contact stands now, not by which button was pressed: an agent may have closed it, or
    the resident opened it again elsewhere, while they typed.
    """
    slots = doing.turn.slots
    words = str(slots.get("not_settled_problem") or slots.get("add_to_contact_addition") or "")
    shown = doing.conversation.context.get(SHOWN)
    contact_id = UUID(shown) if shown else None
    if contact_id is None:
        newest = await repository.newest_contact(doing.session, doing.conversation.id)
        contact_id = newest.id if newest else None
    if contact_id is None or not words.strip():
        return [answering.form_note(doing.room, FORM, "not_found", {})]
    heard = await say_more(doing.session, contact_id, words)
    due = plain_date(heard.due.astimezone(clock.LONDON).date()) if heard.due else None
    return [answering.form_note(doing.room, FORM, heard.what, {"reference": heard.reference, "due": due})]
