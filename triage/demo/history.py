"""The demonstration's history: made-up contacts, chats and surveys, counted day by day as real ones are."""

import asyncio
import csv
from datetime import date, timedelta
from typing import cast

from triage.database import transaction
from triage.demo import repository
from triage.demo.model import Answers, Levels, Model
from triage.demo.people import SAMPLE
from triage.demo.record import Record
from triage.demo.story import FIRST, LAST
from triage.settings import get_settings

_LEVELS = ("very_dissatisfied", "dissatisfied", "neither", "satisfied", "very_satisfied")


def sampled() -> Answers:
    """How people answered, by month, service and channel, as the sample file has it."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return {
            (date.fromisoformat(f"{row['month']}-01"), row["service"], row["channel"]): cast(
                Levels, tuple(int(row[level]) for level in _LEVELS)
            )
            for row in csv.DictReader(file)
        }


def made(first: date = FIRST, last: date = LAST) -> Record:
    """The record of the months from `first` to `last`, the same at every call."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return Model(sampled(), [day for day in days if day.day == 1]).make()


async def make_history(first: date = FIRST, last: date = LAST) -> bool:
    """Make the history unless it is there; whether it was made now. Nothing in production, or where not wanted."""
    settings = get_settings()
    if settings.environment != "development" or not settings.demo_history:
        return False
    async with transaction() as session:
        if await repository.is_there(session):
            return False
    record = await asyncio.to_thread(made, first, last)
    async with transaction() as session:
        await repository.lock(session)
        # Another process may have made it meanwhile.
        if await repository.is_there(session):
            return False
        await repository.begin(session)
        await repository.store(session, record.rows)
        await repository.count(session, (first + timedelta(days=n) for n in range((last - first).days + 1)))
        await repository.keep(session)
    return True
