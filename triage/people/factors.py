"""Second factors: setting an authenticator app up, checking its codes, and the codes for when it is lost."""

import hmac
from dataclasses import dataclass

import segno
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, codes, sealed
from triage.catalogue import catalogue
from triage.errors import Invalid
from triage.people import totp
from triage.tables import Agent, SecondFactor

PURPOSE = "second factor"
RECOVERY_CODES = 10
# 16 of 32 letters are 80 bits: not to be guessed, even from what we keep.
RECOVERY_LENGTH = 16
WRONG = "That code is not right, or was used before. Wait for the next one and type it."


@dataclass(frozen=True)
class SetUp:
    """What somebody needs to set their app up: the square to scan, and the same to type."""

    svg: str
    key: str


async def of(session: AsyncSession, agent: Agent, *, lock: bool = False) -> SecondFactor | None:
    """The person's second factor, confirmed or not."""
    return await session.get(SecondFactor, agent.id, with_for_update=lock or None, populate_existing=True)


async def has(session: AsyncSession, agent: Agent) -> bool:
    """Whether the person has set an app up and shown a code of it."""
    found = await of(session, agent)
    return found is not None and found.confirmed_at is not None


async def begin(session: AsyncSession, agent: Agent) -> SetUp:
    """The square and the key of the set-up that was begun, or of a new one. Nothing counts until it is confirmed."""
    secret = totp.new_secret()
    row = insert(SecondFactor).values(agent_id=agent.id, sealed=sealed.seal(PURPOSE, secret), recovery=[])
    await session.execute(row.on_conflict_do_nothing())
    held = await of(session, agent, lock=True)
    assert held is not None
    if held.confirmed_at is not None:
        raise Invalid("Your authenticator app is set up already.")
    kept = sealed.unseal(PURPOSE, held.sealed)
    if kept is None:
        # Sealed with another key than the deployment's present one, and never confirmed: begun again.
        kept, held.sealed = secret, sealed.seal(PURPOSE, secret)
    square = segno.make(totp.address(kept, agent.login, f"{catalogue().council['name']} Frontdoor"), micro=False)
    return SetUp(square.svg_inline(scale=4, border=4, svgclass="people-square", lineclass=None), totp.grouped(kept))


async def confirm(session: AsyncSession, agent: Agent, code: str) -> list[str]:
    """The app shows the right code: it counts from now on. Returns the recovery codes, shown this once.

    Raises Invalid for a wrong code.
    """
    held = await of(session, agent, lock=True)
    secret = sealed.unseal(PURPOSE, held.sealed) if held else None
    if held is None or secret is None or held.confirmed_at is not None:
        raise Invalid("Begin setting up your app again.")
    step = totp.matching_step(secret, code, totp.step_now(), held.last_step)
    if step is None:
        raise Invalid(WRONG)
    held.confirmed_at, held.last_step = clock.now(), step
    return await renew_recovery(session, agent)


async def renew_recovery(session: AsyncSession, agent: Agent) -> list[str]:
    """Ten new recovery codes; the old ones are nothing from now on. We keep their hashes alone."""
    made = [
        "-".join(code[at : at + 4] for at in range(0, RECOVERY_LENGTH, 4))
        for code in (codes.random_characters(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES))
    ]
    await session.execute(
        update(SecondFactor)
        .where(SecondFactor.agent_id == agent.id)
        .values(recovery=[codes.hash_code(code).hex() for code in made])
    )
    return made


async def check(session: AsyncSession, agent: Agent, typed: str) -> str | None:
    """Whether what was typed is a code of theirs: "app", "recovery" (used up by this), or None.

    The row is locked, so that a code sent twice at the same moment counts once.
    """
    held = await of(session, agent, lock=True)
    if held is None or held.confirmed_at is None:
        return None
    secret = sealed.unseal(PURPOSE, held.sealed)
    step = totp.matching_step(secret, typed, totp.step_now(), held.last_step) if secret else None
    if step is not None:
        held.last_step = step
        await session.flush()
        return "app"
    mark = codes.hash_code(typed).hex()
    left = [one for one in held.recovery if not hmac.compare_digest(str(one), mark)]
    if len(left) == len(held.recovery):
        return None
    held.recovery = left
    await session.flush()
    return "recovery"


async def recovery_left(session: AsyncSession, agent: Agent) -> int:
    """How many recovery codes the person has not used."""
    found = await session.scalar(select(SecondFactor.recovery).where(SecondFactor.agent_id == agent.id))
    return len(found or [])
