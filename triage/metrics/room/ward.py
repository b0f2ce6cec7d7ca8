"""The owner's page of one ward: its whole quarters, beside everybody else, and by service; or why nothing is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.metrics import service as figures
from triage.metrics.figures import ALL
from triage.metrics.groups import judging, reading
from triage.metrics.groups.cells import SMALL_SERVICE, Crossing
from triage.metrics.groups.schemas import GroupLine
from triage.metrics.groups.service import unknown_said
from triage.metrics.periods import Period
from triage.metrics.room import repository, service
from triage.metrics.room.schemas import View
from triage.metrics.rules import NONE
from triage.metrics.settling import last_settled, settles_on
from triage.tables import Agent, SavedView

# A year: each quarter is a table of its own that is read whole to see what of it may be shown.
MOST_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class WardRoom:
    """Everything on the page; `why` says why nothing is shown."""

    why: str
    sentences: tuple[str, ...]
    # The newest first.
    quarters: tuple[GroupLine, ...]
    newest: Period | None
    # Of the newest quarter; small services are not among them.
    services: tuple[GroupLine, ...]
    unknown: str
    views: tuple[SavedView, ...]
    choices: dict[str, tuple[tuple[str, str], ...]]


def why_not(view: View) -> str:
    """Why nothing of a ward is shown in this view; '' when it may be. Pure.

    Each of these views could be subtracted from one that is shown, until a few people of a ward are left.
    """
    also = [kind for kind in ("queue", "partner", "channel") if getattr(view, kind)]
    if view.source != "live":
        return "Past figures do not know wards. Those of the demonstration are at /owner/gaps?source=demo."
    if also:
        return (
            f"A ward is not shown together with a {also[0]}: what is left could be told of a few people by subtracting "
            "one page from another. Choose a ward alone, or with a service."
        )
    if (view.first and view.first.month % 3 != 1) or (view.last and view.last.month % 3 != 0):
        return (
            "A ward is shown by whole quarters alone: a quarter less its months would be a few people. Choose from "
            "January, April, July or October, to March, June, September or December."
        )
    if view.first and view.last and view.first > view.last:
        return "The first month comes after the last."
    return ""


def quarters_of(view: View, newest: Period) -> list[Period]:
    """The settled quarters that a view asks for, the newest first, so many at most. Pure."""
    found = newest
    while view.last and found.end > view.last:
        found = found.before()
    chosen: list[Period] = []
    while len(chosen) < MOST_QUARTERS and (view.first is None or found.start >= view.first):
        chosen.append(found)
        found = found.before()
    return chosen


async def ward_room(session: AsyncSession, view: View, owner: Agent) -> WardRoom:
    """Everything on the page of a ward."""
    why, newest_of_all = why_not(view), last_settled(clock.today())
    quarters = [] if why else quarters_of(view, newest_of_all)
    if not why and not quarters:
        after = newest_of_all.next()
        why = f"A ward is shown when a quarter is counted no more: {after.name} on {settles_on(after):%-d %B %Y}."
    found = await _crossings(session, view, quarters)
    lines = quarter_lines(view, found)
    newest = _newest(quarters, lines)
    return WardRoom(
        why=why,
        sentences=() if why else tuple(_sentences(view, newest, quarters, lines)),
        quarters=tuple(lines),
        newest=newest,
        services=tuple(service_lines(view, found[newest])) if newest and not view.service else (),
        unknown=unknown_said(found[newest], view.service or None) if newest else "",
        views=tuple(await repository.views(session, owner.id)),
        choices=await service.choices(session, view),
    )


async def lines_of(session: AsyncSession, view: View, kind: str) -> list[tuple[str, GroupLine]]:
    """(quarter's code, line) of the view's quarters, or of the newest by service; none where none may be shown."""
    quarters = [] if why_not(view) else quarters_of(view, last_settled(clock.today()))
    found = await _crossings(session, view, quarters)
    lines = quarter_lines(view, found)
    if kind == "period":
        return [(line.code, line) for line in lines]
    newest = _newest(quarters, lines)
    if newest is None or view.service:
        return []
    return [(newest.code, line) for line in service_lines(view, found[newest])]


def _newest(quarters: Sequence[Period], lines: Sequence[GroupLine]) -> Period | None:
    return next((period for period, line in zip(quarters, lines, strict=True) if line.cell.group), None)


async def _crossings(session: AsyncSession, view: View, quarters: Sequence[Period]) -> dict[Period, Crossing]:
    if not quarters:
        return {}
    everybody = await reading.everybody(session, ALL["satisfaction"], quarters)
    return await reading.crossings(
        session, everybody, "ward", member=view.ward, service=view.service, by_service=not view.service
    )


def quarter_lines(view: View, found: dict[Period, Crossing]) -> list[GroupLine]:
    """The ward in each quarter."""
    cells = [crossing.cell(view.ward, view.service or None) for crossing in found.values()]
    return [
        GroupLine(period.code, period.name, cell, verdict)
        for period, cell, verdict in zip(found, cells, judging.verdicts(cells), strict=True)
    ]


def service_lines(view: View, crossing: Crossing) -> list[GroupLine]:
    """The ward in each service in which somebody of it was counted, by name."""
    codes = sorted((code for code in crossing.everybody if code), key=figures.service_name)
    cells = {code: crossing.cell(view.ward, code) for code in codes if crossing.ns.get((view.ward, code))}
    shown = {code: cell for code, cell in cells.items() if cell.why != SMALL_SERVICE}
    said = judging.verdicts(list(shown.values()))
    return [
        GroupLine(code, figures.service_name(code), cell, verdict)
        for (code, cell), verdict in zip(shown.items(), said, strict=True)
    ]


def _sentences(view: View, newest: Period | None, quarters: Sequence[Period], lines: Sequence[GroupLine]) -> list[str]:
    about = service.about(view)
    if newest is None:
        if all(line.cell.why in (NONE, "nothing to count") for line in lines):
            return [f"Nobody has rated {about} in these quarters."]
        why = "; ".join(f"{period.name}: {line.cell.why}" for period, line in zip(quarters, lines, strict=True))
        return [f"Nothing can be shown of who rated {about}. {why[:1].upper()}{why[1:]}."]
    line = next(line for line in lines if line.code == newest.code)
    shares, gap = line.cell.shares, line.cell.difference
    if shares is None or gap is None or line.points is None:
        return []
    share, others = shares
    low, high = share.bounds
    said = [
        f"In {newest.name}, {share.hundred} in every 100 people who rated {about} were satisfied (between {low} and "
        f"{high}; {share.n:,} answers). Of everybody else it was {others.hundred}."
    ]
    ends = f"between {100 * gap.low:+.0f} and {100 * gap.high:+.0f}"
    verdict = {
        judging.MORE: "That is higher, by more than chance explains",
        judging.LESS: "That is lower, by more than chance explains",
        judging.NO_MORE: "That is no more than chance explains",
    }.get(line.verdict, f"It is too early to say whether that is chance: it needs {judging.FEWEST_TO_JUDGE} answers")
    said.append(f"{verdict} (a difference of {line.points:+.0f}, {ends}).")
    return said
