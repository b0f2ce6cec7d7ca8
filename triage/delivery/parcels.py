"""What a supplier is told of a contact, put together a moment before it goes, as everything is then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.shapes import SETTLED, Attachment, CaseNote, CaseRequest, Place, Reporter
from triage import clock, telling
from triage.catalogue import catalogue
from triage.clocks import keeping
from triage.clocks import repository as clocks
from triage.contacts import UPRN
from triage.delivery import places, repository, rules
from triage.settings import get_settings
from triage.tables import Contact, ContactHistory, Delivery

# A supplier's clock may be this far from ours.
CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True)
class Parcel:
    """One delivery that is ready to go: everything that the supplier is told, looked up a moment ago."""

    delivery_id: UUID
    kind: str
    request: CaseRequest
    handle: str
    note: CaseNote
    # It was tried before, and nobody knows what came of that; since when.
    tried_since: datetime | None
    file: Attachment | None = None
    # The contact whose place is still to be looked up before its case is made.
    place_of: UUID | None = None


async def prepare(session: AsyncSession, delivery_id: UUID) -> Parcel | None:
    """What the supplier is to be told, as it is now; None when there is nothing to tell any more."""
    delivery = await repository.delivery(session, delivery_id)
    if delivery is None or delivery.state != "sending":
        return None
    contact = await session.get_one(Contact, delivery.contact_id)
    first = delivery if delivery.kind == "create" else await repository.created(session, contact.id)
    line = await repository.line(session, delivery.change_id) if delivery.change_id else None
    file = await repository.file_of(session, line) if line is not None and line.what == rules.FILE else None
    gone = line is not None and line.what == rules.FILE and file is None
    if first is None or gone or await _nothing_to_tell(session, first, contact, line):
        delivery.state, delivery.done_at, delivery.lease_until = "dropped", clock.now(), None
        return None
    return Parcel(
        delivery.id,
        delivery.kind,
        request_of(contact, rules.due_by_law(contact.statutory, await _limits(session, contact))),
        first.handle or "",
        _note_of(delivery, contact, line),
        delivery.made_at - CLOCKS_DIFFER if delivery.attempts > 1 or delivery.lost else None,
        file,
        contact.id if delivery.kind == "create" and places.to_look_up(contact) else None,
    )


async def _nothing_to_tell(
    session: AsyncSession, first: Delivery, contact: Contact, line: ContactHistory | None
) -> bool:
    """Whether what was to be told does not matter to the supplier any more."""
    if first.state == "dropped":
        return True
    if line is None:
        return (
            contact.state == "closed"
            or contact.merged_into is not None
            or await has_left(session, contact, first.connector)
        )
    if line.what not in rules.ENDS:
        return contact.merged_into is not None or await has_left(session, contact, first.connector)
    if await repository.said_last(session, first.id) in SETTLED:
        # They have put it down themselves.
        return True
    if line.what in rules.PASSED:
        return not await has_left(session, contact, first.connector)
    # Opened again meanwhile, it is theirs as before; and what was made part of another is told as that.
    return line.what == "closed" and (contact.state != "closed" or contact.merged_into is not None)


async def has_left(session: AsyncSession, contact: Contact, connector: str) -> bool:
    """Whether people have passed a contact on to somebody who is not behind this supplier."""
    if not await repository.was_passed_on(session, contact.id):
        # It may have come to an unusual queue by itself, as for a danger: nobody has said that it is not theirs.
        return False
    known, today = catalogue(), clock.today()
    service = known.services.get(contact.service or "")
    home = known.partner_id(known.queue(service.queue), today) if service else None
    here = known.partner_id(contact.queue or "", today)
    return rules.has_left(connector, route_of(contact), here, home)


def _note_of(delivery: Delivery, contact: Contact, line: ContactHistory | None) -> CaseNote:
    """What a resident has said since, of a reopened contact that it is not settled, or that it is theirs no more."""
    if line is None:
        return CaseNote(str(delivery.id), contact.text, contact.arrived_at)
    if line.what in rules.ENDS:
        end = rules.end_of(line.what, str(line.detail.get("reason") or ""))
        return CaseNote(str(delivery.id), end.text, line.at, end.state)
    if line.what == rules.SAFETY:
        return CaseNote(str(delivery.id), rules.NOT_SAFE, line.at)
    said = str(line.detail.get("said") or "")
    reopened = delivery.kind == "reopen"
    text = f"The resident says that this is not settled. {said}".strip() if reopened else said
    return CaseNote(str(delivery.id), text, line.at, "received" if reopened else None)


async def _limits(session: AsyncSession, contact: Contact) -> list[rules.Limit]:
    """The law's limits that are still to be met, as they run now."""
    rows = await clocks.clocks_of(session, contact.id)
    return [
        rules.Limit(law, row.due_at)
        for row in rows
        if (law := keeping.law_of(row)) and row.met_at is None and row.paused_since is None
    ]


def request_of(contact: Contact, law: Mapping[str, str]) -> CaseRequest:
    """A contact as a supplier is told of it, with what the `law` asks beside the form's answers.

    Who it is from is told only where they agreed that we pass it on.
    """
    details = {str(label): str(answer) for label, answer in contact.details.items()} | dict(law)
    known = contact.consent and contact.safe_to_contact is not False
    address = telling.address(contact.reply_to) or ""
    reporter = Reporter(
        name=contact.name, email=address if "@" in address else None, phone=None if "@" in address else address or None
    )
    return CaseRequest(
        service=contact.service or "",
        text=contact.text,
        asked_at=contact.arrived_at,
        place=Place(uprn=details.get(UPRN), line=contact.place) if contact.place else None,
        reporter=reporter if known else None,
        details=details,
    )


def route_of(contact: Contact) -> str | None:
    """The connector that a contact is handed to."""
    return rules.route(routes(), contact.service, contact.demo)


def routes() -> dict[str, str]:
    """The connector that each service's contacts are handed to: council.toml's [casework], or FRONTDOOR_CASEWORK."""
    table: dict[str, str] = get_settings().casework or catalogue().council.get("casework", {})
    return table
