"""Messages that nobody should send and somebody will: made by chance, the same ones for the same seed.

Each kind is a function of a random generator; most are short, and two in a hundred are as
long as a message may be.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random

from language.intents.examples import read_examples

LONGEST = 5_000  # characters of one message, as the chat allows by default
ROOT = Path(__file__).parents[2]

_EMOJI = "😀😡🗑️♻️🚗🏠🔥💧👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇬🇧🤷🏿‍♀️❤️‍🔥☎️0️⃣"
_SCRIPTS = (
    "мусорный бак не вывезли",
    "لم يتم تفريغ سلة المهملات",
    "לא פינו את הפח",
    "垃圾箱没有倒空",
    "ゴミが回収されなかった",
    "쓰레기통이 비워지지 않았어요",
    "कूड़ेदान खाली नहीं हुआ",
    "ο κάδος δεν άδειασε",
    "ถังขยะไม่ได้ถูกเก็บ",
    "ቆሻሻው አልተነሳም",
    "nimizdə zibil qalıb",
    "coșul nu a fost golit",
)
_LOOK_ALIKES = str.maketrans("aceiopsxyABCEHKMOPTX", "асеіорѕхуАВСЕНКМОРТХ")
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u2061"
_TURNS = "\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\u200e\u200f"
_SQL = (
    "'; DROP TABLE contacts; --",
    "1' OR '1'='1",
    '" UNION SELECT secret FROM conversations --',
    "%' AND 1=(SELECT COUNT(*) FROM messages) --",
    "$$; SELECT pg_sleep(10); $$",
)
_HTML = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:x'>bin</a>",
    "&lt;b&gt;&#0;&#x110000;",
    "<!--[if IE]><svg/onload=x>-->",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
)
_COMMANDS = (
    "/restart",
    "/session_start",
    "/stop",
    '/missed_bin{"postcode": "N3 1AB"}',
    "/start_again",
    "//restart",
    "/",
)
_OPENERS = "([{<«“‘⟦（"
_CLOSERS = ")]}>»”’⟧）"


def make(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """`count` messages, each with the name of its kind; no longer than a message may be."""
    chance = Random(seed)
    names = list(KINDS)
    for _ in range(count):
        kind = chance.choice(names)
        yield kind, KINDS[kind](chance)[:LONGEST]


@cache
def real_lines() -> tuple[str, ...]:
    """How residents say it: the lines of every service and the danger examples."""
    lines: list[str] = []
    for file in sorted((ROOT / "data" / "services").glob("*/nlu.yml")):
        lines += [one.text for one in read_examples(file)]
    files = sorted((ROOT / "data" / "danger" / "examples").glob("*.jsonl"))
    examples = "".join(file.read_text(encoding="utf-8") for file in files)
    return (*lines, *(json.loads(line)["text"] for line in examples.splitlines() if line.strip()))


def length(chance: Random) -> int:
    """As people write: nine in ten under 300 characters, two in a hundred as long as a message may be."""
    roll = chance.random()
    if roll < 0.02:
        return LONGEST
    return (
        chance.randint(1, 80) if roll < 0.6 else chance.randint(80, 300) if roll < 0.9 else chance.randint(300, 1_500)
    )


def _filled(chance: Random, one: Callable[[], str]) -> str:
    """Pieces put together until they reach a length."""
    wanted, made, size = length(chance), [], 0
    while size < wanted:
        piece = one()
        made.append(piece)
        size += max(len(piece), 1)
    return "".join(made)[:wanted]


def _emoji(chance: Random) -> str:
    return _filled(chance, lambda: chance.choice(_EMOJI))


def _prose(chance: Random) -> str:
    """Real lines one after another: the longest messages that a person would truly write."""
    return _filled(chance, lambda: chance.choice(real_lines()) + chance.choice((". ", " ", "\n", ", and ")))


def _mutated(chance: Random) -> str:
    """A real line with letters lost, doubled, swapped or replaced."""
    letters = list(chance.choice(real_lines()))
    for _ in range(chance.randint(1, 1 + len(letters) // 3)):
        at = chance.randrange(len(letters))
        letters[at] = chance.choice(
            ("", letters[at] * 2, chance.choice("abcdefghij *0'’-é"), chr(chance.randrange(0x2FF)))
        )
        if not any(letters):
            return "?"
    return "".join(letters)


def _mixed_scripts(chance: Random) -> str:
    return _filled(chance, lambda: chance.choice((*_SCRIPTS, chance.choice(real_lines()))) + " ")


def _right_to_left(chance: Random) -> str:
    return _filled(
        chance, lambda: chance.choice(_TURNS) + chance.choice((_SCRIPTS[1], _SCRIPTS[2], "bin", "N3 1AB", "2026"))
    )


def _homoglyphs(chance: Random) -> str:
    return _filled(chance, lambda: chance.choice(real_lines()).translate(_LOOK_ALIKES) + " ")


def _zero_width(chance: Random) -> str:
    return _filled(chance, lambda: "".join(c + chance.choice(_UNSEEN) for c in chance.choice(real_lines())))


def _sql(chance: Random) -> str:
    return _filled(chance, lambda: chance.choice(_SQL) + chance.choice((" ", "\n", "")))


def _html(chance: Random) -> str:
    return _filled(chance, lambda: chance.choice(_HTML) + chance.choice((" ", "", "my bin ")))


def _command(chance: Random) -> str:
    return chance.choice(_COMMANDS) + chance.choice(("", " ", "\n" + chance.choice(real_lines())))


def _surrogates(chance: Random) -> str:
    return _filled(chance, lambda: chr(chance.randrange(0xD800, 0xE000)) + chance.choice(("", "bin ", "é", "😀")))


def _controls(chance: Random) -> str:
    return _filled(chance, lambda: chr(chance.choice((*range(32), *range(127, 160)))) + chance.choice(("", "bin", " ")))


def _marks(chance: Random) -> str:
    """A few letters under piles of combining marks."""
    return _filled(
        chance, lambda: chance.choice("abino ") + chr(chance.randrange(0x300, 0x370)) * chance.randint(1, 60)
    )


def _long_words(chance: Random) -> str:
    stem = chance.choice(("a", "ab", "help", "killmyself", "bin", "x1", "é", "o'", "-", "_", "."))
    return _filled(chance, lambda: stem) + chance.choice(("", " help"))


def _nested(chance: Random) -> str:
    deep = length(chance) // 2
    at = chance.randrange(len(_OPENERS))
    return _OPENERS[at] * deep + "bin" + _CLOSERS[at] * deep


def _numbers(chance: Random) -> str:
    shape = chance.choice(
        ("{:d}", "{:d} ", "{:d}-", "{:d}.", "0{:d} ", "£{:d} ", "+44{:d},", "{:d}/", "N{:d}AB ", "{:d}am ")
    )
    return _filled(chance, lambda: shape.format(chance.randrange(10 ** chance.randint(1, 12))))


def _addresses(chance: Random) -> str:
    return _filled(
        chance,
        lambda: (
            chance.choice(("https://", "http://", "www.", "ftp://", "x@"))
            + "".join(chance.choice("abz019-._~:/?#[]@!$&'()*+,;=%") for _ in range(chance.randint(1, 60)))
            + chance.choice((" ", "", "/"))
        ),
    )


def _unicode(chance: Random) -> str:
    return _filled(chance, lambda: chr(chance.randrange(sys.maxunicode + 1)))


def _assigned(chance: Random) -> str:
    """Any letters, marks, numbers and signs that exist: most of `_unicode` does not."""
    while True:
        made = _filled(chance, lambda: chr(chance.randrange(0x3000 if chance.random() < 0.8 else 0x20000)))
        if any(unicodedata.category(character) != "Cn" for character in made):
            return made


def _repeated(chance: Random) -> str:
    """What quadratic patterns stumble over: a piece that begins a match, again and again."""
    begins = (
        "my name is ",
        "flat 1, ",
        "12 ab ",
        "a@",
        "a. ",
        "k i l l ",
        "next ",
        "the 1st of ",
        "he hit ",
        "***",
        "' ",
        "£1,",
    )
    piece = chance.choice((*begins, chance.choice(real_lines())[:12]))
    return _filled(chance, lambda: piece)


def _blank(chance: Random) -> str:
    return _filled(chance, lambda: chance.choice(" \t\n\r\u00a0\u2003\u3000\u2028\u200b"))


KINDS: dict[str, Callable[[Random], str]] = {
    "emoji": _emoji,
    "prose": _prose,
    "mutated": _mutated,
    "mixed scripts": _mixed_scripts,
    "right to left": _right_to_left,
    "look-alike letters": _homoglyphs,
    "zero width": _zero_width,
    "SQL": _sql,
    "HTML": _html,
    "commands": _command,
    "surrogates": _surrogates,
    "controls": _controls,
    "piled marks": _marks,
    "long words": _long_words,
    "nested": _nested,
    "numbers": _numbers,
    "addresses": _addresses,
    "any code point": _unicode,
    "any character": _assigned,
    "repeated": _repeated,
    "blank": _blank,
}
