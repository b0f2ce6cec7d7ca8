"""The migrations make exactly the tables that the code declares."""

from importlib import resources
from pathlib import Path

from alembic import command

from triage import migrations
from triage.migrations import configuration


def test_the_migrations_make_the_tables_that_the_code_declares(database: str) -> None:
    command.check(configuration(database))


def test_migrating_twice_changes_nothing(database: str) -> None:
    migrations.upgrade(database)
    migrations.upgrade(database)


def test_the_jobs_tables_are_those_of_the_installed_procrastinate() -> None:
    ours = next((Path(migrations.__file__).parent / "versions").glob("*_procrastinate_*.sql")).read_text()
    theirs = (resources.files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8")
    assert ours.split("\n", 1)[1] == theirs
