"""Email addresses, typed or spelt out ("mrs.levy at btinternet dot com")."""

from __future__ import annotations

import re

_PROVIDER = r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|btinternet|live|aol|sky|virginmedia|protonmail|msn)"
_DOT = r"\s?(?:\.|\bdot\b)\s?"
_END = r"(?:com|co|org|net|uk|gov|ac|me|io)"
_LOCAL = r"(?<![\w.+'%-])[\w.+'%-]{1,64}"

TYPED = re.compile(rf"{_LOCAL}(?:\s?@\s?|\s?[(\[]at[)\]]\s?)[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}", re.IGNORECASE)
# A bare "at" is one only with "dot" or a known provider after it: "look at barnet.gov.uk" is none.
_SPOKEN = re.compile(
    rf"{_LOCAL}(?:\s(?:dot|underscore|dash)\s\w{{1,30}}){{0,3}}(?:\sat\s|\s?@\s?)"
    rf"(?:[\w-]{{1,40}}\s(?:dot|\.)\s{_END}(?:\s(?:dot|\.)\s(?:uk|com))?"
    rf"|{_PROVIDER}{_DOT}(?:com|co|net)(?:{_DOT}uk)?)\b",
    re.IGNORECASE,
)
# The end forgotten, or a comma for its stop.
_LOOSE = re.compile(rf"{_LOCAL}@{_PROVIDER}(?:[,. ]{{1,2}}(?:com|co[,. ]uk))?\b", re.IGNORECASE)

EMAILS = (_SPOKEN, TYPED, _LOOSE)
