"""What follows a supervisor's move: its next batches, and, once it can no longer be taken back, who hears of it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, outbox, telling
from triage.desk.supervision import moving, repository
from triage.events import BEFORE_ALL, ContactMoved, MoveStands

# Some of it still waits to be moved, which is a matter of seconds: then its standing is looked at again.
LOOK_AGAIN = timedelta(minutes=1)


async def go_on(session: AsyncSession, move_id: UUID, tries: int = 0) -> None:
    """After MoveBegun: the next batch."""
    await moving.batch(session, move_id, tries)


async def go_back(session: AsyncSession, move_id: UUID, tries: int = 0) -> None:
    """After MoveUndone: the next batch goes back."""
    await moving.back(session, move_id, tries)


async def stand(session: AsyncSession, move_id: UUID, after_id: UUID = BEFORE_ALL) -> None:
    """After MoveStands: of up to 500 contacts, those whose partner or promised day changed have a notice for their
    resident, and each is handed on to the system that settles it where it is now. It may run twice.

    A contact that somebody has taken, closed or moved again has news of its own of who has it, but not of the day: who
    was told of none since is told of that. Another system is told of what is still in the queue. Of a move that was
    undone all this is so of what stayed, because somebody had touched it.
    """
    move = await repository.move(session, move_id)
    if move is None:
        return
    still = "waiting" if move.undone_at is None else "moved"
    if moving.can_undo(move, clock.now()) or await repository.items(session, move_id, still, 1):
        await outbox.publish(session, MoveStands(move_id, after_id), after=LOOK_AGAIN)
        return
    lines = await repository.moved_lines(session, move, after_id, moving.BATCH)
    told = await repository.told_again(session, [line.id for line, _ in lines])
    for line, contact in lines:
        there = contact.queue == move.queue
        other = line.detail.get("from_partner") != line.detail.get("to_partner")
        if there and contact.state == "queued" and other:
            await telling.tell_as(session, line, telling.PASSED_ON)
        elif telling.new_days(line.detail.get(telling.DAYS), contact) and contact.id not in told:
            await telling.tell_as(session, line, telling.NEW_DAY)
        if there:
            await outbox.publish(session, ContactMoved(line.contact_id))
    if len(lines) == moving.BATCH:
        await outbox.publish(session, MoveStands(move_id, lines[-1][0].contact_id))
