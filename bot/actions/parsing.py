"""What a resident's words mean as the answer to one question of a form. Pure functions, no look-ups."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

STREAMS = ("black", "blue", "brown", "green")

# Colours come first in meaning; the words beside them are how people call what goes in that bin.
_STREAM_WORDS = {
    "black": "black",
    "grey": "black",
    "gray": "black",
    "rubbish": "black",
    "refuse": "black",
    "general": "black",
    "household": "black",
    "landfill": "black",
    "trash": "black",
    "waste bin": "black",
    "blue": "blue",
    "recycling": "blue",
    "recycle": "blue",
    "recyclables": "blue",
    "recycled": "blue",
    "brown": "brown",
    "food": "brown",
    "caddy": "brown",
    "caddie": "brown",
    "compost caddy": "brown",
    "green": "green",
    "garden": "green",
    "grass": "green",
}
# Real words that lie close to a colour; they must never be taken for a misspelt one.
_NOT_MISSPELT = {
    "back",
    "block",
    "blocked",
    "good",
    "been",
    "seen",
    "greet",
    "queen",
    "crown",
    "grown",
    "flood",
    "wood",
}

_RULED_OUT = re.compile(r"\b(?:not|isn t|wasn t|instead of|rather than)( the| my| a| our)?( \w+)( bin| one)?")

_YES = re.compile(
    r"(yes|yeah|yea|yep|yup|ye|y|yh|sure|ok|okay|correct|right|aye|definitely|of course|absolutely|go ahead|"
    r"(yes )?send( it)?|please do|that s right|thats right|it was|it did|i did|all good|looks good|looks right|"
    r"fine|perfect|confirm)\b"
)
_NO = re.compile(
    r"(no|nope|nah|n|not|wrong|incorrect|never|it wasn t|it wasnt|it was not|it wasn|wasn t|wasnt|didn t|didnt|"
    r"i didn t|i didnt|i forgot|forgot|negative|don t|dont)\b"
)
_UNSURE = re.compile(
    r"\b(not sure|unsure|no idea|don t know|dont know|dunno|can t remember|cant remember|don t remember|maybe|"
    r"perhaps|i think so|not certain|possibly)\b"
)

_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?)\s*([0-9][ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE)
_HOUSE = re.compile(r"\b(?:flat\s+\w+|apartment\s+\w+|unit\s+\w+|no\.?\s*\d+[a-z]?|\d{1,4}[a-z]?)\b", re.IGNORECASE)
_STREET = re.compile(
    r"\b(road|rd|street|st|lane|ln|avenue|ave|close|way|drive|gardens|gdns|crescent|court|ct|grove|hill|terrace|"
    r"place|walk|mews|house|park|square|rise|view)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[A-Z0-9._%+'-]+@[A-Z0-9-]+(?:\.[A-Z0-9-]+)*\.[A-Z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+44|0044|0)(?:[\s().-]*\d){9,10}(?!\d)")
_DASHED = re.compile(r"\b([A-Z]{2})-([0-9A-Z]{4})-([0-9A-Z]{4})\b", re.IGNORECASE)
_LOOSE = re.compile(r"\b([A-Z]{2})[- ]?([0-9A-Z]{4})[- ]?([0-9A-Z]{4})\b", re.IGNORECASE)
_CODE_PLACE = "[code]"  # the web app puts this where a resident typed a code, so that no code reaches Rasa


def plain(text: str) -> str:
    """Lower case, words only: "It wasn't!" becomes "it wasn t"."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("’", "'")))


def stream(text: str) -> str | None:
    """The one bin meant ("the recycling one", "food caddy", "gren bin"), or None when none or several are.

    A bin that is ruled out does not count: "not the black one, the blue" is blue.
    """
    words = plain(text)
    words = _RULED_OUT.sub(_ruled_out, words)
    found = {value for word, value in _STREAM_WORDS.items() if re.search(rf"\b{word}\b", words)}
    colours = {value for value in found if re.search(rf"\b{value}\b", words)}
    if colours:  # "the green bin with food in it" names its colour
        found = colours
    if not found:
        found = {value for word in words.split() if (value := _misspelt(word, len(words.split()))) is not None}
    return found.pop() if len(found) == 1 else None


def _ruled_out(match: re.Match[str]) -> str:
    return "" if (match.group(2) or "").strip() in _STREAM_WORDS else match.group(0)


def _misspelt(word: str, words: int) -> str | None:
    # In a long sentence a near miss is more likely another word.
    if words > 5 or len(word) < 3 or word in _NOT_MISSPELT:
        return None
    nearest = max(_STREAM_WORDS, key=lambda known: SequenceMatcher(None, word, known).ratio())
    return _STREAM_WORDS[nearest] if SequenceMatcher(None, word, nearest).ratio() >= 0.82 else None


def yes_no(text: str) -> str | None:
    """ "yes", "no", "not sure", or None. Only how the words begin counts, so an address never does."""
    words = plain(text)
    if _UNSURE.search(words):
        return "not sure"
    if re.match(r"no problem|not a problem", words):
        return "yes"
    if _YES.match(words):
        return "yes"
    return "no" if _NO.match(words) else None


# In this order: a tag says more than what it was for.
_PROBLEMS = (
    ("tag", r"\b(tag|tagged|sticker|label|note|card|hanger)\b"),
    ("wrong things", r"\b(wrong (things?|stuff|items?|bin)|contaminat\w*|mixed|nappies|not recyclable)\b"),
    ("too heavy", r"\b(heavy|overloaded|overfull|too full|overflowing|lid (was )?(open|up)|wouldn t close)\b"),
    (
        "blocked",
        r"\b(block\w*|parked|car|cars|van|in the way|scaffold\w*|skip|roadworks|couldn t (get|reach)|access)\b",
    ),
)
_NO_PROBLEM = re.compile(r"(no|none|nope|nah|nothing|not that i know|all fine|fine|it was fine|n)\b")


def problem(text: str) -> str | None:
    """What was wrong with the bin, as its button says it, "nothing" included; None when it is none of those."""
    words = plain(text)
    if re.match(r"(no|nothing)\b", words) and len(words.split()) <= 3:
        return "nothing"
    for value, pattern in _PROBLEMS:
        if re.search(pattern, words) and not re.search(rf"\b(no|not|wasn t|isn t|without)( \w+)? ?{pattern}", words):
            return value
    return "nothing" if _NO_PROBLEM.match(words) or yes_no(text) == "not sure" else None


def postcode(text: str) -> str | None:
    """The first UK postcode, as it is written ("N3 1AB"), or None."""
    found = _POSTCODE.search(text)
    return f"{found.group(1).upper()} {found.group(2).upper()}" if found else None


def looks_like_address(text: str) -> bool:
    """Whether to try the words as an address: a postcode, or a house number with a street."""
    if postcode(text):
        return True
    return bool(_HOUSE.search(text) and _STREET.search(text)) and len(text) <= 120


def contact_details(text: str) -> str | None:
    """An email address or a UK phone number out of the words, "skip" for none wanted, or None."""
    if found := _EMAIL.search(text):
        return found.group().lower()
    if found := _PHONE.search(text):
        return " ".join(found.group().split())
    if re.match(r"(skip|no|none|nope|n|nah|don t|dont|rather not|i d rather not|no thanks|no need)\b", plain(text)):
        return "skip"
    return None


def reference(text: str) -> str | None:
    """A contact's reference in its written form (BN-7K3M-9QXF), or None.

    Without dashes at least one figure must be in it, or "is anything wrong" would be read as one.
    """
    found = _DASHED.search(text)
    if found is None:
        loose = (match for match in _LOOSE.finditer(text) if any(c.isdigit() for c in match.group()[2:]))
        found = next(loose, None)
    if found is None:
        return None
    prefix, first, second = (part.upper() for part in found.groups())
    # References are made without I, L and O (Crockford's base 32): these are misread 1 and 0.
    misread = str.maketrans("OIL", "011")
    return f"{prefix}-{first.translate(misread)}-{second.translate(misread)}"


def code(text: str) -> str | None:
    """The mark that stands for a typed code, or None when no code was typed."""
    return _CODE_PLACE if _CODE_PLACE in text else None


_QUESTION = re.compile(
    r"(what|when|where|which|who|why|how|can|could|do|does|did|is|are|am|will|would|should|may|have|has|"
    r"i want to know|tell me|and what|and how|and when)\b"
)


def is_question(text: str) -> bool:
    """Whether the words ask something, by how they begin or end."""
    return text.rstrip().endswith("?") or bool(_QUESTION.match(plain(text)))


def correction(text: str) -> bool:
    """Whether the words put an earlier answer right ("no, the blue one", "change the address")."""
    return bool(
        re.match(r"(no|actually|wait|oops|sorry|hang on|i meant|i mean|it s not|its not|not)\b", plain(text))
        or re.search(r"\b(change|wrong|i meant|instead|correct (the|my)|actually|edit|different)\b", plain(text))
    )
