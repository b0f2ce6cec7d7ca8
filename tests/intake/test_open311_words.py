"""GeoReport's words: what a form means, which requests are asked for, and documents that any parser can read."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import Invalid, NotFound
from triage.intake import open311

FORM = {"service_code": "pothole", "description": "Deep", "address_string": "Long Lane"}


def test_a_form_is_a_contact_with_the_name_of_who_reported_it() -> None:
    new = open311.told({**FORM, "phone": "07700 900123", "attribute[depth]": "20 cm"}, "fixmystreet")
    assert (new.service, new.text, new.place, new.reply_to) == ("pothole", "Deep", "Long Lane", "07700 900123")
    assert new.details == {"Reported through": "fixmystreet", "depth": "20 cm"}
    assert new.channel == "api" and not new.messages_ok


def test_what_is_chosen_several_times_of_a_list_is_one_answer_and_of_anything_else_the_last() -> None:
    form = open311.form_of(
        [("attribute[size][]", "a van"), ("attribute[size][]", "a bag"), ("phone", "1"), ("phone", "2")]
    )
    assert open311.told({**FORM, **form}, "x").details["size"] == "a van, a bag"
    assert form["phone"] == "2"


def test_no_attribute_can_pass_for_what_we_write_ourselves() -> None:
    form = {**FORM, "attribute[Reported through]": "the police", "attribute[On the map]": "0, 0"}
    assert open311.told(form, "fixmystreet").details == {"Reported through": "fixmystreet"}


def test_a_number_for_a_property_is_place_enough() -> None:
    new = open311.told({"service_code": "pothole", "address_id": "100000000123"}, "x")
    assert new.place == "Property 100000000123" and new.text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"service_code": ""}, Invalid), ({"service_code": "council_tax_bill"}, NotFound),
     ({"address_string": " "}, Invalid),
     ({"lat": "1"}, Invalid), ({"lat": "inf", "long": "1"}, Invalid), ({"lat": "1", "long": "181"}, Invalid),
     ({"description": "x" * 9999}, Invalid), ({"attribute[a]": "x" * 501}, Invalid)],
)  # fmt: skip
def test_what_is_missing_or_cannot_be_is_refused(changes: dict[str, str], expected: type[Exception]) -> None:
    with pytest.raises(expected):
        open311.told({**FORM, **changes}, "x")


def test_ninety_days_are_asked_for_unless_a_time_is_named() -> None:
    asked = open311.asked({})
    assert asked.end - asked.start == timedelta(days=90) and asked.closed is None
    named = open311.asked(
        {"start_date": "2026-11-01T01:00:00+01:00", "end_date": "2026-11-02T00:00:00Z", "status": "OPEN"}
    )
    assert named.start == datetime(2026, 11, 1, tzinfo=UTC) and named.closed is False


@pytest.mark.parametrize("named", [{}, {"jurisdiction_id": "barnet"}, {"jurisdiction_id": "www.barnet.gov.uk"}])
def test_our_own_jurisdiction_or_none_is_right(named: dict[str, str]) -> None:
    open311.check_jurisdiction(named)
    with pytest.raises(NotFound):
        open311.check_jurisdiction({"jurisdiction_id": "elsewhere"})


@given(st.dictionaries(st.sampled_from(["description", "lat", "long", "address"]), st.text()))
def test_every_text_is_a_document_that_can_be_read(row: dict[str, str]) -> None:
    row = {name: value for name, value in row.items() if name not in ("lat", "long")}
    document = open311.written([row], "service_requests", "request", "xml")
    assert len(ElementTree.fromstring(document).findall("request")) == 1
    as_json = {name: value or None for name, value in row.items()}
    assert json.loads(open311.written([row], "service_requests", "request", "json")) == [as_json]


@given(st.dictionaries(st.sampled_from(["start_date", "end_date", "status", "service_request_id"]), st.text()))
def test_no_question_is_more_than_not_right(query: dict[str, str]) -> None:
    try:
        open311.asked(query)
    except Invalid:
        return


@given(
    st.dictionaries(
        st.sampled_from([*FORM, "lat", "long", "email", "phone", "first_name", "media_url", "attribute[a]"]), st.text()
    )
)
def test_no_form_is_more_than_not_right(form: dict[str, str]) -> None:
    try:
        new = open311.told({**FORM, **form}, "fixmystreet")
    except (Invalid, NotFound):
        return
    assert new.text and "\x00" not in new.text and new.place
