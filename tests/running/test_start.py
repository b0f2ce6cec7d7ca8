"""The whole start with tiny processes in place of the big ones: real supervisor, real PostgreSQL, real `make`."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from triage.settings import ROOT

# Several times what it takes alone, for machines that do much else.
PATIENCE_S = 180


class Started:
    """A running `make`, and every process that belongs to its home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.output = home.parent / "output.txt"
        makefile = home.parent / "Makefile"
        makefile.write_text(f"run:\n\t@exec {sys.executable} -m tests.running.dummies\n")
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MAKELEVEL")}
        with self.output.open("w") as out:
            self.make = subprocess.Popen(
                ["make", "-s", "-f", str(makefile), "run"],
                cwd=ROOT,
                env={**env, "FRONTDOOR_HOME": str(home), "PORT": "0", "FRONTDOOR_ENVIRONMENT": "development"},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def text(self) -> str:
        """What the terminal shows so far."""
        return self.output.read_text()

    def wait_for(self, words: str) -> None:
        """Wait until the terminal shows `words`."""
        eventually(lambda: words in self.text(), lambda: f"never said {words!r}:\n{self.text()}")

    def family(self) -> list[psutil.Process]:
        """Every process below make, and whatever was started for this home."""
        found = {each.pid: each for each in psutil.Process(self.make.pid).children(recursive=True)}
        return list(found.values())

    def pid_of(self, name: str) -> int:
        """The number of a supervised process, from the supervisor's own note."""
        note = (self.home / "run" / "processes.json").read_text()
        found = re.search(rf'"name": "{name}", "pid": (\d+)', note)
        assert found, note
        return int(found.group(1))


def eventually(true: Callable[[], object], otherwise: Callable[[], str] = lambda: "never happened") -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.1)


def living(family: list[psutil.Process]) -> list[psutil.Process]:
    """Those of `family` that still run."""
    left = []
    for each in family:
        with suppress(psutil.NoSuchProcess):
            if each.is_running() and each.status() != "zombie":
                left.append(each)
    return left


@contextmanager
def started_in(folder: Path) -> Iterator[Started]:
    """A start that is ended, whatever happens."""
    one = Started(folder / "home")
    try:
        yield one
    finally:
        if one.make.poll() is None:
            for each in [*one.family(), psutil.Process(one.make.pid)]:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            one.make.wait()


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """A start of this test's own."""
    with started_in(tmp_path) as one:
        yield one


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """One start for the tests that leave it as it was."""
    with started_in(tmp_path_factory.mktemp("shared")) as one:
        one.wait_for("Frontdoor is running")
        yield one


@pytest.mark.parametrize("how", ["ctrl-c", "sigterm to make", "make killed"])
def test_a_stop_leaves_nothing_behind(started: Started, how: str) -> None:
    started.wait_for("Frontdoor is running")
    assert "Demo login: agent" in started.text()
    assert re.search(r"Residents +http://localhost:\d+/", started.text())
    family = started.family()
    names = {each.name() for each in family}
    assert "postgres" in names
    if how == "ctrl-c":
        os.killpg(started.make.pid, signal.SIGINT)  # As a terminal does: to make and to us.
    elif how == "sigterm to make":
        started.make.terminate()
    else:
        started.make.kill()
    eventually(lambda: not living(family), lambda: f"still there: {living(family)}\n{started.text()}")
    assert "Stopped." in started.text()


def test_a_dead_database_and_a_dead_page_come_back(shared: Started) -> None:
    started = shared
    for name in ("postgres", "web"):
        before = started.pid_of(name)
        os.kill(before, signal.SIGKILL)
        started.wait_for(f"{name} stopped (killed by SIGKILL)")
        eventually(partial(_other_pid, started, name, before))
    socket = started.home / "run" / "postgres" / ".s.PGSQL.5432"
    eventually(socket.exists)


def _other_pid(started: Started, name: str, before: int) -> bool:
    with suppress(AssertionError):
        return started.pid_of(name) != before
    return False


def test_after_a_kill_9_the_next_start_cleans_up(started: Started, tmp_path: Path) -> None:
    started.wait_for("Frontdoor is running")
    family = started.family()
    supervisor = next(each for each in family if "tests.running.dummies" in each.cmdline() and each.children())
    left = [each for each in family if each.pid != supervisor.pid]
    supervisor.kill()
    started.make.wait()
    assert living(left), "nothing was left, so this test shows nothing"
    second = Started(tmp_path / "home")
    try:
        second.wait_for("Ended web, left over from a start that was cut short.")
        second.wait_for("Frontdoor is running")
        assert not living(left)
    finally:
        second.make.terminate()
        second.make.wait(PATIENCE_S)


def test_a_second_start_of_the_same_home_is_refused(shared: Started) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "tests.running.dummies"],
        cwd=ROOT,
        env={**os.environ, "FRONTDOOR_HOME": str(shared.home), "PORT": "0"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert second.returncode == 1
    assert "running here already" in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_nobody_else_can_reach_the_embedded_database(shared: Started) -> None:
    assert (shared.home / "run" / "postgres").stat().st_mode & 0o077 == 0
    connections = psutil.Process(shared.pid_of("postgres")).net_connections("inet")
    assert connections == []
