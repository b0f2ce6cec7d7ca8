"""Whose a place is, what is certain of it, and what is left to a person."""

import tomllib

import pytest

from connectors.shapes import Address, Area
from triage.catalogue import DATA
from triage.contacts import UPRN, WARD, WHOSE
from triage.delivery import places
from triage.delivery.places import UNSURE

LANE = "12 Ballards Lane, London, N3 1AB"


def home(uprn: str = "1", line: str = LANE, ours: bool = True, ward: str | None = "Finchley", **more: str) -> Address:
    return Address(uprn, line, "N3 1AB", ours, ward, **more)  # type: ignore[arg-type]


def area(*, ours: bool = True, border: bool = False, name: str | None = None) -> Area:
    return Area("N3 1AB", "E09000003", ours, border, "Church End", council_name=name)


@pytest.mark.parametrize(
    ("typed", "is_meant"),
    [
        ("12 ballards lane n31ab", True),
        ("12, N3 1AB", True),
        ("N3 1AB", False),
        ("Outside 12 Ballards Lane, N3 1AB", False),
        ("2 holes by number 12, N3 1AB", False),
        ("12 Ballards Lane, N3 1AA", False),
    ],
)
def test_a_property_is_meant_only_where_every_word_says_so(typed: str, is_meant: bool) -> None:
    assert bool(places.meant(typed, [home()])) is is_meant


def test_one_property_has_its_number_and_ward_and_flats_of_one_house_only_what_they_share() -> None:
    one = places.of_properties([home()])
    assert one is not None and (one.details[UPRN], one.details[WARD], one.elsewhere) == ("1", "Finchley", False)
    flats = places.of_properties([home("1"), home("2")])
    assert flats is not None and UPRN not in flats.details and flats.details[WARD] == "Finchley"
    assert places.of_properties([home("1"), home("2", ours=False)]) is None
    assert places.of_properties([]) is None


def test_by_the_border_a_postcode_decides_nothing_whatever_it_says() -> None:
    for ours in (True, False):
        where = places.of_area(area(ours=ours, border=True, name="Enfield"))
        assert where.details == {WHOSE: UNSURE} and not where.elsewhere


def test_what_is_anothers_is_named_for_a_person_and_refused_to_nobody() -> None:
    for where in (
        places.of_area(area(ours=False, name="Enfield")),
        places.of_properties([home(ours=False, council_name="Enfield")]),
    ):
        assert where is not None and where.elsewhere and "Enfield" in where.details[WHOSE]
        assert where.details.keys() == {WHOSE}


def test_a_ward_by_the_postcode_says_so_and_no_such_postcode_says_nothing() -> None:
    assert places.of_area(area()).details[WARD] == "Church End, by the postcode"
    found = places.of_properties([home(ward=None)])
    assert found is not None and places.with_ward(found, area()).details[WARD] == "Church End, by the postcode"
    assert WARD not in places.with_ward(found, area(border=True)).details
    assert places.of_area(None).details == {}


def test_no_form_has_a_question_of_the_names_that_a_look_up_writes() -> None:
    """What somebody answers would be counted as the ward of a place that was certain."""
    labels = {
        (path.parent.name, label)
        for path in DATA.glob("services/*/form*.toml")
        for label in tomllib.loads(path.read_text(encoding="utf-8")).get("labels", {}).values()
    }
    assert len(labels) > 100
    assert not [one for one in labels if one[1] in (WARD, WHOSE, UPRN)]
