"""What comes of asking for help with work: which team takes it, how soon, and what may be shared."""

from datetime import date

from triage.chat.outcomes.shape import Answers, Outcome
from triage.content import SchemeId

MONEY = ("benefits", "debt")


def work_referral(answers: Answers, today: date) -> Outcome:
    """Benefits, rent or bills in trouble go to the team of many agencies; all else to the jobs team (FACTS J1, H5).

    No money for food or heat today is urgent (FACTS 3, Q-WELF: P1). Without leave to share, the council's own team
    helps all the same: consent is asked for, and nothing hangs on it (UK GDPR article 7(4)).
    """
    hungry = answers.get("food") == "no"
    money = hungry or answers.get("need") in MONEY or answers.get("behind") == "yes"
    shares = answers.get("consent") == "yes"
    team: SchemeId = "welfare" if money else "jobs"
    notes = (
        *(("food",) if hungry else ()),
        "yourself_money" if money else "yourself_work",
        f"sent_{team}" if shares else f"sent_{team}_kept",
    )
    return Outcome(notes, priority="P1" if hungry else "P3" if money else None, referral=team)
