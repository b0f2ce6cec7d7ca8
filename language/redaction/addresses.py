"""Where somebody lives: a house number with its street, a flat with its building, a number beside a postcode.

A street alone is no address: "Victoria Road is flooded" is what a service needs to know.
"""

from __future__ import annotations

import re

from language.redaction.lexicon import fold, group, lexicon
from language.redaction.prechecks import figures, holds, small
from language.redaction.spans import HIDDEN, Working

_I = re.IGNORECASE
_STRONG = (
    r"road|rd|street|avenue|ave|crescent|cres|gardens|gdns|grove|mews|terrace|broadway|parade|lane|ln|drive|"
    r"ridgeway|close|"
    r"villas|boulevard"
)
_WEAK = (
    r"st|av|cl|way|dr|court|ct|hill|place|pl|walk|park|square|sq|rise|view|row|green|vale|end|circus|mount|path|"
    r"house|lodge|"
    r"tower|towers|heights|point|approach|common|garden|gr|cottages|estate|croft|field|fields|chase|ridge|bank|"
    r"meadow|wharf|quay"
)
_BUILDING = (
    r"house|court|ct|lodge|towers?|mansions?|heights|point|building|apartments|centre|park|estate|block|villas|"
    r"place|hall"
)
# A full stop with a blank after it ends a sentence, and no street runs on over it ("the 2021 flood. The house").
_NAME = r"(?:st\.|[^\W\d_](?:[\w'’-]|\.(?=\w)){0,20})"
_NUMBER = r"(?:no\.?\s?|number\s|#)?\d{1,4}\s?(?:[a-h]\b)?(?:\s?[-/&]\s?\d{1,4}[a-h]?\b)?"

_STREET = re.compile(
    rf"(?<![\w£$.:/-])({_NUMBER}),?\s{{1,2}}((?:the\s{{1,2}})?(?:{_NAME}\s{{1,2}}){{0,3}}?)({_STRONG}|{_WEAK})\b"
    rf"(\s(?:{_STRONG}|north|south|east|west|park)\b)?(\s(?:north|south)\b)?",
    _I,
)
_FLAT = re.compile(
    rf"\b(?:flat|apt\.?|apartment|unit|studio|maisonette|room)\s?(?:no\.?\s?|"
    rf"number\s)?(?:\d{{1,4}}(?:\s?[a-h])?|[a-h])\b"
    rf"(?:,?\s{{1,2}}(?:of\s|at\s|in\s)?((?:{_NAME}\s{{1,2}}){{1,3}}?(?:{_BUILDING}|{_STRONG})\b"
    rf"(?:,\s?(?:{_NAME}\s){{1,3}}?(?:{_STRONG}|way)\b)?))?",
    _I,
)
_COTTAGE = re.compile(
    rf"\b(?:{_NAME}\s){{1,2}}(?:cottage|house|lodge|villa|farm|"
    rf"barn),\s?(?:the\s)?(?:{_NAME}\s){{0,3}}?(?:{_STRONG}|way|hill|green)\b",
    _I,
)
# "The people at number 42" are somebody. "A pothole outside number 40" is where a thing is, and the crew goes there.
_NUMBER_ALONE = re.compile(
    r"(?<!bus )(?<!\w)(?:at|moved from|lives?(?: at| in)?|house|door|neighbours?(?: at)?)\s"
    r"((?:house\s)?(?:no\.?|number)\s?(?:is\s)?\d{1,4}[a-h]?)\b(?!\s(?:bus|route|tube|train|school|bins?|times?))",
    _I,
)
_HOUSE_IS = re.compile(r"\bhouse\s(?:no\.?|number\s?)?(?:is\s)?(\d{1,4}[a-h]?)\b", _I)
_BEFORE_POSTCODE = re.compile(
    rf"(?<![\w£/])((?:flat\s|house\s|no\.?\s?|"
    rf"number\s){{0,2}}\d{{1,4}}\s?[a-h]?(?:\s?[,/]\s?\d{{1,4}}[a-h]?)?)[,\s]{{1,3}}(?={HIDDEN})",
    _I,
)
_HOUSE_NAME = re.compile(r"((?:[A-Z][\w'’-]{1,20}\s?){2,3}),\s{1,2}$")
_BUS = re.compile(
    r"\b(?:bus(?:es)?|route|routes|over|about|around|nearly|all|these|those|the|under|least|than|top|only|"
    r"just)\s$",
    _I,
)
_AT = re.compile(
    r"\b(?:at|live|lives|living|from|outside|of|to|is|its|number|no|opposite|address|in|visit|near|moved|left)\s$", _I
)

_FLATS = ("flat", "apt", "apartment", "unit", "studio", "maisonette", "room")
_COTTAGES = ("cottage,", "house,", "lodge,", "villa,", "farm,", "barn,")

_NO_STREET = group("no_street")
_PUBLIC = frozenset(address.replace("_", " ") for address in group("public_addresses"))


def addresses(working: Working) -> None:
    """Hide what says where somebody lives. Postcodes are hidden already."""
    plain = small(working.left)
    flats, numbered = holds(plain, _FLATS), figures(plain)
    for found in list(_FLAT.finditer(working.left)) if flats else ():
        if found.group(1) and _are_names(found.group(1)):
            working.hide("address", *found.span())
    for found in list(_STREET.finditer(working.left)) if numbered else ():
        if _is_street(found, working) and not _is_public(found.group(), working):
            working.hide("address", *found.span())
    for found in list(_COTTAGE.finditer(working.left)) if holds(plain, _COTTAGES) else ():
        # "to Rose Cottage, Totteridge Lane": the pattern may begin a small word too early.
        first = found.group().split()[0]
        start = found.start() + (len(first) if fold(first) in _NO_STREET else 0)
        if _are_names(working.left[start : found.end()]):
            working.hide("address", start, found.end())
    for pattern in (_NUMBER_ALONE, _HOUSE_IS) if numbered else ():
        for found in list(pattern.finditer(working.left)):
            working.hide("address", *found.span(1))
    for found in list(_BEFORE_POSTCODE.finditer(working.left)) if numbered and HIDDEN in working.left else ():
        if any(span.kind == "postcode" and span.start == found.end() for span in working.found):
            working.hide("address", *found.span(1))
    _join_flats(working, flats=flats)


def _join_flats(working: Working, *, flats: bool) -> None:
    # "flat 3, [address]": what stands right before an address belongs to it.
    starts = {span.start for span in working.found if span.kind in ("address", "postcode")}
    for found in list(_FLAT.finditer(working.left)) if flats and starts else ():
        if {found.end() + gap for gap in range(4)} & starts:
            working.hide("address", *found.span())
    for span in [span for span in working.found if span.kind == "address"]:
        house = _HOUSE_NAME.search(working.left[max(0, span.start - 50) : span.start])
        if house and (
            house.group(1).startswith("The ")
            or not all(fold(word) in lexicon().ordinary for word in house.group(1).split())
        ):
            working.hide("address", span.start - len(house.group()), span.start)


def _is_public(address: str, working: Working) -> bool:
    """Whether the council's own public places (its offices) hold this very address."""
    places = working.keep.places
    return fold(address) in _PUBLIC or (places is not None and places.fullmatch(address) is not None)


def _are_names(text: str) -> bool:
    return not any(fold(word.strip(",.")) in _NO_STREET for word in text.split())


def _is_street(found: re.Match[str], working: Working) -> bool:
    names, kind = found.group(2).split(), found.group(3).lower()
    before = working.left[max(0, found.start() - 20) : found.start()]
    if _BUS.search(before) or not _are_names(" ".join(names)):
        return False
    if not names and found.group(4):
        names, kind = [found.group(3)], found.group(4).strip().lower()  # "12 Park Road"
    if not names:
        return False
    if names == ["the"] and not kind.startswith("ridge"):
        return kind in (
            "avenue",
            "grove",
            "drive",
            "crescent",
            "terrace",
            "broadway",
            "mews",
            "close",
            "vale",
            "rise",
            "mount",
        )
    weak = not re.fullmatch(_STRONG, kind) or kind in ("lane", "drive", "close", "terrace", "villas")
    plain = all(fold(name) in lexicon().ordinary and not name[:1].isupper() for name in names)
    return not (weak and plain) or _AT.search(before) is not None or not before.strip()
