"""The one column that needs an extension: passages' vectors, where the database has pgvector and lets us use it."""

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from language.encoder.files import WIDTH

# Two who migrate at once would both make the extension, and one of them would fail.
ADDING = 7_205_118_835
TABLE, COLUMN = "passage", "meaning"


def add_meaning(connection: Connection) -> bool:
    """Give the passages their vector column if that can be done and was not; return whether it is there.

    A council's own PostgreSQL may lack the extension, or keep it to its administrators: search then goes by words
    alone. It is tried again at every migration, so that the extension may come later.
    """
    try:
        with connection.begin_nested():
            if not connection.scalar(text("select 1 from pg_available_extensions where name = 'vector'")):
                return False
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADDING})
            connection.execute(text("create extension if not exists vector"))
            connection.execute(text(f"alter table {TABLE} add column if not exists {COLUMN} vector({WIDTH})"))
            # Beside the row and not in a place of its own: each search reads every vector, and so takes a third.
            connection.execute(text(f"alter table {TABLE} alter column {COLUMN} set storage plain"))
    except DBAPIError:
        return False
    return True
