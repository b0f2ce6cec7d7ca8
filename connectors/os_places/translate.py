"""From OS Places' DPA records (Royal Mail's addresses) to ours. Pure."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from connectors.errors import AnswerUnreadable
from connectors.postcodes import house, tidy
from connectors.shapes import Address, Area

MOST_FOUND = 20


def records(content: Any) -> list[Mapping[str, Any]]:
    """The DPA records of an answer; OS leaves `results` out when there are none. Raises AnswerUnreadable."""
    results = content.get("results", []) if isinstance(content, Mapping) and "header" in content else None
    if not isinstance(results, list):
        raise AnswerUnreadable("OS Places gave no results.")
    found = [row["DPA"] for row in results if isinstance(row, Mapping) and isinstance(row.get("DPA"), Mapping)]
    if any("UPRN" not in row or "ADDRESS" not in row or "POSTCODE" not in row for row in found):
        raise AnswerUnreadable("OS Places gave an address without its number.")
    return found


def address_of(row: Mapping[str, Any], custodian_code: int) -> Address:
    """One property. Its line is as OS writes it, but not all in capitals."""
    postcode = tidy(str(row["POSTCODE"])) or str(row["POSTCODE"])
    line = str(row["ADDRESS"]).removesuffix(f", {postcode}").title()
    line = re.sub(r"\b(\d+)([A-Z]?[a-z]?)\b", lambda found: found[1] + found[2].upper(), line)
    # As people write it: 14B Example Road, not 14B, Example Road.
    line = re.sub(r"(^|, )(\d+[A-Z]?), ", r"\1\2 ", line)
    return Address(
        uprn=str(row["UPRN"]),
        line=f"{line}, {postcode}",
        postcode=postcode,
        ours=_custodian(row) == custodian_code,
        latitude=_number(row.get("LAT")),
        longitude=_number(row.get("LNG")),
        council_name=str(row.get("LOCAL_CUSTODIAN_CODE_DESCRIPTION") or "").title() or None,
    )


def at_house(rows: list[Mapping[str, Any]], rest: str) -> list[Mapping[str, Any]]:
    """Those at the house number that was typed beside the postcode; all of them when there was none."""
    number = house(rest)
    if number is None:
        return rows[:MOST_FOUND]
    pattern = re.compile(rf"(^|[\s,]){re.escape(number)}([\s,]|$)", re.IGNORECASE)
    named = ("BUILDING_NUMBER", "BUILDING_NAME", "SUB_BUILDING_NAME")
    return [row for row in rows if any(pattern.search(str(row.get(name, ""))) for name in named)][:MOST_FOUND]


def area_of(rows: list[Mapping[str, Any]], custodian_code: int) -> Area | None:
    """Whose the properties of a postcode are: `border` when they are not all one council's."""
    if not rows:
        return None
    custodians = Counter(_custodian(row) for row in rows)
    most, _ = custodians.most_common(1)[0]
    first = address_of(rows[0], custodian_code)
    return Area(
        postcode=first.postcode,
        council=str(most),
        ours=most == custodian_code,
        border=len(custodians) > 1,
        latitude=first.latitude,
        longitude=first.longitude,
        council_name=first.council_name if len(custodians) == 1 else None,
    )


def _custodian(row: Mapping[str, Any]) -> int:
    code = str(row.get("LOCAL_CUSTODIAN_CODE", ""))
    return int(code) if code.isdecimal() else 0


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
