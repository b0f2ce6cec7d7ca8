"""Keeps the passages in the database in step with the content: a changed sentence can be found within seconds.

Only what changed is read by the encoder again. The web app shows a passage only when its own content says the very
same (second_chance.py), so what is stored late is at worst not found.
"""

import asyncio
import time
from datetime import date

from language.encoder import Encoder
from triage import clock, reading
from triage.catalogue import Catalogue, catalogue
from triage.chat.search import repository
from triage.chat.search.passages import Passages, gather
from triage.database import transaction

# Passages read and stored at a time: some tenths of a second, so that a first start can find the first ones early.
AT_A_TIME = 64
# The stored passages are compared with the content this often even when the content seems unchanged.
AGAIN_S = 60.0


class _Kept:
    """What this process compared last: which content, on which day, when."""

    def __init__(self) -> None:
        self.catalogue: Catalogue | None = None
        self.day: date | None = None
        self.at = 0.0

    def is_fresh(self, known: Catalogue, today: date) -> bool:
        return self.catalogue is known and self.day == today and time.monotonic() - self.at < AGAIN_S


_kept = _Kept()


async def keep_passages() -> int:
    """Store what the content says today in place of what is stored; return how many passages were new or changed.

    Costs nothing when neither the content nor the day has changed within the last minute.
    """
    known, today = catalogue(), clock.today()
    if _kept.is_fresh(known, today):
        return 0
    passages = await asyncio.to_thread(gather, known, today)
    changed = await keep(passages, reading.encoder())
    _kept.catalogue, _kept.day, _kept.at = known, today, time.monotonic()
    return changed


async def keep(passages: Passages, encoder: Encoder) -> int:
    """Make the stored passages these. No database session is open while the encoder works."""
    wanted = {one.id: one.hash(encoder.fingerprint) for one in passages.by_id.values()}
    async with transaction() as session:
        with_vectors = await repository.has_meaning(session)
        stored = await repository.hashes(session, with_vectors=with_vectors)
        if gone := stored.keys() - wanted.keys():
            await repository.remove(session, gone)
    changed = [one for one in passages.by_id.values() if stored.get(one.id) != wanted[one.id]]
    for start in range(0, len(changed), AT_A_TIME):
        some = changed[start : start + AT_A_TIME]
        vectors = await asyncio.to_thread(encoder.encode, [one.read_as for one in some]) if with_vectors else None
        async with transaction() as session:
            await repository.put(session, some, wanted, vectors)
    return len(changed)
