"""How much one source may do in a time, counted in PostgreSQL so that it holds with any number of workers."""

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.errors import TooMany
from triage.settings import get_settings
from triage.tables import Tally


async def count(session: AsyncSession, what: str, who: str, most: int, window: timedelta) -> None:
    """Count one more of `what` by `who` (an address, a conversation, a login) in the current window of time.

    Raises TooMany above `most`. `who` is kept only as a keyed hash.
    """
    key = get_settings().signing_key.get_secret_value().encode()
    digest = hmac.new(key, f"{what}:{who}".encode(), hashlib.sha256).hexdigest()[:32]
    seconds = int(window.total_seconds())
    moment = clock.now()
    start = moment - timedelta(seconds=moment.timestamp() % seconds)
    start = start.replace(microsecond=0)
    row = insert(Tally).values(key=digest, window_start=start, count=1)
    so_far = await session.scalar(
        row.on_conflict_do_update(
            index_elements=[Tally.key, Tally.window_start], set_={"count": Tally.count + 1}
        ).returning(Tally.count)
    )
    if so_far is not None and so_far > most:
        raise TooMany
