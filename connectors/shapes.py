"""The plain records that connectors speak in. No supplier's word gets past them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

# --- places ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """One property. `uprn` is its Unique Property Reference Number; `ours` says whether the council serves it.

    `council_name`: whose it is, where the supplier names the council.
    """

    uprn: str
    line: str
    postcode: str
    ours: bool
    ward: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    council_name: str | None = None


@dataclass(frozen=True)
class Area:
    """Where a postcode lies. `border`: some of its properties may be another council's, so ask for the property.

    `council` is the code of the council at its middle (GSS, such as E09000003) or its custodian code; `council_name`
    its name, where the supplier gives it.
    """

    postcode: str
    council: str
    ours: bool
    border: bool
    ward: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    council_name: str | None = None


@dataclass(frozen=True)
class Place:
    """Where something is that a case is about. At least one of its fields is given."""

    uprn: str | None = None
    line: str | None = None
    postcode: str | None = None
    latitude: float | None = None
    longitude: float | None = None


# --- bins -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Collection:
    """When one stream is collected at one property. `day` is a weekday's English name."""

    uprn: str
    stream: str
    day: str
    last_date: date
    next_date: date
    alert: str | None = None


@dataclass(frozen=True)
class MissedBin:
    """Whether a missed bin would be taken now. It is a suggestion: a person may take it all the same."""

    likely: bool
    why: str


@dataclass(frozen=True)
class ServiceAlert:
    """Something that holds up a service for many. `streams` is empty when it is about all of them."""

    id: str
    text: str
    starts: date
    ends: date | None
    streams: tuple[str, ...] = ()


# --- libraries ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LibrarySite:
    """One library, by its id and its name."""

    id: str
    name: str


@dataclass(frozen=True)
class LibrarySession:
    """A time in which a library is open: from `opens` to just before `closes`, as a clock on its wall shows them.

    `staffed`: nobody needs a card set up for it. A session ends on the day that it begins.
    """

    opens: time
    closes: time
    staffed: bool


@dataclass(frozen=True)
class LibraryHours:
    """One library's opening hours: the usual week in words, each coming day for certain, and where they come from.

    `days` begin with the day that was asked about and follow one another; a day without sessions is closed all day.
    Bank holidays and other closures are in it already. Sessions are in order and do not overlap.
    """

    site: str
    week: str
    days: tuple[tuple[date, tuple[LibrarySession, ...]], ...]
    provenance: str


# --- messages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Receipt:
    """A supplier has taken a message, an update or a file. `id` is the supplier's own name for it."""

    id: str


MessageState = Literal["taken", "sending", "delivered", "failed_for_now", "failed_for_good"]


@dataclass(frozen=True)
class DeliveryReport:
    """What became of a message. `failed_for_now` may be sent again; `failed_for_good` needs another address."""

    receipt: str
    state: MessageState
    client_reference: str | None = None
    at: datetime | None = None


# --- cases in somebody's back office --------------------------------------------------------------------------------

# `no_action` and `not_ours` are what a back office says. Only a person tells a resident no.
CaseState = Literal["received", "looking", "planned", "in_progress", "done", "no_action", "not_ours", "duplicate"]
SETTLED: frozenset[CaseState] = frozenset({"done", "no_action", "not_ours", "duplicate"})


@dataclass(frozen=True)
class Reporter:
    """Who told us, as far as they let us pass it on."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class CaseRequest:
    """What a back office is asked to do. `service` is ours; `details` are the answers to a form, by their names."""

    service: str
    text: str
    asked_at: datetime
    place: Place | None = None
    reporter: Reporter | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A case as its back office has it.

    `handle` is what to ask for it by, and is kept with the contact; it may change once, when `id`, the number that a
    person there would know it by, is given. Keep the newest.
    """

    handle: str
    id: str | None
    state: CaseState
    note: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class CaseNote:
    """What we add to a case. `id` is ours: the same note is never added twice."""

    id: str
    text: str
    at: datetime
    state: CaseState | None = None


@dataclass(frozen=True)
class CaseUpdate:
    """What a back office says about a case. `id` is theirs: heard twice, it is one update."""

    id: str
    handle: str
    state: CaseState
    at: datetime
    text: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a case."""

    name: str
    content_type: str
    content: bytes


# --- planning -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanningConstraint:
    """Something that bears on what may be built at a place, such as a conservation area."""

    kind: str
    name: str
    reference: str
    link: str | None = None


@dataclass(frozen=True)
class PlanningApplication:
    """One application."""

    reference: str
    about: str
    address: str | None
    decided: str | None
    received: date | None
    link: str | None = None


# --- payments -------------------------------------------------------------------------------------------------------

PaymentState = Literal["started", "taken", "failed", "cancelled", "broken"]


@dataclass(frozen=True)
class PaymentRequest:
    """A fee to be paid. `reference` is shown to the resident and to finance; no personal detail belongs in it."""

    pence: int
    reference: str
    about: str
    return_to: str


@dataclass(frozen=True)
class Payment:
    """A payment as its supplier has it. `pay_at` is where the resident pays, while that can still be done."""

    id: str
    state: PaymentState
    pence: int
    reference: str
    pay_at: str | None = None


# --- what there is in the community ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class CommunityService:
    """A service that somebody runs for people nearby. `provenance` says whose word it is."""

    id: str
    name: str
    about: str
    provenance: str
    link: str | None = None
    email: str | None = None
    phone: str | None = None
    checked_on: date | None = None


@dataclass(frozen=True)
class Directory:
    """One page of what was found. `more`: there is another page."""

    services: tuple[CommunityService, ...]
    more: bool
