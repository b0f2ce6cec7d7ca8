"""The tables of procrastinate, which keeps the jobs.

Its SQL is a copy of what the locked version ships (a test compares them). When procrastinate is upgraded, add a
migration with the steps that its release notes name; never change this one.
"""

from pathlib import Path

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).with_name("0002_procrastinate_3_10.sql")


def upgrade() -> None:
    """Apply."""
    # Straight to psycopg: many statements at once, with per cent signs that are not parameters.
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    connection.execute(SCHEMA.read_text(encoding="utf-8"))
