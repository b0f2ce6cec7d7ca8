"""One-time links with which somebody chooses their own password: signed, for a day, once.

The signature refuses one that we did not make without a look in the database; the hash that is kept with the person
makes it count once, and a newer link ends an older one.
"""

import hmac
import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, codes
from triage.errors import SetUpLinkGone
from triage.people.schemas import Link
from triage.settings import get_settings
from triage.tables import Agent

LASTS = timedelta(hours=24)


def _mark(nonce: str) -> str:
    key = get_settings().signing_key.get_secret_value().encode()
    return hmac.digest(key, b"set up:" + nonce.encode(), "sha256").hex()[:32]


def signed_by_us(token: str) -> bool:
    """Whether we made this token, at some time."""
    return len(token) == 64 and hmac.compare_digest(_mark(token[:32]).encode(), token[32:].encode())


async def make(session: AsyncSession, agent: Agent) -> Link:
    """A new link for this person; an older one is nothing from now on."""
    nonce = secrets.token_hex(16)
    token = f"{nonce}{_mark(nonce)}"
    agent.set_up_hash, agent.set_up_until = codes.hash_secret(token), clock.now() + LASTS
    await session.flush()
    return Link(agent.name, f"{get_settings().address}/desk/sign-in/set-up/{token}", agent.set_up_until)


async def holder(session: AsyncSession, token: str, *, lock: bool = False) -> Agent:
    """The person that a link is for. Raises SetUpLinkGone; we do not say why."""
    if not signed_by_us(token) or not get_settings().local_sign_in:
        raise SetUpLinkGone
    query = select(Agent).where(
        Agent.set_up_hash == codes.hash_secret(token), Agent.set_up_until > clock.now(), Agent.active
    )
    agent = await session.scalar(query.with_for_update() if lock else query)
    if agent is None:
        raise SetUpLinkGone
    return agent
