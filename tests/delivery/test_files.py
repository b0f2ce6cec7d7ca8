"""Files that a resident sends go to the supplier after the request, each once and in order, where it takes any."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from connectors.console import ConsoleCasework
from connectors.errors import SupplierBroken
from connectors.shapes import Attachment, Receipt
from tests.delivery.test_handing_on import arrives, deliver, deliveries, noted
from tests.makers import contact_now, make_agent, make_contact
from triage import attachments, contacts
from triage.database import transaction
from triage.delivery import parcels, rules, steps
from triage.following_up import add_file, say_more

PNG = b"\x89PNG\r\n\x1a\n"


async def sends(contact_id: UUID, name: str) -> None:
    async with transaction() as session:
        await add_file(session, contact_id, name, PNG + name.encode())


class HalfDead(ConsoleCasework):
    """Takes each file and says the first time that it could not."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    async def attach(self, handle: str, attachment: Attachment) -> Receipt:
        receipt = await super().attach(handle, attachment)
        self.told.append(attachment.name)
        if self.told.count(attachment.name) == 1:
            raise SupplierBroken(maybe_done=True, wait_s=0.001)
        return receipt

    async def update(self, handle: str, note: Any) -> Receipt:
        self.told.append(note.text)
        return await super().update(handle, note)


async def test_each_goes_once_after_the_request_and_in_order(handed_on: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "wait_after", lambda *_: timedelta(0))
    depot = HalfDead()
    contact_id = await make_contact(service="missed_bin")
    await sends(contact_id, "came-with-it.png")
    async with transaction() as session:
        await steps.hand_on(session, contact_id)
        await steps.hand_on(session, contact_id)
    async with transaction() as session:
        await say_more(session, contact_id, "And this is the lid.", "a key")
    await sends(contact_id, "lid.png")
    for _ in range(8):
        await deliver(depot)
    (case,) = depot.cases.values()
    assert [file.name for file in case.files] == ["came-with-it.png", "lid.png"]
    assert case.files[1].content == PNG + b"lid.png" and case.files[1].content_type == "image/png"
    assert depot.told == ["came-with-it.png", "came-with-it.png", "And this is the lid.", "lid.png", "lid.png"]
    assert [one.state for one in await deliveries(contact_id)] == ["sent"] * 4


async def test_what_an_agent_added_and_what_was_erased_stays_here(depot: ConsoleCasework) -> None:
    contact_id, agent = await arrives(), await make_agent()
    async with transaction() as session:
        file = await attachments.keep(session, contact_id, "ours.png", PNG + b"ours", agent.id)
        await contacts.note_history(session, contact_id, "file", agent_id=agent.id, detail={"file": str(file.id)})
        gone = await add_file(session, contact_id, "gone.png", PNG + b"gone")
        await session.delete(gone)
    for _ in range(3):
        await deliver(depot)
    (case,) = depot.cases.values()
    assert case.files == []
    assert [one.state for one in await deliveries(contact_id)] == ["sent", "dropped"]


async def test_where_the_system_takes_none_an_agent_is_told(
    depot: ConsoleCasework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "takers", lambda: [])
    contact_id = await make_contact(service="missed_bin")
    await sends(contact_id, "lid.png")
    async with transaction() as session:
        await steps.hand_on(session, contact_id)
    await deliver(depot)
    assert [one.kind for one in await deliveries(contact_id)] == ["create"]
    assert "takes no files" in await noted(contact_id)
    # What comes later is an agent's to look at, today.
    await sends(contact_id, "later.png")
    await deliver(depot)
    assert (await contact_now(contact_id)).follow_up_on is None
