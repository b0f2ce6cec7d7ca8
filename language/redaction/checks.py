"""Whether a run of characters can be what it looks like: checksums and shapes that their owners publish."""

from __future__ import annotations

import re

from language.redaction.lexicon import group

POSTCODE_AREAS = group("postcode_areas")
# Prefixes that HM Revenue and Customs never gives out. QQ stands in its own examples, so it is let through.
_NI_NEVER = frozenset(["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"])


def digits(text: str) -> str:
    """Only the figures of `text`."""
    return re.sub(r"\D", "", text)


def luhn(number: str) -> bool:
    """Whether the figures pass the check that every payment card number passes (ISO/IEC 7812)."""
    total = 0
    for place, figure in enumerate(reversed(number)):
        value = int(figure) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(number)) > 1


def nhs(number: str) -> bool:
    """Whether ten figures pass the NHS number's check (modulus 11)."""
    if len(number) != 10 or len(set(number)) == 1:
        return False
    left = 11 - sum(int(figure) * (10 - place) for place, figure in enumerate(number[:9])) % 11
    return left != 10 and left % 11 == int(number[9])


def ni_prefix(letters: str) -> bool:
    """Whether a National Insurance number may begin with these two letters."""
    first, second = letters[0].upper(), letters[1].upper()
    if first + second == "QQ":
        return True
    return first not in "DFIQUV" and second not in "DFIOQUV" and first + second not in _NI_NEVER


def iban(text: str) -> bool:
    """Whether an international account number passes its check (ISO 13616, modulus 97)."""
    plain = re.sub(r"\s", "", text).upper()
    if not 15 <= len(plain) <= 34 or not plain.isalnum() or not plain.isascii():
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def outcode(text: str) -> bool:
    """Whether the first half of a postcode has an area that exists."""
    letters = re.match(r"[A-Z]{1,2}", text.upper())
    return letters is not None and letters.group() in POSTCODE_AREAS
