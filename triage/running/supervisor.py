"""Starts processes, keeps them running, shows what matters of their logs, and ends them all."""

import asyncio
import os
import re
import signal
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from triage.running.leftovers import Register
from triage.running.messages import CannotStart, say, warn
from triage.running.processes import ERROR_LINE

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 15.0
# A process that ran this long was well: its next crash is a new story, not the same one going on.
HEALTHY_S = 30.0
# Something that cannot even start is not tried for ever.
MOST_EARLY_ENDS = 5
# The worker lets the jobs in hand finish for ten seconds.
STOP_WAIT_S = 12.0
LAST_WORDS_S = 1.0
LOG_LIMIT_BYTES = 5_000_000


@dataclass(frozen=True)
class Job:
    """What to start: the argument list, the whole environment, where, as whom, and how it likes to be stopped.

    `expected`: lines of it that look like trouble and are none. They stand in its log and are not shown.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    stop: signal.Signals = signal.SIGTERM
    # A system account's number and group, when we are root and it must not be.
    user: tuple[int, int] | None = None
    expected: re.Pattern[str] | None = None


@dataclass
class Running:
    """One supervised job and how it is doing."""

    job: Job
    pid: int | None = None
    ready: bool = False
    early_ends: int = 0
    restarts: int = 0
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=8))
    task: asyncio.Task[None] | None = None


@dataclass(frozen=True)
class _Started:
    """A live process and the pipe that carries what it writes."""

    job: Job
    process: asyncio.subprocess.Process
    output: asyncio.StreamReader
    pipe: asyncio.ReadTransport


class Supervisor:
    """Owns every process of this home. `failed` is set, with a reason, when going on makes no sense."""

    def __init__(self, logs: Path, register: Register) -> None:
        self._logs = logs
        self._register = register
        self._running: dict[str, Running] = {}
        self._stopping = False
        self.failed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def keep(self, job: Job) -> Running:
        """Start a job and start it again whenever it ends."""
        running = Running(job)
        self._running[job.name] = running
        running.task = asyncio.create_task(self._keep(running), name=f"keep-{job.name}")
        return running

    async def once(self, job: Job, show: bool = False) -> None:
        """Run a job to its end. With `show`, what it writes goes to the terminal as well.

        Raises CannotStart, with the end of its log, when it fails.
        """
        tail: deque[str] = deque(maxlen=8)
        status = await self._run(await self._spawn(job), tail, show)
        if status != 0:
            raise CannotStart(self._why(job.name, status, tail))

    async def stop(self, *names: str) -> None:
        """End the named jobs (or all), each with everything it started."""
        self._stopping = self._stopping or not names
        chosen = [self._running.pop(name) for name in names or tuple(self._running) if name in self._running]
        await asyncio.gather(*(self._stop(running) for running in chosen))

    async def _stop(self, running: Running) -> None:
        if running.task:
            running.task.cancel()
            with suppress(asyncio.CancelledError):
                await running.task

    async def _keep(self, running: Running) -> None:
        wait = FIRST_WAIT_S
        loop = asyncio.get_running_loop()
        name = running.job.name
        while True:
            began = loop.time()
            started = await self._spawn(running.job)
            running.pid = started.process.pid
            status = await self._run(started, running.tail, show=False)
            if loop.time() - began > HEALTHY_S:
                wait = FIRST_WAIT_S
            if not running.ready:
                running.early_ends += 1
                if running.early_ends >= MOST_EARLY_ENDS and not self.failed.done():
                    self.failed.set_result(self._why(name, status, running.tail))
                    return
            warn(f"{name} stopped ({_how(status)}). Starting it again in {wait:g} s.")
            await asyncio.sleep(wait)
            running.restarts += 1
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _spawn(self, job: Job) -> _Started:
        # A pipe of our own: asyncio's would make waiting for the process wait for its grandchildren too.
        inner, outer = os.pipe()
        output = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        user, group = job.user or (None, None)
        pipe = None
        try:
            pipe, _ = await loop.connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(output), os.fdopen(inner, "rb", buffering=0)
            )
            process = await asyncio.create_subprocess_exec(
                *job.argv,
                env=dict(job.env),
                cwd=job.cwd,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=outer,
                stderr=outer,
                # Its own group: Ctrl-C reaches us alone, and we end the group whole.
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=[] if job.user else None,
            )
        except BaseException:
            if pipe:
                pipe.close()
            raise
        finally:
            os.close(outer)
        self._register.add(job.name, process.pid, job.stop)
        return _Started(job, process, output, pipe)

    async def _run(self, started: _Started, tail: deque[str], show: bool) -> int:
        """Follow a process to its end, or end it when we are told to stop; return its exit status."""
        reading = asyncio.create_task(self._read(started, tail, show))
        try:
            status = await started.process.wait()
            # The last words. A grandchild that keeps the pipe open is not waited for.
            await asyncio.wait([reading], timeout=LAST_WORDS_S)
            return status
        finally:
            await self._end(started)
            reading.cancel()
            started.pipe.close()

    async def _read(self, started: _Started, tail: deque[str], show: bool) -> None:
        name, expected = started.job.name, started.job.expected
        file = self._logs / f"{name}.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LOG_LIMIT_BYTES:
            file.replace(file.with_suffix(".log.1"))
        in_traceback = False
        with file.open("a", buffering=1, errors="replace") as log:
            async for line in _lines(started.output):
                tail.append(line)
                with suppress(OSError):  # A full disk must not stop the reading, or the process would block.
                    log.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {name} | {line}\n")
                # A traceback is its heading, the indented lines and the line that names the error.
                opens = line.startswith("Traceback")
                if show:
                    say(line)
                elif expected is not None and expected.search(line):
                    pass
                elif not self._stopping and (opens or in_traceback or ERROR_LINE.search(line)):
                    warn(f"{name} | {line}")
                in_traceback = opens or (in_traceback and line.startswith(" "))

    async def _end(self, started: _Started) -> None:
        """End the process and its whole group, gently and then not. Safe when it has ended already."""
        process = started.process
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.send_signal(started.job.stop)
            try:
                await asyncio.wait_for(process.wait(), STOP_WAIT_S)
            except TimeoutError:
                warn(f"{started.job.name} did not stop in {STOP_WAIT_S:g} s, so it was killed.")
        # The group outlives its leader when the leader left children behind.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        self._register.remove(process.pid)

    def _why(self, name: str, status: int, tail: deque[str]) -> str:
        last = next((line.strip() for line in reversed(tail) if line.strip()), "it wrote nothing")
        return f"{name} cannot run ({_how(status)}): {last} (Its log: {self._logs / f'{name}.log'})"


def _how(status: int) -> str:
    if status < 0:
        with suppress(ValueError):
            return f"killed by {signal.Signals(-status).name}"
    return f"exit {status}"


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    rest = b""
    while chunk := await stream.read(65536):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace").rstrip("\r")
    if rest:
        yield rest.decode(errors="replace")
