"""Seeing how a contact stands, and having a say in it, without JavaScript: /contacts/{reference}.

The code is given once, in a form. A pass in a cookie (passes.py) stands for it after that, for half an hour.
"""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from triage import attachments, codes, hearing
from triage.access import Anyone, AnyoneFromHere
from triage.database import transaction
from triage.errors import EmptyMessage, FrontdoorError, Invalid, MessageTooLong, NotFound, TooLarge, TooMany
from triage.intake import passes, service, showing
from triage.intake.endpoints import count_try
from triage.pages import render as page
from triage.tables import Contact

router = APIRouter(include_in_schema=False)

WRONG_CODE = "That code does not go with {reference}. Check both and try again."
NOT_ONE = "That is not one of our references. Check it and try again."
NONE_TYPED = "Type your reference"
RAN_OUT = "Enter your code again. What you wrote is still here."
RAN_OUT_WITH_FILE = "Enter your code again, then choose your file once more. We have not kept it yet."
# Of what is typed as a reference so much is shown again.
LONGEST_TYPED = 100
DEFAULTS: dict[str, Any] = {"code": "", "errors": {}, "do": "", "draft": "", "heard": None, "danger": None}

Field = Annotated[str, Form()]


@router.get("/contacts", dependencies=[Anyone])
async def find(request: Request, reference: str = "") -> Response:
    """From a reference typed on the first page to its own page, however it was written."""
    if found := codes.find_reference(reference):
        return RedirectResponse(f"/contacts/{found}", status_code=303)
    fault = NOT_ONE if reference.strip() else NONE_TYPED
    return page(request, "intake/find.html", status=422, typed=reference[:LONGEST_TYPED], fault=fault)


@router.get("/contacts/{reference}", dependencies=[Anyone])
async def status_form(request: Request, reference: str) -> Response:
    """How it stands, for a browser that gave the code a moment ago; else ask for it, and show nothing before."""
    opened = passes.opened_by(request)
    if opened is not None:
        try:
            async with transaction() as session:
                contact = await service.show(session, reference, "", opened)
                shown = await showing.show(session, contact)
            return _show(request, contact, shown)
        except NotFound:
            # The pass is for another contact.
            pass
    return page(request, "intake/status.html", reference=reference, contact=None, key="", **DEFAULTS)


@router.post("/contacts/{reference}", dependencies=[AnyoneFromHere])
async def status(
    request: Request,
    reference: str,
    code: Annotated[str, Form(max_length=100)] = "",
    do: Annotated[str, Form(max_length=10)] = "",
    text: Field = "",
    messages: Annotated[str, Form(max_length=10)] = "",
    reply_to: Field = "",
    key: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """How the contact stands, for the holder of its code or pass, who may add to it and choose about messages."""
    if do == "leave":
        left = RedirectResponse("/", status_code=303)
        passes.take_away(left)
        return left
    opened = passes.opened_by(request)
    if code or opened is None:
        await count_try(request)
    errors: dict[str, str] = {}
    heard, danger, status_code = None, None, 200
    try:
        if do in ("add", "messages"):
            async with transaction() as session:
                contact = await service.show(session, reference, code, opened)
                if do == "add":
                    done, danger = await hearing.hear_counted(session, contact.id, text, key)
                    heard = done.what
                else:
                    await service.choose_messages(session, contact, messages == "yes", reply_to)
                    heard = "messages_on" if messages == "yes" else "messages_off"
    except (EmptyMessage, MessageTooLong, TooMany) as error:
        errors, status_code = {"text": error.detail}, error.status
    except Invalid as error:
        errors, status_code = {"reply_to": error.detail}, error.status
    except NotFound:
        pass
    try:
        async with transaction() as session:
            contact = await service.show(session, reference, code, opened)
            shown = await showing.show(session, contact)
    except NotFound as error:
        return _ask_for_code(request, reference, code, error, do if do == "add" else "", text, key)
    return _show(
        request,
        contact,
        shown,
        status=status_code,
        errors=errors,
        draft=text if "text" in errors else "",
        reply_to=reply_to if "reply_to" in errors else "",
        heard=heard,
        danger=danger,
    )


@router.post("/contacts/{reference}/files", dependencies=[AnyoneFromHere])
async def add_file(
    request: Request,
    reference: str,
    code: Annotated[str, Form(max_length=100)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Take a file from the holder of a contact's code or pass. How large a body is read at all: triage/shields.py."""
    opened = passes.opened_by(request)
    if code or opened is None:
        await count_try(request)
    errors: dict[str, str] = {}
    danger, status_code = None, 200
    try:
        async with transaction() as session:
            contact = await service.show(session, reference, code, opened)
            # One byte more than is taken tells that it is too large.
            content = await file.read(attachments.LARGEST + 1) if file else b""
            danger = await service.take_file(session, contact, (file and file.filename) or "file", content)
    except NotFound as error:
        return _ask_for_code(request, reference, code, error, "", "", "", RAN_OUT_WITH_FILE)
    except (Invalid, TooLarge, TooMany) as error:
        errors, status_code = {"file": error.detail}, error.status
    async with transaction() as session:
        contact = await service.show(session, reference, code, opened)
        shown = await showing.show(session, contact)
    heard = None if errors else "file"
    return _show(request, contact, shown, status=status_code, errors=errors, heard=heard, danger=danger)


def _show(request: Request, contact: Contact, shown: showing.Shown, **more: Any) -> Response:
    given = DEFAULTS | {"reference": contact.reference, "contact": shown, "key": str(uuid4()), "reply_to": ""} | more
    answer = page(request, "intake/status.html", **given)
    passes.give(answer, contact.id)
    return answer


def _ask_for_code(
    request: Request,
    reference: str,
    code: str,
    error: FrontdoorError,
    do: str,
    draft: str,
    key: str,
    ran_out: str = RAN_OUT,
) -> Response:
    """Ask for the code, with what was typed before it kept: the pass may have run out while they wrote."""
    wrong = WRONG_CODE.format(reference=reference) if code or (ran_out == RAN_OUT and not draft) else ran_out
    given = {"code": code, "errors": {"code": wrong}, "do": do, "draft": draft}
    shown = DEFAULTS | given
    return page(request, "intake/status.html", status=error.status, reference=reference, contact=None, key=key, **shown)
