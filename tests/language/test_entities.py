"""What a message names is read in the form that a form or a search can use, and nothing that it does not name."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.entities import CouncilWords, read_entities
from language.entities.dates import dates, day_alone
from tests.patience import at_once

BARNET = CouncilWords.load(Path(__file__).parents[2] / "data" / "councils" / "barnet")
NOW = datetime(2026, 11, 22, 10, 0)  # a Sunday


def read(text: str) -> dict[str, list[str]]:
    return read_entities(text, NOW, BARNET)


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("n3 1ab and HA80LN", "postcode", ["N3 1AB", "HA8 0LN"]),
        ("N2 ODH", "postcode", ["N2 0DH"]),
        ("ZZ1 1AB", "postcode", []),
        ("see you tomorrow", "date", ["2026-11-23"]),
        ("missed last Tuesday", "date", ["2026-11-17"]),
        ("it was missed on Thursday", "date", ["2026-11-19"]),
        ("come on Thursday", "date", ["2026-11-26"]),
        ("next Tuesday", "date", ["2026-11-24"]),
        ("3/4/26", "date", ["2026-04-03"]),
        ("3rd of April", "date", ["2027-04-03"]),
        ("Tuesday, 17 November", "date", ["2026-11-17"]),
        ("15.01.2027", "date", ["2027-01-15"]),
        ("31/2/2026", "date", []),
        ("2 weeks ago", "date", ["2026-11-08"]),
        ("for 2 weeks", "date", []),
        ("open 9.30-5.30", "date", []),
        ("section 21 1/2", "date", []),
        ("every Tuesday", "date", []),
        ("half past 5", "time", ["17:30"]),
        ("quarter to nine", "time", ["08:45"]),
        ("10am - 4.15pm", "time", ["10:00", "16:15"]),
        ("17:30", "time", ["17:30"]),
        ("midday", "time", ["12:00"]),
        ("12am", "time", ["00:00"]),
        ("ring 07700 900123 or +44 (0)20 7946 0018", "phone", ["+447700900123", "+442079460018"]),
        ("0044 7700 900123", "phone", ["+447700900123"]),
        ("dial 101 or 999", "phone", []),
        ("reg lk19xyz", "vehicle", ["LK19 XYZ"]),
        ("by 10 may", "vehicle", []),
        ("bn 7k3m 9qxf", "reference", ["BN-7K3M-9QXF"]),
        ("BN-7K3M-OQXF", "reference", ["BN-7K3M-0QXF"]),
        ("BN is anything wrong", "reference", []),
        ("CM-7K3M-9QXF", "reference", []),
        ("not the black one, the blue", "stream", ["blue"]),
        ("my food caddy and green bin", "stream", ["brown", "green"]),
        ("a green van parked by the blue bin today", "stream", ["blue"]),
        ("recycling", "stream", ["blue"]),
        ("the Golders Green one", "stream", []),
        ("he is in Y6, she starts reception", "school_year", ["6", "R"]),
        ("year seven place", "school_year", ["7"]),
        ("year 2026", "school_year", []),
        ("year 14", "school_year", []),
        ("when is mill hill library open", "library", ["mill-hill"]),
        ("rats in the park behind Edgware station", "library", []),
        ("rats in the park behind Edgware station", "area", ["Edgware"]),
        ("fly tip on Ballards Ln", "road", ["Ballards Lane"]),
        ("Finchley Road is shut", "area", []),
        ("£1,850.45 and 25 quid and 50p", "money", ["1850.45", "25.00", "0.50"]),
        ("band D at 9pm", "money", []),
    ],
)
def test_each_kind(text: str, kind: str, values: list[str]) -> None:
    assert read(text).get(kind, []) == values


def test_several_kinds_at_once_ready_for_json() -> None:
    found = read("blue bin missed last Tuesday at N3 1AB")
    assert found == {"postcode": ["N3 1AB"], "date": ["2026-11-17"], "stream": ["blue"]}
    assert json.loads(json.dumps(found)) == found


def test_another_council_has_its_own_words() -> None:
    camden = CouncilWords("CM", streams={"orange": ("recycling",)}, areas={"Kentish Town": ()})
    found = read_entities("the orange bin in kentish town, CM-7K3M-9QXF", NOW, camden)
    assert found == {"reference": ["CM-7K3M-9QXF"], "stream": ["orange"], "area": ["Kentish Town"]}


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    assert all(values for values in read(text).values())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("the third of november", "2026-11-03"),
        ("third november twenty twenty six", "2026-11-03"),
        ("november the first", "2026-11-01"),
        ("it was the twentieth of october", "2026-10-20"),
        ("wednesday 18th of november", "2026-11-18"),
        ("twenty-first of june nineteen eighty four", "1984-06-21"),
        ("first of may two thousand and nine", "2009-05-01"),
        ("the second may be late", None),
        ("come round second time", None),
    ],
)
def test_a_date_said_in_words(text: str, meant: str | None) -> None:
    assert [day.isoformat() for day in dates(text, date(2026, 11, 25))] == ([meant] if meant else [])


@pytest.mark.parametrize(
    ("text", "near", "meant"),
    [
        ("18th", date(2026, 11, 25), date(2026, 11, 18)),
        ("it was on the third", date(2026, 11, 25), date(2026, 12, 3)),
        ("no the 3rd", date(2026, 11, 12), date(2026, 11, 3)),
        ("the thirty first", date(2026, 11, 25), date(2026, 10, 31)),
        ("it's the 18th, I think: the 18th!", date(2026, 11, 25), None),
        ("it's the 'twenty-first'", date(2026, 11, 25), date(2026, 11, 21)),
        ("18th floor flat", date(2026, 11, 25), None),
        ("", date(2026, 11, 25), None),
    ],
)
def test_a_day_alone_is_in_the_month_that_brings_it_nearest(text: str, near: date, meant: date | None) -> None:
    assert day_alone(text, near) == meant


@pytest.mark.parametrize("text", ["'" * 4000 + "x", "'" * 70 + "x", "a' " * 1300 + "x", "third " * 700 + "x"])
def test_a_day_alone_is_looked_for_at_once_whatever_was_typed(text: str) -> None:
    with at_once():
        assert day_alone(text, date(2026, 11, 25)) is None
