"""What comes of a finished form: pure functions from its answers to what is said and whether a contact is filed.

A form without a function here is sent as it is. Answers are by question id, as bot/actions/answers.py reads them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

# What stands in an answer's place when its question was skipped, or did not apply.
LEFT_OUT = ("skip", "not asked")


@dataclass(frozen=True)
class Outcome:
    """`notes` are said in order, from the form's words in service.toml; `values` fill them.

    With `files`, a contact is filed: for `service` when that is not the form's own, no less urgent than `priority`.
    """

    notes: tuple[str, ...] = ("sent",)
    values: Mapping[str, Any] = field(default_factory=dict)
    files: bool = True
    service: str | None = None
    priority: str | None = None


Decide = Callable[[Mapping[str, str], date], Outcome]


def fly_tipping(answers: Mapping[str, str], today: date) -> Outcome:
    """Dumped rubbish that may hurt somebody goes first; private land is its owner's (FACTS W9)."""
    urgent = answers.get("danger") in ("needles", "blocks the way", "chemicals")
    note = "sent_private" if answers.get("land") == "private" else "sent"
    return Outcome((note,), priority="P2" if urgent else None)


OUTCOMES: dict[str, Decide] = {"fly_tipping": fly_tipping}


def outcome_of(form: str, answers: Mapping[str, str], today: date) -> Outcome:
    """What comes of `form`, answered on `today`."""
    decide = OUTCOMES.get(form)
    return decide(answers, today) if decide else Outcome()
