"""Learning from the command line: what the worker does at night or when somebody asks, done here and now."""

from triage import database, journey
from triage.database import transaction
from triage.learning import examples, training
from triage.sorters.contract import Tell
from triage.tables import LearningJob


async def retrain(tell: Tell) -> str:
    """Train a sorter and put it in shadow; what came of it. Raises Conflict while one is being trained."""
    assert journey.STEPS
    try:
        async with transaction() as session:
            job_id = await training.ask(session, None)
        await training.retrain(job_id, tell)
        async with transaction() as session:
            job = await session.get(LearningJob, job_id)
            return job.says if job else "It was taken away meanwhile."
    finally:
        await database.close()


async def gather() -> str:
    """Make examples of what was put right, and forget those past their time; how many."""
    try:
        async with transaction() as session:
            made, gone = await examples.gather(session), await examples.forget(session)
        return f"{made} made, {gone} forgotten. People accept or drop them at /desk/sorting/examples."
    finally:
        await database.close()
