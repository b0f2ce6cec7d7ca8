"""What comes of the forms about parking: the last days on a penalty charge, and whether a Blue Badge is likely."""

from datetime import date, timedelta

from triage.chat.outcomes.shape import Answers, Outcome
from triage.chat.rendering import plain_date

# Days that the law gives, each "beginning with" the day of the notice, which is day 1 (see `last_day`).
HALF_PRICE, IN_FULL = 14, 28
# Letter → its days: SI 2022/71 and 2022/576, Traffic Management Act 2004; London Local Authorities and TfL Act 2003.
LETTERS = {"owner": 28, "rejection": 28, "certificate": 14, "recovery": 21}


def last_day(notice: date, days: int) -> date:
    """The last of `days` days "beginning with" `notice`: that day is the first (Trow v Ind Coope [1967])."""
    return notice + timedelta(days=days - 1)


def pcn_dates(answers: Answers, today: date) -> Outcome:
    """The last days to pay or to challenge, counted from the date that the resident reads on the notice (FACTS P1).

    For most posted notices the law counts from the day of service, taken to be two working days after posting, but
    for London's traffic cameras payment is counted from the notice's own date. The notice's date is used for all:
    it never tells a resident a day that is too late. Whether the charge is right is never spoken of.
    """
    notice = date.fromisoformat(answers["dated"])
    if notice > today:
        return Outcome(("not_yet",), {"dated": plain_date(notice)}, files=False)
    if answers.get("paper") == "later letter":
        return _letter(answers.get("letter", "not sure"), notice, today)
    half, full = last_day(notice, HALF_PRICE), last_day(notice, IN_FULL)
    posted = answers.get("paper") == "post"
    values = {"full_by": plain_date(full)} | ({"half_by": plain_date(half)} if today <= half else {})
    if today > full:
        return Outcome(("out_of_time",), {"ended": plain_date(full)}, files=False)
    price = "half_price" if today <= half else "full_price"
    return Outcome((price, "challenge_posted" if posted else "challenge_windscreen"), values, files=False)


def _letter(letter: str, dated: date, today: date) -> Outcome:
    if letter not in LETTERS:
        return Outcome(("which_letter",), files=False)
    by = last_day(dated, LETTERS[letter])
    if today > by:
        return Outcome(("out_of_time",), {"ended": plain_date(by)}, files=False)
    return Outcome((letter,), {"by": plain_date(by)}, files=False)


_AUTOMATIC = ("dla", "blind", "war pension", "armed forces")
_AUTOMATIC_PIP = ("moving", "distress")


def blue_badge_check(answers: Answers, today: date) -> Outcome:
    """Whether a Blue Badge is likely, and how it is decided (FACTS P5). Only an application can say no.

    Automatic from 3 years: higher-rate mobility DLA, PIP with 8 points or more for moving around, PIP with exactly
    10 points for journeys (descriptor E), severely sight impaired, War Pensioners' Mobility Supplement, and Armed
    Forces compensation tariff 1 to 8 with its certificate. Everybody else is assessed.
    """
    if answers.get("age") == "under 3":
        return Outcome(("young_child" if answers.get("child") == "yes" else "young_child_other",), files=False)
    if answers.get("benefit") in _AUTOMATIC or answers.get("points") in _AUTOMATIC_PIP:
        return Outcome(("automatic",), files=False)
    note = "unlikely" if answers.get("difficulty") == "none" else "assessed"
    return Outcome((note,), files=False)
