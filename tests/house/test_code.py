"""What no file of ours may hold."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from triage.settings import ROOT

# What talks to a person in a terminal may print; everything else writes a log.
MAY_PRINT = ("triage/cli.py", "triage/running/", "bench/", "tests/", "connectors/__main__.py")
# Paths of somebody's own machine. What a document quotes as an example is written with /path/to or /another.
MACHINE_PATH = re.compile(r"(?:^|[\s\"'`(=:])(/home/\w+|/Users/\w+|/root/|/work/|/farm/|/opt/\w+|[A-Z]:\\\\Users)")
TEXT = {".py", ".toml", ".yml", ".yaml", ".md", ".html", ".css", ".js", ".json", ".sh", ".ini", ".txt", ".sql", ""}


def committed() -> list[Path]:
    """Every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


FILES = committed()
PYTHON = [path for path in FILES if path.suffix == ".py"]


def name_of(path: Path) -> str:
    """The path as it is in the checkout."""
    return path.relative_to(ROOT).as_posix()


def test_nothing_prints_but_what_talks_to_a_terminal() -> None:
    printing = []
    for path in PYTHON:
        if name_of(path).startswith(MAY_PRINT):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                printing.append(f"{name_of(path)}:{node.lineno}")
    assert not printing


def test_no_path_of_anybodys_machine() -> None:
    found = []
    for path in FILES:
        if path.suffix not in TEXT or path == Path(__file__) or path.name == "uv.lock":
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if MACHINE_PATH.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:80]}")
    assert not found


@pytest.mark.parametrize("path", [path for path in PYTHON if "migrations" not in path.parts], ids=name_of)
def test_a_module_says_what_it_is_and_stays_small(path: Path) -> None:
    text = path.read_text()
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "no docstring at the top"
    assert text.count("\n") <= 400


def test_nothing_generated_or_secret_is_committed() -> None:
    names = [name_of(path) for path in FILES]
    bad = re.compile(r"(^|/)(\.venv|\.frontdoor|\.tools|__pycache__|\.env|secrets\.env|\.rasa|models)(/|$)|\.tar\.gz$")
    assert not [name for name in names if bad.search(name)]
