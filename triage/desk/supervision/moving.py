"""Moving many contacts to another queue, in batches, and taking that back.

A move is put on record whole, then done 500 contacts to a transaction: the first batch while the supervisor waits, the
rest by the worker. Each contact says in its own history that it was moved, by whom and why. A day on which it is looked
at again goes with it: the resident may have been promised that day, and who moves many has read none of them. Passing
one on is otherwise (desk/service.py): somebody has read that one, and the next team is to read it now.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, live, outbox, placing, taking, telling
from triage.catalogue import catalogue
from triage.clocks import moving as moving_clocks
from triage.clocks.beginning import partner_of
from triage.desk import rules
from triage.desk.supervision import repository
from triage.desk.supervision.schemas import Filter
from triage.errors import Conflict, EmptyMessage, Invalid, MessageTooLong, NotFound
from triage.events import MoveBegun, MoveStands, MoveUndone
from triage.tables import Agent, BulkMove, BulkMoveItem, Contact, ContactHistory

BATCH = 500
UNDO_WITHIN = timedelta(minutes=15)
# What somebody is changing at this moment is tried again so often, and so long after; then it is left as it is.
MOST_TRIES = 6
AGAIN_AFTER = timedelta(seconds=5)
# What a move changes besides the clocks, and what undoing it puts back.
KEPT = ("queued_at", "first_answer_at")


HELD = "Somebody was changing it at that moment."


class TooLateToUndo(Conflict):
    """A move can be undone for 15 minutes. Move the contacts again instead."""


async def begin(
    session: AsyncSession,
    agent: Agent,
    queue: str,
    reason: str,
    chosen: Sequence[UUID] | Filter,
    queues: Sequence[str] | None = None,
) -> BulkMove:
    """Put a move on record: the contacts that were ticked, or all that match a filter, in `queues` (None: in any).

    Nothing is moved yet. Raises Invalid, EmptyMessage or MessageTooLong.
    """
    if queue not in catalogue().queues:
        raise Invalid("Choose the queue to move these to.")
    reason = reason.strip()
    if not reason:
        raise EmptyMessage("The reason is empty. Say why you are moving these.")
    if len(reason) > rules.LONGEST_REASON:
        raise MessageTooLong(f"The reason is too long. Shorten it to {rules.LONGEST_REASON} characters.")
    chosen_by = chosen.chosen() if isinstance(chosen, Filter) else {}
    move = BulkMove(agent_id=agent.id, queue=queue, reason=reason, filter=chosen_by, began_at=clock.now())
    session.add(move)
    await session.flush()
    conditions = (
        repository.matching(chosen, queues, clock.now())
        if isinstance(chosen, Filter)
        else [Contact.id.in_(chosen), *([] if queues is None else [Contact.queue.in_(queues)])]
    )
    count = await repository.choose_matching(session, move.id, conditions)
    if count == 0:
        raise Invalid("Choose at least one contact to move.")
    if count > repository.MOST:
        raise Invalid(f"That is more than {repository.MOST:,} contacts. Narrow the filter and move them in parts.")
    # On record with the move, so that it is done even if whoever began it dies before the first batch.
    await outbox.publish(session, MoveBegun(move.id))
    # Until it stands nobody is told: a resident is not to hear of a move that was a slip.
    await outbox.publish(session, MoveStands(move.id), after=UNDO_WITHIN)
    return move


def _why_not(contact: Contact, queue: str) -> str | None:
    """Why a contact is left where it is, in a sentence; None when it can be moved."""
    if contact.state == "taken":
        return "An agent has it. Take it back first."
    if contact.state != "queued":
        return "It no longer waits."
    return "It is in that queue already." if contact.queue == queue else None


async def batch(session: AsyncSession, move_id: UUID, tries: int = 0) -> None:
    """Move up to 500 contacts, and hand on to the next batch when some are left. It may run twice.

    What somebody holds at this moment waits and is tried again; `tries`: so often it has been.
    """
    move = await repository.move(session, move_id, lock=True)
    if move is None:
        return
    items = await repository.items(session, move_id, "waiting", BATCH)
    known, now = catalogue(), clock.now()
    found, held = await repository.locked(session, [item.contact_id for item in items]), 0
    for item in items:
        contact = found.get(item.contact_id)
        if contact is None and tries < MOST_TRIES and move.undone_at is None:
            held += 1
            continue
        why = _why_not(contact, move.queue) if contact is not None else HELD
        why = "The move was undone before it came to this." if move.undone_at else why
        if why is not None or contact is None:
            item.state, item.why = "left", why
            continue
        before = contact.partner or partner_of(contact.queue, now)
        item.before = {"queue": contact.queue, "skill": contact.skill, "placement": contact.placement} | {
            "at": now.isoformat(),
            **await moving_clocks.standing(session, contact, now),
            **{name: moment.isoformat() if (moment := getattr(contact, name)) else None for name in KEPT},
        }
        detail = {"from": contact.queue, "to": move.queue, "reason": move.reason, "move": str(move.id)}
        detail |= await moving_clocks.move(session, contact, move.queue, now)
        detail |= {"from_partner": before, "to_partner": contact.partner}
        contact.skill = placing.skill_needed(known, move.queue, contact.service)
        # What a supervisor places who decides between partners, nobody else passes on.
        contact.placement = "final" if contact.placement in ("bounced", "final") else None
        _note(session, contact, "moved", move.agent_id, detail)
        item.state, item.version = "moved", contact.version
    await _tell(session, move, [item.contact_id for item in items if item.state == "moved"])
    await _next(session, MoveBegun, move_id, len(items), held, tries)


async def _next(
    session: AsyncSession, event: type[MoveBegun | MoveUndone], move_id: UUID, seen: int, held: int, tries: int
) -> None:
    """Hand on to the next batch: at once when this one was full, a little later when only what was held is left."""
    if seen == BATCH and held < seen:
        await outbox.publish(session, event(move_id, tries))
    elif held:
        await outbox.publish(session, event(move_id, tries + 1), after=AGAIN_AFTER)


async def undo(session: AsyncSession, agent: Agent, move_id: UUID) -> None:
    """Begin to take a move back. Done twice, it is done once. Raises NotFound or TooLateToUndo."""
    move = await repository.move(session, move_id, lock=True)
    if move is None or not may_see(agent, move):
        raise NotFound
    if not can_undo(move, clock.now()) and move.undone_at is None:
        raise TooLateToUndo
    if move.undone_at is None:
        move.undone_at, move.undone_by = clock.now(), agent.id
    await outbox.publish(session, MoveUndone(move_id))


def may_see(agent: Agent, move: BulkMove) -> bool:
    """Whether a supervisor sees a move and may take it back: their own, or one to a queue that they look after."""
    return move.agent_id == agent.id or taking.may_work(agent, move.queue)


def can_undo(move: BulkMove, now: datetime) -> bool:
    """Whether a move can still be taken back."""
    return move.undone_at is None and now <= move.began_at + UNDO_WITHIN


def _touched(contact: Contact, item: BulkMoveItem, queue: str) -> str | None:
    """Why a contact stays where it was moved to, in a sentence; None when nobody has touched it since."""
    if contact.state == "taken":
        return "An agent has taken it."
    if contact.state == "closed":
        return "It has been closed."
    if contact.queue != queue:
        return "It has been moved again."
    return None if contact.version == item.version else "It has changed since."


async def back(session: AsyncSession, move_id: UUID, tries: int = 0) -> None:
    """Put up to 500 contacts of an undone move back as they were, those only that nobody touched since.

    Whoever was told a day while they were moved is told the one that counts again. `tries` as in `batch`.
    """
    move = await repository.move(session, move_id, lock=True)
    if move is None or move.undone_at is None:
        return
    items = await repository.items(session, move_id, "moved", BATCH)
    ids = [item.contact_id for item in items]
    found, held = await repository.locked(session, ids), 0
    told = await repository.told_a_day(session, ids, move.began_at)
    for item in items:
        contact = found.get(item.contact_id)
        if contact is None and tries < MOST_TRIES:
            held += 1
            continue
        why = _touched(contact, item, move.queue) if contact is not None else HELD
        if why is not None or contact is None:
            item.state, item.why = "stays", why
            continue
        before, days = item.before, telling.days_of(contact)
        contact.skill, contact.placement = before["skill"], before["placement"]
        moved_at = datetime.fromisoformat(before["at"])
        await moving_clocks.move_back(session, contact, before["queue"], before, moved_at, clock.now())
        if contact.paused_at is not None:
            _paused_again(session, contact, move.undone_by or move.agent_id)
        for name in KEPT:
            setattr(contact, name, datetime.fromisoformat(before[name]) if before[name] else None)
        detail = {"from": move.queue, "to": before["queue"], "reason": "The move was undone.", "move": str(move.id)}
        detail |= telling.of_a_move(days, contact, within=False)
        line = _note(session, contact, "moved back", move.undone_by or move.agent_id, detail)
        item.state = "back"
        if telling.DAYS in detail and contact.id in told:
            await session.flush()
            await telling.tell_as(session, line, telling.NEW_DAY)
    await _tell(session, move, [item.contact_id for item in items if item.state == "back"])
    await _next(session, MoveUndone, move_id, len(items), held, tries)


def _paused_again(session: AsyncSession, contact: Contact, agent_id: UUID) -> None:
    """That its clocks stand still again is on record, as it was when somebody stopped them."""
    until = contact.paused_until.isoformat() if contact.paused_until else None
    detail = {"reason": contact.pause_reason, "until": until}
    session.add(contacts.history_line(contact.id, "paused", agent_id=agent_id, detail=detail))


def _note(session: AsyncSession, contact: Contact, what: str, agent_id: UUID, detail: dict[str, Any]) -> ContactHistory:
    contact.version += 1
    line = contacts.history_line(contact.id, what, agent_id=agent_id, detail=detail)
    session.add(line)
    return line


async def _tell(session: AsyncSession, move: BulkMove, changed: Sequence[UUID]) -> None:
    """Tell every desk once for the batch, and whoever looks at one of the contacts."""
    await session.flush()
    await live.announce(session, taking.DESK, move=str(move.id))
    await live.announce_all(session, [taking.contact_topic(contact_id) for contact_id in changed])
