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
    """After MoveStands: of up to 500 contacts, those whose partner changed have a notice for their resident, and each
    is handed on to the system that settles it where it is now. It may run twice.

    A contact that somebody has taken, closed or moved again has news of its own, but another system is told of what is
    still in the queue.
    """
    move = await repository.move(session, move_id)
    if move is None or move.undone_at is not None:
        return
    if moving.can_undo(move, clock.now()) or await repository.items(session, move_id, "waiting", 1):
        await outbox.publish(session, MoveStands(move_id, after_id), after=LOOK_AGAIN)
        return
    lines = await repository.moved_lines(session, move, after_id, moving.BATCH)
    for line, state in lines:
        if state == "queued" and line.detail.get("from_partner") != line.detail.get("to_partner"):
            await telling.tell_as(session, line, telling.PASSED_ON)
        await outbox.publish(session, ContactMoved(line.contact_id))
    if len(lines) == moving.BATCH:
        await outbox.publish(session, MoveStands(move_id, lines[-1][0].contact_id))
