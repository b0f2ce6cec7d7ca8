"""The monthly summary by email: to whoever asked for it, one a person and month, sent with no session open."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import parse_qsl
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.errors import ConnectorError, MessageRefused
from connectors.kinds import Messages
from connectors.registry import connect
from connectors.shapes import Receipt
from triage import clock
from triage.catalogue import catalogue
from triage.database import transaction
from triage.metrics import sentences
from triage.metrics.periods import Period
from triage.metrics.room import repository, service
from triage.metrics.room.rows import said_of
from triage.metrics.room.schemas import View
from triage.metrics.rules import HELD_BACK
from triage.sending.sender import left_alone_until, messenger, send
from triage.settings import get_settings
from triage.tables import OwnerSubscription, OwnerSummary

MOST_AT_ONCE = 50
MOST_TRIES = 5
SUPPLIER_S = 10.0
# How long a try that nobody came back from is left alone, and how long after a failed one the next is made.
CLAIM, AGAIN = timedelta(minutes=5), timedelta(hours=2)
TEMPLATE = "owner_summary"


@dataclass(frozen=True)
class Letter:
    """A summary that is ready to go."""

    agent_id: UUID
    month: date
    to: str
    fields: dict[str, str]


@lru_cache
def messages() -> Messages:
    """The supplier of messages that the council has switched on. Raises connectors.errors.UnknownConnector."""
    return connect(catalogue().council.get("connectors", {})).messages


async def deliver() -> int:
    """Send last month's summary to everybody who asked for it and does not have it; how many were sent."""
    return await deliver_by(messages())


async def deliver_by(supplier: Messages) -> int:
    """See `deliver`. Safe to run twice at once: a letter is claimed before it is sent."""
    month = service.summary_month(clock.today())
    async with transaction() as session:
        due = await repository.subscribers(session, month.start, clock.now(), MOST_AT_ONCE)
    sent = 0
    for agent_id in due:
        async with transaction() as session:
            letter = await claim(session, agent_id, month)
        if letter is None:
            continue
        sent += await see_to(supplier, letter)
    return sent


async def see_to(supplier: Messages, letter: Letter) -> bool:
    """Send one summary that was claimed; whether it went out."""
    reference = f"summary-{letter.agent_id}-{letter.month:%Y-%m}"

    async def noted(session: AsyncSession, answer: Receipt | ConnectorError) -> None:
        await note(session, letter, answer)

    return await send(
        messenger(), SUPPLIER_S, lambda: supplier.send(letter.to, TEMPLATE, letter.fields, reference), noted
    )


async def claim(session: AsyncSession, agent_id: UUID, month: Period) -> Letter | None:
    """Write one person's summary and take it on; None when it is done, taken, or they have stopped it meanwhile."""
    now = clock.now()
    await session.execute(
        insert(OwnerSummary).values(agent_id=agent_id, month=month.start, next_at=now).on_conflict_do_nothing()
    )
    summary = await session.get(OwnerSummary, (agent_id, month.start), with_for_update=True)
    subscription = await session.get(OwnerSubscription, agent_id)
    if summary is None or subscription is None or summary.state != "due" or summary.next_at > now:
        return None
    if later := await left_alone_until(session, messenger(), now):
        summary.next_at = later
        return None
    summary.attempts += 1
    summary.next_at = now + CLAIM
    return Letter(agent_id, month.start, subscription.email, await write(session, view_of(subscription.address), month))


async def write(session: AsyncSession, view: View, month: Period) -> dict[str, str]:
    """The summary of a month: where we are, whether it is changing, and where to read on."""
    up_to = view.model_copy(update={"since": "", "until": month.code, "by": "month"})
    months, _ = await service.months(session, up_to)
    about = service.about(view)
    of_month = next((row for row in months.rows if row.period == month), None)
    said = []
    if of_month is None or not of_month.n:
        said.append(f"In {month.name} nobody rated {about}.")
    else:
        hidden = of_month.why == HELD_BACK
        said.append(sentences.headline(month, True, about, of_month.tally, held_back=hidden))
        if not hidden:
            said += sentences.compared(of_month.tally.counts, said_of(months.rows), month)
    said += months.verdict.sentences
    link = f"{get_settings().address}/owner{view.address()}"
    text = "\n\n".join(
        [
            " ".join(said),
            f"The chart, its table and what to do: {link}",
            "You asked for this. To stop it, open that page.",
        ]
    )
    return {"subject": f"{month.name}: how satisfied people were", "text": text, "link": link}


def view_of(address: str) -> View:
    """The view of a kept query string; the whole when it is no longer understood, or no page shows it."""
    try:
        view = View.model_validate(dict(parse_qsl(address.removeprefix("?"))))
    except ValidationError:
        return View()
    return View() if view.nobodys else view


async def note(session: AsyncSession, letter: Letter, answer: Receipt | ConnectorError) -> None:
    """Write down what came of a try: sent, to be tried again, or given up for this month."""
    summary = await session.get(OwnerSummary, (letter.agent_id, letter.month), with_for_update=True)
    if summary is None or summary.state != "due":
        return
    if isinstance(answer, Receipt):
        summary.state, summary.receipt = "sent", answer.id
    elif isinstance(answer, MessageRefused) or summary.attempts >= MOST_TRIES:
        summary.state = "failed"
    else:
        summary.next_at = clock.now() + AGAIN
