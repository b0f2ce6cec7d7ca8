"""What people pass on, merge or close is taken back from the supplier that had it, or a person is asked to do so."""

from typing import Any
from uuid import UUID

import pytest

from connectors.console import ConsoleCasework
from connectors.errors import NotOffered
from connectors.shapes import Receipt
from tests.delivery.conftest import SUPPLIER, Told
from tests.delivery.test_handing_on import arrives, deliver, deliveries, hear, news, noted, says
from tests.makers import contact_now, make_agent, make_conversation, session_of
from triage import clock, closing, taking
from triage.access import DESK_COOKIE
from triage.catalogue import catalogue
from triage.database import transaction
from triage.delivery import hearing, rules, service, steps
from triage.desk import linking, safety
from triage.desk import service as desk
from triage.tables import Agent, Contact


def queue_of_another() -> str:
    """A queue that another partner runs than the one that empties bins."""
    known, today = catalogue(), clock.today()
    home = known.partner_id("Q-WASTE", today)
    return next(code for code in known.queues if known.partner_id(code, today) not in (None, home))


def queue_of_the_same() -> str:
    """Another queue of the partner that empties bins."""
    known, today = catalogue(), clock.today()
    home = known.partner_id("Q-WASTE", today)
    return next(code for code in known.queues if code != "Q-WASTE" and known.partner_id(code, today) == home)


async def take(contact_id: UUID, role: str = "agent") -> Agent:
    agent = await make_agent(role=role)
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    return agent


async def pass_on(contact_id: UUID, queue: str, role: str = "agent") -> None:
    agent = await take(contact_id, role)
    version = (await contact_now(contact_id)).version
    async with transaction() as session:
        await desk.transfer(session, agent, contact_id, version, queue, "It is on an estate.")


async def close(contact_id: UUID, reason: str) -> None:
    agent = await take(contact_id)
    async with transaction() as session:
        contact = await session.get_one(Contact, contact_id)
        await closing.close(session, contact, reason, "We have spoken.", agent_id=agent.id)


async def states(contact_id: UUID) -> list[str]:
    return [one.state for one in await deliveries(contact_id)]


async def test_what_is_passed_to_another_partner_is_taken_back_and_not_closed_by_what_comes_late(
    depot: ConsoleCasework, wall: Told
) -> None:
    contact_id = await arrives()
    await deliver(depot)
    await pass_on(contact_id, queue_of_another())
    await says(contact_id, "It is by the garages.")
    assert await deliver(depot) == 1
    await deliver(depot)
    (case,) = depot.cases.values()
    assert [(note.text, note.state) for note in case.notes] == [
        ("The council has passed this to another team. Do nothing more about it.", "no_action")
    ]
    assert await states(contact_id) == ["dropped", "sent", "dropped"]
    wall.later(5)
    assert await hearing.ask({SUPPLIER: depot}) == 0, "nobody asks about it any more"
    assert await hear(news("DEMO-00001", "done", 5)), "and what they say all the same is heard"
    contact = await contact_now(contact_id)
    assert (contact.state, contact.follow_up_on) == ("queued", None)
    text = await noted(contact_id)
    assert "has been told that this is not theirs" in text and "console: it is done." in text
    async with transaction() as session:
        await steps.hand_on(session, contact_id)
    assert await deliver(depot) == 0


async def test_what_has_not_gone_out_yet_does_not_go(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    await pass_on(contact_id, queue_of_another())
    await deliver(depot)
    await deliver(depot)
    assert not depot.cases and set(await states(contact_id)) == {"dropped"}


async def test_between_teams_of_one_partner_it_stays_where_it_is(depot: ConsoleCasework, wall: Told) -> None:
    contact_id = await arrives()
    await deliver(depot)
    await pass_on(contact_id, queue_of_the_same())
    # The other team is to look at it today, whatever the supplier does meanwhile.
    assert await deliver(depot) == 1 and (await contact_now(contact_id)).follow_up_on is None
    await says(contact_id, "It is the blue one.")
    assert await deliver(depot) == 1 and (await contact_now(contact_id)).follow_up_on is None
    wall.later(5)
    await hearing.ask({SUPPLIER: depot})
    (case,) = depot.cases.values()
    assert [(note.text, note.state) for note in case.notes] == [
        ("Another team of the council's has this now. It is still yours: go on with it.", None),
        ("It is the blue one.", None),
    ]
    assert (await contact_now(contact_id)).state == "closed"


async def test_where_the_system_takes_no_such_word_nobody_has_to_phone_about_another_team(handed_on: None) -> None:
    depot = TakesNothingMore()
    contact_id = await arrives()
    await deliver(depot)
    await pass_on(contact_id, queue_of_the_same())
    await deliver(depot)
    assert await states(contact_id) == ["sent", "dropped"]
    assert "was not told that another team has this" in await noted(contact_id)


@pytest.mark.parametrize(("reason", "state"), [("done", "done"), ("not_done", "no_action"), ("answered", None)])
async def test_what_a_person_closes_is_told_and_is_theirs_again_when_it_is_opened_again(
    depot: ConsoleCasework, reason: str, state: str | None
) -> None:
    contact_id = await arrives()
    await deliver(depot)
    await close(contact_id, reason)
    await deliver(depot)
    await says(contact_id, "It is still full.")
    await deliver(depot)
    (case,) = depot.cases.values()
    assert [note.state for note in case.notes] == [state, "received"]
    assert "We have spoken" not in str(case.notes), "what an agent wrote to the resident is theirs"


async def test_that_it_is_not_safe_to_contact_the_resident_is_told_to_whoever_has_their_number(
    depot: ConsoleCasework,
) -> None:
    contact_id = await arrives(consent=True)
    await deliver(depot)
    agent = await take(contact_id)
    for safe in ("yes", "no"):
        async with transaction() as session:
            await safety.note_safe(session, agent, contact_id, (await contact_now(contact_id)).version, safe)
    assert await deliver(depot) == 1
    (case,) = depot.cases.values()
    assert [note.text for note in case.notes] == [rules.DO_NOT_CONTACT.text]


async def test_what_they_have_put_down_themselves_is_not_told(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    await deliver(depot)
    await hear(news("DEMO-00001", "not_ours", 1))
    await close(contact_id, "done")
    await deliver(depot)
    assert not next(iter(depot.cases.values())).notes


async def test_what_is_made_part_of_another_is_told_as_a_duplicate_once(depot: ConsoleCasework) -> None:
    talk = await make_conversation(("resident", "my bin"))
    first, second = await arrives(conversation_id=talk), await arrives(conversation_id=talk)
    await deliver(depot)
    agent, into = await take(second), (await contact_now(first)).reference
    version = (await contact_now(second)).version
    async with transaction() as session:
        await linking.merge(session, agent, second, version, into)
    for _ in range(3):
        await deliver(depot)
    told = [note.state for case in depot.cases.values() for note in case.notes]
    assert told == ["duplicate"] and len(depot.cases) == 2
    assert await states(second) == ["dropped", "sent", "dropped"]


class TakesNothingMore(ConsoleCasework):
    async def update(self, handle: str, note: Any) -> Receipt:
        raise NotOffered("It has no call for that.")


async def test_where_the_system_takes_no_such_word_a_person_is_asked_to_tell_them(
    app_client: Any, handed_on: None
) -> None:
    depot = TakesNothingMore()
    contact_id = await arrives()
    await deliver(depot)
    await pass_on(contact_id, queue_of_another())
    assert await deliver(depot) == 0
    _, told = await deliveries(contact_id)
    assert (told.state, told.why) == ("failed", "not_offered")
    assert "console could not be told that this is not theirs any more." in await noted(contact_id)
    supervisor = await make_agent(role="supervisor")
    app_client.cookies.set(DESK_COOKIE, await session_of(supervisor))
    assert "Tell them yourself" in (await app_client.get("/desk/deliveries")).text
    async with transaction() as session:
        await service.drop(session, told.id, supervisor)
    # Somebody has phoned them: it is not asked about any more.
    assert await states(contact_id) == ["dropped", "dropped"]
