"""What people type and send as files: read as meant, or refused with what to do about it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.reporting.conftest import row
from triage.metrics.exports import as_csv
from triage.metrics.reporting.entries import ROWS_AT_MOST, number, read_csv, read_one, tidy
from triage.metrics.reporting.fields import COLUMNS, ENTERED, ENTERED_NAMES


@pytest.mark.parametrize(
    ("typed", "value"),
    [("95", "95"), (" 1,204 ", "1204"), ("93.5%", "93.5"), ("£12", "12"), ("−3", "-3"), ("-0.000001", "-0.000001")],
)
def test_numbers_as_people_write_them(typed: str, value: str) -> None:
    assert number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "x", "1.2.3", "NaN", "Infinity", "1e9", "1" * 13, "0.1234567", "１２", "=1+1"])
def test_what_is_no_number(typed: str) -> None:
    with pytest.raises(ValueError):
        number(typed)


def test_the_result_of_a_share_is_worked_out() -> None:
    # 2 of 3 is 66.666667 per cent, to six places.
    read, wrong = read_one(row("A", result="", numerator="2", denominator="3"))
    assert not wrong
    assert read["result"] == Decimal("66.666667")
    read, _ = read_one(row("A", result="", unit="days", numerator="7", denominator="2"))
    assert read["result"] == Decimal("3.5")


def test_a_result_that_does_not_follow_is_refused() -> None:
    assert not read_one(row("A", result="66.7", numerator="2", denominator="3"))[1]
    assert not read_one(row("A", result="67", numerator="2", denominator="3"))[1]
    [wrong] = read_one(row("A", result="66.6", numerator="2", denominator="3"))[1]
    assert wrong.says.endswith("they make 66.67.")
    [wrong] = read_one(row("A", numerator="2"))[1]
    assert wrong.field == "denominator"
    [wrong] = read_one(row("A", numerator="0", denominator="0"))[1]
    assert wrong.field == "denominator"


def test_what_cannot_be_seen_is_taken_out() -> None:
    assert tidy("a\u202eb\x00c\u200b\td") == "abc d"
    assert tidy("one\r\ntwo", lines=True) == "one\ntwo"
    assert tidy("one\r\ntwo") == "one two"


def test_too_long_is_said_with_its_length() -> None:
    [wrong] = read_one(row("A", name="x" * 201))[1]
    assert wrong.says == "Name must have 200 characters or fewer; it has 201."


def test_what_is_required_is_asked_for() -> None:
    fields = {one.field for one in read_one({})[1]}
    assert fields == {one.name for one in ENTERED if one.required}


def test_a_file_without_a_column_or_with_it_twice() -> None:
    assert read_csv("id,name\nA,B\n").wrong[0].says == "The first line must have the column owner."
    twice = ",".join([*ENTERED_NAMES, "id"])
    assert "The column id stands there twice." in [one.says for one in read_csv(twice + "\n").wrong]


def test_faults_have_the_line_of_the_file() -> None:
    """A quoted cell with a line break in it makes the lines after it one further down."""
    head = "id,name,owner,partner,service_area,polarity,comment\n"
    text = head + 'A,Name,Owner,CSG,CSG,higher,"two\nlines"\nA,Name,Owner,CSG,CSG,sideways,\n'
    found = read_csv(text)
    assert [(one.line, one.field) for one in found.wrong] == [(4, "polarity"), (4, "id")]
    assert found.wrong[1].says == "A stands in line 3 too."


def test_a_ragged_line_and_an_empty_file() -> None:
    head = "id,name,owner,partner,service_area,polarity\n"
    assert read_csv(head + "A,B\n").wrong[0].line == 2
    assert read_csv(head + "A,B,C,D,E,higher,F\n").wrong[0].says.startswith("This line has more or fewer cells")
    assert read_csv(head).wrong[0].says == "There is no line in the file but its heads."
    assert read_csv("").wrong
    assert read_csv(head + '"A\n').wrong[0].says.startswith("This is not a CSV file")


def test_a_file_is_bounded() -> None:
    head = "id,name,owner,partner,service_area,polarity\n"
    text = head + "".join(f"A{n},B,C,D,E,higher\n" for n in range(ROWS_AT_MOST + 5))
    assert read_csv(text).wrong[0].says == "A report has at most 1,000 indicators."


def test_a_column_that_is_not_there_leaves_what_was_there() -> None:
    head = "id,name,owner,partner,service_area,polarity,unit,numerator,denominator\n"
    [found] = read_csv(head + "A,B,C,D,E,higher,%,1,2\n").rows
    assert found["result"] == 50
    assert "comment" not in found
    assert "target" not in found


words = st.text(min_size=1, max_size=40).map(tidy).filter(bool)


@given(words, words, st.text(max_size=80))
def test_our_own_file_is_read_back_as_it_was(name: str, owner: str, comment: str) -> None:
    typed = row("A-1", name=name, owner=owner, comment=comment)
    first, wrong = read_one(typed)
    assert not wrong
    values = [first[COLUMNS.get(one, one)] for one in ENTERED_NAMES]
    again = read_csv(as_csv(ENTERED_NAMES, [["" if v is None else str(v) for v in values]]))
    assert not again.wrong
    assert again.rows == [first]
