"""People's names, by lists of names and by the words that come before one.

No model: see docs/decisions. A name that is a word too ("Will", "Rose", "Hall") needs a word before it that says so, a
title, or a surer name beside it; a name before "Road" or "School" is a place.
"""

from __future__ import annotations

import re

from language.redaction.lexicon import group, lexicon
from language.redaction.spans import Working
from language.redaction.words import Word, words_of

_I = re.IGNORECASE
# Cues are looked for in a small-lettered copy, and only where a word begins with a letter that one begins with: trying
# every cue at every letter, in either case, took longer than all else here.
# After these a word that no list holds is a name too.
_STRONG = re.compile(
    r"(?<!\w)(?=[bfhiklmnopstwy])(?:"
    r"(?:(?:my|his|her|their|our|full|first|last|second|middle|family|maiden|the)\s|sur|fore)name(?:s|'s|’s)?"
    r"(?:\s?[:=]|\s(?:is|was|are)\b)?\s*(?:not\s)?|name\s?(?:is\b|:)\s*|\Aname\s|my\snames\s|i(?:'|"
    r"’)?m called\s|i am called\s|"
    r"signed,?:?\s|(?:yours\s)?(?:sincerely|faithfully|truly),?\s*|(?:kind|best|warm|many)\s(?:regards|"
    r"wishes),?\s*|"
    r"regards,?\s*|on behalf of\s|in the name of\s|known as\s|nee\s|patient(?:'s name)?\s?(?:is\s|"
    r":\s?)|tenant:\s?)"
)
# After these a listed name, or a capital letter that no list explains, is one.
_SOME = re.compile(
    r"(?<!\w)(?=[abcdefghilmnoprstuwy])"
    r"(?:i['’]?m|i am|this is|its|it['’]s|it is|it was|here is|hello|hi|dear|hey|morning|afternoon|thanks|"
    r"thank you|cheers|"
    r"speak (?:to|with)|spoken? (?:to|with)|ask(?:ed)? (?:for|to speak to)?|talk(?:ed)? (?:to|with)|tell|told|"
    r"from:?|by|"
    r"contact|call(?:ed)? me|named|neighbou?r|landlord|landlady|tenants?|son|daughter|husband|wife|mum|mom|dad|"
    r"mother|father|brother|"
    r"sister|partner|ex|ex-husband|ex-wife|friend|flatmate|housemate|carer|care of|c/o|officer|worker|"
    r"social worker|teacher|"
    r"manager|uncle|aunt|auntie|nan|gran|grandson|granddaughter|nephew|niece|cousin|take|call|ring|boyfriend|"
    r"girlfriend|fianc[eé]e?|late|"
    r"cllr|councillor|mp|nurse|inspector|driver|builder|agent|name|names|named|to:|for:|attn|fao|who is|"
    r"where is|love|yours|"
    r"met|with|emailed|rang|phoned|asked|remove|add|register(?:ed)?|of|for|to)\b[,:.]?\s{1,2}(?:is\s|called\s|"
    r"named\s)?",
)
# These say who the writer is, so that even a small-lettered word may be one: "im will, ..." and "its may here".
_SELF = re.compile(r"\b(?:i['’]?m|i am|this is|its|it['’]s|call me|thanks|cheers|regards|from)\s$", _I)
_FROM = re.compile(r"\bfrom\s$", _I)
_TITLE = re.compile(
    r"(?<!\w)(?=[adfilmprsu])(?:(?:mr|mrs|ms|miss|mx|dr)\.?(?:\s(?:and|&)\s(?:mr|mrs|ms|miss|dr)\.?)?|doctor|prof(?:essor)?\.?|rabbi|"
    r"rev(?:erend|d)?\.?|"
    r"imam|sheikh|sir|dame|lord|father|sister|auntie|aunty|uncle|pc)\s{1,2}",
)
_PLAIN_TITLE = re.compile(r"(?:mr|mrs|ms|mx|dr|rabbi|rev)\b", _I)
_AFTER_NAME = group("after_a_name")
_SAID = frozenset(["said", "promised", "told", "emailed", "replied", "phoned"])
# "the bill said", "your mark": the word is a thing.
_BEFORE_THINGS = group("before_things")
_ENDS_SELF = frozenset(["here", "from", "again", "and", "of", "speaking", "from"])
_DATES_AND_PLACES = group("dates_and_places")
_NATIONS = group("nations")
_SMALL_NAMES = group("small_names")
_PARTICLES = group("particles")
_NOT_AFTER_NAME = frozenset(["st", "saint", "queen", "king", "prince", "princess", "great"])
_ROMAN = frozenset(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"])
_NEVER = group("never_names")
# Names of some, but between other words never in small letters.
_SMALL_WORDS = group("small_words")
# "sarah may know", "dave read it", "tom green bin": after a name these are verbs and things.
_AFTER_GIVEN = group("not_surnames")
_BINS = frozenset(["bin", "bins", "caddy", "caddies", "recycling"])
_LONGEST = 4


class Names:
    """Finds names; made once."""

    def __init__(self) -> None:
        self._lists = lexicon()

    def find(self, working: Working) -> None:
        """Hide every name of what is left."""
        text = working.left
        words = words_of(text, self._lists)
        if not words:
            return
        kept = _kept(working)
        reading = _Reading(text, words, kept)
        reading.titles()
        reading.cues()
        reading.bare()
        for start, end in reading.found:
            working.hide("name", start, end)


def _kept(working: Working) -> list[tuple[int, int]]:
    places = working.keep.places
    return [found.span() for found in places.finditer(_small(working.left))] if places else []


def _small(text: str) -> str:
    """The text in small letters, each character keeping its place."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)


class _Reading:
    """One text's words, and the names found among them so far."""

    def __init__(self, text: str, words: list[Word], kept: list[tuple[int, int]]) -> None:
        self.text, self.words, self.small = text, words, _small(text)
        self.at = {word.start: index for index, word in enumerate(words)}
        self.taken = [any(start < word.end and word.start < end for start, end in kept) for word in words]
        self.found: list[tuple[int, int]] = []

    def titles(self) -> None:
        """ "Mrs Adeyemi", "mr and mrs silverman", "Dr. A. N. Okonkwo"."""
        for found in _TITLE.finditer(self.small):
            index = self.at.get(found.end())
            if index is None:
                continue
            word, plain = self.words[index], _PLAIN_TITLE.match(found.group()) is not None
            good = word.sure or word.unknown or (word.capital and word.listed)
            if plain and not word.ordinary and not word.place and (word.capital or word.form not in _SMALL_WORDS):
                good = True
            if good:
                self._take(index, self._run(index, strong=True), since=found.start())

    def cues(self) -> None:
        """Names after words that bring one."""
        for found in _STRONG.finditer(self.small):
            index = self.at.get(found.end())
            if index is not None and self._after_strong(index, says_name="name" in found.group()):
                self._take(index, self._run(index, strong=True))
        for found in _SOME.finditer(self.small):
            index = self.at.get(found.end())
            if index is not None and self._after_some(index):
                self._take(index, self._run(index, strong=False))

    def bare(self) -> None:
        """Names that nothing brings: a sure given name, or two that make each other sure."""
        whole = self._whole()
        index = 0
        while index < len(self.words):
            if not whole and not self._may_begin(index):
                index += 1
                continue
            count = self._run(index, strong=False) if not self.taken[index] else 0
            if count and not self._in_place(index, count) and (whole or self._bare_name(index, count)):
                self._take(index, count)
            index += max(1, count if self.taken[index] else 1)

    def _may_begin(self, index: int) -> bool:
        """Whether a name that nothing brings could begin here: with most words none does."""
        word = self.words[index]
        if word.capital or word.listed or word.form in _SMALL_NAMES:
            return True
        # A small word that no list holds needs a surname after it.
        return word.strange and index + 1 < len(self.words) and self.words[index + 1].surname

    def _whole(self) -> bool:
        # "Hafsa Noor" and nothing else is what somebody answers to "What is your name?".
        words = self.words
        return (
            2 <= len(words) <= 3
            and all(word.capital and not word.ordinary and not word.place for word in words)
            and any(word.listed for word in words)
            and len(self.text.strip(" .,!")) == words[-1].end - words[0].start
        )

    def _after_strong(self, index: int, *, says_name: bool) -> bool:
        word = self.words[index]
        if self.taken[index] or word.form in _NEVER or (word.form in _SMALL_WORDS and not word.capital):
            return False
        if word.listed:
            return not word.ordinary or word.capital
        if word.unknown or word.initial:
            return True
        if word.strange and index >= len(self.words) - 2:
            return True  # "kind regards charvi": the last words of a letter
        return says_name and not word.ordinary and not word.place and len(word.form) > 1

    def _after_some(self, index: int) -> bool:
        word = self.words[index]
        if self.taken[index] or self._in_place(index, self._run(index, strong=False)):
            return False
        if word.given or (word.surname and word.capital):
            return True
        before = self.text[max(0, word.start - 12) : word.start]
        # "thanks, from April" ends with its writer; "from April the rent is up" and "is from India, how" do not.
        own = _SELF.search(before) is not None and (not _FROM.search(before) or self._closes_message(index))
        if word.form in _SMALL_NAMES and not word.capital:
            return own and self._closes(index)
        if not word.capital:
            if word.strange and len(word.form) > 3 and index + 1 < len(self.words) and self._beside(index):
                after = self.words[index + 1]
                return self._by_person(before) and after.strange and len(after.form) > 3
            return (word.surname and own) or (word.given_also and self._surname_follows(index))
        if word.given_also:
            if word.form in _NATIONS:
                return False
            if word.form in _DATES_AND_PLACES and (not own or _FROM.search(before)):
                return False
            return own or self._next_listed(index) or self._closes(index) or self._by_person(before)
        if word.unknown and ((own and not _FROM.search(before)) or self._by_person(before)):
            return not self._place_follows(index)
        return (word.surname_also or word.unknown) and self._next_listed(index)

    def _by_person(self, before: str) -> bool:
        return (
            re.search(
                r"\b(?:son|daughter|husband|wife|brother|sister|partner|friend|landlord|neighbou?r|worker|dad|"
                r"mum|ex|officer|"
                r"(?:speak|spoken?|talk(?:ed)?|call|ring|ask for|take|remove|add) ?(?:to|with)?)\s$",
                before,
                _I,
            )
            is not None
        )

    def _place_follows(self, index: int) -> bool:
        return index + 1 < len(self.words) and self.words[index + 1].place

    def _next_listed(self, index: int) -> bool:
        return (
            index + 1 < len(self.words)
            and self._beside(index)
            and self.words[index + 1].capital
            and self.words[index + 1].listed
        )

    def _surname_follows(self, index: int) -> bool:
        if index + 1 >= len(self.words) or not self._beside(index):
            return False
        after = self.words[index + 1]
        return after.surname and not self._in_place(index, 2)

    def _closes(self, index: int) -> bool:
        rest = self.text[self.words[index].end :].lstrip(" ")
        if not rest or rest[0] in ",.!\n-":
            return True
        return index + 1 < len(self.words) and self.words[index + 1].form in _ENDS_SELF

    def _closes_message(self, index: int) -> bool:
        last = index + self._run(index, strong=False) - 1
        return not self.text[self.words[last].end :].strip(" .,!\n")

    def _bare_name(self, index: int, count: int) -> bool:
        words = self.words[index : index + count]
        first = words[0]
        if first.given:
            return True
        if count == 1:
            after = self.words[index + 1].form if index + 1 < len(self.words) and self._beside(index) else ""
            before = self.words[index - 1].form if index else ""
            if first.form in _SMALL_NAMES:
                return after in _SAID and before not in _BEFORE_THINGS
            return after in _AFTER_NAME and first.surname and first.capital
        if not all(word.capital for word in words):
            return words[1].surname and (first.form in _SMALL_NAMES or (first.strange and len(first.form) > 3))
        sure = sum(word.sure for word in words)
        if first.initial:
            return any(word.surname for word in words[1:])
        after = self.words[index + count].form if index + count < len(self.words) else ""
        if after in _AFTER_NAME and first.unknown:
            return True
        if first.listed or first.unknown:
            return sure > 0 and not (
                first.unknown and index == 0 and not any(word.given for word in words) and first.ordinary
            )
        return False

    def _beside(self, index: int) -> bool:
        """Whether only a blank (or an initial's full stop) parts this word from the next."""
        word, after = self.words[index], self.words[index + 1]
        gap = self.text[word.end : after.start]
        return gap in (" ", "  ", "\u00a0") or (gap in (". ", ".") and word.end - word.start <= 2)

    def _run(self, index: int, *, strong: bool) -> int:
        """How many words from here on could be one name."""
        end = index + 1
        while end < len(self.words) and end - index < _LONGEST and self._beside(end - 1) and not self.taken[end]:
            word, before = self.words[end], self.words[end - 1]
            if word.form in _ROMAN and word.form != "i" and self.text[word.start].isupper():
                break
            goes_on = word.sure or word.initial or word.unknown or (word.capital and word.listed)
            if not goes_on and word.form in _PARTICLES and end + 1 < len(self.words) and self._beside(end):
                goes_on = self.words[end + 1].sure or self.words[end + 1].unknown
            if not goes_on and strong and not word.ordinary and not word.place and word.form not in _NEVER:
                goes_on = (word.listed and (word.capital or word.form not in _SMALL_WORDS)) or (
                    not before.ordinary and len(word.form) > 2 and end == index + 1
                )
            if not goes_on and (before.given or before.strange) and end == index + 1 and not word.capital:
                goes_on = self._small_surname(end)
            if not goes_on or (word.place and not strong and not word.sure and not before.given):
                break
            end += 1
        return end - index

    def _small_surname(self, index: int) -> bool:
        # "derek brown", "leonard dzika": after a given name a small word that no list explains is its surname.
        word = self.words[index]
        after = self.words[index + 1].form if index + 1 < len(self.words) else ""
        if word.form in _NEVER or word.form in _SMALL_WORDS or len(word.form) < 3 or after in _BINS:
            return False
        return (word.surname_also and word.form not in _AFTER_GIVEN) or word.strange

    def _in_place(self, index: int, count: int) -> bool:
        """Whether these words name a street, a site or a king: "Victoria Road", "St John", "George V"."""
        last = index + count - 1
        if index and self.words[index - 1].form in _NOT_AFTER_NAME and self._beside(index - 1):
            return True
        if count > 1 and self.words[last].place and not self.words[last].sure:
            return True
        if last + 1 < len(self.words) and self._beside(last):
            after = self.words[last + 1]
            return (after.place and (after.capital or not self.words[last].surname)) or (
                after.form in _ROMAN and after.form != "i" and self.text[after.start].isupper()
            )
        return False

    def _take(self, index: int, count: int, since: int | None = None) -> None:
        if self.taken[index]:
            return
        for place in range(index, index + count):
            self.taken[place] = True
        start = self.words[index].start if since is None else since
        self.found.append((start, self.words[index + count - 1].end))
