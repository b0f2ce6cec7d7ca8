"""What was found in a text, and the text as it is being worked on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from language.redaction.checks import digits

KINDS = (
    "name",
    "address",
    "postcode",
    "phone",
    "email",
    "ni_number",
    "nhs_number",
    "card",
    "bank_account",
    "account",
    "vehicle",
    "date_of_birth",
    "passport",
    "driving_licence",
    "url_secret",
)
# Stands for a character that was found or kept; no pattern matches it and it parts words.
HIDDEN = "\ue000"
KEPT = "\ue001"


@dataclass(frozen=True)
class Span:
    """One thing found: its kind (of KINDS) and the half-open range of characters it stands at."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Redacted:
    """The text with placeholders, and what they stand for, in order."""

    text: str
    spans: tuple[Span, ...]


class Keep:
    """A council's public words: place names and telephone numbers that nobody needs to hide."""

    def __init__(self, places: Iterable[str], phones: Iterable[str]) -> None:
        self.phones = frozenset(digits(phone) for phone in phones)
        by_initial: dict[str, list[str]] = {}
        for name in sorted({place for place in places if place.strip()}, key=len, reverse=True):
            by_initial.setdefault(name[0].lower(), []).append(re.escape(name[1:]))
        # Only the names that begin with a word's own first letter are tried there.
        initials = "".join(sorted(map(re.escape, by_initial)))
        names = "|".join(f"{re.escape(initial)}(?:{'|'.join(rest)})" for initial, rest in by_initial.items())
        self.places = re.compile(rf"(?<!\w)(?=[{initials}])(?:{names})(?!\w)", re.IGNORECASE) if names else None


class Working:
    """A text in which what was found is hidden from the next reader, every character keeping its place."""

    def __init__(self, text: str, keep: Keep) -> None:
        self.text = text
        self.keep = keep
        self.left = text.replace(HIDDEN, " ").replace(KEPT, " ")
        self.found: list[Span] = []

    def hide(self, kind: str, start: int, end: int) -> None:
        """Note a thing of `kind` at [start, end), without the blanks around it."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and (self.text[end - 1].isspace() or self.text[end - 1] == ","):
            end -= 1
        if start < end and HIDDEN not in self.left[start:end]:
            self.found.append(Span(kind, start, end))
            self.left = self.left[:start] + HIDDEN * (end - start) + self.left[end:]

    def leave(self, start: int, end: int) -> None:
        """Keep [start, end) as it is: no later reader sees it."""
        self.left = self.left[:start] + KEPT * (end - start) + self.left[end:]
