"""What a supplier is told of a contact, put together a moment before it goes, as everything is then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.manifest import manifests
from connectors.shapes import Attachment, CaseNote, CaseRequest, Place, Reporter
from triage import clock, telling
from triage.contacts import MADE_UP, uprn_of
from triage.delivery import changes, places, repository, rules
from triage.delivery.repository import Claimed
from triage.tables import Contact, Delivery

# A supplier's clock may be this far from ours.
CLOCKS_DIFFER = timedelta(hours=1)
# When a try whose process died is made again. Renewed as a try begins, which takes half of it at the most.
LEASE = timedelta(seconds=60)


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
    # Nobody needs the case any more: if an earlier try has made it, what follows takes it back.
    only_find: bool = False
    # The contact whose place is still to be looked up before its case is made.
    place_of: UUID | None = None
    # A try before this one may have been done.
    maybe_done: bool = False


async def prepare(session: AsyncSession, claimed: Claimed, looked_up: bool = False) -> Parcel | None:
    """What the supplier is to be told, as it is now; None when there is nothing to tell any more.

    Nor where the lease has ended and somebody else has claimed it since: a try is renewed as it begins, and given up
    when it is no longer the one that was claimed. `looked_up`: its place was asked for, whatever came of that.
    """
    delivery = await repository.delivery(session, claimed.id)
    if delivery is None or delivery.state != "sending" or delivery.attempts != claimed.attempt:
        return None
    delivery.lease_until = clock.now() + LEASE
    contact = await session.get_one(Contact, delivery.contact_id)
    if delivery.change_id is None:
        parcel = await _create(session, delivery, contact, looked_up)
        if parcel is not None and parcel.place_of is None:
            # From here on it may be done, until whoever makes this try has noted what came of it.
            delivery.maybe_done = True
        return parcel
    line = await repository.line(session, delivery.change_id)
    first = await repository.created(session, contact.id, delivery.connector)
    file = await repository.file_of(session, line) if line.what == rules.FILE else None
    gone = line.what == rules.FILE and file is None
    told = await changes.told_of(session, first, contact, line) if first is not None and not gone else None
    if told is not None and told.kind == "reopen" and first is not None and first.handle is None:
        # It never went out: it does now, and with it all that was said since.
        await begin(session, contact, delivery.connector)
        told = None
    if first is None or told is None:
        _leave_out(delivery, first)
        return None
    delivery.kind = told.kind
    note = CaseNote(str(delivery.id), told.text, line.at, told.state)
    return Parcel(delivery.id, delivery.kind, request_of(contact, {}), first.handle or "", note, None, file)


async def _create(session: AsyncSession, delivery: Delivery, contact: Contact, looked_up: bool) -> Parcel | None:
    """A case that is to be made; None when nobody needs it any more."""
    over = contact.state == "closed" or contact.merged_into is not None
    over = over or await changes.has_left(session, contact, delivery.connector)
    tried = delivery.attempts > 1 or delivery.lost > 0 or delivery.maybe_done
    if over and not tried:
        _leave_out(delivery, None)
        return None
    return Parcel(
        delivery.id,
        delivery.kind,
        request_of(contact, await changes.law_of(session, contact)),
        "",
        CaseNote(str(delivery.id), contact.text, contact.arrived_at),
        delivery.made_at - CLOCKS_DIFFER if tried else None,
        place_of=contact.id if places.to_look_up(contact) and not (over or looked_up) else None,
        only_find=over,
        maybe_done=delivery.maybe_done,
    )


def _leave_out(delivery: Delivery, first: Delivery | None) -> None:
    """It does not go. Where an earlier try may have told it all the same, it counts as told, for what follows it."""
    if first is not None and first.handle is not None and delivery.attempts > 1:
        if delivery.kind == "end":
            first.state = "dropped"
        elif delivery.kind == "reopen":
            first.state = "sent"
    delivery.state, delivery.why, delivery.done_at, delivery.lease_until = "dropped", None, clock.now(), None


async def begin(session: AsyncSession, contact: Contact, connector: str) -> bool:
    """Write down that a contact's case is to be made at a supplier, and all that its resident said since told after it.

    Whether that is new: a case is made once.
    """
    now = clock.now()
    if not await repository.create(session, contact.id, connector, now):
        return False
    await repository.tell_said(session, contact.id, connector, now, connector in takers())
    return True


def takers() -> list[str]:
    """The connectors that take files, as their manifests say."""
    return [name for name, manifest in manifests().items() if "attach" in manifest.offers.get("casework", ())]


def knows_twice(connector: str) -> bool:
    """Whether a supplier that cannot be asked for a case makes none when it is told of the same one again.

    Where a connector can ask, and says that it cannot here, its "twice" is of those that can.
    """
    manifest = manifests().get(connector)
    if manifest is None or "find" in manifest.offers.get("casework", ()):
        return False
    return manifest.quality.get("twice") == "done"


def request_of(contact: Contact, law: Mapping[str, str]) -> CaseRequest:
    """A contact as a supplier is told of it, with what the `law` asks beside the form's answers.

    Who it is from is told only where they agreed that we pass it on.
    """
    found = {str(label): str(answer) for label, answer in contact.details.items()}
    # What is made up stays in the house, whatever the system there is.
    details = {label: said for label, said in found.items() if not said.endswith(MADE_UP)} | dict(law)
    known = contact.consent and contact.safe_to_contact is not False
    address = telling.address(contact.reply_to) or ""
    reporter = Reporter(
        name=contact.name, email=address if "@" in address else None, phone=None if "@" in address else address or None
    )
    return CaseRequest(
        service=contact.service or "",
        text=contact.text,
        asked_at=contact.arrived_at,
        place=Place(uprn=uprn_of(details), line=contact.place) if contact.place else None,
        reporter=reporter if known else None,
        details=details,
    )
