"""What no rule touches, and a sorter's files on their way through the database."""

import io
import tarfile
from pathlib import Path

import pytest

from triage.sorters.keeping import danger_queues, lay, pack


def test_no_rule_empties_the_queues_of_danger_to_life() -> None:
    assert {"Q-SAFE-A", "Q-SAFE-C", "Q-EMERG"} <= danger_queues()
    assert not {"Q-GENERAL", "Q-HOLDING", "Q-WASTE"} & danger_queues()


def test_files_come_back_as_they_were_packed(tmp_path: Path) -> None:
    made = tmp_path / "made"
    (made / "used").mkdir(parents=True)
    (made / "used" / "sorting.json").write_text("{}")
    packed = pack(made)
    for _ in range(2):  # another process may have laid it already
        lay(packed, tmp_path / "sorters" / "abc")
    assert (tmp_path / "sorters" / "abc" / "used" / "sorting.json").read_text() == "{}"
    assert [path.name for path in (tmp_path / "sorters").iterdir()] == ["abc"]


def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../outside"), io.BytesIO(b""))
    with pytest.raises(tarfile.TarError):
        lay(packed.getvalue(), tmp_path / "sorters" / "abc")
    assert not (tmp_path / "outside").exists() and not list((tmp_path / "sorters").iterdir())
