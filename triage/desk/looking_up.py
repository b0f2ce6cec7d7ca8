"""Looking a contact up: by its reference, or by its resident's name, postcode, phone number or email address.

What was typed says by which; nobody chooses. Only contacts of the queues that somebody works are found, and what they
have themselves; of one that they may not open they learn no more than a list of that queue shows.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, codes, taking
from triage.catalogue import catalogue
from triage.desk import around, repository, views
from triage.desk.schemas import CallAbout, FoundLine
from triage.desk.service import may_open
from triage.tables import Agent, Contact

MOST_FOUND = 25
LONGEST = 100
MOST_WORDS = 6
# A name, a place and a phone number stand in no index: what is open is looked through, and what came so long ago.
LOOKED_THROUGH = timedelta(days=180)

_SHORT_REFERENCE = re.compile(r"\s*([0-9A-Z]{4})[- ]([0-9A-Z]{4})\s*", re.IGNORECASE)
_PHONE = re.compile(r"[\d\s()+-]{6,}")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})", re.IGNORECASE)
# Figures that say which house it is, or a few letters of a name, are not enough to find somebody by.
FEWEST_LETTERS, FEWEST_FIGURES = 2, 6


@dataclass(frozen=True)
class Way:
    """One way to read what was typed: by reference, email, phone, postcode or words."""

    by: str
    values: tuple[str, ...]


def ways(typed: str, prefix: str) -> list[Way]:
    """How what was typed may be meant, the surest first; empty when it is too little to look for.

    `prefix` is what our references begin with, which residents leave out.
    """
    text = " ".join(typed.replace("\x00", "").split())[:LONGEST]
    found = []
    if reference := codes.find_reference(text):
        found.append(Way("reference", (reference,)))
    elif short := _SHORT_REFERENCE.fullmatch(text):
        found.append(Way("reference", (str(codes.find_reference(f"{prefix} {short[1]} {short[2]}")),)))
    if "@" in text:
        return [*found, Way("email", (text.lower(),))]
    if _PHONE.fullmatch(text):
        # +44 (0)7700, 0044 and 07700 are one number: it is found by what follows them.
        figures = re.sub(r"^(?:00)?44", "", re.sub(r"\D", "", text)).lstrip("0")
        return [*found, Way("phone", (figures,))] if len(figures) >= FEWEST_FIGURES else found
    if code := _POSTCODE.fullmatch(text):
        return [*found, Way("postcode", (f"{code[1]}{code[2]}".upper(),))]
    words = tuple(text.split())[:MOST_WORDS]
    if len(re.sub(r"\W", "", text)) >= FEWEST_LETTERS and re.search(r"[^\W\d]", text):
        found.append(Way("words", words))
    return found


@dataclass(frozen=True)
class Found:
    """What was found, by which way (None: too little was typed), and whether there is more."""

    by: str | None
    lines: list[FoundLine]
    more: bool = False

    @property
    def only(self) -> FoundLine | None:
        """The contact that a reference names, where it may be opened."""
        return self.lines[0] if self.by == "reference" and len(self.lines) == 1 and self.lines[0].opens else None


async def look_up(session: AsyncSession, agent: Agent, typed: str) -> Found:
    """What `agent` may see of what was typed, by the first way that finds anything; open ones first, then newest."""
    since, read = clock.now() - LOOKED_THROUGH, ways(typed, str(catalogue().council["reference_prefix"]))
    queues = taking.queues_of(agent)
    for way in read:
        found = await repository.found_by(session, way.by, way.values, agent.id, queues, since, MOST_FOUND + 1)
        if found:
            return Found(way.by, list(_lines(agent, found[:MOST_FOUND])), len(found) > MOST_FOUND)
    return Found(read[-1].by if read else None, [])


def _lines(agent: Agent, rows: Iterable[tuple[Contact, str | None]]) -> Iterable[FoundLine]:
    for contact, holder in rows:
        opens, taken = may_open(agent, contact), contact.state == "taken"
        yield FoundLine(
            id=contact.id,
            reference=contact.reference,
            opens=opens,
            service=views.what_about(contact),
            queue=views.queue_name(contact.queue),
            state=around.STATES[contact.state],
            holder=("you" if contact.agent_id == agent.id else holder) if taken else None,
            arrived_at=contact.arrived_at,
            # Whoever may not open it is not told whose it is.
            name=contact.name if opens else None,
            place=contact.place if opens else None,
            call=None if opens or contact.erased_at else CallAbout(contact.state == "closed"),
        )
