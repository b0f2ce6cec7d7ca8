"""The audit trail: who signed in, changed or looked at what.

A contact's own history (triage.contacts.note_history) is its trail and stays so: what stands there is not written here
as well. The administrators' page reads both. A detail never holds what a resident wrote.
"""

import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.settings import get_settings
from triage.tables import Agent, Audit

# What may be noted, as people read it.
WHAT = {
    "signed_in": "Signed in",
    "sign_in_failed": "Could not sign in",
    "signed_out": "Signed out",
    "session_ended": "Ended a session",
    "password_changed": "Changed their password",
    "code_failed": "Typed a wrong code",
    "second_factor_set": "Set up an authenticator app",
    "recovery_codes_made": "Made new recovery codes",
    "recovery_code_used": "Used a recovery code",
    "person_added": "Added a person",
    "person_changed": "Changed a person",
    "administrator_kept": "Stayed the last administrator, whatever the council's sign-in says",
    "person_switched_off": "Switched a person off",
    "person_switched_on": "Switched a person on",
    "second_factor_reset": "Reset a second factor",
    "link_made": "Made a set-up link",
    "link_used": "Used a set-up link",
    "audit_read": "Read the audit trail",
    "exported": "Exported data",
    "imported": "Brought in past figures",
    "import_taken_back": "Took back past figures",
    "open_data_withdrawn": "Withdrew a published quarter",
    "words_seen": "Saw residents' messages, redacted",
    "data_viewed": "Looked at personal data",
    "looked_up": "Looked up a resident or a contact",
    "lists_seen": "Saw what waits in their queues",
    "switched": "Changed a switch",
    "report_drafted": "Began a quarterly report",
    "report_changed": "Changed a quarterly report",
    "report_discarded": "Threw a draft report away",
    "report_approved": "Approved a quarterly report",
    "report_sent_back": "Sent a quarterly report back",
    "report_published": "Published a quarterly report",
    "report_corrected": "Corrected a quarterly report",
    "said_written": "Wrote a draft of “you said, we did”",
    "said_published": "Published “you said, we did”",
    "said_withdrawn": "Withdrew “you said, we did”",
    "chart_noted": "Wrote a note on a chart",
    "chart_note_removed": "Took a note off a chart",
    "summary_asked": "Asked for the monthly summary",
    "summary_stopped": "Stopped the monthly summary",
    "erased": "Erased what we held of a resident",
    "person_exported": "Exported what we hold of a resident",
    "forgotten": "What was past its time was forgotten",
}


async def forget(session: AsyncSession) -> int:
    """Take out what is older than the setting audit_days; how many lines. Nothing else takes a line out."""
    before = clock.now() - timedelta(days=get_settings().audit_days)
    return await session.scalar(select(func.audit_forget(before))) or 0


def address_hash(request: Request | None) -> bytes | None:
    """What we keep of an address: enough to see that two came from one place, not which."""
    if request is None or request.client is None:
        return None
    key = get_settings().signing_key.get_secret_value().encode()
    return hmac.digest(key, f"audit address:{request.client.host}".encode(), "sha256")[:16]


async def note(
    session: AsyncSession,
    what: str,
    by: Agent | None,
    *,
    request: Request | None = None,
    kind: str | None = None,
    about: str | UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one line, in the transaction of what it tells of. `what` is a key of WHAT; raises KeyError for another."""
    if what not in WHAT:
        raise KeyError(what)
    session.add(
        Audit(
            agent_id=by.id if by else None,
            role=by.role if by else None,
            what=what,
            kind=kind,
            about=str(about) if about is not None else None,
            detail=detail or {},
            address_hash=address_hash(request),
        )
    )
    await session.flush()
