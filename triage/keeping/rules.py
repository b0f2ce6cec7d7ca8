"""Whose turn it is to be erased, and who may not be yet. Pure.

One person is everything that we know to be theirs: the contacts of one conversation, whoever holds which has proved
both theirs, and the contacts that an agent made part of one of them. An address proves nobody: a neighbour can type it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.keeping.schedule import Kept


@dataclass(frozen=True)
class Held:
    """One contact, as far as its time is concerned."""

    reference: str
    closed_at: datetime | None
    longer: bool
    """Whether it was a complaint, or began a clock of the law, so that it is kept for as long as those are."""


@dataclass(frozen=True)
class Talk:
    """One conversation, as far as its time is concerned."""

    last_at: datetime
    turn_until: datetime | None
    ended: bool


def cutoff(kept: Kept, days: int, now: datetime) -> datetime:
    """What is older than this has been kept for `days`; never younger than figures still look at the record."""
    return now - timedelta(days=max(days, kept.least_days))


def is_due(contacts: Iterable[Held], talks: Iterable[Talk], kept: Kept, now: datetime) -> bool:
    """Whether all that is one person's is past its time (UK GDPR article 5(1)(e): no longer than is necessary).

    The newest part holds the rest: a chat is not erased from under a contact that came of it.
    """
    for contact in contacts:
        days = kept.longer_contact.days if contact.longer else kept.contact.days
        if contact.closed_at is None or contact.closed_at >= cutoff(kept, days, now):
            return False
    return all(talk.last_at < cutoff(kept, kept.conversation.days, now) for talk in talks)


def why_not(contacts: Iterable[Held], talks: Iterable[Talk], now: datetime) -> list[str]:
    """Why somebody is not erased without being told twice: their matter is still being dealt with.

    Article 17(3)(b): what the council must still do for them needs the record.
    """
    open_still = [one.reference for one in contacts if one.closed_at is None]
    found = [f"{reference} is open: somebody is still to deal with it." for reference in open_still]
    if any(not talk.ended and talk.last_at > now - timedelta(hours=1) for talk in talks):
        found.append("Their chat went on within the last hour: they may still be writing.")
    return found


def is_writing(talks: Iterable[Talk], now: datetime) -> bool:
    """Whether an answer is being written in one of their chats at this moment, which would be added afterwards."""
    return any(talk.turn_until is not None and talk.turn_until > now for talk in talks)
