# ruff: noqa: S608 (every part of these statements is a name of our own tables and columns)
"""The made-up record, in tables of one transaction that are named as the real ones are, and the facts counted from it.

PostgreSQL looks in a session's temporary tables first, so the statements that count real days count these rows,
unchanged; and when the transaction ends there is no made-up contact anywhere, only its counted days.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.counting import repository as counting
from triage.metrics.importing import repository as importing
from triage.tables import (
    Answer,
    Contact,
    ContactClock,
    ContactHistory,
    Conversation,
    Correction,
    Fact,
    Invite,
    Message,
    OutcomeCheck,
    Referral,
    SurveyCase,
)

RECORD = {
    table.__tablename__: table.__table__
    for table in (
        Conversation,
        Message,
        Contact,
        ContactHistory,
        ContactClock,
        Correction,
        SurveyCase,
        Invite,
        Answer,
        OutcomeCheck,
        Referral,
    )
}
_AT_ONCE = 5_000
_KEY = ", ".join(column.name for column in Fact.__table__.primary_key)
# The file says how satisfied people were by phone, web and email. And whoever really does the work is never named
# beside what was made up, so facts of the demonstration know no partner.
_KEEP = text("""
    insert into public.fact (day, measure, level, service, queue, channel, dimension, member, source, count, levels)
    select day, measure, level, service, queue, channel, dimension, member, 'demo', count, levels
    from pg_temp.fact where measure <> 'satisfaction' or dimension <> '' or channel = 'chat'
""")
# Real referrals are counted in the record, as an outcome is replaced when a later one is known; of made-up ones
# no record is left. The level says who, what came of it, and whether they let us share it.
_KEEP_REFERRALS = text("""
    insert into public.fact (day, measure, level, service, queue, channel, source, count)
    select (referred_at at time zone 'Europe/London')::date, 'referral',
        scheme || ':' || coalesce(outcome, '') || ':' || may_share::text, '', '', '', 'demo', count(*)
    from pg_temp.referral group by 1, 2, 3
""")


async def lock(session: AsyncSession) -> None:
    """Wait for whoever brings in figures at this moment: facts of files are made again whole."""
    await importing.lock(session)


async def is_there(session: AsyncSession) -> bool:
    """Whether the demonstration has contacts, and so a history."""
    found = text("select exists (select from fact_total where source = 'demo' and measure = 'arrived')")
    return bool(await session.scalar(found))


async def begin(session: AsyncSession) -> None:
    """From here to the end of the transaction the record, and its facts, are empty tables of this session's own."""
    for name, table in RECORD.items():
        await session.execute(text(f"create temporary table {name} (like {name} including all) on commit drop"))
        # Only what is counted is made up: the words, secrets and references of real rows may be left out here.
        loose = [each.name for each in table.columns if not each.nullable and not each.primary_key]
        changes = [f"alter {each} drop not null" for each in loose]
        changes += ["alter demo set default false"] if "demo" in loose else []
        await session.execute(text(f"alter table pg_temp.{name} {', '.join(changes)}"))
    await session.execute(text("create temporary table fact (like fact including defaults) on commit drop"))
    await session.execute(text(f"alter table pg_temp.fact add constraint pk_fact primary key ({_KEY})"))
    # A statement that this connection has prepared before is looked at anew when the path has changed, and again after.
    await session.execute(text("set local search_path to pg_temp, public"))


async def store(session: AsyncSession, rows: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """Rows of the record, by table."""
    for table in RECORD:
        each = rows.get(table, ())
        for start in range(0, len(each), _AT_ONCE):
            part = each[start : start + _AT_ONCE]
            columns = ", ".join(part[0])
            await session.execute(
                text(
                    f"insert into {table} ({columns}) "
                    f"select {columns} from json_populate_recordset(null::{table}, cast(:rows as json))"
                ),
                {"rows": json.dumps(part, default=str)},
            )
        await session.execute(text(f"analyze {table}"))


async def count(session: AsyncSession, days: Iterable[date]) -> None:
    """Count these days as the night counts real ones."""
    for day in days:
        await counting.recount_day(session, day)


async def keep(session: AsyncSession) -> None:
    """What was counted becomes the demonstration's facts."""
    await session.execute(_KEEP)
    await session.execute(_KEEP_REFERRALS)
