"""What each kind of connector promises. Every implementation passes tests/connectors/test_conformance.py.

Every call answers within its connector's limits or raises one of connectors.errors: a SupplierUnavailable, which may
be tried again, or a Final, which may not. A call that a supplier has no counterpart for raises NotOffered; the
manifest's `offers` says which calls there are. All calls are safe to make twice.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from connectors.shapes import (
    Address,
    Area,
    Attachment,
    Case,
    CaseNote,
    CaseRequest,
    CaseUpdate,
    Collection,
    CommunityService,
    DeliveryReport,
    Directory,
    LibraryHours,
    LibrarySite,
    MissedBin,
    Payment,
    PaymentRequest,
    PlanningApplication,
    PlanningConstraint,
    Receipt,
    ServiceAlert,
)


class Addresses(Protocol):
    """Finds properties."""

    async def find(self, text: str) -> list[Address]:
        """Properties that match a postcode, with or without a house number; at most 20, none when nothing fits."""
        ...

    async def by_postcode(self, postcode: str) -> list[Address]:
        """Every property at a postcode, at most 100; none when there is no such postcode."""
        ...

    async def by_uprn(self, uprn: str) -> Address | None:
        """The property with this number, or None."""
        ...


class Areas(Protocol):
    """Knows where a postcode lies: whose it is, and in which ward."""

    async def area(self, postcode: str) -> Area | None:
        """Where a postcode lies, or None when there is no such postcode."""
        ...


class Collections(Protocol):
    """Knows the bin rounds."""

    async def collection(self, uprn: str, stream: str, today: date) -> Collection | None:
        """The round of one stream at one property as of `today`, or None when it has none."""
        ...

    async def rounds(self, uprn: str, today: date) -> list[Collection]:
        """The rounds of every stream at one property as of `today`; none when it has none."""
        ...

    async def missed(self, uprn: str, stream: str, now: datetime) -> MissedBin:
        """Whether a missed bin of this stream would be taken now, and why. `now` has a time zone."""
        ...

    async def alerts(self, today: date) -> list[ServiceAlert]:
        """What holds up collections today or later; at most 50."""
        ...


class Libraries(Protocol):
    """Knows the libraries and their opening hours."""

    async def sites(self) -> list[LibrarySite]:
        """Every library, at most 100."""
        ...

    async def hours(self, site: str, today: date) -> LibraryHours | None:
        """Hours of one site by its id, from `today` on for at least eight days; None when they are not known."""
        ...


class Messages(Protocol):
    """Sends an email, a text message or a letter. MessageRefused when this message will never be taken."""

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """Send `template` filled with `fields` to an email address or a UK mobile number.

        `fields` always hold `subject` and `text`, the whole message in our words, for a supplier that keeps no
        templates. With a `client_reference` that was sent before, nothing is sent and the same receipt comes back.
        """
        ...

    async def post(self, to: tuple[str, ...], template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """Send a letter to an address in three to seven lines, the last of them its postcode. As `send` otherwise."""
        ...

    async def delivered(self, receipt: str) -> DeliveryReport:
        """What became of a message. Raises NotKnown for a receipt that is not this supplier's."""
        ...


class Casework(Protocol):
    """A back office, in which cases are settled."""

    async def create(self, request: CaseRequest, client_reference: str) -> Case:
        """Open a case. With a `client_reference` that was sent before, no second case is made."""
        ...

    async def find(self, client_reference: str, since: datetime) -> Case | None:
        """The case that was opened under this reference since then, or None: for a try whose answer was lost."""
        ...

    async def update(self, handle: str, note: CaseNote) -> Receipt:
        """Add what happened on our side. Raises NotKnown."""
        ...

    async def status(self, handle: str) -> Case:
        """How a case stands. Raises NotKnown."""
        ...

    async def attach(self, handle: str, attachment: Attachment) -> Receipt:
        """Add a file. Raises NotKnown."""
        ...

    async def updates(self, since: datetime, until: datetime) -> list[CaseUpdate]:
        """What the back office has said about any case since then, oldest first; at most 1,000."""
        ...


class Inbound(Protocol):
    """Reads what a supplier posts to us. Does no input or output, so it cannot be slow."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[CaseUpdate | DeliveryReport]:
        """What a posted body says; nothing for an event that we have no use for.

        Header names are lower case. Raises NotGenuine before anything is read, and RequestRefused when a genuine
        body is not what the documentation says.
        """
        ...


class Planning(Protocol):
    """Knows what bears on building at a place. Never the whole truth: it is no answer to "may I build?"."""

    async def constraints(self, latitude: float, longitude: float) -> list[PlanningConstraint]:
        """What is recorded at a point; at most 100. An empty list says that nothing is recorded there."""
        ...

    async def applications(self, latitude: float, longitude: float) -> list[PlanningApplication]:
        """Applications recorded at a point, newest first; at most 100."""
        ...


class Payments(Protocol):
    """Takes a fee."""

    async def create(self, request: PaymentRequest, client_reference: str) -> Payment:
        """Begin a payment. With a `client_reference` that was sent before, the same payment comes back."""
        ...

    async def status(self, payment: str) -> Payment:
        """How a payment stands. Raises NotKnown."""
        ...


class CommunityDirectory(Protocol):
    """Knows what there is in the community."""

    async def search(self, text: str, postcode: str | None = None, page: int = 1) -> Directory:
        """Services that fit the words, near a postcode if one is given; at most 20 a page."""
        ...

    async def service(self, service: str) -> CommunityService | None:
        """One service by its id, or None."""
        ...


# The kinds, by the name that manifests and council.toml use.
KINDS: dict[str, type] = {
    "addresses": Addresses,
    "areas": Areas,
    "casework": Casework,
    "collections": Collections,
    "directory": CommunityDirectory,
    "inbound": Inbound,
    "libraries": Libraries,
    "messages": Messages,
    "payments": Payments,
    "planning": Planning,
}
