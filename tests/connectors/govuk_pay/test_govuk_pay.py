"""GOV.UK Pay: its states and its refusals."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import AnswerUnreadable, KeyRefused, RequestRefused
from connectors.govuk_pay import GovukPayPayments, translate
from connectors.shapes import Payment, PaymentRequest
from tests.connectors.govuk_pay.supplier import build, settings
from tests.connectors.suppliers.server import serve

EXAMPLE = json.loads((Path(__file__).parent / "fixtures" / "payment.json").read_text())
BULKY = PaymentRequest(5050, "BN-7K3M-9QXF", "Bulky waste collection", "https://council.example/back")


def test_a_payment_is_read_with_where_to_pay() -> None:
    expected = Payment(
        "hu20sqlact5260q2nanm0q8u93", "started", 5050, "BN-7K3M-9QXF",
        "https://www.payments.service.gov.uk/secure/bb0a272c-8eaf",
    )  # fmt: skip
    assert translate.payment_of(EXAMPLE) == expected


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("created", "started"), ("started", "started"), ("submitted", "started"), ("success", "taken"),
     ("failed", "failed"), ("cancelled", "cancelled"), ("error", "broken"), ("something new", "started")],
)  # fmt: skip
def test_a_state_is_told_in_our_words(theirs: str, ours: str) -> None:
    assert translate.payment_of({**EXAMPLE, "state": {"status": theirs, "finished": True}}).state == ours


@pytest.mark.parametrize("content", [None, [], {}, {**EXAMPLE, "state": None}, {**EXAMPLE, "amount": "5050"}])
def test_what_is_no_payment_is_not_read(content: Any) -> None:
    with pytest.raises(AnswerUnreadable):
        translate.payment_of(content)


async def test_refusals_are_named_by_pays_own_codes() -> None:
    async with serve(build({})) as supplier:
        pay = GovukPayPayments(settings(supplier))
        with pytest.raises(RequestRefused) as raised:
            await pay.create(PaymentRequest(100, "1", "forbidden", "https://council.example"), "a")
        assert raised.value.codes == ("P0102", "description")
        await pay.create(BULKY, "b")
        with pytest.raises(RequestRefused) as raised:
            await pay.create(PaymentRequest(1, "1", "x", "https://council.example"), "b")
        assert raised.value.codes == ("P0191",)
        with pytest.raises(KeyRefused):
            await GovukPayPayments(settings(supplier, api_key="other")).create(BULKY, "c")


@pytest.mark.parametrize("changed", [{"pence": -1}, {"pence": 10_000_001}, {"return_to": "http://council.example"}])
def test_what_pay_would_refuse_is_not_asked(changed: dict[str, Any]) -> None:
    asked = {"pence": 1, "reference": "1", "about": "x", "return_to": "https://council.example", **changed}
    with pytest.raises(RequestRefused):
        translate.asked(PaymentRequest(**asked))
