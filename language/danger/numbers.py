"""Telephone numbers shown to residents in danger: read from `numbers.toml`, each one checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from language.danger.errors import DangerDataWrong

Kind = Literal["phone", "short_code", "text"]
STALE_AFTER = timedelta(days=90)
"""How long a number may be shown before somebody must look again."""

_SHORT_CODES = frozenset(["999", "112", "101", "105", "111", "119", "18000"])
# Ofcom's National Telephone Numbering Plan: geographic 01/02, non-geographic 03, freephone 0800/0808, and the
# harmonised European helplines 116xxx. A number that costs more (084, 087, 09) or is personal (070) is refused.
_PHONES = (
    re.compile(r"020[3478]\d{7}"),
    re.compile(r"02[3489]\d{8}"),
    re.compile(r"01\d{9}"),
    re.compile(r"03[0347]\d{8}"),
    re.compile(r"080[08]\d{7}"),
    re.compile(r"07[1-57-9]\d{8}"),
    re.compile(r"116\d{3}"),
)
# Freephone numbers shorter than eleven digits are few and old; each is named, so that a lost digit is still caught:
# Childline, the gas emergency service, the Anti-Terrorist Hotline.
_SHORT_FREEPHONES = frozenset(["08001111", "0800111999", "0800789321"])
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(rf"({'|'.join(_DAYS)})-({'|'.join(_DAYS)}) ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Hours:
    """When somebody answers, on a clock on the wall: from `first` to `last` (Monday is 0), `opens` to `shuts`."""

    first: int
    last: int
    opens: time
    shuts: time

    def hold(self, moment: datetime) -> bool:
        """Whether somebody answers at this moment of local time."""
        return self.first <= moment.weekday() <= self.last and self.opens <= moment.time() < self.shuts


@dataclass(frozen=True)
class Number:
    """One number: `value` as printed, `label` says who answers and when, `council` limits where it is shown.

    `hours` is empty where somebody always answers, and where nobody has confirmed when.
    """

    key: str
    value: str
    label: str
    kind: Kind
    verified_on: date
    source: str
    council: str | None = None
    hours: tuple[Hours, ...] = ()

    @property
    def digits(self) -> str:
        """The number as it is dialled, digits only: for a `tel:` or `sms:` link."""
        return re.sub(r"\D", "", self.value)

    def stale(self, today: date) -> bool:
        """Whether more than 90 days have gone by since somebody last looked."""
        return today - self.verified_on > STALE_AFTER

    def answered(self, moment: datetime, *, holiday: bool = False) -> bool:
        """Whether somebody answers at a moment of local time; an office of the council keeps bank holidays."""
        if not self.hours:
            return True
        return not (holiday and self.council) and any(each.hold(moment) for each in self.hours)


def number_wrong(value: str, kind: str) -> str | None:
    """Say what is wrong with a number of this kind, or None when its form is right.

    Catches a digit too many or too few, prefixes that are not in use or that cost callers extra, and letters.
    """
    if not re.fullmatch(r"\d[\d ]*\d", value):
        return "only digits and single spaces may be used"
    digits = value.replace(" ", "")
    if kind == "short_code":
        return None if digits in _SHORT_CODES else f"{value} is not a known short code"
    if kind == "text":
        return None if re.fullmatch(r"[6-8]\d{4}", digits) else f"{value} is not a five-digit text number"
    if kind != "phone":
        return f"{kind!r} is not phone, short_code or text"
    if digits in _SHORT_FREEPHONES or any(form.fullmatch(digits) for form in _PHONES):
        return None
    return f"{value} has {len(digits)} digits and is not a UK number of a kind that we give out"


def read_numbers(file: Path) -> dict[str, Number]:
    """Read every number. Raises DangerDataWrong naming the key for anything missing, unknown or malformed."""
    numbers: dict[str, Number] = {}
    for key, entry in read_toml(file).items():
        if not isinstance(entry, dict):
            raise DangerDataWrong(file, key, "must be a table")
        extra = set(entry) - {"value", "label", "kind", "verified_on", "source", "council", "hours"}
        if extra:
            raise DangerDataWrong(file, key, f"does not know {', '.join(sorted(extra))}")
        text = {name: said_in(file, key, entry, name) for name in ("value", "label", "kind", "source")}
        looked = entry.get("verified_on")
        if type(looked) is not date:
            raise DangerDataWrong(file, f"{key}.verified_on", "must be a date such as 2026-11-21")
        kind = text["kind"]
        if wrong := number_wrong(text["value"], kind):
            raise DangerDataWrong(file, f"{key}.value", wrong)
        checked: Kind = "phone" if kind == "phone" else "text" if kind == "text" else "short_code"
        council = said_in(file, key, entry, "council") if "council" in entry else None
        hours = _hours_in(file, key, entry)
        numbers[key] = Number(key, text["value"], text["label"], checked, looked, text["source"], council, hours)
    return numbers


def _hours_in(file: Path, key: str, entry: Mapping[str, Any]) -> tuple[Hours, ...]:
    written = entry.get("hours", [])
    found: list[Hours] = []
    for one in written if isinstance(written, list) else [written]:
        read = _HOURS.fullmatch(one) if isinstance(one, str) else None
        if read is None:
            raise DangerDataWrong(file, f"{key}.hours", f"{one!r} is not like 'mon-fri 09:00-17:00'")
        first, last = _DAYS.index(read[1]), _DAYS.index(read[2])
        opens, shuts = time(int(read[3]), int(read[4])), time(int(read[5]), int(read[6]))
        if last < first or shuts <= opens:
            raise DangerDataWrong(file, f"{key}.hours", f"{one!r} ends before it begins")
        found.append(Hours(first, last, opens, shuts))
    return tuple(found)


def read_toml(file: Path) -> dict[str, Any]:
    """Read a toml file. Raises DangerDataWrong when it is missing or is not toml."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DangerDataWrong(file, "file", str(error)) from error


def said_in(file: Path, key: str, entry: Mapping[str, Any], name: str) -> str:
    """Return the text under `name`. Raises DangerDataWrong when it is missing, empty or not text."""
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise DangerDataWrong(file, f"{key}.{name}", "must be text")
    return value
