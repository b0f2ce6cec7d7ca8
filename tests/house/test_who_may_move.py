"""PROMISES 11: who may move a contact, tried over real contacts with real clocks, by a form that is right in all else.

Each caller sends a supervisor's move of a contact that waits, and passes on one that a colleague has. Whoever may not
is refused, and nothing in the database is another than before; whoever may has moved it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from tests.house.test_who_may import CALLERS, STAFF, House
from tests.makers import contact_now, make_agent, make_conversation, session_of
from tests.queues.walls import arrive
from triage import taking
from triage.database import transaction
from triage.tables import Agent, BulkMove, BulkMoveItem, Contact, ContactClock, ContactHistory, Notice

# Where the contacts are, which Capita runs; another of its queues; and one of another partner.
HERE, NEXT, THEIRS = "Q-CTAX", "Q-NNDR", "Q-REPAIR"
OWN = {
    "a colleague who does not have it": {"role": "agent", "queues": [HERE]},
    "a colleague of the same partner": {"role": "partner", "partner": "csg"},
}
SUPERVISORS = {
    "a supervisor": {"role": "supervisor"},
    "a supervisor of its queue": {"role": "supervisor", "queues": [HERE, NEXT, THEIRS]},
}
TABLES = (Contact, ContactClock, ContactHistory, BulkMove, BulkMoveItem, Notice)


@dataclass
class Desk:
    """A contact that waits, one that `holder` has, and everybody who may try to move them."""

    house: House
    waits: UUID
    held: UUID
    holder: Agent
    move: UUID

    async def post(self, caller: str, path: str, **fields: Any) -> httpx2.Response:
        async with self.house.client(caller) as client:
            return await client.post(path, data=fields)


async def begun(browser: httpx2.AsyncClient, contact_id: UUID, to: str) -> httpx2.Response:
    return await browser.post(
        "/desk/supervisor/moves",
        data={"to": to, "reason": "It is theirs.", "which": "ticked", "ticked": str(contact_id)},
    )


async def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row that a move could change."""
    found = {}
    async with transaction() as session:
        for table in TABLES:
            rows = await session.execute(
                select(*table.__table__.columns).order_by(*table.__table__.primary_key.columns)
            )
            found[table.__tablename__] = [dict(row._mapping) for row in rows]
    return found


@pytest.fixture
async def desk(database: str, trained: None) -> AsyncIterator[Desk]:
    """Frontdoor with real contacts in it, each of a partner's queue, and one person of each role."""
    from triage.app import build

    app: FastAPI = build()
    holder = await make_agent(role="partner", partner="csg")
    waits, held, moved = [await arrive(HERE) for _ in range(3)]
    async with transaction() as session:
        await taking.take(session, holder.id, held)
    made = House(app, {}, secret=str(await make_conversation()))
    for caller, columns in (STAFF | OWN | SUPERVISORS).items():
        made.tokens[caller] = await session_of(await make_agent(**columns))  # type: ignore[arg-type]
    made.tokens["whoever has it"] = await session_of(holder)
    async with app.router.lifespan_context(app):
        async with made.client("a supervisor") as browser:
            answer = await begun(browser, moved, NEXT)
        yield Desk(made, waits, held, holder, UUID(answer.headers["location"].rpartition("/")[2]))


@pytest.mark.parametrize("caller", [*CALLERS, *OWN])
async def test_whoever_may_not_moves_nothing(desk: Desk, caller: str) -> None:
    waits, held = await contact_now(desk.waits), await contact_now(desk.held)
    before = await everything()
    moves = {"to": NEXT, "reason": "It is theirs.", "which": "ticked", "ticked": str(desk.waits)}
    whole = {"to": NEXT, "reason": "It is theirs.", "which": "all", "queue": HERE}
    on = {"queue": NEXT, "reason": "It is theirs.", "why": "wrong_team"}
    wrong = []
    for path, fields in (
        ("/desk/supervisor/moves", moves),
        ("/desk/supervisor/moves", whole),
        (f"/desk/supervisor/moves/{desk.move}/undo", {}),
        (f"/desk/supervisor/contacts/{held.id}/back", {"version": held.version}),
        (f"/desk/supervisor/contacts/{waits.id}/hand", {"version": waits.version, "to": desk.holder.id}),
        (f"/desk/contacts/{held.id}/transfer", {"version": held.version, **on}),
        (f"/desk/contacts/{waits.id}/transfer", {"version": waits.version, **on}),
        (f"/desk/contacts/{held.id}/transfer", {"version": held.version, **on, "queue": THEIRS}),
    ):
        answer = await desk.post(caller, path, **{name: str(value) for name, value in fields.items()})
        # A colleague sees what somebody has of theirs, and is told so; a supervisor finds none of theirs to move.
        if answer.status_code not in (401, 403, 404, 409, 422):
            wrong.append(f"{path}: {answer.status_code}")
        if await everything() != before:
            wrong.append(f"{path}: something was changed")
            break
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("caller", ["a partner's agent of another partner", "an agent of other queues", "an owner"])
async def test_somebody_of_another_partner_is_not_told_that_it_is_there(desk: Desk, caller: str) -> None:
    answers = []
    for contact_id in (desk.held, desk.waits, uuid4()):
        fields = {"version": "2", "queue": NEXT, "reason": "It is theirs.", "why": "wrong_team"}
        answer = await desk.post(caller, f"/desk/contacts/{contact_id}/transfer", **fields)
        answers.append((answer.status_code, answer.text))
    assert answers[0] == answers[1] == answers[2] and answers[0][0] in (403, 404)


@pytest.mark.parametrize("caller", SUPERVISORS)
@pytest.mark.parametrize("to", [NEXT, THEIRS])
async def test_a_supervisor_of_its_queue_moves_it_and_takes_it_back(desk: Desk, caller: str, to: str) -> None:
    async with desk.house.client(caller) as browser:
        answer = await begun(browser, desk.waits, to)
        assert answer.status_code == 303
        assert (await contact_now(desk.waits)).queue == to
        assert (await browser.post(f"{answer.headers['location']}/undo")).status_code == 303
    assert (await contact_now(desk.waits)).queue == HERE


@pytest.mark.parametrize("to", [NEXT, THEIRS])
async def test_whoever_has_it_passes_it_on_and_is_then_refused_like_anybody(desk: Desk, to: str) -> None:
    fields = {"version": str((await contact_now(desk.held)).version), "queue": to, "reason": "x", "why": "wrong_team"}
    path = f"/desk/contacts/{desk.held}/transfer"
    assert (await desk.post("whoever has it", path, **fields)).status_code == 303
    moved = await contact_now(desk.held)
    assert (moved.queue, moved.state, moved.agent_id) == (to, "queued", None)
    before = await everything()
    fields |= {"version": str(moved.version), "queue": HERE}
    assert (await desk.post("whoever has it", path, **fields)).status_code == 409
    assert await everything() == before
