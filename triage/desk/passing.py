"""Where a contact goes when it is passed on: on its way, or held for a supervisor when it has been to and fro."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, placing
from triage.catalogue import catalogue
from triage.desk import bouncing, rules
from triage.errors import SupervisorDecides
from triage.tables import Agent, Contact, ContactHistory
from triage.timetable import HOLDING


@dataclass(frozen=True)
class PassedOn:
    """The queue that it goes to, how it stands there (tables/contact.py, PLACEMENTS), and what the record says."""

    queue: str
    placement: str | None
    detail: dict[str, Any] = field(default_factory=dict)


async def _earlier(session: AsyncSession, contact: Contact) -> list[bouncing.Passed]:
    """What was passed on before; what was held went to nobody."""
    rows = await session.scalars(
        select(ContactHistory.detail)
        .where(ContactHistory.contact_id == contact.id, ContactHistory.what == "transferred")
        .order_by(ContactHistory.at)
    )
    known, today = catalogue(), clock.today()

    def partner(detail: dict[str, Any], end: str) -> str | None:
        # Lines from before partners were written down name their queues alone.
        key = f"{end}_partner"
        return detail[key] if key in detail else known.partner_id(detail.get(end) or "", today)

    return [
        bouncing.Passed(partner(detail, "from"), partner(detail, "to"))
        for detail in rows
        if "held" not in detail and detail.get("from") != HOLDING and detail.get("to") != HOLDING
    ]


async def passed_on(session: AsyncSession, agent: Agent, contact: Contact, queue: str) -> PassedOn:
    """Where `contact` goes when `agent` passes it on to `queue`.

    Only a supervisor passes on what is held for one, or what one has placed; their placement is final. Raises
    SupervisorDecides.
    """
    known, today = catalogue(), clock.today()
    wanted = bouncing.Passed(
        known.partner_id(contact.queue or "", today) if contact.queue != HOLDING else None,
        known.partner_id(queue, today) if queue != HOLDING else None,
    )
    detail: dict[str, Any] = {"to": queue, "from_partner": wanted.by, "to_partner": wanted.to}
    if rules.decides(agent.role):
        decided = contact.placement in ("bounced", "final")
        return PassedOn(queue, "final", detail | {"final": True}) if decided else PassedOn(queue, None, detail)
    if contact.placement in ("bounced", "final"):
        raise SupervisorDecides
    verdict = bouncing.judge(await _earlier(session, contact), wanted, placing.partner_name(known, wanted.to))
    if verdict.held:
        holding = known.queue(HOLDING)
        return PassedOn(holding, "bounced", detail | {"to": holding, "wanted": queue, "held": list(verdict.reasons)})
    # Until somebody of the other partner takes it, it is offered to them.
    return PassedOn(queue, "offered" if wanted.changes else None, detail)
