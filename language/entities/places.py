"""Areas and roads of the council, by name. They say where, never who."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from language.entities.council import any_of, named

_SHORT = {"road": "rd", "lane": "ln", "street": "st", "avenue": "ave", "gardens": "gdns", "broadway": "bdwy"}


def areas(text: str, names: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Areas by their written names, not those that only begin a road's name ("Finchley Road")."""
    return list(named(_without_roads(text, names), names))


def roads(text: str, names: Sequence[str]) -> list[str]:
    """Known roads by their written names, also when shortened ("Ballards Ln")."""
    ways = {name: _shortened(name) for name in names}
    return named(text, ways)


def without_places(text: str, areas_named: Mapping[str, tuple[str, ...]], roads_named: Sequence[str]) -> str:
    """`text` with the names of areas and roads blanked, so that "Golders Green" is no green bin."""
    ways = [way for name, others in areas_named.items() for way in (name, *others)]
    ways += [way for name in roads_named for way in (name, *_shortened(name))]
    return any_of(tuple(ways)).sub(" | ", text) if ways else text


def _shortened(name: str) -> tuple[str, ...]:
    first, _, last = name.rpartition(" ")
    short = _SHORT.get(last.lower())
    return (f"{first} {short}", f"{first} {short}.") if short else ()


def _without_roads(text: str, names: Mapping[str, tuple[str, ...]]) -> str:
    ways = tuple(way for name, others in names.items() for way in (name, *others))
    return _roads_after(ways).sub(" | ", text) if ways else text


@cache
def _roads_after(ways: tuple[str, ...]) -> re.Pattern[str]:
    kinds = r"\s(?:road|rd|lane|ln|way|avenue|ave|street|broadway|hill)\b"
    return re.compile(any_of(ways).pattern + kinds, re.IGNORECASE)
