"""Made-up properties at real-looking postcodes."""

import re
from collections import OrderedDict
from hashlib import sha256

from connectors.console.settings import Settings
from connectors.shapes import Address, Area

# What a development machine may keep in memory.
MOST_KNOWN = 1000
POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})\b", re.IGNORECASE)
HOUSE = re.compile(r"\b(\d{1,4}[A-Z]?)\b", re.IGNORECASE)
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
        found = POSTCODE.fullmatch(postcode.strip())
        if not found:
            return None
        outward, tidy = found.group(1).upper(), f"{found.group(1)} {found.group(2)}".upper()
        ours = outward in BARNET
        ward = WARDS[_seed(tidy) % len(WARDS)]
        return Area(tidy, "E09000003" if ours else "E09000033", ours, outward in BORDER, ward, 51.6, -0.2)


class ConsoleAddresses:
    """One made-up property for a house number and postcode, or five at a postcode alone.

    A property is known by its number once it has been found.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._known: OrderedDict[str, Address] = OrderedDict()

    async def by_postcode(self, postcode: str) -> list[Address]:
        """See connectors.kinds.Addresses.by_postcode."""
        return await self.find(postcode) if POSTCODE.fullmatch(postcode.strip()) else []

    async def by_uprn(self, uprn: str) -> Address | None:
        """See connectors.kinds.Addresses.by_uprn."""
        return self._known.get(uprn)

    async def find(self, text: str) -> list[Address]:
        """See connectors.kinds.Addresses.find."""
        found = POSTCODE.search(text)
        if not found:
            return []
        outward, inward = found.group(1).upper(), found.group(2).upper()
        postcode = f"{outward} {inward}"
        seed = _seed(postcode)
        before = text[: found.start()] + " " + text[found.end() :]
        house = HOUSE.search(before)
        numbers = [house.group(1).upper()] if house else [str(n) for n in range(1, 11, 2)]
        words = re.sub(r"[^A-Za-z' ]", " ", before).split()
        street = " ".join(words).title() if house and len(words) > 1 else STREETS[seed % len(STREETS)]
        addresses = [
            Address(
                uprn=str(100_000_000_000 + _seed(f"{number} {postcode}", 9)),
                line=f"{number} {street}, {postcode}",
                postcode=postcode,
                ours=outward in BARNET,
                ward=WARDS[seed % len(WARDS)],
            )
            for number in numbers
        ]
        for address in addresses:
            self._known[address.uprn] = address
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return addresses
