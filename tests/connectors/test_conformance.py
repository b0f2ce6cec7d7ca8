"""One suite for every implementation of a kind: what connectors/kinds.py promises, the connector keeps.

A connector is found by its manifest, and met with the supplier of tests/connectors/<name>/supplier.py.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest

from connectors.errors import MessageRefused, NotKnown, NotOffered, RequestRefused
from connectors.kinds import KINDS
from connectors.manifest import manifests
from connectors.shapes import Attachment, CaseNote, CaseRequest, PaymentRequest, Place
from tests.connectors.suppliers.running import Running

TODAY = date(2026, 11, 24)
NOW = datetime.now(UTC)
BEFORE = NOW - timedelta(minutes=5)
UPRN = "100000000123"


def of(kind: str, *calls: str) -> Any:
    """Every connector of a kind that offers these calls, as parameters. That the others then say so is tested below."""
    names = [name for name, manifest in manifests().items() if set(calls) <= set(manifest.offers.get(kind, ()))]
    return pytest.mark.parametrize("running", [(name, kind) for name in names], indirect=True, ids=names)


@pytest.fixture
async def running(request: pytest.FixtureRequest) -> AsyncIterator[Running]:
    name, kind = request.param
    async with import_module(f"tests.connectors.{name}.supplier").running(kind) as one:
        one.says["offers"] = manifests()[name].offers[kind]
        yield one


def test_every_kind_has_a_stand_in() -> None:
    assert set(manifests()["console"].classes) == set(KINDS) - {"inbound"}


class TestAddresses:
    @of("addresses", "find")
    async def test_a_house_and_postcode_find_one_property(self, running: Running) -> None:
        (found,) = await running.connector.find("12 n3 1ab")
        assert found.uprn.isdigit() and len(found.uprn) <= 12
        assert found.postcode == "N3 1AB" and found.line.startswith("12 ") and found.ours

    @of("addresses", "find")
    async def test_a_postcode_alone_finds_several_and_at_most_twenty(self, running: Running) -> None:
        assert 1 < len(await running.connector.find("N3 1AB")) <= 20

    @of("addresses", "find")
    async def test_the_same_words_find_the_same_property(self, running: Running) -> None:
        assert await running.connector.find("12 N3 1AB") == await running.connector.find("12  n31ab")

    @of("addresses", "find")
    async def test_a_property_elsewhere_is_not_ours(self, running: Running) -> None:
        assert not (await running.connector.find("10 SW1A 2AA"))[0].ours

    @pytest.mark.parametrize("text", ["", "12", "no postcode here", "🏠", "'; drop table", "N3" * 3000])
    @of("addresses", "find")
    async def test_nothing_that_fits_is_an_empty_list(self, running: Running, text: str) -> None:
        assert await running.connector.find(text) == []
        if "by_postcode" in running.says["offers"]:
            assert await running.connector.by_postcode(text) == []

    @of("addresses", "find", "by_uprn")
    async def test_a_property_is_known_by_its_number(self, running: Running) -> None:
        (found,) = await running.connector.find("12 N3 1AB")
        assert await running.connector.by_uprn(found.uprn) == found
        assert await running.connector.by_uprn("1") is None


class TestAreas:
    @of("areas", "area")
    async def test_a_postcode_lies_in_a_council_and_a_ward(self, running: Running) -> None:
        found = await running.connector.area("n3 1ab")
        assert found and found.postcode == "N3 1AB" and found.ours and found.council

    @of("areas", "area")
    async def test_a_border_postcode_is_not_certain(self, running: Running) -> None:
        found = await running.connector.area("EN5 1AA")
        assert found and found.border

    @of("areas", "area")
    async def test_another_councils_postcode_is_not_ours(self, running: Running) -> None:
        found = await running.connector.area("SW1A 2AA")
        assert found and not found.ours

    @pytest.mark.parametrize("text", ["", "N3", "ZZ99 9ZZ 9", "../..", "🏠", "N3 1AB?x=1"])
    @of("areas", "area")
    async def test_what_is_no_postcode_lies_nowhere(self, running: Running, text: str) -> None:
        assert await running.connector.area(text) is None


class TestCollections:
    @pytest.mark.parametrize("stream", ["black", "blue", "brown", "green"])
    @of("collections", "collection")
    async def test_a_round_has_a_last_and_a_next_day(self, running: Running, stream: str) -> None:
        found = await running.connector.collection(UPRN, stream, TODAY)
        assert found and found.last_date <= TODAY < found.next_date
        assert f"{found.next_date:%A}" == f"{found.last_date:%A}" == found.day

    @of("collections", "collection")
    async def test_an_unknown_stream_or_property_has_none(self, running: Running) -> None:
        assert await running.connector.collection(UPRN, "purple", TODAY) is None
        assert await running.connector.collection("not a number", "blue", TODAY) is None

    @of("collections", "collection", "rounds")
    async def test_all_rounds_are_each_of_them(self, running: Running) -> None:
        rounds = await running.connector.rounds(UPRN, TODAY)
        assert await running.connector.rounds("not a number", TODAY) == []
        assert {one.stream for one in rounds} == {"black", "blue", "brown", "green"}
        for one in rounds:
            assert one == await running.connector.collection(UPRN, one.stream, TODAY)

    @of("collections", "collection", "missed")
    async def test_a_missed_bin_is_never_refused_without_a_reason(self, running: Running) -> None:
        for hour in range(0, 24 * 8, 6):
            now = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)
            said = await running.connector.missed(UPRN, "blue", now)
            assert said.why and "not possible" not in said.why
        assert not (await running.connector.missed(UPRN, "purple", NOW)).likely

    @of("collections", "collection", "alerts")
    async def test_an_alert_has_a_beginning_and_words(self, running: Running) -> None:
        for alert in await running.connector.alerts(TODAY):
            assert alert.text and (alert.ends is None or alert.starts <= alert.ends)


class TestLibraries:
    @of("libraries", "hours", "sites")
    async def test_every_site_has_a_name(self, running: Running) -> None:
        assert all(site.id and site.name for site in await running.connector.sites())

    @of("libraries", "hours")
    async def test_hours_say_where_they_come_from(self, running: Running) -> None:
        found = await running.connector.hours("hendon", TODAY)
        assert found and found.week and found.provenance

    @of("libraries", "hours")
    async def test_days_follow_one_another_from_today_for_over_a_week(self, running: Running) -> None:
        found = await running.connector.hours("hendon", TODAY)
        assert found and len(found.days) >= 8
        assert [day for day, _ in found.days] == [TODAY + timedelta(days=number) for number in range(len(found.days))]

    @of("libraries", "hours")
    async def test_sessions_are_in_order_and_do_not_overlap(self, running: Running) -> None:
        found = await running.connector.hours("hendon", TODAY)
        assert found and any(sessions for _, sessions in found.days)
        for _, sessions in found.days:
            assert all(one.opens < one.closes for one in sessions)
            assert all(one.closes <= other.opens for one, other in pairwise(sessions))

    @of("libraries", "hours")
    async def test_no_site_has_none(self, running: Running) -> None:
        assert await running.connector.hours("", TODAY) is None


FIELDS = {"reference": "BN-7K3M-9QXF", "link": "https://x", "subject": "News", "text": "News about BN-7K3M-9QXF"}
LETTER = ("A Resident", "12 Long Lane", "London", "N3 1AB")


class TestMessages:
    @pytest.mark.parametrize("to", ["resident@example.com", "07700 900123", "+44 7700 900123"])
    @of("messages", "send")
    async def test_an_email_and_a_text_message_have_a_receipt(self, running: Running, to: str) -> None:
        if "@" not in to and running.says.get("emails_only"):
            with pytest.raises(MessageRefused):
                await running.connector.send(to, "closed", FIELDS, f"to {to}")
        else:
            assert (await running.connector.send(to, "closed", FIELDS, f"to {to}")).id
            assert running.made() == 1

    @of("messages", "send")
    async def test_sent_again_under_the_same_reference_it_is_one_message(self, running: Running) -> None:
        first, second, other = [
            await running.connector.send("resident@example.com", "closed", FIELDS, reference)
            for reference in ("one reference", "one reference", "another")
        ]
        assert first == second != other
        assert running.made() == 2

    @pytest.mark.parametrize("to", ["", "nowhere", "020 8359 2000", "a@b", "\n\n", "a@b.example\nBcc: c@d.example"])
    @of("messages", "send")
    async def test_an_address_that_takes_no_message_is_refused(self, running: Running, to: str) -> None:
        with pytest.raises(MessageRefused):
            await running.connector.send(to, "closed", FIELDS, f"to {to}")
        assert running.made() == 0

    @of("messages", "send", "post")
    async def test_a_letter_goes_to_an_address_with_a_postcode(self, running: Running) -> None:
        first, second = [await running.connector.post(LETTER, "closed", FIELDS, "one") for _ in range(2)]
        assert first == second and first.id
        for lines in ((), LETTER[:2], LETTER[:3], LETTER * 2):
            with pytest.raises(MessageRefused):
                await running.connector.post(lines, "closed", FIELDS, "another")
        assert running.made() == 1

    @of("messages", "send", "delivered")
    async def test_what_became_of_a_message_can_be_asked(self, running: Running) -> None:
        receipt = await running.connector.send("resident@example.com", "closed", FIELDS, "one")
        report = await running.connector.delivered(receipt.id)
        assert (report.receipt, report.client_reference) == (receipt.id, "one")
        with pytest.raises(NotKnown):
            await running.connector.delivered("nobody-gave-this")


HERE = Place(uprn=UPRN, line="12 Long Lane", postcode="N3 1AB", latitude=51.6, longitude=-0.2)
REQUEST = CaseRequest("missed_bin", "The blue bin was left", NOW, HERE, details={"bin": "blue"})


class TestCasework:
    @of("casework", "create")
    async def test_a_case_is_opened_once_however_often_it_is_sent(self, running: Running) -> None:
        first, second, other = [
            await running.connector.create(REQUEST, reference) for reference in ("BN-1/1", "BN-1/1", "BN-1/10")
        ]
        assert first.handle == second.handle != other.handle
        assert first.state == "received" and running.made() == 2

    @of("casework", "create", "find")
    async def test_a_case_is_found_under_our_reference(self, running: Running) -> None:
        case = await running.connector.create(REQUEST, "BN-1/1")
        found = await running.connector.find("BN-1/1", BEFORE)
        assert found and (found.handle, found.id) == (case.handle, case.id)
        assert await running.connector.find("BN-2/1", BEFORE) is None

    @of("casework", "create", "status")
    async def test_a_case_can_be_asked_for(self, running: Running) -> None:
        case = await running.connector.create(REQUEST, "BN-1/1")
        now = await running.connector.status(case.handle)
        assert now.handle == case.handle and now.state in ("received", "looking", "in_progress", "planned")
        with pytest.raises(NotKnown):
            await running.connector.status("999999")

    @of("casework", "create", "update")
    async def test_a_note_is_added_once(self, running: Running) -> None:
        case = await running.connector.create(REQUEST, "BN-1/1")
        note = CaseNote("note-1", "It is still there", NOW, "received")
        first, second = [await running.connector.update(case.handle, note) for _ in range(2)]
        assert first == second and first.id

    @of("casework", "create", "attach")
    async def test_a_file_is_added_once(self, running: Running) -> None:
        case = await running.connector.create(REQUEST, "BN-1/1")
        picture = Attachment("bin.jpg", "image/jpeg", b"\xff\xd8\x00 a picture")
        first, second = [await running.connector.attach(case.handle, picture) for _ in range(2)]
        assert first.id and first == second

    @of("casework", "create", "updates")
    async def test_updates_are_in_order_and_within_what_was_asked(self, running: Running) -> None:
        await running.connector.create(REQUEST, "BN-1/1")
        until = datetime.now(UTC) + timedelta(hours=1)
        updates = await running.connector.updates(BEFORE, until)
        assert [one.at for one in updates] == sorted(one.at for one in updates)
        assert all(BEFORE <= one.at <= until and one.id for one in updates)
        assert len({one.id for one in updates}) == len(updates)
        assert await running.connector.updates(NOW - timedelta(days=40), NOW - timedelta(days=30)) == []


class TestPayments:
    @of("payments", "create")
    async def test_a_payment_is_begun_once(self, running: Running) -> None:
        asked = PaymentRequest(5050, "BN-7K3M-9QXF", "Bulky waste collection", "https://council.example/back")
        first, second = [await running.connector.create(asked, "once") for _ in range(2)]
        assert first.id == second.id and running.made() == 1
        assert (first.state, first.pence, first.reference) == ("started", 5050, "BN-7K3M-9QXF")
        assert first.pay_at and first.pay_at.startswith("http")

    @of("payments", "create", "status")
    async def test_how_it_stands_can_be_asked(self, running: Running) -> None:
        asked = PaymentRequest(100, "BN-1", "Copy", "https://council.example/back")
        begun = await running.connector.create(asked, "once")
        assert (await running.connector.status(begun.id)).state == "started"
        with pytest.raises(NotKnown):
            await running.connector.status("nobody-gave-this")

    @of("payments", "create")
    async def test_nothing_is_no_fee(self, running: Running) -> None:
        with pytest.raises(RequestRefused):
            await running.connector.create(PaymentRequest(0, "BN-1", "Copy", "https://council.example/back"), "once")


class TestPlanning:
    @of("planning", "constraints")
    async def test_what_is_recorded_at_a_place_has_a_kind_and_a_reference(self, running: Running) -> None:
        found = await running.connector.constraints(51.6, -0.2)
        assert found and all(one.kind and one.name and one.reference for one in found)
        assert await running.connector.constraints(51.6, 0.9) == []

    @of("planning", "constraints", "applications")
    async def test_applications_are_newest_first(self, running: Running) -> None:
        days = [one.received for one in await running.connector.applications(51.6, -0.2) if one.received]
        assert days == sorted(days, reverse=True)


class TestDirectory:
    @of("directory", "search")
    async def test_what_is_found_says_whose_word_it_is(self, running: Running) -> None:
        found = await running.connector.search("lunch club")
        assert found.services and len(found.services) <= 20
        assert all(one.id and one.name and one.provenance for one in found.services)

    @of("directory", "search", "service")
    async def test_a_service_is_known_by_its_id(self, running: Running) -> None:
        first = (await running.connector.search("lunch club")).services[0]
        assert (await running.connector.service(first.id)) == first
        assert await running.connector.service("nobody-has-this") is None

    @of("directory", "search")
    async def test_what_nobody_offers_is_an_empty_page(self, running: Running) -> None:
        assert await running.connector.search("quantum chess") == await running.connector.search("lunch club", page=99)


# What to call a connector's every method with, for those that it does not offer.
ARGUMENTS: dict[str, dict[str, tuple[Any, ...]]] = {
    "casework": {
        "create": (REQUEST, "1"),
        "find": ("1", BEFORE),
        "update": ("1", CaseNote("1", "x", NOW)),
        "status": ("1",),
        "attach": ("1", Attachment("a", "text/plain", b"x")),
        "updates": (BEFORE, NOW),
    },
    "messages": {"post": (LETTER, "closed", FIELDS, "1"), "delivered": ("1",)},
    "collections": {"alerts": (TODAY,), "missed": (UPRN, "blue", NOW), "rounds": (UPRN, TODAY)},
    "addresses": {"by_postcode": ("N3 1AB",), "by_uprn": (UPRN,)},
    "planning": {"applications": (51.6, -0.2), "constraints": (51.6, -0.2)},
    "libraries": {"sites": (), "hours": ("hendon", TODAY)},
    "payments": {"status": ("1",)},
    "directory": {"search": ("lunch club",), "service": ("1",)},
}


@pytest.mark.parametrize(
    ("running", "kind"),
    [
        ((name, kind), kind)
        for name, one in manifests().items()
        for kind in one.classes
        if set(ARGUMENTS.get(kind, ())) - set(one.offers[kind])
    ],
    indirect=["running"],
)
async def test_what_is_not_offered_says_so(running: Running, kind: str) -> None:
    for call, arguments in ARGUMENTS[kind].items():
        if call not in running.says["offers"]:
            with pytest.raises(NotOffered):
                await getattr(running.connector, call)(*arguments)
    assert running.made() == 0
