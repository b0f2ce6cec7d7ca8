"""How the answer to each kind of question is read. Pure, but for the day and the words of the council it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from bot.actions.lookups import Lookups
from bot.actions.parsing import contact_details, looks_like_address, plain, yes_no
from language.entities.dates import dates
from language.entities.money import money

Kind = Literal[
    "choice", "yes_no", "place", "address", "words", "text", "date", "money", "number", "contact", "years", "birth"
]
FEWEST_LETTERS = 3
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# How people are counted by somebody who is asked how many.
_PEOPLE = {
    **dict.fromkeys(("no", "nobody", "no one", "zero", "none of us", "nope"), "0"),
    **dict.fromkeys(("me", "just me", "only me", "i am", "i live alone", "on my own"), "1"),
    **dict.fromkeys(("both of us", "the two of us", "me and my partner", "me and my husband", "me and my wife"), "2"),
}


def option(text: str, options: Mapping[str, tuple[str, ...]]) -> str | None:
    """The one option whose name or other words stand in the text; None when none or several do.

    The longest words win, so that "not sure" is no "sure", and "street light" no "light".
    """
    words = f" {plain(text)} "
    found = {name: max((len(one) for one in said if f" {one} " in words), default=0) for name, said in options.items()}
    longest = max(found.values(), default=0)
    named = [name for name, length in found.items() if length == longest]
    return named[0] if longest and len(named) == 1 else None


def _place(text: str, lookups: Lookups) -> str | None:
    return text.strip() if len(re.findall(r"[^\W\d_]", text)) >= FEWEST_LETTERS else None


def _words(text: str, lookups: Lookups) -> str | None:
    # "Can you take a sofa?" names a thing; "how much is it?" asks for one.
    return None if re.match(r"(how|what|when|where|which|who|why)\b", plain(text)) else _place(text, lookups)


def _address(text: str, lookups: Lookups) -> str | None:
    return text.strip() if looks_like_address(text) else None


def _text(text: str, lookups: Lookups) -> str | None:
    return text.strip() or None


def _date(text: str, lookups: Lookups) -> str | None:
    found = dates(text, lookups.now().date())
    return found[0].isoformat() if found else None


def _money(text: str, lookups: Lookups) -> str | None:
    # Where money is asked for, a bare figure is pounds.
    found = money(text) or money("£" + "".join(re.findall(r"[\d.,]", text)))
    return found[0] if found else None


def _number(text: str, lookups: Lookups) -> str | None:
    if figures := re.search(r"\d{1,6}", text):
        return str(int(figures[0]))
    if people := _PEOPLE.get(plain(text)):
        return people
    return next((str(count) for count, word in enumerate(_NUMBERS) if word in plain(text).split()), None)


_ALWAYS = re.compile(
    r"\b(all|whole|entire) (of )?my life\b|\balways\b|\bborn (?:here|in (?!\d))|\bsince (i was born|birth)\b"
)
_SINCE = re.compile(r"\b(?:since|from|in) (?:\w+ )?((?:19|20)\d\d)\b")
_MOST_YEARS = 110


def _years(text: str, lookups: Lookups) -> str | None:
    """Whole years of living somewhere, so that "18 months" is one and "6 weeks" none; or "all my life"."""
    words = plain(text)
    if _ALWAYS.search(words):
        return "all my life"
    if since := _SINCE.search(words):
        return str(max(0, lookups.now().year - int(since[1])))
    spelt = "|".join(_NUMBERS)
    counted = re.search(rf"\b(\d{{1,3}}|{spelt}|an?)(?: and a half)? (years?|yrs?|months?|weeks?|days?)\b", words)
    if re.search(r"\b(less than|under|not even|nearly|almost) (an?|one|1) (year|yr)\b", words):
        return "0"
    if counted:
        number, unit = counted[1], counted[2]
        count = int(number) if number.isdigit() else 1 if number in ("a", "an") else _NUMBERS.index(number)
        count = count // 12 if unit.startswith("month") else 0 if unit[0] in "wd" else count
        return str(count) if count <= _MOST_YEARS else None
    bare = _number(text, lookups)
    return bare if bare is not None and int(bare) <= _MOST_YEARS else None


_CLASS = re.compile(r"\b(?:year|yr|y) ?(\d{1,2})\b")
_LAST_CLASS = 13


def _birth(text: str, lookups: Lookups) -> str | None:
    """A birth date, or the school year that a child is in: "year 6", "reception", "nursery"."""
    if day := _date(text, lookups):
        return day
    words = plain(text)
    if (found := _CLASS.search(words)) and 1 <= int(found[1]) <= _LAST_CLASS:
        return f"year {int(found[1])}"
    named = ("reception" in words, "reception"), (re.search(r"\b(nursery|pre ?school)\b", words), "nursery")
    return next((name for seen, name in named if seen), None)


def _contact(text: str, lookups: Lookups) -> str | None:
    return contact_details(text)


KINDS: dict[str, Callable[[str, Lookups], str | None]] = {
    "choice": lambda text, lookups: None,  # read by its options
    "yes_no": lambda text, lookups: yes_no(text),
    "place": _place,
    "address": _address,
    "words": _words,  # a few, as for a list of things: a question is none of them, unlike in a text
    "text": _text,
    "date": _date,
    "money": _money,
    "number": _number,
    "contact": _contact,
    "years": _years,
    "birth": _birth,
}
