"""Which skill a contact needs in a queue, and which partner answers for a queue. Read from the council's content."""

from datetime import date

from triage.catalogue import Catalogue


def skill_needed(known: Catalogue, queue: str | None, service: str | None) -> str | None:
    """The service whose skill an agent needs to be given this contact, or None when anybody of the queue may."""
    rule = known.queues.get(queue or "")
    if rule is None or service is None:
        return None
    return service if rule.skill or service in rule.skills else None


def partner_id(known: Catalogue, queue: str | None, day: date) -> str | None:
    """The id of the partner who runs `queue` on `day`, or None when nobody is named."""
    partner = known.partner_of(queue, day) if queue else None
    return next((key for key, one in known.partners.items() if one is partner), None) if partner else None


def partner_name(known: Catalogue, partner: str | None) -> str:
    """A partner as people read it."""
    found = known.partners.get(partner or "")
    return found.name if found else "nobody named"
