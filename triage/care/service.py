"""Telling a resident of one change: decided and written down first, sent with no session open, then noted."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.errors import ConnectorError, MessageRefused, SupplierUnavailable
from connectors.kinds import Messages
from connectors.shapes import Receipt
from triage import clock, codes, contacts, limits, pages, reaching, record, ringing, taking, telling
from triage.care import repository, rules
from triage.care.wording import put_together, words
from triage.catalogue import catalogue
from triage.database import transaction
from triage.errors import NotFound, TooMany
from triage.following_up import REOPENED
from triage.sending.rules import at_least
from triage.sending.sender import left_alone_until, messenger, send
from triage.settings import get_settings
from triage.tables import Agent, Contact, ContactHistory, Conversation, Notice

# One round of sending; the next is five seconds later.
MOST_AT_ONCE = 100
SIDE_BY_SIDE = 4
# The longest wait for a supplier's answer, and when a try whose process died is made again.
SUPPLIER_S = 10.0
CLAIM = timedelta(seconds=40)
# "We have it" waits this long for its queue, so that it can say by when.
FOR_SORTING = timedelta(seconds=30)
NOTED = (
    "We could not send the resident a message about this ({kind}): {why} Tell them another way, if it is safe to, "
    "such as by phone."
)


@dataclass(frozen=True)
class Letter:
    """A message that is ready to go."""

    notice_id: UUID
    to: str
    template: str
    fields: dict[str, str]


async def deliver(messages: Messages) -> int:
    """Tell everybody who is to be told by now; how many were told. Safe to run twice at once."""
    async with transaction() as session:
        due = await repository.due(session, clock.now(), MOST_AT_ONCE)
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def of_a_contact(notices: list[UUID]) -> int:
        async with room:
            return sum([await tell(notice_id, messages) for notice_id in notices])

    return sum(await asyncio.gather(*(of_a_contact(notices) for notices in due)))


async def tell(notice_id: UUID, messages: Messages) -> bool:
    """See to one notice; whether somebody was told."""
    async with transaction() as session:
        prepared = await prepare(session, notice_id)
    if not isinstance(prepared, Letter):
        return prepared
    to, template, fields = prepared.to, prepared.template, prepared.fields

    async def noted(session: AsyncSession, sent: Receipt | ConnectorError) -> None:
        await note_sent(session, notice_id, sent)

    return await send(messenger(), SUPPLIER_S, lambda: messages.send(to, template, fields, str(notice_id)), noted)


async def prepare(session: AsyncSession, notice_id: UUID) -> Letter | bool:
    """Decide how one notice is told. In the chat it is said here and now (True); by message it comes back, claimed."""
    now = clock.now()
    notice = await repository.to_send(session, notice_id, now)
    if notice is None:
        return False
    contact = await session.get_one(Contact, notice.contact_id)
    unqueued = notice.kind == "received" and contact.state == "sorted" and now < notice.made_at + FOR_SORTING
    if contact.state == "arrived" or unqueued:
        # Until it is sorted nobody has looked whether it tells of a danger.
        notice.next_at = now + timedelta(seconds=5)
        return False
    if notice.kind == "taken" and contact.assigned_at is not None:
        # It was given to somebody who has not opened it: nobody works on it yet.
        notice.next_at = now + timedelta(seconds=5)
        return False
    way = await _way(session, notice, contact, now)
    if way.channel == "message" and await _too_many(session, notice, contact):
        way = rules.Way(None, reaching.TOO_MANY)
    notice.channel, notice.why = way.channel, way.why
    if way.channel == "message":
        notice.attempts += 1
        if later := await left_alone_until(session, messenger(), now):
            # As if it had been tried, so that a person is told after a day all the same.
            await note_sent(session, notice_id, SupplierUnavailable(wait_s=(later - now).total_seconds()))
            return False
        notice.next_at = now + CLAIM
        # The rules have found an address, or the way would be another.
        return await _letter(session, notice, contact, telling.address(contact.reply_to) or "")
    if way.channel == "chat" and not way.says_itself:
        await _say(session, notice, contact, notice.kind)
    elif way.channel == "chat" and notice.kind == telling.PASSED_ON:
        await _say_new_day(session, notice, contact)
    notice.state, notice.done_at = "sent" if way.channel else "not_sent", now
    return way.channel is not None


async def _way(session: AsyncSession, notice: Notice, contact: Contact, now: datetime) -> rules.Way:
    taken, line = notice.kind == "taken", await repository.line(session, notice)
    if notice.kind == telling.NEW_DAY and not _is_news(line, contact):
        return rules.Way(None, "told_already")
    if taken and contact.state == "queued" and "assigned" in line.detail:
        return rules.Way(None, "not_begun")
    told_already = taken and await repository.told_since(session, notice, contact.queued_at)
    unsafe = await reaching.unsafe_address(session, contact.reply_to)
    talk = await talk_of(session, contact, now)
    if talk is not None and line.what == telling.AGREED:
        # They have just asked for messages: this one says that they come, and has the reference, wherever they are.
        talk = replace(talk, there=False)
    by_phone = line.what == REOPENED and ringing.by_phone(line.detail)
    return rules.way_to_tell(contact, notice.kind, talk, unsafe, told_already, by_phone)


def _is_news(line: ContactHistory, contact: Contact) -> bool:
    """Whether a new day is still another than the one before: it may have changed back since."""
    return line.what == telling.LONGER or bool(telling.new_days(line.detail.get(telling.DAYS), contact))


async def _too_many(session: AsyncSession, notice: Notice, contact: Contact) -> bool:
    """Whether the address was named by more new contacts in a day than one person has. Each contact counts once."""
    if await reaching.one_of_too_many(session, contact.id):
        return True
    if await repository.written_to(session, notice):
        return False
    to = telling.same(telling.address(contact.reply_to) or "")
    try:
        await limits.count(session, "written to", to, rules.MOST_NEW, rules.NEW_WITHIN)
    except TooMany:
        return True
    return False


async def talk_of(session: AsyncSession, contact: Contact, now: datetime) -> rules.Talk | None:
    """The conversation that a contact came from, as the rules look at it."""
    if contact.conversation_id is None:
        return None
    conversation = await repository.conversation(session, contact.conversation_id)
    if conversation is None:
        return None
    last = await repository.wrote_last(session, conversation.id)
    return rules.Talk(
        ended=conversation.mode == "ended",
        about_this=conversation.contact_id == contact.id,
        there=rules.is_there(last, conversation.here_until, now),
        unsafe=conversation.context.get("safe") is False,
    )


async def _values(session: AsyncSession, notice: Notice, contact: Contact) -> dict[str, str | None]:
    line = await repository.line(session, notice)
    due = contact.first_due_at if notice.kind == "received" else contact.settle_due_at
    if line.detail.get("due"):
        due = datetime.fromisoformat(line.detail["due"])
    queue = catalogue().queues.get(contact.queue or "")
    new = telling.new_days(line.detail.get(telling.DAYS), contact)
    must = line.detail.get(telling.LAST)
    # Who came by a page or a chat has read the code there. Who wrote an email has it only from here, and whoever reads
    # this mailbox has read the email as well.
    code = codes.code_for(contact.id) if notice.kind == "received" and contact.channel == "email" else None
    return {
        "council": str(catalogue().council["name"]),
        "reference": contact.reference,
        "link": f"{get_settings().address}/contacts/{contact.reference}",
        "code": code,
        "due": pages.plain_date(due) if due else None,
        "answer_by": pages.plain_date(contact.first_due_at) if "answer" in new and contact.first_due_at else None,
        "settle_by": pages.plain_date(contact.settle_due_at) if "settle" in new and contact.settle_due_at else None,
        "must_by": pages.plain_date(must) if must else None,
        # Why a contact was moved is the desk's own; only this reason was written to be read.
        "reason": line.detail.get("reason") if line.what == telling.LONGER else None,
        "outcome": contact.outcome,
        "team": queue.name if queue else None,
    }


async def _letter(session: AsyncSession, notice: Notice, contact: Contact, to: str) -> Letter:
    values, wording = await _values(session, notice, contact), words()[notice.kind]
    fields = {
        "reference": contact.reference,
        "link": str(values["link"]),
        "subject": put_together((wording.subject,), values, ""),
        "text": put_together(wording.say, values, " "),
    }
    return Letter(notice.id, to, notice.kind, fields)


async def _say_new_day(session: AsyncSession, notice: Notice, contact: Contact) -> None:
    """The chat says by itself that somebody else has it, and does not know that the day is another one."""
    if _is_news(await repository.line(session, notice), contact):
        await _say(session, notice, contact, telling.NEW_DAY)


async def _say(session: AsyncSession, notice: Notice, contact: Contact, kind: str) -> None:
    assert contact.conversation_id is not None
    conversation = await repository.conversation(session, contact.conversation_id, lock=True)
    assert conversation is not None
    text = put_together(words()[kind].chat, await _values(session, notice, contact), "\n\n")
    if kind == "closed":
        conversation.context = {**conversation.context, record.SHOWN: str(contact.id)}
        await session.flush()
    await record.append_message(session, conversation.id, "system", text, extras=_offered(kind, conversation))


def _offered(kind: str, conversation: Conversation) -> dict[str, Any]:
    """What can be pressed under it. Nobody who fills in a form is led away from it."""
    if kind != "closed" or conversation.mode != "assistant":
        return {}
    return {"choices": [{"id": "c1", "label": "This is not settled", "send": {"do": "start_not_settled"}}]}


async def note_sent(session: AsyncSession, notice_id: UUID, sent: Receipt | ConnectorError) -> None:
    """Write down what came of a try: sent, to be tried again, or failed and a person told."""
    notice = await repository.notice(session, notice_id)
    if notice is None or notice.state != "due":
        return
    now = clock.now()
    if isinstance(sent, Receipt):
        notice.state, notice.done_at, notice.receipt = "sent", now, sent.id
        return
    if not isinstance(sent, MessageRefused) and notice.attempts < rules.MOST_TRIES:
        notice.next_at = now + at_least(rules.wait_after(notice.attempts), sent.wait_s)
        return
    why = "refused" if isinstance(sent, MessageRefused) else "unsure" if sent.maybe_done else "gave_up"
    await _give_up(session, notice, why)


async def note_failed(session: AsyncSession, notice_id: UUID, for_good: bool) -> None:
    """Whoever carries our messages says that one did not arrive: it is sent again, or a person is told. Once."""
    notice = await repository.notice(session, notice_id)
    # It may be said before that it was taken is on record.
    if notice is None or notice.state not in ("due", "sent") or notice.channel != "message":
        return
    now = clock.now()
    if not for_good and now - notice.made_at < rules.NEWS:
        notice.state, notice.done_at, notice.next_at = "due", None, now + rules.AGAIN_AFTER
        return
    contact = await session.get_one(Contact, notice.contact_id, with_for_update=True, populate_existing=True)
    # Whoever looks after it sees today that its resident does not know.
    contact.follow_up_on = None
    await _give_up(session, notice, "not_delivered")


async def _give_up(session: AsyncSession, notice: Notice, why: str) -> None:
    """It is on the contact's history, and on the page of messages that somebody must see to."""
    notice.state, notice.done_at, notice.why = "failed", clock.now(), why
    text = NOTED.format(kind=KIND_NAMES[notice.kind].lower(), why=rules.WHY[why])
    await contacts.note_history(session, notice.contact_id, "noted", detail={"text": text})
    await taking.announce_change(session, notice.contact_id)


# What each kind tells of, as the desk reads it.
KIND_NAMES = {
    "received": "We have it",
    "taken": "Somebody is working on it",
    "passed_on": "Passed to another team",
    "asked": "A question for them",
    "answered": "An answer",
    "late": "We are late",
    "closed": "Closed",
    "reopened": "Opened again",
    "new_day": "A new date",
}


async def _failed(session: AsyncSession, notice_id: UUID, agent: Agent) -> Notice:
    """A notice that failed, of a queue that `agent` looks after, locked. Raises NotFound for any other."""
    notice = await repository.notice(session, notice_id)
    if notice is None or notice.state != "failed":
        raise NotFound
    contact = await session.get_one(Contact, notice.contact_id)
    if not taking.may_work(agent, contact.queue):
        raise NotFound
    return notice


async def try_again(session: AsyncSession, notice_id: UUID, agent: Agent) -> None:
    """Send one that failed after all, for another day of tries; that they did is on record. Raises NotFound."""
    notice = await _failed(session, notice_id, agent)
    detail = {"kind": notice.kind}
    await contacts.note_history(session, notice.contact_id, "sent again", agent_id=agent.id, detail=detail)
    notice.state, notice.why, notice.attempts = "due", None, 0
    notice.next_at, notice.done_at = clock.now(), None


async def see_to(session: AsyncSession, notice_id: UUID, agent: Agent) -> None:
    """Somebody has dealt with one that failed; that they did is on the contact's record. Raises NotFound."""
    notice = await _failed(session, notice_id, agent)
    if notice.seen_at is None:
        notice.seen_at, notice.seen_by = clock.now(), agent.id
        detail = {"text": "The message that could not be sent has been dealt with."}
        await contacts.note_history(session, notice.contact_id, "noted", agent_id=agent.id, detail=detail)
