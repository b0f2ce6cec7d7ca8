"""How a contact's clocks stand, as an agent reads it: the law's limits, why it waits, and what may be done about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from triage import hours, ringing
from triage.catalogue import catalogue
from triage.clock import LONDON
from triage.clocks import beginning, law, pausing
from triage.desk import rules, schemas
from triage.desk.repository import Waiting
from triage.pages import short_date
from triage.tables import Contact, ContactClock, ContactHistory
from triage.tables.contact_clock import FIRST, SETTLE

NAMES = {FIRST: "First answer", SETTLE: "Settling"}
WHY_RESUMED = {
    "the pause was over": "the pause was over",
    pausing.WRITTEN: pausing.WRITTEN,
    ringing.RESUMED: "the resident has rung",
    pausing.FILE_SENT: pausing.FILE_SENT,
    pausing.PROVED: f"{pausing.PROVED}. What the law counts from the proof begins again",
    "passed on": "it was passed on",
    "closed": "it was closed",
}


def opening(queue: str | None) -> hours.Opening:
    """The opening hours of a queue; the council's own where there is no such queue."""
    rule = catalogue().queues.get(queue or "")
    return hours.opening(rule.calendar if rule else catalogue().council["calendar"])


def counted(queue: str | None) -> hours.Opening | None:
    """The opening hours in which a queue's time is counted; None for one that never shuts."""
    found = opening(queue)
    return None if found.never_shuts else found


def promises(contact: Contact, rows: Sequence[ContactClock], now: datetime) -> list[rules.Clock]:
    """The two promises of a contact: first answer, then settled.

    By its clocks on record, which say when the desk is warned and whether it stands still; a contact from before
    clocks were kept has none.
    """
    began, found = contact.queued_at, counted(contact.queue)
    # What is urgent, and whoever waits in the chat, is promised minutes by the clock and not by opening hours.
    first = None if contact.live or contact.priority in hours.URGENT else found
    rule = catalogue().queues.get(contact.queue or "")
    by_clock = rule is not None and hours.runs_by_clock(rule.targets(contact.priority)[1], contact.priority)
    settle = None if by_clock else found
    kept = {row.kind: row for row in rows}

    def read(
        kind: str, label: str, due: datetime | None, met: datetime | None, opening: hours.Opening | None
    ) -> rules.Clock:
        row, why = kept.get(kind), waits(contact)
        if row is None:
            return rules.read_clock(label, due, began, met, now, opening, why)
        why = why if row.paused_since else None
        return rules.read_clock(label, due, began, met, now, opening, why, row.warn_at)

    return [
        read(FIRST, "First answer", contact.first_due_at, contact.first_answer_at, first),
        read(SETTLE, "Settle by", contact.settle_due_at, contact.closed_at, settle),
    ]


def clocks(contact: Contact, rows: Sequence[ContactClock], now: datetime) -> list[rules.Clock]:
    """Every clock of a contact: our promises and the law's limits."""
    return [*promises(contact, rows, now), *limits(contact, rows, now)]


def nearest(contact: Contact, rows: Sequence[ContactClock], now: datetime) -> rules.Clock:
    """The clock that a contact's line in a list shows: a promise or a limit of the law, what is late or near first."""
    found = clocks(contact, rows, now)
    ours = found[0] if contact.first_answer_at is None else found[1]
    if contact.state == "closed":
        return ours
    return rules.nearest(found if rows else [ours], ours)


def next_answer(waiting: Waiting, queue: str, rows: Sequence[ContactClock], now: datetime) -> rules.Clock:
    """The nearest first answer of those who wait in a queue; `rows` are the clocks of whoever is promised it."""
    warn = next((row.warn_at for row in rows if row.kind == FIRST), None)
    return rules.read_clock("First answer", waiting.due, waiting.began, None, now, counted(queue), None, warn)


def waits(contact: Contact) -> str | None:
    """Why the contact's clocks stand still, and until when; None when they run."""
    if contact.paused_at is None or contact.paused_until is None:
        return None
    why = pausing.LABELS.get(contact.pause_reason or "", "a reason on record")
    return f"Paused: {why[:1].lower()}{why[1:]}, until {short_date(contact.paused_until.astimezone(LONDON).date())}"


def limits(contact: Contact, rows: Sequence[ContactClock], now: datetime) -> list[rules.Clock]:
    """The law's time limits of a contact."""
    found = []
    for row in rows:
        if (limit := beginning.law_of(row)) is not None:
            missed = row.breached_at is not None or (beginning.runs(row) and row.due_at <= now)
            left = law.left_in_words(limit, row.due_at, now)
            why = waits(contact) if row.paused_since else None
            last = law.last_minute(limit, row.due_at)
            found.append(rules.read_limit(limit.name, last, row.met_at, missed, now >= row.warn_at, left, why))
    return found


def awaits_proof(contact: Contact, rows: Sequence[ContactClock], last: ContactHistory | None, now: datetime) -> bool:
    """Whether it matters for a limit of the law that they prove who they are: a pause for it runs, or ended without."""
    if contact.paused_at is not None:
        return contact.pause_reason == pausing.IDENTITY
    came = pausing.proof_came(last.what, last.detail, now) if last else None
    return came is not None and any(beginning.runs(row) and pausing.begins_again(beginning.law_of(row)) for row in rows)


def of(
    contact: Contact, rows: Sequence[ContactClock], now: datetime, last: ContactHistory | None = None
) -> schemas.Standing:
    """What may be done about the clocks of a contact; `last` is the newest line of its history about a pause."""
    may = []
    for row in rows:
        limit = beginning.law_of(row)
        if limit is not None and row.met_at is None:
            longer = limit.longer_why if beginning.runs(row) and row.due_at > now and not row.longer else None
            if limit.step or longer:
                may.append(schemas.Limit(row.kind, limit.name, limit.step, longer))
    today = now.astimezone(LONDON).date()
    latest = today + timedelta(days=pausing.LONGEST_DAYS)
    proof = awaits_proof(contact, rows, last, now)
    return schemas.Standing(waits(contact), pausing.REASONS, today + timedelta(days=1), latest, may, proof)


def history_words(what: str, detail: dict[str, Any]) -> str:
    """A line of the audit trail about a clock, as a sentence."""
    kind = str(detail.get("kind", ""))
    known = catalogue().laws.get(kind)
    name = known.name if known else NAMES.get(kind, kind)
    match what:
        case "paused":
            return f"Clocks paused. {pausing.LABELS.get(detail.get('reason', ''), '')}"
        case "resumed":
            why = WHY_RESUMED.get(detail.get("why", ""))
            return f"Clocks started again: {why}" if why else "Clocks started again"
        case "made_longer":
            return f"{name}: more time taken, as the law allows. {detail.get('reason', '')}"
        case "reached":
            return f"{name}: {known.step if known else 'done'}"
        case "clock_near":
            return f"{name}: nearly due"
        case _:
            partner = catalogue().partners.get(str(detail.get("partner")))
            return f"{name}: not done in time{f', while {partner.name} had it' if partner else ''}"
