"""A report while it is a draft: begun, filled in, commented."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock
from triage.errors import Conflict, Invalid, NotFound, ReportKept
from triage.metrics.periods import Period, quarter
from triage.metrics.reporting import drawn, repository, services
from triage.metrics.reporting.entries import ROWS_AT_MOST, tidy
from triage.metrics.reporting.fields import COLUMNS, COUNTED, ENTERED, FRONT
from triage.metrics.reporting.presets import Preset, presets
from triage.tables import Agent, Report, ReportIndicator, ReportNote
from triage.tables.report import NOTE_KINDS

NOTE_AT_MOST = 2000
NOTES_AT_MOST = 200
# What is the same from quarter to quarter, and so carried into the next report.
CARRIED = (
    *("key", "name", "definition", "owner", "partner", "area", "service", "contract"),
    *("polarity", "unit", "target", "benchmark", "source"),
)


def period_of(code: str) -> Period:
    """The quarter of a report's code. Raises Invalid when it is none, or has not begun."""
    year, mark, number = code.partition("-q")
    try:
        if not (mark and len(year) == 4 and len(number) == 1 and code.isascii()):
            raise ValueError(code)
        found = quarter(int(year), int(number))
    except ValueError:
        raise Invalid("Choose a quarter such as 2016-q4.") from None
    if found.start > clock.today():
        raise Invalid("That quarter has not begun, so there is no report of it yet.")
    return found


def preset_of(report: Report) -> Preset:
    """How its results are rated. A preset that has gone from data/ stops here, and not halfway down a page."""
    found = presets().get(report.preset)
    if found is None:
        raise NotFound("The way of rating that this report was begun with is no longer in our data.")
    return found


async def begin(session: AsyncSession, agent: Agent, code: str, preset: str, request: Request | None = None) -> Report:
    """A draft for a quarter, with the indicators of the last published report: its targets, and its results as prior.

    Raises Invalid and Conflict.
    """
    period = period_of(code)
    if preset not in presets():
        raise Invalid("Choose how results are rated.")
    if await repository.by_code(session, period.code):
        raise Conflict("There is a report for that quarter already. Open it from the list.")
    report = Report(code=period.code, preset=preset, drafted_by=agent.id, front={})
    session.add(report)
    await session.flush()
    for row in await _carried(session, period):
        session.add(ReportIndicator(report_id=report.id, entered_by=agent.id, origin="carried", **row))
    await audit.note(session, "report_drafted", agent, request=request, kind="report", about=report.code)
    return report


async def _carried(session: AsyncSession, period: Period) -> list[dict[str, Any]]:
    last = await repository.last_published_before(session, period.code)
    if last is None or last.content is None:
        return []
    year_ago = await repository.published_by_code(session, period.year_before().code)
    then = {one["id"]: one for one in _indicators(year_ago.content if year_ago else None)}
    is_before = last.code == period.before().code
    rows = []
    for one in _indicators(last.content):
        # A field that came after that report was published is empty.
        row = {COLUMNS.get(field.name, field.name): one.get(field.name, "") for field in ENTERED}
        row = {name: row[name] for name in CARRIED} | {
            "prior": one["result"] if is_before else None,
            "year_before": then.get(one["id"], {}).get("result"),
        }
        rows.append({name: _decimal(value) for name, value in row.items()})
    return rows


def _indicators(published: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [one for section in (published or {"sections": []})["sections"] for one in section["indicators"]]


def _decimal(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) else value


async def draft(session: AsyncSession, report_id: UUID) -> Report:
    """A report that may be changed, its row locked. Raises NotFound, and ReportKept when it is a draft no longer."""
    report = await repository.find(session, report_id, lock=True)
    if report.state != "draft":
        raise ReportKept
    return report


async def save_front(session: AsyncSession, agent: Agent, report_id: UUID, given: Mapping[str, str]) -> None:
    """Keep the front page's fields. Raises Invalid when one is too long."""
    report = await draft(session, report_id)
    front = {part.name: tidy(given.get(part.name, ""), lines=part.kind == "long") for part in FRONT}
    for part in FRONT:
        if len(front[part.name]) > part.longest:
            raise Invalid(f"{part.label} must have {part.longest:,} characters or fewer.")
    report.front = {name: text for name, text in front.items() if text}
    await _changed(session, agent, report, "front page")


async def discard(session: AsyncSession, agent: Agent, report_id: UUID, request: Request | None = None) -> None:
    """Throw a draft away with all that is in it, so that its quarter can be begun again. Raises ReportKept."""
    report = await draft(session, report_id)
    await session.delete(report)
    await session.flush()
    await audit.note(session, "report_discarded", agent, request=request, kind="report", about=report.code)


def seen(held: ReportIndicator) -> str:
    """What tells one state of an indicator from another, for the form in which somebody changes it."""
    values = [str(value) for name, value in sorted(repository.columns(held).items())]
    return hashlib.sha256("\0".join(values).encode()).hexdigest()[:16]


async def save_indicator(
    session: AsyncSession,
    agent: Agent,
    report_id: UUID,
    row: dict[str, Any],
    indicator_id: UUID | None = None,
    was: str = "",
) -> None:
    """Keep one indicator as typed, new or changed.

    Raises Conflict when another has its id, or when somebody changed it since the form was opened, as `was` tells.
    """
    report = await draft(session, report_id)
    row = _with_service(row, period_of(report.code))
    other = await repository.indicator_by_key(session, report_id, row["key"])
    if other is not None and other.id != indicator_id:
        raise Conflict(f"{row['key']} is in this report already. Change that one, or give this one another id.")
    if indicator_id is None:
        await _room_for(session, report_id, 1)
        row = _typed(row, None)
        session.add(ReportIndicator(report_id=report_id, entered_by=agent.id, origin="form", **row))
        written = True
    else:
        held = await repository.indicator(session, report_id, indicator_id)
        if was and was != seen(held):
            raise Conflict("Somebody changed this indicator meanwhile. Open it in another tab and compare, then keep.")
        written = _set(held, _typed(row, held), agent, "form")
    if written:
        await repository.note_writer(session, report_id, agent.id, [row["key"]], "entered")
    await _changed(session, agent, report, row["key"])


def _with_service(row: dict[str, Any], period: Period) -> dict[str, Any]:
    """A row with the id of the service that it names. Raises Invalid for one that is not its partner's."""
    found, fault = services.read(row, period)
    if fault:
        raise Invalid(f"{row['key']}: {fault}")
    return row | {"service": found}


def _typed(row: dict[str, Any], held: ReportIndicator | None) -> dict[str, Any]:
    """What somebody typed, without a source that says we counted it, unless we did and its numbers are still ours."""
    source = row.get("source", held.source if held else "")
    numbers = ("result", "numerator", "denominator")
    ours = held is not None and held.source == source
    if source.startswith(COUNTED) and not (
        ours and all(getattr(held, n) == row.get(n, getattr(held, n)) for n in numbers)
    ):
        return row | {"source": ""}
    return row


def _set(held: ReportIndicator, row: Mapping[str, Any], agent: Agent, origin: str) -> bool:
    """Take the new values over; whether any is more than words.

    Who only wrote a comment has not entered the figures, and may approve them.
    """
    words = {"comment", "comment_role", "action"}
    changed = {name for name, value in row.items() if getattr(held, name) != value}
    for name in changed:
        setattr(held, name, row[name])
    if changed - words:
        held.entered_by, held.entered_at, held.origin = agent.id, clock.now(), origin
    return bool(changed - words)


async def _room_for(session: AsyncSession, report_id: UUID, more: int) -> None:
    if len(await repository.indicators(session, report_id)) + more > ROWS_AT_MOST:
        raise Invalid(f"A report has at most {ROWS_AT_MOST:,} indicators.")


async def take_rows(
    session: AsyncSession, agent: Agent, report_id: UUID, rows: Sequence[dict[str, Any]], origin: str
) -> tuple[int, int]:
    """Add or change many indicators at once; how many are new, and how many were there. All of them, or none."""
    report = await draft(session, report_id)
    held = {one.key: one for one in await repository.indicators(session, report_id)}
    new, written = 0, []
    for given in rows:
        row = given if origin == "figures" else _typed(given, held.get(given["key"]))
        if "service" in row:
            row = _with_service(row, period_of(report.code))
        if row["key"] in held:
            if _set(held[row["key"]], row, agent, origin):
                written.append(row["key"])
        else:
            new += 1
            written.append(row["key"])
            session.add(ReportIndicator(report_id=report_id, entered_by=agent.id, origin=origin, **row))
    old = sum(1 for row in rows if row["key"] in held)
    if len(held) + new > ROWS_AT_MOST:
        raise Invalid(f"A report has at most {ROWS_AT_MOST:,} indicators.")
    await repository.note_writer(session, report_id, agent.id, written, "entered")
    await _changed(session, agent, report, f"{new + old} indicators, {origin}")
    return new, old


async def take_figures(
    session: AsyncSession, agent: Agent, report_id: UUID, chosen: Sequence[str] = ()
) -> tuple[int, int]:
    """Add the indicators that we count ourselves, or count them again; their targets and comments stay.

    A new one has the council's target, if there is one. Raises Invalid for a figure that cannot be an indicator.
    """
    report = await draft(session, report_id)
    rows = await drawn.indicators(session, period_of(report.code), chosen)
    held = {one.key for one in await repository.indicators(session, report_id)}
    kept = [{name: value for name, value in row.items() if name != "target" or row["key"] not in held} for row in rows]
    return await take_rows(session, agent, report_id, kept, "figures")


async def remove_indicator(session: AsyncSession, agent: Agent, report_id: UUID, indicator_id: UUID) -> None:
    """Take an indicator out of a draft."""
    report = await draft(session, report_id)
    held = await repository.indicator(session, report_id, indicator_id)
    await session.delete(held)
    await repository.note_writer(session, report_id, agent.id, [held.key], "removed")
    await _changed(session, agent, report, f"{held.key} taken out")


async def add_note(session: AsyncSession, agent: Agent, report_id: UUID, given: Mapping[str, str]) -> None:
    """Add a success, a challenge or an experience under a partner and a service area. Raises Invalid."""
    report = await draft(session, report_id)
    kind, text = given.get("kind", ""), tidy(given.get("text", ""), lines=True)
    partner, area = tidy(given.get("partner", "")), tidy(given.get("area", ""))
    if kind not in NOTE_KINDS:
        raise Invalid("Choose whether it is a success, a challenge or what customers' experience was.")
    if not (text and partner and area):
        raise Invalid("Enter what happened, who delivers the service, and the service area.")
    if len(text) > NOTE_AT_MOST or max(len(partner), len(area)) > 120:
        raise Invalid(f"What happened must have {NOTE_AT_MOST:,} characters or fewer; a name 120.")
    if len(await repository.notes(session, report_id)) >= NOTES_AT_MOST:
        raise Invalid(f"A report has at most {NOTES_AT_MOST:,} of these.")
    session.add(ReportNote(report_id=report_id, kind=kind, partner=partner, area=area, text=text, entered_by=agent.id))
    await _changed(session, agent, report, kind)


async def remove_note(session: AsyncSession, agent: Agent, report_id: UUID, note_id: UUID) -> None:
    """Take one out of a draft."""
    report = await draft(session, report_id)
    await repository.remove_note(session, report_id, note_id)
    await _changed(session, agent, report, "a note taken out")


async def _changed(session: AsyncSession, agent: Agent, report: Report, what: str) -> None:
    await session.flush()
    await audit.note(session, "report_changed", agent, kind="report", about=report.code, detail={"changed": what})
