"""Suppliers for a search of every order of events: of messages, and of the work that the council hands on."""

from uuid import UUID, uuid4

from sqlalchemy import select

from connectors.console import ConsoleCasework, ConsoleMessages
from connectors.errors import MessageRefused, SupplierUnavailable
from connectors.shapes import CaseState, CaseUpdate, Receipt
from triage import clock
from triage.database import transaction
from triage.delivery import hearing, service
from triage.tables import Delivery

# Whoever does the work, where a model says who closed a contact.
SUPPLIER = UUID(int=1)
CONNECTOR = "console"
# What is handed on to it.
THEIRS = "My bin was not emptied."
# What they will not do, by any of its names: none of them may close anything.
DECLINES: tuple[CaseState, ...] = ("no_action", "not_ours", "duplicate")
SAYS: tuple[CaseState, ...] = ("done", "done", "received", "planned", *DECLINES)


class Fickle(ConsoleMessages):
    """A supplier that takes a message, is away, or refuses it, as it is told."""

    mood = "takes"

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        if self.mood == "away":
            raise SupplierUnavailable
        if self.mood == "refuses":
            raise MessageRefused
        return await super().send(to, template, fields, client_reference)


async def round_of_handing_on(casework: ConsoleCasework) -> int:
    """Hand on what is due."""
    return await service.deliver({CONNECTOR: casework}, lambda: 0.5)


async def handed_on() -> list[tuple[UUID, str]]:
    """(contact, what its supplier knows it by) of everything that was handed on."""
    async with transaction() as session:
        rows = await session.execute(
            select(Delivery.contact_id, Delivery.handle)
            .where(Delivery.kind == "create", Delivery.handle.is_not(None))
            .order_by(Delivery.seq)
        )
        return [(contact_id, handle) for contact_id, handle in rows]


async def says(handle: str, state: CaseState) -> None:
    """The supplier says how a case stands now, by its webhook."""
    async with transaction() as session:
        await hearing.hear(session, CONNECTOR, CaseUpdate(str(uuid4()), handle, state, clock.now(), "We looked."))
