"""What is asked of the database about comments and about what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.tables import Answer, CommentReading, ImportedComment, Invite, SurveyImport, YouSaid

# Every character that str.strip() takes away; the last of them in Unicode is U+3000.
SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
UNHAPPY = 4  # sentiments from here on are negative
MOST_ENTRIES = 200
MOST_ERASED = 20_000  # a night


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


async def unread_imported(
    session: AsyncSession, version: str, most: int, import_id: UUID | None
) -> Sequence[ImportedComment]:
    """Comments of files, or of one, that nobody has read or another reader than `version`; '': any will do."""
    wanted = [or_(ImportedComment.themes.is_(None), ImportedComment.version != version)] if version else []
    if not version:
        wanted.append(ImportedComment.themes.is_(None))
    wanted.append(ImportedComment.text != "")
    if import_id:
        wanted.append(ImportedComment.import_id == import_id)
    order = (ImportedComment.day.desc(), ImportedComment.import_id, ImportedComment.line)
    return (await session.scalars(select(ImportedComment).where(*wanted).order_by(*order).limit(max(most, 0)))).all()


async def erase_imported(session: AsyncSession, before: datetime) -> None:
    """Erase the words of comments that were brought in before a moment. Their themes are counted still."""
    old = (
        select(ImportedComment.import_id, ImportedComment.line)
        .join(SurveyImport, SurveyImport.id == ImportedComment.import_id)
        .where(SurveyImport.at < before, ImportedComment.text != "")
        .limit(MOST_ERASED)
    )
    row = tuple_(ImportedComment.import_id, ImportedComment.line)
    await session.execute(update(ImportedComment).where(row.in_(old)).values(text=""))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which comments: of one source, never of two together; from a day up to and with another, of one service or all.

    `start` and `end` are the same in moments: the end is not in it.
    """

    source: str
    first: date
    last: date
    start: datetime
    end: datetime
    service: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A comment, redacted, on a day. Of a file it may be known which queue it is about and not which service."""

    text: str
    service: str
    queue: str
    day: date


_LOCAL_DAY = cast(func.timezone("Europe/London", CommentReading.answered_at), Date)


def _read(asked: Wanted) -> Any:
    """(day, month, themes, sentiment, service, queue, text, at) of the comments that were read."""
    if asked.source == "live":
        wanted: list[ColumnElement[bool]] = [
            CommentReading.answered_at >= asked.start,
            CommentReading.answered_at < asked.end,
            CommentReading.demo.is_(False),
        ]
        if asked.service:
            wanted.append(CommentReading.service == asked.service)
        month = cast(func.date_trunc("month", func.timezone("Europe/London", CommentReading.answered_at)), Date)
        return select(
            _LOCAL_DAY.label("day"),
            month.label("month"),
            CommentReading.themes.label("themes"),
            CommentReading.sentiment.label("sentiment"),
            func.coalesce(CommentReading.service, "").label("service"),
            func.coalesce(CommentReading.queue, "").label("queue"),
            CommentReading.text.label("text"),
            CommentReading.answered_at.label("at"),
        ).where(*wanted)
    wanted = [
        SurveyImport.source == asked.source,
        ImportedComment.day.between(asked.first, asked.last),
        ImportedComment.themes.is_not(None),
    ]
    if asked.service:
        wanted.append(ImportedComment.service == asked.service)
    return (
        select(
            ImportedComment.day.label("day"),
            cast(func.date_trunc("month", ImportedComment.day), Date).label("month"),
            ImportedComment.themes.label("themes"),
            ImportedComment.sentiment.label("sentiment"),
            ImportedComment.service.label("service"),
            ImportedComment.queue.label("queue"),
            ImportedComment.text.label("text"),
            ImportedComment.line.label("at"),
        )
        .join(SurveyImport, SurveyImport.id == ImportedComment.import_id)
        .where(*wanted)
    )


async def by_month(session: AsyncSession, asked: Wanted) -> dict[date, int]:
    """How many comments came in each month (London)."""
    read = _read(asked).subquery()
    rows = await session.execute(select(read.c.month, func.count()).group_by(read.c.month))
    return {row[0]: row[1] for row in rows}


async def by_theme_and_month(session: AsyncSession, asked: Wanted) -> list[tuple[str, date, int, int]]:
    """(theme, month, comments about it, of those the unhappy). A comment about two themes is in both."""
    read = _read(asked).subquery()
    theme = func.unnest(read.c.themes).label("theme")
    each = select(theme, read.c.month, read.c.sentiment).subquery()
    rows = await session.execute(
        select(each.c.theme, each.c.month, func.count(), func.count().filter(each.c.sentiment >= UNHAPPY)).group_by(
            each.c.theme, each.c.month
        )
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def newest(session: AsyncSession, asked: Wanted, theme: str, most: int) -> list[Words]:
    """The newest comments about a theme; their words are redacted."""
    read = _read(asked).subquery()
    rows = await session.execute(
        select(read.c.text, read.c.service, read.c.queue, read.c.day)
        # Of one whose words were erased the themes are counted still; there is nothing to show.
        .where(read.c.themes.contains([theme]), read.c.text != "")
        .order_by(read.c.day.desc(), read.c.at.desc(), read.c.text)
        .limit(most)
    )
    return [Words(*row) for row in rows]


async def services(session: AsyncSession, source: str) -> set[str]:
    """Every service that anybody commented on."""
    if source == "live":
        wanted = select(CommentReading.service).where(CommentReading.demo.is_(False))
    else:
        wanted = (
            select(ImportedComment.service)
            .join(SurveyImport, SurveyImport.id == ImportedComment.import_id)
            .where(SurveyImport.source == source)
        )
    return {one for one in await session.scalars(wanted.distinct().limit(500)) if one}


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """The comments of one source that came from files: how many are read and how many are not, and of which days."""

    read: int
    unread: int
    first: date
    last: date


async def brought_in(session: AsyncSession, source: str) -> BroughtIn | None:
    """What files of a source hold; None where there is nothing."""
    found = await session.execute(
        select(
            func.count().filter(ImportedComment.themes.is_not(None)),
            func.count().filter(ImportedComment.themes.is_(None)),
            func.min(ImportedComment.day),
            func.max(ImportedComment.day),
        )
        .join(SurveyImport, SurveyImport.id == ImportedComment.import_id)
        .where(SurveyImport.source == source)
    )
    read, unread, first, last = found.one()
    return BroughtIn(read, unread, first, last) if first else None


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
