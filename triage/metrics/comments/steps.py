"""Reading comments: of an answer that has come, of a file that was brought in; and at night what was missed, what an
older reader read, and what is to be erased.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from language.themes import ThemeReader
from triage import clock, outbox, reading
from triage.events import CommentsImported
from triage.metrics.comments import repository
from triage.metrics.comments.themes import themes
from triage.surveying.questions import asking

MOST_A_NIGHT = 2_000
# Of a file, in one transaction: about a second.
MOST_AT_ONCE = 300


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
    ((of, sentiment),) = await _read(reader, [redacted])
    await repository.keep(
        session,
        answer_id=answer.id,
        text=redacted,
        themes=of,
        sentiment=sentiment,
        version=reading.themes_version(),
        service=invite.service,
        queue=invite.queue,
        demo=invite.demo,
        answered_at=answer.answered_at,
    )


async def read_imported(session: AsyncSession, import_id: UUID) -> None:
    """After CommentsImported: read some comments of the file, and ask for the next as long as there are any.

    They were redacted before they were stored. Before the first training, and what fails: the night's round.
    """
    if await _read_imported(session, "", MOST_AT_ONCE, import_id) == MOST_AT_ONCE:
        await outbox.publish(session, CommentsImported(import_id))


async def erase_past(session: AsyncSession) -> None:
    """At night: erase the words of comments that came with files and are past their time."""
    await repository.erase_imported(session, clock.now() - timedelta(days=asking().past_comment_days))


async def read_missed(session: AsyncSession) -> int:
    """Comments that nobody read, and those that another reader than today's did: of answers first, newest first."""
    if reading.themes() is None:
        return 0
    missed = await repository.unread(session, reading.themes_version(), MOST_A_NIGHT)
    for answer_id in missed:
        await read_comment(session, answer_id)
    return len(missed) + await _read_imported(session, reading.themes_version(), MOST_A_NIGHT - len(missed))


async def _read_imported(session: AsyncSession, version: str, most: int, import_id: UUID | None = None) -> int:
    """Read comments of files that nobody has read, or another reader than `version`; how many these were."""
    reader = reading.themes()
    if reader is None:
        return 0
    found = await repository.unread_imported(session, version, most, import_id)
    read = await _read(reader, [one.text for one in found])
    for one, (of, sentiment) in zip(found, read, strict=True):
        one.themes, one.sentiment, one.version = of, sentiment, reading.themes_version()
    await session.flush()
    return len(found)


async def _read(reader: ThemeReader, texts: Sequence[str]) -> list[tuple[list[str], int]]:
    """The council's themes of each redacted comment, and how it sounds."""

    def each(text: str) -> tuple[list[str], int]:
        found = reader.read(text)
        return list(themes().of_comment(text, found.themes)), found.sentiment

    return await asyncio.to_thread(lambda: [each(text) for text in texts])
