"""What single cells say: ratings, faces, whole numbers, comments; and the start of a formula. Pure."""

import re

from triage.metrics.importing.files import shown
from triage.metrics.importing.layouts import FACES, HEADINGS, LEVELS, plain
from triage.tables.survey import MOST_IN_A_COMMENT

_WHOLE = re.compile(r"(\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(?:\.0+)?", re.ASCII)
_POINT = re.compile(r"([1-5])(?:\.0+)?", re.ASCII)
MOST_IN_A_CELL = 1_000_000
# What a spreadsheet reads as a formula (OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NO_ANSWER = ("", "n/a", "na", "none", "no answer", "not answered", "don't know", "dont know", "skipped")
# What stands where nobody wrote anything: people write "nothing" as well, and that is a comment.
_NO_WORDS = ("", "-", "--", "n/a", "na", "null", "no comment", "no comments", "not answered")
_POINTS = {plain(name): level for name, level in LEVELS.items()} | {
    plain(heading): LEVELS[column] for column in LEVELS for heading in HEADINGS[column]
}


class WrongCell(ValueError):
    """One cell is wrong: what, and what to do."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.what, self.do = what, do


def point(cell: str) -> str:
    """A point from '1' to '5', or '' for no answer. Raises WrongCell."""
    if plain(cell) in _NO_ANSWER:
        return ""
    if found := _POINT.fullmatch(cell):
        return found[1]
    level = _POINTS.get(plain(cell))
    if level is None:
        raise WrongCell(
            f"\u201c{shown(cell)}\u201d is no point from 1 to 5",
            "Write 1 (very dissatisfied) to 5 (very satisfied), or leave it empty.",
        )
    return level


def face(cell: str) -> str:
    """Good, average or poor, or '' for no answer. Raises WrongCell."""
    found = plain(cell)
    if found in _NO_ANSWER:
        return ""
    if found not in FACES:
        raise WrongCell(f"\u201c{shown(cell)}\u201d is none of the three faces", "Write good, average or poor.")
    return found


def got_it(cell: str) -> str:
    """Yes, partly or no, or '' for no answer. Raises WrongCell."""
    found = plain(cell)
    if found in _NO_ANSWER:
        return ""
    if found not in ("yes", "partly", "no"):
        raise WrongCell(f"\u201c{shown(cell)}\u201d is not yes, partly or no", "Write one of these, or leave it empty.")
    return found


def whole(cell: str) -> int:
    """How many, from 0. Raises WrongCell."""
    found = _WHOLE.fullmatch(cell)
    if not found:
        what = f"\u201c{shown(cell)}\u201d is no whole number" if cell else "there is no number"
        raise WrongCell(what, "Write how many, in figures; 0 where there were none.")
    number = int(found[1].replace(",", ""))
    if number > MOST_IN_A_CELL:
        raise WrongCell(f"{number:,} is more than we take in one cell", f"Write at most {MOST_IN_A_CELL:,}.")
    return number


def comment(cell: str) -> str:
    """What somebody wrote, on one line and without what cannot be seen; '' for nothing. Raises WrongCell, without it.

    A comment may begin as a formula does, as people write "- no answer": it is shown on pages and is in no file.
    """
    seen = "".join(character if character.isprintable() else " " for character in cell)
    words = " ".join(seen.split())
    if words.lower() in _NO_WORDS:
        return ""
    if len(words) > MOST_IN_A_COMMENT:
        raise WrongCell(
            f"the comment is longer than {MOST_IN_A_COMMENT:,} characters", "Shorten it, or leave the cell empty."
        )
    return words
