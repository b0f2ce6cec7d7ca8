"""What an owner keeps: notes on the chart, saved views, and whether they get the monthly summary. Each is audited."""

from datetime import date
from uuid import UUID

from fastapi import Request
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock, telling
from triage.errors import Invalid, NotFound
from triage.metrics.room import repository, service, summaries
from triage.metrics.room.schemas import Kind, View
from triage.tables import Agent, Annotation, OwnerSubscription, SavedView

LONGEST_WORDS, LONGEST_NAME = 200, 60


async def write_note(
    session: AsyncSession, owner: Agent, request: Request, view: View, day: date, words: str, kind: Kind, change: bool
) -> None:
    """Write a note on the chart of a view. Raises Invalid when it says nothing, or says it of a day to come."""
    words = " ".join(words.split())
    if view.ward:
        raise Invalid("A note stands on the chart, and a ward has none. Choose all wards, and write it there.")
    if not words:
        raise Invalid("Write what happened in a few words.")
    if len(words) > LONGEST_WORDS:
        raise Invalid(f"Write what happened in {LONGEST_WORDS} characters or fewer.")
    if not date(2000, 1, 1) <= day <= clock.today():
        raise Invalid("Give the month in which it happened: not one to come, and not before 2000.")
    note = Annotation(
        day=day,
        words=words,
        kind=kind,
        change=change,
        source=view.source,
        service=view.service,
        queue=view.queue,
        partner=view.partner,
        channel=view.channel,
        made_by=owner.id,
    )
    session.add(note)
    await session.flush()
    detail = {"day": day.isoformat(), "words": words, "change": change, "view": view.address(by="quarter")}
    await audit.note(session, "chart_noted", owner, request=request, kind="chart", about=note.id, detail=detail)


async def remove_note(session: AsyncSession, owner: Agent, request: Request, note_id: UUID) -> None:
    """Take a note off the chart; what it said stays on record. Raises NotFound."""
    note = await repository.note(session, note_id)
    if note is None:
        raise NotFound("This note is not on the chart any more.")
    note.removed_by, note.removed_at = owner.id, clock.now()
    detail = {"day": note.day.isoformat(), "words": note.words, "change": note.change}
    await audit.note(session, "chart_note_removed", owner, request=request, kind="chart", about=note.id, detail=detail)


async def save_view(session: AsyncSession, owner: Agent, view: View, name: str) -> None:
    """Keep a view under a name; the same name again replaces it. Raises Invalid without a name, or with too many."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Give the view a name of up to {LONGEST_NAME} characters.")
    kept = await repository.views(session, owner.id)
    if len(kept) >= repository.MOST_VIEWS and name not in {each.name for each in kept}:
        raise Invalid(f"You can keep {repository.MOST_VIEWS} views. Remove one first.")
    row = insert(SavedView).values(agent_id=owner.id, name=name, address=view.address())
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[SavedView.agent_id, SavedView.name], set_={"address": row.excluded.address}
        )
    )


async def remove_view(session: AsyncSession, owner: Agent, view_id: UUID) -> None:
    """Remove one of somebody's own views. Raises NotFound for somebody else's, or none."""
    found = await session.scalar(select(SavedView).where(SavedView.id == view_id, SavedView.agent_id == owner.id))
    if found is None:
        raise NotFound("You have no such view any more.")
    await session.delete(found)


async def ask_for_summary(session: AsyncSession, owner: Agent, request: Request, view: View, email: str) -> None:
    """Send this person the summary of a view each month from now on: of its services and so on, whatever its months.

    Raises Invalid for no email address, and for a view of which no new month comes.
    """
    if view.source != "live":
        raise Invalid("A summary is of what people tell us each month. Open the page of live figures, and ask there.")
    if view.ward:
        raise Invalid("A summary is of a month, and a ward is shown by quarters alone. Choose all wards first.")
    found = telling.address(email.strip())
    if found is None or "@" not in found or found != email.strip():
        raise Invalid("Give one email address, such as name@example.gov.uk.")
    address, now = summaries.kept(view).address(), clock.now()
    row = insert(OwnerSubscription).values(agent_id=owner.id, email=found, address=address, since=now)
    changed = {name: row.excluded[name] for name in ("email", "address", "since")}
    await session.execute(row.on_conflict_do_update(index_elements=[OwnerSubscription.agent_id], set_=changed))
    month = service.summary_month(clock.today()).start
    if now < service.summaries_end(month):
        # Somebody who mended the address wants the one that did not reach them.
        await repository.send_again(session, owner.id, month, now)
    await audit.note(
        session, "summary_asked", owner, request=request, kind="person", about=owner.id, detail={"view": address}
    )


async def stop_summary(session: AsyncSession, owner: Agent, request: Request) -> None:
    """Send this person no summary any more."""
    await session.execute(delete(OwnerSubscription).where(OwnerSubscription.agent_id == owner.id))
    await audit.note(session, "summary_stopped", owner, request=request, kind="person", about=owner.id)
