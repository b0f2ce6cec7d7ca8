"""One suite for every implementation of a kind. A new connector adds itself to these lists."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from connectors.console import ConsoleAddresses, ConsoleCollections, ConsoleLibraries, ConsoleMessages
from connectors.errors import MessageRefused, UnknownConnector
from connectors.kinds import Addresses, Collections, Libraries, Messages
from connectors.registry import connect

ADDRESSES = [ConsoleAddresses()]
COLLECTIONS = [ConsoleCollections()]
LIBRARIES = [ConsoleLibraries()]
MESSAGES = [ConsoleMessages()]
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("connector", ADDRESSES, ids=lambda one: type(one).__name__)
class TestAddresses:
    async def test_a_house_and_postcode_find_one_property(self, connector: Addresses) -> None:
        (found,) = await connector.find("12 n3 1ab")
        assert found.uprn.isdigit() and len(found.uprn) <= 12
        assert found.postcode == "N3 1AB" and found.line.startswith("12 ") and found.ours

    async def test_a_postcode_alone_finds_several_and_at_most_twenty(self, connector: Addresses) -> None:
        assert 1 < len(await connector.find("N3 1AB")) <= 20

    async def test_the_same_words_find_the_same_property(self, connector: Addresses) -> None:
        assert await connector.find("12 N3 1AB") == await connector.find("12  n31ab")

    async def test_a_property_elsewhere_is_not_ours(self, connector: Addresses) -> None:
        assert not (await connector.find("10 SW1A 2AA"))[0].ours

    @pytest.mark.parametrize("text", ["", "12", "no postcode here", "🏠", "'; drop table", "N3" * 3000])
    async def test_nothing_that_fits_is_an_empty_list(self, connector: Addresses, text: str) -> None:
        assert await connector.find(text) == []


@pytest.mark.parametrize("connector", COLLECTIONS, ids=lambda one: type(one).__name__)
class TestCollections:
    @pytest.mark.parametrize("stream", ["black", "blue", "brown", "green"])
    async def test_a_round_has_a_last_and_a_next_day(self, connector: Collections, stream: str) -> None:
        found = await connector.collection("100000000123", stream, TODAY)
        assert found and found.last_date <= TODAY < found.next_date
        assert f"{found.next_date:%A}" == f"{found.last_date:%A}" == found.day

    async def test_an_unknown_stream_or_property_has_none(self, connector: Collections) -> None:
        assert await connector.collection("100000000123", "purple", TODAY) is None
        assert await connector.collection("not a number", "blue", TODAY) is None


@pytest.mark.parametrize("connector", LIBRARIES, ids=lambda one: type(one).__name__)
class TestLibraries:
    async def test_hours_say_where_they_come_from(self, connector: Libraries) -> None:
        found = await connector.hours("hendon", TODAY)
        assert found and found.week and found.provenance

    async def test_days_follow_one_another_from_today_for_over_a_week(self, connector: Libraries) -> None:
        found = await connector.hours("hendon", TODAY)
        assert found and len(found.days) >= 8
        assert [day for day, _ in found.days] == [TODAY + timedelta(days=number) for number in range(len(found.days))]

    async def test_sessions_are_in_order_and_do_not_overlap(self, connector: Libraries) -> None:
        found = await connector.hours("hendon", TODAY)
        assert found and any(sessions for _, sessions in found.days)
        for _, sessions in found.days:
            assert all(one.opens < one.closes for one in sessions)
            assert all(one.closes <= other.opens for one, other in pairwise(sessions))

    async def test_no_site_has_none(self, connector: Libraries) -> None:
        assert await connector.hours("", TODAY) is None


FIELDS = {"reference": "BN-7K3M-9QXF", "link": "https://x", "subject": "News", "text": "News about BN-7K3M-9QXF"}


@pytest.mark.parametrize("connector", MESSAGES, ids=lambda one: type(one).__name__)
class TestMessages:
    @pytest.mark.parametrize("to", ["resident@example.com", "07700 900123", "+44 7700 900123"])
    async def test_an_email_and_a_text_message_have_a_receipt(self, connector: Messages, to: str) -> None:
        assert (await connector.send(to, "closed", FIELDS, f"to {to}")).id

    async def test_sent_again_under_the_same_reference_it_is_one_message(self, connector: Messages) -> None:
        first, second, other = [
            await connector.send("resident@example.com", "closed", FIELDS, reference)
            for reference in ("one reference", "one reference", "another")
        ]
        assert first == second != other

    @pytest.mark.parametrize("to", ["", "nowhere", "020 8359 2000", "a@b", "\n\n"])
    async def test_an_address_that_takes_no_message_is_refused(self, connector: Messages, to: str) -> None:
        with pytest.raises(MessageRefused):
            await connector.send(to, "closed", FIELDS, f"to {to}")


async def test_the_stand_in_keeps_what_it_would_have_sent_and_logs_no_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stand_in = ConsoleMessages()
    for _ in range(2):
        await stand_in.send("resident@example.com", "closed", FIELDS, "one")
    (sent,) = stand_in.outbox
    assert (sent.to, sent.template, sent.fields) == ("resident@example.com", "closed", FIELDS)
    logged = capsys.readouterr().out
    assert "message.sent" in logged and "resident@example.com" not in logged and "BN-7K3M" not in logged


def test_the_stand_ins_are_the_default() -> None:
    assert isinstance(connect({}).addresses, ConsoleAddresses)


def test_a_connector_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownConnector, match="nowhere"):
        connect({"addresses": "nowhere"})
