"""How Rasa is started: silent, from our own model, and never as a server that others could command."""

import re
from pathlib import Path

from triage.running import training
from triage.settings import ROOT


def test_rasa_never_phones_home(tmp_path: Path) -> None:
    env = training.rasa_environment(tmp_path, {"RASA_TELEMETRY_ENABLED": "true"})
    assert env["RASA_TELEMETRY_ENABLED"] == "false"


def test_everything_that_starts_rasa_goes_through_that_environment() -> None:
    starting = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "triage").rglob("*.py")
        if "rasa_program()" in path.read_text()
    ]
    assert sorted(starting) == ["triage/cli.py", "triage/running/training.py"]
    assert all("rasa_environment(" in (ROOT / name).read_text() for name in starting)
    others = [ROOT / name for name in ("Makefile", "Dockerfile", "docker-compose.yml", ".ci/run")]
    assert not any(re.search(r"\brasa (run|train)\b", path.read_text()) for path in others)


def test_rasa_writes_only_under_its_home(tmp_path: Path) -> None:
    env = training.rasa_environment(tmp_path, {"HOME": "/somewhere"})
    for name in ("HOME", "RASA_CACHE_DIRECTORY", "MPLCONFIGDIR"):
        assert Path(env[name]).is_relative_to(tmp_path)


def test_rasas_own_interface_stays_shut() -> None:
    text = (ROOT / "triage" / "cli.py").read_text() + (ROOT / "triage" / "running" / "training.py").read_text()
    assert "--enable-api" not in text
    assert "--cors" not in text
