"""Bringing a file in, taking it back, and what the pages show of it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock, outbox, reading
from triage.attachments import tidy_name
from triage.errors import Conflict, Invalid, NotFound
from triage.events import CommentsImported
from triage.metrics.importing import counting, names, repository
from triage.metrics.importing.layouts import LAYOUTS
from triage.metrics.importing.schemas import Comment, Draft, FileIsWrong
from triage.metrics.periods import Period, period_of
from triage.metrics.rules import Counts, Share, satisfaction, withheld
from triage.tables import Agent, SurveyImport

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Quarter:
    """What one quarter holds: five-point answers, faces, contacts, comments. Faces are never made points of."""

    period: Period
    counts: Counts
    faces: tuple[int, int, int]
    arrived: int
    closed: int
    comments: int

    @property
    def share(self) -> Share | None:
        """The satisfied share of the five-point answers, where there are enough."""
        return satisfaction(self.counts)

    @property
    def rated(self) -> int:
        """All faces."""
        return sum(self.faces)

    @property
    def good(self) -> Share | None:
        """The good share of the faces, whatever their number: see `Figures.hidden_faces`."""
        return Share(self.faces[0], self.rated) if self.rated else None


@dataclass(frozen=True, slots=True)
class Figures:
    """The quarters of an import or of all, with the reason beside each that has too few to show."""

    quarters: tuple[Quarter, ...]
    hidden: dict[int, str]
    hidden_faces: dict[int, str]

    @property
    def answers(self) -> int:
        """Five-point answers in all."""
        return sum(quarter.counts.n for quarter in self.quarters)

    @property
    def faces(self) -> int:
        """Faces in all."""
        return sum(quarter.rated for quarter in self.quarters)

    @property
    def contacts(self) -> int:
        """Contacts that arrived, in all."""
        return sum(quarter.arrived for quarter in self.quarters)

    @property
    def comments(self) -> int:
        """Comments, in all."""
        return sum(quarter.comments for quarter in self.quarters)


@dataclass(frozen=True, slots=True)
class Offered:
    """A file as it was offered, and how."""

    content: bytes
    file_name: str
    layout: str
    note: str = ""
    source: str = "import"
    # Count it though another import counts the same days, services, queues and channels.
    beside: bool = False


async def checked(offered: Offered) -> Draft:
    """What the file would count. Read in a thread, as a large file takes seconds. Raises Invalid for no such layout."""
    if offered.layout not in LAYOUTS:
        raise Invalid("Choose what kind of file it is.")
    known = await asyncio.to_thread(names.current)
    return await asyncio.to_thread(counting.read, offered.content, offered.layout, known, clock.today())


async def objections(session: AsyncSession, draft: Draft, source: str = "import") -> list[str]:
    """Why a file without faults should not be counted all the same: it, or what it tells, is counted already."""
    same = await repository.standing(session, bytes.fromhex(draft.sha256))
    if same is not None:
        return [f"This very file was brought in on {_day(same)} as {same.file_name}. It is counted already."]
    if not draft.right:
        return []
    return [
        f"{name} has {count:,} counts already that may be of the same people: of the same time, service, queue and "
        "channel, or with one of these left out."
        for name, count in await repository.overlapping(session, list(draft.counts), draft.grain, source)
    ]


async def bring_in(
    session: AsyncSession, offered: Offered, draft: Draft, by: Agent | None, request: Request | None = None
) -> SurveyImport:
    """Count a file that was checked, whole or not at all. Raises FileIsWrong, Conflict and Invalid."""
    if not draft.right:
        raise FileIsWrong
    note = offered.note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"Make the note shorter: at most {LONGEST_NOTE} characters.")
    sha256 = bytes.fromhex(draft.sha256)
    # Before the lock: of a large file it takes some seconds. What is stored was redacted here.
    comments = await asyncio.to_thread(redacted, draft.comments)
    await repository.lock(session)
    same = await repository.standing(session, sha256)
    if same is not None:
        raise Conflict(f"This very file was brought in on {_day(same)} as {same.file_name}. Nothing was counted again.")
    keys = list(draft.counts)
    if not offered.beside and (others := await repository.overlapping(session, keys, draft.grain, offered.source)):
        raise Conflict(
            f"{others[0][0]} counts some of the same days, services, queues and channels already, or of months and "
            "quarters that these days are in, so nothing was counted. Take that import back first, or say that both "
            "are to count."
        )
    made = SurveyImport(
        agent_id=by.id if by else None,
        file_name=tidy_name(offered.file_name),
        sha256=sha256,
        layout=draft.layout,
        source=offered.source,
        grain=draft.grain,
        rows=draft.rows,
        first_day=draft.first_day,
        last_day=draft.last_day,
        note=note,
    )
    await repository.add(session, made, draft.counts, comments)
    await _changed(session, made, sorted({key.measure for key in draft.counts}))
    if comments:
        await outbox.publish(session, CommentsImported(made.id))
    detail = {"file": made.file_name, "sha256": draft.sha256, "layout": made.layout, "rows": made.rows}
    await audit.note(session, "imported", by, request=request, kind="import", about=made.id, detail=detail)
    return made


async def take_back(
    session: AsyncSession, import_id: UUID, why: str, by: Agent | None, request: Request | None = None
) -> SurveyImport:
    """Count an import no longer. What it was, and who took it back, stays. Raises NotFound, Conflict and Invalid."""
    await repository.lock(session)
    found = await repository.one(session, import_id, hold=True)
    if found is None:
        raise NotFound("There is no such import.")
    why = why.strip()
    if not 3 <= len(why) <= LONGEST_NOTE:
        raise Invalid(f"Say why it is taken back, in at most {LONGEST_NOTE} characters.")
    if found.taken_back_at is not None:
        raise Conflict("This import was taken back already.")
    found.taken_back_at, found.taken_back_by, found.taken_back_why = clock.now(), by.id if by else None, why
    await session.flush()
    await repository.forget(session, import_id)
    await _changed(session, found)
    detail = {"file": found.file_name, "rows": found.rows}
    await audit.note(session, "import_taken_back", by, request=request, kind="import", about=found.id, detail=detail)
    return found


def redacted(comments: Iterable[Comment]) -> list[Comment]:
    """Comments without names, addresses and numbers, as those that are given here are redacted. Pure."""
    redactor = reading.redactor()
    return [replace(one, words=redactor.redact(one.words).text) for one in comments]


async def _changed(session: AsyncSession, made: SurveyImport, measures: Sequence[str] | None = None) -> None:
    await repository.sum_up(session, made.source, made.first_day, made.last_day, measures)
    await repository.withdraw_editions(session, made.source, made.first_day, made.last_day, clock.now(), measures)


def _day(made: SurveyImport) -> str:
    day = made.at.astimezone(clock.LONDON)
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class OneImport:
    """An import's page: what it was, who brought it in and took it back, and its quarters."""

    held: SurveyImport
    by: str | None
    taken_back_by: str | None
    figures: Figures
    comments: int
    unread: int


async def one(session: AsyncSession, import_id: UUID) -> OneImport:
    """An import with what it counts. Raises NotFound."""
    held = await repository.one(session, import_id)
    if held is None:
        raise NotFound("There is no such import.")
    return OneImport(
        held,
        await repository.name_of(session, held.agent_id),
        await repository.name_of(session, held.taken_back_by),
        figures(await repository.by_month(session, import_id)),
        *await repository.comments_of(session, import_id),
    )


async def overview(session: AsyncSession) -> tuple[repository.Listed, Figures]:
    """Every import, and what those of real figures count together."""
    return await repository.listed(session), figures(await repository.by_month(session, None))


def figures(rows: Iterable[tuple[date, str, str, int]]) -> Figures:
    """Quarters, first to last, of (day, measure, level, count)."""
    found: dict[Period, Counter[tuple[str, str]]] = defaultdict(Counter)
    for day, measure, level, count in rows:
        found[period_of(day, "quarter")][measure, level] += count
    quarters = tuple(_quarter(period, found[period]) for period in sorted(found))
    return Figures(
        quarters,
        withheld([quarter.counts.n for quarter in quarters]),
        withheld([quarter.rated for quarter in quarters]),
    )


def _quarter(period: Period, held: Counter[tuple[str, str]]) -> Quarter:
    one, two, three, four, five = (held["satisfaction", level] for level in "12345")
    good, average, poor = (held["face", face] for face in ("good", "average", "poor"))
    return Quarter(
        period,
        Counts((one, two, three, four, five)),
        (good, average, poor),
        held["arrived", ""],
        held["closed", ""],
        held["comment", ""],
    )


def figures_of(draft: Draft) -> Figures:
    """The quarters of a file that is not stored."""
    return figures((key.day, key.measure, key.level, count) for key, count in draft.counts.items())
