"""What this home has started: written down, so that after a kill -9 the next start ends those and no others."""

import fcntl
import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import psutil

from triage.running.messages import CannotStart

# A process is ours only if its number and its birth agree. Linux counts births in hundredths of a second from
# a boot time that may be corrected by a second or so.
BIRTH_TOLERANCE_S = 2.0
# The worker lets the jobs in hand finish for ten seconds.
STOP_WAIT_S = 12.0


class Register:
    """The file of running processes: [{name, pid, born, stop}], `born` in seconds since 1970."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows: list[dict[str, Any]] = []

    def add(self, name: str, pid: int, stop: signal.Signals) -> None:
        """Write down a process that was just started."""
        with suppress(psutil.NoSuchProcess):
            born = psutil.Process(pid).create_time()
            self._rows.append({"name": name, "pid": pid, "born": born, "stop": int(stop)})
            self._write()

    def remove(self, pid: int) -> None:
        """Strike out a process that has ended."""
        self._rows = [row for row in self._rows if row["pid"] != pid]
        self._write()

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(self._rows))
        new.replace(self._file)

    def sweep(self) -> list[str]:
        """End what an earlier start left behind, in reverse order of starting; return the names."""
        try:
            rows = json.loads(self._file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            rows = []
        ended = [row["name"] for row in reversed(rows) if _end(row)]
        self._file.unlink(missing_ok=True)
        return ended


def _end(row: dict[str, Any]) -> bool:
    """Stop one recorded process and all that it started; False when it is gone or the number is another's now."""
    try:
        process = psutil.Process(row["pid"])
        if abs(process.create_time() - row["born"]) > BIRTH_TOLERANCE_S or not _lives(process):
            return False
        family = [process, *process.children(recursive=True)]
        process.send_signal(row["stop"])
    except psutil.NoSuchProcess:
        return False
    for each in _wait(family):
        with suppress(psutil.NoSuchProcess):
            each.kill()
    _wait(family)
    return True


def _lives(process: psutil.Process) -> bool:
    """Whether a process runs. One that ended and was never collected (a container without an init) does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait(family: list[psutil.Process]) -> list[psutil.Process]:
    """Wait for a family to end, but not for ever; return those that still run."""
    deadline = time.monotonic() + STOP_WAIT_S
    while (living := [each for each in family if _lives(each)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return living


def lock_home(home: Path) -> IO[str]:
    """Hold this home for one supervisor, until the returned file is closed or its process ends.

    Raises CannotStart when another holds it.
    """
    folder = home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        pid = file.read().strip() or "unknown"
        file.close()
        raise CannotStart(
            f"Frontdoor is running here already (process {pid}). Stop that one first, or keep this one's data "
            "elsewhere: FRONTDOOR_HOME=/another/folder make run"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
