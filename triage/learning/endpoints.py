"""The pages of sorting: how it does, the sorter in shadow, what people put right, and the rules that they add.

Every form is a plain post. What cannot be done is said at the top of the page that it was sent from.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit
from triage.access import SignedInEditor, SignedInOverseer, SignedInRuler
from triage.database import transaction
from triage.errors import FrontdoorError, NotFound
from triage.learning import examples, figures, ruling, sentences, service, versions
from triage.learning.ruling import Asked
from triage.pages import render
from triage.tables import Agent
from triage.tables.contact import CHANNELS, PRIORITIES

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/desk/sorting", include_in_schema=False)

Text = Annotated[str, Form()]
Rule = Annotated[Asked, Form()]
Write = Callable[[AsyncSession], Awaitable[object]]


def _back(address: str) -> Response:
    return RedirectResponse(address, status_code=303)


@router.get("")
async def sorting_page(request: Request, agent: SignedInOverseer) -> Response:
    """How sorting does: sentences first, then the figures, the sorters and who changed what."""
    return await _sorting(request, agent)


async def _sorting(request: Request, agent: Agent, error: str = "", status: int = 200, typed: str = "") -> Response:
    async with transaction() as session:
        found = await figures.page(session)
    return render(
        request,
        "learning/sorting.html",
        status=status,
        found=found,
        said=sentences.headline(found),
        side_by_side=sentences.side_by_side(found.beside) if found.beside else [],
        may_change=agent.role in versions.PROMOTERS,
        error=error,
        typed=typed,
        agent=agent,
    )


@router.post("/retrain")
async def retrain(request: Request, agent: SignedInRuler) -> Response:
    """Have a sorter trained by the worker."""
    try:
        async with transaction() as session:
            await service.ask_to_retrain(session, agent)
    except FrontdoorError as error:
        return await _sorting(request, agent, error.detail, error.status)
    return _back("/desk/sorting#training")


@router.post("/versions/{version}/promote")
async def promote(request: Request, agent: SignedInRuler, version: str, reason: Text = "") -> Response:
    """Make the sorter in shadow live, or say why not."""
    try:
        async with transaction() as session:
            why_not = await versions.refuse_or_promote(session, agent, version, reason)
    except FrontdoorError as error:
        return await _sorting(request, agent, error.detail, error.status, reason)
    if why_not:
        return await _sorting(request, agent, " ".join(("It was not promoted.", *why_not)), 409, reason)
    log.info("sorter.promoted", who=str(agent.id), version=version)
    return _back("/desk/sorting#versions")


@router.post("/versions/{version}/roll-back")
async def roll_back(request: Request, agent: SignedInRuler, version: str, reason: Text = "") -> Response:
    """Go back to the sorter that was live before."""
    try:
        async with transaction() as session:
            to = await versions.roll_back(session, agent, version, reason)
    except FrontdoorError as error:
        return await _sorting(request, agent, error.detail, error.status, reason)
    log.info("sorter.rolled_back", who=str(agent.id), version=to)
    return _back("/desk/sorting#versions")


@router.get("/examples")
async def examples_page(request: Request, agent: SignedInEditor) -> Response:
    """What people put right, redacted, waiting to be accepted or dropped."""
    return await _examples(request, agent)


async def _examples(request: Request, agent: Agent, error: str = "", status: int = 200) -> Response:
    async with transaction() as session:
        found = await service.examples_page(session)
        if found.waiting:
            # Residents' words were seen: by whom and how many, and none of them.
            detail = {"messages": len(found.waiting)}
            await audit.note(session, "words_seen", agent, request=request, kind="sorting", detail=detail)
    if found.waiting:
        log.info("sorting.words_seen", who=str(agent.id), messages=len(found.waiting))
    return render(
        request,
        "learning/examples.html",
        status=status,
        found=found,
        queue_name=figures.queue_name,
        service_name=figures.service_name,
        error=error,
        agent=agent,
    )


@router.post("/examples/{example_id}/accept")
async def accept(
    request: Request, agent: SignedInEditor, example_id: UUID, queue: Text = "", about: Text = ""
) -> Response:
    """Use this one for training."""
    return await _decide(request, agent, lambda s: examples.accept(s, agent, example_id, queue, about))


@router.post("/examples/{example_id}/drop")
async def drop(request: Request, agent: SignedInEditor, example_id: UUID) -> Response:
    """Do not use this one; its words are deleted."""
    return await _decide(request, agent, lambda s: examples.drop(s, agent, example_id))


async def _decide(request: Request, agent: Agent, write: Write) -> Response:
    try:
        async with transaction() as session:
            await write(session)
    except FrontdoorError as error:
        return await _examples(request, agent, error.detail, error.status)
    return _back("/desk/sorting/examples")


@router.get("/rules")
async def rules_page(request: Request, agent: SignedInOverseer) -> Response:
    """The rules that people have added, and a form for another."""
    return await _rules(request, agent)


async def _rules(
    request: Request, agent: Agent, asked: Asked | None = None, error: str = "", status: int = 200
) -> Response:
    async with transaction() as session:
        lines = await service.rule_lines(session)
    return render(
        request,
        "learning/rules.html",
        status=status,
        lines=lines,
        asked=asked or Asked(),
        choices=service.choices(),
        channels=CHANNELS,
        priorities=PRIORITIES,
        may_change=agent.role in ruling.RULERS,
        error=error,
        agent=agent,
    )


@router.post("/rules")
async def make_rule(request: Request, agent: SignedInRuler, asked: Rule) -> Response:
    """Store a rule; it is off until somebody switches it on."""
    try:
        async with transaction() as session:
            rule_id = await ruling.make(session, agent, asked)
    except FrontdoorError as error:
        return await _rules(request, agent, asked, error.detail, error.status)
    return _back(f"/desk/sorting/rules/{rule_id}")


@router.get("/rules/{rule_id}")
async def rule_page(request: Request, agent: SignedInOverseer, rule_id: UUID) -> Response:
    """One rule: what it says, what it would change, and the ways to try it and to switch it on."""
    return await _rule(request, agent, rule_id)


async def _rule(
    request: Request, agent: Agent, rule_id: UUID, asked: Asked | None = None, error: str = "", status: int = 200
) -> Response:
    async with transaction() as session:
        found = await service.rule_page(session, rule_id)
    return render(
        request,
        "learning/rule.html",
        status=status,
        found=found,
        asked=asked or service.as_asked(found.line.row),
        choices=service.choices(),
        channels=CHANNELS,
        priorities=PRIORITIES,
        queue_name=figures.queue_name,
        may_change=agent.role in ruling.RULERS,
        error=error,
        agent=agent,
    )


async def _write_rule(
    request: Request, agent: Agent, rule_id: UUID, write: Write, after: str = "", asked: Asked | None = None
) -> Response:
    try:
        async with transaction() as session:
            await write(session)
    except NotFound:
        raise
    except FrontdoorError as error:
        return await _rule(request, agent, rule_id, asked, error.detail, error.status)
    return _back(f"/desk/sorting/rules/{rule_id}{after}")


@router.post("/rules/{rule_id}/try")
async def try_rule(request: Request, agent: SignedInRuler, rule_id: UUID, version: Annotated[int, Form()]) -> Response:
    """Try a rule on contacts of the past."""
    return await _write_rule(request, agent, rule_id, lambda s: ruling.ask_to_try(s, agent, rule_id, version), "#tried")


@router.post("/rules/{rule_id}/on")
async def switch_on(request: Request, agent: SignedInRuler, rule_id: UUID, version: Annotated[int, Form()]) -> Response:
    """Switch a rule on."""
    return await _write_rule(request, agent, rule_id, lambda s: ruling.switch_on(s, agent, rule_id, version))


@router.post("/rules/{rule_id}/off")
async def switch_off(
    request: Request, agent: SignedInRuler, rule_id: UUID, version: Annotated[int, Form()]
) -> Response:
    """Switch a rule off."""
    return await _write_rule(request, agent, rule_id, lambda s: ruling.switch_off(s, agent, rule_id, version))


@router.post("/rules/{rule_id}/change")
async def change_rule(request: Request, agent: SignedInRuler, rule_id: UUID, asked: Rule) -> Response:
    """Write a rule anew; it goes off until it is tried again."""
    return await _write_rule(
        request, agent, rule_id, lambda s: ruling.change(s, agent, rule_id, asked.version, asked), asked=asked
    )
