"""`frontdoor run`: everything, in order, until Ctrl-C; then nothing of it is left."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from triage.running import checks, first_run, leftovers, postgres, processes, readiness, requirements, training
from triage.running.messages import CannotStart, say, warn
from triage.running.supervisor import Job, Supervisor
from triage.settings import ROOT, Settings

MAKE_GONE_EVERY_S = 1.0


def start(settings: Settings) -> int:
    """Run everything until told to stop; return the exit status."""
    try:
        return asyncio.run(_until_stopped(settings))
    except CannotStart as problem:
        warn(str(problem))
        return 1
    except OSError as problem:
        warn("The disk is full. Free some space and try again." if problem.errno == 28 else f"{problem}.")
        return 1


async def _until_stopped(settings: Settings) -> int:
    house = House(settings)
    work = asyncio.create_task(house.run())
    stop = asyncio.create_task(_told_to_stop())
    failed = house.supervisor.failed
    ends: list[asyncio.Future[Any]] = [work, stop, failed]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if failed.done():
            raise CannotStart(failed.result())
        if work.done():
            await work
        say("Stopping…")
    finally:
        for each in (work, stop):
            each.cancel()
        await asyncio.wait([work, stop])
        await house.close()
    say("Stopped.")
    return 0


async def _told_to_stop() -> None:
    """Return at Ctrl-C, SIGTERM, a closed terminal, or the end of the `make` that started us."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Under nohup a closed terminal is no reason. A shell's `&` ignores Ctrl-C too, but who sends it means us.
        if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN:
            loop.add_signal_handler(each, told.set)
    parent = os.getppid()
    while not told.is_set():
        if "MAKELEVEL" in os.environ and os.getppid() != parent:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), MAKE_GONE_EVERY_S)


class House:
    """One running Frontdoor: its home, its lock, its processes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home = settings.home.resolve()
        self._bin = Path(sys.executable).parent
        self._lock: IO[str] | None = None
        self._register = leftovers.Register(self._home / "run" / "processes.json")
        self.supervisor = Supervisor(self._home / "logs", self._register)

    async def run(self) -> None:
        """Start everything in order and stay until cancelled. Raises CannotStart when that is not possible."""
        settings, home = self._settings, self._home
        checks.check_disk(home, checks.RUNNING_BYTES)
        requirements.check_production(settings, os.environ)
        requirements.check_content(settings.council)
        requirements.check_database(settings.database_url)
        self._lock = leftovers.lock_home(home)
        for name in self._register.sweep():
            say(f"Ended {name}, left over from a start that was cut short.")
        port = checks.choose_port(settings.host, settings.port)
        env = {
            **os.environ,
            **first_run.ensure_secrets(home, os.environ),
            "FRONTDOOR_HOME": str(home),
            "PORT": str(port),
            "FRONTDOOR_RASA_URL": f"http://127.0.0.1:{checks.free_port()}",
            "PYTHONUNBUFFERED": "1",
            # Reading multiplies small matrices: more threads for each would only take turns from one another.
            "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
            "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),
            "FRONTDOOR_CLOCK_BEGAN": os.environ.get("FRONTDOOR_CLOCK_BEGAN") or datetime.now(UTC).isoformat(),
        }
        supervisor = self.supervisor
        env["FRONTDOOR_MODEL"] = str(await training.ensure_trained(home, Path(sys.executable), env, supervisor))

        say("Starting Frontdoor…")
        assistant = supervisor.keep(self._job(processes.RASA, env))
        env["DATABASE_URL"] = settings.database_url or await self._start_database(env)
        await supervisor.once(self._job(processes.MIGRATE, env))
        kept = {
            processes.RASA: assistant,
            processes.WEB: supervisor.keep(self._job(processes.WEB, env)),
            processes.WORKER: supervisor.keep(self._job(processes.WORKER, env)),
        }
        web = f"http://{_reachable(settings.host)}:{port}"
        addresses = {processes.RASA: env["FRONTDOOR_RASA_URL"], processes.WEB: web}
        jobs = [processes.DEMO] if settings.environment == "development" else []
        await asyncio.gather(
            *(supervisor.once(self._job(job, env), show=True) for job in jobs),
            *(
                readiness.wait_until_ready(one, running, addresses.get(one, ""), env["DATABASE_URL"])
                for one, running in kept.items()
            ),
        )
        self._say_addresses(settings.public_url.rstrip("/") or f"http://localhost:{port}")
        await asyncio.Event().wait()

    async def _start_database(self, env: dict[str, str]) -> str:
        server = postgres.embedded(self._home)
        await postgres.initialise(server, env, self.supervisor)
        running = self.supervisor.keep(server.job(env))
        await postgres.wait_until_ready(server)
        running.ready = True
        say("  the database: ready")
        return server.url

    def _job(self, process: processes.Process, env: dict[str, str]) -> Job:
        program, *arguments = process.command
        return Job(process.name, (str(self._bin / program), *arguments), dict(env), ROOT)

    def _say_addresses(self, address: str) -> None:
        say(
            f"\nFrontdoor is running. Stop it with Ctrl-C.\n"
            f"  Residents       {address}/\n"
            f"  Agents          {address}/desk\n"
            f"  Service owners  {address}/owner\n"
            f"  Content editor  {address}/content\n"
            f"  Demo logins     shown at the first start; new ones: .venv/bin/frontdoor demo --again\n"
            f"  Logs            {self._home / 'logs'}\n"
        )

    async def close(self) -> None:
        """End every process, the database last, and give the home up."""
        await self.supervisor.stop(*(process.name for process in processes.LONG_RUNNING))
        await self.supervisor.stop()
        if self._lock:
            self._lock.close()


def _reachable(host: str) -> str:
    """An address on this machine at which a server that listens on `host` can be asked."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
