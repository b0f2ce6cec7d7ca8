"""Hearing what somebody says of a contact that they have: read for danger, and so many an hour.

The page about a contact and the desk, which writes down calls, both hear it, so this is below both rooms.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import limits
from triage.following_up import Heard, say_more
from triage.helping import look_for_danger
from triage.ringing import Rang

# Of one contact, in an hour, by whatever way.
MOST_ADDED = 30


async def hear_counted(
    session: AsyncSession, contact_id: UUID, text: str, key: str, rang: Rang | None = None
) -> tuple[Heard, dict[str, Any] | None]:
    """Add what the resident says, and the help to show when it tells of a danger; what that does: following_up.py.

    So many an hour for each contact. A limit never keeps a cry for help out. The same key is heard once. Raises as
    say_more, and TooMany.
    """
    danger = look_for_danger(text)
    if danger is None:
        await limits.count(session, "contact more", str(contact_id), MOST_ADDED, timedelta(hours=1))
    heard = await say_more(session, contact_id, text, key, danger[0] if danger else None, rang)
    return heard, danger[1] if danger else None
