"""The database's tables, step by step. `upgrade` is how every deployment gets them."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def configuration(database_url: str) -> Config:
    """Alembic's configuration for a database, without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    # A per cent sign would be read as an interpolation.
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config


def upgrade(database_url: str) -> None:
    """Apply every migration that is missing. Several at once wait for one another."""
    command.upgrade(configuration(database_url), "head")
