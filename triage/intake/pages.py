"""Leaving a message without JavaScript, and seeing how it stands: /contact and /contacts/{reference}."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from pydantic import ValidationError

from triage.access import Anyone, AnyoneFromHere
from triage.database import transaction
from triage.errors import NotFound
from triage.intake import repository, service
from triage.intake.endpoints import count_contact, count_try
from triage.intake.schemas import ContactIn
from triage.pages import render as page
from triage.settings import get_settings

router = APIRouter(include_in_schema=False)

FIELDS = ("text", "name", "reply_to", "place", "consent")
# What to say beside a field that is not right.
MISSING = {
    "text": "Tell us what you need, in your own words",
    "consent": "Tick the box so that we may keep your details and pass them on",
}
TOO_LONG = "This is too long: shorten it to {limit} characters or fewer"


@router.get("/contact", dependencies=[Anyone])
async def form(request: Request) -> Response:
    """An empty form."""
    return page(request, "intake/contact.html", values={}, errors={}, key=str(uuid4()), limit=_limit())


@router.post("/contact", dependencies=[AnyoneFromHere])
async def leave(
    request: Request,
    text: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    reply_to: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    consent: Annotated[str, Form()] = "",
    step: Annotated[str, Form()] = "",
    key: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """First check, then show the answers to be checked, then file. Nothing typed is ever lost."""
    values: dict[str, Any] = {
        "text": text,
        "name": name,
        "reply_to": reply_to,
        "place": place,
        "consent": consent,
    }
    key = key or str(uuid4())
    contact, errors = _checked(values)
    shown = {"values": values, "errors": errors, "key": key, "limit": _limit()}
    if contact is None:
        return page(request, "intake/contact.html", status_code=422, **shown)
    if step == "change":
        return page(request, "intake/contact.html", **shown)
    if step != "send":
        return page(request, "intake/check.html", **shown)
    await count_contact(request)
    async with transaction() as session:
        filed = await service.take_in(session, contact, key)
    return page(request, "intake/sent.html", reference=filed.reference, code=filed.code, reply_to=contact.reply_to)


@router.get("/contacts/{reference}", dependencies=[Anyone])
async def status_form(request: Request, reference: str) -> Response:
    """Ask for the code; nothing about the contact is shown before it."""
    return page(request, "intake/status.html", reference=reference, contact=None, history=[], error=None)


@router.post("/contacts/{reference}", dependencies=[AnyoneFromHere])
async def status(request: Request, reference: str, code: Annotated[str, Form(max_length=100)] = "") -> Response:
    """How the contact stands, for the holder of its code."""
    await count_try(request)
    try:
        async with transaction() as session:
            contact = await service.show(session, reference, code)
            history = await repository.history_for_resident(session, contact)
    except NotFound as error:
        return page(
            request,
            "intake/status.html",
            status_code=404,
            reference=reference,
            contact=None,
            history=[],
            error=error.detail,
        )
    return page(
        request, "intake/status.html", reference=contact.reference, contact=contact, history=history, error=None
    )


def _limit() -> int:
    return get_settings().message_limit


def _checked(values: dict[str, Any]) -> tuple[ContactIn | None, dict[str, str]]:
    """The contact, or what to say beside each field that is not right."""
    try:
        return ContactIn.model_validate({**values, "channel": "web", "consent": values["consent"] == "yes"}), {}
    except ValidationError as error:
        errors = {}
        for fault in error.errors():
            field = str(fault["loc"][0])
            limit = fault.get("ctx", {}).get("max_length", _limit())
            errors[field] = (
                MISSING[field] if field in MISSING and not values[field].strip() else TOO_LONG.format(limit=limit)
            )
        return None, errors
