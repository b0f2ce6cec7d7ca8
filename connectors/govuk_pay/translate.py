"""Between Pay's words and ours. Pure."""

from collections.abc import Mapping
from typing import Any

from connectors.errors import AnswerUnreadable, RequestRefused
from connectors.shapes import Payment, PaymentRequest, PaymentState

# https://docs.payments.service.gov.uk/api_reference/#status-and-lifecycle
STATES: dict[str, PaymentState] = {
    "created": "started",
    "started": "started",
    "submitted": "started",
    "capturable": "started",  # Only where a service captures late, which ours does not.
    "success": "taken",
    "failed": "failed",  # Refused by the bank, cancelled by the payer, or nobody paid within 90 minutes.
    "cancelled": "cancelled",  # By us.
    "error": "broken",
}
LONGEST = 255
# Pay's own bounds: a penny, and £100,000.
LEAST_PENCE, MOST_PENCE = 1, 10_000_000


def asked(request: PaymentRequest) -> dict[str, Any]:
    """What a payment is begun with. Raises RequestRefused."""
    if not LEAST_PENCE <= request.pence <= MOST_PENCE:
        raise RequestRefused("A fee is from a penny to £100,000.")
    if not request.return_to.startswith("https://"):
        raise RequestRefused("A resident comes back to a page with https.")
    return {
        "amount": request.pence,
        "reference": request.reference[:LONGEST],
        "description": request.about[:LONGEST],
        "return_url": request.return_to,
    }


def payment_of(content: Any, writes: bool = False) -> Payment:
    """A payment. Raises AnswerUnreadable."""
    try:
        payment, pence, reference = content["payment_id"], content["amount"], content["reference"]
        state = STATES.get(content["state"]["status"], "started")
    except (KeyError, TypeError):
        raise AnswerUnreadable("Pay gave no payment.", maybe_done=writes) from None
    if not isinstance(payment, str) or not isinstance(pence, int) or not isinstance(reference, str):
        raise AnswerUnreadable("Pay gave no payment.", maybe_done=writes)
    return Payment(payment, state, pence, reference, _pay_at(content))


def refused(content: Any) -> RequestRefused:
    """The error for a 400, 409 or 422, which name the field and a code such as P0102."""
    row = content if isinstance(content, Mapping) else {}
    codes = tuple(str(row[name])[:60] for name in ("code", "field") if row.get(name))
    return RequestRefused("Pay refuses how we ask: see its list of codes.", codes=codes)


def _pay_at(content: Any) -> str | None:
    links = content.get("_links")
    link = links.get("next_url") if isinstance(links, Mapping) else None
    address = link.get("href") if isinstance(link, Mapping) else None
    return address if isinstance(address, str) and address.startswith("https://") else None
