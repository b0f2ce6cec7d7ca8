"""Reading all that is held of one person, for exporting.py. Each kind has a bound, and says so when it is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from triage.errors import TooLarge
from triage.tables import (
    Answer,
    Attachment,
    Base,
    CommentReading,
    ContactHistory,
    Invite,
    LearnedExample,
    Message,
    Notice,
    Referral,
    SortingDecision,
)

# Nobody was ever seen to have so much; what is left out without a word would be a wrong answer to a request.
MOST_ROWS = 20_000
T = TypeVar("T", bound=Base)


@dataclass(frozen=True)
class Collected:
    """The rows that hang on one person's contacts and conversations."""

    history: Sequence[ContactHistory]
    messages: Sequence[Message]
    files: Sequence[Attachment]
    decisions: Sequence[SortingDecision]
    answers: list[dict[str, Any]]
    readings: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    examples: list[dict[str, Any]]
    referrals: list[dict[str, Any]]


async def _all(session: AsyncSession, wanted: Select[T]) -> Sequence[T]:
    rows = (await session.scalars(wanted.limit(MOST_ROWS + 1))).all()
    if len(rows) > MOST_ROWS:
        raise TooLarge(f"There are more than {MOST_ROWS:,} rows of one kind, which this command does not write.")
    return rows


def _plain(row: Any, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(row, name)) is not None}


async def collect(session: AsyncSession, ids: Sequence[UUID], talks: Sequence[UUID]) -> Collected:
    """Everything of these contacts and conversations. Raises TooLarge."""
    theirs = or_(Invite.contact_id.in_(ids), Invite.conversation_id.in_(talks))
    answers = await _all(session, select(Answer).join(Invite, Invite.id == Answer.invite_id).where(theirs))
    readings = await _all(
        session, select(CommentReading).where(CommentReading.answer_id.in_([one.id for one in answers]))
    )
    history = select(ContactHistory).where(ContactHistory.contact_id.in_(ids)).order_by(ContactHistory.at)
    messages = select(Message).where(Message.conversation_id.in_(talks)).order_by(Message.conversation_id, Message.seq)
    files = select(Attachment).where(Attachment.contact_id.in_(ids)).options(undefer(Attachment.content))
    decisions = select(SortingDecision).where(SortingDecision.contact_id.in_(ids))
    notices = await _all(session, select(Notice).where(Notice.contact_id.in_(ids)).order_by(Notice.made_at))
    examples = await _all(session, select(LearnedExample).where(LearnedExample.contact_id.in_(ids)))
    referrals = await _all(session, select(Referral).where(Referral.contact_id.in_(ids)))
    said = ("satisfaction", "got_it", "effort", "taken_seriously", "clear_next_step", "comment", "answered_at")
    return Collected(
        history=await _all(session, history),
        messages=await _all(session, messages),
        files=await _all(session, files),
        decisions=await _all(session, decisions),
        answers=[{"whose": "theirs"} | _plain(one, *said) for one in answers],
        readings=[_plain(one, "text", "themes", "sentiment", "read_at") for one in readings],
        notices=[_plain(one, "kind", "state", "channel", "done_at") for one in notices],
        examples=[_plain(one, "text", "queue", "service", "state", "made_at", "expires_at") for one in examples],
        referrals=[
            _plain(one, "scheme", "may_share", "asked", "answered_at", "outcome", "outcome_on") for one in referrals
        ],
    )
