"""Made-up properties at real-looking postcodes."""

import re
from collections import OrderedDict
from hashlib import sha256

from connectors.console.settings import Settings
from connectors.postcodes import house, tidy, within
from connectors.shapes import Address, Area

# What a development machine may keep in memory.
MOST_KNOWN = 1000
# Postcode districts that lie wholly or partly in Barnet; the border ones would need the property's own number.
BARNET = {
    "EN4", "EN5", "HA7", "HA8", "N2", "N3", "N10", "N11", "N12", "N14", "N20", "NW2", "NW4", "NW7", "NW9", "NW11",
}  # fmt: skip
# The districts that Barnet shares with a neighbour.
BORDER = {"EN4", "EN5", "HA7", "HA8", "N2", "N10", "N11", "N14", "NW2", "NW9"}
WARDS = ("Demonstration North", "Demonstration South", "Demonstration West")
STREETS = ("Ballards Lane", "Regents Park Road", "Long Lane", "Hendon Lane", "Station Road", "Church Hill")


def _seed(text: str, digits: int = 8) -> int:
    return int(sha256(text.encode()).hexdigest()[:digits], 16)


class ConsoleAreas:
    """Every postcode that looks like one lies somewhere, in a made-up ward."""

    def __init__(self, settings: Settings | None = None) -> None:
        pass

    async def area(self, postcode: str) -> Area | None:
        """See connectors.kinds.Areas.area."""
        found = tidy(postcode)
        if found is None:
            return None
        outward = found.partition(" ")[0]
        ours = outward in BARNET
        ward = WARDS[_seed(found) % len(WARDS)]
        return Area(found, "E09000003" if ours else "E09000033", ours, outward in BORDER, ward, 51.6, -0.2)


class ConsoleAddresses:
    """One made-up property for a house number and postcode, or five at a postcode alone.

    A property is known by its number once it has been found.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._known: OrderedDict[str, Address] = OrderedDict()

    async def by_postcode(self, postcode: str) -> list[Address]:
        """See connectors.kinds.Addresses.by_postcode."""
        return await self.find(postcode) if tidy(postcode) else []

    async def by_uprn(self, uprn: str) -> Address | None:
        """See connectors.kinds.Addresses.by_uprn."""
        return self._known.get(uprn)

    async def find(self, text: str) -> list[Address]:
        """See connectors.kinds.Addresses.find."""
        found = within(text)
        if not found:
            return []
        postcode, before = found
        seed = _seed(postcode)
        number = house(before)
        numbers = [number] if number else [str(n) for n in range(1, 11, 2)]
        words = re.sub(r"[^A-Za-z' ]", " ", before).split()
        street = " ".join(words).title() if number and len(words) > 1 else STREETS[seed % len(STREETS)]
        addresses = [
            Address(
                uprn=str(100_000_000_000 + _seed(f"{number} {postcode}", 9)),
                line=f"{number} {street}, {postcode}",
                postcode=postcode,
                ours=postcode.partition(" ")[0] in BARNET,
                ward=WARDS[seed % len(WARDS)],
            )
            for number in numbers
        ]
        for address in addresses:
            self._known[address.uprn] = address
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return addresses
