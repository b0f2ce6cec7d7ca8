"""Promise 2: one Idempotency-Key sent again, five at a time: one contact, one message, the same reference."""

import asyncio
import re
from typing import Any

import httpx2
from sqlalchemy import func, select

from triage.database import transaction
from triage.tables import Contact, ContactHistory, Message, Notice

HERE = {"sec-fetch-site": "same-origin"}
NEED = {"text": "The street light outside number 4 is out.", "consent": True}
FORM = {"text": "The street light outside number 4 is out.", "consent": "yes", "step": "send", "key": "one form"}


async def five(send: Any) -> list[httpx2.Response]:
    return list(await asyncio.gather(*(send() for _ in range(5))))


async def count(table: Any, *where: Any) -> int:
    async with transaction() as session:
        return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0


async def test_a_contact_by_the_api(app_client: httpx2.AsyncClient) -> None:
    def send() -> Any:
        return app_client.post("/api/contacts", json=NEED, headers={"Idempotency-Key": "one key"})

    answers = [*await five(send), *await five(send)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.json()["reference"], answer.json()["secret"]) for answer in answers}) == 1
    assert await count(Contact) == await count(Notice) == 1
    assert await count(ContactHistory, ContactHistory.what == "arrived") == 1


async def test_the_same_key_with_other_words_is_another_contact(app_client: httpx2.AsyncClient) -> None:
    for text in ("The street light is out.", "My bin was not emptied."):
        answer = await app_client.post("/api/contacts", json=NEED | {"text": text}, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 201
    assert await count(Contact) == 2


async def test_a_message_in_the_chat(app_client: httpx2.AsyncClient) -> None:
    begun = (await app_client.post("/api/conversations")).json()
    headers = {"Authorization": f"Bearer {begun['secret']}", "Idempotency-Key": "one key"}

    def send() -> Any:
        address = f"/api/conversations/{begun['id']}/messages"
        return app_client.post(address, json={"text": "when is my bin day"}, headers=headers)

    answers = [*await five(send), *await five(send)]
    assert {answer.status_code for answer in answers} == {200}
    heard = {tuple(message["id"] for message in answer.json()["messages"]) for answer in answers}
    assert len(heard) == 1 and all(heard)
    assert await count(Message, Message.author == "resident") == 1


async def test_the_form_about_a_need(app_client: httpx2.AsyncClient) -> None:
    def send() -> Any:
        return app_client.post("/contact", data=FORM, headers=HERE)

    answers = [*await five(send), *await five(send)]
    assert {answer.status_code for answer in answers} == {200}
    references = {re.search(r"BN-[0-9A-Z]{4}-[0-9A-Z]{4}", answer.text)[0] for answer in answers}  # type: ignore[index]
    assert len(references) == 1
    assert await count(Contact) == 1


async def test_what_is_added_to_a_contact(app_client: httpx2.AsyncClient) -> None:
    filed = (await app_client.post("/api/contacts", json=NEED)).json()
    form = {"code": filed["secret"], "do": "add", "text": "It has been out for a week.", "key": "one form"}

    def send() -> Any:
        return app_client.post(f"/contacts/{filed['reference']}", data=form, headers=HERE)

    answers = [*await five(send), *await five(send)]
    assert all("We have added what you wrote" in answer.text for answer in answers)
    assert await count(ContactHistory, ContactHistory.what == "added") == 1
