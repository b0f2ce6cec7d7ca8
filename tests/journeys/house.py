"""The whole product, started as `make run` starts it, in a home of its own, and ended without leftovers."""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from triage.running.training import train_only
from triage.settings import ROOT, get_settings

# Several times what it takes alone, for machines that do much else.
PATIENCE_S = 240.0
STOPPED_S = 45.0
# A Tuesday on which the desk is open.
TUESDAY_MORNING = "2026-12-01T10:00"
LOGIN = re.compile(r"^  (\S+) +((?:[0-9A-Z]{5}-){2}[0-9A-Z]{5}) ", re.MULTILINE)
# Nobody is slowed down by limits but those who mean to be.
GENEROUS = {
    "FRONTDOOR_COUNTED_EVERY_S": "1",
    "FRONTDOOR_CONVERSATIONS_PER_HOUR": "5000",
    "FRONTDOOR_CONTACTS_PER_HOUR": "5000",
    "FRONTDOOR_SIGN_INS_PER_QUARTER_HOUR": "500",
    "FRONTDOOR_MESSAGES_PER_MINUTE": "200",
    # Who looks at its figures asks for it; it is counted while everything starts.
    "FRONTDOOR_DEMO_HISTORY": "false",
}


def until(so: Callable[[], bool], otherwise: Callable[[], str], patience_s: float = PATIENCE_S) -> None:
    """Wait until something is so. Fails with `otherwise` after `patience_s` seconds."""
    deadline = time.monotonic() + patience_s
    while not so():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.1)


@dataclass
class House:
    """One running Frontdoor. `logins` are the demo people's passwords by their sign-in names."""

    home: Path
    address: str
    process: subprocess.Popen[bytes]
    output: Path
    logins: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """What its terminal shows so far."""
        return self.output.read_text()

    def wait_until_ready(self) -> None:
        """Wait until it says that it runs, and read the logins that it says once."""

        def running() -> bool:
            assert self.process.poll() is None, f"Frontdoor did not start:\n{self.text()}"
            return "Frontdoor is running" in self.text()

        until(running, lambda: f"Frontdoor was not ready in {PATIENCE_S:g} s:\n{self.text()}")
        self.logins = dict(LOGIN.findall(self.text()))
        assert {"agent.triage", "owner", "editor"} <= set(self.logins), self.text()

    def rasa(self) -> psutil.Process | None:
        """Rasa's process, or None while there is none."""
        for each in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if {"run", "--model", "-p"} <= set(each.cmdline()):
                    return each
        return None

    def rasa_answers(self) -> bool:
        """Whether Rasa is there and takes connections, which it does once its model is loaded."""
        process = self.rasa()
        if process is None:
            return False
        with suppress(psutil.Error, OSError, ValueError):
            argv = process.cmdline()
            port = int(argv[argv.index("-p") + 1])
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                # It listens a moment before its model is loaded, and says so when it is.
                said = (self.home / "logs" / "rasa.log").read_text()
                return said.rfind("Rasa server is up and running") > said.rfind("Starting Rasa server")
        return False

    def family(self) -> list[psutil.Process]:
        """Every process that was started below it, or that works in its home."""
        found = {self.process.pid: psutil.Process(self.process.pid)} if self.process.poll() is None else {}
        for each in list(found.values()):
            found |= {child.pid: child for child in each.children(recursive=True)}
        for each in psutil.process_iter():
            with suppress(psutil.Error):
                if each.pid != os.getpid() and any(str(self.home) in part for part in each.cmdline()):
                    found[each.pid] = each
        return list(found.values())

    def stop(self) -> None:
        """Stop it as Ctrl-C does. Fails when it does not end well or leaves a process behind."""
        family = self.family()
        self.process.send_signal(signal.SIGINT)
        try:
            status = self.process.wait(STOPPED_S)
        finally:
            left = [each for each in {*family, *self.family()} if _lives(each)]
            names = [f"{each.pid} {' '.join(each.cmdline()[:4])}" for each in left if _lives(each)]
            for each in left:
                with suppress(psutil.Error):
                    each.kill()
        assert not names, f"left behind after Ctrl-C: {names}"
        assert status == 0, f"ended with {status}:\n{self.text()}"


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _furnish(home: Path) -> None:
    """Put the trained models and the encoder of this checkout into a new home, training first if that is needed."""
    shared = get_settings().home.resolve()
    model = asyncio.run(train_only(shared, Path(sys.executable)))
    (home / "models").mkdir(parents=True)
    shutil.copy2(model, home / "models" / model.name)
    for name in ("danger", "sorting", "themes"):
        folder = (shared / "models" / name).resolve()
        shutil.copytree(folder, home / "models" / folder.name)
    shutil.copytree(shared / "encoder", home / "encoder")


@contextmanager
def running_house(folder: Path, **settings: str) -> Iterator[House]:
    """Frontdoor in `folder`/home at a free port; `settings` are more environment variables."""
    home = folder / "home"
    _furnish(home)
    port = _free_port()
    output = folder / "output.txt"
    keep = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env = {
        **keep,
        **GENEROUS,
        "FRONTDOOR_HOME": str(home),
        "FRONTDOOR_ENVIRONMENT": "development",
        "FRONTDOOR_NOW": TUESDAY_MORNING,
        "PORT": str(port),
        # It ends by itself when whoever started it is gone, as it does under make.
        "MAKELEVEL": "1",
        **settings,
    }
    with output.open("wb") as out:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "frontdoor"), "run"],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    house = House(home, f"http://127.0.0.1:{port}", process, output)
    try:
        house.wait_until_ready()
        yield house
    finally:
        house.stop()
