"""A browser for the tests: one that is installed, else Debian's, else Playwright's. Standard library only."""

import os
import shutil
import subprocess
from pathlib import Path

from triage.running.messages import CannotStart, long_step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLAYWRIGHT_NAMES = ("chrome", "chrome-headless-shell", "headless_shell")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find() -> Path | None:
    """An installed Chromium or Chrome, or the one that FRONTDOOR_BROWSER names; None when there is none."""
    named = os.environ.get("FRONTDOOR_BROWSER")
    if named:
        return Path(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return MAC if MAC.exists() else None


def downloaded(root: Path) -> Path | None:
    """The Chromium that Playwright downloaded into .tools/browsers earlier, or None."""
    programs = (root / ".tools" / "browsers").glob("chromium*/chrome-*/*")
    return next((path for path in sorted(programs) if path.name in PLAYWRIGHT_NAMES), None)


def ensure(root: Path) -> Path:
    """A browser's program, installing one if need be. Raises CannotStart when none can be had."""
    found = find() or downloaded(root)
    if found:
        return found
    with long_step("Installing a browser for the tests (once)"):
        if os.geteuid() == 0 and shutil.which("apt-get"):
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", "update", "-qq"], env=env, **quiet)  # type: ignore[call-overload]
            subprocess.run(  # type: ignore[call-overload]
                ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], env=env, **quiet
            )
            found = find()
        if not found:
            subprocess.run(
                [str(root / ".venv" / "bin" / "python"), "-m", "playwright", "install", "chromium"],
                env={**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(root / ".tools" / "browsers")},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            found = downloaded(root)
    if not found:
        raise CannotStart(
            "The tests need a browser and none could be installed. Install Chromium or Chrome "
            "(Debian: apt-get install chromium) and try again."
        )
    return found
