"""The resident is told of every change that matters: which lines of history make a notice, and making it.

Below every room, because whatever changes a contact writes its history through contacts.note_history, which comes
here: so no room can forget it, and the notice stands or falls with the change. How and whether it is sent is care/.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, not_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage.clock import LONDON
from triage.hours import URGENT
from triage.tables import Contact, ContactHistory, Notice

# A move by a supervisor is told as this too, once it can no longer be taken back (desk/supervision/steps.py).
PASSED_ON = "passed_on"
# The day by which they have an answer is another one, though whoever runs the queue is the same; or the law's limit is.
NEW_DAY = "new_day"
LONGER = "made_longer"
# What happened → what the resident is told. An answer that asks them something is told as a question (see kind_of).
TOLD = {
    "arrived": "received",
    "taken": "taken",
    "transferred": PASSED_ON,
    "answered": "answered",
    "late": "late",
    "closed": "closed",
    "reopened": "reopened",
    LONGER: NEW_DAY,
}
# Whoever agrees to messages after it was filed, such as in the chat at night, is sent the reference by message then: in
# the detail of that line, where no message had told them that we have it.
AGREED, FIRST = "messages_on", "first"
# In the detail of an answer: the desk can go on only once the resident has answered it.
ASKS = "asks"
# In the detail of a move: it was between two queues of one partner; and, where it gave other days, those before it.
WITHIN, DAYS = "within", "days"
# In the detail of a limit of the law that was made longer: its last moment, as people are told it.
LAST = "last"

_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]+")
_MOBILE = re.compile(r"(?:\+?44\s?(?:\(0\)\s?)?|0)7(?:[\s-]?\d){9}")
# How the database compares addresses: in the words of the statement, as the index over it (tables/contact.py) has them.
_GAPS: ColumnElement[str] = literal_column(r"'[\s-]'")
_ABROAD: ColumnElement[str] = literal_column(r"'\+?44\(?0?\)?7'")
_AT_HOME: ColumnElement[str] = literal_column("'07'")
_NOTHING: ColumnElement[str] = literal_column("''")
_ALL: ColumnElement[str] = literal_column("'g'")


def address(given: str | None) -> str | None:
    """The email address or UK mobile number in what somebody gave to be answered at; None when there is neither."""
    for pattern in (_EMAIL, _MOBILE):
        if found := pattern.search(given or ""):
            return found.group()
    return None


def same(given: str) -> str:
    """An address as it is compared: without case, spaces and dashes, and a mobile number with its 0."""
    return re.sub(r"\+?44\(?0?\)?7", "07", re.sub(r"[\s-]", "", given.lower()))


def addresses(given: str | None) -> set[str]:
    """Every email address and UK mobile number in what somebody gave, as `same` compares them."""
    return {same(found.group()) for pattern in (_EMAIL, _MOBILE) for found in pattern.finditer(given or "")}


def same_in(column: ColumnElement[Any]) -> ColumnElement[str]:
    """`same` of what a column holds, in the database."""
    plain = func.regexp_replace(func.lower(column), _GAPS, _NOTHING, _ALL)
    return func.regexp_replace(plain, _ABROAD, _AT_HOME, _ALL)


def not_safe(contact: Contact) -> str | None:
    """Why nothing may be sent about a contact for its resident's safety; None when it is not known to be unsafe.

    Whoever is in danger may be watched: until somebody has said that it is safe, nobody writes (handover.safe_answer).
    """
    if contact.safe_to_contact is False:
        return "unsafe"
    grave = contact.danger is not None or contact.priority in URGENT
    return "safety_unknown" if grave and contact.safe_to_contact is not True else None


def kind_of(line: ContactHistory) -> str | None:
    """What a resident is told of a line of history; None for what is no news to them."""
    if line.what == "answered" and line.detail.get(ASKS):
        return "asked"
    if line.what == AGREED and line.detail.get(FIRST):
        return "received"
    if line.what == "transferred" and line.detail.get(WITHIN):
        return NEW_DAY if DAYS in line.detail else None
    if line.what == LONGER and LAST not in line.detail:
        return None
    return TOLD.get(line.what)


def days_of(contact: Contact) -> dict[str, str | None]:
    """The days by which a resident is to have an answer, until they have one, and to have it settled.

    Who waits in the chat is answered there, and told of no day for that.
    """
    owed = contact.first_answer_at is None and not contact.live
    return {"answer": _day(contact.first_due_at) if owed else None, "settle": _day(contact.settle_due_at)}


def _day(moment: datetime | None) -> str | None:
    return moment.astimezone(LONDON).date().isoformat() if moment else None


def new_days(before: Mapping[str, str | None] | None, contact: Contact) -> set[str]:
    """Which of a contact's days are others than they were `before` (as `days_of`); of a closed one none matters."""
    if before is None or contact.state == "closed":
        return set()
    return {name for name, day in days_of(contact).items() if day is not None and day != before.get(name)}


def of_a_move(before: Mapping[str, str | None], contact: Contact, *, within: bool) -> dict[str, Any]:
    """What the line of a move is to hold besides: whether it was within one partner, and the days it changed."""
    changed = {DAYS: dict(before)} if new_days(before, contact) else {}
    return changed | ({WITHIN: True} if within else {})


async def tell_of(session: AsyncSession, line: ContactHistory) -> None:
    """Make the notice of a stored line, if it is news. One line has one notice, however often this runs."""
    kind = kind_of(line)
    if kind is not None:
        await tell_as(session, line, kind)


async def tell_as(session: AsyncSession, line: ContactHistory, kind: str) -> None:
    """Make the notice of a stored line that becomes news later than it was written. As `tell_of`, once."""
    row = insert(Notice).values(contact_id=line.contact_id, change_id=line.id, kind=kind)
    await session.execute(row.on_conflict_do_nothing(index_elements=[Notice.change_id]))


def is_untold() -> ColumnElement[bool]:
    """Of a line of history: it is news, and it has no notice."""
    line = ContactHistory.detail
    no_news = or_(
        and_(ContactHistory.what == "transferred", line.has_key(WITHIN), not_(line.has_key(DAYS))),
        and_(ContactHistory.what == LONGER, not_(line.has_key(LAST))),
    )
    told = exists().where(Notice.change_id == ContactHistory.id)
    return and_(ContactHistory.what.in_(TOLD), not_(no_news), ~told)
