"""What comes of the forms about streets and large things to take away."""

from datetime import date

from triage.chat.outcomes.shape import Answers, Outcome

# What may hurt somebody goes first (FACTS 3, Q-STREET: P2 for needles and obstruction).
_HURTS = ("needles", "blocks the way", "chemicals")


def fly_tipping(answers: Answers, today: date) -> Outcome:
    """Dumped rubbish that may hurt somebody goes first; private land is its owner's (FACTS W9)."""
    urgent = answers.get("danger") in _HURTS
    note = "sent_private" if answers.get("land") == "private" else "sent"
    return Outcome((note,), priority="P2" if urgent else None)


def street_report(answers: Answers, today: date) -> Outcome:
    """A dirty street (FACTS W10). What may hurt somebody and graffiti that attacks people go first.

    A dead cat or dog is somebody's pet: its report asks the team to look for a collar and a chip.
    """
    attacks = answers.get("graffiti") == "yes"
    urgent = attacks or answers.get("danger") in _HURTS
    note = "sent_hateful" if attacks else "sent_pet" if answers.get("animal") == "pet" else "sent"
    return Outcome((note,), priority="P2" if urgent else None)


def bulky_booking(answers: Answers, today: date) -> Outcome:
    """A collection asked for: the price and the day are told by a person, who may say no to dangerous things."""
    note = "sent_hazardous" if answers.get("special") in ("hazardous", "both") else "sent"
    return Outcome((note,))


def pothole(answers: Answers, today: date) -> Outcome:
    """A hole or broken paving: danger decides how soon (FACTS 3, Q-HWAY: P1 danger), and red lines whose it is.

    Transport for London runs the red routes (FACTS P8), so nothing is filed there unless the resident wants us to
    look. An estate's or a private road is its owner's to mend; a person finds out whose.
    """
    if answers.get("ours") == "no":
        return Outcome(("tfl_only",), files=False)
    danger = answers.get("danger")
    details = {} if answers.get("red") == "no" else {"Whose road": _WHOSE_ROAD}
    if danger in ("hurt", "open"):
        return Outcome(("sent_danger",), priority="P1", details=details)
    soon = danger in ("swerve", "trip") or answers.get("size") == "wide and deep"
    note = "sent_estate" if answers.get("surface") == "estate" else "sent_repair"
    return Outcome((note,), priority="P2" if soon else None, details=details)


_WHOSE_ROAD = "May be a red route, which is TfL's. Check before anybody is sent"


def street_light(answers: Answers, today: date) -> Outcome:
    """A street light or lit sign: wires, a leaning post or a part that hangs is P1 (FACTS P9 and section 4).

    Traffic signals are Transport for London's (FACTS P9): nothing is filed unless the resident wants us to look.
    """
    if answers.get("ours") == "no":
        return Outcome(("tfl_only",), files=False)
    signals = answers.get("what") == "signals"
    details = {"Whose lights": "Traffic lights are TfL's. Tell TfL, or say if these are ours"} if signals else {}
    if answers.get("danger") in ("wires", "leaning", "hanging"):
        return Outcome(("sent_danger",), priority="P1", details=details)
    return Outcome(("sent_signals" if signals else "sent_light",), details=details)
