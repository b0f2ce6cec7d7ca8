"""Finding all that is one person's, and taking it out. What figures are counted from stays, without the person.

Rows are locked in the one order (record.py): conversations, then contacts by id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from triage import reaching, telling
from triage.contacts import BEFORE
from triage.following_up import FROM
from triage.keeping.rules import Held, Talk
from triage.tables import Agent, Contact, Conversation, Delivery, Notice

# One person's contacts; who has more is erased in several goes.
MOST_OF_ONE = 500
# What stays of a line of history: words of our own code alone, by which days are counted and corrections judged; and
# "by", which supervisor gave it to somebody.
_STAYS = ("assigned", BEFORE, "by", "channel", "kind", "partner", "priority", "queue", "service", "to")
# And of a contact's details: whose area it is in and its ward, which figures are counted by.
_AREA = ("Whose area", "Ward")
GONE = "What was said here has been erased."


@dataclass(frozen=True)
class Person:
    """All that we know to be one person's, locked."""

    contacts: tuple[Contact, ...]
    talks: tuple[Conversation, ...]

    @property
    def contact_ids(self) -> list[UUID]:
        """Their contacts' ids."""
        return [one.id for one in self.contacts]

    @property
    def talk_ids(self) -> list[UUID]:
        """Their conversations' ids."""
        return [one.id for one in self.talks]

    def held(self) -> list[Held]:
        """Their contacts, as rules.py looks at them."""
        return [
            Held(one.reference, one.closed_at if one.state == "closed" else None, bool(one.complaint or one.statutory))
            for one in self.contacts
        ]

    def spoken(self) -> list[Talk]:
        """Their conversations, as rules.py looks at them."""
        return [Talk(one.last_at, one.turn_until, one.mode == "ended") for one in self.talks]


async def contact_of(session: AsyncSession, reference: str) -> UUID | None:
    """The contact with this reference."""
    return await session.scalar(select(Contact.id).where(Contact.reference == reference, Contact.erased_at.is_(None)))


async def administrator(session: AsyncSession, login: str) -> Agent | None:
    """The administrator of this name, who can sign in."""
    return await session.scalar(
        select(Agent).where(Agent.login == login, Agent.role == "administrator", Agent.active.is_(True))
    )


async def person(
    session: AsyncSession, *, contact_id: UUID | None = None, talk_id: UUID | None = None, lock: bool = True
) -> Person:
    """All that is one person's beginning at a contact or a conversation; what was erased before is left out."""
    contact_ids = {contact_id} if contact_id else set()
    talk_ids = {talk_id} if talk_id else set()
    while len(contact_ids) <= MOST_OF_ONE:
        rows = (
            await session.execute(
                select(Contact.id, Contact.conversation_id)
                .where(
                    or_(
                        Contact.id.in_(contact_ids),
                        Contact.conversation_id.in_(talk_ids),
                        Contact.merged_into.in_(contact_ids),
                    ),
                    Contact.erased_at.is_(None),
                )
                .limit(MOST_OF_ONE + 1)
            )
        ).tuples()
        found = list(rows)
        more = {one for one, _ in found}, talk_ids | {talk for _, talk in found if talk}
        if more == (contact_ids, talk_ids):
            break
        contact_ids, talk_ids = more
    talks = select(Conversation).where(Conversation.id.in_(talk_ids), Conversation.erased_at.is_(None))
    contacts = select(Contact).where(Contact.id.in_(contact_ids))
    if lock:
        talks, contacts = talks.with_for_update(), contacts.with_for_update()
    fresh = {"populate_existing": True}
    theirs = await session.scalars(talks.order_by(Conversation.id).execution_options(**fresh))
    asked = await session.scalars(contacts.order_by(Contact.id).execution_options(**fresh))
    return Person(tuple(asked), tuple(theirs))


async def same_address(session: AsyncSession, whose: Person, most: int) -> Sequence[str]:
    """References of other contacts that give one of the same addresses or numbers, however they were typed: perhaps the
    same person's, perhaps not.
    """
    addresses = {telling.same(one.reply_to) for one in whose.contacts if one.reply_to}
    same = telling.same_in(Contact.reply_to.expression)
    rows = await session.scalars(
        select(Contact.reference)
        .where(same.in_(addresses), Contact.id.not_in(whose.contact_ids))
        .order_by(Contact.arrived_at.desc())
        .limit(most)
    )
    return rows.all()


async def being_sent(session: AsyncSession, ids: Sequence[UUID], now: datetime) -> bool:
    """Whether something of these contacts is on its way to a supplier at this moment."""
    found = select(Delivery.id).where(Delivery.contact_id.in_(ids), Delivery.lease_until > now, _SENDING).limit(1)
    return await session.scalar(found) is not None


_SENDING: ColumnElement[bool] = Delivery.state == "sending"


@dataclass(frozen=True)
class Elsewhere:
    """What lies at somebody else's: who has it, and what they know it by."""

    where: str
    known_by: str
    handle: str | None = None
    """What its connector is asked for the case by."""


async def elsewhere(session: AsyncSession, ids: Sequence[UUID]) -> list[Elsewhere]:
    """What suppliers were given of these contacts: each case, and each message that was sent."""
    cases = await session.execute(
        select(Delivery.connector, func.coalesce(Delivery.reference, Delivery.handle), Delivery.handle)
        .where(Delivery.contact_id.in_(ids), Delivery.handle.is_not(None))
        .distinct()
        .limit(MOST_OF_ONE)
    )
    sent = await session.scalars(
        select(Notice.receipt).where(Notice.contact_id.in_(ids), Notice.receipt.is_not(None)).limit(MOST_OF_ONE)
    )
    letters = await session.scalars(
        text(
            "select receipt from survey_letter letter left join survey_case on survey_case.id = letter.case_id "
            "left join outcome_check on outcome_check.id = letter.check_id where receipt is not null "
            "and (survey_case.contact_id = any(:ids) or outcome_check.contact_id = any(:ids))"
        ),
        {"ids": list(ids)},
    )
    return [
        *(Elsewhere(*case) for case in cases.tuples()),
        *(Elsewhere("messages", receipt) for receipt in (*sent, *letters)),
    ]


# In this order: lines of other contacts are found by those of these. Each runs again to the same.
_ERASE = {
    # What was copied to the contact that one of these was made part of stands under its reference.
    "copied": """
        with recursive whole(part, id) as (
            select part.reference, cast(line.detail ->> 'contact' as uuid)
            from contact part join contact_history line on line.contact_id = part.id and line.what = 'merged'
            where part.id = any(:ids)
            union
            select whole.part, cast(line.detail ->> 'contact' as uuid)
            from whole join contact_history line on line.contact_id = whole.id and line.what = 'merged'
        )
        update contact_history line
        set detail = jsonb_build_object('said', cast(:gone as text), 'key', '', cast(:from_part as text), 'erased')
        from whole where line.contact_id = whole.id and line.detail ->> :from_part = whole.part
    """,
    "named": """
        update contact_history line set detail = line.detail || '{"reference": "erased"}'
        from contact_history mine
        where mine.contact_id = any(:ids) and jsonb_exists(mine.detail, 'contact') and line.contact_id <> all(:ids)
            and line.contact_id = cast(mine.detail ->> 'contact' as uuid)
            and line.detail ->> 'contact' = mine.contact_id::text
    """,
    "files": "delete from attachment where contact_id = any(:ids)",
    # These hold neither words nor addresses, and stay, so that no sweeper finds a change of which nobody was told.
    "updates": "delete from case_update where delivery_id in (select id from delivery where contact_id = any(:ids))",
    "deliveries": """
        update delivery set state = 'dropped', handle = null, reference = null, detail = null, why = null,
            lease_until = null, done_at = coalesce(done_at, :now)
        where contact_id = any(:ids)
    """,
    "notices": """
        update notice set receipt = null, state = case state when 'due' then 'not_sent' else state end,
            done_at = coalesce(done_at, :now), seen_at = coalesce(seen_at, :now)
        where contact_id = any(:ids)
    """,
    "examples": "delete from learned_example where contact_id = any(:ids)",
    "links": "delete from contact_link where one_id = any(:ids) or other_id = any(:ids)",
    "history": """
        update contact_history set detail = coalesce(
            (select jsonb_object_agg(key, value) from jsonb_each(detail) where key = any(:stays)), '{}'
        ) where contact_id = any(:ids)
    """,
    "decisions": "update sorting_decision set reasons = '[]', repeat_of = null where contact_id = any(:ids)",
    # A chat is counted by whether its resident and an agent said anything: the first of each stays, without words.
    "messages": """
        delete from message where conversation_id = any(:talks) and (conversation_id, seq) not in (
            select conversation_id, min(seq) from message
            where conversation_id = any(:talks) and author in ('resident', 'agent') group by conversation_id, author
        )
    """,
    "said": """
        update message set text = '', by = null, extras = '{}', understood = null, idempotency_key = null,
            answers_id = null, answered_at = coalesce(answered_at, :now)
        where conversation_id = any(:talks)
    """,
    "comments": """
        update answer set comment = null, source_hash = null from invite
        where invite.id = answer.invite_id
            and (invite.contact_id = any(:ids) or invite.conversation_id = any(:talks))
    """,
    "comment readings": """
        update comment_reading set text = '' from answer join invite on invite.id = answer.invite_id
        where answer.id = comment_reading.answer_id
            and (invite.contact_id = any(:ids) or invite.conversation_id = any(:talks))
    """,
    "invites": """
        update invite set token_hash = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
            expires_at = least(expires_at, :now)
        where contact_id = any(:ids) or conversation_id = any(:talks)
    """,
    "letters": """
        update survey_letter set receipt = null, state = case state when 'due' then 'not_sent' else state end,
            done_at = coalesce(done_at, :now)
        where case_id in (
            select id from survey_case where contact_id = any(:ids) or conversation_id = any(:talks)
        ) or check_id in (select id from outcome_check where contact_id = any(:ids))
    """,
    "cases": """
        update survey_case set address_hash = null, reasons = '[]'
        where contact_id = any(:ids) or conversation_id = any(:talks)
    """,
    "referrals": "update referral set follow_up_on = null, reminded_at = null where contact_id = any(:ids)",
    "clocks": """
        update contact_clock set ended_at = :now
        where contact_id = any(:ids) and met_at is null and breached_at is null and ended_at is null
    """,
    # Nobody opens it again: not with its reference, not with its code, which is made of its id.
    "contacts": """
        update contact set reference = 'erased-' || gen_random_uuid(), text = '', name = null, reply_to = null,
            place = null, secret_hash = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
            details = coalesce(
                (select jsonb_object_agg(key, value) from jsonb_each(details) where key = any(:area)), '{}'
            ),
            safe_to_contact = null, outcome = null, tags = '[]', skill = null, live = false, messages_ok = false,
            -- The same email, still in the mailbox, is not filed as a new contact.
            idempotency_key = case when idempotency_key like 'email:%' then idempotency_key end,
            follow_up_on = null, paused_until = null, paused_at = null, pause_reason = null, lease_until = null,
            assigned_at = null, state = 'closed', closed_at = coalesce(closed_at, :now),
            close_reason = coalesce(close_reason, 'not_done'), version = version + 1, erased_at = :now
        where id = any(:ids)
    """,
    "conversations": """
        update conversation set mode = 'ended', ended_at = coalesce(ended_at, :now), contact_id = null,
            dialogue = '[]', secret_hash = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
            context = coalesce(
                (select jsonb_object_agg(key, value) from jsonb_each(context) where key = 'service'), '{}'
            ),
            turn_until = null, here_until = null, erased_at = :now
        where id = any(:talks)
    """,
}


async def erase(session: AsyncSession, whose: Person, now: datetime) -> dict[str, int]:
    """Take a person out of everything that is theirs; how many rows of each kind were taken out or emptied."""
    given: dict[str, Any] = {
        "ids": whose.contact_ids,
        "talks": whose.talk_ids,
        "now": now,
        "stays": list(_STAYS),
        "area": list(_AREA),
        "gone": GONE,
        "from_part": FROM,
    }
    for contact in whose.contacts:
        if contact.safe_to_contact is False and not await reaching.holds_for_itself_alone(session, contact):
            await reaching.keep_unsafe(session, contact.reply_to)
    touched: dict[str, int] = {}
    for kind, statement in _ERASE.items():
        made = text(statement)
        done = await session.execute(made, {name: given[name] for name in made._bindparams})
        touched[kind] = done.rowcount  # type: ignore[attr-defined]
    for row in (*whose.contacts, *whose.talks):
        # As they were read they are no more.
        session.expunge(row)
    return {kind: rows for kind, rows in touched.items() if rows > 0}
