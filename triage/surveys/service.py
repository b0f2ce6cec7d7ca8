"""Taking an answer: once, in range, from the holder of the link."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, outbox
from triage.errors import LinkExpired, LinkUsed, NotFound
from triage.events import SurveyAnswered
from triage.surveys import repository
from triage.surveys.schemas import AnswerIn
from triage.surveys.tokens import check_token
from triage.tables import Answer, Invite

# The first press counts at once; the other questions may follow for this long.
REST_WITHIN = timedelta(minutes=30)


async def open_invite(session: AsyncSession, token: str) -> Invite:
    """The invite behind a link. Raises NotFound, LinkExpired, or LinkUsed once it is finished."""
    invite = await repository.invite_by_token(session, check_token(token))
    if invite is None:
        raise NotFound
    now = clock.now()
    if invite.finished_at or (invite.answered_at and now > invite.answered_at + REST_WITHIN):
        raise LinkUsed
    if now > invite.expires_at:
        raise LinkExpired
    return invite


async def answer(session: AsyncSession, token: str, given: AnswerIn) -> Answer:
    """Store the first answer, or add what was not said yet; satisfaction is never changed afterwards."""
    invite = await open_invite(session, token)
    now = clock.now()
    stored = await repository.answer_of(session, invite.id)
    if stored is None:
        if given.satisfaction is None:
            raise NotFound("Choose how satisfied you are first.")
        stored = Answer(invite_id=invite.id, satisfaction=given.satisfaction, answered_at=now)
        session.add(stored)
        invite.answered_at = now
    elif given.satisfaction is not None and given.satisfaction != stored.satisfaction:
        raise LinkUsed
    if given.got_it and stored.got_it is None:
        stored.got_it = given.got_it
    if given.comment and stored.comment is None:
        stored.comment = given.comment
    if given.finished:
        invite.finished_at = now
    await session.flush()
    await outbox.publish(session, SurveyAnswered(stored.id))
    return stored
