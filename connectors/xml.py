"""XML from outside, read without its dangers.

Entities are how a small document becomes a huge one or fetches a file, and no supplier of ours needs them; a document
that declares any is refused before it is parsed.
"""

import re
from xml.etree.ElementTree import Element, ParseError, XMLParser, fromstring

DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
# Deeper than any document of a supplier of ours.
MOST_NESTED = 50


class NotPlainXml(ValueError):
    """The text is not XML, or is XML of a kind that we do not read."""


def parse(body: bytes) -> Element:
    """The document's root. Raises NotPlainXml."""
    # UTF-16 would hide a declaration from the check; the protocols that we speak are all UTF-8.
    if DECLARES.search(body) or b"\x00" in body:
        raise NotPlainXml("declares a document type")
    try:
        root = fromstring(body, XMLParser(encoding="utf-8"))  # noqa: S314 (nothing is declared, see above)
    except (ParseError, ValueError, LookupError) as error:
        raise NotPlainXml(str(error)) from None
    if _depth(root) > MOST_NESTED:
        raise NotPlainXml("too deep")
    return root


def _depth(root: Element) -> int:
    depth, level = 0, [root]
    while level and depth <= MOST_NESTED:
        depth += 1
        level = [child for element in level for child in element]
    return depth


def text(element: Element, name: str) -> str | None:
    """The text of a child, or None when it is missing or empty."""
    found = element.findtext(name)
    return found.strip() or None if found else None
