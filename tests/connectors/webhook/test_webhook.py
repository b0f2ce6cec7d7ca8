"""Posts out and in: signed as Standard Webhooks says, by two keys while one is changed, never read unless genuine."""

import base64
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import KeyRefused, NotGenuine, RequestRefused, WrongSettings
from connectors.shapes import Attachment, CaseRequest, CaseUpdate, Place, Reporter
from connectors.webhook import WebhookCasework, WebhookInbound
from connectors.webhook.settings import Settings
from connectors.webhook.signing import key_of, sign, verify
from tests.connectors.suppliers.server import Supplier, serve
from tests.connectors.webhook.supplier import KEY, build, settings

NOW = datetime(2026, 11, 26, 9, 0, 30, tzinfo=UTC)
OTHER = base64.b64encode(b"another key for tests, 32 bytes.").decode()
BODY = (Path(__file__).parent / "fixtures" / "case_changed.json").read_bytes()
REQUEST = CaseRequest("missed_bin", "Left", NOW, Place(uprn="1"), Reporter("A"), {"bin": "blue"})


@pytest.fixture
async def office() -> AsyncIterator[Supplier]:
    seen: dict[str, Any] = {}
    async with serve(build(seen)) as supplier:
        supplier.world = seen
        yield supplier


async def test_a_case_is_posted_whole_and_its_number_comes_back(office: Supplier) -> None:
    case = await WebhookCasework(settings(office)).create(REQUEST, "BN-1/1")
    assert (case.handle, case.id) == ("BN-1/1", "C-1")
    (post,) = office.world.values()
    assert post["type"] == "case.created" and post["data"]["reference"] == "BN-1/1"
    assert post["data"]["details"] == {"bin": "blue"} and post["data"]["place"]["uprn"] == "1"


async def test_while_our_key_is_changed_either_of_them_will_do(office: Supplier) -> None:
    both = WebhookCasework(settings(office, key=OTHER, key_old=KEY))
    assert await both.create(REQUEST, "BN-1/1")
    with pytest.raises(KeyRefused):
        await WebhookCasework(settings(office, key=OTHER)).create(REQUEST, "BN-1/2")


async def test_a_file_is_posted_in_base64_up_to_its_limit(office: Supplier) -> None:
    casework = WebhookCasework(settings(office, most_attached=10))
    await casework.attach("BN-1/1", Attachment("é\r\nx: y.jpg", "image/jpeg", b"\x00" * 10))
    with pytest.raises(RequestRefused):
        await casework.attach("BN-1/1", Attachment("b.jpg", "image/jpeg", b"\x00" * 11))
    (post,) = office.world.values()
    assert base64.b64decode(post["data"]["content"]) == b"\x00" * 10


@pytest.mark.parametrize("key", ["short", "not base64!", "whsec_" + base64.b64encode(b"x" * 10).decode()])
async def test_a_key_that_is_none_is_found_at_the_start(office: Supplier, key: str) -> None:
    with pytest.raises(WrongSettings) as raised:
        WebhookCasework(settings(office, key=key))
    assert key not in str(raised.value)


INBOUND = WebhookInbound(
    Settings.model_validate({"url": "https://x.example", "key": KEY, "inbound_key": KEY, "inbound_key_old": OTHER})
)


def signed(body: bytes, at: datetime = NOW, key: str = KEY, post_id: str = "msg_1") -> dict[str, str]:
    return sign(post_id, at, body, [key_of(key)])


class TestInbound:
    @pytest.mark.parametrize("key", [KEY, OTHER])
    def test_a_genuine_post_is_what_became_of_a_case(self, key: str) -> None:
        at = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
        expected = CaseUpdate("msg_1", "BN-7K3M-9QXF/1", "done", at, "Returned and collected")
        assert INBOUND.read(signed(BODY, key=key), BODY, NOW) == [expected]

    def test_a_known_signature_of_the_standard(self) -> None:
        """The worked example of the standard's own documentation, made with another implementation."""
        key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        at = datetime.fromtimestamp(1614265330, UTC)
        headers = sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [key])
        assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    @pytest.mark.parametrize("late", [-301, 301, 3600, -86_400])
    def test_an_old_or_early_post_is_not_read(self, late: int) -> None:
        headers = signed(BODY, NOW + timedelta(seconds=late))
        with pytest.raises(NotGenuine):
            INBOUND.read(headers, BODY, NOW)

    @pytest.mark.parametrize("late", [-299, 0, 299])
    def test_within_the_window_it_is(self, late: int) -> None:
        assert INBOUND.read(signed(BODY, NOW + timedelta(seconds=late)), BODY, NOW)

    def test_the_same_post_twice_is_one_update_by_its_id(self) -> None:
        first, second = [INBOUND.read(signed(BODY), BODY, NOW)[0] for _ in range(2)]
        assert isinstance(first, CaseUpdate) and isinstance(second, CaseUpdate) and first.id == second.id

    @pytest.mark.parametrize("change", ["webhook-id", "webhook-timestamp", "webhook-signature", "body", "none", "key"])
    def test_whatever_is_changed_it_is_not_genuine(self, change: str) -> None:
        headers, body = signed(BODY, key=base64.b64encode(b"z" * 32).decode() if change == "key" else KEY), BODY
        if change == "body":
            body += b" "
        elif change == "none":
            headers = {}
        elif change != "key":
            headers[change] = headers[change][:-2] + ("11" if change == "webhook-timestamp" else "A=")
        with pytest.raises(NotGenuine):
            INBOUND.read(headers, body, NOW)

    def test_without_a_key_nothing_is_genuine(self) -> None:
        none = WebhookInbound(Settings.model_validate({"url": "https://x.example", "key": KEY}))
        with pytest.raises(NotGenuine):
            none.read(sign("1", NOW, BODY, []), BODY, NOW)

    def test_another_event_is_taken_and_ignored(self) -> None:
        body = b'{"type":"case.archived","timestamp":"2026-11-26T09:00:00Z","data":{}}'
        assert INBOUND.read(signed(body), body, NOW) == []

    @pytest.mark.parametrize(
        "body",
        [b"", b"[]", b"null", b"{}", b'{"type":"case.changed"}', b'{"type":"case.changed","data":null}',
         BODY.replace(b'"done"', b'"refused"'), BODY.replace(b'"done"', b"[]"), BODY.replace(b"Z", b""),
         BODY.replace(b"2026-", b"20260-")],
    )  # fmt: skip
    def test_a_genuine_post_that_is_not_as_the_readme_says_is_refused(self, body: bytes) -> None:
        with pytest.raises(RequestRefused):
            INBOUND.read(signed(body), body, NOW)

    @given(
        st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text()),
        st.binary(),
    )
    def test_nothing_that_anybody_posts_is_more_than_not_genuine(self, headers: dict[str, str], body: bytes) -> None:
        with pytest.raises(NotGenuine):
            verify(headers, body, [key_of(KEY)], NOW, 300)

    @given(st.binary(max_size=300))
    def test_nothing_that_is_signed_is_more_than_refused(self, body: bytes) -> None:
        with suppress(RequestRefused):
            assert INBOUND.read(signed(body), body, NOW) == []
