"""Whether a contact is one that we have already: the same need of the same resident, or the same thing in the street.

It only says so, with a reason: software never closes a contact, and two residents who report one pothole are both told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from uuid import UUID

WITHIN = timedelta(days=14)  # FACTS section 5: a repeat within 14 days on the same topic
# Things that stand in one place for everybody: another report of the same is a duplicate while the first is open.
STREET = frozenset(
    {
        "abandoned_vehicle",
        "flooded_road",
        "fly_tipping",
        "parks",
        "pothole",
        "street_cleaning",
        "street_light",
    }
)
_SHORT = {
    "rd": "road",
    "st": "street",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "gdns": "gardens",
    "cres": "crescent",
    "dr": "drive",
    "cl": "close",
    "bdwy": "broadway",
}
_SMALL = frozenset(
    {
        "the",
        "outside",
        "near",
        "opposite",
        "corner",
        "of",
        "on",
        "in",
        "at",
        "by",
        "no",
        "number",
        "junction",
        "with",
        "and",
    }
)


Point = tuple[float, float]  # latitude and longitude in degrees
NEAR_M = 25.0  # of two points on one street problem: satellites and fingers on a map are out by as much
_DEGREE_M = 111_320.0  # of latitude


@dataclass(frozen=True)
class Earlier:
    """An earlier contact; `first` is the one that it repeats, if it does."""

    id: UUID
    reference: str
    service: str | None
    place: str | None
    arrived_at: datetime
    open: bool
    same_resident: bool
    first: UUID | None = None
    point: Point | None = None


@dataclass(frozen=True)
class Repeat:
    """Which contact is repeated, and the reason that an agent reads."""

    of: UUID
    reason: str


def same_place(place: str | None, other: str | None) -> bool:
    """Whether two places are written for the same one: "Outside 12 Long Ln, N3" and "12 Long Lane N3"."""
    return bool(place and other) and tidy_place(place or "") == tidy_place(other or "") != ""


def tidy_place(place: str) -> str:
    """A place in small letters, roads written out, small words and signs left out, a postcode as one word."""
    text = re.sub(r"\b([a-z]{1,2}\d[a-z\d]?)\s+(\d[a-z]{2})\b", r"\1\2", place.lower())
    words = [_SHORT.get(word, word) for word in re.findall(r"[a-z0-9]+", text)]
    return " ".join(word for word in words if word not in _SMALL)


def metres(one: Point, other: Point) -> float:
    """How far two points are apart, on ground that is as good as flat between them."""
    north = (one[0] - other[0]) * _DEGREE_M
    east = (one[1] - other[1]) * _DEGREE_M * cos(radians((one[0] + other[0]) / 2))
    return hypot(north, east)


def repeat(
    service: str | None, place: str | None, now: datetime, earlier: Iterable[Earlier], point: Point | None = None
) -> Repeat | None:
    """The newest contact that this one repeats, named by the first of them; None when there is none.

    The same resident and service within 14 days; or, of what stands in a street, the same place while it is open. Where
    both have a point on the map the points say whether it is the same place: a road has more than one pothole.
    """
    if service is None:
        return None
    for one in sorted(earlier, key=lambda each: each.arrived_at, reverse=True):
        if one.service != service:
            continue
        days = max((now - one.arrived_at).days, 0)
        ago = "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
        if one.same_resident and now - one.arrived_at <= WITHIN:
            return Repeat(one.first or one.id, f"The same resident told us of the same need {ago} ({one.reference}).")
        if service not in STREET or not one.open:
            continue
        if metres(point, one.point) <= NEAR_M if point and one.point else same_place(place, one.place):
            return Repeat(one.first or one.id, f"The same place was reported {ago} and is open ({one.reference}).")
    return None
