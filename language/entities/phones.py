"""UK telephone numbers in international form."""

from __future__ import annotations

import re

_PHONE = re.compile(
    r"(?<![\w/])(?:(?:\+|00)44[\s.-]{0,2}(?:\(0\)[\s.-]{0,2})?|\(?0)[1-9](?:[\s().-]{0,3}\d){8,9}(?!\w)"
)


def phones(text: str) -> list[str]:
    """Each UK number as +44 and nine or ten figures ("+447700900123"). Short numbers such as 101 are none."""
    return ["+44" + _national(found.group()) for found in _PHONE.finditer(text)]


def typed_phones(text: str) -> list[str]:
    """Each UK number as it was typed, blanks made single: how a resident knows it again ("07700 900123")."""
    return [" ".join(found.group().split()) for found in _PHONE.finditer(text)]


def _national(found: str) -> str:
    figures = re.sub(r"\D", "", found.replace("(0)", ""))
    for country in ("0044", "44"):
        if figures.startswith(country) and not (country == "44" and found.lstrip("(").startswith("0")):
            figures = figures.removeprefix(country)
            break
    return figures.removeprefix("0")
