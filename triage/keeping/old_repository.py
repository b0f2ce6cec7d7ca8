"""Finding and taking out what is past its time. Everything in bounded batches; run again, it finds nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import Contact

# Whether a contact waits for a longer time, as rules.Held has it.
_LONGER = "({0}.complaint or {0}.statutory is not null)"


def _recent(contact: str) -> str:
    """Whether a contact is not past its time, so that it holds what is one person's with it."""
    return (
        f"{contact}.state <> 'closed' or {contact}.closed_at is null or {contact}.closed_at >= "
        f"case when {_LONGER.format(contact)} then cast(:longer as timestamptz) else cast(:ordinary as timestamptz) end"
    )


# Those of a person of whom something is more recent are passed over here, so that they never fill a batch; rules.py
# looks at the whole person again once it is locked. A part goes with the contact that it was made part of.
_CONTACTS = text(f"""
    select contact.id from contact left join conversation talk on talk.id = contact.conversation_id
    where contact.erased_at is null and contact.closed_at < :ordinary and not ({_recent("contact")})
        and (talk.last_at is null or talk.last_at < :talks)
        and not exists (
            select from contact other where other.conversation_id = contact.conversation_id
                and other.erased_at is null and ({_recent("other")})
        )
        and not exists (
            select from contact part where part.merged_into = contact.id and part.erased_at is null
                and ({_recent("part")})
        )
        and not exists (
            select from contact whole where whole.id = contact.merged_into and whole.erased_at is null
                and ({_recent("whole")})
        )
        and (contact.closed_at, contact.id) > (:after, :after_id)
    order by contact.closed_at, contact.id limit :most
""")  # noqa: S608
_TALKS = text("""
    select id from conversation talk where erased_at is null and last_at < :talks
        and not exists (select from contact where contact.conversation_id = talk.id and contact.erased_at is null)
    order by last_at, id limit :most
""")

# Kinds that hang on no person: what of each is past its time, at most :most rows a go.
OLD = {
    "file": """
        delete from attachment where id in (
            select attachment.id from attachment join contact on contact.id = attachment.contact_id
            where contact.state = 'closed' and contact.closed_at < :before limit :most
        )
    """,
    "comment": """
        update answer set comment = null where id in (
            select id from answer where comment is not null and answered_at < :before limit :most
        )
    """,
    "comment_redacted": """
        update comment_reading set text = '' where answer_id in (
            select answer_id from comment_reading where text <> '' and answered_at < :before limit :most
        )
    """,
    "survey_address": """
        update survey_case set address_hash = null where id in (
            select id from survey_case where address_hash is not null and ended_at < :before limit :most
        )
    """,
    "sign_in": """
        delete from sign_in where token_hash in (
            select token_hash from sign_in where ends_at < :before limit :most
        )
    """,
    "tally": """
        delete from tally where (key, window_start) in (
            select key, window_start from tally where window_start < :before limit :most
        )
    """,
}


async def contacts_past(
    session: AsyncSession,
    ordinary: datetime,
    longer: datetime,
    talks: datetime,
    after: tuple[datetime, UUID],
    most: int,
) -> Sequence[UUID]:
    """Contacts whose time is over, longest closed first, behind the one that `after` names."""
    given = {"ordinary": ordinary, "longer": longer, "talks": talks, "most": most}
    found = await session.scalars(_CONTACTS, given | {"after": after[0], "after_id": after[1]})
    return found.all()


async def place_of(session: AsyncSession, contact_id: UUID) -> tuple[datetime, UUID]:
    """Where a contact stands in the order of `contacts_past`."""
    closed_at = await session.scalar(select(Contact.closed_at).where(Contact.id == contact_id))
    return closed_at or datetime.now(UTC), contact_id


async def talks_past(session: AsyncSession, talks: datetime, most: int) -> Sequence[UUID]:
    """Conversations of which no contact is held, whose time is over."""
    return (await session.scalars(_TALKS, {"talks": talks, "most": most})).all()


async def take_out(session: AsyncSession, kind: str, before: datetime, most: int) -> int:
    """Take out at most so many rows of a kind that are older; how many."""
    done = await session.execute(text(OLD[kind]), {"before": before, "most": most})
    return int(done.rowcount)  # type: ignore[attr-defined]
