"""The SQL of imports: what each counts, and the facts that are their sum."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.importing.schemas import Comment, Key
from triage.metrics.periods import Period, period_of
from triage.tables import Agent, ImportedComment, ImportedCount, OpenDataEdition, SurveyImport

# The first key of our advisory lock: one import, or one taking back, at a time.
_LOCK = 0x696D
_AT_ONCE = 5_000
MOST_LISTED = 200

Listed = Sequence[Row[SurveyImport, str | None]]
Monthly = Sequence[Row[date, str, str, int]]

# Facts are named by their columns, so that columns which others add to the table keep their defaults.
_SUM = text("""
    insert into fact (day, measure, level, service, queue, channel, source, count)
    select counted.day, measure, level, service, queue, channel, :source, sum(count)
    from imported_count counted join survey_import on survey_import.id = counted.import_id
    where survey_import.source = :source and taken_back_at is null and counted.day between :first and :last
      and (cast(:measures as text[]) is null or measure = any(cast(:measures as text[])))
    group by 1, 2, 3, 4, 5, 6
""")
_FORGET = text("""
    delete from fact where source = :source and day between :first and :last
      and (cast(:measures as text[]) is null or measure = any(cast(:measures as text[])))
""")
# Coarsest first: each span of a finer one lies whole inside one of a coarser.
_GRAINS = ("quarter", "month", "day")
# What other imports count already of people who may be the same: where the spans of time meet, and nothing says that
# the services, queues or channels are others. Of two spans the finer lies in the coarser or outside it, so they are
# compared by the first day of the coarser; and a service, queue or channel that is not named may be any.
_OVERLAP = text("""
    with given as materialized (
        select * from unnest(cast(:grains as text[]), cast(:days as date[]), cast(:measures as text[]),
                             cast(:services as text[]), cast(:queues as text[]), cast(:channels as text[]))
               given(grain, day, measure, service, queue, channel)
    )
    select survey_import.file_name, count(*)
    from imported_count counted join survey_import on survey_import.id = counted.import_id
    where taken_back_at is null and source = :source and counted.day between :first and :last
      and exists (
        select from given
        where given.grain = survey_import.grain and given.measure = counted.measure
          and given.day = cast(date_trunc(case
                when 'quarter' in (cast(:grain as text), survey_import.grain) then 'quarter'
                when 'month' in (cast(:grain as text), survey_import.grain) then 'month'
                else 'day' end, cast(counted.day as timestamp)) as date)
          and (given.service = counted.service or '' in (given.service, counted.service))
          and (given.queue = counted.queue or '' in (given.queue, counted.queue))
          and (given.channel = counted.channel or '' in (given.channel, counted.channel)))
    group by survey_import.id, survey_import.file_name order by survey_import.at limit 20
""")


async def lock(session: AsyncSession) -> None:
    """Wait for whoever brings in or takes back at this moment, until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK, 0)))


async def standing(session: AsyncSession, sha256: bytes) -> SurveyImport | None:
    """The import of the same file that counts now, if there is one."""
    found = await session.scalars(
        select(SurveyImport).where(SurveyImport.sha256 == sha256, SurveyImport.taken_back_at.is_(None))
    )
    return found.first()


async def overlapping(session: AsyncSession, keys: Sequence[Key], grain: str, source: str) -> list[tuple[str, int]]:
    """(file, how many of its counts) of imports that may count the same people already as these keys of a `grain`."""
    about = sorted(
        {
            (other, _start(key.day, min(other, grain, key=_GRAINS.index)), *key[1:2], *key[3:])
            for key in keys
            for other in _GRAINS
        }
    )
    grains, days, measures, services, queues, channels = (list(column) for column in zip(*about, strict=True))
    found = await session.execute(
        _OVERLAP,
        {
            "source": source,
            "grain": grain,
            "first": _start(min(days), "quarter"),
            "last": Period(_start(max(days), "quarter"), "quarter").end,
            "grains": grains,
            "days": days,
            "measures": measures,
            "services": services,
            "queues": queues,
            "channels": channels,
        },
    )
    return [(name, count) for name, count in found]


def _start(day: date, grain: str) -> date:
    """The first day of the span that a day lies in."""
    if grain == "day":
        return day
    return period_of(day, "quarter" if grain == "quarter" else "month").start


async def add(
    session: AsyncSession, made: SurveyImport, counts: Mapping[Key, int], comments: Sequence[Comment]
) -> None:
    """Store an import with its counts and its comments, which were redacted."""
    session.add(made)
    await session.flush()
    rows: list[dict[str, Any]] = [
        {"import_id": made.id, "count": count, **key._asdict()} for key, count in counts.items()
    ]
    for start in range(0, len(rows), _AT_ONCE):
        await session.execute(insert(ImportedCount), rows[start : start + _AT_ONCE])
    said: list[dict[str, Any]] = [
        {
            "import_id": made.id,
            "line": one.line,
            "day": one.day,
            "service": one.service,
            "queue": one.queue,
            "channel": one.channel,
            "text": one.words,
        }
        for one in comments
    ]
    for start in range(0, len(said), _AT_ONCE):
        await session.execute(insert(ImportedComment), said[start : start + _AT_ONCE])


async def forget(session: AsyncSession, import_id: UUID) -> None:
    """Take an import's counts and comments out of the record; what the import was stays."""
    await session.execute(delete(ImportedCount).where(ImportedCount.import_id == import_id))
    await session.execute(delete(ImportedComment).where(ImportedComment.import_id == import_id))


async def sum_up(
    session: AsyncSession, source: str, first: date, last: date, measures: Sequence[str] | None = None
) -> None:
    """Make the facts of a source between two days again from the imports that count: all, or of some measures.

    The demonstration has facts that no file counts: its history. It stays when another file comes.
    """
    about = {"source": source, "first": first, "last": last, "measures": measures}
    await session.execute(_FORGET, about)
    await session.execute(_SUM, about)


async def withdraw_editions(
    session: AsyncSession, source: str, first: date, last: date, now: Any, measures: Sequence[str] | None = None
) -> None:
    """The quarters that were published of these days stand no longer: the next edition is made with care."""
    of = [] if measures is None else [OpenDataEdition.measure.in_(measures)]
    await session.execute(
        update(OpenDataEdition)
        .where(
            *of,
            OpenDataEdition.source == source,
            OpenDataEdition.withdrawn_at.is_(None),
            OpenDataEdition.quarter.between(func.date_trunc("quarter", first).cast(OpenDataEdition.quarter.type), last),
        )
        .values(withdrawn_at=now)
    )


async def listed(session: AsyncSession) -> Listed:
    """Every import, newest first, with the name of who brought it in."""
    found = await session.execute(
        select(SurveyImport, Agent.name)
        .outerjoin(Agent, Agent.id == SurveyImport.agent_id)
        .order_by(SurveyImport.at.desc())
        .limit(MOST_LISTED)
    )
    return found.all()


async def one(session: AsyncSession, import_id: UUID, *, hold: bool = False) -> SurveyImport | None:
    """One import, its row held until commit if asked."""
    return await session.get(SurveyImport, import_id, with_for_update=hold or None)


async def name_of(session: AsyncSession, agent_id: UUID | None) -> str | None:
    """A person's name."""
    return await session.scalar(select(Agent.name).where(Agent.id == agent_id)) if agent_id else None


async def comments_of(session: AsyncSession, import_id: UUID) -> tuple[int, int]:
    """How many comments of an import are kept, and how many of them nobody has read yet."""
    found = await session.execute(
        select(func.count(), func.count().filter(ImportedComment.themes.is_(None))).where(
            ImportedComment.import_id == import_id, ImportedComment.text != ""
        )
    )
    kept, unread = found.one()
    return kept, unread


async def by_month(session: AsyncSession, import_id: UUID | None) -> Monthly:
    """(first of the month, measure, level, count) of one import, or of all that count (source import)."""
    month = func.date_trunc("month", ImportedCount.day).cast(ImportedCount.day.type).label("month")
    wanted = (
        [ImportedCount.import_id == import_id]
        if import_id
        else [SurveyImport.taken_back_at.is_(None), SurveyImport.source == "import"]
    )
    found = await session.execute(
        select(month, ImportedCount.measure, ImportedCount.level, func.sum(ImportedCount.count).label("count"))
        .join(SurveyImport, SurveyImport.id == ImportedCount.import_id)
        .where(*wanted)
        .group_by(month, ImportedCount.measure, ImportedCount.level)
    )
    return found.all()
