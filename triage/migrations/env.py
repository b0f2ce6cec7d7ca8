"""How alembic reaches the database and what it compares the tables with."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType

from triage.database import sqlalchemy_url
from triage.migrations.meaning import COLUMN, TABLE
from triage.tables import Base

# One number for every Frontdoor: whoever migrates holds it, and the others wait.
MIGRATING = 7_205_118_834


class _Vector(UserDefinedType[str]):
    """pgvector's type, so that a table that has one can be looked at."""

    def __init__(self, width: int = 0) -> None:
        self.width = width


ischema_names["vector"] = _Vector

# procrastinate's tables are made by their own migration, not from our models.
OTHERS = "procrastinate_"


def _ours(thing: object, name: str | None, kind: str, reflected: bool, compared: object) -> bool:
    meaning = kind == "column" and name == COLUMN and getattr(getattr(thing, "table", None), "name", None) == TABLE
    return not meaning and not (kind == "table" and (name or "").startswith(OTHERS))


def _migrate() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or os.environ["DATABASE_URL"]
    engine = create_engine(sqlalchemy_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": MIGRATING})
        # A migration that cannot have its lock soon gives up rather than holding the traffic behind it.
        connection.execute(text("set lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=_ours,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


_migrate()
