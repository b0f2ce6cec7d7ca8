"""What a table must not show, and an attacker who subtracts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.metrics.statistics.suppression import (
    FEWEST,
    TOTAL,
    Place,
    beside_known,
    may_correct,
    one_way,
    two_way,
    worked_out,
)


def attacked(cells: dict[Place, int], hidden: frozenset[Place]) -> set[Place]:
    """The hidden places that whoever has the rest of the table, totals included, can work out."""
    table: dict[Place, int] = {}
    for (row, column), n in cells.items():
        for place in ((row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            table[place] = table.get(place, 0) + n
    # A place is one unknown. What is shown is known, and so is that nobody is in an empty place.
    statements = [{_name(place): 1} for place, n in table.items() if place not in hidden or not n]
    rows, columns = {row for row, _ in table if row}, {column for _, column in table if column}
    for row in (*rows, TOTAL):
        inside = [(row, column) for column in columns if (row, column) in table]
        statements.append({_name(place): 1 for place in inside} | {_name((row, TOTAL)): -1})
    for column in (*columns, TOTAL):
        inside = [(row, column) for row in rows if (row, column) in table]
        statements.append({_name(place): 1 for place in inside} | {_name((TOTAL, column)): -1})
    known = worked_out(statements)
    return {place for place in hidden if _name(place) in known}


def _name(place: Place) -> str:
    return f"{place[0]}/{place[1]}"


def test_a_list_by_hand() -> None:
    # 4 alone would be the total less the rest, so 25 goes with it; 0 hides nothing.
    assert one_way([40, 4, 25, 300, 0]) == {1, 2}
    # 3 and 2 together are 5, which the total gives away: 25 goes with them.
    assert one_way([40, 3, 2, 25]) == {1, 2, 3}
    assert one_way([40, 4, 9]) == {1, 2}
    assert one_way([4]) == {0}
    assert one_way([]) == frozenset()


def test_a_table_by_hand() -> None:
    #            chat  phone  web | all
    # bins         50      4   30 |  84
    # tax          40     60   20 | 120
    # parking      35     25   15 |  75
    # The 4 needs company in its row (30, the smallest) and in its column (25), and where those two cross (15).
    cells = {
        ("bins", "chat"): 50,
        ("bins", "phone"): 4,
        ("bins", "web"): 30,
        ("tax", "chat"): 40,
        ("tax", "phone"): 60,
        ("tax", "web"): 20,
        ("parking", "chat"): 35,
        ("parking", "phone"): 25,
        ("parking", "web"): 15,
    }
    hidden = two_way(cells)
    assert hidden == {("bins", "phone"), ("bins", "web"), ("parking", "phone"), ("parking", "web")}
    assert not attacked(cells, hidden)
    # Each of these given back alone would give the 4 away.
    assert ("bins", "phone") in attacked(cells, hidden - {("parking", "web")})


def test_a_total_of_few_is_hidden_like_a_cell() -> None:
    cells = {("bins", "chat"): 50, ("bins", "web"): 40, ("tax", "chat"): 3, ("tax", "web"): 4}
    hidden = two_way(cells)
    assert ("tax", TOTAL) in hidden
    assert not attacked(cells, hidden)


def test_a_table_without_small_numbers_is_shown_whole() -> None:
    assert two_way({("a", "x"): 10, ("a", "y"): 0, ("b", "x"): 12, ("b", "y"): 11}) == frozenset()


def test_a_name_that_is_the_totals_is_refused() -> None:
    with pytest.raises(ValueError, match="names"):
        two_way({("", "x"): 10})


TABLES = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")),
    st.one_of(st.integers(0, 15), st.integers(0, 300)),
    min_size=1,
)


@given(TABLES)
@settings(deadline=None, max_examples=300)
def test_nobody_can_work_out_a_small_number_by_subtraction(cells: dict[Place, int]) -> None:
    hidden = two_way(cells)
    assert all(place in hidden for place, n in cells.items() if 0 < n < FEWEST)
    assert not attacked(cells, hidden)


@given(TABLES)
@settings(deadline=None, max_examples=100)
def test_what_is_hidden_in_one_line_is_ten_people_or_the_whole_line(cells: dict[Place, int]) -> None:
    hidden = two_way(cells)
    for row in {row for row, _ in cells}:
        inside = {place: n for place, n in cells.items() if place[0] == row and n}
        together = sum(n for place, n in inside.items() if place in hidden)
        assert together == 0 or together >= FEWEST or set(inside) <= hidden


@given(TABLES)
@settings(deadline=None, max_examples=100)
def test_the_order_of_cells_does_not_matter(cells: dict[Place, int]) -> None:
    assert two_way(dict(reversed(cells.items()))) == two_way(cells)


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(0, 12), st.integers(0, 200)), max_size=8))
def test_a_list_with_its_total_gives_nothing_away(ns: list[int]) -> None:
    hidden = one_way(ns)
    together = sum(ns[place] for place in hidden)
    assert not hidden or together >= FEWEST or all(ns[place] < FEWEST for place in hidden) == (together == sum(ns))
    if len([n for n in ns if n]) > 1:
        assert len(hidden) != 1


def test_beside_totals_that_are_known_by_hand() -> None:
    #            bins  tax | all
    # Hendon       30    4 |  34
    # Golders      40   25 |  65
    # not known   300  200 | 500     Bins (370) and tax (229) are shown elsewhere, whatever is hidden here.
    cells = {
        ("Hendon", "bins"): 30,
        ("Hendon", "tax"): 4,
        ("Golders", "bins"): 40,
        ("Golders", "tax"): 25,
        ("not known", "bins"): 300,
        ("not known", "tax"): 200,
    }
    # Tax is known, so the 4 needs somebody else's tax (25); each is then its ward's total less its bins. The way round
    # that costs least goes by the totals (34 and 65 people lose a number) or by bins (30 and 40): by bins.
    hidden = beside_known(cells)
    assert hidden == {("Hendon", "tax"), ("Golders", "tax"), ("Golders", "bins"), ("Hendon", "bins")}
    assert not attacked(cells, hidden)
    # The other way would hide less, had nobody shown the totals of bins and tax.
    assert ("Hendon", "tax") in attacked(cells, hidden - {("Golders", "bins"), ("Hendon", "bins")})


def test_totals_of_few_people_are_ten_together_where_everything_is_known() -> None:
    # 3 and 2 would be everybody less the rest: five people. The next smallest goes with them, whole.
    cells = {("a", "bins"): 3, ("b", "bins"): 2, ("c", "bins"): 20, ("d", "bins"): 90}
    hidden = beside_known(cells)
    assert {row for row, column in hidden if column == TOTAL} == {"a", "b", "c"}
    # What is hidden for another reason is covered as well: "d" goes with it.
    assert {row for row, _ in beside_known({("c", "bins"): 20, ("d", "bins"): 90}, {("c", TOTAL)})} == {"c", "d"}


KNOWN_COLUMNS = st.dictionaries(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("wxyz")),
    st.one_of(st.integers(0, 15), st.integers(0, 300)),
    min_size=1,
).filter(lambda cells: all(n >= FEWEST for n in _columns(cells).values()))


def _columns(cells: dict[Place, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (_, column), n in cells.items():
        found[column] = found.get(column, 0) + n
    return found


@given(KNOWN_COLUMNS)
@settings(deadline=None, max_examples=300)
def test_nobody_can_work_out_a_small_number_though_columns_are_known(cells: dict[Place, int]) -> None:
    hidden = beside_known(cells)
    assert not [place for place in hidden if place[0] == TOTAL]
    assert all(place in hidden for place, n in cells.items() if 0 < n < FEWEST)
    assert not attacked(cells, hidden)
    # What a subtraction does give, the sum of what is hidden in a column or of the rows' totals, is ten people.
    for column in {column for _, column in hidden}:
        inside = {row: n for (row, of), n in cells.items() if column in (of, TOTAL) and (row, column) in hidden}
        if column == TOTAL:
            inside = {row: sum(n for (other, _), n in cells.items() if other == row) for row in inside}
        assert sum(inside.values()) >= FEWEST


def test_a_series_of_periods_is_attacked_as_one() -> None:
    # January and February were published; the quarter was published; March was "too few to show".
    assert worked_out([{"jan": 1}, {"feb": 1}, {"jan": 1, "feb": 1, "mar": 1}]) == {"jan", "feb", "mar"}
    # Without February nobody can tell the two apart.
    assert worked_out([{"jan": 1}, {"jan": 1, "feb": 1, "mar": 1}]) == {"jan"}
    # A year so far, published twice, is a month.
    so_far = [{"jan": 1, "feb": 1}, {"jan": 1, "feb": 1, "mar": 1}]
    assert worked_out(so_far) == {"mar"}
    # Three sums of pairs give all three.
    assert worked_out([{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"a": 1, "c": 1}]) == {"a", "b", "c"}
    assert worked_out([{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"a": 1, "c": -1}]) == frozenset()


def test_a_table_of_months_and_services_protects_the_quarter_too() -> None:
    # The quarter is the total of its months, so months and quarter are one table.
    cells = {("bins", "jan"): 40, ("bins", "feb"): 7, ("bins", "mar"): 55, ("tax", "jan"): 30, ("tax", "feb"): 20}
    cells[("tax", "mar")] = 25
    hidden = two_way(cells)
    assert ("bins", "feb") in hidden and ("bins", TOTAL) not in hidden
    assert not attacked(cells, hidden)


def test_a_correction_of_a_few_people_would_show_them() -> None:
    assert may_correct(57, 57) and may_correct(57, 67) and may_correct(57, 40)
    assert not may_correct(57, 60)
