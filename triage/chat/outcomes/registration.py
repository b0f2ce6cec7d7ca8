"""What comes of the forms for the register office: the last day for a birth or a death, and how urgent it is."""

from datetime import date, timedelta

from triage.chat.outcomes.shape import Answers, Outcome
from triage.chat.rendering import plain_date

BIRTH = timedelta(days=42)
DEATH = timedelta(days=5)
# With no more than a week left, a time must be found now.
SOON = timedelta(days=7)
# After these the law asks more of the office, and never that a child goes without a certificate.
SUPERINTENDENT_MONTHS, AUTHORITY_MONTHS = 3, 12


def birth_by(born: date) -> date:
    """The last day to register a birth: 42 days "from the date of the birth", which is not counted (FACTS R8).

    Births and Deaths Registration Act 1953, section 2.
    """
    return born + BIRTH


def death_by(received: date) -> date:
    """The last day to register a death: 5 days from when the registrar has the medical examiner's papers (FACTS R9).

    Births and Deaths Registration Act 1953, sections 16 and 17, as they stand since September 2024. The day on which
    the papers came is not counted.
    """
    return received + DEATH


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later; the first of the next month when that one has no such day."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    try:
        return day.replace(year=year, month=month)
    except ValueError:
        return date(year + month // 12, month % 12 + 1, 1)


def birth_time(answers: Answers, today: date) -> Outcome:
    """A time to register a birth, by which day, who comes and what they bring (FACTS R8).

    It is registered in the area where the child was born; any office can take the details and send them on. After 42
    days it is registered all the same; after 3 months the superintendent registrar is there too, and after 12 months
    the Registrar General must agree first (Births and Deaths Registration Act 1953, sections 6, 7 and 9). Married
    parents may each come alone; of parents who are not, both come so that both stand in the register (sections 2, 10).
    """
    born = date.fromisoformat(answers["born"])
    if born > today:
        return Outcome(("not_born_yet",), {"born": plain_date(born)}, files=False)
    by = birth_by(born)
    values = {"by": plain_date(by)}
    late = today > by
    when = "in_time" if not late else "very_late" if today > months_after(born, AUTHORITY_MONTHS) else "late"
    elsewhere = answers.get("place") == "elsewhere"
    if elsewhere and answers.get("send_on") != "yes":
        return Outcome((when, "elsewhere"), values, files=False)
    who = _WHO.get(str(answers.get("parents")), "comes_other")
    return Outcome(
        (when, who, "sent_declaration" if elsewhere else "sent"),
        values,
        priority="P2" if by - today <= SOON else None,
        details={"Register by": plain_date(by) + (" (late)" if late else "")} | _asks_more(born, today, elsewhere),
    )


_WHO = {"married": "comes_either", "not married": "comes_together", "alone": "comes_alone"}


def _asks_more(born: date, today: date, elsewhere: bool) -> dict[str, str]:
    """What the office must see to besides, for the person who takes the contact."""
    more = (
        {"By declaration": "Take the details here and send them to the office of the area of birth"}
        if elsewhere
        else {}
    )
    if today > months_after(born, AUTHORITY_MONTHS):
        return more | {"Over 12 months": "Ask the Registrar General for authority before the appointment"}
    if today > months_after(born, SUPERINTENDENT_MONTHS):
        return more | {"Over 3 months": "The superintendent registrar must be present"}
    return more


def death_time(answers: Answers, today: date) -> Outcome:
    """A time to register a death, from when the days count, and a burial that a faith asks for soon (FACTS R9).

    The 5 days run from when the registrar has the papers, and not while a coroner looks into the death. A burial that
    cannot wait is P2 and for the same day: the registrar may let it go ahead before the death is registered (Births
    and Deaths Registration Act 1953, section 24). Its family is asked no more than what is needed to start.
    """
    coroner, elsewhere = answers.get("papers") == "coroner", answers.get("place") == "elsewhere"
    if answers.get("hurry") == "soon":
        notes = (*(("soon_coroner",) if coroner else ()), *(("soon_elsewhere",) if elsewhere else ()), "sent_soon")
        return Outcome(
            notes, priority="P2", details={"Needed today": "Burial very soon for their faith. Call them the same day"}
        )
    note, values = _when_to_register(answers, today)
    return Outcome((note, *(("elsewhere",) if elsewhere else ()), "sent"), values, details=_days(values))


def _when_to_register(answers: Answers, today: date) -> tuple[str, dict[str, str]]:
    papers, told = answers.get("papers"), answers.get("sent_on")
    if papers == "coroner":
        return "coroner", {}
    if papers != "sent":
        return "papers_waiting", {}
    try:
        received = date.fromisoformat(str(told))
    except ValueError:
        return "papers_here", {}
    if received > today:
        return "papers_here", {}
    by = death_by(received)
    return ("death_late" if today > by else "death_by"), {"by": plain_date(by)}


def _days(values: dict[str, str]) -> dict[str, str]:
    return {"Register by": values["by"]} if "by" in values else {}
