"""What needs attention and why, what is due, and what a resident did after a message fell through. Pure functions."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from triage.checking.facts import LONGEST_OF_ALL
from triage.content import Fact, Source
from triage.editing.schemas import FactState, ServiceRow, Sort

# What falls due within this many days is shown as coming.
SOON = timedelta(days=30)
# Under so many in a hundred read rightly an editor is asked to look. The examples are border cases on purpose.
LOW = 60
# Fell through at least so often lately: once or twice may be anybody's slip.
OFTEN = 3


def fact_state(fact: Fact, today: date) -> FactState:
    """What is done with a fact today (DESIGN decision 6)."""
    if fact.review_by < today:
        return "overdue"
    return "stated" if fact.verified else "unverified"


def is_soon(day: date, today: date) -> bool:
    """Whether a day comes within the next thirty days."""
    return today <= day <= today + SOON


def look_again_by(source: Source) -> date:
    """When an answer's source is to be read again: as long after it was checked as any fact may go unlooked at."""
    return source.checked + LONGEST_OF_ALL


def reasons(row: ServiceRow) -> tuple[str, ...]:
    """Why a service needs attention, the gravest first; none when it does not."""
    said = []
    if row.serious:
        said.append(f"{_many(row.serious, 'fault')} to mend before it is published")
    if row.overdue:
        said.append(f"{_many(row.overdue, 'fact')} past review, no longer said")
    if row.fell >= OFTEN:
        said.append(f"{row.fell} messages near it fell through lately")
    if row.hundred is not None and row.hundred < LOW:
        said.append(f"{row.hundred} in 100 examples read rightly")
    if row.soon:
        said.append(f"{_many(row.soon, 'fact')} due in 30 days")
    if row.to_look_at:
        said.append(f"{_many(row.to_look_at, 'thing')} to look at")
    return tuple(said)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def in_order(rows: Iterable[ServiceRow], sort: Sort) -> list[ServiceRow]:
    """The services in the order asked for; alike ones by name.

    `attention`: what must not be published, then facts past review, then what fell through most, then what is most
    often mistaken.
    """

    def place(row: ServiceRow) -> tuple[float, ...]:
        unread = 1.0 if row.accuracy is None else row.accuracy
        often = row.fell if row.fell >= OFTEN else 0
        return {
            "attention": (-row.serious, -row.overdue, -often, unread),
            "name": (),
            "accuracy": (unread,),
            "asked": (-row.asked,),
            "fell": (-row.fell,),
        }[sort]

    return sorted(rows, key=lambda row: (place(row), row.name))


def sought(row: ServiceRow, words: str) -> bool:
    """Whether a service is among those looked for: every word stands in its name, its summary or its id."""
    about = f"{row.name} {row.summary} {row.id} {row.id.replace('_', ' ')}".lower()
    return all(word in about for word in words.lower().split())


def what_next(pressed: str | None, fell: str | None, answered: str | None, *, said: bool) -> str:
    """What the resident did after a message that fell through, without their words.

    `pressed` is the label of a button of ours, `answered` the name of the service that they were then told of.
    """
    if not said:
        return "Nothing more was said"
    if pressed:
        return f"Pressed “{pressed}”"
    if fell == "wrong_answer":
        return "Said that it was not what they asked"
    if fell:
        return "Asked again, and it fell through again"
    if answered:
        return f"Asked again and was told about: {answered}"
    return "Said something else"


def kind_of(fell: str, offered: Collection[str]) -> str:
    """How a message fell through, in words. `offered` are the services that we asked about in return."""
    if fell == "wrong_answer":
        return "Not what they asked"
    return "We asked “did you mean”" if offered else "Not understood"
