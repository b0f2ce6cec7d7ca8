"""Payments in which no money moves. They stay "started" until `settle` says otherwise."""

from collections import OrderedDict
from dataclasses import replace
from hashlib import sha256

from connectors.console.settings import Settings
from connectors.errors import NotKnown, RequestRefused
from connectors.shapes import Payment, PaymentRequest, PaymentState

MOST_KEPT = 1000


class ConsolePayments:
    """Begins every payment of a positive amount; `pay_at` leads straight back."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.payments: OrderedDict[str, Payment] = OrderedDict()

    async def create(self, request: PaymentRequest, client_reference: str) -> Payment:
        """See connectors.kinds.Payments.create."""
        if request.pence <= 0:
            raise RequestRefused("a fee is at least a penny")
        key = f"demo-{sha256(client_reference.encode()).hexdigest()[:20]}"
        made = Payment(key, "started", request.pence, request.reference, request.return_to)
        payment = self.payments.setdefault(key, made)
        if len(self.payments) > MOST_KEPT:
            self.payments.popitem(last=False)
        return payment

    async def status(self, payment: str) -> Payment:
        """See connectors.kinds.Payments.status."""
        try:
            return self.payments[payment]
        except KeyError:
            raise NotKnown from None

    def settle(self, payment: str, state: PaymentState) -> None:
        """Say how a payment ended, for a demonstration or a test."""
        self.payments[payment] = replace(self.payments[payment], state=state, pay_at=None)
