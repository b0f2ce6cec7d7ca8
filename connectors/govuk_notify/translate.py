"""Between Notify's words and ours. Pure."""

from collections.abc import Mapping
from typing import Any

from connectors.errors import AnswerUnreadable, Final, MessageRefused, RequestRefused
from connectors.plain import moment, words
from connectors.shapes import DeliveryReport, MessageState

# https://docs.notifications.service.gov.uk/rest-api.html, "Message status".
STATES: dict[str, MessageState] = {
    "created": "taken",
    "sending": "sending",
    "pending": "sending",
    "sent": "sending",  # To another country: nobody will say more.
    "accepted": "sending",
    "received": "delivered",  # A letter, by the printer.
    "delivered": "delivered",
    "pending-virus-check": "taken",
    # The supplier could not say, the phone was off, or the inbox was full: it may work later.
    "temporary-failure": "failed_for_now",
    "technical-failure": "failed_for_now",
    "permanent-failure": "failed_for_good",
    "virus-scan-failed": "failed_for_good",
    "validation-failed": "failed_for_good",
    "cancelled": "failed_for_good",
}
# The parts of a request that are the resident's own address.
ADDRESSES = ("email_address", "phone_number", "address_line", "address must", "postcode")


def state_of(word: str) -> MessageState:
    """Our state for Notify's. A word that it has added since is no reason to send again."""
    return STATES.get(word, "sending")


def refused(content: Any) -> Final:
    """The error for a 400: whether it is this address, or how we ask. Its sentences are read and not kept."""
    rows = content.get("errors") if isinstance(content, Mapping) else None
    rows = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    codes = tuple(str(row.get("error"))[:60] for row in rows)
    sentences = " ".join(str(row.get("message")) for row in rows).lower()
    if "ValidationError" in codes and any(part in sentences for part in ADDRESSES):
        return MessageRefused("Notify says that this is no address that a message can go to.", codes=codes)
    return RequestRefused("Notify refuses how we ask: look at the template and the key.", codes=codes)


def report_of(row: Any) -> DeliveryReport:
    """What became of a message. Raises AnswerUnreadable."""
    if not isinstance(row, Mapping) or not isinstance(row.get("id"), str) or not isinstance(row.get("status"), str):
        raise AnswerUnreadable("Notify gave no notification.")
    reference = row.get("reference")
    at = moment(row.get("completed_at") or row.get("sent_at") or row.get("created_at"))
    return DeliveryReport(words(row["id"]), state_of(row["status"]), words(reference) or None, at)
