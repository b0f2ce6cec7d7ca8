"""Contacts that were sorted, passed on and settled, stored as triage stores them."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.makers import contact_now, make_agent, make_contact
from triage import clock, taking
from triage.database import transaction
from triage.desk import service as desk
from triage.learning import steps
from triage.settings import get_settings
from triage.sorters.contract import Score
from triage.sorting import steps as sorting
from triage.sorting import versions
from triage.sorting.model import Example
from triage.sorting.training import read_contacts
from triage.tables import Agent, Correction, LearningJob, SorterVersion, SortingDecision


async def make_sorted(
    queue: str = "Q-WASTE", service: str | None = "missed_bin", *, holding: bool = False, **fields: Any
) -> UUID:
    """Stores a contact that sorting put in a queue, and the decision; returns the contact's id."""
    given = {"channel": fields.get("channel", "web"), "priority": "P4"}
    decided_at: datetime = fields.pop("decided_at", clock.now() - timedelta(minutes=5))
    contact_id = await make_contact(**{"queue": queue, "service": service} | fields)
    async with transaction() as session:
        session.add(
            SortingDecision(
                contact_id=contact_id,
                service=service,
                queue=queue,
                priority=fields.get("priority", "P3"),
                confidence=0.8,
                holding=holding,
                reasons=["The words read like it."],
                made_by={"rules": "test", "model": "test"},
                given=given,
                decided_at=decided_at,
            )
        )
    return contact_id


async def _take(agent: Agent, contact_id: UUID) -> int:
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    return (await contact_now(contact_id)).version


async def pass_on(contact_id: UUID, queue: str, why: str = "wrong_team", agent: Agent | None = None) -> None:
    """An agent passes it on, and the step that follows is done."""
    agent = agent or await make_agent()
    version = await _take(agent, contact_id)
    async with transaction() as session:
        await desk.transfer(session, agent, contact_id, version, queue, "For them.", why)
    async with transaction() as session:
        await steps.note_correction(session, contact_id)


async def settle(contact_id: UUID, agent: Agent | None = None) -> None:
    """An agent closes it, and the step that follows is done, twice as steps may be."""
    agent = agent or await make_agent()
    version = await _take(agent, contact_id)
    async with transaction() as session:
        await desk.close(session, agent, contact_id, version, "done", "We have done it.")
    for _ in range(2):
        async with transaction() as session:
            await steps.note_correction(session, contact_id)


async def corrected(to: str, **fields: Any) -> UUID:
    """A contact that was put in the wrong queue, passed on and settled."""
    contact_id = await make_sorted(**fields)
    await pass_on(contact_id, to)
    await settle(contact_id)
    return contact_id


async def correction(contact_id: UUID) -> Correction:
    async with transaction() as session:
        found = await session.get(Correction, contact_id)
        assert found is not None
        return found


async def make_version(version: str, state: str = "shadow", **fields: Any) -> None:
    """Stores a sorter's row, with files that nobody reads in this test."""
    score = Score(200, 10, 180).kept()
    values = {
        "examples": 1000,
        "corrections": 10,
        "score": score,
        "live_score": score,
        "live_version": "built",
        "model": b"",
    } | fields
    async with transaction() as session:
        session.add(SorterVersion(version=version, state=state, **values))


async def states() -> dict[str, str]:
    """Every version's state."""
    async with transaction() as session:
        rows = await session.scalars(select(SorterVersion).execution_options(populate_existing=True))
        return {row.version: row.state for row in rows}


async def job_now(job_id: UUID) -> LearningJob:
    async with transaction() as session:
        job = await session.get(LearningJob, job_id)
        assert job is not None
        return job


@pytest.fixture
async def supervisor(database: str) -> Agent:
    return await make_agent(role="supervisor", name="Supervisor")


@pytest.fixture(scope="session")
def own_home(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the trained models in it, where what these tests train is kept apart."""
    real, home = get_settings().home, tmp_path_factory.mktemp("home")
    (home / "models").mkdir()
    (home / "encoder").symlink_to((real / "encoder").resolve())
    for name in ("reader", "danger", "sorting"):
        (home / "models" / name).symlink_to((real / "models" / name).resolve())
    return home


@pytest.fixture
def at_home(own_home: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRONTDOOR_HOME", str(own_home))
    get_settings.cache_clear()
    return own_home


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[Example]:
    """Fewer contacts to learn from, so that a test trains in seconds; everything else is as it is."""
    rows = read_contacts()[:160]
    monkeypatch.setattr(versions, "read_contacts", lambda: rows)
    return rows


async def arrive(text: str, **fields: Any) -> UUID:
    """A contact that has just arrived and is not sorted."""
    return await make_contact(
        **{"text": text, "state": "arrived", "queue": None, "queued_at": None, "priority": "P4"} | fields
    )


async def sort(contact_id: UUID) -> SortingDecision:
    """The step that sorts, as the worker does it; the decision that it left."""
    async with transaction() as session:
        await sorting.sort_contact(session, contact_id)
    async with transaction() as session:
        found = await session.scalar(select(SortingDecision).where(SortingDecision.contact_id == contact_id))
        assert found is not None
        return found
