"""Erasing one person, when they ask (UK GDPR article 17) or when their time is over. One transaction for a person.

Nothing is deleted that figures are counted from: the rows of a contact and of a conversation stay, without person,
words, addresses, files, reference and code (docs/decisions/2026-11-27-keeping-and-erasing.md).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock, codes
from triage.errors import Conflict, Invalid, NotFound
from triage.keeping import repository, rules
from triage.keeping.repository import Elsewhere, Person
from triage.tables import Agent

# What counting does before somebody is erased, so that a day can be counted again and comes to the same.
Hold = Callable[[AsyncSession, Sequence[UUID]], Awaitable[None]]
MOST_TOLD = 25


@dataclass(frozen=True)
class Erased:
    """What was erased, and what whoever runs it has to do elsewhere."""

    references: list[str]
    rows: dict[str, int]
    elsewhere: list[Elsewhere] = field(default_factory=list)
    perhaps: list[str] = field(default_factory=list)
    """References of contacts that give the same address, which proves nobody."""


async def find(session: AsyncSession, reference: str, *, lock: bool = True) -> Person:
    """All that is the person's behind a contact. Raises NotFound."""
    found = codes.find_reference(reference)
    contact_id = await repository.contact_of(session, found) if found else None
    if contact_id is None:
        raise NotFound("There is no contact with that reference. It may have been erased.")
    return await repository.person(session, contact_id=contact_id, lock=lock)


async def who(session: AsyncSession, login: str) -> Agent:
    """The administrator in whose name it is done. Raises Invalid for anybody else."""
    found = await repository.administrator(session, login)
    if found is None:
        raise Invalid(f"{login} is no administrator's sign-in name. It stands on record who does this.")
    return found


async def erase(session: AsyncSession, reference: str, by: str, hold: Hold, *, open_too: bool = False) -> Erased:
    """Erase the person behind a contact. Raises NotFound, Invalid, and Conflict for what is open or being written."""
    agent = await who(session, by)
    whose = await find(session, reference)
    now = clock.now()
    if not open_too and (why := rules.why_not(whose.held(), whose.spoken(), now)):
        raise Conflict(
            f"{' '.join(why)} Nothing was erased. Close it first, or say --open-too: then nobody deals with it."
        )
    if rules.is_writing(whose.spoken(), now) or await repository.being_sent(session, whose.contact_ids, now):
        raise Conflict("An answer or a message of theirs is being written just now. Try again in a minute.")
    references = [one.reference for one in whose.contacts]
    perhaps = await repository.same_address(session, whose, MOST_TOLD)
    elsewhere = await repository.elsewhere(session, whose.contact_ids)
    await hold(session, whose.contact_ids)
    rows = await repository.erase(session, whose, now)
    detail = {
        "references": references,
        "rows": rows,
        # Kept, so that what has to be asked of a supplier is not lost with the window in which it was printed.
        "elsewhere": [f"{one.where}: {one.known_by}" for one in elsewhere],
    }
    await audit.note(session, "erased", agent, kind="contact", about=references[0], detail=detail)
    return Erased(references, rows, elsewhere, list(perhaps))


def told(done: Erased) -> list[str]:
    """What was done, and what is left to do, for whoever ran it."""
    said = [f"Erased: {', '.join(done.references)}. {sum(done.rows.values()):,} rows were taken out or emptied."]
    if done.elsewhere:
        said.append("We cannot take out what others were given. Ask each of them; this list is on the audit trail too:")
        said += [f"  {one.where}: {one.known_by}" for one in done.elsewhere]
    if done.perhaps:
        said.append(
            "The same address was given in these, which proves nobody. Make sure whose they are, and erase each: "
            f"{', '.join(done.perhaps)}."
        )
    said.append(
        "Backups hold it until they are overwritten, and so does the council's own mailbox if they wrote by email."
    )
    return said
