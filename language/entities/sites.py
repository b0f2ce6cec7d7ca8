"""Library sites by the names that people give them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from language.entities.council import named

_LIBRARY = re.compile(r"\blibrar(?:y|ies)\b", re.IGNORECASE)


def sites(text: str, libraries: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The ids of the libraries meant. An area's name counts only beside the word "library", or all alone."""
    ways = {key: (*others, key.replace("-", " ")) for key, others in libraries.items()}
    found = named(text, ways)
    if found and (_LIBRARY.search(text) or len(text.split()) <= 4):
        return found
    return []
