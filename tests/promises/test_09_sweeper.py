"""Promise 9: any contact without a queue, a clock or a due notification is found within 60 s.

Each is broken on purpose; then a minute passes, with the rounds that the worker makes in it.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, exists, or_, select, text, update

from connectors.console import ConsoleMessages
from tests.makers import contact_now
from tests.promises.conftest import Follow
from triage import clock, contacts, journey, sweeping, taking, telling
from triage.care import service as care
from triage.care import steps
from triage.database import transaction
from triage.tables import Contact, ContactHistory, Notice

MINUTE = timedelta(seconds=60)
Break = Callable[[UUID], Awaitable[None]]


@pytest.fixture(autouse=True)
def outbox(monkeypatch: pytest.MonkeyPatch) -> ConsoleMessages:
    """The messages that would have gone out."""
    messages = ConsoleMessages()
    monkeypatch.setattr(steps, "messages", lambda: messages)
    return messages


async def arrive() -> UUID:
    """A contact whose resident agreed to messages."""
    new = contacts.NewContact(
        channel="web",
        text="My bin was not emptied on Tuesday.",
        consent=True,
        reply_to="resident@example.com",
        messages_ok=True,
    )
    async with transaction() as session:
        return (await contacts.file_contact(session, new, "BN")).contact_id


async def a_while_passes(length: timedelta) -> None:
    """Everything is so much longer ago."""
    async with transaction() as session:
        for table, moments in (
            (Contact, ("arrived_at", "queued_at", "taken_at", "lease_until")),
            (Notice, ("made_at", "next_at")),
            (ContactHistory, ("at",)),
        ):
            await session.execute(update(table).values({name: getattr(table, name) - length for name in moments}))


async def a_round(follow: Follow) -> None:
    """What the worker does every five seconds, and every minute."""
    await journey.sweep(0)
    await follow()
    await journey.tell(0)
    await journey.tell_late(0)


async def a_minute(follow: Follow) -> None:
    """The rounds of one minute that matter: from the 45th second on, when a thing may count as fallen, to the 55th."""
    await a_while_passes(MINUTE - timedelta(seconds=15))
    for _ in range(3):
        await a_round(follow)
        await a_while_passes(timedelta(seconds=5))


async def arrived(follow: Follow) -> None:
    """What arrived is sorted and queued, and its resident told."""
    await follow()
    async with transaction() as session:
        # A round in between may have found it unsorted and put the notice off for five seconds.
        await session.execute(update(Notice).values(next_at=clock.now()))
    await journey.tell(0)


async def unwell() -> list[str]:
    """What is wrong with the contacts there are, by an account of its own."""
    open_now = Contact.state != "closed"
    no_clock = or_(Contact.first_due_at.is_(None), Contact.settle_due_at.is_(None))
    news = tuple(telling.TOLD)
    wrong = {
        "no queue": select(Contact.id).where(open_now, Contact.queue.is_(None)),
        "in no queue": select(Contact.id).where(Contact.state.in_(("arrived", "sorted"))),
        "no clock": select(Contact.id).where(open_now, no_clock, Contact.paused_at.is_(None)),
        "no notice": select(ContactHistory.id).where(
            ContactHistory.what.in_(news), ~exists().where(Notice.change_id == ContactHistory.id)
        ),
        "not told": select(Notice.id).where(Notice.state == "due"),
    }
    async with transaction() as session:
        return [name for name, rows in wrong.items() if (await session.scalars(rows)).first()]


async def _set(contact_id: UUID, **fields: Any) -> None:
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == contact_id).values(**fields))


async def lose_jobs(contact_id: UUID) -> None:
    async with transaction() as session:
        await session.execute(text("delete from procrastinate_jobs"))


async def nothing_read_it(contact_id: UUID) -> None:
    await _set(contact_id, state="arrived", queue=None, queued_at=None, first_due_at=None, settle_due_at=None)


async def nothing_queued_it(contact_id: UUID) -> None:
    await _set(contact_id, state="sorted", queued_at=None, first_due_at=None, settle_due_at=None)


async def sorted_into_no_queue(contact_id: UUID) -> None:
    await _set(contact_id, state="sorted", queue=None, queued_at=None, first_due_at=None, settle_due_at=None)


async def queued_without_queue(contact_id: UUID) -> None:
    await _set(contact_id, queue=None)


async def taken_without_queue(contact_id: UUID) -> None:
    from tests.makers import make_agent

    agent = await make_agent()
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    # The agent stays at the desk all the while.
    await _set(contact_id, queue=None, lease_until=clock.now() + timedelta(hours=1))


async def without_clocks(contact_id: UUID) -> None:
    await _set(contact_id, first_due_at=None, settle_due_at=None)


async def without_first_clock(contact_id: UUID) -> None:
    await _set(contact_id, first_due_at=None)


async def without_notice(contact_id: UUID) -> None:
    async with transaction() as session:
        await session.execute(delete(Notice))


async def history_without_notice(contact_id: UUID) -> None:
    """As something would that writes history past contacts.note_history."""
    async with transaction() as session:
        session.add(ContactHistory(contact_id=contact_id, what="transferred", detail={"to": "Q-GENERAL"}))


async def notice_never_sent(contact_id: UUID) -> None:
    """Claimed by a process that was killed over it."""
    async with transaction() as session:
        await session.execute(update(Notice).values(state="due", receipt=None))
        notice = await session.scalar(select(Notice.id))
        assert notice is not None
    async with transaction() as session:
        await session.execute(update(Notice).values(next_at=clock.now()))
    async with transaction() as session:
        assert isinstance(await care.prepare(session, notice), care.Letter)


BROKEN: tuple[Break, ...] = (
    nothing_read_it,
    nothing_queued_it,
    sorted_into_no_queue,
    queued_without_queue,
    taken_without_queue,
    without_clocks,
    without_first_clock,
    without_notice,
    history_without_notice,
    notice_never_sent,
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.__name__)
async def test_it_is_found_and_mended_within_a_minute(follow: Follow, broken: Break) -> None:
    contact_id = await arrive()
    await arrived(follow)
    assert await unwell() == []

    await broken(contact_id)
    await lose_jobs(contact_id)
    # Not every break shows at once: one that was claimed by a dead process is "not told".
    assert await unwell() != [], "the break does not show"
    await a_minute(follow)
    assert await unwell() == []
    assert (await contact_now(contact_id)).state in ("queued", "taken")


async def test_a_contact_whose_every_job_was_lost_arrives_all_the_same(follow: Follow, outbox: ConsoleMessages) -> None:
    contact_id = await arrive()
    await lose_jobs(contact_id)
    await a_minute(follow)
    assert await unwell() == []
    assert [one.template for one in outbox.outbox] == ["received"]


async def test_several_at_once_and_nobody_is_told_twice(follow: Follow, outbox: ConsoleMessages) -> None:
    for broken in BROKEN[:-1]:
        contact_id = await arrive()
        await arrived(follow)
        if broken is not without_notice:
            await broken(contact_id)
    await lose_jobs(contact_id)
    for _ in range(2):
        await a_minute(follow)
    assert await unwell() == []
    told = [(one.fields["reference"], one.template) for one in outbox.outbox]
    assert len(told) == len(set(told))


async def test_what_is_well_is_left_alone(follow: Follow) -> None:
    contact_id = await arrive()
    await arrived(follow)
    before = (await contact_now(contact_id)).version
    await a_while_passes(MINUTE)
    async with transaction() as session:
        assert await sweeping.find_strays(session, clock.now()) == 0
    await a_round(follow)
    assert (await contact_now(contact_id)).version == before
