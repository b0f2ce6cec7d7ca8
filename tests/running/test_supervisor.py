"""The supervisor, with tiny processes: crashes are mended and said, and a stop leaves nothing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import procrastinate
import psutil
import pytest
from procrastinate.exceptions import AlreadyEnqueued

from triage import journey
from triage.outbox import jobs
from triage.running import postgres
from triage.running import supervisor as supervisor_module
from triage.running.leftovers import Register
from triage.running.messages import CannotStart
from triage.running.supervisor import Job, Supervisor


def job(code: str, name: str = "tiny", stop: signal.Signals = signal.SIGTERM) -> Job:
    """A job that runs a few lines of Python."""
    return Job(name, (sys.executable, "-u", "-c", code), dict(os.environ), Path("/"), stop=stop)


async def until(true: Callable[[], object], seconds: float = 15) -> None:
    """Wait until something is so; fail when it takes too long."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Supervisor]:
    monkeypatch.setattr(supervisor_module, "FIRST_WAIT_S", 0.05)
    one = Supervisor(tmp_path / "logs", Register(tmp_path / "run" / "processes.json"))
    yield one
    await one.stop()


async def test_a_job_that_fails_says_its_last_words(house: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"tiny cannot run \(exit 3\): no such council"):
        await house.once(job("print('reading'); print('no such council'); raise SystemExit(3)"))
    assert "tiny | no such council" in (tmp_path / "logs" / "tiny.log").read_text()


async def test_a_job_can_be_shown(house: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    await house.once(job("print('Demo login: agent')"), show=True)
    assert "Demo login: agent" in capfd.readouterr().out


async def test_a_crash_is_said_and_mended(house: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    running = house.keep(job("import time; time.sleep(60)"))
    running.ready = True
    await until(lambda: running.pid)
    first = running.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: running.restarts == 1 and running.pid != first)
    assert running.pid is not None and psutil.pid_exists(running.pid)
    assert "tiny stopped (killed by SIGKILL). Starting it again in" in capfd.readouterr().err


async def test_what_cannot_even_start_is_given_up_with_its_reason(house: Supervisor) -> None:
    house.keep(job("raise SystemExit('the port is taken')"))
    async with asyncio.timeout(20):
        reason = await house.failed
    assert "tiny cannot run (exit 1): the port is taken" in reason


async def test_errors_and_tracebacks_reach_the_terminal_and_the_rest_does_not(
    house: Supervisor, capfd: pytest.CaptureFixture[str]
) -> None:
    code = 'print(\'ordinary\'); print(\'{"level": "error", "event": "lost"}\'); {}[\'key\']'
    with pytest.raises(CannotStart):
        await house.once(job(code))
    shown = capfd.readouterr().err
    assert "ordinary" not in shown
    assert 'tiny | {"level": "error", "event": "lost"}' in shown
    assert "tiny | Traceback" in shown
    assert "tiny | KeyError: 'key'" in shown


async def test_a_periodic_job_that_waits_already_is_no_trouble_to_show(
    house: Supervisor, tmp_path: Path, capfd: pytest.CaptureFixture[str], database: str
) -> None:
    """The server's own words for it, as procrastinate makes it say them."""
    assert journey.STEPS
    connector = procrastinate.PsycopgConnector(conninfo=database)
    with jobs.replace_connector(connector):
        async with jobs.open_async():
            await jobs.configure_task("sweep", queueing_lock="sweep").defer_async(timestamp=0)
            with pytest.raises(AlreadyEnqueued) as refused:
                await jobs.configure_task("sweep", queueing_lock="sweep").defer_async(timestamp=5)
    said = str(refused.value.__cause__.__cause__).partition("\n")[0]  # type: ignore[union-attr]
    line = f"2026-11-26 10:00:00.000 UTC [77] ERROR:  {said}"
    other = 'ERROR:  duplicate key value violates unique constraint "pk_contact"'
    server = replace(job(f"print({line!r}); print({other!r})", "postgres"), expected=postgres.EXPECTED)
    await house.once(server)
    shown = capfd.readouterr().err
    assert "queueing_lock" not in shown and "pk_contact" in shown
    assert line in (tmp_path / "logs" / "postgres.log").read_text()


async def test_a_stop_ends_children_and_those_that_will_not_hear(
    house: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "STOP_WAIT_S", 0.3)
    note = tmp_path / "child"
    code = (
        "import signal, subprocess, sys, time, pathlib\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    running = house.keep(job(code))
    await until(lambda: note.exists() and note.read_text())
    child = int(note.read_text())
    await house.stop()
    assert running.pid is not None
    await until(lambda: not psutil.pid_exists(running.pid or 0))
    await until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie")


async def test_a_grandchild_that_stays_does_not_hold_up_the_restart(house: Supervisor) -> None:
    code = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "raise SystemExit(1)\n"
    )
    running = house.keep(job(code))
    running.ready = True
    await until(lambda: running.restarts >= 1)


async def test_long_lines_and_odd_bytes_are_kept(house: Supervisor, tmp_path: Path) -> None:
    code = "import sys; sys.stdout.buffer.write(b'x' * 300_000 + b'\\xff\\nlast'); sys.stdout.flush()"
    await house.once(job(code))
    lines = (tmp_path / "logs" / "tiny.log").read_text().splitlines()
    assert len(lines) == 2
    assert lines[0].count("x") == 300_000
    assert lines[1].endswith("tiny | last")
