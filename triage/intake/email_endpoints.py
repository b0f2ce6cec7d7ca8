"""The council's mail server posts an email to us as it came, a MIME message."""

import asyncio

from fastapi import APIRouter, Request
from pydantic import BaseModel

from triage.access import MailServer
from triage.errors import Invalid
from triage.faults import PROBLEMS
from triage.intake import email_filing
from triage.intake.email_reading import read
from triage.settings import get_settings
from triage.shields import EMAIL

router = APIRouter(tags=["contact"], responses=PROBLEMS)


class EmailTaken(BaseModel):
    """What became of it: filed as a contact, added to one, or ignored for a reason. Not for its sender's eyes."""

    done: str
    reference: str | None = None
    reason: str | None = None


MESSAGE = {"requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string"}}}}}


@router.post(EMAIL, dependencies=[MailServer], openapi_extra=MESSAGE)
async def email(request: Request) -> EmailTaken:
    """Take in an email. However often it is sent, it is taken in once. How large it may be: triage/shields.py.

    Raises TooMany (429) where its sender writes more than a person does: the mail server keeps it and tries again.
    """
    raw = await request.body()
    if not raw.strip():
        raise Invalid("Send the message as it came, as the body.")
    # Large messages take a while to read; in a thread, so that nobody else waits for it.
    message = await asyncio.to_thread(read, raw, get_settings().our_addresses)
    taken = await email_filing.take_in(message)
    return EmailTaken(done=taken.done, reference=taken.reference, reason=taken.reason)
