"""What somebody entered about an indicator, by form or from a CSV file, read and checked. Pure."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from triage.metrics.reporting.fields import COLUMNS, ENTERED, ENTERED_NAMES, Field

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
# What a spreadsheet is kept from running, with the apostrophe that our own files put before it.
_KEPT_SAFE = re.compile(r"'(?=[=+\-@＝＋－＠])")
ROWS_AT_MOST = 1000
SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be taken: which field, and what to do about it. `line`: of the file, if it came in one."""

    field: str
    says: str
    line: int | None = None


@dataclass(slots=True)
class Read:
    """What came of reading: the columns of each indicator, or what is wrong."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def tidy(text: str, *, lines: bool = False) -> str:
    """Text without what cannot be seen: control characters, marks that turn the reading direction, odd spaces."""
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c if c == "\n" and lines else " " if c.isspace() else c for c in kept)
    kept = "".join(c for c in kept if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    return kept.strip()


def number(text: str) -> Decimal:
    """A number as people write it: 1,204, 93.5%, £12, −3. Raises ValueError for anything else."""
    bare = text.strip().replace("−", "-").replace(",", "").replace("£", "").replace("%", "").replace(" ", "")
    if not _NUMBER.fullmatch(bare):
        raise ValueError(text)
    return Decimal(bare)


def read_one(given: Mapping[str, str], line: int | None = None) -> tuple[dict[str, Any], list[Wrong]]:
    """The columns of one indicator, and everything that is wrong with it."""
    row: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for one in ENTERED:
        value, fault = _value(one, given.get(one.name, "") or "")
        if fault:
            wrong.append(Wrong(one.name, fault, line))
        row[COLUMNS.get(one.name, one.name)] = value
    if not wrong:
        wrong += [Wrong(name, says, line) for name, says in _share(row)]
    return row, wrong


def _value(one: Field, raw: str) -> tuple[Any, str | None]:
    text = tidy(_KEPT_SAFE.sub("", raw, count=1) if raw.startswith("'") else raw, lines=one.kind == "long")
    if not text:
        return (None if one.kind == "number" else ""), (f"Enter: {one.label.lower()}." if one.required else None)
    if one.kind == "number":
        try:
            return number(text), None
        except ValueError:
            return None, f"{one.label} must be a number with at most six decimal places, such as 93.5."
    if len(text) > one.longest:
        return "", f"{one.label} must have {one.longest:,} characters or fewer; it has {len(text):,}."
    if one.kind == "choice" and text not in dict(one.choices):
        return "", f"{one.label} must be one of: {', '.join(value for value, _ in one.choices)}."
    if one.name == "id" and not _KEY.fullmatch(text):
        return "", "Its id may have letters, figures, dots and dashes, and begins with a letter or a figure."
    return text, None


def _share(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Work the result out of its numerator and denominator, or see that the three agree."""
    some, n = row["numerator"], row["denominator"]
    if some is None and n is None:
        return []
    if some is None or n is None:
        return [
            ("numerator" if some is None else "denominator", "Enter the numerator and the denominator, or neither.")
        ]
    if n <= 0 or some < 0:
        return [("denominator", "The denominator must be more than 0, and the numerator not less than 0.")]
    exact = some / n * (100 if row["unit"] == "%" else 1)
    if row["result"] is None:
        row["result"] = exact.quantize(SIX_PLACES, ROUND_HALF_UP).normalize()
        return []
    places = max(0, -int(row["result"].as_tuple().exponent))
    if abs(exact - row["result"]) > Decimal(1).scaleb(-places) / 2:
        shown = f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
        return [("result", f"The result does not follow from the numerator and the denominator: they make {shown}.")]
    return []


def read_csv(text: str) -> Read:
    """Every line of a CSV file with our columns, or everything that is wrong, by line: all of it is taken or none."""
    found = Read()
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restkey="", strict=True)
    try:
        heads = [tidy(head) for head in reader.fieldnames or []]
        reader.fieldnames = heads
        found.wrong += _heads(heads)
        if found.wrong:
            return found
        lines: dict[str, int] = {}
        for given in reader:
            _line(found, lines, given, reader.line_num)
            if len(found.rows) > ROWS_AT_MOST:
                found.wrong.append(Wrong("id", f"A report has at most {ROWS_AT_MOST:,} indicators.", reader.line_num))
                break
    except csv.Error as error:
        found.wrong.append(Wrong("", f"This is not a CSV file that we can read: {error}.", reader.line_num))
    if not found.rows and not found.wrong:
        found.wrong.append(Wrong("", "There is no line in the file but its heads.", 1))
    return found


def _heads(heads: list[str]) -> list[Wrong]:
    missing = [one.name for one in ENTERED if one.required and one.name not in heads]
    twice = sorted({head for head in heads if head in ENTERED_NAMES and heads.count(head) > 1})
    wrong = [Wrong(name, f"The first line must have the column {name}.", 1) for name in missing]
    return wrong + [Wrong(name, f"The column {name} stands there twice.", 1) for name in twice]


def _line(found: Read, lines: dict[str, int], given: dict[str, Any], line: int) -> None:
    if not any(value for value in given.values()):
        return
    if "" in given or None in given.values():
        found.wrong.append(Wrong("", "This line has more or fewer cells than the first.", line))
        return
    row, wrong = read_one(given, line)
    if row["key"] in lines:
        wrong.append(Wrong("id", f"{row['key']} stands in line {lines[row['key']]} too.", line))
    elif row["key"]:
        lines[row["key"]] = line
    # A column that the file does not have leaves what is there as it is.
    kept = {COLUMNS.get(name, name) for name in ENTERED_NAMES if name in given}
    found.rows.append(
        {name: value for name, value in row.items() if name in kept or (name == "result" and value is not None)}
    )
    found.wrong += wrong
