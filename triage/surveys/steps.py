"""Inviting: when a conversation or a contact has ended, its resident is asked once how it went."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, codes, outbox, record
from triage.catalogue import catalogue
from triage.events import SurveyInvited
from triage.surveys import repository
from triage.surveys.questions import questions
from triage.surveys.tokens import new_token
from triage.tables import Contact, Conversation, Invite

# Long enough to answer from an email on the next weekend.
OPEN_FOR = timedelta(days=14)


async def invite_after_contact(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactClosed: ask in the chat if its resident is there. Asked once for each contact."""
    await record.hold_conversations(session, Contact.id == contact_id)
    contact = await session.get(Contact, contact_id, with_for_update=True)
    # Of two contacts that became one, the one that goes on is asked about.
    if contact is None or contact.state != "closed" or contact.merged_into is not None:
        return
    conversation = await repository.conversation_about(session, contact)
    if conversation is None or not conversation.survey_sampled:
        return
    if await repository.already_invited(session, contact_id=contact_id):
        return
    await _invite(
        session,
        conversation,
        contact_id=contact.id,
        service=contact.service,
        queue=contact.queue,
        channel=contact.channel,
        demo=contact.demo,
    )


async def invite_after_conversation(session: AsyncSession, conversation_id: UUID) -> None:
    """After ConversationEnded: ask in the chat. Asked once for each conversation."""
    conversation = await session.get(Conversation, conversation_id, with_for_update=True)
    if conversation is None or not conversation.survey_sampled:
        return
    if await repository.already_invited(session, conversation_id=conversation_id):
        return
    service = conversation.context.get("service")
    known = catalogue().services.get(service or "")
    await _invite(
        session,
        conversation,
        conversation_id=conversation.id,
        service=service,
        queue=known.queue if known else None,
        channel="chat",
        demo=conversation.demo,
    )


async def _invite(session: AsyncSession, conversation: Conversation, **about: Any) -> None:
    token = new_token()
    invite = Invite(token_hash=codes.hash_secret(token), expires_at=clock.now() + OPEN_FOR, **about)
    session.add(invite)
    await session.flush()
    await outbox.publish(session, SurveyInvited(invite.id))
    asked = questions()
    shown = {
        "token": token,
        "question": asked.satisfaction.question,
        "got_it": asked.got_it.question,
        "comment": asked.comment.question,
        "hint": asked.comment.hint,
    }
    await record.append_message(
        session, conversation.id, "system", asked.satisfaction.question, extras={"survey": shown}
    )
