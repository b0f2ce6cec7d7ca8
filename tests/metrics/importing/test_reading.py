"""What a file counts, worked out by hand; and every fault by its line, with what to do."""

from datetime import date

import pytest

from tests.metrics.importing.conftest import NAMES, TODAY, read
from triage.metrics.importing import counting, files
from triage.metrics.importing.layouts import LAYOUTS
from triage.metrics.importing.schemas import MOST_FAULTS, Draft, Key

HEAD = "date,service,channel,satisfaction\n"
JULY = date(2016, 7, 13)


def faults(draft: Draft) -> list[str]:
    return [str(fault) for fault in draft.faults]


def key(measure: str, level: str, day: date = JULY, **about: str) -> Key:
    values = {"service": "missed_bin", "queue": "Q-WASTE", "channel": "phone"} | about
    return Key(day, measure, level, **values)


def test_answers_are_counted() -> None:
    draft = read(
        "Date,Service,Channel,Satisfaction,Got it,Comment\n"
        "2016-07-13,missed_bin,phone,4,yes,thank you\n"
        "13/07/2016,Missed bin,Telephone,4,no,\n"
        "13/07/2016,Missed bin,Telephone,Very satisfied,,\n"
        "13/07/2016,Council tax,Face to face,1,,\n"
        "13/07/2016,,,Neither satisfied nor dissatisfied,,\n"
        "13/07/2016,Missed bin,phone,,,only words\n"
    )
    assert draft.right, faults(draft)
    assert draft.counts == {
        key("satisfaction", "4"): 2,
        key("satisfaction", "5"): 1,
        key("got_it", "yes"): 1,
        key("got_it", "no"): 1,
        key("comment", ""): 2,
        key("satisfaction", "1", service="council_tax_bill", queue="Q-CTAX", channel="face_to_face"): 1,
        key("satisfaction", "3", service="", queue="", channel=""): 1,
    }
    assert draft.rows == 6
    assert "Rows without a rating, which are not counted: 1." in draft.notes
    assert "2 comments. They are kept when the file is counted, without names, addresses and numbers." in draft.notes
    assert [(one.line, one.service, one.words) for one in draft.comments] == [
        (2, "missed_bin", "thank you"),
        (7, "missed_bin", "only words"),
    ]


def test_three_faces_are_never_made_five_points() -> None:
    draft = read(
        "Date;Contact channel;Service;Rating;Comments\n"
        "13/07/2016;Web;Council Tax;Good;quick\n13/07/2016;Web;Council Tax;average;\n"
        "13/07/2016;Web;Council Tax;POOR;\n",
        "faces",
    )
    about = {"service": "council_tax_bill", "queue": "Q-CTAX", "channel": "web"}
    faces = {Key(JULY, "face", face, **about): 1 for face in ("good", "average", "poor")}
    assert draft.counts == faces | {Key(JULY, "comment", "", **about): 1}
    assert not any(one.measure == "satisfaction" for one in draft.counts)
    assert "Cells are parted by semicolons." in draft.notes


def test_contacts_are_counted_when_they_arrived_and_when_they_were_closed() -> None:
    draft = read(
        "arrived,closed,service,channel\n2016-07-13,2016-07-15,missed_bin,phone\n2016-07-13,,missed_bin,phone\n",
        "contacts",
    )
    assert draft.counts == {key("arrived", ""): 2, key("closed", "", date(2016, 7, 15)): 1}
    wrong = read("arrived,closed\n2016-07-13,2016-07-12\n", "contacts")
    assert faults(wrong) == ["Line 2, column closed: this is before the day it arrived. Look at both days."]


def test_counted_files_are_taken_as_they_are() -> None:
    draft = read(
        "month,service,channel,very_satisfied,satisfied,neither,dissatisfied,very_dissatisfied\n"
        'Jul-16,missed_bin,phone,"1,200",30,0,4,2\n',
        "counted_answers",
    )
    first = date(2016, 7, 1)
    assert draft.counts == {
        key("satisfaction", "5", first): 1200,
        key("satisfaction", "4", first): 30,
        key("satisfaction", "2", first): 4,
        key("satisfaction", "1", first): 2,
    }
    assert draft.grain == "month"
    faces = read("quarter,good,average,poor\n2016-q3,3,2,1\n", "counted_faces")
    assert (faces.grain, sum(faces.counts.values())) == ("quarter", 6)
    assert any("by quarter" in note for note in faces.notes)
    contacts = read("month,arrived,closed\n2016-07,310,298\n", "counted_contacts")
    assert sorted((one.measure, count) for one, count in contacts.counts.items()) == [("arrived", 310), ("closed", 298)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_example_on_the_page_can_be_read(layout: str) -> None:
    names = counting.Names(NAMES.services, NAMES.queues, NAMES.channels)
    rated = LAYOUTS[layout].example.replace("Council tax", "council tax")
    assert faults(counting.read(rated.encode(), layout, names, TODAY)) == []


def test_every_fault_has_its_line_and_what_to_do() -> None:
    draft = read(
        HEAD
        + "13/07/2016,missed_bin,phone,4\n"
        "07/13/2016,missed_bin,phone,6\n"
        "\n"
        "13/07/2016,Bins,pigeon,4\n"
        '13/07/2016,missed_bin,phone,=cmd|"/c calc"!A0\n'.replace('"', "")
        + "13/07/2016,missed_bin,phone\n"
        + "13/07/2016,Bins,phone,4\n"
    )
    assert not draft.right
    assert faults(draft) == [
        "Line 3, column date: “07/13/2016”: there is no month 13. Dates are read day first. Write it as 2016-07-13 or "
        "13/07/2016.",
        "Line 3, column satisfaction: “6” is no point from 1 to 5. Write 1 (very dissatisfied) to 5 (very satisfied), "
        "or leave it empty.",
        "Line 5, column service: “Bins” is no service or queue of ours (and on 1 more line). Write a service's name, "
        "or say in the council's imports.toml what it means here.",
        "Line 5, column channel: “pigeon” is no channel that we know. Write one of chat, web, email, phone, "
        "face_to_face, post, sms, api, or say in the council's imports.toml what it means here.",
        "Line 6, column satisfaction: “=cmd|/c calc!A0” begins as a spreadsheet's formula or sign does. Put the plain "
        "value in its place.",
        "Line 7: there are 3 cells, and 4 headings. Look for a separator too many or too few; a cell with one inside "
        "needs quotation marks.",
    ]


@pytest.mark.parametrize("start", ["=1+1", "+4", "-4", "@SUM(A1)", "＝4", "－4"])
@pytest.mark.parametrize("place", range(4))
def test_no_formula_is_taken_in_any_column_that_is_read(start: str, place: int) -> None:
    cells = ["2016-07-13", "missed_bin", "phone", "4"]
    cells[place] = start
    draft = read(HEAD + ",".join(cells) + "\n")
    assert not draft.right
    assert "formula" in draft.faults[0].what


def test_a_comment_is_what_somebody_wrote_and_no_more() -> None:
    head = "date,service,reason,comment\n"
    draft = read(head + '13/07/2016,missed_bin,Speed,"- nobody\ncame\t twice \u202e"\n13/07/2016,,,N/A\n', "comments")
    assert draft.right, faults(draft)
    # One of GovMetric's four reasons is no comment; and people do write "- nobody came".
    assert [(one.line, one.words) for one in draft.comments] == [(2, "- nobody came twice")]
    assert draft.counts == {key("comment", "", channel=""): 1}
    assert "Not read, and not kept: reason." in draft.notes
    assert not read(head + "13/07/2016,,,n/a\n", "comments").right


def test_a_comment_that_is_too_long_is_told_by_its_line_and_without_its_words() -> None:
    long = "word " * 240
    assert read(f"date,satisfaction,comment\n2016-07-13,4,{long}\n").right
    draft = read(f"date,satisfaction,comment\n2016-07-13,4,short\n2016-07-13,4,{long}extra\n2016-07-13,4,{long}more\n")
    assert faults(draft) == [
        "Line 3, column comment: the comment is longer than 1,200 characters (and on 1 more line). Shorten it, or "
        "leave the cell empty."
    ]


def test_a_comment_that_slipped_under_another_heading_is_redacted_where_the_fault_is_told() -> None:
    told = "Ring Mrs Okonkwo on 07700 900123"
    for text in (f"date,satisfaction,comment\n2016-07-13,{told},4\n", f"2016-07-13,{told}\n2016-07-13,4\n"):
        draft = read(text)
        said = " ".join([*faults(draft), *draft.notes])
        assert not draft.right
        assert "07700" not in said and "Okonkwo" not in said, said
    assert told not in repr(read(f"date,satisfaction,comment\n2016-07-13,4,{told}\n"))


def test_faults_have_a_bound_and_the_rest_is_counted() -> None:
    draft = read(HEAD + "".join(f"2016-07-13,nothing {place},phone,4\n" for place in range(1000)))
    assert len(draft.faults) == MOST_FAULTS
    assert draft.fault_count == 1000
    assert draft.faults[-1].line == MOST_FAULTS + 1


def test_reading_stops_where_everything_is_wrong() -> None:
    draft = read(HEAD + "".join(f"x{place},y{place},z{place},w{place}\n" for place in range(5000)))
    # Four faults a line, so the 2,500th row (line 2,501) brings the 10,000th.
    assert draft.fault_count == 10_000
    assert "With 10,000 things wrong, reading stopped at line 2,502." in draft.notes


def test_a_line_inside_quotation_marks_counts_as_lines_of_the_file() -> None:
    draft = read('date,satisfaction,comment\n2016-07-13,4,"one\ntwo\n\nthree"\n2016-07-13,7,\n')
    assert [fault.line for fault in draft.faults] == [6]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("when,satisfaction\n", "no column is headed “date” or “day” or “answered on”"),
        ("date,date,satisfaction\n", "two columns are headed “date”"),
        ("2016-07-13,4\n", "no column is headed"),
    ],
)
def test_headings_that_do_not_fit(head: str, said: str) -> None:
    assert said in read(head + "2016-07-13,4\n").faults[0].what


def test_columns_that_are_not_read_are_named() -> None:
    draft = read("date,name,email,satisfaction\n2016-07-13,A Person,a@example.org,4\n")
    assert "Not read, and not kept: name, email." in draft.notes
    assert draft.right


def test_totals_and_lines_given_twice_are_told() -> None:
    head = "month,service,good,average,poor\n"
    draft = read(head + "2016-07,missed_bin,1,2,3\n07/2016,Missed bin,1,2,3\n", "counted_faces")
    assert "line 2 has counts of the same time" in draft.faults[0].what
    for cell in ("1.5", "", "many", "1,00", "99999999"):
        assert not read(head + f"2016-07,missed_bin,{cell},2,3\n".replace("1,00", '"1,00"'), "counted_faces").right
    mixed = read(head + "2016-07,missed_bin,1,2,3\n2016-q2,missed_bin,1,2,3\n", "counted_faces")
    assert "some of months or quarters" in mixed.faults[0].what


def test_what_excel_does_to_dates_is_told() -> None:
    draft = read("date,satisfaction\n42564,4\n13/07/2016,4\n")
    assert draft.right and sum(draft.counts.values()) == 2
    assert any("month first" in note for note in draft.notes)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfdate,satisfaction\n2016-07-13,4\n",
        "date,satisfaction\n2016-07-13,4\n".encode("utf-16"),
        b"date,satisfaction,comment\r\n2016-07-13,4,caf\xe9 \xa35\r\n",
        b"sep=;\r\ndate;satisfaction\r\n2016-07-13;4\r\n",
        b"sep=\t\ndate\tsatisfaction\n2016-07-13\t4\n",
        b"date|satisfaction\n2016-07-13|4\n",
        b"\n\n  \ndate,satisfaction\n\n,\n2016-07-13,4\n\n\n",
        b"date,satisfaction\r2016-07-13,4\r",
        b' Date ,"Satisfaction"\n 2016-07-13 , 4 \n',
    ],
)
def test_files_as_programs_save_them(content: bytes) -> None:
    draft = read(content)
    assert faults(draft) == []
    rated = {one: n for one, n in draft.counts.items() if one.measure == "satisfaction"}
    assert rated == {key("satisfaction", "4", service="", queue="", channel=""): 1}
    assert [one.words for one in draft.comments] in ([], ["café £5"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"PK\x03\x04xl/workbook", "a spreadsheet or a zip file"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!doctype html><p>", "a web page"),
        (b"date,satisfaction\n2016\x00,4\n", "Line 2 holds bytes that are not text"),
        (b"date,satisfaction\n\n\x81\x8d,4\n", "Line 3 has a character"),
        (b"\xff\xfed", "a character that we cannot read"),
        (b'date,satisfaction\n2016-07-13,"4\n2016-07-13,5\n', "From line 2 on"),
        (b"sep=x\ndatexsatisfaction\n", "parted by “x”"),
        (b"date,satisfaction\n", "nothing to count"),
        (b"date,satisfaction\n" + b"2016-07-13," + b"4" * 20_001 + b"\n", "more than 20,000 characters"),
        (b"date,satisfaction\n" + b"2016-07-13," + b"4" * 200_000 + b"\n", "cannot be told apart"),
        (b"," * 300 + b"x\n", "more than 200 cells"),
    ],
)
def test_what_is_no_csv_says_so(content: bytes, said: str) -> None:
    draft = read(content)
    assert not draft.right
    assert said in str(draft.faults[0])


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 1024 * 1024)
    assert "larger than 1 MB" in str(read(b"date,satisfaction\n" * 100_000).faults[0])
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    assert read("date,satisfaction\n" + "2016-07-13,4\n" * 3).right
    assert "more than 3 rows" in str(read("date,satisfaction\n" + "2016-07-13,4\n" * 4).faults[0])
