"""What comes of a complaint: which path it takes, by which days it is answered, and where it may go after."""

from dataclasses import dataclass
from datetime import date

from triage.chat.outcomes.days import working_days_after
from triage.chat.outcomes.shape import Answers, Outcome
from triage.chat.rendering import plain_date
from triage.contacts import KIND, REQUEST


@dataclass(frozen=True)
class Times:
    """Working days: until it is acknowledged, then until it is answered, and at the longest.

    `after_acknowledged`: the answer is counted from the acknowledgement, else from the complaint itself.
    """

    acknowledged: int
    answered: int
    longest: int
    after_acknowledged: bool


# The Ombudsman's Complaint Handling Code, in use since April 2026, and the Housing Ombudsman's: alike (FACTS 0.3).
_CODE = {1: Times(5, 10, 20, True), 2: Times(5, 20, 40, True)}
# The Children Act 1989 Representations Procedure (England) Regulations 2006: three stages, the third a panel.
_CHILDREN = {1: Times(2, 10, 20, False), 2: Times(2, 25, 65, False)}

# What it is about → the service whose team and partner it concerns.
_SERVICES = {
    "bins": "missed_bin",
    "cleaning": "street_cleaning",
    "roads": "pothole",
    "landlord": "housing_repair",
    "help with housing": "housing_register",
    "money": "council_tax_bill",
    "parking": "penalty_charge",
    "child": "safeguarding_child",
    "adult": "adult_care",
}
# Services that a resident may want besides, without their complaint being any less of one.
_OFFERED = ("missed_bin", "street_cleaning", "pothole", "housing_repair")


def complaint(answers: Answers, today: date) -> Outcome:
    """A complaint, or a request to put something right, as the resident chose (FACTS R13).

    A complaint is an expression of dissatisfaction, however made; to ask for something for the first time is a service
    request. Only the resident says which of them it is, and nobody is talked out of a complaint. After stage 1 comes
    stage 2, by somebody else; then the Housing Ombudsman where the council is the landlord, else the Local Government
    and Social Care Ombudsman. A complaint about children's social care has a path of its own in law.
    """
    about = _about(answers)
    path = {"landlord": "landlord", "child": "children"}.get(about, "council")
    service = _SERVICES.get(about)
    if answers.get("stage") == "first time" and answers.get("kind") == "put right":
        return Outcome(
            ("sent_request",),
            # Nothing named: the words decide, as for any message.
            service=service or "",
            details={KIND: REQUEST},
            about=service,
            offers=(service,) if service in _OFFERED else (),
        )
    stage = {"answered": 2, "final": 3}.get(str(answers.get("stage")), 1)
    note, values, details = _answered(path, stage, today)
    return Outcome(
        (note,),
        values,
        details={"Stage": _STAGES[path][stage], **details},
        about=service,
        then=(f"{_THEN[stage]}_{path}",),
        offers=(service,) if stage == 1 and service in _OFFERED else (),
    )


_STAGES = {
    "council": {1: "Stage 1", 2: "Stage 2: by somebody who did not answer stage 1", 3: "After our final answer"},
    "landlord": {
        1: "Stage 1, landlord",
        2: "Stage 2, landlord: by somebody else",
        3: "After our final answer, landlord",
    },
    "children": {
        1: "Children's social care, stage 1",
        2: "Children's social care, stage 2: an independent investigation",
        3: "Children's social care: asks for a review panel",
    },
}


# Which note says what comes after each stage.
_THEN = {1: "then", 2: "again", 3: "after"}


def _about(answers: Answers) -> str:
    """The nearest that is known of what it is about."""
    for question in ("which", "home", "care"):
        if answers.get(question, "not asked") != "not asked":
            return answers[question]
    return answers.get("about", "")


def _answered(path: str, stage: int, today: date) -> tuple[str, dict[str, str], dict[str, str]]:
    """Which note says it, the days that fill it, and the same days for whoever answers."""
    times = (_CHILDREN if path == "children" else _CODE).get(stage)
    if times is None:
        return "sent_panel" if path == "children" else "sent_final", {}, {}
    acknowledged = working_days_after(today, times.acknowledged)
    start = acknowledged if times.after_acknowledged else today
    answered, longest = working_days_after(start, times.answered), working_days_after(start, times.longest)
    values = {
        "acknowledged": plain_date(acknowledged),
        "answered": plain_date(answered),
        "longest": plain_date(longest),
    }
    details = {"Acknowledge by": values["acknowledged"], "Answer by": values["answered"]}
    return f"sent_{'children' if path == 'children' else 'stage'}_{stage}", values, details
