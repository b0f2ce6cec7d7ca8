"""A resident sends a photo for a contact that they have, without JavaScript; the desk has it at once."""

from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from tests.intake.test_following_up import CODE, HERE, OTHER_CODE, REFERENCE, contact_in
from tests.makers import contact_now, make_agent, make_contact, session_of
from triage import attachments, clock
from triage.access import DESK_COOKIE
from triage.clocks import keeping, pausing
from triage.database import transaction
from triage.tables import Attachment, Contact, ContactHistory

PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 400


async def send(
    client: httpx2.AsyncClient, content: bytes = PHOTO, name: str = "my bin.png", code: str = CODE
) -> httpx2.Response:
    files = {"file": (name, content)}
    return await client.post(f"/contacts/{REFERENCE}/files", data={"code": code}, files=files, headers=HERE)


async def kept(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        rows = await session.scalars(
            select(Attachment).where(Attachment.contact_id == contact_id).order_by(Attachment.at)
        )
        return [one.name for one in rows]


async def test_a_photo_is_kept_shown_and_opened_at_the_desk(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued", follow_up_on=clock.today() + timedelta(days=3))
    before = await contact_now(contact_id)
    page = await app_client.post(f"/contacts/{REFERENCE}", data={"code": CODE}, headers=HERE)
    assert 'enctype="multipart/form-data"' in page.text and 'type="file"' in page.text
    # The pass stands for the code, as everywhere on this page.
    answer = await send(app_client, code="")
    assert answer.status_code == 200 and "We have your file" in answer.text and "my bin.png" in answer.text
    assert "You sent a file." in answer.text
    after = await contact_now(contact_id)
    # It is read today, whatever day it was put off to.
    assert after.version > before.version and after.follow_up_on is None
    app_client.cookies.set(DESK_COOKIE, await session_of(await make_agent("Q-WASTE")))
    desk = (await app_client.get(f"/desk/contacts/{contact_id}")).text
    assert "my bin.png" in desk and "From the resident" in desk
    href = desk.split('href="/desk/contacts/')[1:]
    address = next(one.split('"')[0] for one in href if "/files/" in one)
    assert (await app_client.get(f"/desk/contacts/{address}")).content == PHOTO


async def test_the_same_file_twice_is_kept_once_and_what_an_agent_added_is_not_shown(
    app_client: httpx2.AsyncClient,
) -> None:
    contact_id = await contact_in("queued")
    agent = await make_agent()
    async with transaction() as session:
        await attachments.keep(session, contact_id, "our plan.png", PHOTO, agent.id)
    for _ in range(2):
        answer = await send(app_client)
        assert answer.status_code == 200
    assert await kept(contact_id) == ["our plan.png", "my bin.png"] and "our plan" not in answer.text
    async with transaction() as session:
        lines = (await session.scalars(select(ContactHistory).where(ContactHistory.what == "file"))).all()
    assert [line.agent_id for line in lines] == [None]


async def test_a_pause_ends_with_it(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    async with transaction() as session:
        contact = await session.get_one(Contact, contact_id)
        await keeping.start(session, contact, clock.now())
        until = pausing.until(clock.today() + timedelta(days=3))
        await keeping.pause(session, contact, "resident", until, clock.now(), (await make_agent()).id)
    await send(app_client)
    assert (await contact_now(contact_id)).paused_at is None


@pytest.mark.parametrize(
    ("content", "name", "status", "said"),
    [
        (b"", "empty.png", 422, "not empty"),
        (b"MZ\x90\x00", "holiday.png", 422, "We cannot take that kind of file"),
        (b"<svg onload=alert(1)>\x00", "x.svg", 422, "We cannot take that kind of file"),
        (PHOTO + b"0" * attachments.LARGEST, "big.png", 413, "larger than 5 MB"),
    ],
)
async def test_what_is_no_photo_or_too_large_is_refused_on_the_page_itself(
    app_client: httpx2.AsyncClient, content: bytes, name: str, status: int, said: str
) -> None:
    contact_id = await contact_in("queued")
    answer = await send(app_client, content, name)
    assert answer.status_code == status and said in answer.text and "There is a problem" in answer.text
    assert 'href="#file"' in answer.text and "What you told us" in answer.text
    assert await kept(contact_id) == []


async def test_so_many_files_and_the_desk_can_still_add_some(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    for number in range(attachments.MOST_FROM_RESIDENT):
        answer = await send(app_client, PHOTO + bytes([number]))
        assert answer.status_code == 200
    assert 'type="file"' not in answer.text and "as many files as we can take" in answer.text
    refused = await send(app_client, PHOTO + b"one more")
    assert refused.status_code == 422 and "we cannot take more here" in refused.text
    async with transaction() as session:
        await attachments.keep(session, contact_id, "ours.png", PHOTO, (await make_agent()).id)


async def test_without_the_code_nothing_is_kept(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued")
    for code in (OTHER_CODE, ""):
        answer = await send(app_client, code=code)
        assert answer.status_code == 404 and "Your code" in answer.text and "My bin" not in answer.text
    assert "choose your file once more" in answer.text
    elsewhere = await app_client.post(
        f"/contacts/{REFERENCE}/files",
        data={"code": CODE},
        files={"file": ("a.png", PHOTO)},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert elsewhere.status_code == 403 and await kept(contact_id) == []


async def test_a_closed_contact_takes_words_first(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("closed")
    page = await app_client.post(f"/contacts/{REFERENCE}", data={"code": CODE}, headers=HERE)
    assert 'type="file"' not in page.text
    answer = await send(app_client)
    assert answer.status_code == 422 and "Tell us below what is not settled" in answer.text
    assert await kept(contact_id) == [] and (await contact_now(contact_id)).state == "closed"


async def test_a_file_of_one_that_was_made_part_of_another_is_seen_where_it_is_dealt_with(
    app_client: httpx2.AsyncClient,
) -> None:
    whole = await make_contact()
    part = await contact_in("closed", merged_into=whole)
    before = (await contact_now(whole)).version
    assert (await send(app_client)).status_code == 200
    assert await kept(part) == ["my bin.png"] and (await contact_now(whole)).version > before
    app_client.cookies.set(DESK_COOKIE, await session_of(await make_agent("Q-WASTE")))
    assert "my bin.png" in (await app_client.get(f"/desk/contacts/{whole}")).text


async def test_a_danger_in_a_text_file_shows_the_number_and_makes_it_urgent(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("queued", placement="bounced")
    answer = await send(app_client, b"My neighbour is being stabbed outside right now", "note.txt")
    assert 'href="tel:999"' in answer.text and "We have your file" in answer.text
    contact = await contact_now(contact_id)
    assert contact.priority <= "P1" and contact.danger and contact.placement is None
