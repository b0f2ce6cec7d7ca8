"""A resident's rare word, in all that they can fill: exported in each part, erased, and then nowhere."""

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, text

from tests.intake.emails import email_of
from tests.keeping.conftest import Where, erase
from tests.makers import make_agent
from tests.promises.conftest import Follow, follow  # noqa: F401
from triage import clock, codes, contacts, record
from triage.catalogue import catalogue
from triage.database import transaction
from triage.desk import linking, service
from triage.errors import Conflict
from triage.intake import email_filing
from triage.intake.email_reading import read
from triage.keep import export
from triage.settings import get_settings
from triage.surveying import links
from triage.tables import Agent, CommentReading, Contact, Conversation, Invite, LearnedExample

WORD = "zyxqwvmark"
ADDRESS = f"{WORD}@example.org"
HERE = {"sec-fetch-site": "same-origin", "origin": "https://testserver"}
PREFIX = "BN"


async def one(reference: str) -> Contact:
    async with transaction() as session:
        found = await session.scalar(select(Contact).where(Contact.reference == reference))
        assert found is not None
        return found


async def chat(client: httpx2.AsyncClient) -> tuple[str, UUID]:
    """A chat, the contact that a form in it left, and what an agent, a survey and learning made of it."""
    begun = (await client.post("/api/conversations")).json()
    said = await client.post(
        f"/api/conversations/{begun['id']}/messages",
        json={"text": f"My bin at {WORD} was not emptied"},
        headers={"authorization": f"Bearer {begun['secret']}", "idempotency-key": WORD},
    )
    assert said.status_code == 200
    talk = UUID(begun["id"])
    async with transaction() as session:
        new = contacts.NewContact(
            channel="chat",
            conversation_id=talk,
            text=f"{WORD}: my bin was not emptied",
            details={"Your address": f"4 {WORD} Road", "Anything else": WORD},
            name=f"Ada {WORD}",
            reply_to=f"chat-{ADDRESS}",
            place=f"4 {WORD} Road",
            consent=True,
            service="missed_bin",
            idempotency_key=contacts.once_key(WORD, WORD),
        )
        filed = await contacts.file_contact(session, new, PREFIX)
        await contacts.note_summary(session, filed.contact_id, f"{WORD} has no bin", contacts.Checked.APPROVED, 1)
        # What Rasa and an open form carry between turns: Rasa's own events are ours to erase.
        talked = await session.get(Conversation, talk)
        assert talked is not None
        talked.dialogue = [{"event": "user", "text": WORD}]
        talked.context = {"service": "missed_bin", "details": {"kept": WORD}}
        await record.append_message(session, talk, "agent", f"Dear {WORD}", by="Agent, Test")
        session.add(
            LearnedExample(
                contact_id=filed.contact_id,
                text=WORD,
                channel="chat",
                from_queue="Q-WASTE",
                queue="Q-STREETS",
                expires_at=clock.now() + timedelta(days=9),
            )
        )
        token = links.token_for(filed.contact_id)
        values = {"service": "missed_bin", "queue": "Q-WASTE", "channel": "chat"}
        session.add(
            Invite(
                contact_id=filed.contact_id,
                conversation_id=talk,
                token_hash=codes.hash_secret(token),
                expires_at=clock.now() + timedelta(days=9),
                **values,
            )
        )
    for answer in ({"satisfaction": "2"}, {"got_it": "no"}, {"comment": f"{WORD} is unhappy", "finished": "yes"}):
        assert (await client.post(f"/survey/{token}", data=answer, headers=HERE)).status_code in (200, 303)
    return filed.reference, talk


async def form(client: httpx2.AsyncClient, text_: str) -> dict[str, Any]:
    """A contact left on the form, with a file."""
    contact = {"channel": "web", "text": text_, "reply_to": ADDRESS, "name": f"Ada {WORD}", "consent": True}
    answer = await client.post("/api/contacts", json=contact | {"place": f"{WORD} Road"})
    assert answer.status_code == 201
    filed: dict[str, Any] = answer.json()
    sent = await client.post(
        f"/contacts/{filed['reference']}/files",
        data={"code": filed["secret"]},
        files={"file": (f"{WORD}.txt", f"The bin of {WORD}.".encode())},
        headers=HERE,
    )
    assert sent.status_code == 200
    return filed


async def made_part_of(part: str, whole: str, agent: Agent) -> None:
    """An agent makes one contact part of another."""
    theirs, into = await one(part), await one(whole)
    async with transaction() as session:
        await service.take(session, agent, theirs.id, theirs.version)
    theirs = await one(part)
    async with transaction() as session:
        await linking.merge(session, agent, theirs.id, theirs.version, into.reference, made_sure=True)


async def closed(*references: str) -> None:
    async with transaction() as session:
        await session.execute(
            text("update contact set state = 'closed', closed_at = now() where reference = any(:all)"),
            {"all": list(references)},
        )
        await session.execute(text("update conversation set mode = 'ended', turn_until = null"))


async def test_the_word_is_exported_and_then_nowhere(
    app_client: httpx2.AsyncClient,
    follow: Follow,  # noqa: F811
    where: Where,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    began = clock.now().timestamp()
    agent = await make_agent()
    administrator = await make_agent(role="administrator", login="the.administrator")
    chatted, talk = await chat(app_client)
    part = await form(app_client, f"{WORD}: a bin again")
    # Another contact of the same address, made part of which the first is heard there; its own words hold no canary.
    whole = (
        await app_client.post("/api/contacts", json={"text": "My bin", "reply_to": ADDRESS, "consent": True})
    ).json()
    mailed = await email_filing.take_in(
        read(
            email_of(subject=WORD, text=f"{WORD} wrote", sender=f"Ada {WORD} <mail-{ADDRESS}>"), {"council@example.org"}
        )
    )
    assert mailed.reference is not None
    await follow()
    await made_part_of(part["reference"], whole["reference"], agent)
    added = {"code": part["secret"], "do": "add", "text": f"And {WORD} adds this", "key": WORD}
    assert (await app_client.post(f"/contacts/{part['reference']}", data=added, headers=HERE)).status_code < 400
    await follow()
    found = await where(WORD)
    assert {
        *("attachment.name", "attachment.content", "answer.comment", "contact.text", "contact.details", "contact.name"),
        *("contact.reply_to", "contact.place", "contact_history.detail", "conversation.dialogue", "message.text"),
        *("conversation.context", "learned_example.text", "message.idempotency_key", "comment_reading.text"),
    } <= found

    # Open, nobody is erased without being told twice.
    with pytest.raises(Conflict, match="somebody is still to deal with it"):
        await erase(chatted, administrator.login)
    assert await where(WORD) == found
    await closed(chatted, part["reference"], mailed.reference)
    async with transaction() as session:
        events = await session.scalar(text("select count(*) from message where conversation_id = :t"), {"t": talk})
    assert events and events >= 3

    await export(chatted, administrator.login, to := tmp_path / "person.json")
    parts = {each["part"]: json.dumps(each["rows"]) for each in json.loads(to.read_text())["parts"]}
    for name in ("contacts", "history", "chats", "messages", "survey", "survey comments", "examples"):
        assert WORD in parts[name], name
    assert '"whose": "ours"' in parts["messages"] and '"whose": "theirs"' in parts["messages"]
    await export(part["reference"], administrator.login, to := tmp_path / "form.json")
    parts = {each["part"]: json.dumps(each["rows"]) for each in json.loads(to.read_text())["parts"]}
    assert WORD in parts["files"] and WORD in parts["history"] and WORD in parts["contacts"]
    assert to.stat().st_mode & 0o077 == 0

    for reference in (chatted, part["reference"], mailed.reference):
        done = await erase(reference, administrator.login)
        assert done.references == [reference]
        assert "notice" not in done.rows
    # The other contact of that address is its own person's to have erased: an address proves nobody.
    left = await one(whole["reference"])
    assert left.reply_to == ADDRESS and done.perhaps == []
    async with transaction() as session:
        await session.execute(text("update contact set reply_to = null where id = :id"), {"id": left.id})
        await session.execute(text("update survey_case set address_hash = null"))
    assert await where(WORD) == set()
    await follow()
    assert await where(WORD) == set()
    assert WORD not in caplog.text
    home = get_settings().home.resolve()
    fresh = [path for path in home.rglob("*") if path.is_file() and path.stat().st_mtime >= began]
    assert not [path for path in fresh if WORD.encode() in path.read_bytes()]

    # Nobody opens it again: not its resident, not the desk; the trail says who erased it, without a word of it.
    for reference, code in ((part["reference"], part["secret"]),):
        assert (await app_client.post(f"/contacts/{reference}", data={"code": code}, headers=HERE)).status_code == 404
    async with transaction() as session:
        who = await session.execute(
            text("select agent_id, about from audit where what = 'erased' order by at"),
        )
        assert list(who.tuples()) == [
            (administrator.id, each) for each in (chatted, part["reference"], mailed.reference)
        ]
        assert not await session.scalar(select(CommentReading).where(CommentReading.text != ""))
    assert catalogue().council["reference_prefix"] == PREFIX
