"""Imports point one way: the contracts in pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

from triage.settings import ROOT


def test_every_contract_between_modules_holds() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_setup_needs_nothing_that_is_not_installed_yet() -> None:
    # -S hides every installed package, -E every path in the environment; -P keeps the folder off the path.
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
        "import triage.running.setup, triage.running.content, triage.running.first_run"
    )
    done = subprocess.run([sys.executable, "-S", "-E", "-P", "-c", code], cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
