"""Leaving a message without JavaScript, and seeing how it stands: /contact and /contacts/{reference}."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from triage import codes
from triage.access import Anyone, AnyoneFromHere
from triage.catalogue import catalogue
from triage.content import Service
from triage.database import transaction
from triage.errors import EmptyMessage, FrontdoorError, MessageTooLong, NotFound
from triage.helping import look_for_danger
from triage.intake import repository, service
from triage.intake.endpoints import count_contact, count_try
from triage.intake.schemas import ContactIn
from triage.pages import render as page
from triage.settings import get_settings

router = APIRouter(include_in_schema=False)

# What to say beside a field that is not right.
MISSING = {
    "text": "Tell us what you need, in your own words",
    "consent": "Tick the box so that we may keep your details and pass them on",
}


@router.get("/contact", dependencies=[Anyone])
async def form(request: Request, service: str = "") -> Response:
    """An empty form."""
    about = _about(service)
    values = dict.fromkeys(("text", "name", "reply_to", "place"), "") | {"consent": False}
    return page(request, "intake/contact.html", values=values, errors={}, key=str(uuid4()), service=about)


@router.post("/contact", dependencies=[AnyoneFromHere])
async def leave(
    request: Request,
    text: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    reply_to: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    consent: Annotated[str, Form()] = "",
    about: Annotated[str, Form(alias="service")] = "",
    step: Annotated[str, Form()] = "",
    key: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """First check, then show the answers to be checked, then file. Nothing typed is ever lost."""
    values: dict[str, Any] = {
        "text": text,
        "name": name,
        "reply_to": reply_to,
        "place": place,
        "consent": consent == "yes",
    }
    key = key or str(uuid4())
    chosen = _about(about)
    contact, errors = _checked(values)
    if contact is None or step == "change":
        return page(
            request,
            "intake/contact.html",
            status=422 if errors else 200,
            values=values,
            errors=errors,
            key=key,
            service=chosen,
        )
    danger = look_for_danger(contact.text)
    shown = danger[1] if danger else None
    if step != "send":
        return page(request, "intake/check.html", values=values, key=key, service=chosen, danger=shown)
    if danger is None:
        # A limit never keeps a cry for help out.
        await count_contact(request)
    async with transaction() as session:
        filed = await service.take_in(session, contact, key, chosen.id if chosen else None)
    return page(
        request,
        "intake/sent.html",
        reference=filed.reference,
        code=filed.code,
        can_reply=bool(contact.reply_to),
        danger=shown,
    )


@router.get("/contacts", dependencies=[Anyone])
async def find(reference: str = "") -> Response:
    """From a reference typed on the first page to its own page, however it was written."""
    found = codes.find_reference(reference)
    return RedirectResponse(f"/contacts/{found}" if found else "/#reference", status_code=303)


@router.get("/contacts/{reference}", dependencies=[Anyone])
async def status_form(request: Request, reference: str) -> Response:
    """Ask for the code; nothing about the contact is shown before it."""
    return page(request, "intake/status.html", reference=reference, contact=None, code="", key="")


@router.post("/contacts/{reference}", dependencies=[AnyoneFromHere])
async def status(
    request: Request,
    reference: str,
    code: Annotated[str, Form(max_length=100)] = "",
    do: Annotated[str, Form(max_length=10)] = "",
    text: Annotated[str, Form()] = "",
    key: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """How the contact stands, for the holder of its code, who may add to it."""
    await count_try(request)
    errors: dict[str, str] = {}
    try:
        if do == "add":
            async with transaction() as session:
                contact = await service.show(session, reference, code)
                await service.add(session, contact, text, key)
    except (EmptyMessage, MessageTooLong) as error:
        errors = {"text": error.detail}
    except NotFound:
        pass
    try:
        async with transaction() as session:
            contact = await service.show(session, reference, code)
            history = await repository.history_for_resident(session, contact)
            summary = await repository.summary(session, contact)
    except NotFound as error:
        return _ask_for_code(request, reference, code, error)
    known = catalogue().services.get(contact.service or "")
    shown = {
        "state": contact.state,
        "service": known.name if known else None,
        "text": contact.text,
        "summary": summary,
        "outcome": contact.outcome,
        "first_due_at": contact.first_due_at,
        "history": [{"what": row.what, "at": row.at, "text": row.detail.get("said")} for row in history],
    }
    return page(
        request,
        "intake/status.html",
        status=422 if errors else 200,
        reference=contact.reference,
        contact=shown,
        code=code,
        key=str(uuid4()),
        errors=errors,
        draft=text if errors else "",
        added=do == "add" and not errors,
    )


def _ask_for_code(request: Request, reference: str, code: str, error: FrontdoorError) -> Response:
    return page(
        request,
        "intake/status.html",
        status=error.status,
        reference=reference,
        contact=None,
        code=code,
        key="",
        errors={"code": "We could not find that reference with that code. Check both and try again."},
    )


def _about(service_id: str) -> Service | None:
    return catalogue().services.get(service_id)


def _checked(values: dict[str, Any]) -> tuple[ContactIn | None, dict[str, str]]:
    """The contact, or what to say beside each field that is not right."""
    try:
        return ContactIn.model_validate({**values, "channel": "web"}), {}
    except ValidationError as error:
        errors = {}
        for fault in error.errors():
            field = str(fault["loc"][0])
            limit = fault.get("ctx", {}).get("max_length", get_settings().message_limit)
            empty = field in MISSING and not str(values[field] or "").strip()
            errors[field] = MISSING[field] if empty else f"Shorten this to {limit:,} characters or fewer"
        return None, errors
