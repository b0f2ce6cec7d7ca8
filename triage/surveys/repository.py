"""What surveys ask of the database."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import codes
from triage.tables import Answer, Contact, Conversation, Invite


async def invite_by_token(session: AsyncSession, token: str) -> Invite | None:
    """The invite of a link, its row locked, so that two presses count once."""
    found: Invite | None = await session.scalar(
        select(Invite).where(Invite.token_hash == codes.hash_secret(token)).with_for_update()
    )
    return found


async def answer_of(session: AsyncSession, invite_id: UUID) -> Answer | None:
    """What was answered to an invite."""
    found: Answer | None = await session.scalar(select(Answer).where(Answer.invite_id == invite_id))
    return found


async def already_invited(
    session: AsyncSession, *, conversation_id: UUID | None = None, contact_id: UUID | None = None
) -> bool:
    """Whether this conversation or contact has had its invite."""
    asked = select(Invite.id)
    if contact_id is not None:
        asked = asked.where(Invite.contact_id == contact_id)
    else:
        asked = asked.where(Invite.conversation_id == conversation_id)
    return await session.scalar(asked) is not None


async def conversation_about(session: AsyncSession, contact: Contact) -> Conversation | None:
    """The conversation in which a contact was settled, if its resident was there."""
    if contact.conversation_id is None or not contact.live:
        return None
    return await session.get(Conversation, contact.conversation_id)
