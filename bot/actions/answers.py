"""How the answer to each kind of question is read. Pure, but for the day and the words of the council it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from bot.actions.lookups import Lookups
from bot.actions.parsing import contact_details, looks_like_address, plain, yes_no
from language.entities.dates import dates, day_alone
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


Options = Mapping[str, tuple[str, ...]]
_JOINED = re.compile(r" (?:\w+ ){0,2}?(?:and|plus|also|as well as) (?:\w+ ){0,4}")


def option(text: str, options: Options) -> str | None:
    """The one option whose name or other words stand in the text; None when none or several do.

    The longest words win, so that "not sure" is no "sure", and "street light" no "light". But of two that are named
    in one breath, "a mattress and six black bags", neither is taken silently.
    """
    words = f" {plain(text)} "
    found = {name: max((len(one) for one in said if f" {one} " in words), default=0) for name, said in options.items()}
    longest = max(found.values(), default=0)
    named = [name for name, length in found.items() if length == longest]
    return named[0] if longest and len(named) == 1 and not together(text, options) else None


def together(text: str, options: Options) -> list[str]:
    """The options, in the form's order, that the text names in one breath with another; none when it joins no two."""
    words = f" {plain(text)} "
    spans = [
        (found.start(), found.end(), name)
        for name, said in options.items()
        for one in said
        for found in re.finditer(rf"(?<= ){re.escape(one)}(?= )", words)
    ]
    # "Black bags" is no second thing beside "bags", nor "heating" beside "heating and hot water".
    whole = [
        (start, end, name)
        for start, end, name in spans
        if not any(at <= start and end <= till and till - at > end - start for at, till, _ in spans)
    ]
    joined = {
        name
        for _, end, one in whole
        for start, _, other in whole
        if one != other and end < start and _JOINED.fullmatch(words[end:start])
        for name in (one, other)
    }
    return [name for name in options if name in joined]


# Words that say nothing beside an option: with no others, the option alone is kept.
_FILLER = re.compile(
    r"a|an|the|it|is|was|its|i|am|my|me|we|us|our|you|your|he|she|they|there|this|that|these|those|s|m|to|of|in|on|at|by|"
    r"for|with|and|or|but|so|just|only|about|please|yes|no|yeah|not|think|would|be|been|have|has|had|do|did|ones?|some|"
    r"things?|kind|sort|sorry|actually|meant|mean|ok|okay|well|um"
)


def says_more(text: str, said: tuple[str, ...]) -> bool:
    """Whether the text holds more than the words of the option that was taken from it."""
    words = f" {plain(text)} "
    for one in sorted(said, key=len, reverse=True):
        words = words.replace(f" {one} ", "  ")
    return any(not _FILLER.fullmatch(word) for word in words.split())


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
    today = lookups.now().date()
    found = dates(text, today)
    day = found[0] if found else day_alone(text, today)
    return day.isoformat() if day else None


# "I can pay 80 a month" offers a rate; it is no bill and no price.
_SUM = r"£?\s?\d[\d.,]{0,14}(?:\s?(?:pounds?|quid))?"
_RATE = re.compile(
    rf"\b(?:(?:can|could|will|would|able\sto)\s+(?:only\s+)?(?:pay|do|manage)|afford)\s+(?:you\s+)?(?:(?:only|about|around|up\sto)\s+)*{_SUM}"
    rf"|{_SUM}\s*(?:an?|per|each|every|/)\s*(?:day|week|fortnight|month|year)\b"
    rf"|{_SUM}\s?(?:pcm|pm|pw)\b",
    re.IGNORECASE,
)


def _money(text: str, lookups: Lookups) -> str | None:
    text = _RATE.sub(" ", text)
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


def years(text: str, lookups: Lookups) -> int | None:
    """An age or a time in whole years, or None."""
    read = _years(text, lookups)
    return int(read) if read and read.isdigit() else None


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
