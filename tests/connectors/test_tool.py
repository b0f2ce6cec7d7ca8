"""python -m connectors: what it writes is whole, and what it checks it finds."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.checking import TESTS, check
from connectors.errors import WrongSettings
from connectors.kinds import KINDS
from connectors.manifest import HERE, manifests
from connectors.scaffold import new
from triage.settings import ROOT


@pytest.mark.parametrize("name", manifests())
def test_every_connector_is_whole(name: str) -> None:
    assert check(name) == []


def test_what_is_written_for_every_kind_is_whole_typed_and_in_style(tmp_path: Path) -> None:
    """In a copy of the house with nothing else in it, as whoever adds one would run it."""
    tests = tmp_path / "tests" / "connectors"
    for folder in (tmp_path / "connectors", tests / "suppliers"):
        folder.mkdir(parents=True)
    for source in HERE.glob("*.py"):
        (tmp_path / "connectors" / source.name).write_text(source.read_text())
    for package in (tmp_path / "tests", tests, tests / "suppliers"):
        (package / "__init__.py").touch()
    for source in (TESTS / "suppliers").glob("*.py"):
        (tests / "suppliers" / source.name).write_text(source.read_text())
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for kind in KINDS:
        assert len(new(f"an_example_of_{kind}", kind, tmp_path / "connectors", tests)) == 10

    def run(*command: str) -> str:
        done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, timeout=300)
        return f"{done.stdout}{done.stderr}" if done.returncode else ""

    assert run("-m", "connectors", "check") == ""
    assert run("-m", "ruff", "check", ".") == ""
    assert run("-m", "ruff", "format", "--check", ".") == ""
    assert run("-m", "mypy", "connectors") == ""


@pytest.mark.parametrize("name", ["Upper", "1st", "with-dash", "../up", "", "a__b", "console"])
def test_a_name_that_cannot_be_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "console").mkdir()
    with pytest.raises(WrongSettings):
        new(name, "casework", tmp_path, tmp_path / "tests")


def listed(council: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "connectors", "list", str(council)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, env={})
    return done.returncode, done.stdout + done.stderr


def test_what_a_council_has_switched_on_is_listed_with_what_is_missing(tmp_path: Path) -> None:
    council = tmp_path / "example" / "council.toml"
    council.parent.mkdir()
    council.write_text("")
    status, said = listed(council)
    assert status == 0 and "Switched on by example" in said and said.count("ready") == 9
    council.write_text('[connectors]\nmessages = "govuk_notify"')
    status, said = listed(council)
    assert status == 1 and "api_key: Field required" in said
    council.write_text('[connectors]\nmessages = "notify"')
    status, said = listed(council)
    assert status == 1 and "'notify', which is not in connectors/" in said and said.count("ready") == 8
    council.write_text('[connectors]\nmesages = "smtp"')
    status, said = listed(council)
    assert status == 1 and "'mesages', neither kind nor connector" in said and "python -m connectors list" in said


def spoil(path: str, old: str, now: str) -> Callable[[Path, Path], None]:
    def do(folder: Path, tests: Path) -> None:
        file = (tests if path.startswith("fixtures") else folder) / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, now))

    return do


# Pieces that would look like a secret, or a person, here too.
BEARER, SOMEBODY = "Bear" + "er 3d844edf8d3548ac975b", "somebody@" + "gmail.com"
SPOILT = {
    "a line of quality is missing": (spoil("manifest.toml", 'live = "to do"', ""), "quality.live"),
    "a line is exempt without why": (spoil("manifest.toml", '"to do"', '"exempt"'), "exempt because"),
    "a call that no kind promises": (spoil("manifest.toml", '"create",', '"create", "delete",'), "promises no delete"),
    "a kind that is not there": (spoil("manifest.toml", "kinds.casework", "kinds.cases"), "no kind 'cases'"),
    "something of ours": (spoil("client.py", "import asyncio", "import asyncio\nimport triage"), "nothing of ours"),
    "everything is caught": (spoil("client.py", "except NotKnown:", "except Exception:"), "catches everything"),
    "an error of its own": (spoil("client.py", "raise NotKnown", "raise KeyError"), "raises KeyError"),
    "a client with no limits": (
        spoil("client.py", "import asyncio", "import asyncio\nimport httpx2"),
        "sets no asyncio.timeout",
    ),
    "a bearer token in a payload": (spoil("fixtures/errors.xml", "Invalid", BEARER), "bearer token"),
    "somebody's address in a payload": (spoil("fixtures/errors.xml", "Invalid", SOMEBODY), "email address"),
    "somebody's number in a payload": (spoil("fixtures/errors.xml", "Invalid", "07911 123456"), "phone number"),
    "a setting that no README names": (spoil("README.md", "`look_first`", "it"), "look_first"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_what_is_not_right_is_found(fault: str, tmp_path: Path) -> None:
    do, said = SPOILT[fault]
    folder, tests = tmp_path / "open311", tmp_path / "tests"
    for source, target in ((HERE / "open311", folder), (HERE.parent / "tests/connectors/open311", tests / "open311")):
        for path in source.rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    assert check("open311", folder, tests) == []
    do(folder, tests / "open311")
    assert any(said in problem for problem in check("open311", folder, tests)), check("open311", folder, tests)
