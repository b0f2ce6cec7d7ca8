"""Leaving a contact by API, and asking how it stands."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Request

from triage import limits
from triage.access import Anyone, client_address
from triage.database import transaction
from triage.errors import NotFound
from triage.faults import PROBLEMS
from triage.helping import look_for_danger
from triage.intake import service, showing
from triage.intake.schemas import ContactFiled, ContactIn, ContactStatus
from triage.settings import get_settings
from triage.tables import Contact

router = APIRouter(tags=["contact"], responses=PROBLEMS)


async def count_contact(request: Request) -> None:
    """Count one contact from this address. Raises TooMany above the setting contacts_per_hour."""
    async with transaction() as session:
        address = client_address(request)
        await limits.count(session, "contact", address, get_settings().contacts_per_hour, timedelta(hours=1))


async def count_try(request: Request) -> None:
    """Count one try at a contact's code from this address, right or wrong. Raises TooMany above 60 an hour."""
    async with transaction() as session:
        await limits.count(session, "contact code", client_address(request), 60, timedelta(hours=1))


@router.post("/api/contacts", status_code=201, dependencies=[Anyone])
async def leave(
    request: Request,
    contact: ContactIn,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> ContactFiled:
    """Leave a contact. With the same Idempotency-Key and words it is stored once, however often sent."""
    danger = look_for_danger(contact.text)
    if danger is None:
        # A limit never keeps a cry for help out.
        await count_contact(request)
    async with transaction() as session:
        filed = await service.take_in(session, contact, idempotency_key)
        return ContactFiled(reference=filed.reference, secret=filed.code, danger=danger[1] if danger else None)


@router.get("/api/contacts/{reference}", dependencies=[Anyone])
async def status(
    request: Request, reference: str, authorization: Annotated[str | None, Header()] = None
) -> ContactStatus:
    """How a contact stands, for the bearer of its secret."""
    await count_try(request)
    kind, _, code = (authorization or "").partition(" ")
    if kind.lower() != "bearer":
        raise NotFound
    async with transaction() as session:
        contact = await service.show(session, reference, code)
        return status_of(contact, await showing.show(session, contact))


def status_of(contact: Contact, shown: showing.Shown) -> ContactStatus:
    """A contact as its holder sees it."""
    return ContactStatus(
        reference=contact.reference,
        state=shown.state,
        service=contact.service,
        arrived_at=contact.arrived_at,
        settle_due_at=contact.settle_due_at,
        outcome=contact.outcome,
        team=shown.team,
        late=shown.late,
        part_of=shown.whole.reference if shown.whole else None,
        messages=shown.messages,
        answers=list(shown.answers),
    )
