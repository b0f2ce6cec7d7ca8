"""From comments to a page: which themes, which trend, which examples; and the entries of "you said, we did"."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock
from triage.catalogue import catalogue
from triage.errors import Conflict, NotFound, OutOfRange
from triage.metrics.comments import repository, rules
from triage.metrics.comments.repository import Wanted, Words
from triage.metrics.comments.rules import FEWEST, Line
from triage.metrics.comments.schemas import Example, Found, Said, View
from triage.metrics.comments.themes import themes
from triage.metrics.periods import Period
from triage.metrics.room.schemas import View as Wide
from triage.metrics.room.service import notes_of
from triage.metrics.service import queue_name
from triage.tables import Agent, YouSaid
from triage.tables.comment import MOST_DID, MOST_SAID

MOST_EXAMPLES = 5
FIXED = "This was published, so it stays as it is. Withdraw it and write a new one."


def service_name(service: str) -> str:
    """A service's name as residents see it; one that has gone keeps its id."""
    known = catalogue().services.get(service)
    return known.name if known else service


def _about(words: Words) -> str:
    if words.service:
        return service_name(words.service)
    return queue_name(words.queue) if words.queue else ""


def months_up_to(today: date, count: int) -> list[date]:
    """The first days of the last `count` months, this one included, oldest first."""
    last = today.year * 12 + today.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(last - count + 1, last + 1)]


async def found(session: AsyncSession, view: View) -> Found:
    """Everything on the page for one view. Raises NotFound for a theme that there is not."""
    known = themes().by_id
    if view.theme and view.theme not in known:
        raise NotFound("There is no theme of that name. See all themes at /owner/comments.")
    brought_in = await repository.brought_in(session, "import" if view.source == "live" else view.source)
    asked = asked_for(view, clock.today(), brought_in.last if brought_in else None)
    months = months_up_to(asked.last, view.months)
    all_of = await repository.by_month(session, asked)
    about: dict[str, dict[date, tuple[int, int]]] = defaultdict(dict)
    for theme, month, count, unhappy in await repository.by_theme_and_month(session, asked):
        about[theme][month] = (count, unhappy)
    n = sum(all_of.values())
    # Themes do not add up to a total, as a comment may have several; months of one theme do.
    whole = [
        Line(
            one.name,
            one.id,
            n,
            sum(count for count, _ in about[one.id].values()),
            sum(unhappy for _, unhappy in about[one.id].values()),
            description=one.description,
        )
        for one in themes().theme
    ]
    lines = sorted(rules.shown(whole, totalled=False), key=lambda line: -line.about)
    trend: list[Line] = []
    examples: list[Example] = []
    if view.theme:
        each = [
            Line(
                f"{month:%B %Y}",
                f"{month:%Y-%m}",
                all_of.get(month, 0),
                *about[view.theme].get(month, (0, 0)),
                month=month,
            )
            for month in months
        ]
        trend = rules.shown(each, totalled=True)
        if sum(one.about for one in each) >= FEWEST:
            rows = await repository.newest(session, asked, view.theme, MOST_EXAMPLES)
            examples = [Example(row.text, _about(row), row.day) for row in rows]
    choices = await repository.services(session, view.source) | ({view.service} if view.service else set())
    return Found(
        n=n if n >= FEWEST else 0,
        last=asked.last,
        enough=n >= FEWEST,
        lines=tuple(lines),
        theme=known.get(view.theme),
        trend=tuple(trend),
        said=rules.changed(trend),
        examples=tuple(examples),
        service_choices=tuple(sorted(((one, service_name(one)) for one in choices), key=lambda pair: pair[1])),
        brought_in=brought_in,
        notes=await notes_of(session, Wide(source=view.source, service=view.service), months[0], asked.last)
        if view.theme
        else (),
    )


def asked_for(view: View, today: date, newest: date | None) -> Wanted:
    """The days and the source that a view asks for; of files, up to the month of the newest comment. Pure."""
    if view.until:
        last = Period(date.fromisoformat(f"{view.until}-01"), "month").end
    else:
        last = today if view.source == "live" or newest is None else Period(newest.replace(day=1), "month").end
    first = months_up_to(last, view.months)[0]
    return Wanted(
        view.source,
        first,
        last,
        datetime.combine(first, time.min, clock.LONDON),
        datetime.combine(last + timedelta(days=1), time.min, clock.LONDON),
        view.service,
    )


async def write(
    session: AsyncSession, said: Said, by: Agent, request: Request | None = None, entry_id: UUID | None = None
) -> YouSaid:
    """Add a draft, or change one. Raises OutOfRange, NotFound, or Conflict for what is published already."""
    entry = await draft(session, entry_id) if entry_id else None
    values = _checked(said)
    if entry is None:
        entry = YouSaid(made_by=by.id, **values)
        session.add(entry)
        await session.flush()
    else:
        for name, value in values.items():
            setattr(entry, name, value)
        entry.changed_at = clock.now()
    await audit.note(session, "said_written", by, request=request, kind="you_said", about=entry.id)
    return entry


def _checked(said: Said) -> dict[str, Any]:
    if said.theme not in themes().by_id:
        raise OutOfRange("Choose a theme.")
    if said.service and said.service not in catalogue().services:
        raise OutOfRange("Choose a service from the list, or all services.")
    values: dict[str, Any] = {"theme": said.theme, "service": said.service or None}
    for name, text, most in (("said", said.said, MOST_SAID), ("did", said.did, MOST_DID)):
        words = " ".join(text.split())
        if not 1 <= len(words) <= most:
            what = "what people said" if name == "said" else "what we did"
            raise OutOfRange(f"Write {what}, in {most} characters or fewer.")
        values[name] = words
    return values


async def _entry(session: AsyncSession, entry_id: UUID) -> YouSaid:
    entry = await repository.entry(session, entry_id)
    if entry is None:
        raise NotFound("There is no such entry. See all entries at /owner/said.")
    return entry


async def draft(session: AsyncSession, entry_id: UUID) -> YouSaid:
    """A draft to be changed. Raises NotFound, or Conflict for what is published already."""
    entry = await _entry(session, entry_id)
    if entry.state != "draft":
        raise Conflict(FIXED)
    return entry


async def publish(session: AsyncSession, entry_id: UUID, by: Agent, request: Request | None = None) -> None:
    """Show a draft to everybody. Twice is once. Raises NotFound, or Conflict for one that was withdrawn."""
    entry = await _entry(session, entry_id)
    if entry.state == "published":
        return
    if entry.state == "withdrawn":
        raise Conflict("This was withdrawn. Write a new one.")
    entry.state, entry.published_at, entry.published_by = "published", clock.now(), by.id
    await audit.note(session, "said_published", by, request=request, kind="you_said", about=entry.id)


async def withdraw(session: AsyncSession, entry_id: UUID, by: Agent, request: Request | None = None) -> None:
    """Take a published entry from the public page; it stays on record. Twice is once. Raises NotFound or Conflict."""
    entry = await _entry(session, entry_id)
    if entry.state == "withdrawn":
        return
    if entry.state == "draft":
        raise Conflict("This is a draft: nobody else has seen it.")
    entry.state, entry.withdrawn_at = "withdrawn", clock.now()
    await audit.note(session, "said_withdrawn", by, request=request, kind="you_said", about=entry.id)
