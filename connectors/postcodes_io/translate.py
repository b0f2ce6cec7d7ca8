"""From postcodes.io's answer to an area. Pure."""

from collections.abc import Mapping
from typing import Any

from connectors.errors import AnswerUnreadable
from connectors.postcodes_io.settings import Settings
from connectors.shapes import Area


def area_of(content: Any, settings: Settings) -> Area:
    """Where a postcode's middle lies. Raises AnswerUnreadable."""
    try:
        result = content["result"]
        postcode, council = result["postcode"], result["codes"]["admin_district"]
        ward, latitude, longitude = result["admin_ward"], result["latitude"], result["longitude"]
    except (KeyError, TypeError):
        raise AnswerUnreadable("postcodes.io gave no postcode.") from None
    if not isinstance(postcode, str) or not isinstance(council, str) or not isinstance(result, Mapping):
        raise AnswerUnreadable("postcodes.io gave no council.")
    border = postcode.partition(" ")[0] in settings.border
    name = result.get("admin_district")
    named = name if isinstance(name, str) else None
    return Area(postcode, council, council == settings.council, border, ward, latitude, longitude, named)
