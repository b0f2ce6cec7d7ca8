"""The words of an outcome, and the day on which the tests of outcomes are answered."""

from datetime import date

from triage.catalogue import catalogue
from triage.chat.answering import Room, form_note
from triage.chat.outcomes import Outcome
from triage.reading import dangers

TODAY = date(2026, 11, 25)  # a Wednesday
FILED = {"reference": "BN-7K3M-9QXF", "due": "Friday 27 November 2026"}


def said(form_id: str, outcome: Outcome) -> str:
    """What a resident reads of an outcome, as the web app says it."""
    room = Room(catalogue(), dangers())
    return "\n\n".join(
        form_note(room, form_id, note, {**outcome.values, **FILED}).text for note in (*outcome.notes, *outcome.then)
    )
