"""Putting the question to somebody: in the chat here and now, or by a letter that goes out later."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, codes, outbox, record
from triage.events import SurveyInvited
from triage.surveying.links import token_for
from triage.surveying.questions import asking, questions
from triage.surveys import outcome_repository, rules
from triage.tables import Conversation, Invite, SurveyCase


async def invite(session: AsyncSession, case: SurveyCase, via: str) -> Invite:
    """The invite of a case: which questions, for how long. They are asked by it now."""
    now, version = clock.now(), questions()
    made = Invite(
        case_id=case.id,
        token_hash=codes.hash_secret(token_for(case.id)),
        conversation_id=case.conversation_id,
        contact_id=case.contact_id,
        service=case.service,
        queue=case.queue,
        channel=case.channel,
        demo=case.demo,
        via=via,
        version=version.version,
        asked=version.asked_of(case.id),
        invited_at=now,
        expires_at=now + timedelta(days=asking().open_days),
    )
    session.add(made)
    case.invited_at, case.invited_by, case.why_not = now, via, None
    await session.flush()
    await outbox.publish(session, SurveyInvited(made.id))
    return made


async def ask_in_chat(session: AsyncSession, case: SurveyCase, conversation: Conversation) -> None:
    """The first question as a message of the conversation; the rest follow its answers."""
    await invite(session, case, "chat")
    first = questions().questions["satisfaction"].question
    shown = {"token": token_for(case.id), "question": first}
    await record.append_message(session, conversation.id, "system", first, extras={"survey": shown})


async def write_later(session: AsyncSession, case: SurveyCase) -> None:
    """A letter some hours after the closing, at an hour that disturbs nobody. They are invited when it goes out.

    Written twice it is one; one that was not sent, as the contact was open again, is due anew.
    """
    rule = asking()
    wanted = clock.now() + timedelta(hours=rule.message_after_hours)
    at = rules.at_a_good_hour(wanted, rule.message_from_hour, rule.message_to_hour)
    await outcome_repository.plan_invite(session, case.id, at)
