"""How a resident answers a form: yes and no, a problem, a correction, a question. Pure functions, no look-ups.

Bins, postcodes, references and the like are read by `language.entities`, here as everywhere.
"""

from __future__ import annotations

import re

from language.entities import one_postcode, reply_address

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

_HOUSE = re.compile(r"\b(?:flat\s+\w+|apartment\s+\w+|unit\s+\w+|no\.?\s*\d+[a-z]?|\d{1,4}[a-z]?)\b", re.IGNORECASE)
_STREET = re.compile(
    r"\b(road|rd|street|st|lane|ln|avenue|ave|close|way|drive|gardens|gdns|crescent|court|ct|grove|hill|terrace|"
    r"place|walk|mews|house|park|square|rise|view)\b",
    re.IGNORECASE,
)
_CODE_PLACE = "[code]"  # the web app puts this where a resident typed a code, so that no code reaches Rasa


def plain(text: str) -> str:
    """Lower case, words only: "It wasn't!" becomes "it wasn t"."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("’", "'")))


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


def looks_like_address(text: str) -> bool:
    """Whether to try the words as an address: a postcode, or a house number with a street."""
    if one_postcode(text):
        return True
    return bool(_HOUSE.search(text) and _STREET.search(text)) and len(text) <= 120


def contact_details(text: str) -> str | None:
    """An email address or a UK phone number out of the words, "skip" for none wanted, or None."""
    if given := reply_address(text):
        return given
    if re.match(r"(skip|no|none|nope|n|nah|don t|dont|rather not|i d rather not|no thanks|no need)\b", plain(text)):
        return "skip"
    return None


def code(text: str) -> str | None:
    """The mark that stands for a typed code, or None when no code was typed."""
    return _CODE_PLACE if _CODE_PLACE in text else None


_QUESTION = re.compile(
    r"(what|when|where|which|who|why|how|can|could|do|does|did|is|are|am|will|would|should|may|have|has|"
    r"i want to know|tell me|and what|and how|and when)\b"
)


# What may stand before a question: "wait, what's a coroner".
_LEAD = re.compile(
    r"((?:wait|ok|okay|but|and|so|sorry|actually|hang on|hold on|hi|hello|also|um|er|erm|oh|please|just|well|no|yes|"
    r"quick question|one question) )+"
)
_WH = (
    r"(?:whats|whos|wheres|whens|hows|(?:what|who|where|when|how|which|why) (?:s|is|are|was|were|do|does|did|can|could|"
    r"will|would|should|has|have|had|shall|am|may|might|must|to|if|about|else|happens|much|many|long|often|soon|far|"
    r"late|early|time|day|date|kind|sort|type|papers|documents|council|exactly))\b|how come\b|why\b"
)
_INVERTED = (
    r"(?:can|could|may|should|shall|do|does|did|is|are|am|was|were|will|would|must|has|have) (?:i|we|you|it|they|he|"
    r"she|there|this|that|these|those|the|my|your|our|anybody|anyone)\b"
)
# A change, or something to be done by us, is asked for in the form of a question.
_REQUEST = re.compile(
    r"(?:how )?(?:can|could|may|will|would|do) (?:i|we|you) (?:please |just )?(?:change|correct|edit|fix|send)\b"
)
_TELLS = re.compile(
    r"(?:can|could|will|would) you (?!(?:please |just )?(?:tell|say|explain|help|let|do it|see|remind)\b)"
)


def is_question(text: str) -> bool:
    """Whether the words ask something, by how they begin or end."""
    words = _LEAD.sub("", plain(text), count=1)
    return text.rstrip().endswith("?") or bool(_QUESTION.match(words))


def asks_outright(text: str) -> bool:
    """Whether the words begin as a question does and nothing else ("how much is", "can I"), and ask for no change.

    "When I got home" and "can stay for now" begin with such a word, and are answers.
    """
    words = _LEAD.sub("", plain(text), count=1)
    return bool(re.match(rf"{_WH}|{_INVERTED}", words)) and not _REQUEST.match(words)


# "Was the blue van again" leaves a word out: it tells of something, unless it ends as a question.
_TOLD = re.compile(r"(?:is|are|was|were|has|have) (?:the|my|our|your|this|that|these|those|there)\b")


def tells(text: str) -> bool:
    """Whether words that begin as a question tell or ask for something, where a resident's own words are wanted."""
    told = _TOLD.match(plain(text)) and not text.rstrip().endswith("?")
    return bool(told) or names_a_thing(text)


def names_a_thing(text: str) -> bool:
    """Whether an outright question asks for no fact but names what is wanted: "can you take a sofa?"."""
    words = _LEAD.sub("", plain(text), count=1)
    return bool(_TELLS.match(words))


def correction(text: str) -> bool:
    """Whether the words put an earlier answer right ("no, the blue one", "change the address")."""
    return bool(
        re.match(r"(no|actually|wait|oops|sorry|hang on|i meant|i mean|it s not|its not|not)\b", plain(text))
        or re.search(r"\b(change|wrong|i meant|instead|correct (the|my)|actually|edit|different)\b", plain(text))
    )
