"""Opening hours, promises and legal time limits that can be read but cannot be meant."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from triage import hours
from triage.catalogue import Catalogue
from triage.checking.facts import LONGEST_OF_ALL
from triage.checking.faults import Fault, Page
from triage.clock import LONDON
from triage.timetable import PRIORITIES, WEEKDAYS, Calendar

# A Monday morning like any other, on which what is promised first must be due first.
ORDINARY = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)


def check_clocks(catalogue: Catalogue, folder: Path, laws: Path, today: date) -> Iterator[Fault]:
    """Every fault of a council's calendars and queues, and of the law's time limits."""
    page = Page(folder / "calendars.toml")
    never = set()
    for key, calendar in catalogue.calendars.items():
        if not any(getattr(calendar, weekday) for weekday in WEEKDAYS):
            never.add(key)
            yield page.fault(f"{key}: opens on no day of the week, so nothing would ever be due", f"[{key}]")
        yield from _closures(page, key, calendar)
    page = Page(folder / "queues.toml")
    for code, queue in catalogue.queues.items():
        if queue.calendar in never:
            continue
        opening = hours.Opening(catalogue.calendars[queue.calendar])
        for priority in PRIORITIES:
            first, settle = queue.targets(priority)
            if hours.due(ORDINARY, first, opening, priority) > hours.due(ORDINARY, settle, opening, priority):
                yield page.fault(
                    f"{code}: a {priority} is to be settled ({settle}) before it is first answered ({first})",
                    f"[{code}]",
                )
                break
    yield from _laws(catalogue, Page(laws), today)


def _closures(page: Page, key: str, calendar: Calendar) -> Iterator[Fault]:
    """Part-days that lie outside the opening hours: the hour or the day is a slip."""
    for closure in calendar.closed:
        if closure.whole:
            continue
        days = range(((closure.to or closure.on) - closure.on).days + 1)
        weekdays = {WEEKDAYS[(closure.on.weekday() + day) % 7] for day in days}
        spans = [span.split("-") for weekday in weekdays for span in getattr(calendar, weekday)]
        late = closure.opens is not None and any(opens < closure.opens for opens, _ in spans)
        early = closure.closes is not None and any(closure.closes < closes for _, closes in spans)
        if not (late or early):
            what = f"{key}: {closure.name!r} on {closure.on} changes nothing: it is not open then anyway"
            yield page.fault(what, f"[{key}]", closure.name)


def _laws(catalogue: Catalogue, page: Page, today: date) -> Iterator[Fault]:
    for key, law in catalogue.laws.items():
        head = f"[{key}]"
        if not law.source.startswith("https://") or " " in law.source:
            yield page.fault(f"{key}: {law.source!r} is not an https address", head, "source")
        if law.reviewed_on > today:
            yield page.fault(f"{key}: reviewed on a day to come", head, "reviewed_on")
        if not law.reviewed_on < law.review_by <= law.reviewed_on + LONGEST_OF_ALL:
            yield page.fault(
                f"{key}: review_by must lie within {LONGEST_OF_ALL.days} days of reviewed_on", head, "review_by"
            )
        if law.review_by < today:
            yield page.fault(
                f"{key}: overdue for review since {law.review_by}; it still counts, so somebody must look",
                head,
                "review_by",
                serious=False,
            )
