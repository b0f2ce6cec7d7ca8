"""Made-up properties at real-looking postcodes."""

import re
from hashlib import sha256

from connectors.shapes import Address

POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})\b", re.IGNORECASE)
HOUSE = re.compile(r"\b(\d{1,4}[A-Z]?)\b", re.IGNORECASE)
# Postcode districts that lie wholly or partly in Barnet; the border ones would need the property's own number.
BARNET = {
    "EN4", "EN5", "HA7", "HA8", "N2", "N3", "N10", "N11", "N12", "N14", "N20", "NW2", "NW4", "NW7", "NW9", "NW11",
}  # fmt: skip
STREETS = ("Ballards Lane", "Regents Park Road", "Long Lane", "Hendon Lane", "Station Road", "Church Hill")


class ConsoleAddresses:
    """One made-up property for a house number and postcode, or five at a postcode alone."""

    async def find(self, text: str) -> list[Address]:
        """See connectors.kinds.Addresses.find."""
        found = POSTCODE.search(text)
        if not found:
            return []
        outward, inward = found.group(1).upper(), found.group(2).upper()
        postcode = f"{outward} {inward}"
        seed = int(sha256(postcode.encode()).hexdigest()[:8], 16)
        before = text[: found.start()] + " " + text[found.end() :]
        house = HOUSE.search(before)
        numbers = [house.group(1).upper()] if house else [str(n) for n in range(1, 11, 2)]
        words = re.sub(r"[^A-Za-z' ]", " ", before).split()
        street = " ".join(words).title() if house and len(words) > 1 else STREETS[seed % len(STREETS)]
        return [
            Address(
                uprn=str(100_000_000_000 + int(sha256(f"{number} {postcode}".encode()).hexdigest()[:9], 16)),
                line=f"{number} {street}, {postcode}",
                postcode=postcode,
                ours=outward in BARNET,
            )
            for number in numbers
        ]
