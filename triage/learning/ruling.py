"""Rules that people add: made, tried, switched on and off. Each step is one transaction's work, and on record."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import catalogue
from triage.errors import Conflict, Invalid, NotAllowed, NotFound
from triage.learning import audit, jobs, rule_repository
from triage.sorters import keeping
from triage.tables import Agent, SortingRule
from triage.tables.contact import CHANNELS, PRIORITIES
from triage.tables.learning_job import REPLAY

RULERS = ("supervisor", "administrator")
MOST_PHRASES = 50
LONGEST_PHRASE = 100
LONGEST_NAME = 80
LONGEST_TAG = 30


class Asked(BaseModel):
    """A rule as the form gives it: text as it was typed, '' for what was left empty. `version` is what was seen.

    A day is its day, month and year, as they stand in three boxes.
    """

    version: int = 0
    name: str = ""
    phrases: str = ""
    channel: str = ""
    service: str = ""
    place: str = ""
    queue: str = ""
    priority: str = ""
    tag: str = ""
    from_day: list[str] = []
    to_day: list[str] = []


@dataclass(frozen=True)
class Wanted:
    """A rule that may be stored."""

    name: str
    phrases: tuple[str, ...]
    channel: str | None
    service: str | None
    place: str | None
    queue: str | None
    priority: str | None
    tag: str | None
    from_day: date | None
    to_day: date | None


def read(asked: Asked) -> Wanted:
    """The form's rule, checked. Raises Invalid with what to mend."""
    name = " ".join(asked.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Give the rule a name of at most {LONGEST_NAME} letters: agents read it in the reasons.")
    phrases = tuple(dict.fromkeys(" ".join(line.split()) for line in asked.phrases.splitlines() if line.strip()))
    if len(phrases) > MOST_PHRASES or any(len(phrase) > LONGEST_PHRASE for phrase in phrases):
        raise Invalid(f"At most {MOST_PHRASES} phrases, each of at most {LONGEST_PHRASE} letters, one on a line.")
    if any(not any(letter.isalnum() for letter in phrase) for phrase in phrases):
        raise Invalid("Each phrase needs at least one letter or number.")
    place, tag = " ".join(asked.place.split()), " ".join(asked.tag.split())
    if len(place) > LONGEST_PHRASE or len(tag) > LONGEST_TAG:
        raise Invalid(f"A place has at most {LONGEST_PHRASE} letters and a tag {LONGEST_TAG}.")
    known = catalogue()
    for value, allowed, what in (
        (asked.channel, CHANNELS, "channel"),
        (asked.service, known.services, "service"),
        (asked.queue, known.queues, "queue"),
        (asked.priority, PRIORITIES, "priority"),
    ):
        if value and value not in allowed:
            raise Invalid(f"Choose a {what} from the list.")
    if not (phrases or asked.channel or asked.service or place):
        raise Invalid("Say when the rule applies: give phrases, a channel, a service or a place.")
    if not (asked.queue or asked.priority or tag):
        raise Invalid("Say what the rule does: choose a queue, a priority or a tag.")
    from_day, to_day = _day(asked.from_day), _day(asked.to_day)
    if from_day and to_day and to_day < from_day:
        raise Invalid("The last day is before the first day.")
    return Wanted(
        name,
        phrases,
        asked.channel or None,
        asked.service or None,
        place or None,
        asked.queue or None,
        asked.priority or None,
        tag or None,
        from_day,
        to_day,
    )


def _day(parts: list[str]) -> date | None:
    if not any(part.strip() for part in parts):
        return None
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        raise Invalid("Write a day as day, month and year, such as 24 12 2026.") from None


def day_parts(day: date | None) -> list[str]:
    """A day as its form shows it."""
    return [str(day.day), str(day.month), str(day.year)] if day else []


def _may_rule(agent: Agent) -> None:
    if agent.role not in RULERS:
        raise NotAllowed


async def make(session: AsyncSession, agent: Agent, asked: Asked) -> UUID:
    """Store a new rule; it is off. Raises NotAllowed, Invalid, and Conflict for a name that is taken."""
    _may_rule(agent)
    wanted = read(asked)
    if await rule_repository.named(session, wanted.name):
        raise Conflict(f"There is a rule called “{wanted.name}” already. Choose another name.")
    if await rule_repository.count(session) >= rule_repository.MOST_RULES:
        raise Conflict("There are too many rules. Change one that is not needed any more.")
    row = SortingRule(made_by=agent.id, **_columns(wanted))
    session.add(row)
    await session.flush()
    await audit.note(session, agent, "rule_made", rule=str(row.id), name=row.name)
    return row.id


async def change(session: AsyncSession, agent: Agent, rule_id: UUID, version: int, asked: Asked) -> None:
    """Write a rule anew: its version rises, it goes off, and must be tried again. Raises as `make`, and NotFound."""
    _may_rule(agent)
    wanted = read(asked)
    row = await _rule(session, rule_id, version)
    other = await rule_repository.named(session, wanted.name)
    if other is not None and other.id != rule_id:
        raise Conflict(f"There is a rule called “{wanted.name}” already. Choose another name.")
    for column, value in _columns(wanted).items():
        setattr(row, column, value)
    row.version += 1
    row.switched_on_at = None
    await audit.note(session, agent, "rule_changed", rule=str(rule_id), name=row.name, version=row.version)


def _columns(wanted: Wanted) -> dict[str, object]:
    return {
        "name": wanted.name,
        "phrases": list(wanted.phrases),
        "channel": wanted.channel,
        "service": wanted.service,
        "place": wanted.place,
        "then_queue": wanted.queue,
        "then_priority": wanted.priority,
        "then_tag": wanted.tag,
        "from_day": wanted.from_day,
        "to_day": wanted.to_day,
    }


async def _rule(session: AsyncSession, rule_id: UUID, version: int) -> SortingRule:
    row = await rule_repository.rule(session, rule_id, lock=True)
    if row is None:
        raise NotFound("There is no such rule.")
    if row.version != version:
        raise Conflict("Somebody has changed this rule. Load the page again to see how it stands.")
    return row


async def ask_to_try(session: AsyncSession, agent: Agent, rule_id: UUID, version: int) -> UUID:
    """Have a rule tried on contacts of the past. Raises NotAllowed, NotFound and Conflict."""
    _may_rule(agent)
    row = await _rule(session, rule_id, version)
    job_id = await jobs.ask(session, agent, REPLAY, rule_id=rule_id, version=version)
    await jobs.defer(session, REPLAY, job_id)
    await audit.note(session, agent, "rule_tried", rule=str(rule_id), name=row.name, version=version)
    return job_id


async def switch_on(session: AsyncSession, agent: Agent, rule_id: UUID, version: int) -> None:
    """Let a rule decide from now on. Raises as `ask_to_try`; Conflict when it was not tried as it stands."""
    _may_rule(agent)
    row = await _rule(session, rule_id, version)
    if row.switched_on_at is not None:
        return
    if not await jobs.tried(session, rule_id, version):
        raise Conflict("Try the rule first, and look at which contacts it would move.")
    if len(await keeping.rules_on(session)) >= keeping.MOST_RULES:
        raise Conflict(f"{keeping.MOST_RULES} rules are on, and more would be slow. Switch one off first.")
    row.switched_on_at = clock.now()
    await audit.note(session, agent, "rule_on", rule=str(rule_id), name=row.name, version=version)


async def switch_off(session: AsyncSession, agent: Agent, rule_id: UUID, version: int) -> None:
    """Let a rule decide no longer. Raises as `ask_to_try`."""
    _may_rule(agent)
    row = await _rule(session, rule_id, version)
    if row.switched_on_at is None:
        return
    row.switched_on_at = None
    await audit.note(session, agent, "rule_off", rule=str(rule_id), name=row.name, version=version)
