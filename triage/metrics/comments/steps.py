"""Reading a comment, when its answer has come; and at night those that were missed or that an older reader read."""

import asyncio
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import reading
from triage.metrics.comments import repository
from triage.metrics.comments.themes import themes

MOST_A_NIGHT = 2_000


async def read_comment(session: AsyncSession, answer_id: UUID) -> None:
    """After SurveyAnswered: redact the comment, if there is one, and keep its themes. Running twice changes nothing.

    Before the first training there is no reader: the night's round reads the comment then.
    """
    reader = reading.themes()
    given = await repository.comment_of(session, answer_id)
    # Answers that do not count, such as a flood of one person's, have comments that do not count either.
    if reader is None or given is None or given[0].excluded is not None:
        return
    answer, invite = given
    comment = (answer.comment or "").strip()
    if not comment:
        return
    # What the redactor leaves is what the reader sees too: nothing that names a person is learned or looked at.
    redacted = await asyncio.to_thread(lambda: reading.redactor().redact(comment).text)
    read = await asyncio.to_thread(reader.read, redacted)
    await repository.keep(
        session,
        answer_id=answer.id,
        text=redacted,
        themes=list(themes().of_comment(redacted, read.themes)),
        sentiment=read.sentiment,
        version=reading.themes_version(),
        service=invite.service,
        queue=invite.queue,
        demo=invite.demo,
        answered_at=answer.answered_at,
    )


async def read_missed(session: AsyncSession) -> int:
    """At night: comments that nobody read, and those that another reader than today's did, newest first."""
    if reading.themes() is None:
        return 0
    missed = await repository.unread(session, reading.themes_version(), MOST_A_NIGHT)
    for answer_id in missed:
        await read_comment(session, answer_id)
    return len(missed)
