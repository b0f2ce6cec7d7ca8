"""Nothing that is hidden can be worked out: by hand on a small example, and by an attacker with every table."""

from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.metrics.opendata.attack import Attacker
from triage.metrics.opendata.grouping import Cell, Group, grouped, regrouped, rows_of, total
from triage.metrics.rules import FEWEST, withheld

BIN = Cell("missed_bin", "Q-WASTE", "council")
NEW_BIN = Cell("new_bin", "Q-WASTE", "council")
BULKY = Cell("bulky_waste", "Q-WASTE", "council")
TAX = Cell("council_tax_bill", "Q-CTAX", "csg")
PERMIT = Cell("parking_permit", "Q-PARK", "nsl")
KEYS = {
    "service": lambda cell: cell.service,
    "queue": lambda cell: cell.queue,
    "partner": lambda cell: cell.partner,
}


def by_code(queue: str, partner: str) -> tuple[str, str]:
    return queue, partner


def test_a_small_service_is_hidden_with_another_of_its_queue() -> None:
    # 4 new bins alone would be the queue's 54 less the 50 missed bins, so bulky waste (20) is hidden with them:
    # together 24. Without a small one each stands alone.
    counts = {BIN: (30, 20), NEW_BIN: (3, 1), BULKY: (10, 10), TAX: (8, 7)}
    groups = grouped(counts, by_code)
    assert {group.cells: group.levels for group in groups} == {
        (BIN,): (30, 20),
        (BULKY, NEW_BIN): (13, 11),
        (TAX,): (8, 7),
    }
    assert rows_of(groups, KEYS["service"]) == {
        "bulky_waste": None,
        "council_tax_bill": (8, 7),
        "missed_bin": (30, 20),
        "new_bin": None,
    }
    assert rows_of(groups, KEYS["queue"]) == {"Q-CTAX": (8, 7), "Q-WASTE": (43, 31)}
    assert total(groups) == (51, 38)


def test_a_small_queue_is_hidden_with_another() -> None:
    groups = grouped({BIN: (30, 20), TAX: (2, 1), PERMIT: (9, 6)}, by_code)
    assert {group.cells for group in groups} == {(BIN,), (TAX, PERMIT)}
    assert rows_of(groups, KEYS["queue"]) == {"Q-CTAX": None, "Q-PARK": None, "Q-WASTE": (30, 20)}
    assert rows_of(groups, KEYS["partner"]) == {"council": (30, 20), "csg": None, "nsl": None}
    assert total(groups) == (41, 27)


def test_a_quarter_of_nine_answers_is_not_shown() -> None:
    assert grouped({BIN: (5, 4)}, by_code) == ()
    assert total(()) is None
    assert total(grouped({BIN: (5, 5)}, by_code)) == (5, 5)
    assert grouped({}, by_code) == ()


def test_small_ones_that_all_said_the_same_are_hidden_with_one_who_did_not() -> None:
    counts = {BIN: (30, 20), NEW_BIN: (6, 0), BULKY: (6, 0)}
    assert {group.cells for group in grouped(counts, by_code)} == {(BULKY, BIN, NEW_BIN)}


names = st.sampled_from(["a", "b", "c", "d"])
cells = st.builds(Cell, names, st.sampled_from(["Q1", "Q2", "Q3"]), st.sampled_from(["p", "r"]))
few = st.integers(0, 4)
levels = st.one_of(
    st.tuples(few, few, few), st.tuples(st.integers(0, 40), st.integers(0, 40), few), st.tuples(few, st.just(0), few)
)
quarters = st.dictionaries(cells, levels, min_size=1, max_size=9)


def report_hears(attacker: Attacker, counts: dict[Cell, tuple[int, ...]]) -> None:
    """The public report: by queue and partner with every row's number of answers, levels where it is shown; a total."""
    rows: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in counts:
        rows[cell.queue, cell.partner].append(cell)
    keys = sorted(rows)
    why = withheld([sum(sum(counts[cell]) for cell in rows[key]) for key in keys])
    for place, key in enumerate(keys):
        attacker.hears(
            [(cell, level) for cell in rows[key] for level in range(3)], sum(sum(counts[c]) for c in rows[key])
        )
        for level in range(3) if place not in why else ():
            attacker.hears([(cell, level) for cell in rows[key]], sum(counts[cell][level] for cell in rows[key]))


def files_hear(attacker: Attacker, groups: tuple[Group, ...]) -> None:
    """Every file of open data: by service, queue and partner, and the whole quarter."""
    inside = [cell for group in groups for cell in group.cells]
    for key in KEYS.values():
        for value, shown in rows_of(groups, key).items():
            for level, number in enumerate(shown or ()):
                attacker.hears([(cell, level) for cell in inside if key(cell) == value], number)
    for level, number in enumerate(total(groups) or ()):
        attacker.hears([(cell, level) for cell in inside], number)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(quarters)
def test_nothing_hidden_is_worked_out_from_all_files_and_the_report(counts: dict[Cell, tuple[int, ...]]) -> None:
    counts = {cell: one for cell, one in counts.items() if sum(one)}
    groups = grouped(counts, by_code)
    assert all(group.n >= FEWEST for group in groups)
    if not groups:
        return
    assert sorted(cell for group in groups for cell in group.cells) == sorted(counts)
    attacker = Attacker([(cell, level) for cell in counts for level in range(3)])
    report_hears(attacker, counts)
    files_hear(attacker, groups)
    for group in groups:
        if len(group.cells) == 1:
            continue
        for cell in group.cells:
            for level in range(3):
                # What all in a group of ten or more said, or none, is known of each in it.
                if group.levels[level] not in (0, group.n):
                    assert not attacker.works_out([(cell, level)]), (cell, level, groups)


def test_the_attacker_is_no_fool() -> None:
    """Hiding the small row alone is worked out, so the attack is one."""
    attacker = Attacker([(cell, 0) for cell in (BIN, NEW_BIN)])
    attacker.hears([(BIN, 0), (NEW_BIN, 0)], 54)
    assert not attacker.works_out([(NEW_BIN, 0)])
    attacker.hears([(BIN, 0)], 50)
    assert attacker.works_out([(NEW_BIN, 0)])
    assert attacker.bounds([(NEW_BIN, 0)]) == (4, 4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(quarters, st.lists(st.tuples(cells, st.integers(0, 2), st.integers(-15, 15)), max_size=5))
def test_two_editions_tell_no_more_than_ten_peoples_change(
    counts: dict[Cell, tuple[int, ...]], changes: list[tuple[Cell, int, int]]
) -> None:
    first = grouped(counts, by_code)
    now = {cell: list(one) for cell, one in counts.items()}
    for cell, level, by in changes:
        row = now.setdefault(cell, [0, 0, 0])
        row[level] = max(0, row[level] + by)
    later = {cell: tuple(one) for cell, one in now.items()}
    second = regrouped([first], later)
    if second is None:
        return
    assert all(group.n >= FEWEST for group in second)
    assert total(second) == (total([Group((), one) for one in later.values()]) if second else None)
    before = {group.cells: group.levels for group in first}
    for group in second:
        then = before.get(group.cells)
        if then is not None and then != group.levels:
            up = sum(max(0, a - b) for a, b in zip(group.levels, then, strict=True))
            down = sum(max(0, b - a) for a, b in zip(group.levels, then, strict=True))
            assert max(up, down) >= FEWEST
        if then is None:
            assert not any(cell in old for cell in group.cells for old in before)


def test_a_correction_of_one_person_is_not_published() -> None:
    first = grouped({BIN: (30, 20), TAX: (8, 7)}, by_code)
    assert regrouped([first], {BIN: (31, 20), TAX: (8, 7)}) is None
    # The same again, and a correction of ten or more, are.
    assert regrouped([first], {BIN: (30, 20), TAX: (8, 7)}) == tuple(sorted(first, key=lambda group: group.cells))
    assert regrouped([first], {BIN: (40, 20), TAX: (8, 7)}) is not None
    # Held to every earlier edition, not to the last alone: 45 is ten from 35 and five from 40.
    other = grouped({BIN: (40, 20), TAX: (8, 7)}, by_code)
    assert regrouped([first, other], {BIN: (45, 20), TAX: (8, 7)}) is None
    # Five people who now count at another level are five people.
    assert regrouped([first], {BIN: (25, 25), TAX: (8, 7)}) is None
    # A whole group may go, and a new one of ten or more may come.
    assert regrouped([first], {TAX: (8, 7), PERMIT: (6, 6)}) is not None
    assert regrouped([first], {BIN: (30, 20), TAX: (8, 7), PERMIT: (1, 1)}) is None
