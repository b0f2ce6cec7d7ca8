"""Making a contact's clocks: our promises by its queue and priority, and the limits that the law sets for its mark."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from triage import hours
from triage.catalogue import catalogue
from triage.clocks import law as limits
from triage.clocks import repository
from triage.tables import Contact, ContactClock
from triage.tables.contact_clock import FIRST, SETTLE
from triage.timetable import Law

OURS = (FIRST, SETTLE)


def law_of(row: ContactClock) -> Law | None:
    """The law of a clock; None for a promise of ours, and for a limit that is no longer in data/."""
    return catalogue().laws.get(row.kind)


def runs(row: ContactClock) -> bool:
    """Whether the clock runs: nothing has stopped it, and it has not been missed."""
    return row.met_at is None and row.ended_at is None and row.breached_at is None and row.paused_since is None


def partner_of(queue: str | None, now: datetime) -> str | None:
    """The id of the partner who runs a queue today."""
    return catalogue().partner_id(queue, limits.on_wall(now)) if queue else None


def new_clock(
    session: AsyncSession, contact: Contact, kind: str, promise: hours.Promise, began: datetime
) -> ContactClock:
    """One clock, that counts from `began` and is on whoever has the contact."""
    row = ContactClock(
        contact_id=contact.id,
        kind=kind,
        rule=promise.rule,
        calendar=promise.calendar,
        queue=contact.queue,
        partner=contact.partner,
        began_at=began,
        counts_from=began,
        due_at=promise.due,
        warn_at=promise.warn,
        paused=hours.NO_TIME,
        longer=False,
    )
    session.add(row)
    return row


def promise(session: AsyncSession, contact: Contact, began: datetime) -> list[ContactClock]:
    """Begin what the contact's queue promises for its priority."""
    assert contact.queue is not None
    promises = hours.promised(contact.queue, contact.priority, began, contact.live)
    return [new_clock(session, contact, kind, promise, began) for kind, promise in zip(OURS, promises, strict=True)]


def promise_again(row: ContactClock, contact: Contact, began: datetime) -> None:
    """What its queue and priority promise now, from when it `began`, later by what the clock has stood still."""
    assert contact.queue is not None
    promises = hours.promised(contact.queue, contact.priority, began, contact.live)
    promise = promises[OURS.index(row.kind)]
    counting = hours.counting(promise.calendar)
    row.rule, row.calendar = promise.rule, promise.calendar
    row.due_at = hours.counted_on(counting, promise.due, row.paused)
    row.warn_at = hours.counted_on(counting, promise.warn, row.paused)


def promise_sooner(row: ContactClock, contact: Contact, now: datetime) -> None:
    """What the contact's priority promises from `now` on counts where that is sooner than what was promised.

    One that stands still goes on standing still, from `now`.
    """
    assert contact.queue is not None
    due = row.due_at
    if row.paused_since is not None:
        counting = hours.counting(row.calendar)
        due = hours.counted_on(counting, due, hours.counted_between(counting, row.paused_since, now))
    promise = hours.promised(contact.queue, contact.priority, now, contact.live)[OURS.index(row.kind)]
    if promise.due >= due:
        return
    row.rule, row.calendar, row.due_at, row.warn_at = promise.rule, promise.calendar, promise.due, promise.warn
    # It began when it did: whoever finds that it was not so urgent after all wins no time by that.
    row.counts_from = now
    row.paused, row.warned_at = hours.NO_TIME, None
    row.paused_since = now if row.paused_since is not None else None


def promise_otherwise(row: ContactClock, contact: Contact, now: datetime) -> None:
    """The priority was put right. What is promised later counts from where it began, and what is promised sooner from
    `now`: nobody is late for what they could not know.
    """
    was = row.rule, row.calendar, row.due_at, row.warn_at
    promise_again(row, contact, row.began_at)
    if row.due_at < was[2]:
        row.rule, row.calendar, row.due_at, row.warn_at = was
        promise_sooner(row, contact, now)


def limit(session: AsyncSession, contact: Contact, kind: str, began: datetime) -> ContactClock:
    """Begin one of the law's limits, which counts from `began`."""
    law = catalogue().laws[kind]
    due = limits.due(law, began)
    return new_clock(session, contact, kind, hours.Promise(law.law, None, due, hours.warn_at(None, began, due)), began)


async def begin_law(
    session: AsyncSession, contact: Contact, rows: Iterable[ContactClock], now: datetime
) -> list[ContactClock]:
    """End the limits of another mark than the contact's, and begin those of its own; they count from its arrival.

    What has become an emergency since has the emergency's limit as well, counted from when that was known.
    """
    laws = catalogue().laws
    for row in rows:
        law = law_of(row)
        if law is not None and law.statutory != contact.statutory and row.met_at is None:
            row.ended_at, row.paused_since = now, None
    there = await repository.kinds_ever(session, contact.id)
    kinds = limits.started_by(laws, contact.statutory, contact.priority)
    if any(laws[kind].statutory == contact.statutory for kind in there if kind in laws):
        return [limit(session, contact, kind, now) for kind in kinds if laws[kind].urgent and kind not in there]
    return [limit(session, contact, kind, contact.arrived_at) for kind in kinds]
