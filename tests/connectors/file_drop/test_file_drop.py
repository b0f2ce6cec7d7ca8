"""Files out and in: whole or not at all, once, and readable by a spreadsheet without harm."""

import csv
import io
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import NotKnown, NotOffered, RequestRefused, SupplierUnavailable, WrongSettings
from connectors.file_drop import FileDropCasework, translate
from connectors.file_drop.settings import Settings
from connectors.shapes import Attachment, CaseNote, CaseRequest, Place, Reporter

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
PLACE = Place(line="12 Long Lane", latitude=51.6, longitude=-0.2)
REQUEST = CaseRequest(
    "missed_bin", "=cmd|' /C calc'!A0", NOW, PLACE, Reporter('Ada, "Example"', None, "+44 7700 900123")
)
FIXTURE = Path(__file__).parent / "fixtures" / "updates.csv"


@pytest.fixture
def folders(tmp_path: Path) -> Settings:
    (tmp_path / "out").mkdir()
    (tmp_path / "in").mkdir()
    return Settings(outgoing=tmp_path / "out", incoming=tmp_path / "in")


def left(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.outgoing.iterdir() if path.is_file())


async def test_a_case_is_one_row_in_which_nothing_is_calculated(folders: Settings) -> None:
    await FileDropCasework(folders).create(REQUEST, "BN-1/1")
    (name,) = left(folders)
    text = (folders.outgoing / name).read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["reference"] == "BN-1/1" and row["text"] == "'=cmd|' /C calc'!A0"
    assert row["name"] == 'Ada, "Example"' and row["phone"] == "'+44 7700 900123" and row["latitude"] == "51.600000"
    assert row["longitude"] == "-0.200000"


async def test_a_file_that_they_took_away_is_not_left_again(folders: Settings) -> None:
    await FileDropCasework(folders).create(REQUEST, "BN-1/1")
    (folders.outgoing / left(folders)[0]).unlink()
    await FileDropCasework(folders).create(REQUEST, "BN-1/1")
    assert left(folders) == []
    assert await FileDropCasework(folders).find("BN-1/1", datetime.now(UTC) - timedelta(minutes=1))


async def test_whoever_is_erased_leaves_no_file_and_none_of_anybody_elses_goes(folders: Settings) -> None:
    drop = FileDropCasework(folders)
    for reference in ("BN-1/1", "BN-2/1"):
        await drop.create(REQUEST, reference)
        await drop.update(reference, CaseNote(f"{reference}-note", "And the lid.", NOW))
        await drop.attach(reference, Attachment("lid.png", "image/png", b"lid"))
    before = left(folders)
    assert await drop.take_back("BN-1/1") == 3
    assert len(left(folders)) == 3 and set(left(folders)) < set(before)
    assert b"BN-2/1" in b"".join((folders.outgoing / name).read_bytes() for name in left(folders))
    assert await drop.take_back("BN-1/1") == 0
    # What was left once is not left again by a try that is made again.
    await drop.create(REQUEST, "BN-1/1")
    assert len(left(folders)) == 3


async def test_nothing_half_written_is_ever_seen(folders: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when it is to be made sure of: no file, no mark, and the next try leaves it."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SupplierUnavailable):
        await FileDropCasework(folders).create(REQUEST, "BN-1/1")
    assert left(folders) == []
    monkeypatch.undo()
    await FileDropCasework(folders).create(REQUEST, "BN-1/1")
    assert len(left(folders)) == 1


async def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings):
        await FileDropCasework(Settings(outgoing=tmp_path / "nowhere")).create(REQUEST, "BN-1/1")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../../up.jpg", "a\x00b.jpg", "x" * 500 + ".jpg", "é/☃.jpg", ".jpg"])
async def test_a_residents_name_for_a_file_is_no_name_of_ours(folders: Settings, name: str) -> None:
    casework = FileDropCasework(folders)
    await casework.create(REQUEST, "BN-1/1")
    await casework.attach("BN-1/1", Attachment(name, "image/jpeg", b"\xff\xd8"))
    files = [one for one in left(folders) if one.startswith("file-")]
    assert len(files) == 1 and files[0].endswith(".jpg") and len(files[0]) < 80
    assert (folders.outgoing / files[0]).read_bytes() == b"\xff\xd8"


async def test_what_is_about_no_case_of_ours_is_not_left(folders: Settings) -> None:
    casework = FileDropCasework(folders)
    with pytest.raises(NotKnown):
        await casework.update("BN-9/9", CaseNote("1", "x", NOW))
    await casework.create(REQUEST, "BN-1/1")
    with pytest.raises(RequestRefused):
        await casework.attach("BN-1/1", Attachment("a.jpg", "image/jpeg", b"x" * (folders.most_bytes + 1)))


async def test_what_they_leave_is_read_and_a_bad_row_is_passed_over(
    folders: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folders.incoming
    shutil.copy(FIXTURE, folders.incoming / "1.csv")
    shutil.copy(FIXTURE, folders.incoming / "2.csv")
    (folders.incoming / ".3.csv").write_text("half")
    (folders.incoming / "4.csv").write_bytes(b"\xff\xfe\x00")
    updates = await FileDropCasework(folders).updates(NOW - timedelta(days=1), NOW)
    assert [(one.handle, one.state, one.text) for one in updates] == [
        ("BN-1/2", "in_progress", None),
        ("BN-1/1", "done", "Returned, and collected"),
    ]
    assert "rows_unread" in capsys.readouterr().out


async def test_without_a_folder_for_it_they_tell_us_nothing(folders: Settings) -> None:
    with pytest.raises(NotOffered):
        await FileDropCasework(Settings(outgoing=folders.outgoing)).updates(NOW, NOW)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: f"reference,state,at,text\n{text}".encode()))
def test_nothing_that_they_leave_stops_the_reading(content: bytes) -> None:
    updates, unread = translate.updates_of(content)
    assert isinstance(updates, list) and unread >= 0
