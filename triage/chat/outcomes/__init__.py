"""What comes of a finished form: pure functions from its answers to what is said and whether a contact is filed.

A form without a function here is sent as it is. Answers are by question id, as bot/actions/answers.py reads them.
"""

from collections.abc import Mapping
from datetime import date

from triage.catalogue import Catalogue, catalogue
from triage.chat.outcomes.allocations import housing_precheck
from triage.chat.outcomes.council_tax import instalments, single_person
from triage.chat.outcomes.housing import homeless_assessment, repair
from triage.chat.outcomes.parking import blue_badge_check, pcn_dates
from triage.chat.outcomes.school import school_dates
from triage.chat.outcomes.shape import LEFT_OUT, Decide, DecideHere, Outcome
from triage.chat.outcomes.streets import bulky_booking, fly_tipping, street_report
from triage.chat.outcomes.work import work_referral

__all__ = ["LEFT_OUT", "OUTCOMES", "OUTCOMES_HERE", "Decide", "DecideHere", "Outcome", "outcome_of"]

OUTCOMES: dict[str, Decide] = {
    "blue_badge_check": blue_badge_check,
    "bulky_booking": bulky_booking,
    "fly_tipping": fly_tipping,
    "homeless_assessment": homeless_assessment,
    "instalments": instalments,
    "pcn_dates": pcn_dates,
    "repair": repair,
    "school_dates": school_dates,
    "single_person": single_person,
    "street_report": street_report,
    "work_referral": work_referral,
}
OUTCOMES_HERE: dict[str, DecideHere] = {"housing_precheck": housing_precheck}


def outcome_of(form: str, answers: Mapping[str, str], today: date, here: Catalogue | None = None) -> Outcome:
    """What comes of `form`, answered on `today`; `here` is the content whose rules count, by default this council's."""
    if decide_here := OUTCOMES_HERE.get(form):
        return decide_here(answers, today, here or catalogue())
    decide = OUTCOMES.get(form)
    return decide(answers, today) if decide else Outcome()
