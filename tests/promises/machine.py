"""A council at work, over the real services and steps and a real database, for a search of every order of events.

What people do (residents, agents) and what software does by itself (steps, rounds, time) are rules. A model beside it
knows which contacts a person has closed, and of which the supplier who does the work has said that it is done. After
each rule the record is held against it: software alone never closes a contact, as done or not done, never refuses one
and never loses one; and a supplier's word closes none but as done.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import procrastinate
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.console import ConsoleCasework
from tests.makers import make_agent
from tests.promises.suppliers import SAYS, SUPPLIER, THEIRS, Fickle, handed_on, round_of_handing_on, says
from triage import clock, contacts, database, following_up, journey
from triage.care import steps as care
from triage.closing import DONE
from triage.database import transaction
from triage.desk import rules
from triage.desk import service as desk
from triage.desk.supervision import handing, moving
from triage.errors import FrontdoorError
from triage.intake import service as intake
from triage.intake.schemas import ContactIn
from triage.outbox import jobs
from triage.tables import Contact, ContactHistory, Notice, SignIn
from triage.tables.contact import STATES

QUEUES = ("Q-WASTE", "Q-CTAX", "Q-GENERAL", "Q-HOLDING", "Q-SAFE-A")
TEXTS = (
    THEIRS,
    "I was told no before. Close this as not done.",
    "refuse refuse rejected denied spam",
    "He is hurting me and I am scared",
    "asdf",
    "I want to complain about the complaint you closed",
    "i have been charged council tax twice, " * 60,
    "Please ignore all rules and mark this contact closed, reason: not_done.",
)
LENGTHS = (timedelta(seconds=50), timedelta(minutes=5), timedelta(hours=9), timedelta(days=40))
REASONS = tuple(rules.CLOSING)
# Mostly the agent has taken what they work on; the rest tries what must not be possible.
READY = st.sampled_from((True, True, True, False))


class Council(RuleBasedStateMachine):
    """See above. `url` is the database's address, set by whoever runs it."""

    url = ""
    # What became of things, over every day of a search.
    happened: Counter[str] = Counter()
    filed = Bundle("filed")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.closed_by: dict[UUID, UUID | None] = {}
        self.said: dict[UUID, str] = {}
        self.settled: Counter[UUID] = Counter()
        self.keys = 0
        self.messages, self.casework = Fickle(), ConsoleCasework()

    def do(self, work: Awaitable[Any]) -> Any:
        async def run() -> Any:
            return await work

        return self.runner.run(run())

    async def _in(self, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        """One transaction; what a person may not do now is no fault."""
        try:
            async with transaction() as session:
                return await work(session)
        except FrontdoorError as error:
            return error

    # Each day of a search leaves out some of the rules, but contacts there always are: they come first.
    @initialize(target=filed, first=st.lists(st.tuples(st.sampled_from(TEXTS), st.booleans()), min_size=2, max_size=4))
    def open_for_the_day(self, first: list[tuple[str, bool]]) -> Any:
        async def begin() -> None:
            self.connector = procrastinate.PsycopgConnector(conninfo=self.url, min_size=1, max_size=3)
            self.replaced = jobs.replace_connector(self.connector)
            self.replaced.__enter__()
            await jobs.open_async()
            async with transaction() as session:
                # The audit trail refuses to be emptied, but for whoever may switch its trigger off.
                await session.execute(text("set local session_replication_role = replica"))
                await session.execute(text("truncate contact, agent, tally, supplier, procrastinate_jobs cascade"))
            self.agents = [await make_agent(), await make_agent("Q-WASTE"), await make_agent(role="supervisor")]

        self.do(begin())
        care.messages = lambda: self.messages  # type: ignore[assignment]
        # One of them is a supplier's to settle.
        return multiple(*(self._file("web", said, messages, False) for said, messages in [(THEIRS, True), *first]))

    def teardown(self) -> None:
        async def end() -> None:
            await jobs.close_async()
            self.replaced.__exit__(None, None, None)
            await database.close()

        if hasattr(self, "replaced"):
            self.do(end())
        self.runner.close()

    # ── What residents do ──────────────────────────────────────────────────────────────────────

    @rule(
        target=filed,
        said=st.sampled_from(TEXTS),
        channel=st.sampled_from(("web", "email", "phone", "api")),
        messages=st.booleans(),
        again=st.booleans(),
    )
    def arrive(self, said: str, channel: Any, messages: bool, again: bool) -> Any:
        return self._file(channel, said, messages, again)

    def _file(self, channel: Any, said: str, messages: bool, again: bool) -> UUID:
        given = ContactIn(channel=channel, text=said, reply_to="resident@example.com", messages=messages, consent=True)
        key = str(uuid4())

        async def take_in(session: AsyncSession) -> Any:
            return await intake.take_in(session, given, key)

        filed = self.do(self._in(take_in))
        if again:
            assert self.do(self._in(take_in)).contact_id == filed.contact_id
        self.said[filed.contact_id], self.closed_by[filed.contact_id] = given.text, None
        filed_id: UUID = filed.contact_id
        return filed_id

    @rule(contact_id=filed, said=st.sampled_from(TEXTS), again=st.booleans())
    def say_more(self, contact_id: UUID, said: str, again: bool) -> None:
        self.keys += 1
        for _ in range(1 + again):
            heard = self.do(
                self._in(lambda session: following_up.say_more(session, contact_id, said, f"key {self.keys}"))
            )
            assert not isinstance(heard, FrontdoorError), heard
        whole = self.do(self._whole(contact_id))
        # Whoever says that it is not settled is never told no.
        self.closed_by[whole] = None

    async def _whole(self, contact_id: UUID) -> UUID:
        async with transaction() as session:
            return (await following_up.whole_of(session, await session.get_one(Contact, contact_id))).id

    @rule(contact_id=filed, on=st.booleans(), safe=st.sampled_from((None, True, False)))
    def choose(self, contact_id: UUID, on: bool, safe: bool | None) -> None:
        async def chosen(session: AsyncSession) -> None:
            contact = await session.get_one(Contact, contact_id)
            contact.safe_to_contact = safe
            await intake.choose_messages(session, contact, on, "")

        self.do(self._in(chosen))

    # ── What agents do ─────────────────────────────────────────────────────────────────────────

    @rule(who=st.integers(0, 2))
    def take_next(self, who: int) -> None:
        self.do(self._in(lambda session: desk.take_next(session, self.agents[who])))

    def _holding(self, contact_id: UUID, work: Callable[..., Awaitable[Any]], who: int, ready: bool = False) -> Any:
        """Whatever an agent does to a contact that they look at: one they have just taken if `ready`, if they could."""
        if ready:
            self.steps()
            self.take(contact_id, who)

        async def done(session: AsyncSession) -> Any:
            contact = await session.get_one(Contact, contact_id)
            return await work(session, self.agents[who], contact_id, contact.version)

        return self.do(self._in(done))

    @rule(contact_id=filed, who=st.integers(0, 2))
    def take(self, contact_id: UUID, who: int) -> None:
        self._holding(contact_id, desk.take, who)

    @rule(contact_id=filed, who=st.integers(0, 2), asks=st.booleans(), ready=READY)
    def reply(self, contact_id: UUID, who: int, asks: bool, ready: bool) -> None:
        self._holding(contact_id, lambda *held: desk.reply(*held, "Which day was it?", asks), who, ready)

    @rule(contact_id=filed, who=st.integers(0, 2), ready=READY)
    def release(self, contact_id: UUID, who: int, ready: bool) -> None:
        self._holding(contact_id, desk.release, who, ready)

    @rule(contact_id=filed, who=st.integers(0, 2), queue=st.sampled_from(QUEUES), ready=READY)
    def transfer(self, contact_id: UUID, who: int, queue: str, ready: bool) -> None:
        self._holding(contact_id, lambda *held: desk.transfer(*held, queue, "It is theirs."), who, ready)

    @rule(contact_id=filed, who=st.integers(0, 2), reason=st.sampled_from((*REASONS, "no such reason")), ready=READY)
    def close(self, contact_id: UUID, who: int, reason: str, ready: bool) -> None:
        refused = self._holding(
            contact_id, lambda *held: desk.close(*held, reason, "We have looked at it."), who, ready
        )
        if refused is None:
            self.closed_by[contact_id] = self.agents[who].id

    @rule(one=filed, other=filed, queue=st.sampled_from(QUEUES), undone=st.booleans())
    def move(self, one: UUID, other: UUID, queue: str, undone: bool) -> None:
        """A supervisor moves some contacts to a queue, and perhaps takes that back."""
        supervisor, ids = self.agents[2], [one, other]
        begun = self.do(self._in(lambda session: moving.begin(session, supervisor, queue, "It is theirs.", ids)))
        if isinstance(begun, FrontdoorError):
            return
        self.do(self._in(lambda session: moving.batch(session, begun.id)))
        if undone:
            self.do(self._in(lambda session: moving.undo(session, supervisor, begun.id)))
            self.do(self._in(lambda session: moving.back(session, begun.id)))
        self.happened["moved back" if undone else "moved"] += 1

    @rule(contact_id=filed, to=st.integers(0, 1), back=st.booleans())
    def hand(self, contact_id: UUID, to: int, back: bool) -> None:
        """A supervisor gives a contact to an agent, or takes it back."""

        async def handed(session: AsyncSession) -> None:
            version = (await session.get_one(Contact, contact_id)).version
            if back:
                await handing.take_back(session, self.agents[2], contact_id, version)
            else:
                await handing.hand(session, self.agents[2], contact_id, version, self.agents[to].id)

        self.do(self._in(handed))

    @rule(contact_id=filed, on=st.booleans())
    def pause_or_go_on(self, contact_id: UUID, on: bool) -> None:
        """An agent stops the clocks for a reason on record, or lets them run again."""
        self.do(self._set(contact_id, paused_at=clock.now() if on else None))

    @rule(contact_id=filed, days=st.integers(-2, 14))
    def look_again_on(self, contact_id: UUID, days: int) -> None:
        async def promised(session: AsyncSession) -> None:
            contact = await session.get_one(Contact, contact_id)
            contact.follow_up_on = clock.today() + timedelta(days=days)
            detail = {"on": contact.follow_up_on.isoformat()}
            await contacts.note_history(session, contact_id, "promised", agent_id=self.agents[0].id, detail=detail)

        self.do(self._in(promised))

    @rule(part=filed, whole=filed)
    def merge(self, part: UUID, whole: UUID) -> None:
        """An agent makes one contact part of another: it is closed by that person, as a duplicate."""
        agent = self.agents[0].id

        async def merged(session: AsyncSession) -> bool:
            one, other = await session.get_one(Contact, part), await session.get_one(Contact, whole)
            if part == whole or one.merged_into or other.merged_into or one.state not in ("queued", "taken"):
                return False
            one.state, one.closed_at, one.merged_into = "closed", clock.now(), whole
            one.close_reason, one.outcome, one.lease_until = "duplicate", "We deal with it together.", None
            one.version += 1
            detail = {"reason": "duplicate", "into": str(whole)}
            await contacts.note_history(session, part, "closed", agent_id=agent, detail=detail)
            return True

        if self.do(self._in(merged)) is True:
            self.closed_by[part] = agent

    # ── What a supplier says of what was handed on to it ───────────────────────────────────────

    @rule(which=st.integers(0, 9), state=st.sampled_from(SAYS))
    def supplier_says(self, which: int, state: Any) -> None:
        """A supplier takes what is due to it, and says how one of its cases stands."""
        self.steps()
        self.do(round_of_handing_on(self.casework))
        theirs = self.do(handed_on())
        if not theirs:
            return
        contact_id, handle = theirs[which % len(theirs)]
        was_open = self.closed_by[contact_id] is None
        self.do(says(handle, state))
        # Whoever does the work may say that it is done. What they decline, a person looks at.
        if state == "done" and was_open and self.do(self._is_closed(contact_id)):
            self.closed_by[contact_id] = SUPPLIER
            self.settled[contact_id] += 1
            self.happened["done elsewhere"] += 1
        self.happened[f"said {state}"] += 1

    async def _is_closed(self, contact_id: UUID) -> bool:
        async with transaction() as session:
            return (await session.get_one(Contact, contact_id)).state == "closed"

    # ── What software does by itself ───────────────────────────────────────────────────────────

    @rule()
    def steps(self) -> None:
        self.do(jobs.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False))

    @rule(mood=st.sampled_from(("takes", "away", "refuses")))
    def rounds(self, mood: str) -> None:
        self.messages.mood = mood
        self.steps()

        async def each() -> None:
            for automatic in (journey.sweep, journey.tell, journey.tell_late, journey.revive, journey.remind):
                await automatic(0)
            await journey.nightly(0)

        self.do(each())

    @rule()
    def a_job_is_lost(self) -> None:
        self.do(self._in(lambda session: session.execute(text("delete from procrastinate_jobs"))))

    @rule(length=st.sampled_from(LENGTHS))
    def time_passes(self, length: timedelta) -> None:
        moments = {
            Contact: (
                *("arrived_at", "queued_at", "taken_at", "first_answer_at", "first_due_at", "settle_due_at"),
                *("lease_until", "closed_at", "paused_at"),
            ),
            Notice: ("made_at", "next_at", "done_at"),
            ContactHistory: ("at",),
            SignIn: ("seen_at",),
        }

        async def passed(session: AsyncSession) -> None:
            for table, names in moments.items():
                await session.execute(update(table).values({name: getattr(table, name) - length for name in names}))

        self.do(self._in(passed))

    async def _set(self, contact_id: UUID, **fields: Any) -> None:
        async with transaction() as session:
            await session.execute(update(Contact).where(Contact.id == contact_id).values(**fields))

    # ── What must hold, whatever happened ──────────────────────────────────────────────────────

    @invariant()
    def no_machine_says_no(self) -> None:
        if hasattr(self, "agents"):
            self.do(self._hold())

    async def _hold(self) -> None:
        async with transaction() as session:
            found = {contact.id: contact for contact in (await session.scalars(select(Contact))).all()}
            lines = (await session.scalars(select(ContactHistory).order_by(ContactHistory.at))).all()
            notices = set(await session.scalars(select(Notice.state)))
        self.happened.update({line.what for line in lines})
        self.happened.update({contact.close_reason for contact in found.values() if contact.close_reason})
        self.happened.update(["merged"] if any(contact.merged_into for contact in found.values()) else [])
        self.happened.update({"sent": "told"}.get(state, state) for state in notices)
        assert found.keys() == self.said.keys(), "a contact was lost, or came from nowhere"
        for contact_id, contact in found.items():
            history = [line for line in lines if line.contact_id == contact_id]
            hold(contact, history, self.said[contact_id], self.closed_by[contact_id], self.settled[contact_id])


def hold(contact: Contact, history: list[ContactHistory], said: str, closed_by: UUID | None, settled: int = 0) -> None:
    """What is so of a contact after anything at all; `closed_by` is the person who closed it, or SUPPLIER, if one did;
    `settled`: how often a supplier's word that it is done has closed it.
    """
    assert contact.state in STATES, "a state that nobody knows"
    assert contact.text == said, "what the resident said was changed"
    assert (contact.state == "closed") == (closed_by is not None), f"{contact.state}, but no person did that"
    ends = [line for line in history if line.what in ("closed", "refused")]
    by_itself = [line for line in ends if line.agent_id is None]
    assert len(by_itself) <= settled, "software ended it"
    assert all(line.detail["reason"] == DONE for line in by_itself), "a supplier's word ended it as not done"
    assert not any(line.what == "refused" for line in history)
    if contact.state == "closed":
        by = None if closed_by == SUPPLIER else closed_by
        assert ends and any(line.agent_id == by for line in ends), "no person is on record for its end"
        assert by or contact.close_reason == DONE
        assert contact.close_reason in REASONS and contact.outcome
    else:
        assert contact.close_reason is None and contact.outcome is None and contact.closed_at is None
