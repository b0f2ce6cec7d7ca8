"""Promise 1, in small: the worker is killed (kill -9) at random moments over 200 contacts; none is lost or doubled."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from connectors.console import ConsoleMessages
from tests.promises.conftest import Follow
from tests.promises.test_09_sweeper import MINUTE, a_round, a_while_passes
from triage import journey
from triage.care import steps
from triage.database import transaction
from triage.intake import service
from triage.intake.schemas import ContactIn
from triage.tables import Contact, ContactHistory, Notice

CONTACTS, KILLS = 200, 5
READY_S = 120.0


class Worker:
    """A worker in a process of its own, over this test's database."""

    def __init__(self, output: Path) -> None:
        self._output = output.open("wb")
        self._log = output
        self.process = subprocess.Popen(
            [sys.executable, "-m", "triage.worker"], stdout=self._output, stderr=subprocess.STDOUT, env={**os.environ}
        )

    async def ready(self) -> None:
        deadline = time.monotonic() + READY_S
        while b"worker.ready" not in self._log.read_bytes():
            assert self.process.poll() is None and time.monotonic() < deadline, self._log.read_text()[-2000:]
            await asyncio.sleep(0.05)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        self._output.close()


async def leave(number: int) -> str:
    """One contact with a key of its own, which is sent twice as after a lost answer."""
    given = ContactIn(
        channel="api",
        text=f"My bin was not emptied at number {number}.",
        reply_to=f"resident{number}@example.com",
        messages=True,
        consent=True,
    )
    references = set()
    for _ in range(2):
        async with transaction() as session:
            references.add((await service.take_in(session, given, f"key {number}")).reference)
    (reference,) = references
    return reference


async def test_no_acknowledged_contact_is_lost_or_doubled(
    follow: Follow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(22)
    acknowledged: list[str] = []

    async def arrive() -> None:
        for number in range(CONTACTS):
            acknowledged.append(await leave(number))
            await asyncio.sleep(0)

    arriving = None
    for number in range(KILLS):
        worker = Worker(tmp_path / f"worker {number}.log")
        try:
            await worker.ready()
            arriving = arriving or asyncio.create_task(arrive())
            await asyncio.sleep(chance.uniform(0.05, 1.0))
        finally:
            worker.kill()
    assert arriving is not None
    await arriving

    # What the dead held is found by the rounds of a worker that lives, in this process, for a minute and more.
    outbox = ConsoleMessages()
    monkeypatch.setattr(steps, "messages", lambda: outbox)
    async with transaction() as session:
        cut_short = await session.scalar(select(func.count()).where(Contact.state.in_(("arrived", "sorted"))))
        assert cut_short, "the worker was never killed with work in hand"
    for _ in range(6):
        await journey.revive(0)
        await a_while_passes(MINUTE)
        await a_round(follow)

    async with transaction() as session:
        contacts = (await session.scalars(select(Contact))).all()
        lines = (await session.execute(select(ContactHistory.contact_id, ContactHistory.what))).all()
        notices = (await session.scalars(select(Notice))).all()
    assert sorted(one.reference for one in contacts) == sorted(acknowledged)
    assert len(set(acknowledged)) == CONTACTS
    assert {one.state for one in contacts} == {"queued"}
    assert set(Counter((line.contact_id, line.what) for line in lines).values()) == {1}
    assert len(lines) == 3 * CONTACTS, "arrived, sorted, queued, once each"
    assert len(notices) == CONTACTS and {one.state for one in notices} == {"sent"}
    assert max(Counter(one.client_reference for one in outbox.outbox).values(), default=1) == 1
