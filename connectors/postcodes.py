"""What a UK postcode looks like, in whatever somebody typed."""

import re

_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})\b", re.IGNORECASE)
_HOUSE = re.compile(r"\b(\d{1,4}[A-Z]?)\b", re.IGNORECASE)


def tidy(text: str) -> str | None:
    """A postcode written as everybody writes it, or None when the text is something else."""
    found = _POSTCODE.fullmatch(text.strip())
    return f"{found[1]} {found[2]}".upper() if found else None


def within(text: str) -> tuple[str, str] | None:
    """The first postcode in a text, tidied, and the text without it; None when there is none."""
    found = _POSTCODE.search(text)
    if not found:
        return None
    return f"{found[1]} {found[2]}".upper(), f"{text[: found.start()]} {text[found.end() :]}"


def house(text: str) -> str | None:
    """The first house number in what is left of an address, such as 12 or 12A."""
    found = _HOUSE.search(text)
    return found[1].upper() if found else None
