"""A survey by API, and as a page: /survey/{token}. A link is only ever used up by POST (mail scanners follow links)."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from triage.access import Anyone, AnyoneFromHere, agent_of, client_address
from triage.database import transaction
from triage.errors import LinkUsed, NotFound, OutOfRange
from triage.faults import PROBLEMS
from triage.helping import look_for_danger
from triage.pages import render
from triage.surveys import pages, repository, service
from triage.surveys.schemas import AnswerIn, AnswerTaken, Refused

router = APIRouter(tags=["survey"], responses=PROBLEMS)
router.include_router(pages.router)

Field = Annotated[str, Form(max_length=20)]


async def _source(request: Request) -> service.Source:
    """Where an answer comes from. Somebody who is signed in at the desk is staff, whatever they say."""
    return service.Source(client_address(request), staff=await agent_of(request) is not None)


def _help(comment: str | None) -> dict[str, Any] | None:
    """What to show at once to somebody whose comment tells of a danger: a person reads it days later, if ever."""
    seen = look_for_danger(comment) if comment else None
    return seen[1] if seen else None


@router.post("/api/surveys/{token}", dependencies=[Anyone])
async def answer(request: Request, token: str, given: AnswerIn) -> AnswerTaken:
    """Answer a survey, one question or more at a time; any may be skipped. Each link counts once."""
    source = await _source(request)
    async with transaction() as session:
        stored = await service.answer(session, token, given, source)
        invite = await repository.invite_by_token(session, token)
        over = invite is None or invite.finished_at is not None
        asked = None if over or invite is None else await service.look(session, token)
    return AnswerTaken(
        satisfaction=stored.satisfaction if stored else None,
        got_it=stored.got_it if stored else None,
        next=asked.id if asked else None,
        question=service.shown(asked),
        danger=_help(given.comment),
    )


@router.post("/api/surveys/{token}/opened", status_code=204, dependencies=[Anyone])
async def opened(token: str) -> None:
    """A browser shows the question to somebody; posted by a script, which scanners of mail do not run."""
    async with transaction() as session:
        await service.opened(session, token)


@router.post("/api/surveys/{token}/never", dependencies=[Anyone])
async def never(token: str) -> Refused:
    """Never ask again, said in the chat: the same as on the page, /survey/{token}/never."""
    async with transaction() as session:
        refusing = await service.never_again(session, token)
    if not refusing.possible:
        raise NotFound
    return Refused(said=refusing.said)


@router.get("/survey/{token}", dependencies=[Anyone], include_in_schema=False)
async def survey_page(request: Request, token: str) -> Response:
    """The question that comes next. Looking changes nothing."""
    async with transaction() as session:
        try:
            asked = await service.look(session, token)
            known = (await service.may_refuse(session, token)).possible
        except LinkUsed as used:
            return _done(request, detail=used.detail)
    return _ask(request, token, asked, None, "", known=known)


@router.post("/survey/{token}", dependencies=[AnyoneFromHere], include_in_schema=False)
async def survey_answer(
    request: Request,
    token: str,
    satisfaction: Field = "",
    got_it: Field = "",
    effort: Field = "",
    taken_seriously: Field = "",
    clear_next_step: Field = "",
    comment: Annotated[str, Form(max_length=5000)] = "",
    skip: Field = "",
    finished: Field = "",
    back: Field = "",
) -> Response:
    """Store what was answered and ask what comes next; what was typed is kept when something is not right."""
    # Browsers send a line break as two characters; the page counts it as one.
    comment = comment.replace("\r\n", "\n")
    fields = {
        "satisfaction": satisfaction,
        "got_it": got_it,
        "effort": effort,
        "taken_seriously": taken_seriously,
        "clear_next_step": clear_next_step,
        "comment": comment,
    }
    # Whoever presses Skip means it, whatever was chosen before.
    given = {"skip": skip} if skip else {name: value or None for name, value in fields.items()}
    source = await _source(request)
    try:
        checked = AnswerIn.model_validate({**given, "finished": bool(finished)})
        if not (checked.answers() or checked.skip or checked.finished):
            raise OutOfRange
        async with transaction() as session:
            stored = await service.answer(session, token, checked, source)
    except (ValidationError, OutOfRange):
        async with transaction() as session:
            asked = await service.look(session, token)
            known = (await service.may_refuse(session, token)).possible
        return _ask(request, token, asked, _fault(asked, comment), comment, known=known)
    if danger := _help(checked.comment):
        return _done(request, danger=danger)
    if back == "chat":
        return RedirectResponse("/chat#newest", status_code=303)
    if checked.finished:
        return _done(request, answered=stored is not None)
    return RedirectResponse(f"/survey/{token}", status_code=303)


def _fault(asked: service.Next | None, comment: str) -> str:
    limit = asked.question.limit if asked else None
    if limit and len(comment) > limit:
        return f"Shorten your comment to {limit:,} characters; it has {len(comment):,}."
    return "Write something first, or skip this question." if limit else "Choose one of the answers."


def _done(
    request: Request, *, detail: str | None = None, answered: bool = True, danger: dict[str, Any] | None = None
) -> Response:
    return render(request, "surveys/done.html", detail=detail, answered=answered, danger=danger)


def _ask(
    request: Request, token: str, asked: service.Next | None, error: str | None, typed: str, *, known: bool
) -> Response:
    if asked is None:
        return _done(request)
    status = 422 if error else 200
    shown = {"token": token, "asked": asked, "error": error, "typed": typed, "known": known}
    return render(request, "surveys/question.html", status=status, **shown)
