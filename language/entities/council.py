"""A council's own words that entities are read by, from its folder in data/councils."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from language.entities.streams import COLOURS

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class CouncilWords:
    """What this council calls its bins, libraries, areas and roads. Keys are ids; values are other ways to say them."""

    reference_prefix: str
    streams: Names = field(default_factory=lambda: COLOURS)
    libraries: Names = field(default_factory=dict)
    areas: Names = field(default_factory=dict)
    roads: tuple[str, ...] = ()
    public: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> CouncilWords:
        """Read council.toml, libraries.toml and places.toml of one council's folder. Raises KeyError, OSError or
        tomllib.TOMLDecodeError when one is missing or not whole."""
        about = _read(folder / "council.toml")
        libraries = _read(folder / "libraries.toml")
        places = _read(folder / "places.toml")
        return cls(
            reference_prefix=str(about["reference_prefix"]),
            libraries={key: tuple(site["aliases"]) for key, site in libraries.items()},
            areas={name: tuple(others) for name, others in places["areas"].items()},
            roads=tuple(places["roads"]["names"]),
            public=tuple(places["public"]["names"]),
        )

    @property
    def kept_places(self) -> tuple[str, ...]:
        """Every public name, for a Redactor: areas, roads, and what is called after a person."""
        others = [other for names in self.areas.values() for other in names]
        return (*self.areas, *others, *self.roads, *self.public)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def named(text: str, names: Names) -> list[str]:
    """The ids whose name or other way to say it stands in `text`, longest match first at each spot, in order."""
    ways = {way.lower(): key for key, others in names.items() for way in (key, *others)}
    if not ways:
        return []
    return [ways[found.group()] for found in any_of(tuple(ways)).finditer(text.lower().replace("’", "'"))]


@cache
def any_of(ways: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these names as whole words, the longest first, in either case. Made once for each set of names."""
    by_initial: dict[str, list[str]] = {}
    for way in sorted(ways, key=len, reverse=True):
        by_initial.setdefault(way[0].lower(), []).append(re.escape(way[1:]))
    # Most words begin with no letter that a name begins with: one look spares trying every name there.
    initials = "".join(sorted(map(re.escape, by_initial)))
    names = "|".join(f"{re.escape(initial)}(?:{'|'.join(rest)})" for initial, rest in by_initial.items())
    return re.compile(rf"(?<!\w)(?=[{initials}])(?:{names})(?!\w)", re.IGNORECASE)
