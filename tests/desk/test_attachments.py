"""Files of a contact: what is taken, who may open one, and how it is handed out."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.browsers import Browser, SignIn
from tests.makers import contact_now, make_agent, make_contact
from triage import attachments, taking
from triage.database import transaction
from triage.errors import Invalid
from triage.tables import Agent, Attachment, ContactHistory

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


async def taken(agent: Agent) -> UUID:
    contact_id = await make_contact()
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    return contact_id


async def send(browser: Browser, contact_id: UUID, name: str, content: bytes) -> Any:
    version = str((await contact_now(contact_id)).version)
    return await browser.post(
        f"/desk/contacts/{contact_id}/files", data={"version": version}, files={"file": (name, content, "image/png")}
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(9), "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"%PDF-1.7\n", "application/pdf"),
        ("Grüße aus Barnet\n".encode(), "text/plain"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"MZ\x90\x00\x03", None),
        (b"PK\x03\x04\x00\x00", None),
        (b"\x7fELF\x02", None),
        (b"\xff\xfe\x00", None),
    ],
)
def test_what_a_file_is_its_content_says(content: bytes, kind: str | None) -> None:
    assert attachments.kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\bin.png", "bin.png"),
        ('a"b\r\nc.pdf', "a_b__c.pdf"),
        ("", "file"),
        ("..", "file"),
    ],
)
def test_a_name_steers_nothing(name: str, tidy: str) -> None:
    assert attachments.tidy_name(name) == tidy
    assert len(attachments.tidy_name("x" * 500 + ".pdf")) <= attachments.LONGEST_NAME


async def test_a_file_is_kept_listed_and_handed_out_to_be_saved(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    contact_id = await taken(agent)
    assert (await send(browser, contact_id, "bin at night.png", PNG)).status_code == 303
    page = (await browser.get(f"/desk/contacts/{contact_id}")).text
    assert "bin at night.png" in page
    async with transaction() as session:
        file_id = (await session.scalars(select(Attachment.id))).one()
    file = await browser.get(f"/desk/contacts/{contact_id}/files/{file_id}")
    assert file.content == PNG and file.headers["content-type"] == "image/png"
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''bin%20at%20night.png"
    assert file.headers["x-content-type-options"] == "nosniff" and "sandbox" in file.headers["content-security-policy"]
    async with transaction() as session:
        opened = await session.scalars(select(ContactHistory.agent_id).where(ContactHistory.what == "opened file"))
        assert opened.all() == [agent.id]


async def test_a_file_is_not_found_by_whoever_may_not_open_its_contact_or_under_another(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    contact_id, other = await taken(agent), await taken(agent)
    await send(browser, contact_id, "a.png", PNG)
    async with transaction() as session:
        file_id = (await session.scalars(select(Attachment.id))).one()
    stranger = await signed_in(await make_agent("Q-LIB"))
    assert (await stranger.get(f"/desk/contacts/{contact_id}/files/{file_id}")).status_code == 404
    assert (await browser.get(f"/desk/contacts/{other}/files/{file_id}")).status_code == 404
    assert (await send(stranger, contact_id, "a.png", PNG)).status_code == 404


async def test_what_is_not_taken_is_refused_in_words(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    contact_id = await taken(agent)
    for name, content, status in (
        ("a.png", b"MZ\x90\x00", 422),
        ("a.png", b"", 422),
        ("a.png", PNG + bytes(attachments.LARGEST), 413),
    ):
        assert (await send(browser, contact_id, name, content)).status_code == status
    async with transaction() as session:
        for number in range(attachments.MOST_FILES):
            await attachments.keep(session, contact_id, f"{number}.txt", b"words")
        with pytest.raises(Invalid, match="10 files already"):
            await attachments.keep(session, contact_id, "one more.txt", b"words")
