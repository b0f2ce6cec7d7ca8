"""Messages that fell through, as an editor may see them: without what says who wrote them, and no more than a page.

The resident's own words never leave this module: what it gives out was redacted first.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage import reading
from triage.catalogue import Catalogue, catalogue
from triage.editing import repository, rules
from triage.editing.repository import FallenRow, Mark
from triage.editing.schemas import Fallen

# Shown on one page; looked through to find those near one service, and to count.
MOST_SHOWN = 50
MOST_COUNTED = 5_000
LONGEST = 300


async def newest(session: AsyncSession, since: datetime) -> list[Fallen]:
    """The newest messages that fell through, at most fifty."""
    return await _shown(session, await repository.marks_since(session, since, MOST_SHOWN))


async def near(session: AsyncSession, since: datetime, service: str, most: int) -> list[Fallen]:
    """The newest that fell through near a service: it was guessed, or it was what was wrongly answered."""
    marks = await repository.marks_since(session, since, MOST_COUNTED)
    return await _shown(session, [mark for mark in marks if service in _labels(mark)][:most])


async def counts(session: AsyncSession, since: datetime) -> dict[str, int]:
    """How many fell through nearest to each service: the likeliest guess, or what was wrongly answered."""
    marks = await repository.marks_since(session, since, MOST_COUNTED)
    return dict(Counter(labels[0] for mark in marks if (labels := _labels(mark))))


def _labels(mark: Mark) -> list[str]:
    """What a message is near to, nearest first."""
    if mark.understood["fell"] == "wrong_answer":
        service = (mark.before or {}).get("service")
        return [str(service)] if service else []
    return [str(name) for name, _ in mark.understood.get("guesses", ())]


async def _shown(session: AsyncSession, marks: Sequence[Mark]) -> list[Fallen]:
    rows = await repository.fallen(session, [mark.id for mark in marks]) if marks else []
    # Redaction takes about a millisecond a message.
    return await asyncio.to_thread(_all, rows, catalogue())


def _all(rows: Sequence[FallenRow], known: Catalogue) -> list[Fallen]:
    return [_one(row, known) for row in rows]


def _one(row: FallenRow, known: Catalogue) -> Fallen:
    fell = str(row.understood["fell"])
    choices = [choice for extras in row.replies or () for choice in extras.get("choices") or ()]
    offered = {service for choice in choices if (service := choice["send"].get("service")) in known.services}
    labels = {str(choice["label"]) for choice in choices}
    after = row.after or {}
    found = str(row.understood.get("found") or "")
    return Fallen(
        at=row.at,
        kind=rules.kind_of(fell, offered),
        words=_words(row, fell),
        guesses=_guesses(row, fell, known),
        found=_name(found.partition(".")[0], known) if found else "",
        after=rules.what_next(
            row.after_words if row.after_words in labels else None,
            after.get("fell"),
            None if after.get("abstained", True) else _name(str(after.get("service")), known),
            said=row.after_words is not None,
        ),
    )


def _words(row: FallenRow, fell: str) -> str:
    """What was said, redacted; nothing of a message before that may have been a form's answer or spoke of a danger."""
    before = row.before or {}
    if row.words is None or (fell == "wrong_answer" and (before.get("danger") or before.get("abstained", True))):
        return ""
    words = reading.redactor().redact(row.words).text
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _guesses(row: FallenRow, fell: str, known: Catalogue) -> tuple[tuple[str, str, int | None], ...]:
    guesses: list[Any] = row.understood.get("guesses", [])
    if fell == "wrong_answer":
        guesses = [[service, None]] if (service := (row.before or {}).get("service")) else []
    return tuple(
        (name if name in known.services else "", _name(name, known), None if share is None else round(100 * share))
        for name, share in guesses
    )


def _name(label: str, known: Catalogue) -> str:
    if label in known.services:
        return known.services[label].name
    return "None of our services" if label == "outside" else label.replace("_", " ").capitalize()
