"""Sums of money in pounds."""

from __future__ import annotations

import re
from decimal import Decimal

_MONEY = re.compile(
    r"(?=[£\d])(?:(?<!\w)£\s?(\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?)(k\b)?(?!\d)"
    r"|(?<![\w.,])(\d{1,3}(?:,\d{3}){1,3}(?:\.\d\d)?|\d{1,9}(?:\.\d\d)?)\s?(?:pounds?|quid|gbp)\b"
    r"|(?<![\w.,:])(\d{1,3})\s?(?:p|pence)\b)",
    re.IGNORECASE,
)


def money(text: str) -> list[str]:
    """Each sum in pounds with two decimals ("1850.00"; "50p" is "0.50")."""
    return [f"{_pounds(found):.2f}" for found in _MONEY.finditer(text)]


def _pounds(found: re.Match[str]) -> Decimal:
    sign, thousand, word, pence = found.groups()
    if pence:
        return Decimal(pence) / 100
    return Decimal((sign or word).replace(",", "")) * (1000 if thousand else 1)
