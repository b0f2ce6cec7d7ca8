"""Put the tools and both Python environments into the checkout. Runs before anything is installed.

`python3.11 -m triage.running.setup run|check|test`: standard library only (a house test holds it to that).
Nothing outside the checkout is written but the caches of pip and uv.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from triage.running import browser, checks
from triage.running.messages import CannotStart, long_step, say, warn

ROOT = Path(__file__).resolve().parents[2]
UV_VERSION = "0.13.9"

_NO_NETWORK = (
    "dns error",
    "Failed to fetch",
    "Failed to download",
    "error sending request",
    "name resolution",
    "Network is unreachable",
    "Connection refused",
    "ConnectTimeoutError",
    "NewConnectionError",
    "ProxyError",
)


@dataclass(frozen=True)
class Environment:
    """One of the two Python environments: where its project is and what a person calls it."""

    name: str
    project: Path
    about: str


def environments(root: Path) -> tuple[Environment, Environment]:
    """The contact centre's environment, and Rasa's, which can share nothing with it."""
    return (
        Environment("the contact centre", root, "first time: about a minute"),
        Environment("the assistant", root / "bot", "first time: about a minute"),
    )


def explain(output: str, doing: str, log: Path) -> str:
    """One line on why a command failed, from what it wrote."""
    if "No space left on device" in output or "os error 28" in output:
        return f"The disk became full while {doing}. Free some space and try again."
    if any(sign in output for sign in _NO_NETWORK):
        return (
            f"Could not download what is needed while {doing}. Frontdoor needs the internet the first time "
            f"it starts: check the connection and try again. (Details: {log})"
        )
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "no message")
    return f"Something went wrong while {doing}: {last} (Details: {log})"


class CommandFailed(CannotStart):
    """A command failed; `no_network` says whether the connection was why."""

    def __init__(self, output: str, doing: str, log: Path) -> None:
        super().__init__(explain(output, doing, log))
        self.no_network = any(sign in output for sign in _NO_NETWORK)


def _run(command: list[str], doing: str, log: Path, env: dict[str, str] | None = None) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=env
    )
    # A log that cannot be written (a full disk) must not hide why the command failed.
    with suppress(OSError), log.open("a") as file:
        file.write(f"$ {' '.join(command)}\n{done.stdout}\n")
    if done.returncode != 0:
        raise CommandFailed(done.stdout, doing, log)


def ensure_uv(root: Path) -> Path:
    """The pinned uv, put into .tools/ if it is not there."""
    folder = root / ".tools" / f"uv-{UV_VERSION}"
    if not (folder / "bin" / "uv").exists():
        with long_step(f"Installing uv {UV_VERSION}, which installs the rest"):
            building = root / ".tools" / "uv-new"
            shutil.rmtree(building, ignore_errors=True)
            _install_uv(building, root / ".tools" / "setup.log")
            building.rename(folder)
    return folder / "bin" / "uv"


def _install_uv(folder: Path, log: Path) -> None:
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]
    try:
        # uv is one program that needs no environment around it, so pip alone will do.
        _run([sys.executable, *pip, "--target", str(folder), f"uv=={UV_VERSION}"], "installing uv", log)
        return
    except CommandFailed as problem:
        if problem.no_network:
            raise
    shutil.rmtree(folder, ignore_errors=True)
    try:
        _run([sys.executable, "-m", "venv", str(folder)], "making a place for uv", log)
    except CommandFailed:
        raise CannotStart(
            "Python 3.11 is here but has neither pip nor venv. Install them and try again "
            "(Debian: apt-get install python3.11-venv)."
        ) from None
    _run([str(folder / "bin" / "python"), *pip, f"uv=={UV_VERSION}"], "installing uv", log)


def _wanted(environment: Environment, dev: bool) -> dict[str, str | bool]:
    lock = hashlib.sha256()
    for name in ("pyproject.toml", "uv.lock"):
        lock.update((environment.project / name).read_bytes())
    # The place is part of it: an environment does not survive being moved.
    return {"lock": lock.hexdigest(), "dev": dev, "place": str(environment.project)}


def ensure_environment(environment: Environment, uv: Path, root: Path, dev: bool) -> None:
    """Install exactly what the committed lock file says, unless that is done already."""
    venv = environment.project / ".venv"
    stamp = venv / "frontdoor-setup.json"
    have = json.loads(stamp.read_text()) if stamp.exists() else {}
    dev = dev or bool(have.get("dev"))  # What `make test` added, `make run` leaves alone.
    wanted = _wanted(environment, dev)
    if have == wanted:
        return
    if have and have.get("place") != wanted["place"]:
        shutil.rmtree(venv)
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    command = [
        str(uv),
        "sync",
        "--frozen",
        "--no-progress",
        "--compile-bytecode",
        "--project",
        str(environment.project),
    ]
    if not (venv / "bin" / "python").exists():
        command += ["--python", sys.executable]
    if not dev:
        command.append("--no-dev")
    with long_step(f"Installing {environment.name} ({environment.about})"):
        stamp.unlink(missing_ok=True)
        _run(
            command,
            f"installing {environment.name}",
            root / ".tools" / "setup.log",
            {**env, "UV_PYTHON_DOWNLOADS": "never"},
        )
        stamp.write_text(json.dumps(wanted))


def set_up(root: Path, goal: str) -> None:
    """Everything that `goal` needs: run (both environments), check (ours with its linters), test (all)."""
    checks.check_python()
    ours, assistant = environments(root)
    needed = (ours,) if goal == "check" else (ours, assistant)
    if not all((each.project / ".venv" / "frontdoor-setup.json").exists() for each in needed):
        checks.check_disk(root, checks.FIRST_INSTALL_BYTES)
    if goal == "run":
        # Said before minutes of installing, not after.
        checks.choose_port(os.environ.get("FRONTDOOR_HOST", "127.0.0.1"), _port())
    uv = ensure_uv(root)
    for environment in needed:
        ensure_environment(environment, uv, root, dev=goal in ("check", "test") and environment is ours)
    if goal == "test":
        browser.ensure(root)


def _port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or int(text) > 65535:
        raise CannotStart(f"PORT must be a number from 0 to 65535; it is {text!r}.")
    return int(text)


def main(arguments: list[str]) -> int:
    """Set up for the goal named first; return the exit status."""
    try:
        set_up(ROOT, arguments[0] if arguments else "run")
    except CannotStart as problem:
        warn(str(problem))
        return 1
    except KeyboardInterrupt:
        say("Stopped. Run it again to go on from here.")
        return 130
    except OSError as problem:
        # 28 is ENOSPC.
        why = "The disk is full. Free some space" if problem.errno == 28 else f"{problem}. Put that right"
        warn(f"{why} and try again.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
