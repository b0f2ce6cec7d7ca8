"""The supervisor's pages, and what a supervisor sends from them. Every form works as a plain post."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse

from triage import switching, taking, undelivered
from triage.access import SignedInSupervisor
from triage.catalogue import catalogue
from triage.database import transaction
from triage.desk import streams
from triage.desk.correcting import PRIORITY_NAMES
from triage.desk.supervision import handing, moving, repository, views
from triage.desk.supervision.schemas import AGES, STATES, Filter
from triage.desk.writing import Text, Version, back
from triage.errors import Conflict, Invalid, NotFound
from triage.pages import render
from triage.tables import Agent
from triage.tables.contact import PRIORITIES

router = APIRouter(prefix="/desk/supervisor")

# What is moved by one press when contacts are ticked: no more than a page shows.
MOST_TICKED = views.PAGE


def _refused(request: Request, agent: Agent, error: Conflict | Invalid, typed: str, back: str) -> Response:
    return render(
        request,
        "desk/supervisor_refused.html",
        status=error.status,
        detail=error.detail,
        typed=typed,
        back=back,
        agent=agent,
    )


def _filter(queue: str, partner: str, state: str, priority: str, service: str, older: str) -> Filter:
    """What was chosen, without what is none of the choices."""
    known = catalogue()
    return Filter(
        queue=queue[:50],
        partner=partner if partner in known.partners else "",
        state=state if state in STATES else "",
        priority=priority if priority in PRIORITIES else "",
        service=service if service in known.services else "",
        older=int(older) if older.isdecimal() and int(older) in AGES else 0,
    )


@router.get("")
async def overview(request: Request, agent: SignedInSupervisor, partner: str = "") -> Response:
    """Every queue with its counts, who is on, what is to be decided, and the last moves."""
    async with transaction() as session:
        page = await views.overview(session, agent, partner if partner in catalogue().partners else "")
        failed = await undelivered.count(session, agent)
    return render(request, "desk/supervisor.html", page=page, agent=agent, undelivered=failed)


@router.get("/events", responses=streams.STREAM)
async def events(request: Request, agent: SignedInSupervisor) -> EventSourceResponse:
    """Something changed in a queue or in somebody's work."""
    return streams.stream(request, agent, taking.DESK)


@router.post("/queues/{queue}/assign")
async def assign(agent: SignedInSupervisor, queue: str, assign: Text = "") -> Response:
    """Switch automatic assignment of a queue on or off."""
    async with transaction() as session:
        await switching.switch(session, agent, queue, assign)
    return back("/desk/supervisor#queues")


@router.get("/contacts")
async def contact_list(
    request: Request,
    agent: SignedInSupervisor,
    queue: str = "",
    partner: str = "",
    state: str = "",
    priority: str = "",
    service: str = "",
    older: str = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """The open contacts that match a filter, to be moved."""
    chosen = _filter(queue, partner, state, priority, service, older)
    async with transaction() as session:
        found = await views.listing(session, agent, chosen, page)
        failed = await undelivered.count(session, agent)
    known = catalogue()
    return render(
        request,
        "desk/supervisor_contacts.html",
        found=found,
        agent=agent,
        undelivered=failed,
        queues={code: rule.name for code, rule in known.queues.items()},
        partners=views.partners(),
        services={one.id: one.name for one in sorted(known.services.values(), key=lambda one: one.name)},
        states=STATES,
        priorities=PRIORITY_NAMES.items(),
        ages=AGES,
    )


@router.post("/moves")
async def move(
    request: Request,
    agent: SignedInSupervisor,
    to: Text = "",
    reason: Text = "",
    which: Text = "ticked",
    ticked: Annotated[list[UUID] | None, Form()] = None,
    queue: Text = "",
    partner: Text = "",
    state: Text = "",
    priority: Text = "",
    service: Text = "",
    older: Text = "",
) -> Response:
    """Move the contacts that were ticked, or all that match the filter, to another queue."""
    chosen = _filter(queue, partner, state, priority, service, older)
    which_ones = chosen if which == "all" else (ticked or [])[:MOST_TICKED]
    try:
        async with transaction() as session:
            begun = await moving.begin(session, agent, to, reason, which_ones, views.queues_for(agent, chosen.partner))
    except (Conflict, Invalid) as error:
        return _refused(request, agent, error, reason, chosen.address())
    # The first batch while the supervisor waits; what is left is done by the worker.
    async with transaction() as session:
        await moving.batch(session, begun.id)
    return back(f"/desk/supervisor/moves/{begun.id}")


@router.get("/moves/{move_id}")
async def move_page(request: Request, agent: SignedInSupervisor, move_id: UUID) -> Response:
    """One move: how far it has come, what was left and why, and how to take it back."""
    async with transaction() as session:
        found = await repository.move(session, move_id)
        if found is None or not moving.may_see(agent, found):
            raise NotFound
        row = await views.move_row(session, found, whole=True)
        failed = await undelivered.count(session, agent)
    return render(request, "desk/supervisor_move.html", row=row, agent=agent, undelivered=failed)


@router.post("/moves/{move_id}/undo")
async def undo(request: Request, agent: SignedInSupervisor, move_id: UUID) -> Response:
    """Take a move back: what nobody has touched since goes back to where it was."""
    address = f"/desk/supervisor/moves/{move_id}"
    try:
        async with transaction() as session:
            await moving.undo(session, agent, move_id)
    except Conflict as error:
        return _refused(request, agent, error, "", address)
    async with transaction() as session:
        await moving.back(session, move_id)
    return back(address)


@router.get("/contacts/{contact_id}")
async def one(request: Request, agent: SignedInSupervisor, contact_id: UUID) -> Response:
    """One contact: give it to somebody, take it back, or move it."""
    async with transaction() as session:
        page = await views.one(session, agent, contact_id)
        failed = await undelivered.count(session, agent)
    if page is None:
        raise NotFound
    return render(request, "desk/supervisor_contact.html", page=page, agent=agent, undelivered=failed)


@router.post("/contacts/{contact_id}/hand")
async def hand(
    request: Request,
    agent: SignedInSupervisor,
    contact_id: UUID,
    version: Version,
    to: Annotated[UUID | None, Form()] = None,
) -> Response:
    """Give a contact to somebody who is at the desk."""
    address = f"/desk/supervisor/contacts/{contact_id}"
    try:
        async with transaction() as session:
            await handing.hand(session, agent, contact_id, version, to)
    except (Conflict, Invalid) as error:
        return _refused(request, agent, error, "", address)
    return back(address)


@router.post("/contacts/{contact_id}/back")
async def take_back(request: Request, agent: SignedInSupervisor, contact_id: UUID, version: Version) -> Response:
    """Give a contact that somebody has back to its queue."""
    address = f"/desk/supervisor/contacts/{contact_id}"
    try:
        async with transaction() as session:
            await handing.take_back(session, agent, contact_id, version)
    except (Conflict, Invalid) as error:
        return _refused(request, agent, error, "", address)
    return back(address)
