"""A survey by API, and as a page: /survey/{token}. A link is only ever used up by POST (mail scanners follow links)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from triage.access import Anyone, AnyoneFromHere
from triage.database import transaction
from triage.errors import LinkUsed, OutOfRange
from triage.pages import render
from triage.surveys import repository, service
from triage.surveys.questions import questions
from triage.surveys.schemas import AnswerIn, AnswerTaken
from triage.tables import Answer

router = APIRouter(tags=["survey"])


@router.post("/api/surveys/{token}", dependencies=[Anyone])
async def answer(token: str, given: AnswerIn) -> AnswerTaken:
    """Answer a survey: satisfaction first, then the rest. Each link counts once."""
    async with transaction() as session:
        stored = await service.answer(session, token, given)
        return AnswerTaken(
            satisfaction=stored.satisfaction, got_it=stored.got_it, next=None if given.finished else _next(stored)
        )


@router.get("/survey/{token}", dependencies=[Anyone], include_in_schema=False)
async def survey_page(request: Request, token: str) -> Response:
    """The question that comes next. Looking changes nothing."""
    async with transaction() as session:
        try:
            invite = await service.open_invite(session, token)
        except LinkUsed as used:
            return render(request, "surveys/done.html", detail=used.detail)
        stored = await repository.answer_of(session, invite.id)
    return _ask(request, token, stored, None, "")


@router.post("/survey/{token}", dependencies=[AnyoneFromHere], include_in_schema=False)
async def survey_answer(
    request: Request,
    token: str,
    satisfaction: Annotated[str, Form(max_length=2)] = "",
    got_it: Annotated[str, Form(max_length=10)] = "",
    comment: Annotated[str, Form(max_length=5000)] = "",
    finished: Annotated[str, Form(max_length=5)] = "",
    back: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Store what was answered and ask what comes next; what was typed is kept when something is not right."""
    # Browsers send a line break as two characters; the page counts it as one.
    comment = comment.replace("\r\n", "\n")
    try:
        given = AnswerIn.model_validate(
            {
                "satisfaction": satisfaction or None,
                "got_it": got_it or None,
                "comment": comment or None,
                "finished": bool(finished),
            }
        )
        if not any((given.satisfaction, given.got_it, given.comment, given.finished)):
            raise OutOfRange
    except (ValidationError, OutOfRange):
        async with transaction() as session:
            invite = await service.open_invite(session, token)
            stored = await repository.answer_of(session, invite.id)
        return _ask(request, token, stored, _fault(comment), comment)
    async with transaction() as session:
        stored = await service.answer(session, token, given)
    if back == "chat":
        return RedirectResponse("/chat#newest", status_code=303)
    if given.finished:
        return render(request, "surveys/done.html", detail=None)
    return RedirectResponse(f"/survey/{token}", status_code=303)


def _next(stored: Answer | None) -> Literal["got_it", "comment"] | None:
    if stored is not None and stored.got_it is None:
        return "got_it"
    return "comment" if stored is not None and stored.comment is None else None


def _fault(comment: str) -> str:
    limit = questions().comment.limit
    return (
        f"Shorten your comment to {limit:,} characters; it has {len(comment):,}."
        if len(comment) > limit
        else "Choose one of the answers."
    )


def _ask(request: Request, token: str, stored: Answer | None, error: str | None, typed: str) -> Response:
    step = "satisfaction" if stored is None else _next(stored)
    if step is None:
        return render(request, "surveys/done.html", detail=None)
    return render(
        request,
        "surveys/question.html",
        status=422 if error else 200,
        token=token,
        step=step,
        questions=questions(),
        error=error,
        typed=typed,
    )
