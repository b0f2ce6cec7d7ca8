"""What a form comes to: what is said, and whether and how a contact is filed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from triage.catalogue import Catalogue
from triage.content import SchemeId

# What stands in an answer's place when its question was skipped, or did not apply.
LEFT_OUT = ("skip", "not asked")


@dataclass(frozen=True)
class Outcome:
    """`notes` are said in order, from the words in the form's form.toml; `values` fill them.

    With `files`, a contact is filed: for `service` when that is not the form's own ("": its words decide), no less
    urgent than `priority`, and with `details` (label → words) beside the answers, for the person who takes it. `safe`
    is what the resident said of being called or written to, None when that was not asked. `place` names the question
    that says where it is, when that depends on the answers.

    `then` are notes said after the one with the reference. `about` is the service that the contact is about when it
    goes elsewhere, as a complaint does: who runs it is kept beside the answers. `offers` are services offered besides.
    `referral` is the scheme of the council's referrals.toml that takes it, on a queue of its own. `statutory` is the
    law's clock that the answers start, one of tables/contact.py's STATUTORY: what is said of it in `details` is for a
    person to read, and starts nothing.
    """

    notes: tuple[str, ...] = ("sent",)
    values: Mapping[str, Any] = field(default_factory=dict)
    files: bool = True
    service: str | None = None
    priority: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    safe: bool | None = None
    place: str | None = None
    then: tuple[str, ...] = ()
    about: str | None = None
    offers: tuple[str, ...] = ()
    referral: SchemeId | None = None
    statutory: str | None = None


Answers = Mapping[str, str]
Decide = Callable[[Answers, date], Outcome]
# For a form whose rules differ from council to council: they stand in the catalogue.
DecideHere = Callable[[Answers, date, Catalogue], Outcome]
