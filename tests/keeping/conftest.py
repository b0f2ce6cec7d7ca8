"""The whole record of a test, looked through for a word."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from triage.database import transaction
from triage.keeping import erasing
from triage.keeping.erasing import Erased
from triage.metrics.counting.holding import hold

Where = Callable[[str], Awaitable[set[str]]]

_COLUMNS = text("""
    select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'public' and table_name in (
        select table_name from information_schema.tables where table_type = 'BASE TABLE'
    ) and data_type in ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY', 'USER-DEFINED')
""")


@pytest.fixture
def where(database: str) -> Where:
    """Looks for a word in every column of every table that can hold words; "table.column" of each place it is in."""

    async def look(word: str) -> set[str]:
        found = set()
        async with transaction() as session:
            for table, column, kind in (await session.execute(_COLUMNS)).tuples():
                has = (
                    f"position(convert_to(:word, 'UTF8') in \"{column}\") > 0"
                    if kind == "bytea"
                    else f"lower(\"{column}\"::text) like '%' || lower(:word) || '%'"
                )
                if await session.scalar(text(f'select exists (select from "{table}" where {has})'), {"word": word}):
                    found.add(f"{table}.{column}")
        return found

    return look


async def erase(reference: str, by: str, open_too: bool = False) -> Erased:
    """Erases a person, as the command does."""
    async with transaction() as session:
        return await erasing.erase(session, reference, by, hold, open_too=open_too)


async def reference_of(contact_id: UUID) -> str:
    """The reference that a contact has now."""
    async with transaction() as session:
        return str(await session.scalar(text("select reference from contact where id = :id"), {"id": contact_id}))
