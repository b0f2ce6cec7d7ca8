"""The one way to call a supplier: what its headers ask for, and what its statuses mean."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from connectors import errors
from connectors.http import LONGEST_WAIT_S, Http, part, retry_after
from connectors.settings import WebSettings
from tests.connectors.suppliers.running import QUICK
from tests.connectors.suppliers.server import serve

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "wait"),
    [(None, None), ("", None), ("7", 7.0), (" 120 ", 120.0), ("Thu, 26 Nov 2026 09:05:00 GMT", 300.0),
     ("Thu, 26 Nov 2026 08:00:00 GMT", 0.0), ("soon", None), ("-5", None), ("999999999", LONGEST_WAIT_S)],
)  # fmt: skip
def test_how_long_to_wait(header: str | None, wait: float | None) -> None:
    assert retry_after(header, NOW) == wait


@given(st.text())
def test_no_header_is_too_odd_to_read(header: str) -> None:
    wait = retry_after(header, NOW)
    assert wait is None or 0 <= wait <= LONGEST_WAIT_S


@given(st.text(min_size=1))
def test_a_value_is_one_part_of_a_path(value: str) -> None:
    assert "/" not in part(value) and "?" not in part(value) and "#" not in part(value)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, errors.RequestRefused), (401, errors.KeyRefused), (403, errors.KeyRefused), (404, errors.NotKnown),
     (408, errors.SupplierUnavailable), (409, errors.RequestRefused), (410, errors.NotKnown),
     (422, errors.RequestRefused), (429, errors.SupplierBusy), (500, errors.SupplierBroken),
     (502, errors.SupplierBroken), (503, errors.SupplierBroken), (504, errors.SupplierBroken),
     (301, errors.RequestRefused), (204, None), (200, None)],
)  # fmt: skip
async def test_a_status_is_an_error_with_a_name(status: int, expected: type[errors.ConnectorError] | None) -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        headers = {"location": "https://elsewhere.example"} if status == 301 else None
        await Response(status_code=status, headers=headers)(scope, receive, send)  # type: ignore[arg-type]

    async with serve(app) as supplier:
        http = Http("example", WebSettings(url=supplier.url, **QUICK))
        if expected is None:
            assert (await http.call("x", "GET", "/")).status == status
        else:
            with pytest.raises(expected) as raised:
                await http.call("x", "POST", "/")
            assert type(raised.value) is expected
            assert raised.value.maybe_done == (status >= 500)
        await http.close()


async def test_a_supplier_that_is_down_for_a_known_time_says_so() -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        await Response(status_code=503, headers={"retry-after": "60"})(scope, receive, send)  # type: ignore[arg-type]

    async with serve(app) as supplier:
        with pytest.raises(errors.SupplierBusy) as raised:
            await Http("example", WebSettings(url=supplier.url, **QUICK)).call("x", "GET", "/")
        assert raised.value.wait_s == 60


async def test_what_is_small_packed_and_large_unpacked_is_too_large() -> None:
    import gzip

    async def app(scope: object, receive: object, send: object) -> None:
        body = gzip.compress(b" " * 10_000_000)
        headers = {"content-encoding": "gzip", "content-type": "application/json"}
        await Response(body, headers=headers)(scope, receive, send)  # type: ignore[arg-type]

    async with serve(app) as supplier:
        with pytest.raises(errors.AnswerUnreadable, match="too large"):
            await Http("example", WebSettings(url=supplier.url, **QUICK)).call("x", "GET", "/")


def test_every_error_says_what_a_person_can_do() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.ConnectorError)]
    for kind in kinds:
        assert len(kind.what_to_do) > 20 and kind.what_to_do.endswith("."), kind
        assert kind.retryable == issubclass(kind, errors.SupplierUnavailable), kind
        assert len(str(kind())) > 20
