"""What comes of a finished form: pure functions from its answers to what is said and whether a contact is filed.

A form without a function here is sent as it is. Answers are by question id, as bot/actions/answers.py reads them.
"""

from collections.abc import Mapping
from datetime import date

from triage.chat.outcomes.council_tax import instalments, single_person
from triage.chat.outcomes.household import moving, who_counts
from triage.chat.outcomes.housing import homeless_assessment, repair
from triage.chat.outcomes.money import money_help
from triage.chat.outcomes.parking import blue_badge_check, pcn_dates
from triage.chat.outcomes.shape import LEFT_OUT, Decide, Outcome
from triage.chat.outcomes.streets import bulky_booking, fly_tipping, pothole, street_light, street_report

__all__ = ["LEFT_OUT", "OUTCOMES", "Decide", "Outcome", "outcome_of"]

OUTCOMES: dict[str, Decide] = {
    "blue_badge_check": blue_badge_check,
    "bulky_booking": bulky_booking,
    "fly_tipping": fly_tipping,
    "homeless_assessment": homeless_assessment,
    "instalments": instalments,
    "money_help": money_help,
    "moving": moving,
    "pcn_dates": pcn_dates,
    "pothole": pothole,
    "repair": repair,
    "single_person": single_person,
    "street_light": street_light,
    "street_report": street_report,
    "who_counts": who_counts,
}


def outcome_of(form: str, answers: Mapping[str, str], today: date) -> Outcome:
    """What comes of `form`, answered on `today`."""
    decide = OUTCOMES.get(form)
    return decide(answers, today) if decide else Outcome()
