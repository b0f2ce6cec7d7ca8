"""Notify: what is sent, what each refusal means, and receipts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import KeyRefused, MessageRefused, NotGenuine, RequestRefused, SupplierBusy, WrongSettings
from connectors.govuk_notify import NotifyMessages, NotifyReceipts
from connectors.govuk_notify.settings import Settings
from connectors.shapes import DeliveryReport
from tests.connectors.govuk_notify.supplier import KEY, SECRET, SERVICE, build, settings
from tests.connectors.suppliers.server import Supplier, serve

FIXTURES = Path(__file__).parent / "fixtures"
FIELDS = {"reference": "BN-7K3M-9QXF", "subject": "News", "text": "It is done"}
NOW = datetime(2026, 11, 26, 12, 16, tzinfo=UTC)


@pytest.fixture
async def notify() -> AsyncIterator[Supplier]:
    sent: list[object] = []
    async with serve(build(sent)) as supplier:
        supplier.world = sent
        yield supplier


async def test_an_email_carries_template_fields_and_our_reference(notify: Supplier) -> None:
    await NotifyMessages(settings(notify, email_reply_to_id="r-1")).send("a@example.com", "closed", FIELDS, "notice-1")
    assert notify.world[0]["body"] == {
        "email_address": "a@example.com",
        "email_reply_to_id": "r-1",
        "template_id": "e-template",
        "personalisation": FIELDS,
        "reference": "notice-1",
    }


async def test_a_letter_has_its_address_in_lines(notify: Supplier) -> None:
    lines = ("A Resident", "12 Long Lane", "N3 1AB")
    await NotifyMessages(settings(notify)).post(lines, "closed", FIELDS, "notice-1")
    said = notify.world[0]["body"]["personalisation"]
    assert [said[f"address_line_{number}"] for number in (1, 2, 3)] == list(lines) and said["text"] == "It is done"


async def test_one_of_our_messages_may_have_a_template_of_its_own(notify: Supplier) -> None:
    messages = NotifyMessages(settings(notify, email_template="", templates={"closed.email": "e-template"}))
    assert (await messages.send("a@example.com", "closed", FIELDS, "1")).id
    with pytest.raises(WrongSettings):
        await messages.send("a@example.com", "received", FIELDS, "2")


async def test_what_notify_gave_up_for_a_passing_reason_is_sent_again(notify: Supplier) -> None:
    messages = NotifyMessages(settings(notify))
    first = await messages.send("a@example.com", "closed", FIELDS, "notice-1")
    notify.world[0]["status"] = "temporary-failure"
    second = await messages.send("a@example.com", "closed", FIELDS, "notice-1")
    assert first != second
    notify.world[1]["status"] = "permanent-failure"
    assert await messages.send("a@example.com", "closed", FIELDS, "notice-1") == second


class TestRefusals:
    async def test_an_address_that_notify_will_not_take(self, notify: Supplier) -> None:
        with pytest.raises(MessageRefused) as raised:
            await NotifyMessages(settings(notify)).send("stopped@example.com", "closed", FIELDS, "1")
        assert raised.value.codes == ("ValidationError",) and "stopped" not in str(raised.value)

    async def test_a_template_that_is_not_there_is_no_fault_of_the_address(self, notify: Supplier) -> None:
        with pytest.raises(RequestRefused) as raised:
            await NotifyMessages(settings(notify, email_template="x")).send("a@example.com", "closed", FIELDS, "1")
        assert raised.value.codes == ("BadRequestError",)

    async def test_the_days_limit_is_waited_for(self, notify: Supplier) -> None:
        with pytest.raises(SupplierBusy) as raised:
            await NotifyMessages(settings(notify)).send("a@example.com", "closed", FIELDS | {"text": "too many"}, "1")
        assert raised.value.wait_s == 3600

    async def test_a_key_of_another_service(self, notify: Supplier) -> None:
        with pytest.raises(KeyRefused):
            await NotifyMessages(settings(notify, api_key=f"x-{SECRET}-{SERVICE}")).send(
                "a@b.example", "x", FIELDS, "1"
            )

    def test_a_key_that_was_copied_in_part(self) -> None:
        with pytest.raises(WrongSettings, match="no whole API key") as raised:
            Settings.load("govuk_notify", {}, {"GOVUK_NOTIFY_API_KEY": "for-tests-1234"})
        assert "1234" not in str(raised.value)


class TestReceipts:
    tokens = {"callback_token": "new-one", "callback_token_old": "old-one"}
    reads = NotifyReceipts(Settings.model_validate({"api_key": KEY, **tokens}))

    @pytest.mark.parametrize("token", ["new-one", "old-one"])
    def test_a_receipt_is_what_became_of_a_message(self, token: str) -> None:
        body = (FIXTURES / "receipt.json").read_bytes()
        completed = datetime(2026, 11, 26, 12, 15, 35, tzinfo=UTC)
        expected = DeliveryReport("740e5834-3a29-46b4-9a6f-16142fde533a", "failed_for_good", "notice-1", completed)
        assert self.reads.read({"authorization": f"Bearer {token}"}, body, NOW) == [expected]

    def test_a_text_message_to_us_is_no_receipt(self) -> None:
        body = (FIXTURES / "inbound_sms.json").read_bytes()
        assert self.reads.read({"authorization": "Bearer new-one"}, body, NOW) == []

    @pytest.mark.parametrize("given", ["", "Bearer ", "Bearer new-on", "Basic new-one", "Bearer é"])
    def test_what_has_not_our_token_is_not_read(self, given: str) -> None:
        with pytest.raises(NotGenuine):
            self.reads.read({"authorization": given}, b"not even JSON", NOW)

    def test_without_a_token_of_ours_nothing_is_genuine(self) -> None:
        with pytest.raises(NotGenuine):
            NotifyReceipts(Settings.model_validate({"api_key": KEY})).read({"authorization": "Bearer "}, b"{}", NOW)

    @given(st.binary(max_size=200) | st.sampled_from([b"[]", b"{}", b'{"id":1,"status":"x"}', b'{"id":"a"}', b"null"]))
    def test_a_genuine_body_of_another_kind_is_refused(self, body: bytes) -> None:
        with pytest.raises(RequestRefused):
            self.reads.read({"authorization": "Bearer new-one"}, body, NOW)
