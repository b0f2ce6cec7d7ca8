"""The desk's pages, and what an agent sends from them.

Every form works as a plain post: it answers with the way back to the page, which htmx follows too and takes the part
it needs from. A write that cannot be made gives back what was typed, so nothing is lost.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, presence, taking
from triage.access import SignedInAgent
from triage.database import transaction
from triage.desk import clocks, referrals, rules, service, streams, supervising, views
from triage.desk.schemas import Kept
from triage.errors import AlreadyClosed, Conflict, Invalid
from triage.pages import render
from triage.referrals import OUTCOMES

router = APIRouter(tags=["desk"])
router.include_router(streams.router)
router.include_router(clocks.router)
router.include_router(supervising.router)

Text = Annotated[str, Form()]
Version = Annotated[int, Form()]
Write = Callable[[AsyncSession], Awaitable[None]]


def _back(address: str) -> Response:
    return RedirectResponse(address, status_code=303)


def _refused(request: Request, contact_id: UUID, error: Conflict | Invalid, typed: str) -> Response:
    """A page that says why nothing was changed, with what was typed."""
    return render(
        request,
        "desk/refused.html",
        status=error.status,
        detail=error.detail,
        contact_id=contact_id,
        typed=typed,
        closed=isinstance(error, AlreadyClosed),
    )


async def _write(request: Request, contact_id: UUID, write: Write, typed: str, after: str) -> Response:
    """Do one write in its own transaction and go to `after`, or say why not. NotFound goes on up."""
    try:
        async with transaction() as session:
            await write(session)
    except (Conflict, Invalid) as error:
        return _refused(request, contact_id, error, typed)
    return _back(after)


def _page(contact_id: UUID) -> str:
    return f"/desk/contacts/{contact_id}"


@router.get("/desk")
async def desk(request: Request, agent: SignedInAgent, empty: bool = False, full: bool = False) -> Response:
    """My queues, my work, and Take next. `empty`: take next found nothing; `full`: I have as many as I am given."""
    async with transaction() as session:
        work = await views.work_of(session, agent, with_next=True)
    return render(request, "desk/desk.html", work=work, empty=empty, full=full)


@router.post("/desk/take-next")
async def take_next(agent: SignedInAgent) -> Response:
    """Take the contact whose turn it is, and open it."""
    async with transaction() as session:
        contact_id = await service.take_next(session, agent)
        full = contact_id is None and not await taking.has_room(session, agent.id)
    if contact_id is None:
        return _back("/desk?full=true" if full else "/desk?empty=true")
    return _back(_page(contact_id))


@router.post("/desk/presence")
async def say_presence(agent: SignedInAgent, away: Annotated[bool, Form()] = False) -> Response:
    """Say that I am away, so that nothing is given to me, or available again."""
    async with transaction() as session:
        await presence.set_away(session, agent.id, away)
    return _back("/desk")


@router.post("/desk/heartbeat")
async def heartbeat(agent: SignedInAgent) -> Kept:
    """The desk is still open: keep what this agent has taken for another lease."""
    async with transaction() as session:
        return Kept(kept=await taking.renew(session, agent.id))


@router.get("/desk/contacts/{contact_id}")
async def contact_page(request: Request, contact_id: UUID, agent: SignedInAgent) -> Response:
    """One contact: my work, the conversation, and what I need to know."""
    try:
        async with transaction() as session:
            contact = await service.open_contact(session, agent, contact_id)
            page = await views.contact_page(session, agent, contact)
            work = await views.work_of(session, agent)
    except Conflict as error:
        return _refused(request, contact_id, error, "")
    return render(
        request,
        "desk/contact.html",
        page=page,
        contact=contact,
        work=work,
        reasons=rules.CLOSE_REASONS,
        transfer_why=rules.TRANSFER_WHY,
        outcomes=OUTCOMES,
        today=clock.today().isoformat(),
    )


@router.post("/desk/contacts/{contact_id}/take")
async def take(request: Request, contact_id: UUID, agent: SignedInAgent, version: Version) -> Response:
    """Take this one contact."""
    return await _write(
        request, contact_id, lambda s: service.take(s, agent, contact_id, version), "", _page(contact_id)
    )


@router.post("/desk/contacts/{contact_id}/reply")
async def reply(
    request: Request, contact_id: UUID, agent: SignedInAgent, version: Version, text: Text = "", asks: Text = ""
) -> Response:
    """Answer the resident; `asks`: we can go on only once they have answered."""
    return await _write(
        request,
        contact_id,
        lambda s: service.reply(s, agent, contact_id, version, text, asks == "yes"),
        text,
        f"{_page(contact_id)}#reply",
    )


@router.post("/desk/contacts/{contact_id}/note")
async def note(request: Request, contact_id: UUID, agent: SignedInAgent, version: Version, text: Text = "") -> Response:
    """Keep a private note."""
    return await _write(
        request,
        contact_id,
        lambda s: service.note(s, agent, contact_id, version, text),
        text,
        f"{_page(contact_id)}#note",
    )


@router.post("/desk/contacts/{contact_id}/transfer")
async def transfer(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    version: Version,
    queue: Text = "",
    reason: Text = "",
    why: Text = "wrong_team",
) -> Response:
    """Pass this on to another queue."""
    return await _write(
        request,
        contact_id,
        lambda s: service.transfer(s, agent, contact_id, version, queue, reason, why),
        reason,
        "/desk",
    )


@router.post("/desk/contacts/{contact_id}/release")
async def release(request: Request, contact_id: UUID, agent: SignedInAgent, version: Version) -> Response:
    """Give this back to its queue."""
    return await _write(request, contact_id, lambda s: service.release(s, agent, contact_id, version), "", "/desk")


@router.post("/desk/contacts/{contact_id}/close")
async def close(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    version: Version,
    reason: Text = "",
    outcome: Text = "",
) -> Response:
    """Close this with a reason and a sentence for the resident."""
    return await _write(
        request,
        contact_id,
        lambda s: service.close(s, agent, contact_id, version, reason, outcome),
        outcome,
        "/desk",
    )


@router.post("/desk/contacts/{contact_id}/outcome")
async def outcome(
    request: Request, contact_id: UUID, agent: SignedInAgent, outcome: Text = "", happened_on: Text = ""
) -> Response:
    """Record what came of a referral for help into work."""
    return await _write(
        request,
        contact_id,
        lambda s: referrals.record(s, agent, contact_id, outcome, happened_on),
        "",
        f"{_page(contact_id)}#referral",
    )


@router.post("/desk/contacts/{contact_id}/withdraw")
async def withdraw(request: Request, contact_id: UUID, agent: SignedInAgent) -> Response:
    """The resident no longer agrees that what they told us is shared."""
    return await _write(
        request, contact_id, lambda s: referrals.withdraw(s, agent, contact_id), "", f"{_page(contact_id)}#referral"
    )
