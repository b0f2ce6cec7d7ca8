"""Reads the days of a calendar (RFC 5545). Pure.

Of repetition it reads what bin rounds use: weekly, every so many weeks, until a day or so many times, with days taken
out and put in. A calendar that repeats otherwise is refused, not guessed at.
"""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.errors import AnswerUnreadable
from connectors.plain import words

# An event's properties, by name; each with its parameters and its value.
Event = dict[str, list[tuple[dict[str, str], str]]]

AROUND = timedelta(days=120)
MOST_EVENTS = 5000
ESCAPED = re.compile(r"\\([\\;,nN])")
READ_IN_RULES = {"FREQ", "INTERVAL", "UNTIL", "COUNT", "BYDAY", "WKST"}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def events(text: str) -> list[Event]:
    """Every event of a calendar. Raises AnswerUnreadable for what is none."""
    lines = re.sub(r"\r?\n[ \t]", "", text.strip("\ufeff\r\n ")).splitlines()
    if (
        not lines
        or lines[0].strip().upper() != "BEGIN:VCALENDAR"
        or "END:VCALENDAR" not in (line.strip() for line in lines)
    ):
        raise AnswerUnreadable("The feed gave no whole calendar.")
    found: list[Event] = []
    current: Event | None = None
    # Within an event stand others, such as an alarm, whose lines are not the event's own.
    inside = 0
    for line in lines:
        name, parameters, value = _line(line)
        if name == "BEGIN" and value == "VEVENT":
            current, inside = {}, 0
        elif name == "END" and value == "VEVENT" and current is not None:
            found.append(current)
            current = None
        elif current is not None:
            inside += (name == "BEGIN") - (name == "END")
            if not inside and name != "END":
                current.setdefault(name, []).append((parameters, value))
    return found[:MOST_EVENTS]


def _line(line: str) -> tuple[str, dict[str, str], str]:
    # A colon within quotes belongs to a parameter.
    head, quoted = "", False
    for at, letter in enumerate(line):
        quoted ^= letter == '"'
        if letter == ":" and not quoted:
            head, value = line[:at], line[at + 1 :]
            break
    else:
        return "", {}, ""
    name, *parameters = head.split(";")
    pairs = (one.partition("=") for one in parameters)
    return name.strip().upper(), {key.upper(): given.strip('"') for key, _, given in pairs}, value.strip()


def title(event: Event) -> str:
    """What an event is called."""
    summary = event.get("SUMMARY", [({}, "")])[0][1]
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], words(summary))


def days(event: Event, today: date, zone: ZoneInfo) -> list[date]:
    """The days of one event around today. Raises AnswerUnreadable."""
    if event.get("STATUS", [({}, "")])[0][1].upper() == "CANCELLED":
        return []
    starts = _dates(event, "DTSTART", zone)
    if len(starts) != 1:
        raise AnswerUnreadable("The feed gave an event without its day.")
    out = set(_dates(event, "EXDATE", zone))
    found = {starts[0], *_dates(event, "RDATE", zone)}
    for _, rule in event.get("RRULE", []):
        found.update(_repeated(starts[0], rule, today, zone))
    return sorted(day for day in found - out if abs(day - today) <= AROUND)


def _dates(event: Event, name: str, zone: ZoneInfo) -> list[date]:
    return [_date(part, given, zone) for given, value in event.get(name, []) for part in value.split(",")]


def _date(text: str, given: dict[str, str], zone: ZoneInfo) -> date:
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 (a day has no zone)
        moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(
            tzinfo=ZoneInfo("UTC") if text.endswith("Z") else ZoneInfo(given["TZID"]) if "TZID" in given else zone
        )
    except (ValueError, ZoneInfoNotFoundError):
        raise AnswerUnreadable("The feed gave a day that is none.") from None
    return moment.astimezone(zone).date()


def _repeated(start: date, rule: str, today: date, zone: ZoneInfo) -> list[date]:
    parts = dict(one.upper().split("=", 1) for one in rule.split(";") if "=" in one)
    weekday = parts.get("BYDAY", DAYS[start.weekday()])
    if parts.get("FREQ") != "WEEKLY" or set(parts) - READ_IN_RULES or weekday != DAYS[start.weekday()]:
        raise AnswerUnreadable("The feed repeats an event in a way that we do not read.")
    try:
        step = timedelta(weeks=max(1, int(parts.get("INTERVAL", "1"))))
        most = int(parts["COUNT"]) if "COUNT" in parts else None
    except (ValueError, OverflowError):
        raise AnswerUnreadable("The feed repeats an event in a way that we do not read.") from None
    until = min(_date(parts["UNTIL"], {}, zone), today + AROUND) if "UNTIL" in parts else today + AROUND
    first = max(0, (today - AROUND - start) // step)
    last = (until - start) // step
    if most is not None:
        last = min(last, most - 1)
    return [start + number * step for number in range(first, last + 1)]
