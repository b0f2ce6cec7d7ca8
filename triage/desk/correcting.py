"""A person puts right what sorting made of a contact: its service, its urgency, whether it is a complaint, its law.

What it was and what it is now stay in its history as "corrected", from which sorting can learn.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, outbox, placing
from triage.catalogue import catalogue
from triage.clocks import keeping
from triage.desk.holding import changed, held
from triage.errors import Conflict, Invalid
from triage.events import ServiceNamed
from triage.tables import Agent, Contact
from triage.tables.contact import PRIORITIES, STATUTORY

PRIORITY_NAMES = {
    "P0": "P0: somebody is being harmed now",
    "P1": "P1: harm today unless we act",
    "P2": "P2: urgent",
    "P3": "P3: ordinary",
    "P4": "P4: can wait",
}
LAW_NAMES = {
    "foi": "Freedom of information",
    "eir": "Environmental information",
    "sar": "What we hold about them (subject access)",
    "complaint": "Complaint",
    "homelessness": "Homeless, or may be soon",
    "hazard": "Danger in a council home (Awaab's Law)",
}
# What is sent for "there is none"; what is not sent stays as it is.
NONE = "none"
# These two services are nothing but what a law gives a right to, so its limit comes and goes with them.
BY_LAW = {"subject_access": "sar", "freedom_of_information": "foi"}
ASKED_FOR = ("foi", "eir", "sar")
COMPLAINT = "complaint"


@dataclass(frozen=True)
class Sorted:
    """What a person may put right of a contact."""

    service: str | None
    priority: str
    complaint: bool
    statutory: str | None


def put_right(was: Sorted, now: Sorted) -> Sorted:
    """What comes of what a person chose: `now` as the form had it, where only what differs from `was` was chosen.

    A limit that they chose is theirs. One that they left alone follows the service, where the law is all it is about.
    A complaint has the complaint's limit unless another goes before it, and no limit of a complaint is without one.
    """
    law, complaint = now.statutory, now.complaint
    if (now.service, law, complaint) == (was.service, was.statutory, was.complaint):
        return now
    if law != was.statutory:
        complaint = complaint or law == COMPLAINT
    elif now.service != was.service:
        law = _of_service(now.service, law, complaint)
    if law == COMPLAINT and not complaint:
        law = None
    return Sorted(now.service, now.priority, complaint, law or (COMPLAINT if complaint else None))


def _of_service(service: str | None, law: str | None, complaint: bool) -> str | None:
    follows = BY_LAW.get(service or "")
    if follows is None:
        return None if law in ASKED_FOR else law
    if follows == "foi" and (law == "eir" or complaint):
        # The environment has a law of its own; and who complains of an answer does not ask anew.
        return law
    return follows


# What each part of the form is called where it is told of.
PARTS = {
    "service": "What it is about",
    "priority": "How urgent it is",
    "complaint": "Whether it is a complaint",
    "law": "Its legal time limit",
}


def chosen(given: Mapping[str, str], shown: Mapping[str, str], was: Sorted) -> dict[str, str]:
    """What was chosen otherwise than the form had shown; where that is not said, all that was given.

    The form may stand open while a danger raises the urgency: sending it for the service must not lower that again.
    Raises Conflict where both have changed.
    """
    now = {
        "service": was.service or NONE,
        "priority": was.priority,
        "complaint": "yes" if was.complaint else "no",
        "law": was.statutory or NONE,
    }
    found = {part: value for part, value in given.items() if value and value != (shown.get(part) or None)}
    for part, value in found.items():
        if shown.get(part) and now[part] not in (shown[part], value):
            raise Conflict(
                f"{PARTS[part]} has changed since you opened this form. Nothing was changed: look at it, then choose."
            )
    return found


async def correct(
    session: AsyncSession,
    agent: Agent,
    contact_id: UUID,
    version: int,
    given: Mapping[str, str],
    shown: Mapping[str, str],
) -> None:
    """Set what was given, otherwise than `shown`, of service, priority, complaint and law; what is empty stays.

    An urgency that changes moves its promises (clocks/keeping.prioritise); a law that changes ends the limits of the
    one before, as not due, and begins its own. Raises as `held`, Invalid, Conflict.
    """
    contact = await held(session, agent, contact_id, version)
    was = Sorted(contact.service, contact.priority, contact.complaint, contact.statutory)
    now = put_right(was, _read(chosen(given, shown, was), was))
    if now == was:
        return
    contact.service, contact.priority = now.service, now.priority
    contact.complaint, contact.statutory = now.complaint, now.statutory
    contact.skill = placing.skill_needed(catalogue(), contact.queue, contact.service)
    if contact.queue in catalogue().queues:
        await _clocks(session, contact, was)
    detail = {"from": _told(was, now), "to": _told(now, was)}
    await contacts.note_history(session, contact_id, "corrected", agent_id=agent.id, detail=detail)
    if now.service != was.service:
        await outbox.publish(session, ServiceNamed(contact_id))
    await changed(session, contact)


def _read(given: Mapping[str, str], was: Sorted) -> Sorted:
    service, law = given.get("service") or was.service or NONE, given.get("law") or was.statutory or NONE
    priority, complaint = given.get("priority") or was.priority, given.get("complaint") or ""
    if service != NONE and service not in catalogue().services:
        raise Invalid("Choose a service from the list.")
    if priority not in PRIORITIES:
        raise Invalid("Choose how urgent it is from the list.")
    if law != NONE and law not in STATUTORY:
        raise Invalid("Choose a legal time limit from the list.")
    if complaint not in ("", "yes", "no"):
        raise Invalid("Choose whether it is a complaint.")
    return Sorted(
        None if service == NONE else service,
        priority,
        complaint == "yes" if complaint else was.complaint,
        None if law == NONE else law,
    )


async def _clocks(session: AsyncSession, contact: Contact, was: Sorted) -> None:
    if contact.priority != was.priority:
        await keeping.prioritise(session, contact, clock.now())
    elif contact.statutory != was.statutory:
        await keeping.start(session, contact, clock.now())


def _told(one: Sorted, other: Sorted) -> dict[str, str | bool | None]:
    """For the history: the service and the priority always, which sorting learns from; the rest where it changed."""
    before = asdict(other)
    return {key: value for key, value in asdict(one).items() if key in ("service", "priority") or value != before[key]}
