"""Reading the audit trail as one list by time.

The lines of triage.audit, the contacts' histories, what people changed about sorting, and the switches of queues: each
stands in one place, written with what it tells of.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Uuid,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.audit import WHAT
from triage.catalogue import catalogue
from triage.database import transaction
from triage.people.schemas import AuditLine, AuditView, Found, line_id
from triage.people.words import CODES, CONTACT, GIVEN, LEARNING, QUEUE_SWITCHED, SWITCHES, VERSIONS, WHYS
from triage.roles import ROLES
from triage.tables import Agent, Audit, Contact, ContactHistory, LearningChange, QueueSwitch

PAGE_SIZE = 50
# An export is read and sent in parts of so many lines.
PART = 5_000
# With no dates, this many days up to now.
DAYS = 7
# In the detail of what was given: to whom.
GIVEN_TO = "given_to"
WORDS = {**CONTACT, **LEARNING, **SWITCHES, **WHAT}


def kinds() -> dict[str, str]:
    """What may be searched for, in the order of its words."""
    return dict(sorted(WORDS.items(), key=lambda pair: pair[1]))


def _between(view: AuditView) -> tuple[datetime, datetime]:
    """From the first moment of the first day to the last of the last, in London."""
    last = view.to or clock.today()
    first = view.from_ or last - timedelta(days=DAYS - 1)
    begin = datetime.combine(min(first, last), time(), clock.LONDON)
    return begin, datetime.combine(max(first, last) + timedelta(days=1), time(), clock.LONDON)


def _matching(text: str) -> Any:
    """People whose sign-in name or name holds `text`, which may hold no pattern of its own."""
    return or_(Agent.login.icontains(text, autoescape=True), Agent.name.icontains(text, autoescape=True))


def _query(view: AuditView) -> Select[Any]:
    begin, end = _between(view)
    older_than = view.begins_after
    if older_than is not None:
        # Each of the lists is read from there on, and not from the newest.
        end = min(end, older_than[0] + timedelta(microseconds=1))
    own: Any = select(
        Audit.at.label("at"),
        cast(Audit.id, String).label("id"),
        Audit.agent_id.label("agent_id"),
        Audit.role.label("role"),
        Audit.what.label("what"),
        Audit.kind.label("kind"),
        Audit.about.label("about"),
        Audit.detail.label("detail"),
    ).where(Audit.at >= begin, Audit.at < end)
    contact: Any = (
        select(
            ContactHistory.at,
            cast(ContactHistory.id, String),
            _did().label("agent_id"),
            cast(null(), String),
            case((_given(), GIVEN), else_=ContactHistory.what).label("what"),
            literal("contact"),
            Contact.reference,
            case(
                (_given(), ContactHistory.detail.concat(func.jsonb_build_object(GIVEN_TO, ContactHistory.agent_id))),
                else_=func.coalesce(ContactHistory.detail, cast({}, JSONB)),
            ).label("detail"),
        )
        .join(Contact, Contact.id == ContactHistory.contact_id)
        .where(ContactHistory.at >= begin, ContactHistory.at < end)
    )
    learning, switches = _learning(begin, end), _switches(begin, end)
    if view.who:
        people = select(Agent.id).where(_matching(view.who))
        own = own.where(
            or_(
                Audit.agent_id.in_(people),
                and_(
                    Audit.kind == "person", Audit.about.in_(select(cast(Agent.id, String)).where(_matching(view.who)))
                ),
            )
        )
        contact = contact.where(or_(ContactHistory.agent_id.in_(people), _did().in_(people)))
        learning = learning.where(LearningChange.agent_id.in_(people))
        switches = switches.where(QueueSwitch.agent_id.in_(people))
    if view.reference:
        reference = view.reference.upper().replace(" ", "")
        # Where somebody was looked up, every contact that was shown is named in the detail.
        shown = Audit.detail["references"].contains([reference])
        own = own.where(Audit.kind == "contact", or_(Audit.about == reference, shown))
        contact = contact.where(Contact.reference == reference)
        learning, switches = learning.where(false()), switches.where(false())
    if view.what:
        own = own.where(Audit.what == view.what) if view.what in WHAT else own.where(false())
        contact = contact.where(_was(view.what)) if view.what in CONTACT else contact.where(false())
        known = view.what in LEARNING
        learning = learning.where(LearningChange.what == view.what) if known else learning.where(false())
        switches = switches if view.what in SWITCHES else switches.where(false())
    lines = union_all(own, contact, learning, switches).subquery()
    found = (
        select(lines, Agent.name, Agent.login, Agent.role.label("role_now"))
        .outerjoin(Agent, Agent.id == lines.c.agent_id)
        .order_by(lines.c.at.desc(), lines.c.id.desc())
    )
    if older_than is None:
        return found
    return found.where(tuple_(lines.c.at, lines.c.id) < tuple_(*map(literal, older_than)))


def _given() -> ColumnElement[bool]:
    """Of a line of a contact's history: somebody has it because a supervisor or software gave it to them."""
    return and_(ContactHistory.what == "taken", ContactHistory.detail["assigned"].astext.is_not(None))


def _did() -> ColumnElement[Any]:
    """Who did what a line of a contact's history tells: of what was given, who gave it; empty when software did."""
    gave = cast(func.nullif(ContactHistory.detail["by"].astext, ""), Uuid)
    return case((_given(), gave), else_=ContactHistory.agent_id)


def _was(what: str) -> ColumnElement[bool]:
    if what == GIVEN:
        return _given()
    same = ContactHistory.what == what
    return and_(same, not_(_given())) if what == "taken" else same


def _learning(begin: datetime, end: datetime) -> Any:
    """What people changed about sorting; about the sorter, the rule or the example."""
    names = ("version", "rule", "example", "job")
    return select(
        LearningChange.at,
        cast(LearningChange.id, String),
        LearningChange.agent_id,
        cast(null(), String),
        LearningChange.what,
        literal("sorting"),
        func.coalesce(*(LearningChange.detail[name].astext for name in reversed(names))),
        LearningChange.detail,
    ).where(LearningChange.at >= begin, LearningChange.at < end)


def _switches(begin: datetime, end: datetime) -> Any:
    """Which queue was switched to give its contacts out by itself, or by hand."""
    return select(
        QueueSwitch.at,
        cast(QueueSwitch.id, String),
        QueueSwitch.agent_id,
        cast(null(), String),
        literal(QUEUE_SWITCHED),
        literal("queue"),
        QueueSwitch.queue,
        func.jsonb_build_object("queue", QueueSwitch.queue, "assign", QueueSwitch.assign),
    ).where(QueueSwitch.at >= begin, QueueSwitch.at < end)


def _detail(detail: dict[str, Any], names: dict[str, str], row: Any) -> str:
    """The codes of a detail in words; free text is left out."""
    said = []
    if row.kind == "person" and row.about in names:
        said.append(names[row.about])
    for key, value in detail.items():
        if key == GIVEN_TO and str(value) in names:
            said.append(f"to: {names[str(value)]}")
        elif key in ("by", "assigned") and row.what == GIVEN:
            continue
        elif key == "why" and value in WHYS:
            said.append(str(value))
        elif isinstance(value, dict) and row.what == "person_changed":
            said.append(f"{key}: {_plain(value.get('from'))} → {_plain(value.get('to'))}")
        elif row.kind == "sorting":
            if key in VERSIONS and str(value) != row.about:
                said.append(f"{key.replace('_', ' ')}: {value}"[:100])
        elif key in ("from", "to") and str(value) not in catalogue().queues:
            # Only a queue is named here; what else was ever written under these may be somebody's address.
            continue
        elif key in CODES and isinstance(value, str | int) and len(str(value)) <= 100:
            said.append(f"{key}: {_name(value)}")
    return "; ".join(said)[:500]


def _name(value: str | int) -> str:
    queue = catalogue().queues.get(str(value))
    return f"{queue.name} ({value})" if queue else str(value)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None or value == "" else str(value)


async def _lines(session: AsyncSession, rows: Sequence[Any]) -> list[AuditLine]:
    wanted = {row.about for row in rows if row.kind == "person" and row.about}
    wanted |= {row.detail[GIVEN_TO] for row in rows if row.what == GIVEN}
    names = {
        str(agent_id): login
        for agent_id, login in (
            await session.execute(select(Agent.id, Agent.login).where(cast(Agent.id, String).in_(wanted)))
        ).tuples()
    }
    lines = []
    for row in rows:
        role = row.role or row.role_now
        lines.append(
            AuditLine(
                at=row.at,
                who=f"{row.name} ({row.login})" if row.login else "Software or nobody we know",
                role=ROLES[role].name if role in ROLES else "",
                what=WORDS.get(row.what, row.what.replace("_", " ").capitalize()),
                about=row.about if row.about and row.kind != "person" else "",
                detail=_detail(row.detail, names, row),
            )
        )
    return lines


async def _read(session: AsyncSession, view: AuditView, most: int) -> Found:
    rows = (await session.execute(_query(view).limit(most + 1))).all()
    shown = rows[:most]
    older = line_id(shown[-1].at, shown[-1].id) if len(rows) > most else ""
    return Found(await _lines(session, shown), older)


async def search(session: AsyncSession, view: AuditView) -> Found:
    """One page of what was searched for, newest first."""
    return await _read(session, view, PAGE_SIZE)


async def export(view: AuditView) -> AsyncIterator[list[AuditLine]]:
    """Everything that was searched for, newest first, in parts; each is read in a transaction of its own.

    However much there is, no more than a part is held at once, and what is done meanwhile is not among it.
    """
    while True:
        async with transaction() as session:
            found = await _read(session, view, PART)
        yield found.lines
        if not found.older:
            return
        view = view.model_copy(update={"before": found.older})
