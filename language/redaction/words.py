"""A text cut into words, each with what the lists say of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from language.redaction.lexicon import Lexicon, fold, group

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
# What is left of an apostrophe that was read in the wrong encoding ("canâ", "isnÃ").
_SPOILT = re.compile(r"Ã|â$")

PLACE_WORDS = group("place_words")


class Word(NamedTuple):
    """One word: its folded form without a possessive, where it stands, and what it may be."""

    form: str
    start: int
    end: int
    capital: bool
    given: bool
    given_also: bool
    surname: bool
    surname_also: bool
    ordinary: bool

    @property
    def sure(self) -> bool:
        """On a list of names and no word."""
        return self.given or self.surname

    @property
    def listed(self) -> bool:
        """On any list of names."""
        return self.given or self.surname or self.given_also or self.surname_also

    @property
    def place(self) -> bool:
        """Ends the name of a street, a site or an organisation."""
        return self.form in PLACE_WORDS

    @property
    def unknown(self) -> bool:
        """A word with a capital letter that no list holds."""
        return self.capital and self.strange and self.end - self.start > 1

    @property
    def strange(self) -> bool:
        """A word that no list holds, however it is written."""
        return not self.ordinary and not self.place and not self.listed

    @property
    def initial(self) -> bool:
        """A single capital letter."""
        return self.capital and self.end - self.start == 1


def words_of(text: str, lists: Lexicon) -> list[Word]:
    """Every word of `text`. Capitals count for nothing where all letters are, or nearly every word begins with one."""
    found = [(match.group(), match.start()) for match in _WORD.finditer(text)]
    capitals = sum(written[0].isupper() for written, _ in found)
    shouted = text.isupper() or (len(found) > 5 and capitals > 0.8 * len(found))
    known: dict[str, Word] = {}  # What is said of a word is the same wherever it stands, and most words come twice.
    words = []
    for written, start in found:
        alone = known.get(written) or known.setdefault(written, _word(written, lists, shouted=shouted))
        words.append(Word._make((alone.form, start, start + alone.end, *alone[3:])))
    return words


def _word(written: str, lists: Lexicon, *, shouted: bool) -> Word:
    """A word as if it stood at the very beginning."""
    form, end = fold(written), len(written)
    if form.endswith("'s") and len(form) > 3:
        form, end = form[:-2], end - 2
    joined = form.replace("'", "")
    parts = {form, joined} | {part for part in form.split("-") if len(part) > 2}
    if form[:2] == "o'":
        parts.add(form[2:])
    ordinary = form in lists.ordinary or joined in lists.ordinary
    # PIP, HMRC: letters that stand for something, unless a list says otherwise.
    spelt_out = not shouted and written.isupper() and len(form) > 1
    # Letters that English has not got ("Güçlü") say that a word is somebody's.
    accented = not written.replace("’", "").isascii() and not _SPOILT.search(written)
    given, surname = not parts.isdisjoint(lists.given), not parts.isdisjoint(lists.surnames)
    return Word(
        form,
        0,
        end,
        written[0].isupper() and not shouted and (not spelt_out or given or surname),
        given or (accented and not ordinary and not surname and len(form) > 3),
        not given and form in lists.given_also,
        surname,
        not surname and form in lists.surnames_also,
        ordinary,
    )
