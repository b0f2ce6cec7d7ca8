"""What may not be published: each slip is one that a council's page really made, or could."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from triage.catalogue import DATA, CatalogueWrong, load
from triage.checking import Fault, check
from triage.checking.facts import loose_values

TODAY = date(2026, 11, 26)
FACTS, SOURCES = "councils/barnet/facts/waste.toml", "councils/barnet/sources/council.toml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def faults(data: Path, *, serious: bool = True) -> list[Fault]:
    return [fault for fault in check(data, "barnet", TODAY) if fault.serious or not serious]


def add(data: Path, file: str, text: str) -> None:
    path = data / file
    path.write_text(path.read_text() + "\n" + text)


def fact(key: str, value: str, **others: str) -> str:
    rows = {"source": "council_home", "reviewed_on": "2026-11-21", "review_by": "2027-02-19", "verified": "true"}
    plain = {"source", "kind", "about", "note"}
    lines = [f"[{key}]", f'value = "{value}"']
    lines += [
        f'{name} = "{text}"' if name in plain else f"{name} = {text}" for name, text in {**rows, **others}.items()
    ]
    return "\n".join(lines) + "\n"


def test_our_own_content_has_no_fault() -> None:
    assert [str(fault) for fault in check(DATA, "barnet", TODAY) if fault.serious] == []


def test_food_waste_was_stopped_for_years_and_two_pages_still_say_so(data: Path) -> None:
    add(data, FACTS, fact("food_now", "every week", about="waste.food.collected"))
    add(data, FACTS, fact("food_then", "not collected", about="waste.food.collected"))
    (found,) = faults(data)
    assert "contradicts" in found.what and "food_now" in found.what and found.path.name == "waste.toml"
    assert "food_then" in found.path.read_text().splitlines()[found.line - 2]


def test_an_old_page_that_is_marked_so_contradicts_nothing(data: Path) -> None:
    add(data, FACTS, fact("food_now", "every week", about="waste.food.collected"))
    add(data, FACTS, fact("food_then", "not collected", about="waste.food.collected", verified="false"))
    assert faults(data) == []


def test_the_two_school_deadlines_the_wrong_way_round(data: Path) -> None:
    add(data, FACTS, fact("secondary", "15 January", about="school.secondary.closes"))
    add(data, FACTS, fact("primary", "31 October", about="school.primary.closes"))
    assert [("known.toml" in fault.what) for fault in faults(data)] == [True, True]


@pytest.mark.parametrize(
    ("value", "others", "told"),
    [
        ("020 8359 20000", {"kind": "phone"}, "no telephone number"),
        ("ring 0800 714 614 00", {}, "no telephone number"),
        ("£12.5", {}, "not written as money"),
        ("£1,25", {}, "not written as money"),
        ("31 November", {}, "there is no 31 November"),
        (" ", {}, "empty"),
        ("020 8359 2000", {"kind": "phone", "review_by": "2027-06-01"}, "within 92 days"),
        ("yes", {"review_by": "2029-01-01"}, "within 400 days"),
        ("yes", {"review_by": "2026-11-01"}, "within 400 days"),
        ("yes", {"reviewed_on": "2026-12-25"}, "a day to come"),
    ],
)
def test_a_fact_of_the_wrong_shape(data: Path, value: str, others: dict[str, str], told: str) -> None:
    add(data, FACTS, fact("odd", value, **others))
    found = faults(data)
    assert len(found) == 1 and told in found[0].what
    assert found[0].line > found[0].path.read_text().splitlines().index("[odd]")


def test_one_that_is_overdue_is_told_and_stops_nothing(data: Path) -> None:
    add(data, FACTS, fact("old", "yes", reviewed_on="2026-01-01", review_by="2026-11-01"))
    assert faults(data) == [] and any("overdue" in fault.what for fault in faults(data, serious=False))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://www.barnet.gov.uk", "https"),
        ("https://test.barnet.gov.uk/bins", "test or old copy"),
        ("https://web.archive.org/web/2015/barnet.gov.uk", "test or old copy"),
    ],
)
def test_a_link_that_no_resident_should_follow(data: Path, url: str, told: str) -> None:
    add(data, SOURCES, f'[odd]\nname = "Odd"\nurl = "{url}"\nchecked = 2026-11-21\n')
    (found,) = faults(data)
    assert told in found.what


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("You can report a missed bin here.", "It costs £25 to report a missed bin.", "make it a fact"),
        ("You can report a missed bin here.", "Ring 020 8359 2000 to report it.", "make it a fact"),
        ("You can report a missed bin here.", "In order to report it, type here.", "plain English"),
        ("You can report a missed bin here.", "bin " * 95 + ".", "words"),
        ('  { label = "Talk to a person", do = "person" },\n]', "]", "no person"),
    ],
)
def test_a_wording_that_residents_should_not_read(data: Path, old: str, new: str, told: str) -> None:
    path = data / "services/missed_bin/service.toml"
    path.write_text(path.read_text().replace(old, new, 1))
    assert any(told in fault.what and fault.path == path for fault in faults(data))


def test_an_example_that_two_services_claim(data: Path) -> None:
    add(data, "services/missed_bin/nlu.yml", "    - When's my bin day??\n")
    add(data, "services/bin_collection_day/nlu.yml", "    - whens my bin day\n    - when s my bin day\n")
    assert any("example of" in fault.what for fault in faults(data))


def test_values_in_a_sentence() -> None:
    assert loose_values("It is £12.50 from 1 April, call 0300 123 1234.") == ["£12.50", "0300 123 1234", "1 April"]
    assert loose_values("Call {fact:phone} within 14 days of 2 letters.") == []


@pytest.mark.parametrize(
    ("file", "what"), [("allocations.toml", "the housing list"), ("referrals.toml", "started_work")]
)
def test_what_a_council_decides_for_itself_is_read_again_in_time(data: Path, file: str, what: str) -> None:
    path = data / "councils/barnet" / file
    text = path.read_text()
    path.write_text(re.sub(r"review_by = .*", "review_by = 2026-11-27", text))
    assert [fault for fault in faults(data, serious=False) if "no longer used" in fault.what] == []
    late = [fault for fault in check(data, "barnet", date(2026, 11, 28)) if "no longer used" in fault.what]
    assert any(fault.path.name == file and what in fault.what and not fault.serious for fault in late)
    path.write_text(re.sub(r"review_by = .*", "review_by = 2029-01-01", text))
    assert any(fault.path.name == file and "must lie within" in fault.what for fault in faults(data))


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ('queue = "Q-BOOST"', 'queue = "Q-NOWHERE"', "is not in queues.toml"),
        ('source = "jrf_worklessness"', 'source = "hearsay"', "no source 'hearsay'"),
        ("[schemes.jobs]", "[schemes.magic]", "schemes.magic"),
    ],
)
def test_a_slip_in_the_referrals_stops_the_start(data: Path, was: str, now: str, why: str) -> None:
    path = data / "councils/barnet/referrals.toml"
    path.write_text(path.read_text().replace(was, now))
    with pytest.raises(CatalogueWrong, match=why):
        load(data, "barnet")


TARGET = """[[target]]
figure = "first_in_time"
value = 95
partner = "csg"
from = 2027-04-01
source = "council_home"
reviewed_on = 2026-11-20
review_by = 2027-05-20
"""


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ('"first_in_time"', '"containment"', "figure"),
        ("value = 95", "value = 195", "no more than 100 per cent"),
        ('partner = "csg"', 'partner = "nobody"', "no partner 'nobody'"),
        ('partner = "csg"', 'service = "nothing"', "no service 'nothing'"),
        ('"council_home"', '"hearsay"', "no source 'hearsay'"),
        ("review_by", "to = 2027-01-01\nreview_by", "ends before it begins"),
        ("[[target]]", f"{TARGET}\n[[target]]", "another target of the same service and partner"),
    ],
)
def test_a_slip_in_the_targets_stops_the_start(data: Path, was: str, now: str, why: str) -> None:
    path = data / "councils/barnet/targets.toml"
    path.write_text(TARGET)
    assert [target.value for target in load(data, "barnet").targets] == [95] and faults(data) == []
    path.write_text(TARGET.replace(was, now))
    with pytest.raises(CatalogueWrong, match=why):
        load(data, "barnet")
    path.write_text(TARGET.replace("2027-05-20", "2030-01-01"))
    assert any("must lie within" in fault.what for fault in faults(data))


def test_examples_of_a_point_that_is_not_there(data: Path) -> None:
    block = "- intent: missed_bin\n  metadata: {point: no_such_point}\n  examples: |\n    - the lorry drove past us\n"
    add(data, "services/missed_bin/nlu.yml", block)
    assert any("no_such_point" in fault.what for fault in faults(data))


def test_a_points_question_that_is_another_services_example(data: Path) -> None:
    path = data / "services/bulky_waste/service.toml"
    path.write_text(path.read_text().replace("asks = [\n", 'asks = [\n  "the lorry drove past us",\n', 1))
    add(data, "services/missed_bin/nlu.yml", "    - The lorry drove past us!\n")
    assert any("is an example of bulky_waste too" in fault.what for fault in faults(data)), faults(data)
