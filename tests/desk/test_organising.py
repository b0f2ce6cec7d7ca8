"""Putting a contact in order: tags, links, merging, a later day, and a promise."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.browsers import Browser, SignIn
from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import clock, taking, telling
from triage.catalogue import catalogue
from triage.chat import steps
from triage.database import transaction
from triage.following_up import say_more
from triage.intake.repository import history_for_resident
from triage.queues.steps import release_expired
from triage.tables import Agent, Contact, ContactHistory, Conversation, Message
from triage.tables import SignIn as Session_


async def taken(agent: Agent, **fields: Any) -> UUID:
    contact_id = await make_contact(**fields)
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    return contact_id


async def send(browser: Browser, contact_id: UUID, what: str, **fields: str) -> Any:
    version = (await contact_now(contact_id)).version
    return await browser.post(f"/desk/contacts/{contact_id}/{what}", data={"version": str(version)} | fields)


async def history(contact_id: UUID) -> dict[str, dict[str, Any]]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactHistory).where(ContactHistory.contact_id == contact_id).order_by(ContactHistory.at)
        )
        return {row.what: row.detail for row in rows}


def day(ahead: int) -> str:
    return (clock.today() + timedelta(days=ahead)).isoformat()


async def test_tags_go_on_once_in_one_form_and_come_off(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    contact_id = await taken(agent)
    await make_contact(tags=["rats", "flats"])
    for word in ("  Missed   Street ", "missed street"):
        assert (await send(browser, contact_id, "tags", add=word)).status_code == 303
    assert (await contact_now(contact_id)).tags == ["missed street"]
    page = (await browser.get(f"/desk/contacts/{contact_id}")).text
    assert '<option value="rats">' in page and '<option value="missed street">' not in page
    for wrong in ("", "<b>", "x" * 31):
        assert (await send(browser, contact_id, "tags", add=wrong)).status_code == 422
    await send(browser, contact_id, "tags", remove="missed street")
    assert (await contact_now(contact_id)).tags == []


async def test_a_link_is_seen_from_both_sides_and_can_be_taken_away(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one, other = await taken(agent), await make_contact()
    reference = (await contact_now(other)).reference
    assert (await send(browser, one, "link", reference=reference.lower())).status_code == 303
    for mine, theirs in ((one, other), (other, one)):
        page = (await browser.get(f"/desk/contacts/{mine}")).text
        assert "Linked" in page and f"/desk/contacts/{theirs}" in page
    await send(browser, one, "unlink", other=str(other))
    know = (await browser.get(f"/desk/contacts/{other}")).text.partition('id="know"')[2]
    assert f"/desk/contacts/{one}" not in know
    assert {"linked", "unlinked"} <= set(await history(other))


async def test_what_another_team_has_can_be_neither_linked_nor_merged(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one, hidden = (
        await taken(agent, reply_to="a@example.com"),
        await make_contact(queue="Q-LIB", reply_to="a@example.com"),
    )
    reference = (await contact_now(hidden)).reference
    for what in ("link", "merge"):
        for written in (reference, "BN-0000-0000", "nonsense", (await contact_now(one)).reference):
            assert (await send(browser, one, what, reference=written)).status_code == 422
    assert (await contact_now(one)).state == "taken"


async def test_one_residents_two_contacts_become_one_and_both_say_so(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent, reply_to="Resident@example.com ", text="And the lid is broken.", priority="P2")
    other = await make_contact(reply_to="resident@example.com")
    reference = (await contact_now(other)).reference
    answer = await send(browser, one, "merge", reference=reference, made_sure="yes")
    assert answer.headers["location"] == f"/desk?done={one}"
    assert (await history(one))["merged"]["proved"] == "by an agent"
    closed = await contact_now(one)
    assert (closed.state, closed.close_reason, closed.merged_into) == ("closed", "duplicate", other)
    assert reference in str(closed.outcome)
    assert {"merged", "closed"} <= set(await history(one)) and "took in" in await history(other)
    assert (await contact_now(other)).priority == "P2"
    page = (await browser.get(f"/desk/contacts/{other}")).text
    assert "And the lid is broken." in page and f"in {closed.reference}" in page
    # What its resident says now is heard where it is dealt with.
    async with transaction() as session:
        heard = await say_more(session, one, "The lid is still broken.")
    assert heard.part_of == reference and "added" in await history(other)
    assert (await contact_now(one)).state == "closed"


async def test_an_address_that_anybody_can_type_makes_nobody_the_reader_of_anothers_answer(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    mine = await taken(agent, reply_to="resident@example.com", text="He found out where I live.")
    strangers = await make_contact(reply_to="resident@example.com", text="Any news about me?")
    reference = (await contact_now(strangers)).reference
    for more in ({}, {"same_place": "yes"}):
        refused = await send(browser, mine, "merge", reference=reference, **more)
        assert refused.status_code == 422 and "anybody can type an address" in refused.text
    assert (await contact_now(mine)).state == "taken"
    # Linked, each is answered where its own resident looks, and what one adds is heard with that one.
    assert (await send(browser, mine, "link", reference=reference)).status_code == 303
    assert (await send(browser, mine, "reply", text="We have moved your file.")).status_code == 303
    async with transaction() as session:
        await say_more(session, mine, "Thank you, he still calls.")
        shown = [line.detail for line in await history_for_resident(session, await session.get_one(Contact, strangers))]
    assert "answered" in await history(mine) and "answered" not in await history(strangers)
    assert "he still calls" not in str(shown) and "moved your file" not in str(shown)


async def test_one_conversation_proves_that_both_are_its_residents(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    talk = await make_conversation(("resident", "Two things"))
    one = await taken(agent, conversation_id=talk, channel="chat")
    other = await make_contact(conversation_id=talk, channel="chat")
    reference = (await contact_now(other)).reference
    assert (await send(browser, one, "merge", reference=reference)).headers["location"] == f"/desk?done={one}"
    assert (await contact_now(one)).merged_into == other
    assert (await history(one))["merged"]["proved"] == "one conversation"


async def test_two_residents_contacts_never_become_one(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent, reply_to="one@example.com", place="4 Long Lane, N3")
    other = await make_contact(reply_to="two@example.com", place="4 long lane, n3")
    reference = (await contact_now(other)).reference
    refused = await send(browser, one, "merge", reference=reference, made_sure="yes")
    assert refused.status_code == 422 and "two residents" in refused.text
    # It is offered by what it is about; what is typed instead of it counts.
    likely = (await browser.get(f"/desk/contacts/{one}")).text.partition("Which other contact?")[2]
    assert f'value="{reference}"' in likely
    assert (await send(browser, one, "link", reference="BN-0000-0000", typed=reference)).status_code == 303
    for contact_id in (one, other):
        contact = await contact_now(contact_id)
        assert contact.state != "closed" and contact.merged_into is None
        assert "linked" in await history(contact_id)


async def test_whoever_is_in_the_chat_is_not_merged_away(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    talk = await make_conversation(("resident", "Hello?"))
    one = await taken(agent, conversation_id=talk, live=True, channel="chat", reply_to="r@example.com")
    other = await make_contact(reply_to="r@example.com")
    refused = await send(browser, one, "merge", reference=(await contact_now(other)).reference, made_sure="yes")
    assert refused.status_code == 422 and "in the chat now" in refused.text


async def test_a_repeat_and_the_place_are_shown(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    first = await make_contact(reply_to="r@example.com", service="missed_bin", state="closed", closed_at=clock.now())
    near = await make_contact(place="4 Long Lane, N3")
    second = await taken(
        agent, reply_to="R@example.com", service="missed_bin", repeat_of=first, place="4 Long Lane, N3",
        vulnerable=["older"], complaint=True, statutory="foi", language="pl",
    )  # fmt: skip
    page = (await browser.get(f"/desk/contacts/{second}")).text
    assert "Second time in 14 days" in page and f"/desk/contacts/{first}" in page
    assert "Also open here" in page and f"/desk/contacts/{near}" in page
    for mark in ("Vulnerable: older", "Complaint", "Freedom of information", "Writes in Polish"):
        assert mark in page


async def test_of_a_residents_contacts_with_other_teams_only_the_number_is_shown(signed_in: SignIn) -> None:
    """What somebody needs of another team may be a refuge or a debt; and an address is nobody's proof."""
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    hidden = await make_contact(queue="Q-SAFE-A", service="safeguarding_adult", reply_to="r@example.com")
    one = await taken(agent, reply_to="r@example.com")
    page = (await browser.get(f"/desk/contacts/{one}")).text
    assert "1 with other teams" in page
    assert (await contact_now(hidden)).reference not in page and f"/desk/contacts/{hidden}" not in page
    assert f'desk-due">{catalogue().services["safeguarding_adult"].name}<' not in page
    ours = await make_contact(service="pothole", reply_to="r@example.com")
    page = (await browser.get(f"/desk/contacts/{one}")).text
    assert (await contact_now(ours)).reference in page and f'desk-due">{catalogue().services["pothole"].name}<' in page
    assert "1 more with other teams" in page


async def test_the_same_resident_is_seen_however_they_typed_their_number(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    first = await make_contact(service="missed_bin", reply_to="07700 900123")
    one = await taken(agent, service="missed_bin", reply_to="+44 7700 900 123", repeat_of=first)
    page = (await (await signed_in(agent)).get(f"/desk/contacts/{one}")).text
    assert "Second time in 14 days" in page and page.count((await contact_now(first)).reference) > 1


@pytest.mark.parametrize("keep", ["mine", "queue"])
async def test_i_will_get_back_to_you_tells_the_resident_and_rests_until_that_day(signed_in: SignIn, keep: str) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    talk = await make_conversation(("resident", "Hello?"), mode="person")
    one = await taken(agent, conversation_id=talk, live=True, channel="chat")
    async with transaction() as session:
        await session.execute(update(Conversation).values(contact_id=one))
    assert (await send(browser, one, "get-back", on=day(3), keep=keep, words="I must ask the crew.")).status_code == 303
    contact = await contact_now(one)
    assert (contact.state, contact.live) == ("taken" if keep == "mine" else "queued", False)
    assert contact.follow_up_on == clock.today() + timedelta(days=3) and contact.first_answer_at is not None
    async with transaction() as session:
        said = (await session.scalars(select(Message.text).where(Message.author == "agent"))).one()
        await steps.tell_postponed(session, one)
        assert (await session.get_one(Conversation, talk)).mode == "assistant"
    assert said.startswith("I must ask the crew.\n\nI'll get back to you by ")
    async with transaction() as session:
        assert await taking.take_next(session, agent.id, ["Q-WASTE"]) is None
        await session.execute(update(Contact).values(follow_up_on=clock.today()))
    desk = (await browser.get("/desk")).text
    assert "Look at again" in desk and f'id="again-{one}"' in desk
    async with transaction() as session:
        assert (await taking.take_next(session, agent.id, ["Q-WASTE"]) == one) == (keep == "queue")


async def test_a_promise_needs_a_day_to_come(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent)
    for what in ("get-back", "look-again"):
        for wrong in (day(0), day(-1), day(91), "soon"):
            assert (await send(browser, one, what, on=wrong)).status_code == 422
    assert (await contact_now(one)).follow_up_on is None


async def test_what_is_promised_stays_with_its_agent_over_night_until_the_resident_adds_to_it(
    signed_in: SignIn,
) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent)
    await send(browser, one, "look-again", on=day(2))
    long_ago = clock.now() - timedelta(hours=9)
    async with transaction() as session:
        await session.execute(update(Contact).values(lease_until=long_ago))
        await session.execute(update(Session_).values(seen_at=long_ago))
        assert await release_expired(session) == 0
    async with transaction() as session:
        await say_more(session, one, "It is worse now.")
        assert await release_expired(session) == 1
    assert (await contact_now(one)).state == "queued"


async def test_a_day_to_look_again_goes_with_an_answer_on_that_day(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent, follow_up_on=clock.today())
    await send(browser, one, "reply", text="It was collected this morning.")
    assert (await contact_now(one)).follow_up_on is None


WRITES = {
    "tags": {"add": "rats"},
    "link": {"reference": "BN-0000-0000"},
    "unlink": {"other": "00000000-0000-4000-8000-000000000000"},
    "merge": {"reference": "BN-0000-0000"},
    "look-again": {"on": "2099-01-01"},
    "get-back": {"on": "2099-01-01"},
    "correct": {"service": "pothole", "priority": "P1"},
    "safety": {"safe": "no"},
    "messages": {"to": "resident@example.com", "agrees": "yes"},
}


@pytest.mark.parametrize("what", WRITES)
async def test_a_strangers_contact_is_not_found_and_an_old_page_changes_nothing(signed_in: SignIn, what: str) -> None:
    agent, stranger = await make_agent("Q-WASTE"), await make_agent("Q-LIB")
    one = await taken(agent)
    before = (await contact_now(one)).version
    assert (await send(await signed_in(stranger), one, what, **WRITES[what])).status_code == 404
    browser = await signed_in(agent)
    old = await browser.post(f"/desk/contacts/{one}/{what}", data={"version": str(before - 1)} | WRITES[what])
    assert old.status_code == 409
    assert (await contact_now(one)).version == before


async def test_an_answer_typed_for_one_resident_is_not_sent_to_another(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one, other = await taken(agent), await taken(agent)
    refused = await send(browser, one, "reply", text="Your hearing is on Monday.", contact=str(other))
    assert refused.status_code == 409 and "Your hearing is on Monday." in refused.text
    assert "answered" not in await history(one)


async def test_a_saved_reply_with_a_gap_is_not_sent(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent, service="missed_bin")
    page = (await browser.get(f"/desk/contacts/{one}")).text
    assert "Acknowledged: we have this" in page and (await contact_now(one)).reference in page
    refused = await send(browser, one, "reply", text="I'll get back to you by […].")
    assert refused.status_code == 422 and "Fill in" in refused.text


async def test_a_search_for_a_saved_reply_is_not_sent(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    one = await taken(agent)
    refused = await send(await signed_in(agent), one, "reply", text="/rats")
    assert refused.status_code == 422 and "search for a saved reply" in refused.text and "/rats" in refused.text


async def test_a_question_may_stop_the_clocks_until_the_resident_writes(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent)
    assert (await send(browser, one, "reply", text="Which gate is it?", pause="yes")).status_code == 303
    contact, past = await contact_now(one), await history(one)
    assert contact.first_answer_at is not None and contact.pause_reason == "resident"
    # Whoever's answer is waited for is told so.
    assert past["answered"]["asks"] and past["paused"]["reason"] == "resident"
    page = (await browser.get(f"/desk/contacts/{one}")).text
    assert "Start the clocks again" in page and "and pause the clocks" not in page
    async with transaction() as session:
        await say_more(session, one, "The side gate.")
    assert (await contact_now(one)).paused_at is None


async def test_in_danger_the_numbers_and_what_to_do_come_first(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    talk = await make_conversation(("resident", "i want to kill myself"))
    fields = {"danger": "suicide", "priority": "P0", "conversation_id": talk, "live": True, "channel": "chat"}
    know = (await browser.get(f"/desk/contacts/{await make_contact(**fields)}")).text.partition('id="know"')[2]
    assert know.index("116 123") < know.index("<dt>Service</dt>")
    assert "Take it, so that" in know and "Tell a supervisor." in know and "Their page is closed." in know
    page = (await browser.get(f"/desk/contacts/{await taken(agent, **fields)}")).text
    first = page.partition("data-saved=")[2]
    assert "Samaritans" in first[:400] and "Take it, so that" not in page


async def test_what_a_page_was_told_of_safety_is_an_agents_to_make_known(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent, reply_to="r@example.com", safe_to_contact=False)
    assert "anybody can type any address" in (await browser.get(f"/desk/contacts/{one}")).text
    assert (await send(browser, one, "safety", safe="no")).status_code == 303
    assert (await history(one))["safety"] == {"safe": "no"}
    page = (await browser.get(f"/desk/contacts/{one}")).text
    assert "anybody can type any address" not in page and 'value="no" type="submit"' not in page


async def test_whether_it_is_safe_to_contact_them_is_kept_and_decides_what_is_sent(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent, danger="domestic_abuse", priority="P0", reply_to="r@example.com")
    assert telling.not_safe(await contact_now(one)) == "safety_unknown"
    for safe, why, words in (
        ("yes", None, "Noted that it is safe to contact them"),
        ("no", "unsafe", "Noted that it is not safe to contact them"),
    ):
        assert (await send(browser, one, "safety", safe=safe)).status_code == 303
        assert telling.not_safe(await contact_now(one)) == why
        page = (await browser.get(f"/desk/contacts/{one}")).text
        assert words in page and f'value="{safe}" type="submit"' not in page
    assert (await history(one))["safety"] == {"safe": "no"}
    assert (await send(browser, one, "safety", safe="perhaps")).status_code == 422
