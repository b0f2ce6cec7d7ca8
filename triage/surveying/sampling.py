"""Who is to be asked: drawn when a conversation or contact begins, from its id, and put on record there and then.

Drawn at the beginning, a good ending is asked about no more often than a bad one; drawn from the id and a seed, the
draw can be done again by whoever doubts it, and comes out the same when a row is written late.
"""

import hmac
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage.surveying.questions import asking
from triage.tables import SurveyCase


def drawn(person: UUID, seed: str, share: float) -> bool:
    """Whether a conversation, or a contact without one, is in a sample of this share. Pure."""
    place = int.from_bytes(hmac.digest(seed.encode(), person.bytes, "sha256")[:8], "big") / 2**64
    return place < share


def is_sampled(person: UUID) -> bool:
    """As `drawn`, by how this council asks now."""
    return drawn(person, asking().seed, asking().share)


async def begin_case(
    session: AsyncSession,
    *,
    began_at: datetime,
    channel: str,
    sampled: bool,
    demo: bool,
    conversation_id: UUID | None = None,
    contact_id: UUID | None = None,
    staff: bool = False,
) -> None:
    """The row of a conversation or of a contact that begins. One that is there already stays as it is."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "kind": "conversation" if contact_id is None else "contact",
        "conversation_id": conversation_id if contact_id is None else None,
        "contact_id": contact_id,
        "channel": channel,
        "began_at": began_at,
        "sampled": sampled,
        "share": asking().share,
        "demo": demo,
        "staff": staff,
    }
    await session.execute(insert(SurveyCase).values(values).on_conflict_do_nothing())
