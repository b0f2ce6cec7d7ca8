"""Which connector serves each kind, as council.toml switches them."""

from dataclasses import dataclass

from connectors.console import ConsoleAddresses, ConsoleCollections, ConsoleLibraries, ConsoleMessages
from connectors.errors import UnknownConnector
from connectors.kinds import Addresses, Collections, Libraries, Messages

ADDRESSES: dict[str, type[Addresses]] = {"console": ConsoleAddresses}
COLLECTIONS: dict[str, type[Collections]] = {"console": ConsoleCollections}
LIBRARIES: dict[str, type[Libraries]] = {"console": ConsoleLibraries}
MESSAGES: dict[str, type[Messages]] = {"console": ConsoleMessages}


@dataclass(frozen=True)
class Connectors:
    """One connector for each kind."""

    addresses: Addresses
    collections: Collections
    libraries: Libraries
    messages: Messages


def connect(switch: dict[str, str]) -> Connectors:
    """The connectors that `switch` (kind → name, and `default`) asks for. Raises UnknownConnector."""
    default = switch.get("default", "console")
    try:
        return Connectors(
            addresses=ADDRESSES[switch.get("addresses", default)](),
            collections=COLLECTIONS[switch.get("collections", default)](),
            libraries=LIBRARIES[switch.get("libraries", default)](),
            messages=MESSAGES[switch.get("messages", default)](),
        )
    except KeyError as error:
        raise UnknownConnector(f"council.toml switches on {error.args[0]!r}, which is not in connectors/") from None
