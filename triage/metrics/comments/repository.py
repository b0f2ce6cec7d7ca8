"""What is asked of the database about comments and about what was done."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.tables import Answer, CommentReading, Invite, YouSaid

# Every character that str.strip() takes away; the last of them in Unicode is U+3000.
SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
UNHAPPY = 4  # sentiments from here on are negative
MOST_ENTRIES = 200


async def comment_of(session: AsyncSession, answer_id: UUID) -> tuple[Answer, Invite] | None:
    """The answer and what it is about."""
    row = (
        await session.execute(
            select(Answer, Invite).join(Invite, Invite.id == Answer.invite_id).where(Answer.id == answer_id)
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


async def keep(session: AsyncSession, **read: Any) -> None:
    """Store what was read of one comment, in place of what was read before."""
    added = insert(CommentReading).values(read_at=clock.now(), **read)
    again = {name: added.excluded[name] for name in (*read, "read_at") if name != "answer_id"}
    await session.execute(added.on_conflict_do_update(index_elements=[CommentReading.answer_id], set_=again))


async def unread(session: AsyncSession, version: str, most: int) -> Sequence[UUID]:
    """Answers with a comment that was not read, or by another reader than `version`; newest first."""
    return (
        await session.scalars(
            select(Answer.id)
            .outerjoin(CommentReading, CommentReading.answer_id == Answer.id)
            .where(
                # As Python's strip() has it: btrim alone knows nothing but spaces, and a comment of line breaks was
                # found again every night.
                func.btrim(func.coalesce(Answer.comment, ""), SPACES) != "",
                Answer.excluded.is_(None),
                or_(CommentReading.answer_id.is_(None), CommentReading.version != version),
            )
            .order_by(Answer.answered_at.desc())
            .limit(most)
        )
    ).all()


def _within(start: datetime, end: datetime, service: str) -> list[ColumnElement[bool]]:
    within = [
        CommentReading.answered_at >= start,
        CommentReading.answered_at < end,
        CommentReading.demo.is_(False),
    ]
    if service:
        within.append(CommentReading.service == service)
    return within


_MONTH = cast(func.date_trunc("month", func.timezone("Europe/London", CommentReading.answered_at)), Date)


async def by_month(session: AsyncSession, start: datetime, end: datetime, service: str) -> dict[date, int]:
    """How many comments came in each month (London)."""
    month = _MONTH.label("month")
    rows = await session.execute(select(month, func.count()).where(*_within(start, end, service)).group_by(month))
    return {row[0]: row[1] for row in rows}


async def by_theme_and_month(
    session: AsyncSession, start: datetime, end: datetime, service: str
) -> list[tuple[str, date, int, int]]:
    """(theme, month, comments about it, of those the unhappy). A comment about two themes is in both."""
    theme = func.unnest(CommentReading.themes).label("theme")
    each = (
        select(theme, _MONTH.label("month"), CommentReading.sentiment).where(*_within(start, end, service)).subquery()
    )
    rows = await session.execute(
        select(each.c.theme, each.c.month, func.count(), func.count().filter(each.c.sentiment >= UNHAPPY)).group_by(
            each.c.theme, each.c.month
        )
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def newest(
    session: AsyncSession, start: datetime, end: datetime, service: str, theme: str, most: int
) -> Sequence[CommentReading]:
    """The newest comments about a theme; their words are redacted."""
    return (
        await session.scalars(
            select(CommentReading)
            # Of one that was erased its themes are counted still; there are no words to show.
            .where(*_within(start, end, service), CommentReading.themes.contains([theme]), CommentReading.text != "")
            .order_by(CommentReading.answered_at.desc(), CommentReading.answer_id)
            .limit(most)
        )
    ).all()


async def services(session: AsyncSession) -> set[str]:
    """Every service that anybody commented on."""
    found = await session.scalars(
        select(CommentReading.service).where(CommentReading.demo.is_(False)).distinct().limit(500)
    )
    return {one for one in found if one}


async def entries(session: AsyncSession, *states: str) -> Sequence[YouSaid]:
    """Entries in these states: the newest first, by when they were published or else changed."""
    return (
        await session.scalars(
            select(YouSaid)
            .where(YouSaid.state.in_(states))
            .order_by(func.coalesce(YouSaid.published_at, YouSaid.changed_at).desc(), YouSaid.id)
            .limit(MOST_ENTRIES)
        )
    ).all()


async def entry(session: AsyncSession, entry_id: UUID) -> YouSaid | None:
    """One entry, its row locked until commit."""
    return await session.get(YouSaid, entry_id, with_for_update=True)
