"""The desk's pages, and what an agent sends from them.

Every form works as a plain post: it answers with the way back to the page, which htmx follows too and takes the part
it needs from. A write that cannot be made gives back what was typed, so nothing is lost.
"""

import re
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from triage import clock, presence, taking
from triage.access import SignedInAgent
from triage.clocks import pausing
from triage.database import transaction
from triage.desk import (
    attachments,
    callers,
    clocks,
    correcting,
    done,
    organising,
    queue_pages,
    rang,
    referrals,
    rules,
    service,
    streams,
    supervising,
    views,
)
from triage.desk.schemas import Kept
from triage.desk.writing import Text, Version, back, page_of, refused, write
from triage.errors import Conflict
from triage.pages import render
from triage.referrals import OUTCOMES

router = APIRouter(tags=["desk"])

# The pages of the desk that have My work on them.
OWN_PAGE = re.compile(r"/desk(?:/(?:contacts|queues)/[\w-]+|/calls|/look-up)?")
router.include_router(streams.router)
router.include_router(clocks.router)
router.include_router(supervising.router)
router.include_router(organising.router)
router.include_router(attachments.router)
router.include_router(callers.router)
router.include_router(rang.router)


@router.get("/desk")
async def desk(
    request: Request,
    agent: SignedInAgent,
    empty: bool = False,
    full: bool = False,
    just_done: Annotated[UUID | None, Query(alias="done")] = None,
) -> Response:
    """My queues, my work, and Take next. `empty`: take next found nothing; `full`: I have as many as I am given.

    `done`: the contact that I have just closed, passed on or given back.
    """
    async with transaction() as session:
        work = await views.work_of(session, agent, with_next=True)
        said = await done.done(session, agent, just_done)
        if work.next:
            await views.note_seen(session, agent, request)
    return render(request, "desk/desk.html", work=work, empty=empty, full=full, done=said, now=clock.now())


@router.get("/desk/queues/{code}")
async def queue(
    request: Request,
    code: str,
    agent: SignedInAgent,
    show: str = "waiting",
    service: str = "",
    age: str = "",
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """One of my queues: who waits in it, with the nearest clock first."""
    async with transaction() as session:
        wanted = queue_pages.Wanted.read(show, service, age, page)
        queue = await queue_pages.queue_page(session, agent, code, wanted)
        work = await views.work_of(session, agent)
        if queue.lines:
            await views.note_seen(session, agent, request, code)
    return render(request, "desk/queue.html", queue=queue, work=work, now=clock.now())


@router.post("/desk/take-next")
async def take_next(agent: SignedInAgent) -> Response:
    """Take the contact whose turn it is, and open it."""
    async with transaction() as session:
        contact_id = await service.take_next(session, agent)
        full = contact_id is None and not await taking.has_room(session, agent.id)
    if contact_id is None:
        return back("/desk?full=true" if full else "/desk?empty=true")
    return back(page_of(contact_id))


@router.post("/desk/presence")
async def say_presence(agent: SignedInAgent, away: Annotated[bool, Form()] = False, at: Text = "") -> Response:
    """Say that I am away, so that nothing is given to me, or available again; back to the page `at` which I was."""
    async with transaction() as session:
        await presence.set_away(session, agent.id, away)
    return back(at if OWN_PAGE.fullmatch(at) else "/desk")


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
        return refused(request, contact_id, error, "")
    return render(
        request,
        "desk/contact.html",
        page=page,
        contact=contact,
        work=work,
        reasons=rules.CLOSE_REASONS,
        transfer_why=rules.TRANSFER_WHY,
        priorities=correcting.PRIORITY_NAMES,
        law_names=correcting.LAW_NAMES,
        outcomes=OUTCOMES,
        longest_wait=pausing.ANSWER_DAYS,
        now=clock.now(),
        today=clock.today().isoformat(),
        tomorrow=(clock.today() + timedelta(days=1)).isoformat(),
    )


@router.post("/desk/contacts/{contact_id}/take")
async def take(request: Request, contact_id: UUID, agent: SignedInAgent, version: Version) -> Response:
    """Take this one contact."""
    return await write(
        request, contact_id, lambda s: service.take(s, agent, contact_id, version), "", page_of(contact_id)
    )


@router.post("/desk/contacts/{contact_id}/reply")
async def reply(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    version: Version,
    text: Text = "",
    asks: Text = "",
    pause: Text = "",
    contact: Annotated[UUID | None, Form()] = None,
    key: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Answer the resident; `asks`: we can go on only once they have answered; `pause`: the clocks wait until then.

    `contact` says for whom it was typed, so that nobody reads what was meant for another; `key` that it is said once.
    """
    if contact is not None and contact != contact_id:
        return refused(request, contact_id, Conflict("This was typed for another contact. Nothing was sent."), text)
    return await write(
        request,
        contact_id,
        lambda s: service.reply(s, agent, contact_id, version, text, asks == "yes", pause == "yes", key),
        text,
        f"{page_of(contact_id)}#reply",
    )


@router.post("/desk/contacts/{contact_id}/note")
async def note(request: Request, contact_id: UUID, agent: SignedInAgent, version: Version, text: Text = "") -> Response:
    """Keep a private note."""
    return await write(
        request,
        contact_id,
        lambda s: service.note(s, agent, contact_id, version, text),
        text,
        f"{page_of(contact_id)}#note",
    )


@router.post("/desk/contacts/{contact_id}/transfer")
async def transfer(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    version: Version,
    queue: Text = "",
    reason: Text = "",
    why: Text = "",
) -> Response:
    """Pass this on to another queue."""
    return await write(
        request,
        contact_id,
        lambda s: service.transfer(s, agent, contact_id, version, queue, reason, why),
        reason,
        done.address(contact_id),
    )


@router.post("/desk/contacts/{contact_id}/release")
async def release(request: Request, contact_id: UUID, agent: SignedInAgent, version: Version) -> Response:
    """Give this back to its queue."""
    return await write(
        request, contact_id, lambda s: service.release(s, agent, contact_id, version), "", done.address(contact_id)
    )


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
    return await write(
        request,
        contact_id,
        lambda s: service.close(s, agent, contact_id, version, reason, outcome),
        outcome,
        done.address(contact_id),
    )


@router.post("/desk/contacts/{contact_id}/outcome")
async def outcome(
    request: Request, contact_id: UUID, agent: SignedInAgent, outcome: Text = "", happened_on: Text = ""
) -> Response:
    """Record what came of a referral for help into work."""
    return await write(
        request,
        contact_id,
        lambda s: referrals.record(s, agent, contact_id, outcome, happened_on),
        "",
        f"{page_of(contact_id)}#referral",
    )


@router.post("/desk/contacts/{contact_id}/withdraw")
async def withdraw(request: Request, contact_id: UUID, agent: SignedInAgent) -> Response:
    """The resident no longer agrees that what they told us is shared."""
    return await write(
        request, contact_id, lambda s: referrals.withdraw(s, agent, contact_id), "", f"{page_of(contact_id)}#referral"
    )
