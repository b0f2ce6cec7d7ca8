"""What every supplier of messages takes: which addresses are addresses."""

import re

from connectors.errors import MessageRefused

EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
# A UK mobile number, with or without the country's code.
MOBILE = re.compile(r"(?:\+?44\s?|0)7(?:[\s-]?\d){9}")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2}", re.IGNORECASE)


def letter_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    """An address for a letter: three to seven lines, the last a UK postcode. Raises MessageRefused."""
    tidy = tuple(" ".join(line.split()) for line in lines if line.strip())
    if not 3 <= len(tidy) <= 7 or not _POSTCODE.fullmatch(tidy[-1]):
        raise MessageRefused("not a postal address: three to seven lines, the last of them its postcode")
    return tidy
