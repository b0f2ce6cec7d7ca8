"""Which skill a contact needs in a queue, and how a partner is called. Read from the council's content."""

from triage.catalogue import Catalogue


def skill_needed(known: Catalogue, queue: str | None, service: str | None) -> str | None:
    """The service whose skill an agent needs to be given this contact, or None when anybody of the queue may."""
    rule = known.queues.get(queue or "")
    if rule is None or service is None:
        return None
    return service if rule.skill or service in rule.skills else None


def partner_name(known: Catalogue, partner: str | None) -> str:
    """A partner as people read it."""
    found = known.partners.get(partner or "")
    return found.name if found else "nobody named"
