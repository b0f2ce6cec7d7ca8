"""What comes of the look at the council's housing list: the likely band, why, and what else helps."""

from datetime import date

from triage.catalogue import Catalogue
from triage.chat.outcomes.shape import Answers, Outcome
from triage.chat.rendering import plain_date
from triage.content import Allocations, Standing

ALWAYS = "all my life"
NOTES: dict[Standing, str] = {
    "urgent": "likely_urgent",
    "contributing": "likely_contributing",
    "high": "likely_high",
    "short": "likely_short",
}
# What the person who takes the case must know before they call.
CARE = {"no": "No. Do not call or write", "sometimes": "Only at some times. Ask in the chat first"}


def standing(answers: Answers, years_here: int) -> tuple[Standing | None, bool]:
    """Where somebody is likely to stand on the list, and whether a rule about years may not count for them.

    FACTS H3: too few years without a break, then the lowest band; urgent need, the first; high need with a
    contribution to the community, the second, without it, the third. None: the reason is one that only a person can
    weigh. By law, years here may not keep out who needs to move because of domestic abuse (SI 2025/706) or left the
    forces in the last five years (SI 2012/1869); the answers cannot tell whether that is so, so it only "may" be.
    """
    need, years = answers.get("need"), answers.get("years", "0")
    if need == "other":
        return None, False
    enough = years == ALWAYS or int(years) >= years_here
    exempt = not enough and (need == "unsafe" or answers.get("contribution") == "forces")
    if not enough and not exempt:
        return "short", False
    if answers.get("effect") == "must leave":
        return "urgent", exempt
    return ("high" if answers.get("contribution") == "none" else "contributing"), exempt


def housing_precheck(answers: Answers, today: date, here: Catalogue) -> Outcome:
    """The likely band by the council's own rules, as long as they are in date; a person decides, nobody is refused.

    Who has no home, or must flee, is not left to a list: what is sent then goes to those who must help now
    (FACTS H1, Housing Act 1996 part 7).
    """
    sends = answers.get("send") == "yes"
    need, safe = answers.get("need"), answers.get("safe")
    leaves = need == "no home" or (need == "unsafe" and answers.get("effect") == "must leave")
    first, values, band = _band(answers, today, here.allocations)
    # Who must leave now is not told what may help in a year.
    between = (*(() if leaves else ("also",)), *(("only_safe",) if sends and safe in CARE else ()))
    last = ("sent_homeless" if leaves else "sent_precheck") if sends else "shown_leaving" if leaves else "shown"
    return Outcome(
        (*first, *between, last),
        values,
        files=sends,
        service="homelessness" if leaves else None,
        priority="P2" if answers.get("effect") == "must leave" else None,
        details={"Likely band": band} | ({"Safe to contact": CARE[safe]} if safe in CARE else {}),
        safe=safe == "safe" if safe in (*CARE, "safe") else None,
    )


def _band(answers: Answers, today: date, rules: Allocations | None) -> tuple[tuple[str, ...], dict[str, str], str]:
    """The notes that say the band, what fills them, and the same for the person who takes it."""
    if rules is None or not rules.can_state(today):
        return ("cannot_confirm",), {}, "Not told: the rules need to be looked at again"
    stands, exempt = standing(answers, rules.years_here)
    if stands is None:
        return ("unclear",), {}, "Not told: another reason"
    read_on = plain_date(rules.reviewed_on)
    values = {"band": rules.bands[stands], "read_on": read_on, "years_here": _years(rules.years_here)}
    if stands == "high":
        values["better"] = rules.bands["contributing"].lower()
    notes = (NOTES[stands], *(("years_may_not_count",) if exempt else ()))
    return notes, values, f"{rules.bands[stands]}, by the rules as read on {read_on}"


def _years(count: int) -> str:
    return "1 year" if count == 1 else f"{count} years"
