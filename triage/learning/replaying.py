"""A rule tried on contacts of the past: which would go where, before it is switched on."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import structlog

from triage import clock
from triage.database import transaction
from triage.learning import jobs, rule_repository
from triage.learning.rule_repository import Past
from triage.sorters import keeping
from triage.sorters.contract import Decided, before_rules
from triage.sorters.rules import Rule, Seen, apply

log = structlog.get_logger(__name__)

MOST = 5_000  # contacts that a rule is tried on
BATCH = 200
MOST_SHOWN = 50
MOST_PAIRS = 100


@dataclass
class Found:
    """What a rule would change, counted as contacts are looked at."""

    looked: int = 0
    moved: int = 0
    raised: int = 0
    tagged: int = 0
    held_back: int = 0
    settled_there: int = 0
    settled_away: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: list[dict[str, Any]] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """As it is stored: counts and references, and no words of anybody's."""
        return {
            "looked": self.looked,
            "moved": self.moved,
            "raised": self.raised,
            "tagged": self.tagged,
            "held_back": self.held_back,
            "settled_there": self.settled_there,
            "settled_away": self.settled_away,
            "pairs": [[one, two, n] for (one, two), n in self.pairs.most_common(MOST_PAIRS)],
            "shown": self.shown,
        }

    @property
    def changed(self) -> int:
        """Contacts of which anything would be different."""
        return self.moved + self.raised + self.tagged


def look(
    found: Found, rows: Iterable[Past], rule: Rule, others: Collection[Rule], danger_queues: Collection[str], day: date
) -> None:
    """Count what `rule` would change, as the last to be switched on after `others`, as if each contact came today."""
    for row in rows:
        found.looked += 1
        seen = Seen(row.text, row.channel, row.place, row.danger is not None)
        decided = before_rules(Decided(row.service, row.queue, row.priority, row.confidence, row.holding), row.given)
        before = apply(others, seen, decided, danger_queues, day).decided
        after = apply([rule], seen, before, danger_queues, day)
        if not after.made_by:
            continue
        moved = after.decided.queue != before.queue
        raised = after.decided.priority != before.priority
        found.moved += moved
        found.raised += raised
        found.tagged += bool(after.tags)
        found.held_back += bool(rule.queue and rule.queue != before.queue and not moved)
        if moved:
            found.pairs[before.queue, after.decided.queue] += 1
            found.settled_away += row.belongs == before.queue
            found.settled_there += row.belongs == after.decided.queue
        if (moved or raised or after.tags) and len(found.shown) < MOST_SHOWN:
            found.shown.append(
                {
                    "reference": row.reference,
                    "from": before.queue,
                    "to": after.decided.queue,
                    "was": before.priority,
                    "becomes": after.decided.priority,
                    "tags": list(after.tags),
                    "belongs": row.belongs,
                    "at": row.decided_at.isoformat(),
                }
            )


async def replay(job_id: UUID, most: int = MOST) -> None:
    """The work itself, in the worker: batch after batch, each in a transaction of its own. It changes no contact."""
    job = await jobs.begin(job_id)
    if job is None or job.rule_id is None:
        return
    try:
        async with transaction() as session:
            row = await rule_repository.rule(session, job.rule_id)
            on = await keeping.rules_on(session)
        if row is None or row.version != job.rule_version:
            await jobs.fail(job_id, "The rule was changed meanwhile. Try it again.")
            return
        found = await _replayed(job_id, keeping.rule_of(row), on, most)
    except Exception as error:
        log.exception("replay.failed", job=str(job_id), error=type(error).__name__)
        await jobs.fail(job_id, f"It could not be tried ({type(error).__name__}). The log says why.")
        raise
    await jobs.finish(job_id, f"Tried on the newest {found.looked:,} contacts.", found.kept())


async def _replayed(job_id: UUID, rule: Rule, on: tuple[Rule, ...], most: int) -> Found:
    # Its dates are for when it works, not for what it is tried on.
    lasting = Rule(**{**rule.__dict__, "from_day": None, "to_day": None})
    others = [one for one in on if one.id != rule.id]
    danger_queues, day = keeping.danger_queues(), clock.today()
    found, last = Found(), None
    while found.looked < most:
        async with transaction() as session:
            rows = await rule_repository.past(session, last, min(BATCH, most - found.looked))
        if not rows:
            break
        await asyncio.to_thread(look, found, rows, lasting, others, danger_queues, day)
        last = (rows[-1].decided_at, rows[-1].decision_id)
        await jobs.tell(job_id, "Reading contacts", found.looked, most)
    return found
