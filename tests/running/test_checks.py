"""What is wrong with a machine is one clear line."""

import socket
from collections import namedtuple
from pathlib import Path

import pytest

from triage.running import checks, setup
from triage.running.messages import CannotStart


def test_a_taken_port_is_named_with_a_way_on() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port} is taken.*PORT={port + 1} make run"):
            checks.choose_port("127.0.0.1", port)


def test_port_zero_is_any_free_port() -> None:
    port = checks.choose_port("127.0.0.1", 0)
    assert port > 0
    assert checks.port_is_free("127.0.0.1", port)


def test_a_full_disk_says_how_much_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: usage(10, 9, 1_500_000_000))
    with pytest.raises(CannotStart, match=r"1\.5 GB free at .*4 GB needed"):
        checks.check_disk(tmp_path / "not" / "there" / "yet", checks.FIRST_INSTALL_BYTES)


def test_the_wrong_python_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.sys, "version_info", (3, 13, 1))
    with pytest.raises(CannotStart, match=r"needs Python 3\.11; this is Python 3\.13"):
        checks.check_python()


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("error: Failed to fetch: `https://pypi.org/simple/x/`\n  Caused by: dns error", "needs the internet"),
        ("error: failed to write: No space left on device (os error 28)", "disk became full"),
        ("first\nerror: the lock file is broken\n", "error: the lock file is broken"),
        ("", "no message"),
    ],
)
def test_a_failed_install_is_explained_in_one_line(output: str, expected: str) -> None:
    line = setup.explain(output, "installing the assistant", Path("setup.log"))
    assert expected in line
    assert "\n" not in line


def test_a_port_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(CannotStart, match="PORT must be a number"):
        setup._port()
