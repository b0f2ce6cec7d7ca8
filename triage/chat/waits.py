"""How long people have waited for a person lately, and where a resident stands in line."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, presence, taking
from triage.catalogue import catalogue
from triage.hours import Opening, opening
from triage.tables import Contact, Conversation

# What is said of the wait is measured over this much opening time, from at least so many people.
MEASURED_OVER = timedelta(hours=4)
FEWEST = 5
FARTHEST_DAYS = 14


@dataclass(frozen=True)
class Standing:
    """Where a resident stands in line: 1 is next. `wait` is in words, None where too few were measured.

    No place: nobody who works their queue is at the desk, so neither means anything.
    """

    place: int | None
    wait: str | None

    def as_json(self) -> str:
        """For the resident's page."""
        return json.dumps(asdict(self))


def opened_since(hours: Opening, now: datetime, length: timedelta) -> datetime:
    """The moment since which there has been `length` of opening time; at most two weeks ago."""
    left = length
    day = now.astimezone(clock.LONDON).date()
    for back in range(FARTHEST_DAYS):
        for opens, shuts in reversed(hours.spans(day - timedelta(days=back))):
            ended = min(shuts, now)
            if ended <= opens:
                continue
            if ended - opens >= left:
                return ended - left
            left -= ended - opens
    return now - timedelta(days=FARTHEST_DAYS)


def in_words(wait: timedelta) -> str:
    """A wait to the minute, and above an hour to five minutes: nobody can promise more."""
    minutes = max(1, round(wait.total_seconds() / 60))
    if minutes > 60:
        minutes = 5 * round(minutes / 5)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((hours, "hour"), (minutes, "minute"))]
    return " ".join(part for part in parts if not part.startswith("0 "))


async def usual_wait(session: AsyncSession, queue: str) -> str | None:
    """The median of the waits in the chat for this queue, in words; None when fewer than five were measured."""
    rule = catalogue().queues.get(queue)
    if rule is None:
        return None
    waited = extract("epoch", Contact.taken_at - Contact.queued_at)
    row = (
        await session.execute(
            select(func.count().label("people"), func.percentile_cont(0.5).within_group(waited).label("median")).where(
                Contact.live,
                Contact.queue == queue,
                Contact.taken_at >= opened_since(opening(rule.calendar), clock.now(), MEASURED_OVER),
                Contact.taken_at >= Contact.queued_at,
            )
        )
    ).one()
    return in_words(timedelta(seconds=float(row.median))) if row.people >= FEWEST else None


async def standing(session: AsyncSession, conversation: Conversation) -> Standing | None:
    """Where the resident of a conversation stands in line; None when they do not wait there."""
    if conversation.mode != "waiting" or conversation.contact_id is None:
        return None
    contact = await session.get(Contact, conversation.contact_id, populate_existing=True)
    if contact is None or contact.queue is None or contact.state != "queued":
        return None
    if not await presence.somebody_is_there(session, contact.queue):
        return Standing(None, None)
    place = await taking.place_in_queue(session, contact.id)
    return Standing(place, await usual_wait(session, contact.queue)) if place else None
