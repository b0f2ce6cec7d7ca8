"""After a kill -9 of the supervisor the next start ends what it left, and nothing else."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from triage.running.leftovers import Register, lock_home
from triage.running.messages import CannotStart


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that was not started by a supervisor."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_a_leftover_is_ended_and_named(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    Register(tmp_path / "processes.json").add("web", sleeper.pid, signal.SIGTERM)
    assert Register(tmp_path / "processes.json").sweep() == ["web"]
    assert sleeper.wait(5) == -signal.SIGTERM
    assert Register(tmp_path / "processes.json").sweep() == []


def test_a_number_that_is_another_process_now_is_left_alone(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    file = tmp_path / "processes.json"
    born = psutil.Process(sleeper.pid).create_time() - 60
    file.write_text(json.dumps([{"name": "web", "pid": sleeper.pid, "born": born, "stop": int(signal.SIGTERM)}]))
    assert Register(file).sweep() == []
    assert sleeper.poll() is None


def test_what_ended_by_itself_is_struck_out(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    register = Register(tmp_path / "processes.json")
    register.add("web", sleeper.pid, signal.SIGTERM)
    register.remove(sleeper.pid)
    assert Register(tmp_path / "processes.json").sweep() == []
    assert sleeper.poll() is None


def test_a_broken_note_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "processes.json").write_text("[{")
    assert Register(tmp_path / "processes.json").sweep() == []


def test_one_home_has_one_supervisor(tmp_path: Path) -> None:
    held = lock_home(tmp_path)
    with pytest.raises(CannotStart, match=r"running here already \(process \d+\)"):
        lock_home(tmp_path)
    held.close()
    lock_home(tmp_path).close()
