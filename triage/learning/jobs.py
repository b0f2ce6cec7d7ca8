"""The background work of learning: asked for once, its progress on record, and never stuck for ever."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, outbox
from triage.database import transaction
from triage.errors import Conflict
from triage.tables import Agent, LearningJob
from triage.tables.learning_job import DONE, FAILED, REPLAY, RETRAIN, RUNS, WAITS

# Work that has not got further for this long has died with its worker, and may be asked for again.
DEAD = timedelta(minutes=15)
OPEN = (WAITS, RUNS)


async def ask(
    session: AsyncSession, agent: Agent | None, kind: str, *, rule_id: UUID | None = None, version: int | None = None
) -> UUID:
    """Put one piece of work on record. Raises Conflict while the same is waiting or going on."""
    now = clock.now()
    same = [LearningJob.kind == kind, LearningJob.state.in_(OPEN)]
    if rule_id is not None:
        same.append(LearningJob.rule_id == rule_id)
    await session.execute(
        update(LearningJob)
        .where(*same, LearningJob.moved_at < now - DEAD)
        .values(state=FAILED, ended_at=now, says="It stopped half-way. Start it again.")
        .execution_options(synchronize_session=False)
    )
    job_id: UUID | None = await session.scalar(
        insert(LearningJob)
        .values(kind=kind, rule_id=rule_id, rule_version=version, agent_id=agent.id if agent else None)
        .on_conflict_do_nothing()
        .returning(LearningJob.id)
    )
    if job_id is None:
        raise Conflict("This is going on already. Load the page again to see how far it is.")
    return job_id


async def defer(session: AsyncSession, kind: str, job_id: UUID) -> None:
    """Hand it to the worker, in the same transaction."""
    await outbox.defer_task(session, {RETRAIN: "retrain", REPLAY: "replay"}[kind], {"job_id": str(job_id)})


async def begin(job_id: UUID) -> LearningJob | None:
    """Mark it as going on, in its own transaction; None when it has ended or gone."""
    async with transaction() as session:
        job = await session.get(LearningJob, job_id, with_for_update=True)
        if job is None or job.state not in OPEN:
            return None
        job.state, job.moved_at = RUNS, clock.now()
        return job


async def tell(job_id: UUID, says: str, done: int, of: int) -> None:
    """Put on record how far it is."""
    await _change(job_id, says=says, done=done, of=of)


async def finish(job_id: UUID, says: str, result: dict[str, Any]) -> None:
    """It is done, with what came of it."""
    await _change(job_id, state=DONE, says=says, result=result, ended_at=clock.now())


async def fail(job_id: UUID, says: str) -> None:
    """It could not be done, and why in a sentence."""
    await _change(job_id, state=FAILED, says=says, ended_at=clock.now())


async def _change(job_id: UUID, **values: Any) -> None:
    async with transaction() as session:
        await session.execute(
            update(LearningJob)
            .where(LearningJob.id == job_id, LearningJob.state.in_(OPEN))
            .values(moved_at=clock.now(), **values)
            .execution_options(synchronize_session=False)
        )


async def newest(session: AsyncSession, kind: str, rule_id: UUID | None = None) -> LearningJob | None:
    """The newest piece of work of a kind."""
    found = [LearningJob.kind == kind] + ([LearningJob.rule_id == rule_id] if rule_id else [])
    return await session.scalar(select(LearningJob).where(*found).order_by(LearningJob.asked_at.desc()).limit(1))


async def tried(session: AsyncSession, rule_id: UUID, version: int) -> bool:
    """Whether a rule was tried as it stands."""
    found: Sequence[UUID] = (
        await session.scalars(
            select(LearningJob.id)
            .where(LearningJob.rule_id == rule_id, LearningJob.rule_version == version, LearningJob.state == DONE)
            .limit(1)
        )
    ).all()
    return bool(found)
