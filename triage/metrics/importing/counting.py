"""From a file's rows to what would be counted of them. Pure: it reads no clock and no database."""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import date

from triage.metrics.importing import cells, files
from triage.metrics.importing.cells import WrongCell
from triage.metrics.importing.days import NotADay, When, day_of, period_of
from triage.metrics.importing.files import Line, shown
from triage.metrics.importing.layouts import FACES, HEADINGS, LAYOUTS, LEVELS, Layout, plain
from triage.metrics.importing.names import CHANNELS, Names
from triage.metrics.importing.schemas import MOST_FAULTS, CannotRead, Comment, Draft, Fault, Key

MOST_KNOWN = 50_000
# With so much wrong it is another file than was meant, and the rest need not be read.
ENOUGH = 10_000
_COUNTED = {
    "contacts_arrived": ("arrived", ""),
    "contacts_closed": ("closed", ""),
    **{column: ("satisfaction", level) for column, level in LEVELS.items()},
    **{face: ("face", face) for face in FACES},
}


class _Reading:
    """One file on its way to a draft: its columns by name, its faults, and what is worth telling."""

    def __init__(self, draft: Draft, layout: Layout, names: Names, today: date) -> None:
        self.draft, self.layout, self.names, self.today = draft, layout, names, today
        self.columns: dict[str, int] = {}
        self.headings: tuple[str, ...] = ()
        self.ways: Counter[str] = Counter()
        self.grains: set[str] = set()
        self.unrated = 0
        self.given: dict[tuple[date, str, str, str], int] = {}
        self._faults: dict[tuple[str, str], Fault] = {}
        self._known: dict[tuple[str, str], object] = {}

    def fault(self, line: int, column: str, what: str, do: str) -> None:
        """Note a fault; the same one on a later line is counted with the first."""
        heading = shown(self.headings[self.columns[column]]) if column in self.columns else ""
        known = self._faults.get((column, what))
        if known:
            known.more += 1
            return
        self.draft.fault_count += 1
        if len(self.draft.faults) < MOST_FAULTS:
            fault = Fault(line, heading, what, do)
            self._faults[column, what] = fault
            self.draft.faults.append(fault)

    def cell(self, line: Line, column: str) -> str:
        """The cell of a column; '' where the file has no such column."""
        place = self.columns.get(column)
        return line.cells[place] if place is not None else ""

    def head(self, line: Line) -> bool:
        """Find the layout's columns by their headings; whether every column that is needed is there."""
        self.headings = line.cells
        found = [plain(cell) for cell in line.cells]
        twice = sorted({shown(name) for name in found if name and found.count(name) > 1})
        for name in twice:
            self.fault(line.number, "", f"two columns are headed \u201c{name}\u201d", "Keep one, or rename the other.")
        taken: set[int] = set()
        for column in (*self.layout.needs, *self.layout.may):
            for heading in HEADINGS[column]:
                place = found.index(heading) if heading in found else None
                if place is not None and place not in taken:
                    self.columns[column] = place
                    taken.add(place)
                    break
            else:
                if column in self.layout.needs:
                    other = " or ".join(f"\u201c{name}\u201d" for name in HEADINGS[column][:3])
                    self.fault(
                        line.number,
                        "",
                        f"no column is headed {other}",
                        "Name the column so, or choose another layout.",
                    )
        left = [shown(cell) for place, cell in enumerate(line.cells) if place not in taken and cell]
        if left:
            more = f" and {len(left) - 10} more" if len(left) > 10 else ""
            self.draft.notes.append(f"Not read, and not kept: {', '.join(left[:10])}{more}.")
        return not self.draft.fault_count

    def tried(self, line: Line, column: str, read: Callable[[str], object]) -> object | None:
        """What `read` makes of a cell, or None when that is a fault."""
        cell = self.cell(line, column)
        if (column, cell) in self._known:
            return self._known[column, cell]
        found = self._tried(line, column, cell, read)
        # Files say the same things many times. What is wrong is told each time, so that its lines are counted.
        if found is not None and len(self._known) < MOST_KNOWN:
            self._known[column, cell] = found
        return found

    def _tried(self, line: Line, column: str, cell: str, read: Callable[[str], object]) -> object | None:
        try:
            if cell.startswith(cells.FORMULA):
                raise WrongCell(
                    f"\u201c{shown(cell)}\u201d begins as a spreadsheet's formula or sign does",
                    "Put the plain value in its place.",
                )
            return read(cell)
        except (WrongCell, NotADay) as wrong:
            what = wrong.what if isinstance(wrong, WrongCell) else f"\u201c{shown(cell)}\u201d: {wrong.what}"
            self.fault(line.number, column, what, wrong.do)
            return None

    def words(self, line: Line) -> str:
        """What somebody wrote on this row; '' where they did not, or that is a fault."""
        try:
            return cells.comment(self.cell(line, "comment"))
        except WrongCell as wrong:
            self.fault(line.number, "comment", wrong.what, wrong.do)
            return ""

    def when(self, line: Line, column: str) -> date | None:
        """The day of a row, or None when that is a fault."""
        read = period_of if self.layout.counted else day_of
        found = self.tried(line, column, lambda cell: read(cell, self.today))
        if not isinstance(found, When):
            return None
        self.ways[found.how] += 1
        self.grains.add(found.grain)
        return found.day

    def about(self, line: Line) -> tuple[str, str, str] | None:
        """(service, queue, channel) of a row, or None when one of them is a fault."""
        service = self.tried(line, "service", self._service)
        queue = self.tried(line, "queue", self._queue)
        channel = self.tried(line, "channel", self._channel)
        if service is None or queue is None or channel is None:
            return None
        assert isinstance(service, tuple)
        return service[0], str(queue) or service[1], str(channel)

    def _service(self, cell: str) -> tuple[str, str]:
        if not cell:
            return "", ""
        found = self.names.services.get(plain(cell))
        if found is None:
            raise WrongCell(
                f"\u201c{shown(cell)}\u201d is no service or queue of ours",
                "Write a service's name, or say in the council's imports.toml what it means here.",
            )
        return found

    def _queue(self, cell: str) -> str:
        found = self.names.queues.get(plain(cell)) if cell else ""
        if found is None:
            raise WrongCell(f"\u201c{shown(cell)}\u201d is no queue of ours", "Write a queue's code, such as Q-WASTE.")
        return found

    def _channel(self, cell: str) -> str:
        found = self.names.channels.get(plain(cell)) if cell else ""
        if found is None:
            raise WrongCell(
                f"\u201c{shown(cell)}\u201d is no channel that we know",
                f"Write one of {', '.join(CHANNELS)}, or say in the council's imports.toml what it means here.",
            )
        return found


def _counted_row(reading: _Reading, line: Line) -> None:
    day, about = reading.when(line, "period"), reading.about(line)
    whole = {
        column: reading.tried(line, column, cells.whole)
        for column in (*reading.layout.needs, *reading.layout.may)
        if column in _COUNTED and column in reading.columns
    }
    if day is None or about is None:
        return
    before = reading.given.setdefault((day, *about), line.number)
    if before != line.number:
        reading.fault(
            line.number,
            "",
            f"line {before} has counts of the same time, service, queue and channel already",
            "Keep one of the two, and leave out lines of totals.",
        )
    for column, count in whole.items():
        if isinstance(count, int) and count:
            measure, level = _COUNTED[column]
            reading.draft.counts[Key(day, measure, level, *about)] += count


def _single_row(reading: _Reading, line: Line) -> None:
    about = reading.about(line)
    if reading.layout.key == "contacts":
        arrived = reading.when(line, "arrived")
        closed = reading.when(line, "closed") if reading.cell(line, "closed") else None
        if arrived and closed and closed < arrived:
            reading.fault(line.number, "closed", "this is before the day it arrived", "Look at both days.")
        if about and arrived:
            reading.draft.counts[Key(arrived, "arrived", "", *about)] += 1
        if about and closed:
            reading.draft.counts[Key(closed, "closed", "", *about)] += 1
        return
    day = reading.when(line, "date")
    said = reading.tried(line, "satisfaction", cells.point) if "satisfaction" in reading.layout.needs else None
    face = reading.tried(line, "face", cells.face) if "face" in reading.layout.needs else None
    got_it = reading.tried(line, "got_it", cells.got_it)
    words = reading.words(line)
    reading.unrated += said == "" or face == ""
    if day is None or about is None:
        return
    if words:
        reading.draft.counts[Key(day, "comment", "", *about)] += 1
        reading.draft.comments.append(Comment(line.number, day, *about, words))
    for measure, level in (("satisfaction", said), ("face", face), ("got_it", got_it)):
        if level:
            reading.draft.counts[Key(day, measure, str(level), *about)] += 1


def read(content: bytes, layout: str, names: Names, today: date) -> Draft:
    """What a file would count, with every fault that was found. It never raises for what is in the file."""
    shape = LAYOUTS[layout]
    draft = Draft(layout, hashlib.sha256(content).hexdigest())
    reading = _Reading(draft, shape, names, today)
    try:
        opened = files.open_file(content)
        draft.notes += opened.notes
        _rows(reading, opened)
    except CannotRead as problem:
        draft.fault_count += 1
        draft.faults.append(Fault(0, "", problem.detail, ""))
    if not draft.fault_count and not draft.counts:
        draft.fault_count = 1
        draft.faults.append(Fault(1, "", "there is nothing to count below the headings", "Look at the file."))
    _tell(reading)
    return draft


def _rows(reading: _Reading, opened: files.Opened) -> None:
    head: Line | None = None
    for line in files.rows(opened):
        if head is None:
            head = line
            if not reading.head(line):
                return
            continue
        if len(line.cells) != len(head.cells):
            reading.fault(
                line.number,
                "",
                f"there are {len(line.cells)} cells, and {len(head.cells)} headings",
                "Look for a separator too many or too few; a cell with one inside needs quotation marks.",
            )
            continue
        if reading.draft.fault_count >= ENOUGH:
            reading.draft.notes.append(f"With {ENOUGH:,} things wrong, reading stopped at line {line.number:,}.")
            return
        reading.draft.rows += 1
        if reading.layout.counted:
            _counted_row(reading, line)
        else:
            _single_row(reading, line)


def _tell(reading: _Reading) -> None:
    draft, ways = reading.draft, reading.ways
    if len(reading.grains) > 1:
        reading.fault(1, "", "some rows are of days, some of months or quarters", "Bring each in as a file of its own.")
    draft.grain = next(iter(reading.grains), "day")
    if ways["day_first"]:
        draft.notes.append("Dates with strokes are read day first: 07/03/2016 is 7 March 2016.")
    if ways["excel"]:
        draft.notes.append(f"{ways['excel']:,} dates are Excel's numbers for days, and were read as such.")
    if ways["excel"] and len(+ways) > 1:
        draft.notes.append(
            "Some dates are numbers and some are text. That happens when Excel took some for month first: compare a "
            "few with the first file."
        )
    if reading.layout.key == "answers":
        draft.notes.append("5 is read as very satisfied and 1 as very dissatisfied.")
    if reading.unrated:
        draft.notes.append(f"Rows without a rating, which are not counted: {reading.unrated:,}.")
    if draft.comments:
        n = len(draft.comments)
        said = "1 comment. It is" if n == 1 else f"{n:,} comments. They are"
        draft.notes.append(f"{said} kept when the file is counted, without names, addresses and numbers.")
    for place, column in enumerate(("service", "queue", "channel"), 1):
        without, named = ({key[0] for key in reading.given if bool(key[place]) is there} for there in (False, True))
        if without & named:
            draft.notes.append(
                f"Of the same time there are lines with a {column} and lines without. If a line without one is a "
                "total, leave it out: everybody in it would be counted twice."
            )
    if draft.grain == "quarter":
        draft.notes.append("Counted by quarter: what is looked at with it is shown by quarter, never by month.")
