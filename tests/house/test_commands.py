"""What the Makefile starts is there for everybody who checks the project out."""

import importlib.util
import os
import re
import subprocess
from pathlib import Path

import pytest

from triage.settings import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
# Modules of ours that a recipe starts with `python -m`.
STARTED = sorted(set(re.findall(r"(?<= -m )[\w.]+", MAKEFILE)) - {"pytest"})
PACKAGES = ("triage", "language", "connectors", "bot", "bench", "tests", "scripts")
# What is made here and never written by hand may lie among the sources.
MADE = {".venv", ".rasa", "__pycache__"}


def git(*command: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *command], cwd=ROOT, input=given, capture_output=True, text=True)


@pytest.fixture
def checkout() -> None:
    """Skips where the sources are not in a git checkout, such as in an image."""
    if not (ROOT / ".git").exists() or git("rev-parse", "--is-inside-work-tree").returncode != 0:
        pytest.skip("not a git checkout")


def sources() -> list[str]:
    """Every Python file that lies in our packages, whether git knows it or not."""
    found = []
    for package in PACKAGES:
        for folder, below, names in os.walk(ROOT / package):
            below[:] = [name for name in below if name not in MADE]
            found += [(Path(folder) / name).relative_to(ROOT).as_posix() for name in names if name.endswith(".py")]
    return sorted(found)


def test_the_makefile_starts_something() -> None:
    assert {"bench", "tests.look", "triage.running.setup"} <= set(STARTED)


@pytest.mark.parametrize("module", STARTED)
def test_what_the_makefile_starts_can_be_found(module: str) -> None:
    spec = importlib.util.find_spec(module)
    assert spec is not None, f"no module {module}"
    if spec.submodule_search_locations is not None:
        assert importlib.util.find_spec(f"{module}.__main__"), f"python -m {module} has no __main__"


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("module", STARTED)
def test_what_the_makefile_starts_is_in_git(module: str) -> None:
    place = module.replace(".", "/")
    files = [name for name in sources() if name == f"{place}.py" or name.startswith(f"{place}/")]
    assert files, f"no file of {module}"
    would_be = git("ls-files", "--cached", "--others", "--exclude-standard", "--", *files).stdout.splitlines()
    assert sorted(would_be) == files


@pytest.mark.usefixtures("checkout")
def test_no_source_is_ignored() -> None:
    # --no-index: a file that was added by force is found too, before somebody writes its neighbour and loses it.
    ignored = git("check-ignore", "--no-index", "--stdin", given="\n".join(sources())).stdout.splitlines()
    assert ignored == []
