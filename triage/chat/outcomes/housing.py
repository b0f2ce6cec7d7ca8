"""What comes of the forms about a home: a repair in a council home, and help to keep or find somewhere to live."""

from datetime import date

from triage.chat.outcomes.days import working_days_after
from triage.chat.outcomes.shape import Answers, Outcome
from triage.chat.rendering import plain_date

# Awaab's Law: how long a landlord has to look into a significant hazard, in working days after the day it is told.
LOOK_INTO = 10
_WEAK = ("baby", "over 65", "illness", "several")
_NO_COMFORT = ("heating", "hot water", "both")


def repair(answers: Answers, today: date) -> Outcome:
    """Which clock the law sets for a repair in a council home, and how soon a person must see it.

    Hazards in Social Housing (Prescribed Requirements) (England) Regulations 2025, "Awaab's Law" (FACTS H4): an
    emergency hazard is made safe within 24 hours, significant damp or mould is looked into within 10 working days
    after the day the landlord is told. Who lives there counts. Only the landlord can say which of them it is, so an
    answer that may mean an emergency is treated as one.
    """
    if _emergency(answers):
        return Outcome(
            ("emergency",),
            priority="P1",
            details={"Legal clock": "May be an emergency hazard: look into it and make it safe within 24 hours"},
            statutory="hazard",
        )
    if answers.get("kind") == "damp":
        by = plain_date(working_days_after(today, LOOK_INTO))
        clock = f"May be a significant hazard: look into it by {by} (10 working days)"
        return Outcome(("damp",), {"look_by": by}, priority="P2", details={"Legal clock": clock}, statutory="hazard")
    soon = answers.get("missing") in _NO_COMFORT or "not sure" in (answers.get("locks"), answers.get("harm"))
    return Outcome(("ordinary",), priority="P2" if soon else None)


def _emergency(answers: Answers) -> bool:
    """Whether an answer names what government guidance gives as an example of an emergency hazard."""
    weak = answers.get("who") in _WEAK
    return any(
        (
            answers.get("water") in ("near electrics", "pouring"),
            answers.get("missing") == "taps",
            answers.get("missing") in _NO_COMFORT and weak,
            answers.get("wires") in ("exposed", "power off"),
            answers.get("breathing") == "yes",
            answers.get("kind") == "damp" and weak,
            answers.get("locks") == "no",
            answers.get("harm") == "yes",
        )
    )


def homeless_assessment(answers: Answers, today: date) -> Outcome:
    """What the council must do for somebody who has lost, or may lose, their home (FACTS H1, Housing Act 1996).

    Threatened within 56 days: it must help to keep the home, or find another (section 195). Homeless: it must help
    to find one, for 56 days (189B), and give somebody who may be in priority need a place meanwhile (188). Who
    leaves because of abuse is homeless already and may ask any council (177). Nobody is told to wait for bailiffs.

    The law's clock starts for all but those who say that they have longer than that: a council must look into it where
    somebody may be threatened with it (section 184), so whoever does not know counts, and a person may take it off.
    """
    when, why = answers.get("when"), answers.get("why")
    abuse = why == "abuse"
    urgent = when == "tonight" or abuse or answers.get("who") in ("kids", "pregnant", "kids and others")
    notes = ["duty_tonight" if when == "tonight" else "duty_relief" if abuse else _DUTIES.get(str(when), "duty_unsure")]
    if abuse:
        notes.append("any_council")
    elif why == "renting" and when != "tonight":
        notes.append("stay")
    notes.append("sent_unsafe" if answers.get("safe") in ("no", "sometimes") else "sent")
    asked = answers.get("safe")
    return Outcome(
        tuple(notes),
        priority="P1" if urgent else "P2",
        statutory=None if when == "later" and not abuse else "homelessness",
        details={"Safe to contact": _CARE[asked]} if asked in _CARE else {},
        safe=asked == "safe" if asked in (*_CARE, "safe") else None,
    )


_DUTIES = {"soon": "duty_prevention", "weeks": "duty_prevention", "later": "duty_advice"}

# What the person who takes the case must know before they call.
_CARE = {"no": "No. Do not call or write", "sometimes": "Only at some times. Ask in the chat first"}
