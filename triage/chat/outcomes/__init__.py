"""What comes of a finished form: pure functions from its answers to what is said and whether a contact is filed.

A form without a function here is sent as it is. Answers are by question id, as bot/actions/answers.py reads them.
"""

from collections.abc import Mapping
from datetime import date

from triage.catalogue import Catalogue, catalogue
from triage.chat.outcomes.allocations import housing_precheck
from triage.chat.outcomes.complaints import complaint
from triage.chat.outcomes.council_tax import instalments, single_person
from triage.chat.outcomes.household import moving, who_counts
from triage.chat.outcomes.housing import homeless_assessment, repair
from triage.chat.outcomes.libraries import home_library_request, library_help
from triage.chat.outcomes.money import money_help
from triage.chat.outcomes.parking import blue_badge_check, pcn_dates
from triage.chat.outcomes.registration import birth_time, death_time
from triage.chat.outcomes.school import school_dates
from triage.chat.outcomes.shape import LEFT_OUT, Decide, DecideHere, Outcome
from triage.chat.outcomes.streets import bulky_booking, fly_tipping, pothole, street_light, street_report
from triage.chat.outcomes.work import work_referral

__all__ = ["LEFT_OUT", "OUTCOMES", "OUTCOMES_HERE", "Decide", "DecideHere", "Outcome", "outcome_of"]

OUTCOMES: dict[str, Decide] = {
    "birth_time": birth_time,
    "blue_badge_check": blue_badge_check,
    "bulky_booking": bulky_booking,
    "complaint": complaint,
    "death_time": death_time,
    "fly_tipping": fly_tipping,
    "home_library_request": home_library_request,
    "homeless_assessment": homeless_assessment,
    "instalments": instalments,
    "money_help": money_help,
    "moving": moving,
    "library_help": library_help,
    "pcn_dates": pcn_dates,
    "pothole": pothole,
    "repair": repair,
    "school_dates": school_dates,
    "single_person": single_person,
    "street_light": street_light,
    "street_report": street_report,
    "who_counts": who_counts,
    "work_referral": work_referral,
}
OUTCOMES_HERE: dict[str, DecideHere] = {"housing_precheck": housing_precheck}


def outcome_of(form: str, answers: Mapping[str, str], today: date, here: Catalogue | None = None) -> Outcome:
    """What comes of `form`, answered on `today`; `here` is the content whose rules count, by default this council's."""
    if decide_here := OUTCOMES_HERE.get(form):
        return decide_here(answers, today, here or catalogue())
    decide = OUTCOMES.get(form)
    return decide(answers, today) if decide else Outcome()
