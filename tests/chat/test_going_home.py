"""The desk goes home while somebody waits in the chat."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.makers import contact_now, make_agent, make_contact, make_conversation, session_of
from triage import clock, presence, taking
from triage.chat import passing_on, repository, steps
from triage.database import transaction
from triage.settings import get_settings
from triage.tables import ContactHistory, Conversation, Message

pytestmark = pytest.mark.usefixtures("database", "trained")

# A Wednesday: the general queue shuts at a quarter past five.
OPEN, SHUT = "2026-11-25T17:10", "2026-11-25T17:20"


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", moment)
    get_settings.cache_clear()
    clock._shift.cache_clear()


async def waits(**fields: Any) -> tuple[UUID, UUID]:
    talk = await make_conversation(("resident", "Hello?"), mode="waiting")
    contact_id = await make_contact(
        **{"conversation_id": talk, "live": True, "channel": "chat", "queue": "Q-GENERAL"} | fields
    )
    async with transaction() as session:
        (await session.get_one(Conversation, talk)).contact_id = contact_id
    return talk, contact_id


async def goes_home() -> int:
    async with transaction() as session:
        return await steps.tell_desk_closed(session)


async def said(talk: UUID) -> list[Message]:
    async with transaction() as session:
        return (await repository.messages_after(session, talk))[1:]


async def test_whoever_still_waits_is_told_and_what_they_wrote_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, OPEN)
    talk, contact_id = await waits()
    assert await goes_home() == 0, "the desk is open, and somebody may come back to it"
    at(monkeypatch, SHUT)
    assert await goes_home() == 1
    told, where = await said(talk)
    contact = await contact_now(contact_id)
    assert "We open again: tomorrow at 9am." in told.text and contact.reference in told.text
    assert told.extras["reference"] == {"reference": contact.reference, "contact_id": str(contact_id)}
    assert "Where can we answer you?" in where.text
    assert (contact.state, contact.live) == ("queued", False)
    async with transaction() as session:
        conversation = await session.get_one(Conversation, talk)
        lines = (await session.scalars(select(ContactHistory.what))).all()
    assert (conversation.mode, conversation.contact_id) == ("assistant", None)
    assert passing_on.waiting_for(conversation)["contact"] == str(contact_id) and "desk closed" in lines
    assert await goes_home() == 0


async def test_whoever_stays_late_keeps_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, SHUT)
    await session_of(await make_agent("Q-GENERAL"))
    talk, contact_id = await waits()
    assert await goes_home() == 0 and (await contact_now(contact_id)).live and await said(talk) == []


async def test_where_somebody_may_be_watched_no_reference_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, SHUT)
    talk, contact_id = await waits(danger="domestic_abuse", priority="P1")
    assert await goes_home() == 1
    (told,) = await said(talk)
    assert (await contact_now(contact_id)).reference not in told.text and "code" not in told.text
    assert "reference" not in told.extras and "999" in told.text


async def test_who_is_taken_at_that_moment_is_with_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, SHUT)
    talk, contact_id = await waits()
    agent = await make_agent("Q-GENERAL")
    async with transaction() as takes:
        await taking.take(takes, agent.id, contact_id)
        assert await goes_home() == 0, "it waits for nobody either"
    assert await goes_home() == 0
    assert await said(talk) == [] and (await contact_now(contact_id)).live


async def nobody_there() -> int:
    async with transaction() as session:
        return await steps.tell_nobody_there(session)


async def test_whoever_waits_when_the_last_agent_has_left_is_told_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, OPEN)
    agent = await make_agent("Q-GENERAL")
    await session_of(agent)
    talk, contact_id = await waits()
    assert await nobody_there() == 0
    async with transaction() as session:
        await presence.set_away(session, agent.id, True)
    assert [await nobody_there(), await nobody_there()] == [1, 0]
    (told,) = await said(talk)
    assert "Nobody from this team is at their desk" in told.text and "999" in told.text
    assert [one["send"] for one in told.extras["choices"]] == [{"do": "leave_queue"}]
    contact = await contact_now(contact_id)
    assert contact.live and contact.state == "queued", "somebody may come back to it"


async def test_whoever_tells_of_a_danger_at_night_is_promised_nobody_who_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The safeguarding queues are open day and night, whoever is at the desk."""
    at(monkeypatch, "2026-11-25T03:00")
    talk, contact_id = await waits(danger="suicide", priority="P0", queue="Q-SAFE-A")
    for _ in range(2):
        async with transaction() as session:
            await steps.tell_waiting(session, contact_id)
    (told,) = await said(talk)
    assert "Nobody from this team is at their desk" in told.text and "You are next" not in told.text
    assert await nobody_there() == 0, "they know it"
    # Somebody is there: a place in line is a promise again.
    await session_of(await make_agent("Q-SAFE-A"))
    talk, contact_id = await waits(danger="suicide", priority="P0", queue="Q-SAFE-A")
    async with transaction() as session:
        await steps.tell_waiting(session, contact_id)
    assert "in line" in (await said(talk))[0].text
