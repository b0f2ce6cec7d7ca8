"""Calendars, targets and legal time limits that would be promised wrongly: each is refused in a plain sentence."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from triage.catalogue import DATA, CatalogueWrong, load
from triage.checking.clocks import check_clocks

CALENDARS, QUEUES, LAWS = "councils/barnet/calendars.toml", "councils/barnet/queues.toml", "clocks/statutory.toml"
TODAY = date(2026, 11, 26)


MON = 'mon = ["09:00-17:15"]'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def put(data: Path, file: str, old: str, new: str) -> None:
    path = data / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def add(data: Path, file: str, *tables: str) -> None:
    path = data / file
    path.write_text("\n\n".join([path.read_text(), *tables]))


def faults(data: Path, *, serious: bool = True) -> list[str]:
    folder = data / "councils" / "barnet"
    found = check_clocks(load(data, "barnet"), folder, data / LAWS, TODAY)
    return [fault.what for fault in found if fault.serious is serious]


def queue(code: str, *lines: str, first: str = "1 wd", settle: str = "2 wd") -> str:
    return "\n".join([f"[{code}]", 'name = "Tried"', f'first = "{first}"', f'settle = "{settle}"', *lines])


def law(key: str, *lines: str, target: str = "20 wd", reviewed_on: str = "2026-11-26", **others: str) -> str:
    rows = {"statutory": "foi", "name": "Tried", "target": target, "law": "An Act", "source": "https://example.org"}
    text = [f'{name} = "{value}"' for name, value in (rows | others).items() if name != "review_by"]
    dates = [f"reviewed_on = {reviewed_on}", f"review_by = {others.get('review_by', '2027-11-26')}"]
    return "\n".join([f"[{key}]", *text, *dates, *lines])


def test_what_cannot_be_read_stops_the_start_in_plain_sentences(data: Path) -> None:
    add(
        data,
        CALENDARS,
        '[c1]\nmon = ["17:15-09:00"]',
        '[c2]\nmon = ["9-5"]',
        '[c3]\nmon = ["09:00"]',
        '[c4]\nmon = ["09:00-13:00", "12:30-17:15"]',
        '[c5]\nbank_holidays = "France"',
        "[c6]\nclosed = [{ on = 2026-12-24, closes = '13:00' }]",
        "[c7]\nclosed = [{ on = 2026-12-24, to = 2026-12-23, name = 'Move', reason = 'Moving' }]",
        "[c8]\nclosed = [{ on = 2026-12-24, opens = '13:00', closes = '09:00', name = 'Odd', reason = 'Odd' }]",
    )
    add(
        data,
        QUEUES,
        queue("Q-1", first="5 minutes"),
        queue("Q-2", "[Q-2.P1]", 'settle = "a day"'),
        queue("Q-3", "[Q-3.P1]", 'warn = "2 h"'),
        queue("Q-4", 'warn = "1 wd"'),
        queue("Q-5", "[Q-5.P9]", 'first = "1 h"'),
    )
    add(
        data,
        LAWS,
        law("l1", target="20 days"),
        law("l2", 'pauses = { busy = "days" }'),
        law("l3", 'longer = "60 d"', 'longer_why = "It is hard"', target="1 mo"),
        law("l4", 'longer = "60 d"', target="20 d"),
        law("l5", 'pauses = { resident = "days" }'),
        law("l6", 'then = ["foi"]'),
    )
    with pytest.raises(CatalogueWrong) as refused:
        load(data, "barnet")
    told = str(refused.value).replace(f"{data}/", "").splitlines()
    wanted = {
        f"{CALENDARS}: c1.mon.0": "'17:15-09:00' closes before it opens",
        f"{CALENDARS}: c2.mon.0": "'9' is no time of day: write it as 09:00",
        f"{CALENDARS}: c3.mon.0": "'09:00' is no opening: write when it opens and when it closes",
        f"{CALENDARS}: c4": "on mon 12:30-17:15 begins before 09:00-13:00 has ended",
        f"{CALENDARS}: c5.bank_holidays": "'France' has no bank holidays we know",
        f"{CALENDARS}: c6.closed.0.name": "Field required",
        f"{CALENDARS}: c6.closed.0.reason": "Field required",
        f"{CALENDARS}: c7.closed.0": "'Move' ends on 2026-12-23, before it begins on 2026-12-24",
        f"{CALENDARS}: c8.closed.0": "'Odd' closes at 09:00, before it opens at 13:00",
        f"{QUEUES}: Q-1.first": "'5 minutes' is no target: write a number and min, h, d, wd or wk",
        f"{QUEUES}: Q-2.P1.settle": "'a day' is no target",
        f"{QUEUES}: Q-3.P1.warn": "Extra inputs are not permitted",
        f"{QUEUES}: Q-4.warn": "'1 wd' is no length of time: write a number and min or h",
        f"{QUEUES}: Q-5.P9": "Extra inputs are not permitted",
        f"{LAWS}: l1.target": "'20 days' is no time limit",
        f"{LAWS}: l2.pauses.busy.[key]": "Input should be 'resident'",
        f"{LAWS}: l3": "'60 d' cannot be added to '1 mo': use one unit",
        f"{LAWS}: l4": "`longer` and `longer_why` go together",
        f"{LAWS}: l5": "days can be left out of d and mo only",
        f"{LAWS}: l6": "`then` needs a `step`",
    }
    assert len(told) == len(wanted), told
    for where, what in wanted.items():
        assert any(line.startswith(f"{where}: {what}") for line in told), (where, what, told)


def test_a_limit_that_leads_to_one_that_is_not_there(data: Path) -> None:
    add(data, LAWS, law("l1", 'again = "foi_again"'))
    with pytest.raises(CatalogueWrong, match="l1: no time limit 'foi_again'"):
        load(data, "barnet")


def test_what_cannot_be_meant_is_told(data: Path) -> None:
    add(
        data,
        CALENDARS,
        # 26 December 2026 is a Saturday; before 8 it is never open.
        "[c1]\nmon = ['09:00-17:00']\nclosed = [{ on = 2026-12-26, closes = '13:00', name = 'A', reason = 'B' }]",
        "[c2]\nthu = ['09:00-17:00']\nclosed = [{ on = 2026-12-24, opens = '08:00', name = 'C', reason = 'D' }]",
        '[c3]\nname = "Never"',
    )
    add(data, QUEUES, queue("Q-1", "[Q-1.P1]", 'first = "4 h"', 'settle = "5 min"'), queue("Q-2", 'calendar = "c3"'))
    add(
        data,
        LAWS,
        law("l1", review_by="2029-11-26"),
        law("l2", reviewed_on="2026-12-26"),
        law("l3", source="www.legislation.gov.uk"),
    )
    assert faults(data) == [
        "c1: 'A' on 2026-12-26 changes nothing: it is not open then anyway",
        "c2: 'C' on 2026-12-24 changes nothing: it is not open then anyway",
        "c3: opens on no day of the week, so nothing would ever be due",
        "Q-1: a P0 is to be settled (5 min) before it is first answered (4 h)",
        "l1: review_by must lie within 400 days of reviewed_on",
        "l2: reviewed on a day to come",
        "l3: 'www.legislation.gov.uk' is not an https address",
    ]


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
