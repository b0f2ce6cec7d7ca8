"""A resident in the chat and an agent at the desk do something about one contact at the same moment.

The chat holds its conversation first; so does whoever else will write in it. In any other order PostgreSQL ends one of
the two, and somebody reads "something went wrong".
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import clock, following_up, reading
from triage.care import steps as care
from triage.catalogue import catalogue
from triage.chat import handover, passing_on
from triage.chat.answering import Room
from triage.database import transaction
from triage.desk import linking, promising, service
from triage.errors import Conflict
from triage.people import repository as people_repository
from triage.people import service as people
from triage.surveys import steps as surveys
from triage.sweeping import find_untold
from triage.tables import Agent, Contact, ContactHistory, Conversation

# How long each side works between its two locks: long enough for the other to have its first.
PAUSE_S = 0.15

Chats = Callable[[AsyncSession, Conversation, Room], Awaitable[Any]]
Works = Callable[[AsyncSession, Agent, UUID, int], Awaitable[Any]]


def _room() -> Room:
    return Room(catalogue(), reading.dangers())


async def _says_more(session: AsyncSession, conversation: Conversation, room: Room) -> None:
    assert conversation.contact_id is not None
    await following_up.say_more(session, conversation.contact_id, "It is still there.")


async def _gives_an_address(session: AsyncSession, conversation: Conversation, room: Room) -> None:
    passing_on.wait_for(conversation, passing_on.REPLY_TO, contact=str(conversation.contact_id))
    await passing_on.reply_to(session, conversation, room, "them@example.org")
    await session.flush()


async def _is_in_danger(session: AsyncSession, conversation: Conversation, room: Room) -> None:
    sighting = room.dangers.look("I want to kill myself")
    assert sighting is not None
    await handover.note_danger(session, conversation, sighting)


CHATS: dict[str, Chats] = {
    "says more": _says_more,
    "gives an address": _gives_an_address,
    "tells of a danger": _is_in_danger,
    "may be written to": lambda session, talk, room: handover.safe_to_contact(session, talk, room, True),
    "is in no danger": handover.nobody_in_danger,
    "leaves the line": handover.leave_queue,
    "ends it": handover.end,
}


async def _gets_back(session: AsyncSession, agent: Agent, contact_id: UUID, version: int) -> None:
    day = (clock.today() + timedelta(days=2)).isoformat()
    await promising.get_back(session, agent, contact_id, version, day, False, "")


WORKS: dict[str, Works] = {
    "answers": lambda session, agent, contact_id, version: service.reply(session, agent, contact_id, version, "Done."),
    "gets back": _gets_back,
    "asks how it went": lambda session, agent, contact_id, version: surveys.invite_after_contact(session, contact_id),
}


@pytest.mark.parametrize("works", WORKS.values(), ids=list(WORKS))
@pytest.mark.parametrize("chats", CHATS.values(), ids=list(CHATS))
async def test_a_resident_and_an_agent_at_one_moment_both_have_an_answer(
    database: str, chats: Chats, works: Works
) -> None:
    agent = await make_agent()
    talk = await make_conversation(("resident", "My bin"), mode="person", survey_sampled=True)
    state = {"state": "taken", "agent_id": agent.id, "lease_until": clock.now() + timedelta(minutes=2)}
    if works is WORKS["asks how it went"]:
        state = {"state": "closed", "closed_at": clock.now(), "close_reason": "done", "outcome": "Done."}
    contact_id = await make_contact(channel="chat", conversation_id=talk, live=True, **state)
    async with transaction() as session:
        (await session.get_one(Conversation, talk)).contact_id = contact_id
    room = _room()
    seen = (await contact_now(contact_id)).version
    holds = asyncio.Event()

    async def resident() -> None:
        async with transaction() as session:
            conversation = await session.get_one(Conversation, talk, with_for_update=True)
            holds.set()
            await asyncio.sleep(PAUSE_S)
            await chats(session, conversation, room)

    async def desk() -> None:
        await holds.wait()
        # A page that the resident's words have overtaken is told so: that is an answer too.
        with suppress(Conflict):
            async with transaction() as session:
                await works(session, agent, contact_id, seen)

    await asyncio.wait_for(asyncio.gather(resident(), desk()), 20)


async def _merged(agent: Agent) -> tuple[UUID, UUID]:
    """The id of a contact that `agent` has, and, after it in the order of ids, of one that was made part of it."""
    whole, part = sorted(uuid4() for _ in range(2))
    await make_contact(id=whole, state="taken", agent_id=agent.id, reply_to="them@example.org")
    gone = {"state": "closed", "closed_at": clock.now(), "close_reason": "duplicate"}
    await make_contact(id=part, reference="BN-3333-3333", merged_into=whole, **gone)
    return whole, part


async def _with_words() -> set[UUID]:
    async with transaction() as session:
        return set(await session.scalars(select(ContactHistory.contact_id).where(ContactHistory.what == "added")))


async def test_what_is_said_to_a_part_waits_for_no_agent_who_waits_for_it(database: str) -> None:
    agent = await make_agent()
    whole, part = await _merged(agent)
    version = (await contact_now(whole)).version
    holds = asyncio.Event()

    async def links() -> None:
        async with transaction() as session:
            await session.get_one(Contact, whole, with_for_update=True)
            holds.set()
            await asyncio.sleep(PAUSE_S)
            await linking.link(session, agent, whole, version, "BN-3333-3333")

    async def says() -> None:
        await holds.wait()
        async with transaction() as session:
            await following_up.say_more(session, part, "It is still there.")

    await asyncio.wait_for(asyncio.gather(links(), says()), 20)
    assert await _with_words() == {whole, part}


async def test_words_find_the_contact_that_the_whole_became_part_of_meanwhile(database: str) -> None:
    agent = await make_agent()
    whole, part = await _merged(agent)
    last = await make_contact(reference="BN-2222-2222", state="taken", agent_id=agent.id, reply_to="them@example.org")
    version = (await contact_now(whole)).version
    merged = asyncio.Event()

    async def merges() -> None:
        async with transaction() as session:
            await linking.merge(session, agent, whole, version, "BN-2222-2222", made_sure=True)
            merged.set()
            await asyncio.sleep(PAUSE_S)

    async def says() -> None:
        await merged.wait()
        async with transaction() as session:
            await following_up.say_more(session, part, "It is still there.")

    await asyncio.wait_for(asyncio.gather(merges(), says()), 20)
    assert await _with_words() == {part, last}


async def test_telling_of_many_that_are_late_holds_one_at_a_time(database: str) -> None:
    past = clock.now() - timedelta(hours=2)
    # Due in the opposite order of their ids.
    first, second = sorted(uuid4() for _ in range(2))
    await make_contact(id=first, first_due_at=past, settle_due_at=past + timedelta(minutes=9))
    await make_contact(id=second, first_due_at=past, settle_due_at=past)
    both = asyncio.Event()

    async def links() -> None:
        async with transaction() as session:
            await session.get_one(Contact, first, with_for_update=True)
            both.set()
            await asyncio.sleep(PAUSE_S)
            await session.get_one(Contact, second, with_for_update=True)

    async def tells() -> None:
        await both.wait()
        assert await care.tell_all_late() == 2

    await asyncio.wait_for(asyncio.gather(links(), tells()), 20)


async def test_finding_what_was_not_told_waits_for_nobody(database: str) -> None:
    contact_id = await make_contact()
    async with transaction() as session:
        session.add(
            ContactHistory(
                id=uuid4(), contact_id=contact_id, what="taken", detail={}, at=clock.now() - timedelta(minutes=5)
            )
        )
    async with transaction() as holder:
        await holder.get_one(Contact, contact_id, with_for_update=True)
        async with asyncio.timeout(5), transaction() as session:
            assert await find_untold(session, clock.now()) == 0
    async with transaction() as session:
        assert await find_untold(session, clock.now()) == 1


async def test_an_administrator_changes_whoever_is_answering_at_that_moment(database: str) -> None:
    agent = await make_agent("Q-WASTE")
    contact_id = await make_contact(state="taken", agent_id=agent.id)
    holds = asyncio.Event()

    async def answers() -> None:
        async with transaction() as session:
            await session.get_one(Contact, contact_id, with_for_update=True)
            holds.set()
            await asyncio.sleep(PAUSE_S)
            await service.reply(session, agent, contact_id, 1, "Done.")

    async def changes() -> None:
        await holds.wait()
        async with transaction() as session:
            held = await people_repository.person(session, agent.id, lock=True)
            assert held is not None
            await people.give_back(session, None, held, people.CHANGED)

    await asyncio.wait_for(asyncio.gather(answers(), changes()), 20)
    contact = await contact_now(contact_id)
    assert contact.state == "queued" and contact.first_answer_at is not None
