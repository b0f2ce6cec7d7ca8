"""Whether a place that somebody named is the council's, and which property and ward it is. Pure: nothing is guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.postcodes import within
from connectors.shapes import Address, Area
from triage.contacts import BY_POSTCODE, MADE_UP, OURS_BY_POSTCODE, OURS_BY_PROPERTY, UPRN, WARD, WHOSE
from triage.tables import Contact

UNSURE = "Not sure: this postcode is by the border. Ask for the house number and street"
ELSEWHERE = "It looks like {council}'s, by the {known_by}. Make sure before you pass it on"


@dataclass(frozen=True)
class Where:
    """What is added to a contact's details; `elsewhere`: it looks like another council's, which a person decides."""

    details: Mapping[str, str] = field(default_factory=dict)
    elsewhere: bool = False


def to_look_up(contact: Contact) -> str | None:
    """The place to ask about; None where there is no whole postcode in it, or it has been asked about.

    A demonstration's contacts never leave the house.
    """
    place = contact.place or ""
    open_and_new = contact.state != "closed" and WHOSE not in contact.details
    return place if open_and_new and not contact.demo and within(place) else None


def meant(place: str, found: Sequence[Address]) -> list[Address]:
    """The properties that the words of a place can only mean: each word stands in their line, beside the postcode.

    "Outside 12 Long Lane" is no property, and "2 holes near N3 1AB" is not number 2.
    """
    postcode, rest = within(place) or ("", "")
    words = _words(rest)
    return [one for one in found if words and one.postcode == postcode and words <= _words(one.line)]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", "")))


def of_properties(found: Sequence[Address]) -> Where | None:
    """What the properties that are meant say; None where there are none, or they are not all one council's."""
    if len({one.ours for one in found}) != 1:
        return None
    if not found[0].ours:
        councils = {one.council_name for one in found}
        return _elsewhere(councils.pop() if len(councils) == 1 else None, "address")
    wards = {one.ward for one in found}
    ward = wards.pop() if len(wards) == 1 else None
    details = {WHOSE: OURS_BY_PROPERTY}
    if len(found) == 1:
        details[UPRN] = found[0].uprn
    return Where(details | ({WARD: ward} if ward else {}))


def of_area(area: Area | None) -> Where:
    """What a postcode alone says. By the border it decides nothing: only a property's number does (FACTS section 7)."""
    if area is None:
        return Where()
    if area.border:
        return Where({WHOSE: UNSURE})
    if not area.ours:
        return _elsewhere(area.council_name, "postcode")
    return Where({WHOSE: OURS_BY_POSTCODE} | _ward_of(area))


def with_ward(where: Where, area: Area | None) -> Where:
    """Where the properties' supplier knows no wards, the ward of a postcode that is not by the border."""
    if where.elsewhere or WARD in where.details or area is None or area.border or not area.ours:
        return where
    return Where({**where.details, **_ward_of(area)})


def made_up(where: Where) -> Where:
    """What the stand-in for addresses says, marked as such. Nothing is anybody else's because of it."""
    return Where({label: f"{said} {MADE_UP}" for label, said in where.details.items()})


def _ward_of(area: Area) -> dict[str, str]:
    return {WARD: f"{area.ward}{BY_POSTCODE}"} if area.ward else {}


def _elsewhere(council: str | None, known_by: str) -> Where:
    return Where({WHOSE: ELSEWHERE.format(council=council or "another council", known_by=known_by)}, elsewhere=True)
