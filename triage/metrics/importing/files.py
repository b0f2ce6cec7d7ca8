"""From the bytes of a file to rows of cells, each with its line: encodings, separators, and what is no CSV at all."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from triage import reading
from triage.metrics.importing.schemas import CannotRead

# Ten years of a large council's answers, one a row.
MOST_ROWS = 500_000
LARGEST = 64 * 1024 * 1024
LONGEST_CELL = 20_000
MOST_COLUMNS = 200

SAVE = "In a spreadsheet, choose Save as and then CSV UTF-8."
# What is often sent in place of a CSV, by how it begins.
_OTHER = (
    (b"PK\x03\x04", "a spreadsheet or a zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "a Word file"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
)
_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one row, and the line of the file that it begins on."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's text, how its cells are parted, and what is worth telling about how it was read."""

    text: str
    separator: str
    skipped: int
    notes: tuple[str, ...]


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file, and its encoding. Raises CannotRead when it is not text."""
    start = content[:16].lstrip()
    for beginning, kind in _OTHER:
        if start.lower().startswith(beginning.lower()):
            raise CannotRead(f"This is {kind}, not a CSV file. {SAVE}")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            where = content[: error.start].count(b"\n") + 1
            continue
        if "\x00" in text:
            where = text[: text.index("\x00")].count("\n") + 1
            raise CannotRead(f"Line {where} holds bytes that are not text, so this is no CSV file. {SAVE}")
        return text.removeprefix("\ufeff"), encoding
    raise CannotRead(f"Line {where} has a character that we cannot read in any encoding we know. {SAVE}")


def open_file(content: bytes) -> Opened:
    """The file ready to be read row by row. Raises CannotRead."""
    if len(content) > LARGEST:
        raise CannotRead(
            f"This file is larger than {LARGEST // 1024 // 1024} MB. Divide it by year and bring in each part."
        )
    text, encoding = decode(content)
    if not text.strip():
        raise CannotRead("This file is empty. Choose the file with the rows in it.")
    notes = []
    if encoding == "cp1252":
        notes.append("Read as Windows-1252, an older way to save text. Look whether £ and accents are right.")
    elif encoding == "utf-16":
        notes.append("Read as UTF-16, as Excel saves Unicode text.")
    skipped = 0
    first, _, rest = text.partition("\n")
    # Excel's own way to name the separator.
    named = first.rstrip("\r")
    if named[:4].lower() == "sep=" and len(named) == 5:
        separator, text, skipped = named[4], rest, 1
        if separator not in _SEPARATORS:
            raise CannotRead(
                f"The first line says that cells are parted by \u201c{shown(separator)}\u201d. "
                "Use a comma, semicolon, tab or bar."
            )
    else:
        separator = _separator(text)
    if separator != ",":
        name = {";": "semicolons", "\t": "tabs", "|": "bars"}[separator]
        notes.append(f"Cells are parted by {name}.")
    return Opened(text, separator, skipped, tuple(notes))


def _separator(text: str) -> str:
    """What parts the cells of the first line that is not empty, outside quotation marks; most often wins."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(part for place, part in enumerate(first.split('"')) if place % 2 == 0)
    return max(_SEPARATORS, key=lambda one: (bare.count(one), -_SEPARATORS.index(one)))


def rows(opened: Opened) -> Iterator[Line]:
    """Every row that is not empty. Raises CannotRead where the rest cannot be told apart, or is too much."""
    reader = csv.reader(io.StringIO(opened.text, newline=""), delimiter=opened.separator, strict=True)
    found, begins = 0, opened.skipped + 1
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + opened.skipped + 1
            tidy = tuple(cell.strip() for cell in cells)
            if not any(tidy):
                continue
            if len(tidy) > MOST_COLUMNS:
                raise CannotRead(
                    f"Line {number} has more than {MOST_COLUMNS} cells. Look whether the file is the right one."
                )
            if any(len(cell) > LONGEST_CELL for cell in tidy):
                raise CannotRead(
                    f"Line {number} has a cell of more than {LONGEST_CELL:,} characters. {_quotes(number)}"
                )
            found += 1
            if found > MOST_ROWS + 1:
                raise CannotRead(f"This file has more than {MOST_ROWS:,} rows. Divide it by year.")
            yield Line(number, tidy)
    except csv.Error:
        raise CannotRead(f"From line {begins} on, cells cannot be told apart. {_quotes(begins)}") from None


def _quotes(line: int) -> str:
    return (
        f'Look at line {line} for a quotation mark (") without its partner; inside a cell that begins with one, '
        "each is written twice."
    )


@lru_cache(maxsize=1_000)
def shown(cell: str) -> str:
    """A cell as it may stand in a message: one line, short, without characters of control, and redacted.

    Where cells have slipped aside, what a resident wrote stands under another heading.
    """
    tidy = "".join(character if character.isprintable() else " " for character in cell)
    safe = reading.redactor().redact(tidy).text
    return safe if len(safe) <= 40 else f"{safe[:39]}…"
