"""Bringing past figures in, and taking them back, from the command line."""

from pathlib import Path
from uuid import UUID

from triage import database
from triage.database import transaction
from triage.errors import FrontdoorError
from triage.metrics.importing import service
from triage.metrics.importing.files import LARGEST
from triage.metrics.importing.schemas import CannotRead, Draft
from triage.metrics.importing.service import Offered


class Refused(FrontdoorError):
    """The file was not brought in. Each line says what is wrong."""

    status = 422


def _rows(n: int) -> str:
    return f"{n:,} row{'' if n == 1 else 's'}"


def _lines(draft: Draft) -> list[str]:
    """What a file would count, line by line, for a terminal."""
    found = service.figures_of(draft)
    said = [f"{_rows(draft.rows)}, from {draft.first_day} to {draft.last_day}."]
    for quarter in found.quarters:
        parts = []
        if quarter.counts.n:
            parts.append(f"{quarter.counts.n:,} answers, {quarter.counts.satisfied:,} of them satisfied")
        if quarter.rated:
            parts.append(f"{quarter.rated:,} faces, {quarter.faces[0]:,} of them good")
        if quarter.arrived or quarter.closed:
            parts.append(f"{quarter.arrived:,} contacts arrived, {quarter.closed:,} closed")
        if quarter.comments:
            parts.append(f"{quarter.comments:,} comments")
        said.append(f"  {quarter.period.name}: {'; '.join(parts) or 'nothing that is shown'}")
    return said


def offered_from(path: Path, layout: str, note: str = "", source: str = "import", beside: bool = False) -> Offered:
    """The file at `path`, ready to be checked. Raises CannotRead when it is too large."""
    if path.stat().st_size > LARGEST:
        raise CannotRead(f"This file is larger than {LARGEST // 1024 // 1024} MB. Divide it by year.")
    return Offered(path.read_bytes(), path.name, layout, note, source, beside)


async def import_file(whole: Offered, dry_run: bool) -> list[str]:
    """Check a file, and count it unless `dry_run`; what to print. Raises Refused, Conflict and Invalid."""
    try:
        draft = await service.checked(whole)
        if draft.fault_count:
            left = draft.fault_count - len(draft.faults)
            more = [f"… and {left:,} more."] if left else []
            raise Refused("\n".join([*map(str, draft.faults), *more, "Nothing was counted."]))
        said = [*draft.notes, *_lines(draft)]
        async with transaction() as session:
            if dry_run:
                said += await service.objections(session, draft, whole.source)
                return [*said, "This was a dry run: nothing was counted."]
            made = await service.bring_in(session, whole, draft, None)
        return [*said, f"Counted, as import {made.id}."]
    finally:
        await database.close()


async def take_back(import_id: UUID, why: str) -> list[str]:
    """Take an import back whole; what to print. Raises NotFound, Conflict, Invalid."""
    try:
        async with transaction() as session:
            found = await service.take_back(session, import_id, why, None)
        return [f"{found.file_name} is counted no longer. It had {_rows(found.rows)}."]
    finally:
        await database.close()
