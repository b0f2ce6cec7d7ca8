"""What the pages of examples and rules show, and asking for a training."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import catalogue
from triage.errors import NotFound
from triage.learning import examples, figures, jobs, repository, rule_repository, ruling, sentences, training
from triage.learning.ruling import Asked
from triage.learning.schemas import ExamplesPage, RuleLine, RulePage
from triage.tables import Agent, SortingRule
from triage.tables.correction import ACCEPTED, WAITING
from triage.tables.learning_job import DONE, REPLAY, RETRAIN
from triage.timetable import HOLDING

Choices = dict[str, list[tuple[str, str]]]


async def ask_to_retrain(session: AsyncSession, agent: Agent) -> None:
    """Have the worker train a sorter. Raises Conflict while one is being trained."""
    await jobs.defer(session, RETRAIN, await training.ask(session, agent))


def choices() -> Choices:
    """Queues and services to choose from, (id, name), by name."""
    known = catalogue()
    queues = [(code, f"{queue.name} ({code})") for code, queue in known.queues.items() if code != HOLDING]
    services = [(service.id, service.name) for service in known.services.values()]
    return {"queues": sorted(queues, key=lambda one: one[1]), "services": sorted(services, key=lambda one: one[1])}


async def examples_page(session: AsyncSession) -> ExamplesPage:
    """The newest examples that wait, and how many there are."""
    counts = await repository.count_examples(session)
    of = choices()
    return ExamplesPage(
        waiting=list(await repository.examples(session, WAITING, examples.MOST_SHOWN)),
        count=counts.get(WAITING, 0),
        accepted=counts.get(ACCEPTED, 0),
        queues=of["queues"],
        services=of["services"],
    )


def _line(row: SortingRule, by: str | None) -> RuleLine:
    queue = figures.queue_name(row.then_queue) if row.then_queue else None
    about = figures.service_name(row.service) if row.service else None
    words = sentences.rule_words(row, queue, about)
    return RuleLine(row, by or "somebody", words, sentences.rule_now(row, clock.today()))


async def rule_lines(session: AsyncSession) -> list[RuleLine]:
    """Every rule, those that are on first."""
    return [_line(row, by) for row, by in await rule_repository.rules(session)]


async def rule_page(session: AsyncSession, rule_id: UUID) -> RulePage:
    """One rule and how it was tried. Raises NotFound."""
    row = await rule_repository.rule(session, rule_id)
    if row is None:
        raise NotFound("There is no such rule. Go back to the list and choose one.")
    maker = await session.get(Agent, row.made_by)
    job = await jobs.newest(session, REPLAY, rule_id)
    tried = job is not None and job.state == DONE and job.rule_version == row.version
    return RulePage(
        line=_line(row, maker.name if maker else None),
        job=job,
        found=job.result if job and job.state == DONE else {},
        may_switch_on=tried and row.switched_on_at is None,
    )


def as_asked(row: SortingRule) -> Asked:
    """A rule as its form shows it."""
    return Asked(
        name=row.name,
        phrases="\n".join(str(phrase) for phrase in row.phrases),
        channel=row.channel or "",
        service=row.service or "",
        place=row.place or "",
        queue=row.then_queue or "",
        priority=row.then_priority or "",
        tag=row.then_tag or "",
        from_day=ruling.day_parts(row.from_day),
        to_day=ruling.day_parts(row.to_day),
    )
