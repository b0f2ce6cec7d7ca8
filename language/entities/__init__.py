"""Reads from a message the things that a form or a search can use. Pure functions; knows nothing of triage.

>>> read_entities("blue bin missed last Tuesday at N3 1AB", now, council)
{'postcode': ['N3 1AB'], 'date': ['2026-11-17'], 'stream': ['blue']}
"""

from __future__ import annotations

from datetime import datetime

from language.entities.answers import one_postcode, one_reference, one_stream, reply_address
from language.entities.council import CouncilWords
from language.entities.dates import dates
from language.entities.money import money
from language.entities.phones import phones
from language.entities.places import areas, roads, without_places
from language.entities.postcodes import postcodes
from language.entities.references import references
from language.entities.school_years import school_years
from language.entities.sites import sites
from language.entities.streams import streams
from language.entities.times import times
from language.entities.vehicles import vehicles

__all__ = ["CouncilWords", "one_postcode", "one_reference", "one_stream", "read_entities", "reply_address"]

# A message may be 5,000 characters; what it is about is said long before.
_LONGEST = 5000

Entities = dict[str, list[str]]


def read_entities(text: str, now: datetime, council: CouncilWords) -> Entities:
    """What `text` names, each kind a list in order of appearance without repeats; kinds not named are left out.

    `now` is the local time that "tomorrow" is counted from. Dates are ISO 8601, times "HH:MM", money in pounds with
    two decimals, phones in international form, school years "N" (nursery), "R" (reception) or a number.
    """
    text = text[:_LONGEST]
    found: Entities = {
        "postcode": postcodes(text),
        "date": [day.isoformat() for day in dates(text, now.date())],
        "time": [at.strftime("%H:%M") for at in times(text)],
        "phone": phones(text),
        "vehicle": vehicles(text),
        "reference": references(text, council.reference_prefix),
        "stream": streams(without_places(text, council.areas, council.roads), council.streams),
        "school_year": school_years(text),
        "library": sites(text, council.libraries),
        "area": areas(text, council.areas),
        "road": roads(text, council.roads),
        "money": money(text),
    }
    return {kind: list(dict.fromkeys(values)) for kind, values in found.items() if values}
