"""What an administrator does about people. Each function is one transaction's work; the caller opens it."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from triage import access, audit, contacts, outbox, sessions, taking
from triage.catalogue import catalogue
from triage.errors import Conflict, Invalid, NotFound
from triage.events import ContactReleased
from triage.people import factors, links, repository, rules
from triage.people.schemas import Link, PersonForm, PersonLine
from triage.roles import ROLES
from triage.tables import Agent, SecondFactor

SWITCHED_OFF = "the agent was switched off"
CHANGED = "the agent's work was changed"
# What changes what somebody may see: whoever is signed in must sign in again.
GATES = ("role", "queues", "partner")


def known() -> rules.Known:
    """What there is to choose from here."""
    held = catalogue()
    return rules.Known(held.queues, held.partners, held.services)


def works(agent: Agent) -> str:
    """Which queues somebody works, in words."""
    named = ", ".join(str(code) for code in agent.queues)
    if agent.role == "partner":
        partner = catalogue().partners.get(agent.partner or "")
        return f"{partner.name if partner else 'no partner'}{': ' + named if named else ''}"
    return (named or "every queue") if agent.role in ("agent", "supervisor") else ""


async def everybody(session: AsyncSession) -> list[PersonLine]:
    """The list of people."""
    return [
        PersonLine(
            id=agent.id,
            login=agent.login,
            name=agent.name,
            role=ROLES[agent.role].name,
            works=works(agent),
            active=agent.active,
            second_factor=second,
            chosen=agent.set_up_hash is None,
            seen_at=seen,
        )
        for agent, second, seen in await repository.everybody(session)
    ]


async def one(session: AsyncSession, agent_id: UUID, *, lock: bool = False) -> Agent:
    """One person. Raises NotFound."""
    agent = await repository.person(session, agent_id, lock=lock)
    if agent is None:
        raise NotFound("There is nobody with that id. Go back to the list of people.")
    return agent


async def add(session: AsyncSession, by: Agent | None, form: PersonForm, request: Request | None = None) -> Link:
    """Add a person, and make the link with which they choose a password. `by` empty: the command line.

    Raises Invalid for what is not right, Conflict when the sign-in name is somebody's.
    """
    person = rules.person(form, known())
    if await repository.same_name(session, person.login, person.openid_name, None):
        raise Conflict("Somebody has that sign-in name already. Choose another, or change that person.")
    agent = Agent(password_hash=access.unknown_password(), **_columns(person))
    session.add(agent)
    await session.flush()
    detail = {"login": agent.login, "role": agent.role}
    await audit.note(session, "person_added", by, request=request, kind="person", about=agent.id, detail=detail)
    return await links.make(session, agent)


def _columns(person: rules.Person) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(person).items()}


async def last_administrator(session: AsyncSession, agent: Agent) -> bool:
    """Whether nobody would be left who may say who may sign in, without `agent`."""
    return agent.role == "administrator" and set(await repository.administrators(session)) <= {agent.id}


async def _keep_one_administrator(session: AsyncSession, agent: Agent) -> None:
    if await last_administrator(session, agent):
        raise Conflict("They are the last administrator. Add another one first.")


async def change(session: AsyncSession, by: Agent, agent_id: UUID, form: PersonForm, request: Request) -> None:
    """Change a person. A change of what they may see ends their sessions. Raises NotFound, Invalid, Conflict."""
    agent = await one(session, agent_id, lock=True)
    new = _columns(rules.person(form, known()))
    if await repository.same_name(session, new["login"], new["openid_name"], agent.id):
        raise Conflict("Somebody has that sign-in name already. Choose another.")
    changed = {name: (getattr(agent, name), value) for name, value in new.items() if getattr(agent, name) != value}
    if not changed:
        return
    if "role" in changed:
        if agent.id == by.id:
            raise Invalid("You cannot change your own role. Ask another administrator.")
        await _keep_one_administrator(session, agent)
    if "openid_name" in changed:
        # Bound again at the next sign-in there, to whoever has the new name.
        agent.openid_subject = None
    for name, (_, value) in changed.items():
        setattr(agent, name, value)
    await session.flush()
    if any(name in changed for name in GATES):
        await sessions.end_all(session, agent.id)
        await give_back(session, by, agent, CHANGED)
    detail = {name: {"from": old, "to": value} for name, (old, value) in changed.items()}
    await audit.note(session, "person_changed", by, request=request, kind="person", about=agent.id, detail=detail)


async def give_back(session: AsyncSession, by: Agent | None, agent: Agent, why: str) -> int:
    """What somebody had goes back to its queues, each with a line in its history; how many. `by` empty: software."""
    given = await repository.give_back(session, agent.id)
    for contact_id in given:
        detail = {"why": why, "was_with": str(agent.id)}
        await contacts.note_history(session, contact_id, "released", agent_id=by.id if by else None, detail=detail)
        await taking.announce_change(session, contact_id)
        await outbox.publish(session, ContactReleased(contact_id))
    return len(given)


async def switch_off(session: AsyncSession, by: Agent, agent_id: UUID, request: Request) -> None:
    """They can sign in no more: their sessions and links end, and what they had goes back to its queues.

    Raises NotFound, Invalid for oneself, Conflict for the last administrator.
    """
    agent = await one(session, agent_id, lock=True)
    if agent.id == by.id:
        raise Invalid("You cannot switch yourself off. Ask another administrator.")
    if not agent.active:
        return
    await _keep_one_administrator(session, agent)
    agent.active, agent.set_up_hash, agent.set_up_until = False, None, None
    await session.flush()
    ended = await sessions.end_all(session, agent.id)
    given = await give_back(session, by, agent, SWITCHED_OFF)
    detail = {"login": agent.login, "sessions": ended, "contacts": given}
    await audit.note(session, "person_switched_off", by, request=request, kind="person", about=agent.id, detail=detail)


async def switch_on(session: AsyncSession, by: Agent, agent_id: UUID, request: Request) -> None:
    """They may sign in again, as they did before. Raises NotFound."""
    agent = await one(session, agent_id, lock=True)
    if not agent.active:
        agent.active = True
        await audit.note(session, "person_switched_on", by, request=request, kind="person", about=agent.id)


async def reset_second_factor(session: AsyncSession, by: Agent, agent_id: UUID, request: Request) -> None:
    """They lost their app and their codes: the next time they sign in they set one up anew. Raises NotFound."""
    agent = await one(session, agent_id, lock=True)
    await session.execute(delete(SecondFactor).where(SecondFactor.agent_id == agent.id))
    await sessions.end_all(session, agent.id)
    await audit.note(session, "second_factor_reset", by, request=request, kind="person", about=agent.id)


async def new_link(session: AsyncSession, by: Agent | None, agent_id: UUID, request: Request | None = None) -> Link:
    """A new link to choose a password with; the old password works until it is used. Raises NotFound, Conflict."""
    agent = await one(session, agent_id, lock=True)
    if not agent.active:
        raise Conflict("They are switched off. Switch them on first.")
    await audit.note(session, "link_made", by, request=request, kind="person", about=agent.id)
    return await links.make(session, agent)


async def choose_password(session: AsyncSession, token: str, password: str, request: Request) -> Agent:
    """Use a set-up link: the password is theirs, the link is used up, other sessions end.

    Raises SetUpLinkGone, and Invalid for a password that will not do.
    """
    agent = await links.holder(session, token, lock=True)
    rules.check_password(password, agent.login)
    agent.password_hash = access.hash_password(password)
    agent.set_up_hash = agent.set_up_until = None
    await sessions.end_all(session, agent.id)
    await audit.note(session, "link_used", agent, request=request, kind="person", about=agent.id)
    return agent


async def change_password(
    session: AsyncSession, agent: Agent, sign_in_id: UUID, old: str, new: str, request: Request
) -> None:
    """Change one's own password; every other session ends. Raises Invalid."""
    held = await one(session, agent.id, lock=True)
    if not await access.password_matches(held, old[: rules.LONGEST_PASSWORD * 5]):
        raise Invalid("Your present password is not right. Type it again.")
    rules.check_password(new, held.login)
    held.password_hash = access.hash_password(new)
    held.set_up_hash = held.set_up_until = None
    ended = await sessions.end_all(session, agent.id, but=sign_in_id)
    await audit.note(session, "password_changed", agent, request=request, detail={"sessions": ended})


async def second_factor_of(session: AsyncSession, agent: Agent) -> tuple[bool, int]:
    """(has an app, how many recovery codes are left)."""
    return await factors.has(session, agent), await factors.recovery_left(session, agent)
