"""What each kind of connector promises. Every implementation passes tests/connectors/test_conformance.py."""

from datetime import date
from typing import Protocol

from connectors.shapes import Address, Collection, LibraryHours, Receipt


class Addresses(Protocol):
    """Finds properties. Raises connectors.errors.SupplierUnavailable when it cannot answer in time."""

    async def find(self, text: str) -> list[Address]:
        """Properties that match a postcode, with or without a house number; at most 20, none when nothing fits."""
        ...


class Collections(Protocol):
    """Knows the bin rounds. Raises connectors.errors.SupplierUnavailable when it cannot answer in time."""

    async def collection(self, uprn: str, stream: str, today: date) -> Collection | None:
        """The round of one stream at one property as of `today`, or None when it has none."""
        ...


class Libraries(Protocol):
    """Knows the libraries' opening hours. Raises connectors.errors.SupplierUnavailable when it cannot answer."""

    async def hours(self, site: str, today: date) -> LibraryHours | None:
        """Hours of one site by its id, from `today` on for at least eight days; None when they are not known."""
        ...


class Messages(Protocol):
    """Sends an email or a text message. Raises connectors.errors.SupplierUnavailable when it cannot answer in time, and
    MessageRefused when this message will never be taken, such as to an address that does not exist.
    """

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """Send `template` filled with `fields` to an email address or a UK mobile number.

        `fields` always hold `subject` and `text`, the whole message in our words, for a supplier that keeps no
        templates. With a `client_reference` that was sent before, nothing is sent and the same receipt comes back.
        """
        ...
