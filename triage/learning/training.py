"""Training a sorter on data/ and what people have accepted, and putting it in shadow."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from triage.database import transaction
from triage.learning import audit, examples, jobs, versions
from triage.learning.rules import percent
from triage.settings import get_settings
from triage.sorters import keeping
from triage.sorters.contract import Example, Score, Tell, Trained, sorter_kind
from triage.tables import Agent
from triage.tables.learning_job import RETRAIN

log = structlog.get_logger(__name__)

# Training takes a few minutes; one that takes longer than this has gone wrong.
LONGEST_S = 3600
EVERY_S = 2.0
Result = TypeVar("Result")


async def ask(session: AsyncSession, agent: Agent | None) -> UUID:
    """Have a sorter trained. Raises Conflict while one is being trained."""
    job_id = await jobs.ask(session, agent, RETRAIN)
    await audit.note(session, agent, "retrain_asked", job=str(job_id))
    return job_id


async def retrain(job_id: UUID, also_tell: Tell | None = None) -> None:
    """The work itself: train, score beside the live one, store, put in shadow. Run again, it does the same again."""
    if await jobs.begin(job_id) is None:
        return
    try:
        await _retrain(job_id, also_tell)
    except Exception as error:
        log.exception("retrain.failed", job=str(job_id), error=type(error).__name__)
        await jobs.fail(job_id, f"It could not be trained ({type(error).__name__}). The log says why.")
        raise


async def _retrain(job_id: UUID, also_tell: Tell | None) -> None:
    async with transaction() as session:
        extra = await examples.accepted(session)
        live = await keeping.live_version(session)
        live_folder = await keeping.folder_of(session, live) if live else None
    parent = get_settings().home / "models"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="new-sorter-", dir=parent))
    try:
        trained, score, live_score = await _beside(
            job_id, also_tell, lambda tell: _train(extra, folder, live_folder, tell)
        )
        await jobs.tell(job_id, "Storing it", 0, 0)
        packed = await asyncio.to_thread(keeping.pack, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    live_named = live or sorter_kind().built()
    figures = {"version": trained.version, "score": score.kept(), "live_score": live_score.kept()}
    if trained.version in (live, sorter_kind().built()):
        says = "It is the same as the sorter that is live: nothing was accepted or changed since. Nothing was stored."
        await jobs.finish(job_id, says, figures)
        return
    async with transaction() as session:
        await versions.put_in_shadow(
            session, trained, len(extra), score, live_score=live_score, live_version=live_named, packed=packed
        )
    says = (
        f"Trained on {trained.examples:,} examples, {len(extra):,} of them corrections. It puts "
        f"{percent(score.accuracy)} of what it does not hold in the right queue (the live one "
        f"{percent(live_score.accuracy)}) and is in shadow now."
    )
    await jobs.finish(job_id, says, figures)


def _train(extra: list[Example], folder: Path, live: Path | None, tell: Tell) -> tuple[Trained, Score, Score]:
    kind = sorter_kind()
    trained = kind.train(extra, folder, tell)
    return trained, kind.score(folder, tell), kind.score(live, tell)


async def _beside(job_id: UUID, also_tell: Tell | None, work: Callable[[Tell], Result]) -> Result:
    """Do the work in a thread, and write down every other second how far it is."""
    newest = ("Reading the examples", 0, 0)

    def tell(says: str, done: int, of: int) -> None:
        nonlocal newest
        newest = (says, done, of)
        if also_tell:
            also_tell(says, done, of)

    thread = asyncio.create_task(asyncio.to_thread(work, tell))
    loop = asyncio.get_running_loop()
    ends = loop.time() + LONGEST_S
    while not thread.done():
        await asyncio.wait({thread}, timeout=EVERY_S)
        await jobs.tell(job_id, *newest)
        if loop.time() > ends:
            raise TimeoutError(f"training took longer than {LONGEST_S} s")
    return await thread
