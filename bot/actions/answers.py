"""How the answer to each kind of question is read. Pure, but for the day and the words of the council it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from bot.actions.lookups import Lookups
from bot.actions.parsing import contact_details, looks_like_address, plain, yes_no
from language.entities.dates import dates
from language.entities.money import money

Kind = Literal["choice", "yes_no", "place", "address", "words", "text", "date", "money", "number", "contact"]
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
}
