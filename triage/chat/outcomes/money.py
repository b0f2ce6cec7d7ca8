"""What comes of the form about money: which help fits, and what to ask for first."""

from datetime import date

from triage.chat.outcomes.shape import Answers, Outcome

# Each kind of help, in the order to ask for it, and as the team reads it. What comes first is urgent.
URGENT = {
    "crisis": "Crisis Payment",
    "court": "Council tax before the court date or bailiffs",
    "stopped": "Benefit stopped: advance and reconsideration",
    "housing": "Housing Payment",
}
LASTING = {
    "credit": "Universal Credit",
    "pension": "Pension Credit",
    "either": "Universal Credit or Pension Credit",
    "rent": "Housing Benefit",
    "support": "Council Tax Support",
    "relief": "Council tax hardship relief",
    "meals": "Free school meals",
}
HELP = URGENT | LASTING


def fitting(answers: Answers) -> tuple[str, ...]:
    """Which of HELP fits, in its order, by circumstances (FACTS 0.2 and C8 to C13).

    Crisis Payments are for whoever has little and a sudden loss or cost, on benefits or not; Housing Payments for
    whoever has Housing Benefit or the housing part of Universal Credit. Council Tax Support is claimed from the
    council, by any age. A new claim for rent is Universal Credit of working age, and Housing Benefit of pension age.
    """
    today, cause, age = answers.get("today"), answers.get("cause"), answers.get("age")
    housing, bill = answers.get("housing"), answers.get("bill")
    fits = {
        "crisis": today != "enough" or cause in ("earnings", "stopped", "cost"),
        "court": bill == "court",
        "stopped": cause == "stopped",
        "housing": housing == "helped",
        # Whose rent a benefit pays has the one that fits their age already.
        "credit": age == "working age" and housing != "helped",
        "pension": age == "pension age",
        "either": age == "not sure" and housing != "helped",
        "rent": age == "pension age" and housing == "rent",
        "support": bill != "no bill",
        "relief": bill in ("behind", "court"),
        "meals": answers.get("children") in ("school", "both"),
    }
    return tuple(kind for kind in HELP if fits[kind])


def money_help(answers: Answers, today: date) -> Outcome:
    """What to ask for, the most urgent first, and who takes it when it is sent.

    No food, gas or electric today is destitution, sent as P1 to those who can act (FACTS 3, Q-WELF, and section 4),
    without asking whether to send it. Else it is sent if wanted: court or bailiffs soon to council tax (P2), a
    payment from the fund to its team, and the rest to benefits. Nobody is told that nothing fits.
    """
    fits = fitting(answers)
    lists = [name for name, kinds in (("urgent", URGENT), ("lasting", LASTING)) if any(kind in fits for kind in kinds)]
    values = {kind: str(number) for number, kind in enumerate(fits, 1)}
    details = {"May fit": "; ".join(HELP[kind] for kind in fits)}
    if answers.get("today") != "enough":
        return Outcome(("order", *lists, "sent_urgent"), values, priority="P1", details=details)
    if answers.get("send") != "yes":
        return Outcome(("order", *lists, "shown"), values, files=False)
    service = "council_tax_arrears" if "court" in fits else None
    if not {"crisis", "court", "housing"} & set(fits):
        service = "council_tax_support"
    return Outcome(
        ("order", *lists, "sent_help"),
        values,
        service=service,
        priority="P2" if "court" in fits else None,
        details=details,
    )
