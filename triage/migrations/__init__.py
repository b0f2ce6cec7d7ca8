"""The database's tables, step by step. `upgrade` is how every deployment gets them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, pool

from triage.database import sqlalchemy_url
from triage.migrations.meaning import add_meaning


def configuration(database_url: str) -> Config:
    """Alembic's configuration for a database, without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    # A per cent sign would be read as an interpolation.
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config


def upgrade(database_url: str) -> bool:
    """Apply every migration that is missing. Several at once wait for one another.

    Returns whether search can go by meaning here: the database has the pgvector extension.
    """
    command.upgrade(configuration(database_url), "head")
    engine = create_engine(sqlalchemy_url(database_url), poolclass=pool.NullPool)
    with engine.begin() as connection:
        found = add_meaning(connection)
    engine.dispose()
    return found
