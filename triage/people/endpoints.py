"""The administrator's pages: who may sign in, as what; and the way in for everybody."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage.access import SignedInAdministrator
from triage.catalogue import catalogue
from triage.database import transaction
from triage.errors import Conflict, Invalid
from triage.pages import render
from triage.people import account, auditing, openid, rules, service, signing_in
from triage.people.schemas import FormOfPerson, Link, PersonForm
from triage.roles import ROLES
from triage.tables import Agent

router = APIRouter(include_in_schema=False)
router.include_router(openid.router)
router.include_router(signing_in.router)
router.include_router(account.router)
router.include_router(auditing.router)

PAGE = "/desk/people"
DONE = {
    "changed": "What you changed is kept.",
    "off": "They can sign in no more. What they had is back in its queues.",
    "on": "They may sign in again.",
    "factor": "Their authenticator app is forgotten, and they were signed out.",
}


@router.get(PAGE)
async def people_page(request: Request, by: SignedInAdministrator) -> Response:
    """Everybody who may sign in, and who may no more."""
    async with transaction() as session:
        people = await service.everybody(session)
    return render(request, "people/people.html", agent=by, people=people)


def _form_page(
    request: Request, by: Agent, form: PersonForm, person: Agent | None, *, error: str | None = None, done: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    known = catalogue()
    return render(
        request,
        "people/person.html",
        status=status,
        agent=by,
        person=person,
        form=form,
        roles=ROLES,
        queues={code: queue.name for code, queue in known.queues.items()},
        partners={key: partner.name for key, partner in known.partners.items()},
        error=error,
        done=done,
    )


def _link_page(request: Request, by: Agent, link: Link) -> Response:
    return render(request, "people/link.html", agent=by, link=link)


@router.get(f"{PAGE}/new")
async def new_page(request: Request, by: SignedInAdministrator) -> Response:
    """The form for somebody new."""
    return _form_page(request, by, PersonForm(), None)


@router.post(f"{PAGE}/new")
async def new(request: Request, by: SignedInAdministrator, form: FormOfPerson) -> Response:
    """Add somebody; the link with which they choose a password is shown this once."""
    try:
        async with transaction() as session:
            link = await service.add(session, by, form, request)
    except (Invalid, Conflict) as error:
        return _form_page(request, by, form, None, error=error.detail, status=error.status)
    return _link_page(request, by, link)


def _form_of(person: Agent) -> PersonForm:
    return PersonForm(
        login=person.login,
        name=person.name,
        role=person.role,
        queues=[str(code) for code in person.queues],
        every_queue=not person.queues and person.role in rules.WORKS_QUEUES,
        partner=person.partner or "",
        skills=" ".join(str(one) for one in person.skills),
        languages=" ".join(str(one) for one in person.languages),
        capacity=person.capacity,
        openid_name=person.openid_name or "",
    )


@router.get(f"{PAGE}/{{person_id}}")
async def person_page(request: Request, by: SignedInAdministrator, person_id: UUID, done: str = "") -> Response:
    """One person, to change."""
    async with transaction() as session:
        person = await service.one(session, person_id)
    return _form_page(request, by, _form_of(person), person, done=DONE.get(done, ""))


@router.post(f"{PAGE}/{{person_id}}")
async def change(request: Request, by: SignedInAdministrator, person_id: UUID, form: FormOfPerson) -> Response:
    """Change somebody."""
    return await _do(
        request, by, person_id, lambda session: service.change(session, by, person_id, form, request), "changed", form
    )


async def _do(
    request: Request,
    by: Agent,
    person_id: UUID,
    work: Callable[[AsyncSession], Awaitable[None]],
    done: str,
    form: PersonForm | None = None,
) -> Response:
    """Do one thing to a person and show them again, or say why not, with what was typed. NotFound goes on up."""
    try:
        async with transaction() as session:
            await work(session)
    except (Invalid, Conflict) as error:
        async with transaction() as session:
            person = await service.one(session, person_id)
        shown = form or _form_of(person)
        return _form_page(request, by, shown, person, error=error.detail, status=error.status)
    return RedirectResponse(f"{PAGE}/{person_id}?done={done}", status_code=303)


@router.post(f"{PAGE}/{{person_id}}/off")
async def switch_off(request: Request, by: SignedInAdministrator, person_id: UUID) -> Response:
    """They can sign in no more."""
    return await _do(request, by, person_id, lambda s: service.switch_off(s, by, person_id, request), "off")


@router.post(f"{PAGE}/{{person_id}}/on")
async def switch_on(request: Request, by: SignedInAdministrator, person_id: UUID) -> Response:
    """They may sign in again."""
    return await _do(request, by, person_id, lambda s: service.switch_on(s, by, person_id, request), "on")


@router.post(f"{PAGE}/{{person_id}}/second-factor")
async def reset(request: Request, by: SignedInAdministrator, person_id: UUID) -> Response:
    """They lost their app and their codes."""
    return await _do(request, by, person_id, lambda s: service.reset_second_factor(s, by, person_id, request), "factor")


@router.post(f"{PAGE}/{{person_id}}/link")
async def link(request: Request, by: SignedInAdministrator, person_id: UUID) -> Response:
    """A new link to choose a password with, shown this once."""
    try:
        async with transaction() as session:
            made = await service.new_link(session, by, person_id, request)
    except Conflict as error:
        async with transaction() as session:
            person = await service.one(session, person_id)
        return _form_page(request, by, _form_of(person), person, error=error.detail, status=error.status)
    return _link_page(request, by, made)
