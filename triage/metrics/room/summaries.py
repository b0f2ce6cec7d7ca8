"""The monthly summary by email: to whoever asked for it, one a person and month, sent with no session open."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
SUPPLIER_S = 10.0
# How long a try that nobody came back from is left alone.
CLAIM = timedelta(minutes=5)
# How long after each failed try the next is made: over days, as a supplier that is down stays so for a night at times.
WAITS = (timedelta(hours=2), timedelta(hours=6), timedelta(days=1), timedelta(days=2))
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
        await repository.give_up_before(session, month.start)
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
        wait_until(summary, later)
        return None
    summary.attempts += 1
    summary.next_at = now + CLAIM
    view, other = view_of(subscription.address)
    fields = await write(session, view, month, other)
    return Letter(agent_id, month.start, subscription.email, fields)


async def write(session: AsyncSession, view: View, month: Period, other: str = "") -> dict[str, str]:
    """The summary of a month: where we are, whether it is changing, and where to read on.

    `other` says why it is of another view than was asked for.
    """
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
            said += sentences.compared(of_month.tally.counts, said_of(months.rows), month, months.asked)
            said += [question] if (question := sentences.question(month, months.asked)) else []
    said += months.verdict.sentences
    link = f"{get_settings().address}/owner{view.address()}"
    text = "\n\n".join(
        [
            *([other] if other else []),
            " ".join(said),
            f"The chart, its table and what to do: {link}",
            "You asked for this. To stop it, open that page.",
        ]
    )
    return {"subject": f"{month.name}: how satisfied people were", "text": text, "link": link}


def kept(view: View) -> View:
    """A view as a summary is of it: of each month in turn, so without the months that somebody looked at. Pure."""
    return view.model_copy(update={"since": "", "until": "", "by": "quarter"})


def view_of(address: str) -> tuple[View, str]:
    """The view of a kept query string, and why it is another than was asked for, '' when it is not.

    The whole when it is no longer understood. Some were kept before such views were refused: to say of them that nobody
    rated us would be wrong, as nobody is asked there.
    """
    try:
        view = kept(View.model_validate(dict(parse_qsl(address.removeprefix("?")))))
    except ValidationError:
        return View(), ""
    if view.source == "live" and not view.ward:
        return view, ""
    if view.source == "live":
        why = "You asked for a summary of one ward. A ward is shown by quarters alone, so this is of all wards."
    else:
        what = "made-up figures" if view.source == "demo" else "past figures"
        why = f"You asked for a summary of {what}. No new ones come in, so this is of what people tell us now."
    # Nobody who did the work stands behind what was made up.
    return view.model_copy(update={"source": "live", "ward": ""} | ({"partner": ""} if view.nobodys else {})), why


async def note(session: AsyncSession, letter: Letter, answer: Receipt | ConnectorError) -> None:
    """Write down what came of a try: sent, to be tried again, or given up for this month."""
    summary = await session.get(OwnerSummary, (letter.agent_id, letter.month), with_for_update=True)
    if summary is None or summary.state != "due":
        return
    if isinstance(answer, Receipt):
        summary.state, summary.receipt = "sent", answer.id
    elif isinstance(answer, MessageRefused) or summary.attempts > len(WAITS):
        summary.state = "failed"
    else:
        wait_until(summary, clock.now() + WAITS[summary.attempts - 1])


def wait_until(summary: OwnerSummary, later: datetime) -> None:
    """Try a summary again at a later moment, or give it up where nobody sends any then."""
    if later >= service.summaries_end(summary.month):
        summary.state = "failed"
    else:
        summary.next_at = later


async def trouble(session: AsyncSession, agent_id: UUID) -> str:
    """What to tell somebody on the page whose newest summary has not reached them, '' when there is nothing to tell."""
    subscription = await session.get(OwnerSubscription, agent_id)
    summary = await repository.summary_of(session, agent_id)
    # What went wrong before they asked once more, with another address perhaps, is not told again.
    if subscription is None or summary is None or summary.next_at < subscription.since:
        return ""
    return trouble_with(summary.state, summary.attempts, Period(summary.month, "month"), clock.now())


def trouble_with(state: str, attempts: int, month: Period, now: datetime) -> str:
    """What is told of a summary in this state. Pure."""
    if state == "failed" or (state == "due" and now >= service.summaries_end(month.start)):
        return (
            f"The summary of {month.name} could not be sent. All of it is on this page. Check the address: to change "
            "it, stop the summary and ask for it again."
        )
    if state == "due" and attempts:
        return f"The summary of {month.name} could not be sent yet. We will try again."
    return ""
