"""What a form's resident said, read back from the answers that stand on their contact.

A contact that a form filed has the labels of its questions and buttons in its text. Those are our words: "State Pension
age: No" says nothing of an age, and "What happened: a court letter" may be a button. What somebody typed is theirs, and
what a button plainly says of them counts where the form says so (content.Choice.means).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from triage.catalogue import Catalogue
from triage.content import Choice, Form

SKIP = "skip"
NOT_GIVEN = "Not given"


@dataclass(frozen=True)
class Said:
    """`typed`: each answer in the resident's own words. `means`: what their buttons plainly say of who they are."""

    typed: tuple[str, ...] = ()
    means: tuple[str, ...] = ()


def said_in(known: Catalogue, details: Mapping[str, Any], place: str | None = None) -> Said:
    """What was said in a contact's `details`; where it is ("outside the nursery") is said of nobody."""
    typed, means = [], set[str]()
    for label, answer in details.items():
        questions = list(_questions(known, label))
        value = str(answer).strip()
        if not questions or value in ("", NOT_GIVEN, place):
            continue
        chosen, beside = _chosen(questions, value)
        for choice in chosen:
            means.update(choice.means)
        if chosen:
            typed += [beside] if beside else []
        elif any(not choices for choices, _ in questions) and all(worded for _, worded in questions):
            typed.append(value)
    return Said(tuple(typed), tuple(sorted(means)))


def _questions(known: Catalogue, label: str) -> Iterator[tuple[list[Choice], bool]]:
    """The choices of each question with this label, in whatever form, and whether its answer may be any words."""
    forms = (form for service in known.services.values() for form in service.forms.values())
    for form in (*forms, *known.everyday.forms.values()):
        for slot, said in form.labels.items():
            if said == label and slot in form.ask:
                yield _choices(form, slot), slot not in (form.place, form.reply_to)


def _choices(form: Form, slot: str) -> list[Choice]:
    return [choice for choice in form.ask[slot].choices if choice.say not in (None, SKIP)]


def _chosen(questions: list[tuple[list[Choice], bool]], value: str) -> tuple[list[Choice], str]:
    """The buttons that an answer is, as the longest label that it begins with, and what was typed beside them."""
    every = [choice for choices, _ in questions for choice in choices]
    fits = [one for one in every if value == one.label or value.startswith(f"{one.label}: ")]
    longest = max((len(one.label) for one in fits), default=0)
    return [one for one in fits if len(one.label) == longest], value[longest:].removeprefix(":").strip()
