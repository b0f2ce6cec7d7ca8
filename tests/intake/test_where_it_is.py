"""The page of a contact: where it is, who has it, what was promised and said, and choosing about messages."""

import re
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from tests.intake.test_following_up import CODE, HERE, REFERENCE, contact_in, history, post
from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import clock, codes, contacts, record
from triage.database import transaction
from triage.desk import service as desk
from triage.intake import passes
from triage.tables import Contact

OTHER = "BN-2222-3333"


async def held_by(contact_id: UUID) -> tuple[object, int]:
    agent = await make_agent(name="Agent, Waste")
    async with transaction() as session:
        await desk.take(session, agent, contact_id, 1)
    return agent, (await contact_now(contact_id)).version


async def test_the_four_steps_say_where_it_is_and_since_when(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    page = await post(app_client)
    assert re.findall(r'fd-steps__step--(\w+)"', page.text) == ["done", "now", "next", "next"]
    await held_by(contact_id)
    page = await post(app_client)
    assert re.findall(r'fd-steps__step--(\w+)"', page.text) == ["done", "done", "now", "next"]
    assert page.text.count('aria-current="step"') == 1


async def test_it_names_the_team_and_never_a_person(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    await held_by(contact_id)
    page = await post(app_client)
    assert "This team has it: Bin collections" in page.text and "Agent, Waste" not in page.text


async def test_being_late_is_said(app_client: httpx2.AsyncClient) -> None:
    past = clock.now() - timedelta(days=2)
    await contact_in("taken", settle_due_at=past, first_due_at=past, first_answer_at=past)
    page = await post(app_client)
    assert "We are late." in page.text and "It is still open" in page.text and "We aim to settle" not in page.text


async def test_a_first_answer_that_is_late_is_said(app_client: httpx2.AsyncClient) -> None:
    await contact_in("queued", first_due_at=clock.now() - timedelta(hours=1))
    page = await post(app_client)
    assert "We are late with our first answer." in page.text and "We aim to settle it by" in page.text


async def test_what_stands_still_is_not_called_late(app_client: httpx2.AsyncClient) -> None:
    await contact_in("queued", settle_due_at=clock.now() - timedelta(days=2), paused_at=clock.now())
    page = await post(app_client)
    assert "on hold since" in page.text and "We are late" not in page.text


async def test_an_agents_answer_reaches_a_resident_without_a_chat(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    agent, version = await held_by(contact_id)
    async with transaction() as session:
        await desk.reply(session, agent, contact_id, version, "The crew comes back on Friday.")  # type: ignore[arg-type]
    page = await post(app_client)
    assert "What we said to you" in page.text and "The crew comes back on Friday." in page.text
    async with transaction() as session:
        await desk.note(session, agent, contact_id, version + 1, "Known to be difficult.")  # type: ignore[arg-type]
    assert "difficult" not in (await post(app_client)).text


async def test_and_one_whose_chat_is_over(app_client: httpx2.AsyncClient) -> None:
    conversation_id = await make_conversation(("resident", "my bin"))
    contact_id = await contact_in("queued", conversation_id=conversation_id)
    agent, version = await held_by(contact_id)
    async with transaction() as session:
        await desk.reply(session, agent, contact_id, version, "It comes on Friday.")  # type: ignore[arg-type]
        await record.append_message(session, conversation_id, "agent", "About something else.")
    page = await post(app_client)
    assert "It comes on Friday." in page.text and "About something else." not in page.text


async def test_a_question_waits_for_an_answer_and_then_does_not(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    agent, version = await held_by(contact_id)
    async with transaction() as session:
        await desk.reply(session, agent, contact_id, version, "Which bin is it?", asks=True)  # type: ignore[arg-type]
    page = await post(app_client)
    assert "We need your answer before we can go on." in page.text and "Send your answer" in page.text
    answer = await post(app_client, do="add", text="The blue one.", key="k")
    assert "We need your answer" not in answer.text and "The blue one." in answer.text


async def test_the_code_is_given_once(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    page = await post(app_client)
    assert CODE not in page.text and CODE not in str(page.headers)
    cookie = page.headers["set-cookie"]
    assert cookie.startswith(passes.COOKIE) and "HttpOnly" in cookie and "Secure" in cookie and "Path=/" in cookie
    assert "SameSite=strict" in cookie and "Max-Age=1800" in cookie and codes.tidy_code(CODE) not in cookie
    again = await app_client.get(f"/contacts/{REFERENCE}")
    assert "What you told us" in again.text
    added = await app_client.post(
        f"/contacts/{REFERENCE}", data={"do": "add", "text": "And the blue one.", "key": "k"}, headers=HERE
    )
    assert "We have added what you wrote" in added.text
    assert ("added", "And the blue one.") in await history(contact_id)


async def test_a_pass_opens_its_own_contact_alone_and_not_for_long(app_client: httpx2.AsyncClient) -> None:
    await contact_in("queued")
    other = await make_contact(reference=OTHER, text="Somebody else's need")
    await post(app_client)
    page = await app_client.get(f"/contacts/{OTHER}")
    assert "Your code" in page.text and "Somebody else" not in page.text
    now = clock.now()
    made = passes.pass_for(other, now)
    assert passes.opens(made, now) == other
    assert passes.opens(made, now + passes.LASTS) is None
    assert passes.opens(made.replace(str(other), str(UUID(int=7))), now) is None
    ends = int(now.timestamp()) + 10**6
    forged = [f"{other}.{ends}.{made.rsplit('.', 1)[1]}", "", "x", f"{other}", f"{other}.x.y", f"{other}.{ends}.é"]
    assert [passes.opens(one, now) for one in forged] == [None] * len(forged)


async def test_what_was_typed_is_kept_when_the_pass_runs_out(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    typed = {"do": "add", "text": "It is <still> full.", "key": "k"}
    page = await app_client.post(f"/contacts/{REFERENCE}", data=typed, headers=HERE)
    assert page.status_code == 404 and "What you wrote is still here." in page.text
    assert 'value="It is &lt;still&gt; full."' in page.text and await history(contact_id) == []
    answer = await post(app_client, **typed)
    assert "We have added what you wrote" in answer.text


async def test_the_page_can_be_closed_behind_one(app_client: httpx2.AsyncClient) -> None:
    await contact_in("queued")
    await post(app_client)
    left = await app_client.post(f"/contacts/{REFERENCE}", data={"do": "leave"}, headers=HERE)
    assert left.status_code == 303
    assert "Your code" in (await app_client.get(f"/contacts/{REFERENCE}")).text


async def test_messages_are_chosen_and_stopped(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued", reply_to="020 8359 2000")
    answer = await post(app_client, do="messages", messages="yes", reply_to="by post")
    assert answer.status_code == 422 and "Enter an email address or a UK mobile number" in answer.text
    assert (await contact_now(contact_id)).reply_to == "020 8359 2000"
    answer = await post(app_client, do="messages", messages="yes", reply_to="resident@example.com")
    assert "Messages are on" in answer.text and "Stop the messages" in answer.text
    contact = await contact_now(contact_id)
    assert contact.messages_ok and contact.reply_to == "resident@example.com"
    answer = await post(app_client, do="messages", messages="no")
    assert "Messages are off" in answer.text
    contact = await contact_now(contact_id)
    assert not contact.messages_ok and contact.reply_to == "resident@example.com"


QUESTION = "Shall we send you a message when there is news?"


async def test_whoever_left_an_address_in_the_chat_is_asked_once(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued", channel="chat", reply_to="jo@example.com")
    page = await post(app_client)
    assert QUESTION in page.text and "jo@example.com" in page.text
    answer = await post(app_client, do="messages", messages="no")
    assert "Messages are off" in answer.text and QUESTION not in answer.text
    assert QUESTION not in (await post(app_client)).text
    contact = await contact_now(contact_id)
    assert not contact.messages_ok and contact.reply_to == "jo@example.com"
    # Who changes their mind finds it below, and a second no is no news.
    answer = await post(app_client, do="messages", messages="no")
    assert (await contact_now(contact_id)).version == contact.version
    answer = await post(app_client, do="messages", messages="yes")
    assert "Messages are on" in answer.text and QUESTION not in answer.text
    assert (await contact_now(contact_id)).messages_ok


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("queued", {"channel": "web"}),
        ("closed", {}),
        ("queued", {"reply_to": "020 7946 0321"}),
        ("queued", {"reply_to": None}),
        ("queued", {"safe_to_contact": False}),
        ("queued", {"danger": "domestic_abuse"}),
        ("queued", {"messages_ok": True}),
    ],
)
async def test_and_nobody_else_is(app_client: httpx2.AsyncClient, state: str, fields: dict[str, object]) -> None:
    await contact_in(state, **({"channel": "chat", "reply_to": "jo@example.com"} | fields))
    page = await post(app_client)
    assert page.status_code == 200 and QUESTION not in page.text


async def test_a_danger_that_is_told_in_a_form_is_known_from_the_first_moment(app_client: httpx2.AsyncClient) -> None:
    need = {"text": "My husband hits me and he reads my email", "consent": True}
    filed = (await app_client.post("/api/contacts", json=need)).json()
    async with transaction() as session:
        contact = await session.scalar(select(Contact).where(Contact.reference == filed["reference"]))
    assert contact is not None and contact.danger == "domestic_abuse"


@pytest.mark.parametrize("fields", [{"safe_to_contact": False}, {"danger": "domestic_abuse"}, {"priority": "P0"}])
async def test_where_it_is_not_safe_no_messages_are_offered(
    app_client: httpx2.AsyncClient, fields: dict[str, object]
) -> None:
    await contact_in("queued", messages_ok=True, reply_to="resident@example.com", **fields)
    page = await post(app_client)
    assert "We send you no messages about this, to keep you safe." in page.text
    assert "Send me messages" not in page.text and "resident@example.com" not in page.text


async def merged(state: str = "closed") -> tuple[UUID, UUID]:
    """A contact that was made part of somebody else's, which is open or closed."""
    closing = {"closed_at": clock.now(), "close_reason": "done", "outcome": "SECRET OUTCOME"}
    whole = await make_contact(
        reference=OTHER, text="SECRET NEED", state=state, **(closing if state == "closed" else {})
    )
    return await contact_in("closed", merged_into=whole, close_reason="duplicate"), whole


async def test_one_that_was_made_part_of_another_says_so_and_no_more(app_client: httpx2.AsyncClient) -> None:
    await merged("queued")
    page = await post(app_client)
    assert f"It is now part of another: {OTHER}" in page.text and "We aim to settle it by" in page.text
    assert "SECRET" not in page.text and "Add this" in page.text


async def test_what_is_not_settled_there_opens_the_other_again(app_client: httpx2.AsyncClient) -> None:
    part, whole = await merged()
    before = (await contact_now(whole)).settle_due_at
    page = await post(app_client)
    assert "This is not settled" in page.text
    for _ in range(2):
        answer = await post(app_client, do="add", text="It is still full.", key="k")
        assert "We have opened it again" in answer.text
    contact = await contact_now(whole)
    assert contact.state == "sorted" and contact.settle_due_at != before
    assert (await contact_now(part)).state == "closed"
    assert [what for what, said in await history(whole) if said] == ["reopened"]
    assert [what for what, said in await history(part) if said] == ["added"]


async def test_whose_contact_it_became_does_not_read_the_others_words(app_client: httpx2.AsyncClient) -> None:
    whole = await contact_in("queued")
    part = await make_contact(state="closed", merged_into=whole, close_reason="duplicate", reference=OTHER)
    async with transaction() as session:
        from triage.following_up import say_more

        await say_more(session, part, "I live next door at number 6.", "k")
    page = await post(app_client)
    assert "number 6" not in page.text
    assert ("added", "I live next door at number 6.") in await history(whole), "the desk reads it"


async def test_a_chain_and_even_a_ring_of_parts_is_followed(app_client: httpx2.AsyncClient) -> None:
    first, second = await merged("queued")
    third = await make_contact(reference="BN-4444-5555")
    async with transaction() as session:
        (await session.get_one(Contact, second)).merged_into = third
    assert "BN-4444-5555" in (await post(app_client)).text
    async with transaction() as session:
        (await session.get_one(Contact, third)).merged_into = first
    assert (await post(app_client, do="add", text="Hello?", key="k")).status_code == 200


async def test_so_many_additions_an_hour_but_a_cry_for_help_always(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    await post(app_client)

    async def add(text: str, key: str) -> httpx2.Response:
        data = {"do": "add", "text": text, "key": key}
        return await app_client.post(f"/contacts/{REFERENCE}", data=data, headers=HERE)

    for number in range(30):
        assert (await add("More.", f"k{number}")).status_code == 200
    refused = await add("What I wrote.", "k30")
    assert refused.status_code == 429 and "What I wrote." in refused.text
    assert (await add("He is stabbing me right now", "k31")).status_code == 200
    assert len([what for what, _ in await history(contact_id) if what == "added"]) == 31


async def test_the_api_says_the_same(app_client: httpx2.AsyncClient) -> None:
    past = clock.now() - timedelta(days=1)
    contact_id = await contact_in("queued", settle_due_at=past, messages_ok=True, reply_to="resident@example.com")
    async with transaction() as session:
        await contacts.note_history(session, contact_id, "answered", detail={"text": "On Friday.", "asks": True})
    answer = await app_client.get(f"/api/contacts/{REFERENCE}", headers={"Authorization": f"Bearer {CODE}"})
    told = answer.json()
    assert told["late"] is True and told["messages"] is True and told["team"] == "Bin collections"
    assert [(one["text"], one["asks"]) for one in told["answers"]] == [("On Friday.", True)]


async def test_a_message_is_promised_only_where_it_can_arrive(app_client: httpx2.AsyncClient) -> None:
    need = {"text": "The light is out.", "consent": True, "messages": True}
    refused = await app_client.post("/api/contacts", json=need | {"reply_to": "020 8359 2000"})
    assert refused.status_code == 422 and "reply_to" in refused.json()["detail"]
    filed = await app_client.post("/api/contacts", json=need | {"reply_to": "07700 900123"})
    assert filed.status_code == 201
    form = {"text": "The light is out.", "consent": "yes", "messages": "yes", "step": "check"}
    page = await app_client.post("/contact", data=form, headers=HERE)
    assert page.status_code == 422 and "we need an email address or a UK mobile number" in page.text
    page = await app_client.post("/contact", data=form | {"reply_to": "resident@example.com"}, headers=HERE)
    assert page.status_code == 200 and '<input type="hidden" name="messages" value="yes">' in page.text
