"""What learning does when something has happened. Each step may run twice."""

from dataclasses import asdict
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from triage import answered
from triage.catalogue import catalogue
from triage.learning import examples, repository, rules
from triage.sorters import keeping
from triage.sorters.contract import Given, sorter_kind
from triage.sorters.rules import Seen

log = structlog.get_logger(__name__)


async def note_correction(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactTransferred, ContactClosed and ContactReopened: what people made of where sorting had put it."""
    contact = await repository.contact(session, contact_id)
    decision = await repository.last_decision(session, contact_id)
    if contact is None or decision is None or contact.demo:
        return
    trail = await repository.trail(session, contact_id)
    found = rules.verdict(decision.queue, decision.service, decision.holding, decision.decided_at, trail)
    await repository.keep_correction(session, contact_id, decision, found)


async def decide_in_shadow(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactSorted: the sorter in shadow decides the same contact from what was known; nothing acts on it.

    A step of its own, so that the one that sorts takes no longer; and with the process's own encoder, so that there
    is no second one in memory.
    """
    version = await keeping.shadow_version(session)
    if version is None:
        return
    contact = await repository.contact(session, contact_id)
    decision = await repository.last_decision(session, contact_id)
    if contact is None or decision is None or not decision.given:
        return
    said = answered.said_in(catalogue(), contact.details, contact.place)
    given = Given.read(decision.given, contact.text, contact.place, typed=said.typed, arrived_at=contact.arrived_at)
    decided = sorter_kind().decide(await keeping.folder_of(session, version), given)
    # The same rules of people follow either sorter, so that the two are compared as they would work.
    ruled = await keeping.with_rules(
        session, Seen(given.text, given.channel, given.place, contact.danger is not None), decided
    )
    await repository.keep_shadow(session, decision.id, version, asdict(ruled.decided))


async def nightly(session: AsyncSession) -> None:
    """At night: make examples of what was put right, and forget those that are past their time."""
    made, gone = await examples.gather(session), await examples.forget(session)
    if made or gone:
        log.info("learning.examples", made=made, forgotten=gone)
