"""Calls GOV.UK Pay. It takes an Idempotency-Key, so a payment begun twice is one."""

from hashlib import sha256

from connectors.govuk_pay import translate
from connectors.govuk_pay.settings import Settings
from connectors.http import Http, part
from connectors.settings import plain
from connectors.shapes import Payment, PaymentRequest


class GovukPayPayments:
    """connectors.kinds.Payments by GOV.UK Pay."""

    def __init__(self, settings: Settings) -> None:
        self._http = Http("govuk_pay", settings)
        self._bearer = {"Authorization": f"Bearer {plain(settings.api_key)}"}

    async def create(self, request: PaymentRequest, client_reference: str) -> Payment:
        """See connectors.kinds.Payments.create."""
        asked = translate.asked(request)
        # Letters and digits alone, whatever our reference holds.
        headers = self._bearer | {"Idempotency-Key": sha256(client_reference.encode()).hexdigest()}
        answer = await self._http.call(
            "create", "POST", "/v1/payments", headers=headers, json=asked, reads_itself=(400, 409, 422)
        )
        if answer.status >= 400:
            raise translate.refused(answer.json())
        return translate.payment_of(answer.json(), writes=True)

    async def status(self, payment: str) -> Payment:
        """See connectors.kinds.Payments.status."""
        answer = await self._http.call("status", "GET", f"/v1/payments/{part(payment)}", headers=self._bearer)
        return translate.payment_of(answer.json())
