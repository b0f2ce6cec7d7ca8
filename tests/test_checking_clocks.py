"""Calendars, targets and legal time limits that would be promised wrongly: each is refused in a plain sentence."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from triage.catalogue import DATA, CatalogueWrong, load
from triage.checking.clocks import check_clocks

CALENDARS, QUEUES, LAWS = "councils/barnet/calendars.toml", "councils/barnet/queues.toml", "clocks/statutory.toml"
TODAY = date(2026, 11, 26)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def put(data: Path, file: str, old: str, new: str) -> None:
    path = data / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def faults(data: Path, *, serious: bool = True) -> list[str]:
    folder = data / "councils" / "barnet"
    found = check_clocks(load(data, "barnet"), folder, data / LAWS, TODAY)
    return [fault.what for fault in found if fault.serious is serious]


def test_our_own_clocks_have_no_fault(data: Path) -> None:
    assert faults(data) == []


MON = 'mon = ["09:00-17:15"]'


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (CALENDARS, MON, 'mon = ["17:15-09:00"]', "'17:15-09:00' closes before it opens"),
        (CALENDARS, MON, 'mon = ["9-5"]', "'9' is no time of day"),
        (CALENDARS, MON, 'mon = ["09:00"]', "is no opening: write when it opens and when it closes"),
        (CALENDARS, MON, 'mon = ["09:00-13:00", "12:30-17:15"]', "begins before 09:00-13:00 has ended"),
        (CALENDARS, '"england"', '"France"', "'France' has no bank holidays we know"),
        (CALENDARS, MON, MON + "\nclosed = [{ on = 2026-12-24, closes = '13:00' }]", "closed.0.name"),
        (
            CALENDARS,
            MON,
            MON + "\nclosed = [{ on = 2026-12-24, to = 2026-12-23, name = 'Move', reason = 'Moving' }]",
            "'Move' ends on 2026-12-23, before it begins",
        ),
        (QUEUES, 'first = "5 min"', 'first = "5 minutes"', "'5 minutes' is no target: write a number and min, h"),
        (QUEUES, 'settle = "24 h"', 'settle = "a day"', "Q-REPAIR.P1.settle: 'a day' is no target"),
        (QUEUES, 'settle = "24 h"', 'settle = "24 h"\nwarn = "2 h"', "Q-REPAIR.P1.warn"),
        (QUEUES, 'settle = "4 h"', 'settle = "4 h"\nwarn = "1 wd"', "'1 wd' is no length of time"),
        (LAWS, 'target = "20 wd"', 'target = "20 days"', "'20 days' is no time limit"),
        (LAWS, 'again = "foi_review"', 'again = "foi_again"', "no time limit 'foi_again'"),
        (LAWS, 'pauses = { resident = "days"', 'pauses = { busy = "days"', "sar.pauses.busy"),
        (LAWS, 'longer = "2 mo"', 'longer = "60 d"', "use one unit"),
    ],
)
def test_what_cannot_be_read_stops_the_start(data: Path, file: str, old: str, new: str, told: str) -> None:
    put(data, file, old, new)
    with pytest.raises(CatalogueWrong) as refused:
        load(data, "barnet")
    assert told in str(refused.value)
    assert "Value error" not in str(refused.value) and Path(file).name in str(refused.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (QUEUES, 'settle = "24 h"', 'settle = "5 min"', "Q-REPAIR: a P0 is to be settled (5 min) before"),
        (
            CALENDARS,
            MON,
            MON + "\nclosed = [{ on = 2026-12-26, closes = '13:00', name = 'Boxing Day', reason = 'Early' }]",
            "'Boxing Day' on 2026-12-26 changes nothing",
        ),
        (
            CALENDARS,
            MON,
            MON + "\nclosed = [{ on = 2026-12-24, opens = '08:00', name = 'Late', reason = 'Early' }]",
            "'Late' on 2026-12-24 changes nothing",
        ),
        (LAWS, "review_by = 2027-11-26", "review_by = 2029-11-26", "foi: review_by must lie within 400 days"),
        (LAWS, "reviewed_on = 2026-11-26", "reviewed_on = 2026-12-26", "foi: reviewed on a day to come"),
        (LAWS, "https://www.legislation.gov.uk/ukpga/2000", "www.legislation.gov.uk/ukpga/2000", "not an https"),
    ],
)
def test_what_cannot_be_meant_is_told(data: Path, file: str, old: str, new: str, told: str) -> None:
    put(data, file, old, new)
    assert any(told in what for what in faults(data)), faults(data)


def test_a_calendar_that_opens_on_no_day(data: Path) -> None:
    (data / CALENDARS).write_text((data / CALENDARS).read_text() + '\n[never]\nname = "Never"\n')
    put(data, QUEUES, 'calendar = "always"', 'calendar = "never"')
    assert faults(data) == ["never: opens on no day of the week, so nothing would ever be due"]


def test_a_law_that_nobody_has_read_again_is_told_and_still_counts(data: Path) -> None:
    put(data, LAWS, "reviewed_on = 2026-11-26", "reviewed_on = 2025-11-01")
    put(data, LAWS, "review_by = 2027-11-26", "review_by = 2026-11-01")
    assert faults(data) == []
    assert faults(data, serious=False) == [
        "foi: overdue for review since 2026-11-01; it still counts, so somebody must look"
    ]
    assert load(data, "barnet").laws["foi"].target == "20 wd"


def test_a_day_that_closes_early_is_read_with_its_name_and_reason(data: Path) -> None:
    early = "{ on = 2026-12-24, closes = '13:00', name = 'Christmas Eve', reason = 'Offices close early' }"
    put(data, CALENDARS, MON, f"{MON}\nclosed = [2026-12-31, {early}]")
    whole, part = load(data, "barnet").calendars["office"].closed
    assert (whole.on, whole.whole) == (date(2026, 12, 31), True)
    assert (part.closes, part.name, part.reason) == ("13:00", "Christmas Eve", "Offices close early")
    assert faults(data) == []
