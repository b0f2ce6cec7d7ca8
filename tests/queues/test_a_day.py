"""A supervisor's day: contacts over ten hours, and the weeks in which they are settled, in fast time.

There are 400 of them here, and 2,000 with FRONTDOOR_TEST_DAY=2000, which takes some minutes.

A seeded plan drives the real steps and services on a real database: contacts arrive, are taken, answered, passed on,
paused, closed and opened again. What each of their clocks is in the end is compared with tests/queues/reckoning.py.
"""

import heapq
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from tests.makers import contact_now, make_agent
from tests.queues.reckoning import Council, Reckoning
from triage import clock, contacts, events, outbox
from triage.catalogue import DATA
from triage.clocks import pausing
from triage.database import transaction
from triage.desk import service, waiting
from triage.following_up import say_more
from triage.queues import steps
from triage.settings import get_settings
from triage.tables import Agent, Contact, ContactClock, ContactHistory

WALL = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
CONTACTS, HOURS, AGENTS = int(os.environ.get("FRONTDOOR_TEST_DAY", "400")), 10, 28
# Tuesday before Christmas: two bank holidays of England and one of Scotland alone lie in the weeks after it.
DAY = datetime(2026, 12, 22, 8, 0, tzinfo=WALL).astimezone(UTC)
END = DAY + timedelta(days=45)
QUEUES = ("Q-WASTE", "Q-CTAX", "Q-BENS", "Q-NNDR", "Q-REPAIR", "Q-TENANCY", "Q-HOMELESS", "Q-GOV", "Q-HOLDING")
QUEUES += ("Q-GENERAL", "Q-REG", "Q-WELF", "Q-PCN", "Q-EMERG", "Q-BC", "Q-STREET")
STATUTORY = {"Q-GOV": ("foi", "sar", "complaint"), "Q-HOMELESS": ("homelessness",), "Q-REPAIR": ("hazard", None)}


@pytest.fixture
def wall(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, datetime]]:
    """The clock on the wall, which the plan moves. Events are followed by no job: the plan runs the steps itself."""
    held = {"now": DAY}

    class Held(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return held["now"].astimezone(tz or UTC)

    with monkeypatch.context() as patched:
        patched.setattr(clock, "datetime", Held)
        ids = random.Random(2026)
        patched.setattr(contacts, "uuid4", lambda: UUID(int=ids.getrandbits(128), version=4))
        for event in events.Event.__subclasses__():
            patched.setitem(outbox.routes, event.__name__, ())
        yield held


class Plan:
    """What happens next, and to whom. The same seed is the same day."""

    def __init__(self, wall: dict[str, datetime], council: Council, agents: list[Agent], seed: int) -> None:
        self.wall, self.council, self.agents, self.chance = wall, council, agents, random.Random(seed)
        self.due: list[tuple[datetime, int, str, tuple[Any, ...]]] = []
        self.number = 0
        self.reckoned: dict[UUID, Reckoning] = {}
        self.done: dict[str, int] = {}

    def at(self, moment: datetime, what: str, *who: Any) -> None:
        self.number += 1
        heapq.heappush(self.due, (moment, self.number, what, who))

    def soon(self, what: str, least: int, most: int, *who: Any) -> None:
        self.at(self.wall["now"] + MINUTE * self.chance.randint(least, most), what, *who)

    async def run(self) -> None:
        for number in range(CONTACTS):
            self.at(DAY + MINUTE * self.chance.randrange(HOURS * 60), "arrive", number)
        for agent in self.agents:
            self.at(DAY + MINUTE * self.chance.randrange(5), "take", agent)
        moment = DAY
        while moment < END:
            # The watch comes by every ten minutes of the day, and later only now and then.
            moment += MINUTE * (10 if moment < DAY + timedelta(hours=HOURS) else self.chance.randrange(60, 400))
            self.at(moment, "watch")
        while self.due:
            moment, _, what, who = heapq.heappop(self.due)
            if moment >= END:
                break
            self.wall["now"] = moment
            await getattr(self, what)(*who)
            self.done[what] = self.done.get(what, 0) + 1
        self.wall["now"] = END
        while await self.watch():
            pass

    async def arrive(self, number: int) -> None:
        queue = self.chance.choice(QUEUES)
        priority = self.chance.choices(("P0", "P1", "P2", "P3", "P4"), (1, 5, 14, 60, 20))[0]
        statutory = self.chance.choice(STATUTORY.get(queue, (None,)))
        live = self.chance.random() < 0.15
        async with transaction() as session:
            new = contacts.NewContact("web", f"Contact {number}", live=live, priority=priority)
            filed = await contacts.file_contact(session, new, "BN")
            contact = await session.get_one(Contact, filed.contact_id)
            # What sorting would write: what it reads from words is tested where it is done.
            contact.state, contact.queue, contact.statutory = "sorted", queue, statutory
        self.reckoned[contact.id] = Reckoning(self.council, self.wall["now"], priority, live, statutory)
        self.soon("queue", 0, 3, contact.id, queue)

    async def queue(self, contact_id: UUID, queue: str) -> None:
        async with transaction() as session:
            await steps.queue_contact(session, contact_id)
        self.reckoned[contact_id].queued(self.wall["now"], queue)

    async def take(self, agent: Agent) -> None:
        now = self.wall["now"].astimezone(WALL)
        if now.hour >= 18:
            # Home; back in the morning, and longer away over Christmas.
            self.at((now + timedelta(hours=15)).astimezone(UTC), "take", agent)
            return
        async with transaction() as session:
            contact_id = await service.take_next(session, agent)
        if contact_id is None:
            # On the day itself somebody looks every few minutes; in the weeks after it a few times a day.
            self.soon("take", *((8, 40) if self.wall["now"] < DAY + timedelta(hours=HOURS) else (200, 900)), agent)
            return
        await self.go_on(agent, contact_id)
        self.soon("take", 2, 9, agent)

    async def go_on(self, agent: Agent, contact_id: UUID) -> None:
        """Plan what the agent does with what they hold."""
        weights = {"answer": 40, "close": 28, "transfer": 15, "pause": 12, "release": 5}
        what = self.chance.choices(list(weights), list(weights.values()))[0]
        # Some are left lying for days.
        most = 9000 if self.chance.random() < 0.12 else 25
        self.soon(what, 1, most, agent, contact_id)

    async def _do(self, what: Any, agent: Agent, contact_id: UUID, *more: Any) -> None:
        async with transaction() as session:
            contact = await session.get_one(Contact, contact_id)
            assert (contact.state, contact.agent_id) == ("taken", agent.id)
            await what(session, agent, contact_id, contact.version, *more)

    async def answer(self, agent: Agent, contact_id: UUID) -> None:
        await self._do(service.reply, agent, contact_id, "We have looked at this.")
        self.reckoned[contact_id].answered(self.wall["now"])
        waits = bool(self.reckoned[contact_id].reason)
        then = self.chance.choices(("close", "pause", "transfer"), (70, 0 if waits else 20, 10))[0]
        self.soon(then, 0, 9000 if self.chance.random() < 0.2 else 30, agent, contact_id)

    async def transfer(self, agent: Agent, contact_id: UUID) -> None:
        reckoned = self.reckoned[contact_id]
        queue = self.chance.choice([queue for queue in QUEUES if queue != reckoned.queue])
        await self._do(service.transfer, agent, contact_id, queue, "It is theirs.")
        # What partners have passed to and fro is held for a supervisor instead (test_bouncing.py): where it went is
        # taken from the record, and what that does to its clocks is reckoned.
        went = (await contact_now(contact_id)).queue
        assert went in (queue, "Q-HOLDING")
        reckoned.transferred(self.wall["now"], str(went))

    async def release(self, agent: Agent, contact_id: UUID) -> None:
        await self._do(service.release, agent, contact_id)

    async def pause(self, agent: Agent, contact_id: UUID) -> None:
        reason = self.chance.choice(pausing.REASONS).id
        today: date = self.wall["now"].astimezone(WALL).date()
        until = today + timedelta(days=self.chance.randint(1, 12))
        await self._do(waiting.pause, agent, contact_id, reason, until.isoformat())
        over = datetime(until.year, until.month, until.day, tzinfo=WALL).astimezone(UTC)
        self.reckoned[contact_id].paused(self.wall["now"], reason, over)
        left = int((over - self.wall["now"]) / MINUTE)
        may = ("resume", "speak", "itself", "close", "transfer", "answer") + ("prove",) * 3 * (reason == "identity")
        match self.chance.choice(may):
            case "itself":
                self.soon("close", left + 1, left + 5000, agent, contact_id)
            case ("close" | "transfer" | "answer") as other:
                self.soon(other, 0, left + 1000, agent, contact_id)
            case other:
                self.soon(other, 0, left - 1, agent, contact_id)

    async def resume(self, agent: Agent, contact_id: UUID) -> None:
        await self._do(waiting.resume, agent, contact_id)
        self.reckoned[contact_id].resumed(self.wall["now"])
        self.soon("close", 1, 3000, agent, contact_id)

    async def prove(self, agent: Agent, contact_id: UUID) -> None:
        await self._do(waiting.prove, agent, contact_id)
        self.reckoned[contact_id].resumed(self.wall["now"], proved=True)
        self.soon("close", 1, 3000, agent, contact_id)

    async def speak(self, agent: Agent, contact_id: UUID) -> None:
        async with transaction() as session:
            await say_more(session, contact_id, "Here is what you asked for.")
        self.reckoned[contact_id].resumed(self.wall["now"])
        self.soon("close", 1, 3000, agent, contact_id)

    async def close(self, agent: Agent, contact_id: UUID) -> None:
        await self._do(service.close, agent, contact_id, "answered", "We have answered you.")
        self.reckoned[contact_id].closed(self.wall["now"])
        if self.chance.random() < 0.1:
            self.soon("reopen", 5, 20_000, contact_id)

    async def reopen(self, contact_id: UUID) -> None:
        async with transaction() as session:
            await say_more(session, contact_id, "This is not settled.")
        reckoned = self.reckoned[contact_id]
        reckoned.reopened(self.wall["now"])
        self.soon("queue", 0, 2, contact_id, reckoned.queue)

    async def watch(self) -> int:
        async with transaction() as session:
            return await steps.watch_clocks(session)


async def test_every_clock_of_a_supervisors_day_is_what_an_independent_reckoning_says(
    wall: dict[str, datetime],
) -> None:
    began, worked = time.monotonic(), time.process_time()
    council = Council(DATA / "councils" / get_settings().council, DAY.replace(hour=0, minute=0), 100)
    agents = [await make_agent() for _ in range(AGENTS)]
    plan = Plan(wall, council, agents, seed=2026)
    await plan.run()

    async with transaction() as session:
        rows = (await session.scalars(select(ContactClock))).all()
        told = dict(
            (await session.execute(select(ContactHistory.what, func.count()).group_by(ContactHistory.what))).all()
        )
        owners = {row.id: row for row in (await session.scalars(select(Contact))).all()}
    stored: dict[UUID, list[tuple[Any, ...]]] = {contact_id: [] for contact_id in plan.reckoned}
    for row in rows:
        moments = (row.began_at, row.due_at, row.met_at, row.breached_at, row.ended_at)
        in_utc = (moment and moment.astimezone(UTC) for moment in moments)
        stored[row.contact_id].append((row.kind, row.queue, row.partner, *in_utc))
    assert len(stored) == CONTACTS == len(owners)
    wrong = []
    for contact_id, reckoned in plan.reckoned.items():
        expected, found = reckoned.over(END), sorted(stored[contact_id], key=repr)
        if expected != found:
            only = [row for row in found if row not in expected], [row for row in expected if row not in found]
            wrong.append((contact_id, *only))
    assert not wrong, f"{len(wrong)} of {CONTACTS} differ; the first: {wrong[0]}"
    for contact_id, reckoned in plan.reckoned.items():
        present = {clock.kind: clock for clock in reckoned.clocks if clock.ended is None}
        contact = owners[contact_id]
        assert (contact.first_due_at, contact.settle_due_at) == (present["first"].due, present["settle"].due)
        assert contact.partner == reckoned.partner
    breaches = [clock for reckoned in plan.reckoned.values() for clock in reckoned.clocks if clock.breached]
    # A day in which little happened would prove little.
    share = CONTACTS / 2000
    assert told["clock_missed"] == len(breaches) > 300 * share
    assert len({(clock.kind, clock.partner) for clock in breaches}) > (12 if share == 1 else 6)
    least = {"arrive": 2000, "transfer": 200, "pause": 150, "resume": 15, "speak": 15, "close": 900, "reopen": 60}
    short = {what: number for what, number in least.items() if plan.done.get(what, 0) < int(number * share)}
    assert short == {}, plan.done
    took, worked = time.monotonic() - began, time.process_time() - worked
    print(f"{plan.done}; {len(rows)} clocks, {len(breaches)} breaches; {took:.0f} s, of which {worked:.0f} s our own")
