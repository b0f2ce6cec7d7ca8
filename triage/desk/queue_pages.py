"""One queue as a list: who waits, who has what, what was put off, with the clock that is nearest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, taking
from triage.catalogue import catalogue
from triage.clocks.repository import unmet
from triage.desk import views
from triage.desk.schemas import QueuePage, Shown
from triage.errors import NotFound
from triage.tables import Agent, Contact, Conversation

A_PAGE = 25
FARTHEST_PAGE = 400
SHOWN = {
    "waiting": "Waiting",
    "taken": "Taken",
    "later": "Put off to a later day",
    "open": "All that are open",
}
AGES = {"": "Any age", "day": "More than a day old", "week": "More than a week old", "month": "More than 4 weeks old"}
OLDER = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(weeks=4)}


@dataclass(frozen=True)
class Wanted:
    """What an agent asked to see of a queue. What is not known counts as not asked for."""

    shown: str = "waiting"
    service: str = ""
    age: str = ""
    page: int = 1

    @classmethod
    def read(cls, shown: str, service: str, age: str, page: int) -> "Wanted":
        """From an address, which anybody may write."""
        return cls(
            shown if shown in SHOWN else "waiting",
            service if service in catalogue().services or service == "none" else "",
            age if age in AGES else "",
            min(max(page, 1), FARTHEST_PAGE),
        )

    def address(self, code: str, page: int) -> str:
        """The same with another page."""
        given = {"show": self.shown, "service": self.service, "age": self.age, "page": page}
        return f"/desk/queues/{code}?" + urlencode({key: value for key, value in given.items() if value})


def _conditions(code: str, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    waiting = Contact.state == "queued"
    chosen = {
        "waiting": and_(waiting, taking.due_today()),
        "taken": Contact.state == "taken",
        "later": and_(waiting, ~taking.due_today()),
        "open": Contact.state.in_(("queued", "taken")),
    }
    conditions: list[ColumnElement[bool]] = [Contact.queue == code, chosen[wanted.shown]]
    if wanted.service:
        conditions.append(Contact.service.is_(None) if wanted.service == "none" else Contact.service == wanted.service)
    if wanted.age:
        conditions.append(Contact.arrived_at < now - OLDER[wanted.age])
    return conditions


def heading(shown: str, waiting: int, taken: int, later: int) -> str:
    """How many are shown, in words that agree with the count beside the queue, which is of those who wait."""
    parts = ((waiting, "waiting"), (taken, "taken"), (later, "put off to a later day"))
    said = ", ".join(f"{count} {word}" for count, word in parts if count)
    if shown == "open":
        return f"{waiting + taken + later} open: {said}" if said else "None open"
    return said or f"None {SHOWN[shown].lower()}"


async def queue_page(session: AsyncSession, agent: Agent, code: str, wanted: Wanted) -> QueuePage:
    """One page of a queue that `agent` works. Raises NotFound for any other."""
    if code not in catalogue().queues or not taking.may_work(agent, code):
        raise NotFound("There is no such queue among yours.")
    now = clock.now()
    conditions = _conditions(code, wanted, now)
    waits, due = Contact.state == "queued", taking.due_today()
    counts = await session.execute(
        select(func.count().filter(waits, due), func.count().filter(waits, ~due), func.count().filter(~waits)).where(
            *conditions
        )
    )
    waiting, later, held = counts.one()
    total = waiting + later + held
    pages = max(1, -(-total // A_PAGE))
    page = min(wanted.page, pages)
    nearest: Any = case((Contact.first_answer_at.is_(None), Contact.first_due_at), else_=Contact.settle_due_at)
    rows = await session.execute(
        select(Contact, Agent.name, Conversation.here_until)
        .outerjoin(Agent, Agent.id == Contact.agent_id)
        .outerjoin(Conversation, Conversation.id == Contact.conversation_id)
        .where(*conditions)
        .order_by(nearest, Contact.priority, Contact.arrived_at, Contact.id)
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    )
    found = rows.tuples().all()
    clocks = await unmet(session, [contact.id for contact, _, _ in found])
    services = await session.execute(
        select(Contact.service, func.count())
        .where(Contact.queue == code, Contact.state.in_(("queued", "taken")))
        .group_by(Contact.service)
    )
    named = sorted((views.service_name(service), service or "none", count) for service, count in services.tuples())
    return QueuePage(
        code=code,
        name=views.queue_name(code),
        lines=views.alike(
            [
                views.line_of(
                    contact, now, agent=agent, holder=holder, here_until=here, rows=clocks.get(contact.id, ())
                )
                for contact, holder, here in found
            ]
        ),
        heading=heading(wanted.shown, waiting, held, later),
        page=page,
        pages=pages,
        shown=[Shown(key, label, key == wanted.shown) for key, label in SHOWN.items()],
        ages=[Shown(key, label, key == wanted.age) for key, label in AGES.items()],
        services=[
            Shown("", "Any service", not wanted.service),
            *(Shown(key, f"{name} ({count})", key == wanted.service) for name, key, count in named),
        ],
        earlier=wanted.address(code, page - 1) if page > 1 else None,
        later=wanted.address(code, page + 1) if page < pages else None,
    )
