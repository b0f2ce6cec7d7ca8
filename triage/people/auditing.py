"""Who looked at and changed what: searched, paged, taken away as a file. Reading it is on the trail too."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from connectors.sheets import shown
from triage import audit, clock
from triage.access import SignedInAuditor
from triage.database import transaction
from triage.pages import render
from triage.people import trail
from triage.people.schemas import AuditLine, AuditView

router = APIRouter(include_in_schema=False)

View = Annotated[AuditView, Query()]


def _asked(view: AuditView) -> dict[str, str]:
    """What was searched for, as it stands in an address, without the line at which its page begins."""
    found = {
        "who": view.who,
        "reference": view.reference,
        "what": view.what,
        "from": view.from_.isoformat() if view.from_ else "",
        "to": view.to.isoformat() if view.to else "",
    }
    return {name: value for name, value in found.items() if value}


@router.get("/desk/audit")
async def audit_page(request: Request, view: View, by: SignedInAuditor) -> Response:
    """The audit trail."""
    async with transaction() as session:
        found = await trail.search(session, view)
        detail = {"searched": sorted(_asked(view))}
        about = view.reference.upper() or None
        kind = "contact" if about else "audit"
        await audit.note(session, "audit_read", by, request=request, kind=kind, about=about, detail=detail)
    return render(
        request,
        "people/audit.html",
        agent=by,
        view=view,
        found=found,
        kinds=trail.kinds(),
        asked=urlencode(_asked(view)),
        days=trail.DAYS,
    )


def as_csv(lines: list[AuditLine], *, first: bool = True) -> str:
    """The lines as CSV (RFC 4180), no cell of which starts a formula (PROMISES 16); with the heads if it is `first`."""
    out = io.StringIO()
    writer = csv.writer(out)
    if first:
        writer.writerow(["at", "who", "role", "what", "about", "detail"])
    for line in lines:
        cells = (line.at.astimezone(clock.LONDON).isoformat(), line.who, line.role, line.what, line.about, line.detail)
        writer.writerow([shown(cell) for cell in cells])
    return out.getvalue()


async def _parts(view: AuditView) -> AsyncIterator[str]:
    first = True
    async for lines in trail.export(view):
        yield as_csv(lines, first=first)
        first = False


@router.get("/desk/audit.csv")
async def audit_file(request: Request, view: View, by: SignedInAuditor) -> Response:
    """What was searched for, whole, as a file; that it was taken is on the trail before any of it is sent."""
    async with transaction() as session:
        detail = {"searched": sorted(_asked(view))}
        await audit.note(session, "exported", by, request=request, kind="audit", detail=detail)
    name = f"audit-{clock.today().isoformat()}.csv"
    return StreamingResponse(
        _parts(view),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
