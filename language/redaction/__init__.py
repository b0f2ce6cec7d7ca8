"""Takes what says who somebody is out of a text. Rules and lists only; knows nothing of triage.

>>> redact("im priya, 07700 900123").text
'im [name], [phone]'

What helps to find a service keeps its place: streets and areas without a house number, our own references, planning
and penalty references, short numbers (101, 999) and organisations' numbers (03 and 08).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from language.redaction.addresses import addresses
from language.redaction.birthdays import birthdays
from language.redaction.names import Names
from language.redaction.numbers import identifiers
from language.redaction.placeholders import placeholder, without_placeholders
from language.redaction.spans import KINDS, Keep, Redacted, Span, Working

__all__ = ["KINDS", "Redacted", "Redactor", "Span", "redact", "without_placeholders"]


class Redactor:
    """Reads any number of texts with one council's public places and telephone numbers left in."""

    def __init__(self, places: Iterable[str] = (), phones: Iterable[str] = ()) -> None:
        """`places` are names of areas, schools and sites; `phones` are public numbers. Neither is ever hidden."""
        self._keep = Keep(places, phones)
        self._names = Names()

    def redact(self, text: str) -> Redacted:
        """`text` with a placeholder for each thing found, and where each stood in `text`. Never raises."""
        working = Working(text, self._keep)
        identifiers(working)
        birthdays(working)
        addresses(working)
        self._names.find(working)
        spans = tuple(sorted(working.found, key=lambda span: span.start))
        return Redacted(_replaced(text, spans), spans)


def redact(text: str) -> Redacted:
    """`text` without what says who somebody is, read without any council's places."""
    return _plain().redact(text)


@cache
def _plain() -> Redactor:
    return Redactor()


def _replaced(text: str, spans: tuple[Span, ...]) -> str:
    pieces, at = [], 0
    for span in spans:
        pieces += [text[at : span.start], placeholder(span.kind)]
        at = span.end
    return "".join([*pieces, text[at:]])
