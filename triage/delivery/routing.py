"""Through which connector a contact is settled, and which partners are behind its queues."""

from triage import clock
from triage.catalogue import catalogue
from triage.delivery import rules
from triage.settings import get_settings
from triage.tables import Contact


def routes() -> dict[str, str]:
    """The connector that each service's contacts are handed to: council.toml's [casework], or FRONTDOOR_CASEWORK."""
    table: dict[str, str] = get_settings().casework or catalogue().council.get("casework", {})
    return table


def route_of(contact: Contact) -> str | None:
    """The connector that a contact is handed to."""
    return rules.route(routes(), contact.service, contact.demo)


def home_queue(contact: Contact) -> str | None:
    """The queue of a contact's service."""
    known = catalogue()
    service = known.services.get(contact.service or "")
    return known.queue(service.queue) if service else None


def partners_of(contact: Contact) -> tuple[str | None, str | None]:
    """Who runs the queue that a contact is on, and who runs its service's, as far as known today."""
    known, today = catalogue(), clock.today()
    home = home_queue(contact)
    return known.partner_id(contact.queue or "", today), known.partner_id(home, today) if home else None
