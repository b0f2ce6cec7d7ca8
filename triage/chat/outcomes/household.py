"""What comes of the forms about who lives where: a move, and which adults count for council tax."""

from datetime import date, timedelta

from triage.chat.outcomes.shape import LEFT_OUT, Answers, Outcome
from triage.chat.rendering import plain_date

# A bill that starts longer ago than this is a large one at once, so that spreading it is offered.
LONG_AGO = timedelta(days=60)


def moving(answers: Answers, today: date) -> Outcome:
    """From which day a bill starts or ends, and what follows (FACTS C2; Local Government Finance Act 1992, s. 6).

    Who lives in a home pays for each day, and its owner or tenant for the days when nobody does: so a bill starts on
    the move or with the tenancy or sale, whichever is first, and ends with whichever is last. A room's bill is
    usually the owner's, a guest's the household's. A person checks each date.
    """
    way, hold = answers.get("way"), answers.get("hold")
    moved = date.fromisoformat(answers["moved"])
    starts = min(moved, _day(answers.get("starts"), moved))
    ends = max(moved, _day(answers.get("ends"), moved))
    values = {"starts": plain_date(starts), "ends": plain_date(ends)}
    if ends > starts and way == "within":
        values["overlap"] = plain_date(ends)
    if starts < today - LONG_AGO and way != "moving out":
        values["long_ago"] = plain_date(starts)
    if way == "moving out":
        leaving = _leaving(answers)
        return Outcome(leaving, values, details=_ending(ends) if "bill_ends" in leaving else {}, place="old")
    ending = _ending(ends) if way == "within" else {}
    if hold in ("room", "staying"):
        old = ("bill_ends",) if ending else ()
        return Outcome((*old, str(hold), "sent_checked"), values, details=ending, place="new")
    notes = ("both_bills", "sent_within") if way == "within" else ("bill_starts", "sent_in")
    return Outcome(notes, values, details=ending | {"Bill may start": values["starts"]}, place="new")


def _day(given: str | None, otherwise: date) -> date:
    return otherwise if given is None or given in LEFT_OUT else date.fromisoformat(given)


def _ending(ends: date) -> dict[str, str]:
    return {"Bill may end after": plain_date(ends)}


def _leaving(answers: Answers) -> tuple[str, ...]:
    hold, stay = answers.get("hold"), answers.get("stay")
    if hold in ("room", "staying"):
        return ("room" if hold == "room" else "staying_left", "sent_checked")
    if stay == "somebody":
        return ("bill_ends", "some_stay", "sent_out")
    return ("bill_ends", *(("left_empty",) if hold == "own" and stay == "nobody" else ()), "sent_out")


# Who does not count, by the question that asks how many, as the team reads it.
KINDS = {
    "students": "students",
    "illness": "severely mentally impaired",
    "carers": "live-in carers",
    "young": "school leavers or apprentices",
}
# What is said of these is its own reason.
_SAYS_WHY = ("all_students", "all_ill", "too_many")


def who_counts(answers: Answers, today: date) -> Outcome:
    """How many adults count, and what the bill then comes to, with the reasons (FACTS C3 and C4).

    Local Government Finance Act 1992, section 11 and schedule 1: one counted adult takes 25% off, none usually 50%;
    students and student nurses, the severely mentally impaired, qualifying carers who live in (not for a partner or
    their own child under 18), some apprentices, and 18 and 19 year olds at or just out of school do not count.
    Council Tax (Exempt Dwellings) Order 1992: a home of students alone (class N), or of severely mentally impaired
    people alone (class U), pays nothing. It is said as likely: a person decides, and nobody is turned away here.
    """
    adults = int(answers["adults"])
    kinds = {kind: int(answers[kind]) for kind in KINDS}
    out = sum(kinds.values())
    amount, result = _amount(adults, kinds)
    sends = answers.get("send") == "yes"
    values = {"adults": str(adults), "counted": str(adults - out)}
    values |= {kind: str(count) for kind, count in kinds.items() if count}
    told = ", ".join(f"{KINDS[kind]}: {count}" for kind, count in kinds.items() if count) or "nobody left out"
    shown = "shown_same" if amount in ("two_count", "too_many") else "shown"
    return Outcome(
        (amount, *(("why",) if out and amount not in _SAYS_WHY else ()), "sent_counts" if sends else shown),
        values,
        files=sends,
        details={"Worked out": f"{result} ({told}; adults: {adults})"},
    )


def _amount(adults: int, kinds: dict[str, int]) -> tuple[str, str]:
    """The note that says what it comes to, and the same for the team."""
    left = adults - sum(kinds.values())
    if left < 0:
        return "too_many", "Somebody is in two groups"
    if left >= 2:
        return "two_count", f"{left} count: no discount seen"
    if left == 1:
        return "one_counts", "One counts: 25% off"
    if kinds["students"] == adults:
        return "all_students", "All students: exempt, class N"
    if kinds["illness"] == adults:
        return "all_ill", "All severely mentally impaired: exempt, class U"
    if kinds["students"] + kinds["illness"] == adults:
        return "students_and_ill", "Nobody counts: 50% off, perhaps exempt (students and severely mentally impaired)"
    return "nobody_counts", "Nobody counts: 50% off"
