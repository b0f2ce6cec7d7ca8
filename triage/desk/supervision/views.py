"""Makes what the supervisor's pages show out of what is on record."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, placing, presence, switching, taking
from triage.catalogue import catalogue
from triage.clocks.repository import unmet
from triage.desk import repository as desk
from triage.desk import rules, standing, views
from triage.desk.supervision import moving, repository
from triage.desk.supervision.schemas import (
    Counts,
    Filter,
    Listing,
    ListRow,
    MoveRow,
    OnePage,
    Overview,
    PersonRow,
    QueueRow,
)
from triage.tables import Agent, BulkMove, Contact, ContactClock

PAGE = 50
MOST_PAGES = repository.MOST // PAGE
MOST_MOVES = 10
MOST_HELD = 20
MOST_LEFT = 100
MOVES_SHOWN = timedelta(hours=12)


def age(since: datetime | None, now: datetime) -> str:
    """How long ago, in words: '3 days', '2 hours 5 minutes'."""
    return rules.age_in_words(now - since) if since else "not known"


def partners() -> dict[str, str]:
    """The partners who run a queue today, by id, as people read them."""
    known, today = catalogue(), clock.today()
    ids = {known.partner_id(code, today) for code in known.queues} - {None}
    return {key: partner.name for key, partner in known.partners.items() if key in ids}


def queues_run_by(partner: str) -> list[str] | None:
    """The codes of the queues that a partner runs today; None for no partner, which is any."""
    if not partner:
        return None
    known, today = catalogue(), clock.today()
    return [code for code in known.queues if known.partner_id(code, today) == partner]


def queues_for(agent: Agent, partner: str = "") -> list[str] | None:
    """The codes of the queues that a supervisor looks after, of this partner if one is named; None for every one."""
    own, run = taking.queues_of(agent), queues_run_by(partner)
    if not own:
        return run
    return own if run is None else [code for code in run if code in own]


def state_of(contact: Contact) -> str:
    """How a contact stands, in a word or two."""
    if contact.placement == "bounced":
        return "For a supervisor to decide"
    if contact.paused_at is not None:
        return "Paused"
    if contact.state == "taken":
        return "Given, not opened yet" if contact.assigned_at else "Taken"
    return {"queued": "Waiting", "closed": "Closed"}.get(contact.state, "On its way")


def row_of(contact: Contact, agent: str | None, now: datetime, rows: Sequence[ContactClock] = ()) -> ListRow:
    """One line of a list; `rows` are the contact's clocks that nothing has met."""
    return ListRow(
        contact=contact,
        service=views.what_about(contact),
        queue=views.queue_name(contact.queue),
        state=state_of(contact),
        agent=agent if contact.state == "taken" else None,
        age=age(contact.arrived_at, now),
        clock=standing.nearest(contact, rows, now),
    )


async def _rows(session: AsyncSession, found: Sequence[tuple[Contact, str | None]], now: datetime) -> list[ListRow]:
    """The lines of a list, with what is next to be met of each."""
    clocks = await unmet(session, [contact.id for contact, _ in found])
    return [row_of(contact, agent, now, clocks.get(contact.id, ())) for contact, agent in found]


def _total(counts: Sequence[Counts]) -> Counts:
    oldest = [one.oldest for one in counts if one.oldest]
    return Counts(
        waiting=sum(one.waiting for one in counts),
        taken=sum(one.taken for one in counts),
        paused=sum(one.paused for one in counts),
        oldest=min(oldest, default=None),
        at_risk=sum(one.at_risk for one in counts),
        late=sum(one.late for one in counts),
    )


def _shares(own: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two people work a queue in common; none named means every queue."""
    return not own or not theirs or bool(set(own) & set(theirs))


async def overview(session: AsyncSession, agent: Agent, partner: str) -> Overview:
    """Every queue with its counts, who is on, what is to be decided, and the last moves."""
    now, today, known = clock.now(), clock.today(), catalogue()
    found = await repository.counts(session, now)
    automatic = switching.automatic(known, await switching.switched(session))
    # A queue that the council gave up is shown for as long as anything is in it.
    codes = [*known.queues, *sorted(code for code in found if code and code not in known.queues)]
    shown = queues_for(agent, partner)
    queues = [
        QueueRow(
            code=code,
            name=views.queue_name(code),
            partner=placing.partner_name(known, known.partner_id(code, today)),
            counts=(one := found.get(code, Counts())),
            automatic=code in automatic,
            age=age(one.oldest, now) if one.oldest else None,
        )
        for code in codes
        if shown is None or code in shown
    ]
    own = taking.queues_of(agent)
    on = [one for one in await presence.on_desk(session) if _shares(own, taking.queues_of(one.agent))]
    has = await repository.held_by(session, own, [one.agent.id for one in on])
    held = await repository.listed(session, repository.matching(Filter(state="held"), shown, now), 0, MOST_HELD)
    moves = await repository.recent_moves(session, agent.id, own, now - MOVES_SHOWN, MOST_MOVES)
    return Overview(
        queues=queues,
        people=[PersonRow(one, has.get(one.agent.id, [])) for one in on],
        held=await _rows(session, held, now),
        moves=[await move_row(session, move) for move in moves],
        partners=partners(),
        partner=partner,
        total=_total([row.counts for row in queues]),
    )


async def listing(session: AsyncSession, agent: Agent, chosen: Filter, page: int) -> Listing:
    """One page of the open contacts that match."""
    now = clock.now()
    page = min(max(page, 1), MOST_PAGES)
    conditions = repository.matching(chosen, queues_for(agent, chosen.partner), now)
    count = await repository.count(session, conditions)
    found = await repository.listed(session, conditions, (page - 1) * PAGE, PAGE + 1)
    rows = await _rows(session, found[:PAGE], now)
    return Listing(chosen, rows, count, page, len(found) > PAGE and page < MOST_PAGES, repository.MOST)


async def move_row(session: AsyncSession, move: BulkMove, *, whole: bool = False) -> MoveRow:
    """A move and how far it has come; `whole`: also what was left and why."""
    by = await repository.agent(session, move.agent_id)
    return MoveRow(
        move=move,
        by=by.name if by else "Somebody",
        queue=views.queue_name(move.queue),
        states=await repository.move_states(session, move.id),
        can_undo=moving.can_undo(move, clock.now()),
        left=await repository.left(session, move.id, MOST_LEFT) if whole else [],
    )


async def one(session: AsyncSession, agent: Agent, contact_id: UUID) -> OnePage | None:
    """One contact, who could be given it, and the reasons why it was held; None when `agent` looks after none such."""
    contact = await desk.contact(session, contact_id)
    if contact is None or not taking.may_work(agent, contact.queue):
        return None
    now, known = clock.now(), catalogue()
    holder = await repository.agent(session, contact.agent_id) if contact.agent_id else None
    people = [
        person
        for person in await presence.on_desk(session)
        if taking.may_work(person.agent, contact.queue) and person.agent.id != contact.agent_id
    ]
    held = [line.detail for line, _ in await desk.history(session, contact_id) if "held" in line.detail]
    return OnePage(
        row=(await _rows(session, [(contact, holder.name if holder else None)], now))[0],
        people=people,
        queues={code: rule.name for code, rule in known.queues.items() if code != contact.queue},
        held=list(held[-1]["held"]) if held and contact.placement == "bounced" else [],
        wanted=views.queue_name(held[-1].get("wanted")) if held else None,
    )
