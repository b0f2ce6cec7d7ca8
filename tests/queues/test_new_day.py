"""A resident is told where the day by which they have an answer becomes another one, and of nothing that is no news.

Monday 23 November 2026, 10:00. Within one partner: business rates answers a day later than council tax, and libraries
in the same time as street cleaning.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from connectors.console import ConsoleMessages
from tests.care.conftest import AGREED, changed, round_of
from tests.makers import contact_now, make_agent, make_conversation
from tests.queues.walls import Wall, arrive, do, taken
from triage import clock, taking
from triage.database import transaction
from triage.desk import service, waiting
from triage.desk.supervision import moving, steps
from triage.intake import showing
from triage.sweeping import find_untold
from triage.tables import Agent, Contact, Conversation, Message, Notice

WHY = "Their lodger says it is a shop."
WEDNESDAY, THURSDAY = "Wednesday 25 November 2026", "Thursday 26 November 2026"


async def told(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        rows = select(Notice.kind).where(Notice.contact_id == contact_id, Notice.kind != "taken")
        return list(await session.scalars(rows.order_by(Notice.made_at)))


async def sent(contact_id: UUID) -> list[str]:
    """The messages about this contact, but for that somebody took it on; sent now if they are due."""
    messages, reference = ConsoleMessages(), (await contact_now(contact_id)).reference
    await round_of(messages)
    return [
        one.fields["text"] for one in messages.outbox if reference in one.fields["text"] and one.template != "taken"
    ]


async def said(conversation_id: UUID) -> list[str]:
    await round_of(ConsoleMessages())
    async with transaction() as session:
        rows = select(Message.text).where(Message.conversation_id == conversation_id, Message.author == "system")
        return list(await session.scalars(rows.order_by(Message.seq)))


async def begin(to: str, *ids: UUID) -> tuple[UUID, Agent]:
    supervisor = await make_agent(role="supervisor")
    async with transaction() as session:
        move = await moving.begin(session, supervisor, to, WHY, ids)
    async with transaction() as session:
        await moving.batch(session, move.id)
    return move.id, supervisor


async def undo(move_id: UUID, supervisor: Agent) -> None:
    async with transaction() as session:
        await moving.undo(session, supervisor, move_id)
    async with transaction() as session:
        await moving.back(session, move_id)


async def stand(wall: Wall, *moves: UUID) -> None:
    """The minutes in which they can be taken back are over; each step runs twice, as it may."""
    wall.now += timedelta(minutes=16)
    for move_id in (*moves, *moves):
        async with transaction() as session:
            await steps.stand(session, move_id)


async def test_passed_on_within_one_partner_the_new_day_is_told_and_not_why(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX", **AGREED)
    agent = await taken(contact_id)
    await do(service.transfer, agent, contact_id, "Q-NNDR", WHY)
    assert await told(contact_id) == ["new_day"]
    (text,) = await sent(contact_id)
    assert f"We now aim to answer you by {THURSDAY}." in text
    assert "settle" not in text and "lodger" not in text and await sent(contact_id) == []


async def test_passed_on_within_one_partner_by_the_same_day_nothing_is_told_by_anybody(wall: Wall) -> None:
    contact_id = await arrive("Q-STREET", **AGREED)
    agent = await taken(contact_id)
    await do(service.transfer, agent, contact_id, "Q-LIB", WHY)
    assert await told(contact_id) == []
    wall.now += timedelta(minutes=30)
    async with transaction() as session:
        assert await find_untold(session, clock.now(), timedelta(hours=1)) == 0
    assert await told(contact_id) == []


async def test_what_was_written_past_its_notice_is_found_where_the_day_is_another_one(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX", **AGREED)
    agent = await taken(contact_id)
    await do(service.transfer, agent, contact_id, "Q-NNDR", WHY)
    async with transaction() as session:
        for notice in await session.scalars(select(Notice).where(Notice.contact_id == contact_id)):
            await session.delete(notice)
    wall.now += timedelta(minutes=30)
    async with transaction() as session:
        assert await find_untold(session, clock.now(), timedelta(hours=1)) == 2
    assert await told(contact_id) == ["new_day"]


async def test_passed_on_to_another_partner_says_the_new_day_too(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX", **AGREED)
    agent = await taken(contact_id)
    wall.set(2026, 11, 25, 10, 0)
    await do(service.transfer, agent, contact_id, "Q-REPAIR", WHY)
    assert await told(contact_id) == ["passed_on"]
    (text,) = await sent(contact_id)
    assert "to another team" in text and f"We now aim to answer you by {THURSDAY}." in text
    assert "We now aim to settle it by Wednesday 9 December 2026." in text


async def test_in_the_chat_the_new_day_is_a_line_and_the_reason_is_the_desks_own(wall: Wall) -> None:
    conversation_id = await make_conversation(("resident", "It is about a bill."))
    contact_id = await arrive("Q-CTAX", conversation_id=conversation_id)
    agent = await taken(contact_id)
    await do(service.transfer, agent, contact_id, "Q-NNDR", WHY)
    line = (await said(conversation_id))[-1]
    assert f"We now aim to answer you by {THURSDAY}." in line and "lodger" not in line and "why" not in line


async def test_who_talks_live_hears_of_the_new_day_though_the_chat_says_who_has_it(wall: Wall) -> None:
    conversation_id = await make_conversation(("resident", "It is about a bill."))
    contact_id = await arrive("Q-STREET", conversation_id=conversation_id, live=True)
    async with transaction() as session:
        (await session.get_one(Conversation, conversation_id)).contact_id = contact_id
    agent = await taken(contact_id)
    await do(service.transfer, agent, contact_id, "Q-REPAIR", WHY)
    (line,) = await said(conversation_id)
    assert "We now aim to settle it by Monday 7 December 2026." in line
    assert "answer you" not in line and "passed it" not in line


async def test_a_day_that_changed_back_before_it_was_told_is_no_news(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX", **AGREED)
    agent = await taken(contact_id)
    await do(service.transfer, agent, contact_id, "Q-NNDR", WHY)
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    await do(service.transfer, agent, contact_id, "Q-CTAX", WHY)
    texts = await sent(contact_id)
    assert [WEDNESDAY in text for text in texts] == [True], "only the day that counts is told"
    async with transaction() as session:
        whys = list(await session.scalars(select(Notice.why).where(Notice.kind == "new_day").order_by(Notice.made_at)))
    assert whys == ["told_already", None]


async def test_a_supervisors_move_within_one_partner_tells_the_new_day_once_it_stands(wall: Wall) -> None:
    later, same = await arrive("Q-CTAX", **AGREED), await arrive("Q-STREET", **AGREED)
    one, _ = await begin("Q-NNDR", later)
    other, _ = await begin("Q-LIB", same)
    for move_id in (one, other):
        async with transaction() as session:
            await steps.stand(session, move_id)
    assert await told(later) == [], "it may still be taken back"
    await stand(wall, one, other)
    assert (await told(later), await told(same)) == (["new_day"], [])
    (text,) = await sent(later)
    assert f"We now aim to answer you by {THURSDAY}." in text and "lodger" not in text
    async with transaction() as session:
        page = await showing.show(session, await session.get_one(Contact, later))
    assert [what for what, _, _ in page.history if what == "moved"] == ["moved"]


async def test_a_move_that_was_undone_tells_no_day(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX", **AGREED)
    move_id, supervisor = await begin("Q-NNDR", contact_id)
    await undo(move_id, supervisor)
    await stand(wall, move_id)
    assert await told(contact_id) == [] and await sent(contact_id) == []


async def test_who_was_told_a_day_before_the_move_was_undone_is_told_the_one_that_counts_again(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX", **AGREED)
    move_id, supervisor = await begin("Q-NNDR", contact_id)
    await changed("arrived", contact_id)
    (text,) = await sent(contact_id)
    assert THURSDAY in text
    await undo(move_id, supervisor)
    (text,) = await sent(contact_id)
    assert f"We now aim to answer you by {WEDNESDAY}." in text
    assert await told(contact_id) == ["received", "new_day"]


async def test_what_stayed_when_its_move_was_undone_tells_its_day(wall: Wall) -> None:
    stays, goes = await arrive("Q-CTAX", **AGREED), await arrive("Q-CTAX", **AGREED)
    move_id, supervisor = await begin("Q-NNDR", stays, goes)
    await taken(stays)
    await undo(move_id, supervisor)
    await stand(wall, move_id)
    (text,) = await sent(stays)
    assert f"We now aim to answer you by {THURSDAY}." in text and await told(goes) == []


async def test_moved_twice_within_the_minutes_the_last_day_is_told_once(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX", **AGREED)
    first, _ = await begin("Q-NNDR", contact_id)
    wall.now += timedelta(minutes=1)
    # As late as that, but for settling: 20 working days.
    second, _ = await begin("Q-TRAVEL", contact_id)
    await stand(wall, first, second)
    (text,) = await sent(contact_id)
    assert "We now aim to settle it by Monday 21 December 2026." in text and THURSDAY not in text


@pytest.mark.parametrize("back", [False, True])
async def test_of_two_moves_the_one_that_is_left_tells_its_day(wall: Wall, back: bool) -> None:
    contact_id = await arrive("Q-CTAX", **AGREED)
    first, _ = await begin("Q-NNDR", contact_id)
    wall.now += timedelta(minutes=10)
    second, supervisor = await begin("Q-TRAVEL", contact_id)
    wall.now += timedelta(minutes=6)
    async with transaction() as session:
        await steps.stand(session, first)
    texts = await sent(contact_id)
    if back:
        await undo(second, supervisor)
    await stand(wall, first, second)
    texts += await sent(contact_id)
    assert texts and (THURSDAY if back else "Monday 21 December 2026") in texts[-1]
    assert len(texts) == 1 + back, "nobody is told a day twice"


async def test_somebody_who_took_it_meanwhile_is_news_and_the_new_day_is_too(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX", **AGREED)
    move_id, _ = await begin("Q-NNDR", contact_id)
    await taken(contact_id)
    await stand(wall, move_id)
    (text,) = await sent(contact_id)
    assert f"We now aim to answer you by {THURSDAY}." in text


LONGER: dict[str, Any] = {"queue": "Q-GOV", "statutory": "sar"}
REASON = "You lived at nine addresses, and we must read them all."


async def test_the_laws_time_made_longer_is_told_by_message_with_its_last_day_and_without_the_reason(
    wall: Wall,
) -> None:
    contact_id = await arrive(**LONGER, **AGREED)
    agent = await taken(contact_id)
    await do(waiting.take_longer, agent, contact_id, "sar", REASON)
    (text,) = await sent(contact_id)
    # Three months from 23 November; the limit is over as that day ends, and not on the next.
    assert "We must answer you by Tuesday 23 February 2027." in text and "addresses" not in text
    assert await sent(contact_id) == []


async def test_in_the_chat_and_on_its_page_they_read_why_as_well(wall: Wall) -> None:
    conversation_id = await make_conversation(("resident", "Send me all you have about me."))
    contact_id = await arrive(**LONGER, conversation_id=conversation_id)
    agent = await taken(contact_id)
    await do(waiting.take_longer, agent, contact_id, "sar", REASON)
    line = (await said(conversation_id))[-1]
    assert "We must answer you by Tuesday 23 February 2027." in line and f"This is why: {REASON}" in line
    async with transaction() as session:
        page = await showing.show(session, await session.get_one(Contact, contact_id))
    (words,) = [words for what, _, words in page.history if what == "made_longer"]
    assert words and "Tuesday 23 February 2027" in words and REASON in words


async def test_what_was_made_longer_before_residents_were_told_is_neither_told_nor_shown(wall: Wall) -> None:
    contact_id = await changed("made_longer", await arrive(**LONGER, **AGREED))
    wall.now += timedelta(minutes=30)
    async with transaction() as session:
        assert await find_untold(session, clock.now(), timedelta(hours=1)) == 0
        page = await showing.show(session, await session.get_one(Contact, contact_id))
    assert await told(contact_id) == [] and all(what != "made_longer" for what, _, _ in page.history)
