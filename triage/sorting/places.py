"""Where a contact is about, when nobody said so in a field of its own: the road, area or postcode in its words."""

from datetime import datetime

from language.entities import CouncilWords, read_entities


def place_in(text: str, now: datetime, council: CouncilWords) -> str | None:
    """A known road with its area or postcode, or a postcode or area alone; None when the words name no place.

    Of two roads neither is taken: a person reads which.
    """
    found = read_entities(text, now, council)
    roads, areas, postcodes = (found.get(kind, []) for kind in ("road", "area", "postcode"))
    if len(roads) > 1 or len(postcodes) > 1:
        return None
    parts = [*roads, *(areas[:1] if len(areas) == 1 and not postcodes else []), *postcodes]
    return ", ".join(parts) or None
