"""What surveys ask of the database."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import codes, reaching, record, telling
from triage.surveying import links, sampling
from triage.surveys.rules import Talk
from triage.tables import (
    Agent,
    Answer,
    Contact,
    Conversation,
    Invite,
    Message,
    SurveyCase,
    SurveyRefusal,
)

# The first key of our advisory locks, so that they meet nobody else's. The second is an address.
_LOCK = 0x7375


async def case_of_conversation(session: AsyncSession, conversation: Conversation) -> SurveyCase:
    """The case of a conversation, locked; written now if it has none, drawn as it would have been."""
    await sampling.begin_case(
        session,
        began_at=conversation.started_at,
        channel="chat",
        sampled=conversation.survey_sampled,
        demo=conversation.demo,
        conversation_id=conversation.id,
    )
    return await _locked(session, SurveyCase.conversation_id == conversation.id)


async def case_of_contact(session: AsyncSession, contact: Contact) -> SurveyCase:
    """The case of a contact, locked; written now if it has none, drawn as it would have been."""
    talk = await session.get(Conversation, contact.conversation_id) if contact.conversation_id else None
    await sampling.begin_case(
        session,
        began_at=contact.arrived_at,
        channel=contact.channel,
        sampled=talk.survey_sampled if talk else sampling.is_sampled(contact.id),
        demo=contact.demo,
        contact_id=contact.id,
    )
    return await _locked(session, SurveyCase.contact_id == contact.id)


async def _locked(session: AsyncSession, which: ColumnElement[bool]) -> SurveyCase:
    found = select(SurveyCase).where(which).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(found)).one()


async def case(session: AsyncSession, case_id: UUID, *, lock: bool = False) -> SurveyCase | None:
    """One case."""
    return await session.get(SurveyCase, case_id, with_for_update=lock or None, populate_existing=lock)


async def invite_by_token(session: AsyncSession, token: str) -> Invite | None:
    """The invite of a link, its row locked, so that two presses count once. Of one from before cases, by its hash."""
    mine = or_(Invite.token_hash == codes.hash_secret(token), Invite.case_id == links.case_of(token))
    found: Invite | None = await session.scalar(select(Invite).where(mine).with_for_update())
    return found


async def invite_of_case(session: AsyncSession, case_id: UUID) -> Invite | None:
    """The invite of a case."""
    found: Invite | None = await session.scalar(select(Invite).where(Invite.case_id == case_id).with_for_update())
    return found


async def answer_of(session: AsyncSession, invite_id: UUID) -> Answer | None:
    """What was answered to an invite."""
    found: Answer | None = await session.scalar(select(Answer).where(Answer.invite_id == invite_id))
    return found


async def talk_of(session: AsyncSession, conversation: Conversation, came_to: str | None) -> Talk:
    """A conversation as its ending is judged."""
    said = exists().where(Message.conversation_id == conversation.id, Message.author == "resident")
    newest = (
        select(Message.extras)
        .where(Message.conversation_id == conversation.id, Message.author == "assistant")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    contacts = await contacts_of(session, conversation)
    left = "left" if contacts else "none"
    extras = await session.scalar(newest) or {}
    return Talk(
        said=bool(await session.scalar(select(said))),
        contact="closed" if any(one.live and one.state == "closed" for one in contacts) else left,
        away=bool(extras.get(record.AWAY)),
        form_open=bool(conversation.context.get("form")),
        failed=int(conversation.context.get("failures") or 0) > 0,
        came_to=came_to,
    )


async def contacts_of(session: AsyncSession, conversation: Conversation) -> Sequence[Contact]:
    """The contacts that came of a conversation, newest first."""
    of = select(Contact).where(Contact.conversation_id == conversation.id).order_by(Contact.arrived_at.desc())
    return (await session.scalars(of.limit(20))).all()


async def will_be_asked_later(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether a contact that came of it is still open, and its resident can be written to once it is closed."""
    unsafe = conversation.context.get("safe") is False
    for contact in await contacts_of(session, conversation):
        if contact.state != "closed" and not contact.live and reaching.why_no_message(contact, unsafe) is None:
            return True
    return False


async def hold_address(session: AsyncSession, address_hash: bytes | None) -> None:
    """Until commit, nobody else decides whether this address is asked: two contacts closed together ask once."""
    if address_hash is not None:
        await session.execute(
            select(func.pg_advisory_xact_lock(_LOCK, int.from_bytes(address_hash[:4], "big", signed=True)))
        )


async def _same_person(
    session: AsyncSession, about: SurveyCase, conversation_id: UUID | None
) -> ColumnElement[bool] | None:
    """Other cases of the same address, or of the same conversation and what came of it; None: we know of neither."""
    same: list[ColumnElement[bool]] = []
    if about.address_hash is not None:
        same.append(SurveyCase.address_hash == about.address_hash)
    if conversation_id is not None:
        # Named one by one, so that each is found by its index among millions.
        of_it = select(Contact.id).where(Contact.conversation_id == conversation_id).limit(100)
        contacts = (await session.scalars(of_it)).all()
        same += [SurveyCase.conversation_id == conversation_id, SurveyCase.contact_id.in_(contacts)]
    return and_(or_(*same), SurveyCase.id != about.id) if same else None


async def asked_since(session: AsyncSession, about: SurveyCase, conversation_id: UUID | None, since: datetime) -> bool:
    """Whether the same person (the same address, or the same conversation) was asked about something else since."""
    same = await _same_person(session, about, conversation_id)
    if same is None:
        return False
    found = select(SurveyCase.id).where(same, SurveyCase.invited_at >= since)
    return await session.scalar(found.limit(1)) is not None


async def answered_since(
    session: AsyncSession, about: SurveyCase, conversation_id: UUID | None, since: datetime
) -> bool:
    """Whether the same person gave an answer that counts, about something else, since."""
    same = await _same_person(session, about, conversation_id)
    if same is None:
        return False
    found = select(SurveyCase.id).where(same, SurveyCase.answered_at >= since, SurveyCase.why_not.is_(None))
    return await session.scalar(found.limit(1)) is not None


async def from_source(
    session: AsyncSession, source_hash: bytes, since: datetime, long_since: datetime
) -> tuple[int, int]:
    """How many answers that count came from a network address since, and since long before. Until commit nobody else
    counts its answers."""
    await session.execute(
        select(func.pg_advisory_xact_lock(_LOCK + 1, int.from_bytes(source_hash[:4], "big", signed=True)))
    )
    counting = select(func.count().filter(Answer.answered_at >= since), func.count()).where(
        Answer.source_hash == source_hash, Answer.answered_at >= long_since, Answer.excluded.is_(None)
    )
    lately, in_all = (await session.execute(counting)).one()
    return int(lately), int(in_all)


async def refused(session: AsyncSession, address_hash: bytes | None) -> bool:
    """Whether somebody at this address asked never to be asked again."""
    return address_hash is not None and await session.get(SurveyRefusal, address_hash) is not None


async def refused_in(session: AsyncSession, conversation_id: UUID | None) -> bool:
    """Whether somebody who was asked in this conversation said there that they are not to be asked again."""
    if conversation_id is None:
        return False
    # Named one by one, so that each is found by its index among millions.
    of_it = select(Contact.id).where(Contact.conversation_id == conversation_id).limit(100)
    contacts = (await session.scalars(of_it)).all()
    found = select(SurveyCase.id).where(
        or_(SurveyCase.conversation_id == conversation_id, SurveyCase.contact_id.in_(contacts)),
        SurveyCase.invited_by == "chat",
        SurveyCase.why_not == "never_again",
    )
    return await session.scalar(found.limit(1)) is not None


async def is_of_staff(session: AsyncSession, reply_to: str | None) -> bool:
    """Whether an address is that of somebody who works here, as they sign in with it."""
    address = telling.address(reply_to)
    if address is None:
        return False
    same = telling.same(address)
    theirs = or_(
        telling.same_in(Agent.login.expression) == same,
        telling.same_in(func.coalesce(Agent.openid_name, "")) == same,
    )
    return await session.scalar(select(Agent.id).where(theirs).limit(1)) is not None


async def staff_began(session: AsyncSession, conversation_id: UUID | None) -> bool:
    """Whether a conversation was begun in a browser in which somebody was at the desk."""
    if conversation_id is None:
        return False
    return bool(await session.scalar(select(SurveyCase.staff).where(SurveyCase.conversation_id == conversation_id)))


async def idle(session: AsyncSession, before: datetime, most: int) -> Sequence[UUID]:
    """Conversations in which nothing was said since, whose ending nobody has judged, oldest first."""
    found = (
        select(Conversation.id)
        .join(SurveyCase, SurveyCase.conversation_id == Conversation.id)
        .where(
            SurveyCase.ended_at.is_(None),
            SurveyCase.kind == "conversation",
            Conversation.mode.in_(("assistant", "ended")),
            Conversation.last_at < before,
        )
        .order_by(SurveyCase.began_at)
        .limit(most)
    )
    return (await session.scalars(found)).all()


async def gone_on(session: AsyncSession, before: datetime, since: datetime, most: int) -> Sequence[UUID]:
    """Conversations that went on after their ending was judged, and in which nothing was said from `before` on.

    Of those in which something was said since `since`. Whoever has been asked was asked about the end as it was then.
    """
    found = (
        select(Conversation.id)
        .join(SurveyCase, SurveyCase.conversation_id == Conversation.id)
        .where(
            Conversation.erased_at.is_(None),
            Conversation.last_at >= since,
            Conversation.last_at < before,
            Conversation.mode == "assistant",
            Conversation.last_at > SurveyCase.ended_at,
            SurveyCase.invited_at.is_(None),
            SurveyCase.why_not.is_distinct_from("before"),
        )
        .order_by(Conversation.last_at)
        .limit(most)
    )
    return (await session.scalars(found)).all()


async def without_case(session: AsyncSession, since: datetime, most: int) -> tuple[Sequence[UUID], Sequence[UUID]]:
    """Conversations and contacts begun since then that have no case, which should not be."""
    talks = select(Conversation.id).where(
        Conversation.started_at >= since, ~exists().where(SurveyCase.conversation_id == Conversation.id)
    )
    contacts = select(Contact.id).where(
        Contact.arrived_at >= since, ~exists().where(SurveyCase.contact_id == Contact.id)
    )
    return (await session.scalars(talks.limit(most))).all(), (await session.scalars(contacts.limit(most))).all()


async def closed_and_open(session: AsyncSession, before: datetime, most: int) -> Sequence[UUID]:
    """Contacts that were closed before then, and whose case has not ended: their step was lost."""
    found = (
        select(Contact.id)
        .join(SurveyCase, SurveyCase.contact_id == Contact.id)
        .where(SurveyCase.ended_at.is_(None), SurveyCase.kind == "contact", Contact.state == "closed")
        .where(Contact.closed_at < before)
        .limit(most)
    )
    return (await session.scalars(found)).all()


async def expire(session: AsyncSession, now: datetime, since: datetime) -> int:
    """Say of every case, invited since then, whose link ran out unanswered that it did; how many."""
    late = exists().where(Invite.case_id == SurveyCase.id, Invite.answered_at.is_(None), Invite.expires_at < now)
    rows = await session.scalars(
        update(SurveyCase)
        .where(SurveyCase.invited_at >= since, SurveyCase.answered_at.is_(None), SurveyCase.why_not.is_(None), late)
        .values(why_not="expired")
        .returning(SurveyCase.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


async def forget_sources(session: AsyncSession, before: datetime) -> None:
    """Forget where answers came from that were given before then."""
    await session.execute(
        update(Answer)
        .where(Answer.source_hash.is_not(None), Answer.answered_at < before)
        .values(source_hash=None)
        .execution_options(synchronize_session=False)
    )


async def take_back(session: AsyncSession, invite: Invite) -> None:
    """Remove an invite that reached nobody."""
    await session.execute(delete(Invite).where(Invite.id == invite.id))
