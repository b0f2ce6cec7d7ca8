"""Leaving a message without JavaScript: /contact."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from pydantic import ValidationError

from language.danger.model import MAY_BE
from triage.access import Anyone, AnyoneFromHere
from triage.catalogue import catalogue
from triage.content import Service
from triage.database import transaction
from triage.helping import look_for_danger
from triage.intake import following, service
from triage.intake.endpoints import count_contact
from triage.intake.schemas import ContactIn
from triage.pages import render as page
from triage.settings import get_settings

router = APIRouter(include_in_schema=False)
router.include_router(following.router)

# What to say beside a field that is not right.
MISSING = {
    "text": "Tell us what you need, in your own words",
    "messages": "To send you messages we need an email address or a UK mobile number",
    "consent": "Tick the box so that we may keep your details and pass them on",
}


@router.get("/contact", dependencies=[Anyone])
async def form(request: Request, service: str = "") -> Response:
    """An empty form."""
    about = _about(service)
    values = dict.fromkeys(("text", "name", "reply_to", "place"), "") | {"messages": False, "consent": False}
    return page(request, "intake/contact.html", values=values, errors={}, key=str(uuid4()), service=about)


@router.post("/contact", dependencies=[AnyoneFromHere])
async def leave(
    request: Request,
    text: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    reply_to: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    messages: Annotated[str, Form()] = "",
    consent: Annotated[str, Form()] = "",
    safe: Annotated[str, Form(max_length=10)] = "",
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
        "messages": messages == "yes",
        "consent": consent == "yes",
        "safe_to_contact": {"yes": True, "no": False}.get(safe),
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
    # Whoever is in danger may be watched, so they are asked; the gentle "is anybody in danger?" is no danger seen.
    grave = danger is not None and danger[0].signal != MAY_BE
    if step != "send":
        return page(request, "intake/check.html", values=values, key=key, service=chosen, danger=shown, ask_safe=grave)
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
        messages=contact.messages,
        unsafe=contact.safe_to_contact is False or (grave and not contact.safe_to_contact),
        danger=shown,
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
            missing = field in MISSING and (values[field] is True or not str(values[field] or "").strip())
            errors[field] = MISSING[field] if missing else f"Shorten this to {limit:,} characters or fewer"
        return None, errors
